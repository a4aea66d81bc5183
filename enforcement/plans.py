"""Plans: proposed by one, approved by another, void as soon as what they rest on is no more so."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record, dump
from ringwatch.db.settings import APPEAL_DAYS, APPROVAL_DAYS, MAX_A_DAY, MAX_A_RUN, value_of
from ringwatch.db.view import View
from ringwatch.enforcement.cases import RINGS_A_READ, Standing, read_cases_in_parts, read_standings
from ringwatch.enforcement.entries import make_entry
from ringwatch.enforcement.facts import Findings, facts_of, frozen, named_in, read_findings
from ringwatch.enforcement.failures import (
    DigestMismatchError,
    InvalidPlanError,
    NothingToUndoError,
    OwnPlanError,
    PlanNotFoundError,
    PlanNotProposedError,
    PlanVoidError,
    RingNotFoundError,
)
from ringwatch.enforcement.rules import MIN_INFRINGEMENT, Case, expected_wrongful, reasons_to_spare, what_changed
from ringwatch.model.enforcement import STATE_AFTER, Hand, Plan, PlanState, PlanStore, Progress, StoreAction, StoreRow
from ringwatch.model.visibility import FULL, ActorRole

_DRAFT = "draft"  # the id of a plan that is not kept


@dataclass(frozen=True, slots=True)
class PlanInput:
    """What is asked for. ``immediate``: why no notice is given, "" where it is."""

    ring_ids: tuple[str, ...]
    action: StoreAction = StoreAction.CLOSE
    min_infringement: float = MIN_INFRINGEMENT
    max_stores: int | None = None
    immediate: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan and its stores, kept or not."""

    plan: Plan
    stores: tuple[PlanStore, ...]

    @property
    def acts(self) -> bool:
        """Say whether it does anything to any store."""
        return any(store.action is not StoreAction.SPARE for store in self.stores)


def say_nothing(step: str, done: int, total: int) -> None:
    """Take progress that nobody watches."""


def draft_plan(
    view: View, docket: Docket, asked: PlanInput, hand: Hand, progress: Callable[[str, int, int], None] = say_nothing
) -> Draft:
    """Work a plan out; nothing is written. ConfigError for a ring that the current run does not have."""
    if asked.action is not StoreAction.WATCH and asked.min_infringement < MIN_INFRINGEMENT:
        raise InvalidPlanError(f"--min-infringement {asked.min_infringement:g}: expected {MIN_INFRINGEMENT:g} or more")
    run = view.run(FULL)
    rings: dict[str, Any] = {}
    bodies: list[dict[str, Any]] = []
    for cases in read_cases_in_parts(view, asked.ring_ids, hand.at):
        rings |= {case.ring_id: {**case.fingerprint(), "version": case.version} for case in cases.values()}
        findings = read_findings(view, cases.values())
        with docket.reading() as record:
            bodies += _bodies(record, cases.values(), findings, asked)
        progress("rings", len(rings), len(asked.ring_ids))
    for ring_id in asked.ring_ids:
        if ring_id not in rings:
            raise RingNotFoundError(
                f"ring {ring_id}: the current run has no such ring; list them with: ringwatch rings"
            )
    with docket.reading() as record:
        approvers = _approvers_of_one_hand(record, hand)
    if asked.immediate:
        _check_told(view, asked.immediate, bodies)
    header = {
        "action": asked.action.value,
        "appeal_days": value_of(view, APPEAL_DAYS),
        "approvers_of_one_hand": approvers,
        "immediate": asked.immediate,
        "min_infringement": asked.min_infringement,
        "rings": rings,
        "run_id": run.run_id if run else None,
    }
    return make_draft(header, _bounded(_once(bodies), asked.max_stores), hand)


def _check_told(view: View, reason: str, bodies: Sequence[Mapping[str, Any]]) -> None:
    """Raise where a reason that each seller is told names a seller or a store of the plan, or a value of theirs."""
    sellers = view.sellers(FULL, {body["seller_id"] for body in bodies}).values()
    names = {name for seller in sellers for name in (seller.seller_id, seller.name or "")}
    names |= {name for body in bodies for name in (body["store_id"], body["facts"]["name"])}
    names |= {value for body in bodies for _, value in body["values"]}
    if named := sorted(named_in(reason, names)):
        raise InvalidPlanError(
            f"--immediate: holds {named[0]!r}, and every seller of the plan is told this reason, expected one that"
            " names nobody; nothing was done; word it without"
        )


def _approvers_of_one_hand(record: Record, hand: Hand) -> list[str]:
    """Return the approvers whom the same hand made known as the proposer: four eyes bind keys, not their owner."""
    actors = record.actors()
    hands = {actor.added_by for actor in actors if actor.name == hand.actor}
    return [a.name for a in actors if a.role is ActorRole.APPROVER and a.may_act(hand.at) and a.added_by in hands]


def _bodies(record: Record, cases: Iterable[Case], findings: Findings, asked: PlanInput) -> Iterator[dict[str, Any]]:
    """Yield what happens to each store of rings, with the grounds as they are now and what its seller is told."""
    all_cases = list(cases)
    of_seller: dict[str, list[StoreRow]] = {}
    for row in record.stores_of(sorted({seller_id for case in all_cases for seller_id in case.members})):
        of_seller.setdefault(row.seller_id, []).append(row)
    standings = read_standings(record, {row.store_id: row.is_closed for rows in of_seller.values() for row in rows})
    for case in all_cases:
        own = sorted((row for i in case.members for row in of_seller.get(i, ())), key=lambda row: row.store_id)
        facts = facts_of(findings, case, own)
        for row in own:
            yield {**_body(case, row, asked, standings[row.store_id]), "facts": frozen(facts[row.store_id])}


def _once(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spare a store under every ring but the first: of one whose seller stands in two rings a plan takes one step."""
    taken: dict[str, str] = {}
    for body in bodies:
        if body["action"] != "spare" and taken.setdefault(body["store_id"], body["ring_id"]) != body["ring_id"]:
            body.update(action="spare", reasons=[f"ring {taken[body['store_id']]}: the plan takes it with that one"])
    return bodies


def _body(case: Case, store: StoreRow, asked: PlanInput, standing: Standing) -> dict[str, Any]:
    member = case.members[store.seller_id]
    reasons = judge_store(case, store.seller_id, standing, asked.action, asked.min_infringement)
    kept = f"one operator {member.link_score:.3f}, infringement {member.infringement_score:.3f}"
    for_it = f"shares {', '.join(sorted({kind for kind, _ in member.values}))}: {kept}"
    return {
        "store_id": store.store_id,
        "seller_id": store.seller_id,
        "ring_id": case.ring_id,
        "action": (StoreAction.SPARE if reasons else asked.action).value,
        "reasons": reasons or [for_it],
        "n_listings": store.n_listings,
        "tier": member.tier.value,
        "families": list(member.families),
        "values": [list(value) for value in member.values],
        "link_score": member.link_score,
        "infringement_score": member.infringement_score,
    }


def judge_store(
    case: Case, seller_id: str, standing: Standing, action: StoreAction, min_infringement: float
) -> list[str]:
    """Return why a store is spared, nothing where it is not. Watching hurts nobody, so only what stands forbids it."""
    reasons = [] if action is StoreAction.WATCH else reasons_to_spare(case, seller_id, min_infringement)
    if standing.is_appealed:
        reasons.append("appeal: an open one is to be decided first")
    hardest_first = list(STATE_AFTER.values())
    if standing.state in hardest_first[: hardest_first.index(STATE_AFTER[action]) + 1]:
        reasons.append(f"state: it is {standing.state.value} already")
    return reasons


def _bounded(bodies: list[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
    """Spare those beyond the most that a plan may take, the least sure ones first."""
    acting = sorted((b for b in bodies if b["action"] != "spare"), key=lambda b: (-b["link_score"], b["store_id"]))
    for body in acting[most:] if most is not None else []:
        body.update(action="spare", reasons=[f"bound: the plan takes at most {most} stores"])
    return bodies


def make_draft(header: Mapping[str, Any], bodies: Sequence[Mapping[str, Any]], hand: Hand) -> Draft:
    """Return a plan over stores; its digest depends on what is proposed and by whom, not on when or under which id."""
    acting = [body for body in bodies if body["action"] not in {"spare", "reopen"}]
    wrongful: dict[tuple[str, float], int] = {}
    for body in acting:
        key = (body["seller_id"], body["link_score"])
        wrongful[key] = wrongful.get(key, 0) + 1
    full = {
        **header,
        "proposed_by": hand.actor,
        "n_stores": len(bodies),
        "n_closing": sum(body["action"] == "close" for body in bodies),
        "n_listings": sum(body["n_listings"] for body in bodies if body["action"] != "spare"),
        "expected_wrongful": expected_wrongful((score, n) for (_, score), n in wrongful.items()),
    }
    digest = hashlib.sha256(dump(full).encode())
    for body in bodies:
        digest.update(f"\n{dump(body)}".encode())
    stores = [
        PlanStore(_DRAFT, position, body["store_id"], StoreAction(body["action"]), body)
        for position, body in enumerate(bodies)
    ]
    return Draft(Plan(_DRAFT, digest.hexdigest(), full, hand.actor, hand.at, PlanState.PROPOSED), tuple(stores))


def keep_plan(docket: Docket, draft: Draft, hand: Hand) -> Plan:
    """Keep a plan as proposed and return it with its id."""
    return docket.transact(lambda record: write_plan(record, draft, hand))


def write_plan(record: Record, draft: Draft, hand: Hand) -> Plan:
    """Do the same in a transaction that is open; ``hand``: who acts, who need not be who proposes."""
    plan = replace(draft.plan, plan_id=record.next_plan_id())
    record.add_plan(plan, (replace(store, plan_id=plan.plan_id) for store in draft.stores))
    told = {"plan": plan.plan_id, "digest": plan.digest, "proposed_by": plan.proposed_by}
    record.append([replace(make_entry(record, hand, "propose", told), plan_id=plan.plan_id)])
    return plan


def find_plan(record: Record, plan_id: str) -> Plan:
    """Return a plan; ConfigError where there is none of that id."""
    plan = record.plan(plan_id)
    if plan is None:
        raise PlanNotFoundError(f"plan {plan_id}: there is none of that id; list them with: ringwatch plans")
    return plan


def changes_since(view: View, plan: Plan, hand: Hand) -> list[str]:
    """Return what changed of what a plan rests on, in words; an undo rests on nothing but the plan that it undoes."""
    rings = plan.header.get("rings", {})
    asked = iter(rings)
    changes: list[str] = []
    for cases in read_cases_in_parts(view, rings, hand.at):
        for ring_id in islice(asked, RINGS_A_READ):
            changes += what_changed(ring_id, rings[ring_id], cases.get(ring_id))
    return changes


def void_plan(docket: Docket, plan: Plan, why: str, hand: Hand) -> PlanVoidError:
    """Make a plan void and return the refusal to raise."""

    def void(record: Record) -> None:
        now = find_plan(record, plan.plan_id)
        if now.begun_at or now.state not in {PlanState.PROPOSED, PlanState.APPROVED}:
            return  # another decided on it meanwhile
        record.set_plan(replace(now, state=PlanState.VOID, note=why))
        record.append([replace(make_entry(record, hand, "void", {"reason": why}), plan_id=plan.plan_id)])

    docket.transact(void)
    return PlanVoidError(f"plan {plan.plan_id}: is void, {why}; no store was changed; propose a new plan")


def approve_plan(view: View, docket: Docket, plan_id: str, digest: str, hand: Hand) -> Plan:
    """Approve a plan and return it: approved, or still proposed where a second approver is needed.

    Raises:
        ConfigError: there is no such plan.
        RefusedError: it is the approver's own or not proposed any more, the digest is another, or it changed.
    """
    with docket.reading() as record:
        plan = find_plan(record, plan_id)
    _check_approval(plan, digest, hand)
    if changes := changes_since(view, plan, hand):
        raise void_plan(docket, plan, f"what it rests on changed: {_few(changes)}", hand)
    expires_at = hand.at + timedelta(days=value_of(view, APPROVAL_DAYS))
    is_large = plan.header["n_closing"] > min(value_of(view, MAX_A_RUN), value_of(view, MAX_A_DAY))

    def approve(record: Record) -> Plan:
        now = find_plan(record, plan_id)
        _check_approval(now, digest, hand)
        approvals = (*now.approvals, hand.actor)
        state = PlanState.PROPOSED if is_large and len(approvals) == 1 else PlanState.APPROVED
        approved = replace(now, state=state, approvals=approvals, expires_at=expires_at)
        record.set_plan(approved)
        record.append([replace(make_entry(record, hand, "approve", {"digest": digest}), plan_id=plan_id)])
        return approved

    return docket.transact(approve)


def _check_approval(plan: Plan, digest: str, hand: Hand) -> None:
    if plan.state is not PlanState.PROPOSED:
        raise PlanNotProposedError(
            f"plan {plan.plan_id}: is {plan.state.value}, expected a proposed one; nothing was done"
        )
    if hand.actor in {plan.proposed_by, *plan.approvals}:
        whose = "your own" if hand.actor == plan.proposed_by else "approved by you already"
        raise OwnPlanError(f"plan {plan.plan_id}: is {whose}, expected another approver; nothing was done; ask one")
    if digest != plan.digest:
        raise DigestMismatchError(
            f"plan {plan.plan_id}: has another digest, expected {plan.digest}; nothing was done; read it anew"
        )


def _few(changes: Sequence[str]) -> str:
    return "; ".join(changes[:5]) + (f"; and {len(changes) - 5} more" if len(changes) > 5 else "")


def reject_plan(docket: Docket, plan_id: str, reason: str, hand: Hand) -> Plan:
    """Reject a plan that is proposed, or approved and not begun; RefusedError for any other and for one's own."""

    def reject(record: Record) -> Plan:
        plan = find_plan(record, plan_id)
        if plan.state not in {PlanState.PROPOSED, PlanState.APPROVED} or plan.begun_at:
            raise PlanNotProposedError(
                f"plan {plan_id}: is {plan.state.value} or begun, nothing was done; undo it instead"
            )
        if plan.proposed_by == hand.actor:
            raise OwnPlanError(f"plan {plan_id}: is your own, expected another approver; nothing was done; ask one")
        rejected = replace(plan, state=PlanState.REJECTED, note=reason)
        record.set_plan(rejected)
        record.append([replace(make_entry(record, hand, "reject", {"reason": reason}), plan_id=plan_id)])
        return rejected

    return docket.transact(reject)


def draft_undo(docket: Docket, plan_id: str, reason: str, hand: Hand, store_id: str | None = None) -> Draft:
    """Work out the undo of a plan, or of one store of it; nothing is written. ConfigError where there is no plan."""
    if not reason.strip():
        raise InvalidPlanError("reason: is empty, expected why it is undone; nothing was done; say it")
    with docket.reading() as record:
        plan = find_plan(record, plan_id)
        done = [
            s for s in record.plan_stores(plan_id) if s.progress is Progress.DONE and store_id in {None, s.store_id}
        ]
        if plan.undoes:
            raise InvalidPlanError(
                f"plan {plan_id}: is an undo itself, expected one that closed stores; propose a new plan instead"
            )
        return draft_undo_of(record, done, {"undoes": plan_id, "reason": reason}, hand)


def draft_undo_of(record: Record, done: Sequence[PlanStore], why: Mapping[str, str], hand: Hand) -> Draft:
    """Work out the undo of what plans did to stores; ``why``: the plans that it ``undoes``, the ``reason``, and more.

    A store whose own appeal (``store_id``) was upheld is reinstated by it.
    """
    standings = read_standings(record, {store.store_id: False for store in done})
    bodies = []
    for store in done:
        last = standings[store.store_id].decided
        is_own = last is not None and last.entry.plan_id == store.plan_id
        body = {
            **{key: store.body[key] for key in ("store_id", "seller_id", "ring_id")},
            "action": "reopen" if is_own else "spare",
            "reasons": [why["reason"]] if is_own else ["another decision followed, which stays"],
            "n_listings": len((store.inverse or {}).get("listings", [])),
            "undoes": store.plan_id,
        }
        bodies.append(body | ({"is_reinstated": True} if store.store_id == why.get("store_id") else {}))
    return make_draft({"action": "reopen", "run_id": None, **why}, bodies, hand)


def closing_plan_of(record: Record, store_id: str) -> str:
    """Return the plan that last changed a store; ConfigError where none did."""
    last = read_standings(record, {store_id: False})[store_id].decided
    if last is None or last.entry.plan_id is None:
        raise NothingToUndoError(
            f"store {store_id}: no plan changed it, so there is nothing to undo; see: ringwatch store ID"
        )
    return last.entry.plan_id
