"""Carrying approved plans out: closing and undoing, batch by batch, each batch whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record, dump
from ringwatch.db.settings import APPEAL_SHARE, BRAKE_SHARE, MAX_A_DAY, MAX_A_RUN, NOTICE_DAYS, value_of
from ringwatch.db.view import View
from ringwatch.enforcement.cases import Standing, read_cases, read_standings
from ringwatch.enforcement.entries import make_entry
from ringwatch.enforcement.failures import PlanKindError, PlanNotApprovedError
from ringwatch.enforcement.lease import Lease
from ringwatch.enforcement.outbox import Send, deliver, never
from ringwatch.enforcement.plans import changes_since, find_plan, judge_store, say_nothing, void_plan
from ringwatch.enforcement.rules import Case
from ringwatch.model.chain import Entry, Sealed
from ringwatch.model.enforcement import (
    STATE_AFTER,
    AppealState,
    Hand,
    Message,
    Plan,
    PlanState,
    PlanStore,
    Progress,
    StoreAction,
    StoreState,
)
from ringwatch.model.visibility import FULL

BATCH = 200  # stores a transaction: half a second, so that a runner that dies leaves little to do again
FIRST_BATCH = 10  # doubled until BATCH: a receiver that refuses everything is noticed early
FEWEST_FAILING = 3  # below that a share says nothing
_OVER = "limit of stores closed in a run or a day; go on later, or have a plan approved by two"
_OPEN = frozenset({Progress.PLANNED, Progress.NOTICED})
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
class Ground:
    """What stores are judged by when their time has come."""

    cases: Mapping[str, Case]
    ring_of: Mapping[str, str]
    notice: timedelta


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
    _check_carried(plan)
    if plan.begun_at is None:
        plan = _begin(docket, plan, hand, changes_since(view, plan, hand))
    with docket.reading() as record:
        n_by = record.plan_progress(plan_id)
        budget = _budget(view, record, plan, hand) - (0 if len(plan.approvals) > 1 else n_before)
    outcome = Outcome(plan_id, already_done=_n_at(n_by, Progress.DONE), remaining=_n_at(n_by, *_OPEN))
    n_come_to = _n_at(n_by, *Progress) - _n_at(n_by, Progress.PLANNED)
    sizes = _sizes()
    for page in _open_pages(docket, plan_id):
        ground = _ground(view, plan, page, hand)
        for batch in _cut(page, sizes):
            if _is_held(runner, outcome, plan_id, n_come_to):
                break
            room = max(budget - outcome.done[StoreAction.CLOSE], 0)
            steps = docket.transact(_Closing(plan, hand, ground, runner.lease, room).on(batch))
            n_come_to += sum(step.is_first for step in steps)
            _count(outcome, steps)
            if outcome.stopped_by or _is_stopped(runner, outcome):
                break
        if outcome.stopped_by:
            break
    _finish(docket, plan, hand)
    return outcome


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


def _n_at(n_by: Mapping[tuple[StoreAction, Progress], int], *at: Progress) -> int:
    """Count the stores of a plan that are so far and to which something happens."""
    return sum(n for (action, progress), n in n_by.items() if action is not StoreAction.SPARE and progress in at)


def _open_pages(docket: Docket, plan_id: str) -> Iterator[list[PlanStore]]:
    """Yield the stores of a plan to which something is still to be done, some at a time."""
    after = -1
    while True:
        with docket.reading() as record:
            page = record.plan_stores_after(plan_id, after)
        if not page:
            return
        after = page[-1].position
        yield [store for store in page if store.action is not StoreAction.SPARE and store.progress in _OPEN]


def _is_stopped(runner: Runner, outcome: Outcome) -> bool:
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


def _check_carried(plan: Plan) -> None:
    if plan.state not in {PlanState.APPROVED, PlanState.DONE, PlanState.UNDONE}:
        more = f" ({plan.note})" if plan.note else ""
        raise PlanNotApprovedError(
            f"plan {plan.plan_id}: is {plan.state.value}{more}, expected an approved one; no store was changed"
        )


def _begin(docket: Docket, plan: Plan, hand: Hand, changes: Sequence[str]) -> Plan:
    """Mark the first carrying out of a plan; RefusedError, and the plan is void, where it came too late or changed."""
    if plan.expires_at is not None and hand.at >= plan.expires_at:
        raise void_plan(docket, plan, f"its approval ran out on {plan.expires_at:%Y-%m-%d}", hand)
    if changes:
        raise void_plan(docket, plan, f"what it rests on changed: {'; '.join(changes[:5])}", hand)

    def begin(record: Record) -> Plan:
        now = find_plan(record, plan.plan_id)
        _check_carried(now)
        begun = replace(now, begun_at=now.begun_at or hand.at)
        record.set_plan(begun)
        record.append([replace(make_entry(record, hand, "begin", {}), plan_id=plan.plan_id)])
        return begun

    return docket.transact(begin)


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


def _sizes() -> Iterator[int]:
    size = FIRST_BATCH
    while True:
        yield size
        size = min(2 * size, BATCH)


def _cut(stores: Iterable[PlanStore], sizes: Iterator[int]) -> Iterator[list[PlanStore]]:
    """Yield batches; their sizes go on from those of the stores before."""
    coming = iter(stores)
    while batch := list(islice(coming, next(sizes))):
        yield batch


@dataclass(frozen=True, slots=True)
class _Closing:
    """One batch of a closing plan."""

    plan: Plan
    hand: Hand
    ground: Ground
    lease: Lease
    room: int  # stores that may still be closed in this run

    def on(self, batch: Sequence[PlanStore]) -> Callable[[Record], list["_Step"]]:
        """Return the transaction that brings each store of a batch as far as it is due."""

        def work(record: Record) -> list[_Step]:
            self.lease.hold(record)
            steps = self._steps(record, batch)
            _write(record, self.hand, [step for step in steps if step.store != step.before])
            return steps

        return work

    def _steps(self, record: Record, batch: Sequence[PlanStore]) -> list["_Step"]:
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

    def _step(self, store: PlanStore, standing: Standing, listings: Sequence[str]) -> "_Step":
        """Return what happens to a store now: nothing yet, a notice, the act itself, or it is left as it is."""
        case = self.ground.cases.get(self.ground.ring_of.get(store.body["seller_id"], ""))
        least = self.plan.header["min_infringement"]
        reasons = ["ring: its seller is in none any more"]
        if case is not None:
            reasons = judge_store(case, store.body["seller_id"], standing, store.action, least)
        if store.plan_id in standing.upheld_against:
            reasons.append("appeal: one against this plan was upheld")
        if reasons:
            return _Step(store, replace(store, progress=Progress.LEFT, note="; ".join(reasons)), "leave")
        needs_notice = store.action is StoreAction.CLOSE and self.ground.notice
        due_at = store.due_at or self.hand.at + self.ground.notice
        if needs_notice and store.progress is Progress.PLANNED:
            return _Step(store, replace(store, progress=Progress.NOTICED, due_at=due_at), "notice")
        if store.progress is Progress.NOTICED and self.hand.at < due_at:
            return _Step(store, store, "")
        inverse = {"state": standing.state.value, "listings": list(listings)}
        done = replace(store, progress=Progress.DONE, inverse=inverse)
        return _Step(store, done, store.action.value, STATE_AFTER[store.action])


@dataclass(frozen=True, slots=True)
class _Step:
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


def _count(outcome: Outcome, steps: Iterable[_Step]) -> None:
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


def _write(record: Record, hand: Hand, steps: Sequence[_Step]) -> None:
    """Keep what happened to stores: the ledger, the plan, and what the marketplace is to be told, all or nothing."""
    base = make_entry(record, hand, "", {})
    sealed = record.append([_entry(base, step) for step in steps])
    record.set_plan_stores(step.store for step in steps)
    record.add_messages(_message(step, row) for step, row in zip(steps, sealed, strict=True) if step.told != "leave")


def _entry(base: Entry, step: _Step) -> Entry:
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


def _message(step: _Step, row: Sealed) -> Message:
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


def _finish(docket: Docket, plan: Plan, hand: Hand) -> None:
    """Say that a plan is done once nothing of it is open."""

    def finish(record: Record) -> None:
        now = find_plan(record, plan.plan_id)
        if now.state is PlanState.APPROVED and not _n_at(record.plan_progress(plan.plan_id), *_OPEN):
            record.set_plan(replace(now, state=PlanState.DONE))
            record.append([replace(make_entry(record, hand, "finish", {}), plan_id=plan.plan_id)])

    docket.transact(finish)


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
    _check_carried(plan)
    if plan.begun_at is None:
        plan = _begin(docket, plan, hand, ())
    outcome = Outcome(plan_id)
    outcome.left = [(s.store_id, s.note or s.body["reasons"][0]) for s in stores if _is_left(s)]
    outcome.already_done = sum(store.progress is Progress.DONE for store in stores)
    undoing = _Undoing(undone, hand, runner.lease, inverses)
    open_stores = [s for s in stores if s.action is StoreAction.REOPEN and s.progress is Progress.PLANNED]
    outcome.remaining = len(open_stores)
    for batch in _cut(open_stores, _sizes()):
        _count(outcome, docket.transact(undoing.on(batch)))
        if _is_stopped(runner, outcome):
            break
    docket.transact(lambda record: _finish_undo(record, plan_id, sorted({of_plan for of_plan, _ in inverses})))
    _finish(docket, plan, hand)
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

    def on(self, batch: Sequence[PlanStore]) -> Callable[[Record], list[_Step]]:
        """Return the transaction that puts back what the plan changed of each store of a batch."""

        def work(record: Record) -> list[_Step]:
            self.lease.hold(record)
            standings = read_standings(record, {store.store_id: False for store in batch})
            steps = [self._step(store, standings[store.store_id]) for store in batch]
            _write(record, self.hand, steps)
            return steps

        return work

    def _step(self, store: PlanStore, standing: Standing) -> _Step:
        undone = _undone_of(store, self.undone)
        last, inverse = standing.decided, self.inverses.get((undone, store.store_id))
        if last is None or last.entry.plan_id != undone or inverse is None:
            note = "another decision followed, which stays"
            return _Step(store, replace(store, progress=Progress.LEFT, note=note), "leave")
        done = replace(store, progress=Progress.DONE, inverse=inverse)
        return _Step(store, done, "reopen", StoreState(inverse["state"]))


def _finish_undo(record: Record, plan_id: str, undone: Iterable[str]) -> None:
    """Say that plans are undone once every store that they changed was put back or decided on anew."""
    for plan in (find_plan(record, of_plan) for of_plan in undone):
        changed = {store.store_id for store in record.plan_stores(plan.plan_id) if store.progress is Progress.DONE}
        standings = read_standings(record, dict.fromkeys(changed, False))
        stands = any(standing.rests_on(plan.plan_id) for standing in standings.values())
        if plan.state is PlanState.DONE and not stands:
            record.set_plan(replace(plan, state=PlanState.UNDONE, note=f"undone by {plan_id}"))
