"""What carrying a plan out is made of: batches, each whole or not at all, what is kept and told of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record, dump
from ringwatch.db.settings import BRAKE_SHARE, value_of
from ringwatch.db.view import View
from ringwatch.enforcement.entries import make_entry
from ringwatch.enforcement.failures import PlanNotApprovedError
from ringwatch.enforcement.lease import Lease
from ringwatch.enforcement.outbox import Send, deliver, never
from ringwatch.enforcement.plans import find_plan, say_nothing, void_plan
from ringwatch.model.chain import Entry, Sealed
from ringwatch.model.enforcement import (
    Hand,
    Message,
    Plan,
    PlanState,
    PlanStore,
    Progress,
    StoreAction,
    StoreState,
)

BATCH = 200  # stores a transaction: half a second, so that a runner that dies leaves little to do again
FIRST_BATCH = 10  # doubled until BATCH: a receiver that refuses everything is noticed early
FEWEST_FAILING = 3  # below that a share says nothing
_OVER = "limit of stores closed in a run or a day; go on later, or have a plan approved by two"
OPEN = frozenset({Progress.PLANNED, Progress.NOTICED})
_MOVES = (StoreAction.CLOSE, StoreAction.SUSPEND, StoreAction.WATCH)


@dataclass(slots=True)
class Outcome:
    """What a run did, counted in stores."""

    plan_id: str | None
    done: dict[StoreAction, int] = field(default_factory=lambda: dict.fromkeys((*_MOVES, StoreAction.REOPEN), 0))
    waiting: int = 0
    already_done: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)  # (store_id, why)
    failed: int = 0  # messages that the marketplace refused or that were tried too often
    remaining: int = 0  # stores that this run did not come to, for it was stopped before
    stopped_by: str | None = None
    is_held: bool = False  # by appeals against this plan, which stop no other

    def add(self, other: "Outcome") -> None:
        """Sum up another plan's outcome."""
        for action, n in other.done.items():
            self.done[action] += n
        self.waiting += other.waiting
        self.already_done += other.already_done
        self.left += other.left
        self.failed += other.failed
        self.remaining += other.remaining
        self.stopped_by = self.stopped_by or other.stopped_by


@dataclass(frozen=True, slots=True)
class Runner:
    """Who carries plans out, on what, and by which right."""

    view: View
    docket: Docket
    hand: Hand
    lease: Lease
    send: Send | None = None  # None: nobody is told, what there is to tell waits
    is_over: Callable[[], bool] = never  # asked between batches: whoever waits for an answer does not wait for ever
    most_stores: int | None = None  # of a plan; larger ones are left to a runner that has time
    progress: Callable[[str, int, int], None] = say_nothing


@dataclass(frozen=True, slots=True)
class Step:
    """A store before and after, what the ledger calls it, and the state that it has from then on."""

    before: PlanStore
    store: PlanStore
    told: str
    state: StoreState | None = None
    is_over: bool = False  # a limit was met

    @property
    def is_first(self) -> bool:
        """Say whether it is the first that the plan does to the store."""
        return self.before.progress is Progress.PLANNED and self.store.progress is not Progress.PLANNED


def count_at(n_by: Mapping[tuple[StoreAction, Progress], int], *at: Progress) -> int:
    """Count the stores of a plan that are so far and to which something happens."""
    return sum(n for (action, progress), n in n_by.items() if action is not StoreAction.SPARE and progress in at)


def tell_and_stop(runner: Runner, outcome: Outcome) -> bool:
    """Tell the marketplace what was done, and say whether the run has to stop: messages fail, or its time is over."""
    _tell(runner, outcome)
    n_all = outcome.already_done + sum(outcome.done.values()) + outcome.waiting + len(outcome.left) + outcome.remaining
    runner.progress("stores", n_all - outcome.remaining, n_all)
    if not outcome.stopped_by and outcome.remaining and runner.is_over():
        outcome.stopped_by = f"time: the request's is over, {outcome.remaining} stores were not come to; go on"
    return outcome.stopped_by is not None


def _tell(runner: Runner, outcome: Outcome) -> None:
    """Tell the marketplace what was done; the run is stopped where too much of it fails."""
    if runner.send is None:
        return

    def is_over() -> bool:
        runner.lease.renew()
        return runner.is_over()

    told = deliver(runner.docket, runner.hand, runner.send, is_over=is_over)
    outcome.failed += told.dead
    n = told.failing + told.delivered
    if told.failing >= FEWEST_FAILING and told.failing > value_of(runner.view, BRAKE_SHARE) * n:
        outcome.stopped_by = f"brake: {told.failing} of {n} messages to the marketplace failed; see `ringwatch outbox`"


def check_carried(plan: Plan) -> None:
    """PlanNotApprovedError where a plan may not be carried out."""
    if plan.state not in {PlanState.APPROVED, PlanState.DONE, PlanState.UNDONE}:
        more = f" ({plan.note})" if plan.note else ""
        raise PlanNotApprovedError(
            f"plan {plan.plan_id}: is {plan.state.value}{more}, expected an approved one; no store was changed"
        )


def begin(docket: Docket, plan: Plan, hand: Hand, changes: Sequence[str]) -> Plan:
    """Mark the first carrying out of a plan; RefusedError, and the plan is void, where it came too late or changed."""
    if plan.expires_at is not None and hand.at >= plan.expires_at:
        raise void_plan(docket, plan, f"its approval ran out on {plan.expires_at:%Y-%m-%d}", hand)
    if changes:
        raise void_plan(docket, plan, f"what it rests on changed: {'; '.join(changes[:5])}", hand)

    def mark(record: Record) -> Plan:
        now = find_plan(record, plan.plan_id)
        check_carried(now)
        begun = replace(now, begun_at=now.begun_at or hand.at)
        record.set_plan(begun)
        record.append([replace(make_entry(record, hand, "begin", {}), plan_id=plan.plan_id)])
        return begun

    return docket.transact(mark)


def batch_sizes() -> Iterator[int]:
    """Yield how many stores the next batch takes."""
    size = FIRST_BATCH
    while True:
        yield size
        size = min(2 * size, BATCH)


def cut_batches(stores: Iterable[PlanStore], sizes: Iterator[int]) -> Iterator[list[PlanStore]]:
    """Yield batches; their sizes go on from those of the stores before."""
    coming = iter(stores)
    while batch := list(islice(coming, next(sizes))):
        yield batch


def count_steps(outcome: Outcome, steps: Iterable[Step]) -> None:
    """Count the stores of a batch by what became of them."""
    for step in steps:
        outcome.remaining -= 1
        if step.is_over:
            outcome.stopped_by = _OVER
        if step.store.progress is Progress.DONE:
            outcome.done[step.store.action] += 1
        elif step.store.progress is Progress.LEFT:
            outcome.left.append((step.store.store_id, step.store.note))
        elif step.store.progress is Progress.NOTICED:
            outcome.waiting += 1


def write_steps(record: Record, hand: Hand, steps: Sequence[Step]) -> None:
    """Keep what happened to stores: the ledger, the plan, and what the marketplace is to be told, all or nothing."""
    base = make_entry(record, hand, "", {})
    sealed = record.append([_entry(base, step) for step in steps])
    record.set_plan_stores(step.store for step in steps)
    record.add_messages(_message(step, row) for step, row in zip(steps, sealed, strict=True) if step.told != "leave")


def _entry(base: Entry, step: Step) -> Entry:
    store = step.store
    body = {
        "ring_id": store.body["ring_id"],
        "seller_id": store.body["seller_id"],
        "reason": store.note or "; ".join(store.body["reasons"]),
    }
    if step.told == "reopen" and store.body.get("is_reinstated"):
        body["is_reinstated"] = True  # its own appeal was upheld
    state = None if step.state is None else step.state.value
    return Entry(base.at, base.actor, step.told, store.store_id, store.plan_id, state, dump(body), base.is_drill)


def _message(step: Step, row: Sealed) -> Message:
    told: dict[str, Any] = {
        "key": row.hash,
        "action": step.told,
        "store_id": step.store.store_id,
        "seller_id": step.store.body["seller_id"],
        "plan_id": step.store.plan_id,
        "at": row.entry.at,
        "due_at": step.store.due_at.isoformat() if step.store.due_at else None,
        "listings": (step.store.inverse or {}).get("listings", []),
    }
    return Message(0, row.hash, step.store.plan_id, step.store.store_id, step.told, dump(told))


def finish(docket: Docket, plan: Plan, hand: Hand) -> None:
    """Say that a plan is done once nothing of it is open."""

    def mark(record: Record) -> None:
        now = find_plan(record, plan.plan_id)
        if now.state is PlanState.APPROVED and not count_at(record.plan_progress(plan.plan_id), *OPEN):
            record.set_plan(replace(now, state=PlanState.DONE))
            record.append([replace(make_entry(record, hand, "finish", {}), plan_id=plan.plan_id)])

    docket.transact(mark)
