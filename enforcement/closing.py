"""Carrying closing plans out, as far as their stores are due, batch by batch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.db.settings import APPEAL_SHARE, MAX_A_DAY, MAX_A_RUN, NOTICE_DAYS, value_of
from ringwatch.db.view import View
from ringwatch.enforcement.carrying import (
    OPEN,
    Outcome,
    Runner,
    Step,
    batch_sizes,
    begin,
    check_carried,
    count_at,
    count_steps,
    cut_batches,
    finish,
    tell_and_stop,
    write_steps,
)
from ringwatch.enforcement.cases import Standing, read_cases, read_standings
from ringwatch.enforcement.failures import PlanKindError
from ringwatch.enforcement.lease import Lease
from ringwatch.enforcement.plans import changes_since, find_plan, judge_store
from ringwatch.enforcement.rules import Case
from ringwatch.model.enforcement import (
    STATE_AFTER,
    AppealState,
    Hand,
    Plan,
    PlanState,
    PlanStore,
    Progress,
    StoreAction,
    StoreState,
)
from ringwatch.model.visibility import FULL


@dataclass(frozen=True, slots=True)
class Ground:
    """What stores are judged by when their time has come."""

    cases: Mapping[str, Case]
    ring_of: Mapping[str, str]
    notice: timedelta


def close_plan(runner: Runner, plan_id: str, n_before: int = 0) -> Outcome:
    """Carry a closing plan out as far as it is due; again, and what is done is counted and nothing else.

    ``n_before``: stores that this run closed for other plans.

    Raises:
        ConfigError: there is no such plan.
        RefusedError: it is not approved, its approval ran out, or it changed before its first close.
    """
    view, docket, hand = runner.view, runner.docket, runner.hand
    with docket.reading() as record:
        plan = find_plan(record, plan_id)
    if plan.undoes:
        raise PlanKindError(
            f"plan {plan_id}: undoes another, expected one that closes; carry it out with `ringwatch undo`"
        )
    check_carried(plan)
    if plan.begun_at is None:
        plan = begin(docket, plan, hand, changes_since(view, plan, hand))
    with docket.reading() as record:
        n_by = record.plan_progress(plan_id)
        budget = _budget(view, record, plan, hand) - (0 if len(plan.approvals) > 1 else n_before)
    outcome = Outcome(plan_id, already_done=count_at(n_by, Progress.DONE), remaining=count_at(n_by, *OPEN))
    n_come_to = count_at(n_by, *Progress) - count_at(n_by, Progress.PLANNED)
    sizes = batch_sizes()
    for page in _open_pages(docket, plan_id):
        ground = _ground(view, plan, page, hand)
        for batch in cut_batches(page, sizes):
            if _is_held(runner, outcome, plan_id, n_come_to):
                break
            room = max(budget - outcome.done[StoreAction.CLOSE], 0)
            steps = docket.transact(_Closing(plan, hand, ground, runner.lease, room).on(batch))
            n_come_to += sum(step.is_first for step in steps)
            count_steps(outcome, steps)
            if outcome.stopped_by or tell_and_stop(runner, outcome):
                break
        if outcome.stopped_by:
            break
    finish(docket, plan, hand)
    return outcome


def close_due(runner: Runner) -> Outcome:
    """Carry out what is due of every plan that was begun, first ones first; larger ones than it takes are named."""
    with runner.docket.reading() as record:
        begun = [p for p in record.plans() if p.state is PlanState.APPROVED and p.begun_at and not p.undoes]
    total = Outcome(None)
    most = runner.most_stores
    large = [p.plan_id for p in begun if most is not None and p.header["n_stores"] > most]
    for n_carried, plan in enumerate(p for p in begun if p.plan_id not in large):
        if n_carried and runner.is_over():
            total.stopped_by = f"time: the request's is over, plan {plan.plan_id} was not come to; go on"
            break
        outcome = close_plan(runner, plan.plan_id, total.done[StoreAction.CLOSE])
        total.add(outcome)
        if outcome.stopped_by and not outcome.is_held:
            break
    if large and not total.stopped_by:
        total.stopped_by = f"size: {', '.join(large)} is over more than {most} stores; use `ringwatch close --due`"
    return total


def _is_held(runner: Runner, outcome: Outcome, plan_id: str, n_come_to: int) -> bool:
    """Say whether a plan stops, and no other: too many of the stores that it came to won an appeal against it."""
    with runner.docket.reading() as record:
        n_upheld = sum(a.plan_id == plan_id and a.state is AppealState.UPHELD for a in record.appeals())
    share = value_of(runner.view, APPEAL_SHARE)
    outcome.is_held = n_come_to > 0 and n_upheld > share * n_come_to
    if outcome.is_held:
        won = f"{n_upheld} of {n_come_to} stores of {plan_id} won their appeals"
        outcome.stopped_by = f"brake: {won}, more than {share:.0%}; undo it, or raise `settings appeal_share`"
    return outcome.is_held


def _open_pages(docket: Docket, plan_id: str) -> Iterator[list[PlanStore]]:
    """Yield the stores of a plan to which something is still to be done, some at a time."""
    after = -1
    while True:
        with docket.reading() as record:
            page = record.plan_stores_after(plan_id, after)
        if not page:
            return
        after = page[-1].position
        yield [store for store in page if store.action is not StoreAction.SPARE and store.progress in OPEN]


def _budget(view: View, record: Record, plan: Plan, hand: Hand) -> int:
    """Return how many stores may be closed now; a second approver lifts the limits."""
    if len(plan.approvals) > 1:
        return int(plan.header["n_closing"])
    today = record.n_acts_since(StoreAction.CLOSE.value, hand.at - timedelta(days=1))
    return int(min(value_of(view, MAX_A_RUN), value_of(view, MAX_A_DAY) - today))


def _ground(view: View, plan: Plan, stores: Sequence[PlanStore], hand: Hand) -> Ground:
    """Read the rings that the sellers of some stores of a plan are in now."""
    ring_of = view.ring_of(FULL, {store.body["seller_id"] for store in stores})
    days = 0 if plan.header["immediate"] else value_of(view, NOTICE_DAYS)
    return Ground(read_cases(view, sorted(set(ring_of.values())), hand.at), ring_of, timedelta(days=days))


@dataclass(frozen=True, slots=True)
class _Closing:
    """One batch of a closing plan."""

    plan: Plan
    hand: Hand
    ground: Ground
    lease: Lease
    room: int  # stores that may still be closed in this run

    def on(self, batch: Sequence[PlanStore]) -> Callable[[Record], list[Step]]:
        """Return the transaction that brings each store of a batch as far as it is due."""

        def work(record: Record) -> list[Step]:
            self.lease.hold(record)
            steps = self._steps(record, batch)
            write_steps(record, self.hand, [step for step in steps if step.store != step.before])
            return steps

        return work

    def _steps(self, record: Record, batch: Sequence[PlanStore]) -> list[Step]:
        rows = record.stores([store.store_id for store in batch])
        standings = read_standings(
            record, {s.store_id: s.store_id in rows and rows[s.store_id].is_closed for s in batch}
        )
        listings = record.listings_of([store.store_id for store in batch])
        room, steps = self.room, []
        for store in batch:
            step = self._step(store, standings[store.store_id], listings.get(store.store_id, []))
            if step.state is StoreState.CLOSED:
                step = step if room > 0 else replace(step, store=store, state=None, told="", is_over=True)
                room -= 1
            steps.append(step)
        return steps

    def _step(self, store: PlanStore, standing: Standing, listings: Sequence[str]) -> Step:
        """Return what happens to a store now: nothing yet, a notice, the act itself, or it is left as it is."""
        case = self.ground.cases.get(self.ground.ring_of.get(store.body["seller_id"], ""))
        least = self.plan.header["min_infringement"]
        reasons = ["ring: its seller is in none any more"]
        if case is not None:
            reasons = judge_store(case, store.body["seller_id"], standing, store.action, least)
        if store.plan_id in standing.upheld_against:
            reasons.append("appeal: one against this plan was upheld")
        if reasons:
            return Step(store, replace(store, progress=Progress.LEFT, note="; ".join(reasons)), "leave")
        needs_notice = store.action is StoreAction.CLOSE and self.ground.notice
        due_at = store.due_at or self.hand.at + self.ground.notice
        if needs_notice and store.progress is Progress.PLANNED:
            return Step(store, replace(store, progress=Progress.NOTICED, due_at=due_at), "notice")
        if store.progress is Progress.NOTICED and self.hand.at < due_at:
            return Step(store, store, "")
        inverse = {"state": standing.state.value, "listings": list(listings)}
        done = replace(store, progress=Progress.DONE, inverse=inverse)
        return Step(store, done, store.action.value, STATE_AFTER[store.action])
