"""Mutations that propose, decide on and carry out plans: the same functions and rules as those of the command line."""

from collections.abc import Callable
from time import monotonic
from typing import Annotated, Any, TypeVar

import strawberry

from ringwatch.api.acting import acting, as_of_now, check_size
from ringwatch.api.bench import MOST_STORES, REQUEST_S, Bench
from ringwatch.api.closing_types import (
    ApprovePlanInput,
    ApprovePlanPayload,
    ApprovePlanSuccess,
    CloseDueSuccess,
    ClosePlanInput,
    ClosePlanPayload,
    ClosePlanSuccess,
    ProposePlanInput,
    ProposePlanPayload,
    ProposePlanSuccess,
    ProposeUndoInput,
    ProposeUndoPayload,
    ProposeUndoSuccess,
    RejectPlanInput,
    RejectPlanPayload,
    RejectPlanSuccess,
    StoreLeft,
    UndoPlanInput,
    UndoPlanPayload,
    UndoPlanSuccess,
)
from ringwatch.api.fields import resolved
from ringwatch.api.plan_lists import Plans
from ringwatch.api.plans import ExpectedWrongful, Plan, Proposal, plan_of_row
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking
from ringwatch.api.states import StoreAction
from ringwatch.api.user_errors import answered
from ringwatch.db.view import RingQuery
from ringwatch.enforcement import failures
from ringwatch.enforcement.carrying import Outcome, Runner
from ringwatch.enforcement.closing import close_due, close_plan
from ringwatch.enforcement.lease import Lease
from ringwatch.enforcement.outbox import make_sender
from ringwatch.enforcement.plans import (
    Draft,
    PlanInput,
    approve_plan,
    closing_plan_of,
    draft_plan,
    draft_undo,
    find_plan,
    keep_plan,
    reject_plan,
)
from ringwatch.enforcement.repeats import MOST_KEY_CHARACTERS, keep_once, proposed_before
from ringwatch.enforcement.undoing import undo_plan
from ringwatch.model import enforcement as model
from ringwatch.model.enforcement import Hand
from ringwatch.model.visibility import FULL, Act

Made = TypeVar("Made", bound=Proposal)


@strawberry.type(description="What can be done about stores: proposed by one, approved by another, done once.")
class ClosingMutation:
    """What can be done about stores."""

    @resolved("Propose what happens to the stores of rings; another person has to approve it.", Act.PLAN)
    def propose_plan(
        self,
        info: Info,
        input: Annotated[ProposePlanInput, strawberry.argument(description="What to propose.")],  # noqa: A002 (its usual name)
    ) -> ProposePlanPayload:
        """Propose what happens to stores."""
        return answered(lambda: _propose(info.context, input))

    @resolved("Propose to put back what a plan did; another person has to approve it.", Act.PLAN)
    def propose_undo(
        self,
        info: Info,
        input: Annotated[ProposeUndoInput, strawberry.argument(description="What to undo.")],  # noqa: A002 (as above)
    ) -> ProposeUndoPayload:
        """Propose to put back what a plan did."""
        return answered(lambda: _propose_undo(info.context, input))

    @resolved("Consent to a plan that another proposed, exactly as it was read.", Act.APPROVE)
    def approve_plan(
        self,
        info: Info,
        input: Annotated[ApprovePlanInput, strawberry.argument(description="The plan as read.")],  # noqa: A002 (as above)
    ) -> ApprovePlanPayload:
        """Consent to a plan."""
        return answered(lambda: _approve(info.context, input))

    @resolved("Refuse a plan that another proposed; it can never be carried out.", Act.APPROVE)
    def reject_plan(
        self,
        info: Info,
        input: Annotated[RejectPlanInput, strawberry.argument(description="The plan and why.")],  # noqa: A002 (as above)
    ) -> RejectPlanPayload:
        """Refuse a plan."""
        return answered(lambda: _reject(info.context, input))

    @resolved("Carry an approved plan out: give notice, and close what is due. Again does nothing twice.", Act.CLOSE)
    def close_plan(
        self,
        info: Info,
        input: Annotated[ClosePlanInput, strawberry.argument(description="The plan.")],  # noqa: A002 (as above)
    ) -> ClosePlanPayload:
        """Carry an approved plan out."""
        return answered(lambda: _close(info.context, input.plan_id))

    @resolved("Carry out what is due of all plans that were begun.", Act.CLOSE)
    def close_due(self, info: Info) -> CloseDueSuccess:
        """Carry out what is due."""
        outcome = _run(info.context, close_due)
        return CloseDueSuccess(**_counts(outcome))

    @resolved("Carry an approved undo plan out: stores get back the state that they had before.", Act.CLOSE)
    def undo_plan(
        self,
        info: Info,
        input: Annotated[UndoPlanInput, strawberry.argument(description="The plan.")],  # noqa: A002 (as above)
    ) -> UndoPlanPayload:
        """Carry an approved undo plan out."""
        return answered(lambda: _undo(info.context, input.plan_id))


def _propose(asking: Asking, asked: ProposePlanInput) -> ProposePlanSuccess:
    with acting(asking, Act.PLAN) as (bench, hand):
        known = _known(bench, hand, asked)
        draft = known or draft_plan(bench.view, bench.docket, _wanted(bench, asked), hand)
        return _proposed(ProposePlanSuccess, asking, draft, _kept(bench, draft, hand, asked))


def _known(bench: Bench, hand: Hand, asked: ProposePlanInput | ProposeUndoInput) -> Draft | None:
    """Return what was proposed under the same key before; InvalidPlanError for a key that cannot be."""
    key = asked.idempotency_key
    if key is None or asked.dry_run:
        return None
    if not 1 <= len(key) <= MOST_KEY_CHARACTERS:
        raise failures.InvalidPlanError(f"idempotencyKey: expected 1 to {MOST_KEY_CHARACTERS} characters")
    with bench.docket.reading() as record:
        return proposed_before(record, hand, key)


def _kept(bench: Bench, draft: Draft, hand: Hand, asked: ProposePlanInput | ProposeUndoInput) -> model.Plan | None:
    """Keep a plan that does anything, unless it is a dry run or is kept already, and return it."""
    if asked.dry_run or not draft.acts:
        return None
    if asked.idempotency_key is None:
        return keep_plan(bench.docket, draft, hand)
    return keep_once(bench.docket, draft, hand, asked.idempotency_key)


def _wanted(bench: Bench, asked: ProposePlanInput) -> PlanInput:
    """Return what is asked for; InvalidPlanError where it cannot be, PlanTooLargeError where it is too much."""
    if (asked.tier is None) == (asked.ring_ids is None) or asked.ring_ids == []:
        raise failures.InvalidPlanError("plan: expected either ringIds or tier; nothing was done")
    if asked.action in {StoreAction.REOPEN, StoreAction.SPARE}:
        raise failures.InvalidPlanError(f"action {asked.action.name}: expected CLOSE, SUSPEND or WATCH")
    if not 0 <= asked.min_infringement <= 1 or (asked.max_stores or 0) < 0:
        raise failures.InvalidPlanError("plan: expected minInfringement from 0 to 1 and maxStores of 0 or more")
    if asked.ring_ids is not None:
        rings = list(bench.view.rings_by_id(FULL, asked.ring_ids).values())
    else:
        rings = list(bench.view.rings(FULL, RingQuery(tiers=(asked.tier,) if asked.tier else ())).rows)
    check_size(sum(ring.n_sellers for ring in rings), "sellers")
    ring_ids = tuple(asked.ring_ids or (ring.ring_id for ring in rings))
    return PlanInput(ring_ids, asked.action, asked.min_infringement, asked.max_stores, asked.immediate or "")


def _propose_undo(asking: Asking, asked: ProposeUndoInput) -> ProposeUndoSuccess:
    if (asked.plan_id is None) == (asked.store_id is None):
        raise failures.InvalidPlanError("undo: expected either planId or storeId; nothing was done")
    with acting(asking, Act.PLAN) as (bench, hand):
        known = _known(bench, hand, asked)
        draft = known or _undo_draft(bench, asked, hand)
        return _proposed(ProposeUndoSuccess, asking, draft, _kept(bench, draft, hand, asked))


def _undo_draft(bench: Bench, asked: ProposeUndoInput, hand: Hand) -> Draft:
    with bench.docket.reading() as record:
        plan_id = asked.plan_id or closing_plan_of(record, str(asked.store_id))
        if asked.store_id is None:
            check_size(find_plan(record, plan_id).header["n_stores"], "stores")
    return draft_undo(bench.docket, plan_id, asked.reason, hand, asked.store_id)


def _proposed(made: Callable[..., Made], asking: Asking, draft: Draft, kept: model.Plan | None) -> Made:
    """Return what was worked out, and kept where it was, as the schema shows it."""
    now = as_of_now(asking)
    header = draft.plan.header
    return made(
        plan_id=kept.plan_id if kept else None,
        digest=draft.plan.digest,
        state=kept.state if kept else model.PlanState.PROPOSED if draft.acts else None,
        proposed_by=draft.plan.proposed_by,
        store_count=header["n_stores"],
        listing_count=header["n_listings"],
        expected_wrongful=ExpectedWrongful(**header["expected_wrongful"]),
        approvers_of_one_hand=header.get("approvers_of_one_hand", []),
        draft=draft,
        asking=now,
        plan=_shown(now, kept) if kept else None,
    )


def _approve(asking: Asking, asked: ApprovePlanInput) -> ApprovePlanSuccess:
    with acting(asking, Act.APPROVE) as (bench, hand):
        _check_plan_size(bench, asked.plan_id)
        plan = approve_plan(bench.view, bench.docket, asked.plan_id, asked.digest, hand)
    return ApprovePlanSuccess(plan=_shown(as_of_now(asking), plan))


def _reject(asking: Asking, asked: RejectPlanInput) -> RejectPlanSuccess:
    with acting(asking, Act.APPROVE) as (bench, hand):
        plan = reject_plan(bench.docket, asked.plan_id, asked.reason, hand)
    return RejectPlanSuccess(plan=_shown(as_of_now(asking), plan))


def _check_plan_size(bench: Bench, plan_id: str) -> None:
    with bench.docket.reading() as record:
        check_size(find_plan(record, plan_id).header["n_stores"], "stores")


def _close(asking: Asking, plan_id: str) -> ClosePlanSuccess:
    outcome = _run(asking, lambda runner: close_plan(runner, plan_id), plan_id)
    return ClosePlanSuccess(plan=_after(asking, plan_id), **_counts(outcome))


def _undo(asking: Asking, plan_id: str) -> UndoPlanSuccess:
    outcome = _run(asking, lambda runner: undo_plan(runner, plan_id), plan_id)
    return UndoPlanSuccess(
        plan=_after(asking, plan_id),
        restored=outcome.done[StoreAction.REOPEN],
        already_done=outcome.already_done,
        remaining=outcome.remaining,
        stopped_by=outcome.stopped_by,
        left_alone=_left(outcome),
    )


def _run(asking: Asking, work: Callable[[Runner], Outcome], plan_id: str | None = None) -> Outcome:
    """Carry plans out as a runner that has the lease, for as long as a request may work."""
    with acting(asking, Act.CLOSE) as (bench, hand):
        if plan_id is not None:
            _check_plan_size(bench, plan_id)
        with bench.docket.reading() as record:
            send = make_sender(record)
        end_s = monotonic() + REQUEST_S
        with Lease(bench.docket) as lease:
            return work(Runner(bench.view, bench.docket, hand, lease, send, lambda: monotonic() >= end_s, MOST_STORES))


def _counts(outcome: Outcome) -> dict[str, Any]:
    return {
        "closed": outcome.done[StoreAction.CLOSE],
        "suspended": outcome.done[StoreAction.SUSPEND],
        "watched": outcome.done[StoreAction.WATCH],
        "waiting": outcome.waiting,
        "failed": outcome.failed,
        "already_done": outcome.already_done,
        "remaining": outcome.remaining,
        "stopped_by": outcome.stopped_by,
        "left": _left(outcome),
    }


def _left(outcome: Outcome) -> list[StoreLeft]:
    return [StoreLeft(store_id=store_id, reason=reason) for store_id, reason in outcome.left]


def _shown(now: Asking, plan: model.Plan) -> Plan:
    return plan_of_row(plan, Plans(now, [plan]))


def _after(asking: Asking, plan_id: str) -> Plan:
    now = as_of_now(asking)
    with now.view.record(FULL) as record:
        return _shown(now, find_plan(record, plan_id))
