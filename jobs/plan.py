"""The commands that propose what is to be done to stores, and by which another person consents to it or not."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.access import hand_of
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.model.enforcement import PlanState, StoreAction
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Tier
from ringwatch.model.visibility import Act

if TYPE_CHECKING:
    from ringwatch.db.docket import Docket
    from ringwatch.db.view import View
    from ringwatch.enforcement.plans import Draft, PlanInput
    from ringwatch.model.enforcement import Hand, Plan

N_SHOWN = 20  # stores; a screen holds them, --json has all
PlanArgument = Annotated[str, typer.Argument(metavar="PLAN_ID", help="The plan.", show_default=False)]


ACTIONS = (StoreAction.CLOSE, StoreAction.SUSPEND, StoreAction.WATCH)


def plan(
    call: Call,
    ring: Annotated[list[str] | None, typer.Option("--ring", metavar="RING_ID", help="A ring; several times.")] = None,
    tier: Annotated[Tier | None, typer.Option("--tier", help="All rings of a tier.")] = None,
    min_infringement: Annotated[
        float, typer.Option("--min-infringement", metavar="S", help="The least infringement score.", min=0, max=1)
    ] = 0.5,
    max_stores: Annotated[
        int | None, typer.Option("--max-stores", metavar="N", help="At most so many, the surest first.", min=0)
    ] = None,
    action: Annotated[str, typer.Option("--action", help="close, suspend or watch.")] = "close",
    immediate: Annotated[
        str, typer.Option("--immediate", metavar="REASON", help="Give no notice, for this reason.", show_default=False)
    ] = "",
    undo: Annotated[str | None, typer.Option("--undo", metavar="PLAN_ID", help="Undo a plan.")] = None,
    undo_store: Annotated[
        str | None, typer.Option("--undo-store", metavar="STORE_ID", help="Undo of one store.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is undone.", show_default=False)] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and write nothing.")] = False,
) -> None:
    """Propose what happens to the stores of rings, and why; another person has to approve it."""
    from ringwatch.db.open import open_docket, open_view
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.plans import PlanInput, keep_plan

    asked = [bool(ring), tier is not None, undo is not None, undo_store is not None]
    if sum(asked) != 1:
        raise ConfigError("plan: expected one of --ring, --tier, --undo and --undo-store; nothing was done")
    if action not in ACTIONS:
        raise ConfigError(f"--action {action!r}: expected one of close, suspend, watch; nothing was done")
    with open_view(call.url) as view, open_docket(call.url) as docket:
        hand = hand_of(call, docket)
        with noting_refusals(docket, hand, Act.PLAN):
            if undo or undo_store:
                draft = _draft_undo(docket, (undo, undo_store), reason, hand)
            else:
                wanted = PlanInput(tuple(ring or ()), StoreAction(action), min_infringement, max_stores, immediate)
                draft = _draft(view, docket, wanted, (tier, hand, call.screen))
            kept = keep_plan(docket, draft, hand) if draft.acts and not dry_run else None
    _answer(call, draft, kept)


def _draft(view: "View", docket: "Docket", wanted: "PlanInput", of: "tuple[Tier | None, Hand, Screen]") -> "Draft":
    from ringwatch.enforcement.cases import rings_of_tier
    from ringwatch.enforcement.plans import draft_plan

    tier, hand, screen = of
    if tier is not None:
        wanted = replace(wanted, ring_ids=tuple(rings_of_tier(view, tier)))
    with screen.progress("Planning") as progress:
        return draft_plan(view, docket, wanted, hand, progress)


def _draft_undo(docket: "Docket", of: tuple[str | None, str | None], reason: str, hand: "Hand") -> "Draft":
    from ringwatch.enforcement.plans import closing_plan_of, draft_undo

    plan_id, store_id = of
    if store_id is not None:
        with docket.reading() as record:
            plan_id = closing_plan_of(record, store_id)
    return draft_undo(docket, str(plan_id), reason, hand, store_id)


def _answer(call: Call, draft: "Draft", kept: "Plan | None") -> None:
    keys = ("store_id", "seller_id", "ring_id", "action", "reasons", "n_listings")
    header = draft.plan.header
    answer = {
        "plan_id": kept.plan_id if kept else None,
        "digest": draft.plan.digest,
        "state": kept.state if kept else ("proposed" if draft.acts else None),
        "proposed_by": draft.plan.proposed_by,
        "undoes": draft.plan.undoes,
        "stores": [{key: store.body[key] for key in keys} for store in draft.stores],
        "expected_wrongful": header["expected_wrongful"],
        "n_listings": header["n_listings"],
        "approvers_of_one_hand": header.get("approvers_of_one_hand", []),
    }
    call.screen.answer(answer, lambda screen: _draw(screen, call, answer))


def _draw(screen: Screen, call: Call, answer: dict[str, Any]) -> None:
    stores = sorted(answer["stores"], key=lambda store: store["action"] == StoreAction.SPARE)
    rows = ((s["store_id"], s["seller_id"], s["action"], "; ".join(s["reasons"])) for s in stores[:N_SHOWN])
    screen.say(add_rows(table("store", "seller", "action", "why"), rows))
    if len(stores) > N_SHOWN:
        screen.say(f"and {len(stores) - N_SHOWN:,} more; --json has all")
    n_acting = sum(store["action"] != StoreAction.SPARE for store in stores)
    wrong = answer["expected_wrongful"]
    screen.say("", f"{count(n_acting, 'store')} of {len(stores):,}, {count(answer['n_listings'], 'listing')}.")
    screen.say(f"Expected to be wrong: {wrong['mean']:.2f} (95 %: {wrong['low']:g} to {wrong['high']:g}).")
    if answer["plan_id"]:
        line = call.line(f"approve {answer['plan_id']} --digest {answer['digest']}")
        screen.suggest(f"{answer['plan_id']} is proposed. Another person approves it", line)
    else:
        screen.say("Nothing was written.")


def plans(
    call: Call, state: Annotated[PlanState | None, typer.Option("--state", help="Only plans of this state.")] = None
) -> None:
    """List plans and where they stand."""
    from ringwatch.db.open import open_docket

    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        found = [row for row in record.plans() if state in {None, row.state}]
    lines = [_line(row) for row in found]
    rows = ((r["plan_id"], r["state"], r["action"], r["n_stores"], r["proposed_by"], r["note"]) for r in lines)
    drawn = add_rows(table("plan", "state", "action", "#stores", "proposed by", "note"), rows)
    call.screen.answer({"plans": lines}, lambda screen: screen.say(drawn, "", f"{count(len(lines), 'plan')}."))


def _line(row: "Plan") -> dict[str, Any]:
    return {
        "plan_id": row.plan_id,
        "digest": row.digest,
        "state": row.state,
        "action": row.header["action"],
        "undoes": row.undoes,
        "proposed_by": row.proposed_by,
        "proposed_at": row.proposed_at.isoformat(),
        "approved_by": row.approvals[-1] if row.approvals else None,
        "approvers": list(row.approvals),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "n_stores": row.header["n_stores"],
        "n_listings": row.header["n_listings"],
        "note": row.note,
    }


def approve(
    call: Call,
    plan_id: PlanArgument,
    digest: Annotated[
        str, typer.Option("--digest", metavar="DIGEST", help="Of the plan you read.", show_default=False)
    ],
) -> None:
    """Consent to a plan that another proposed, exactly as it was read."""
    from ringwatch.db.open import open_docket, open_view
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.plans import approve_plan

    with open_view(call.url) as view, open_docket(call.url) as docket:
        hand = hand_of(call, docket)
        with noting_refusals(docket, hand, Act.APPROVE):
            approved = approve_plan(view, docket, plan_id, digest, hand)
    verb = "undo" if approved.undoes else "close"
    said = "Carry it out" if approved.state is PlanState.APPROVED else "It needs a second approver; then"
    call.screen.answer(_line(approved), lambda screen: screen.suggest(said, call.line(f"{verb} {plan_id}")))


def reject(
    call: Call,
    plan_id: PlanArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.", show_default=False)],
) -> None:
    """Refuse a plan that another proposed; it can never be carried out."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.plans import reject_plan

    with open_docket(call.url) as docket:
        hand = hand_of(call, docket)
        with noting_refusals(docket, hand, Act.APPROVE):
            rejected = reject_plan(docket, plan_id, reason, hand)
    call.screen.answer(_line(rejected), lambda screen: screen.say(f"{plan_id} is rejected."))


_PANEL = "Close"
PLAN = Command(
    "plan", plan, _PANEL, ("ringwatch plan --tier close --dry-run", "ringwatch plan --ring RING_ID"), act=Act.PLAN
)
PLANS = Command("plans", plans, _PANEL, ("ringwatch plans --state proposed",))
APPROVE = Command("approve", approve, _PANEL, ("ringwatch approve PLAN_ID --digest DIGEST",), act=Act.APPROVE)
REJECT = Command("reject", reject, _PANEL, ('ringwatch reject PLAN_ID --reason "a family"',), act=Act.APPROVE)
