"""Carrying undo plans out: each store gets back what it had, batch by batch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ringwatch.db.record import Record
from ringwatch.enforcement.carrying import (
    Outcome,
    Runner,
    Step,
    batch_sizes,
    begin,
    check_carried,
    count_steps,
    cut_batches,
    finish,
    tell_and_stop,
    write_steps,
)
from ringwatch.enforcement.cases import Standing, read_standings
from ringwatch.enforcement.failures import PlanKindError
from ringwatch.enforcement.lease import Lease
from ringwatch.enforcement.plans import find_plan
from ringwatch.model.enforcement import (
    Hand,
    PlanState,
    PlanStore,
    Progress,
    StoreAction,
    StoreState,
)


def undo_plan(runner: Runner, plan_id: str) -> Outcome:
    """Carry an approved undo plan out: each store gets back the state it had, or is left where others decided since.

    Raises:
        ConfigError: there is no such plan.
        RefusedError: it undoes nothing, is not approved, or its approval ran out.
    """
    docket, hand = runner.docket, runner.hand
    with docket.reading() as record:
        plan = find_plan(record, plan_id)
        undone = plan.undoes
        if undone is None:
            raise PlanKindError(
                f"plan {plan_id}: undoes nothing, expected an undo plan; propose it: ringwatch plan --undo {plan_id}"
            )
        stores = list(record.plan_stores(plan_id))
        inverses = _inverses(record, stores, undone)
    check_carried(plan)
    if plan.begun_at is None:
        plan = begin(docket, plan, hand, ())
    outcome = Outcome(plan_id)
    outcome.left = [(s.store_id, s.note or s.body["reasons"][0]) for s in stores if _is_left(s)]
    outcome.already_done = sum(store.progress is Progress.DONE for store in stores)
    undoing = _Undoing(undone, hand, runner.lease, inverses)
    open_stores = [s for s in stores if s.action is StoreAction.REOPEN and s.progress is Progress.PLANNED]
    outcome.remaining = len(open_stores)
    for batch in cut_batches(open_stores, batch_sizes()):
        count_steps(outcome, docket.transact(undoing.on(batch)))
        if tell_and_stop(runner, outcome):
            break
    docket.transact(lambda record: _finish_undo(record, plan_id, sorted({of_plan for of_plan, _ in inverses})))
    finish(docket, plan, hand)
    return outcome


def _undone_of(store: PlanStore, undone: str) -> str:
    """Return the plan whose act on a store is undone; an undo of several plans names it with each store."""
    return str(store.body.get("undoes", undone))


def _inverses(record: Record, stores: Iterable[PlanStore], undone: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return what undoes the acts of plans, by plan and store."""
    wanted = {(_undone_of(store, undone), store.store_id) for store in stores}
    found = {}
    for plan_id in sorted({plan_id for plan_id, _ in wanted}):
        for store in record.plan_stores(plan_id):
            if store.inverse is not None and (plan_id, store.store_id) in wanted:
                found[plan_id, store.store_id] = store.inverse
    return found


def _is_left(store: PlanStore) -> bool:
    return store.action is StoreAction.SPARE or store.progress is Progress.LEFT


@dataclass(frozen=True, slots=True)
class _Undoing:
    """The undoing of plans, by batches."""

    undone: str
    hand: Hand
    lease: Lease
    inverses: Mapping[tuple[str, str], Mapping[str, Any]]

    def on(self, batch: Sequence[PlanStore]) -> Callable[[Record], list[Step]]:
        """Return the transaction that puts back what the plan changed of each store of a batch."""

        def work(record: Record) -> list[Step]:
            self.lease.hold(record)
            standings = read_standings(record, {store.store_id: False for store in batch})
            steps = [self._step(store, standings[store.store_id]) for store in batch]
            write_steps(record, self.hand, steps)
            return steps

        return work

    def _step(self, store: PlanStore, standing: Standing) -> Step:
        undone = _undone_of(store, self.undone)
        last, inverse = standing.decided, self.inverses.get((undone, store.store_id))
        if last is None or last.entry.plan_id != undone or inverse is None:
            note = "another decision followed, which stays"
            return Step(store, replace(store, progress=Progress.LEFT, note=note), "leave")
        done = replace(store, progress=Progress.DONE, inverse=inverse)
        return Step(store, done, "reopen", StoreState(inverse["state"]))


def _finish_undo(record: Record, plan_id: str, undone: Iterable[str]) -> None:
    """Say that plans are undone once every store that they changed was put back or decided on anew."""
    for plan in (find_plan(record, of_plan) for of_plan in undone):
        changed = {store.store_id for store in record.plan_stores(plan.plan_id) if store.progress is Progress.DONE}
        standings = read_standings(record, dict.fromkeys(changed, False))
        stands = any(standing.rests_on(plan.plan_id) for standing in standings.values())
        if plan.state is PlanState.DONE and not stands:
            record.set_plan(replace(plan, state=PlanState.UNDONE, note=f"undone by {plan_id}"))
