"""The commands that carry approved plans out, and that show what was decided about a store."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.access import hand_of
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.plan import PlanArgument
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.model.enforcement import StoreAction
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import Act

if TYPE_CHECKING:
    from ringwatch.enforcement.carrying import Outcome, Runner

STOPPED_STATUS = 1

StoreArgument = Annotated[str, typer.Argument(metavar="STORE_ID", help="The store.", show_default=False)]


def close(
    call: Call,
    plan_id: Annotated[str | None, typer.Argument(metavar="PLAN_ID", help="The plan.", show_default=False)] = None,
    due: Annotated[bool, typer.Option("--due", help="All plans that were begun, as far as they are due.")] = False,
) -> int:
    """Carry an approved plan out: give notice, and close what is due; again does nothing twice."""
    from ringwatch.enforcement.closing import close_due, close_plan

    if (plan_id is None) != due:
        raise ConfigError("close: expected PLAN_ID or --due; nothing was done")
    outcome = _run(call, lambda runner: close_due(runner) if plan_id is None else close_plan(runner, plan_id))
    answer = {
        "plan_id": plan_id,
        "closed": outcome.done[StoreAction.CLOSE],
        "suspended": outcome.done[StoreAction.SUSPEND],
        "watched": outcome.done[StoreAction.WATCH],
        "waiting": outcome.waiting,
        "failed": outcome.failed,
        "already_done": outcome.already_done,
        "stopped_by": outcome.stopped_by,
        "left": [{"store_id": store_id, "reason": reason} for store_id, reason in outcome.left],
    }
    call.screen.answer(answer, lambda screen: _draw(screen, answer))
    return STOPPED_STATUS if outcome.stopped_by or outcome.failed else 0


def undo(call: Call, plan_id: PlanArgument) -> int:
    """Carry an approved undo plan out: stores get back the state that they had before."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.undoing import undo_plan

    outcome = _run(call, lambda runner: undo_plan(runner, plan_id))
    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        plan = record.plan(plan_id)
    answer = {
        "plan_id": plan_id,
        "undoes": plan.undoes if plan else None,
        "restored": outcome.done[StoreAction.REOPEN],
        "already_done": outcome.already_done,
        "failed": outcome.failed,
        "stopped_by": outcome.stopped_by,
        "left_alone": [{"store_id": store_id, "reason": reason} for store_id, reason in outcome.left],
    }
    call.screen.answer(answer, lambda screen: _draw(screen, answer))
    return STOPPED_STATUS if outcome.stopped_by or outcome.failed else 0


def _run(call: Call, work: "Callable[[Runner], Outcome]") -> "Outcome":
    from ringwatch.db.open import open_docket, open_view
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.carrying import Runner
    from ringwatch.enforcement.lease import Lease
    from ringwatch.enforcement.outbox import make_sender

    with open_view(call.url) as view, open_docket(call.url) as docket:
        hand = hand_of(call, docket)
        with docket.reading() as record:
            send = make_sender(record)
        doing = call.screen.progress("Carrying out")
        with noting_refusals(docket, hand, Act.CLOSE), Lease(docket) as lease, doing as progress:
            return work(Runner(view, docket, hand, lease, send, progress=progress))


def _draw(screen: Screen, answer: dict[str, Any]) -> None:
    counts = ((name, value) for name, value in answer.items() if isinstance(value, int) and value)
    screen.say(add_rows(table("", "#stores"), counts))
    left = answer.get("left", answer.get("left_alone", []))
    screen.say(*(f"left: {row['store_id']}, {row['reason']}" for row in left))
    if answer.get("stopped_by"):
        screen.say(f"Stopped: {answer['stopped_by']}")


def store(call: Call, store_id: StoreArgument) -> None:
    """Show what was decided about a store: when, by whom, why, and by which plan."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.histories import read_histories

    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        found = read_histories(record, [store_id]).get(store_id)
    if found is None:
        raise ConfigError(f"store {store_id}: no store of that id was loaded; ids count as written, also upper case")
    decisions = [{**asdict(decision), "at": decision.at.isoformat()} for decision in found.decisions]
    state = found.standing.shown
    answer = {"store_id": store_id, "seller_id": found.store.seller_id, "state": state, "decisions": decisions}
    call.screen.answer(answer, lambda screen: _draw_store(screen, answer))


def _draw_store(screen: Screen, answer: dict[str, Any]) -> None:
    screen.say(f"Store {answer['store_id']} of seller {answer['seller_id']}: {answer['state']}.", "")
    rows = ((d["at"], d["actor"], d["action"], d["plan_id"], d["reason"]) for d in answer["decisions"])
    screen.say(add_rows(table("when", "who", "what", "plan", "why"), rows))
    screen.say(f"{count(len(answer['decisions']), 'decision')}.")


_PANEL = "Close"
_CUT = "what was done is kept; the same command goes on from there"
CLOSE = Command(
    "close", close, _PANEL, ("ringwatch close PLAN_ID", "ringwatch close --due"), interrupted=_CUT, act=Act.CLOSE
)
UNDO = Command("undo", undo, _PANEL, ("ringwatch undo PLAN_ID",), interrupted=_CUT, act=Act.CLOSE)
STORE = Command("store", store, _PANEL, ("ringwatch store STORE_ID",))
