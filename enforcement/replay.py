"""What would not stand if a value, or a link, were innocent: rings, open plans, and what was closed in the past.

Who is in a ring today is judged by today's graph without what is innocent. Who is in none any more, as a closed store
may leave no values behind, is judged by the grounds that the plan froze.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ringwatch.algorithms.questions import CurrentRun
from ringwatch.algorithms.what_if import Otherwise, find_otherwise, holders, leave_out, place_of, with_kind
from ringwatch.db.docket import Docket
from ringwatch.db.view import MemberRow, View
from ringwatch.enforcement.cases import Standing, grounds_of, read_cases, read_standings
from ringwatch.enforcement.failures import ValueNotFoundError
from ringwatch.enforcement.rules import MIN_FAMILIES, Case, reasons_to_spare, what_changed
from ringwatch.model.enforcement import Hand, Plan, PlanState, PlanStore, Progress, StoreAction
from ringwatch.model.judgements import Judgement
from ringwatch.model.kinds import COUNTING_FAMILIES, Registry
from ringwatch.model.rings import TIERS, Member
from ringwatch.model.snapshot import Snapshot
from ringwatch.model.visibility import FULL

Innocent: TypeAlias = tuple[str, str] | Judgement
"""A value (kind, text), or a judgement that a seller is no part of a ring."""

_OPEN = (PlanState.PROPOSED, PlanState.APPROVED)
_TAKING = (StoreAction.CLOSE, StoreAction.SUSPEND)  # watching hurts nobody, so there is nothing to give back
_AHEAD = (Progress.PLANNED, Progress.NOTICED)


@dataclass(frozen=True, slots=True)
class Today:
    """What there is to judge by: the database, and how its current run judged."""

    view: View
    docket: Docket
    run: CurrentRun


@dataclass(frozen=True, slots=True)
class Replay:
    """What would not stand. ``closures``: what plans did to stores, in the order of the plans."""

    ring_ids: tuple[str, ...]
    open_plans: tuple[str, ...]
    closures: tuple[PlanStore, ...]


def replay(today: Today, innocent: Innocent, hand: Hand) -> Replay:
    """Return what would not stand if something were innocent; nothing is written.

    Costs what ``find_otherwise`` does, and a look at every store of every plan.

    Raises:
        ValueNotFoundError: no two sellers share the value and no plan rests on it.
    """
    worlds = _compare(today, innocent, hand)
    with today.docket.reading() as record:
        plans = [plan for plan in record.plans() if not plan.undoes]
        if worlds is None and not any(_leans_on(plan, innocent) for plan in plans):
            raise ValueNotFoundError(
                f"{':'.join(innocent[:2]) if isinstance(innocent, tuple) else ''}: no two sellers share it and no plan"
                " rests on it, expected a value that links some; nothing was changed; list a ring's: ringwatch ring ID"
            )
        trial = _Trial(innocent, today.view.registry(FULL), worlds or _Worlds({}, {}, frozenset()))
        touched = [(plan, s) for plan in plans for s in record.plan_stores(plan.plan_id) if trial.touches(s)]
        standings = read_standings(record, {store.store_id: False for _, store in touched})
    trial.read_rings(today.view, {store.body["seller_id"] for _, store in touched}, hand)
    fallen = [(plan, store) for plan, store in touched if trial.fells(plan, store)]
    halted = {plan.plan_id for plan, store in fallen if plan.state in _OPEN and store.progress in _AHEAD}
    return Replay(
        tuple(sorted(trial.worlds.falling)),
        tuple(plan.plan_id for plan in plans if plan.plan_id in halted or trial.voids(plan)),
        tuple(store for _, store in fallen if stands(store, standings[store.store_id])),
    )


def stands(store: PlanStore, standing: Standing) -> bool:
    """Say whether what a plan did to a store is what was decided last about it."""
    last = standing.decided
    return store.progress is Progress.DONE and last is not None and last.entry.plan_id == store.plan_id


@dataclass(frozen=True, slots=True)
class _Worlds:
    """Rings that would not be as they are, by ring_id, before and after; and those that would not stand."""

    now: Mapping[str, Case]
    then: Mapping[str, Case]
    falling: frozenset[str]


def _compare(today: Today, innocent: Innocent, hand: Hand) -> "_Worlds | None":
    """Return the rings that what is innocent makes a difference to, None where no two sellers share the value."""
    run, touched = today.run, set[str]()
    snapshot = today.view.snapshot(FULL, hand.at)
    if isinstance(innocent, Judgement):
        run = replace(run, judgements=[*run.judgements, innocent])
    else:
        found = _without(snapshot, run, innocent)
        if found is None:
            return None
        snapshot, touched = found
    otherwise = find_otherwise(snapshot, run, hand.at)
    rows: dict[str, list[MemberRow]] = {}
    for row in today.view.all_members(FULL):
        rows.setdefault(row.ring_id, []).append(row)
    moved = _moved(otherwise, rows, touched)
    now = read_cases(today.view, sorted(moved), hand.at)
    exempt = {(row.kind, row.value) for row in today.view.exemptions(FULL, hand.at)}
    then = {ring_id: case for ring_id, case in now.items() if ring_id not in otherwise.replaced}
    for ring in otherwise.rings:
        if ring.ring_id in moved or ring.ring_id not in rows:
            grounds = {member.seller_id: grounds_of(member, member.evidence) for member in ring.members}
            used = {value for member in grounds.values() for value in member.values}
            judged = now[ring.ring_id].judged if ring.ring_id in now else {}
            then[ring.ring_id] = Case(ring.ring_id, 0, grounds, tuple(sorted(used & exempt)), judged)
    falling = frozenset(ring_id for ring_id, case in now.items() if _is_weaker(case, then.get(ring_id)))
    return _Worlds(now, then, falling)


def _without(snapshot: Snapshot, run: CurrentRun, value: tuple[str, str]) -> tuple[Snapshot, set[str]] | None:
    """Return the graph in which a value is exempt, and the rings of its holders."""
    likened = with_kind(snapshot, run, value[0])
    place = place_of(likened, *value)
    if place is None:
        return None
    rings = {run.ring_of[seller_id] for seller_id in holders(likened, place) if seller_id in run.ring_of}
    return leave_out(likened, place), rings


def _moved(otherwise: Otherwise, rows: Mapping[str, list[MemberRow]], touched: set[str]) -> set[str]:
    """Return the rings of the run whose members, tiers or scores would be others, or whose holders lose a value."""
    then = {ring.ring_id: sorted(map(_standing_of, ring.members)) for ring in otherwise.rings}
    moved = {r for r in otherwise.replaced if sorted(map(_standing_of, rows.get(r, []))) != then.get(r)}
    return (moved | touched) & rows.keys()


def _standing_of(member: MemberRow | Member) -> tuple[object, ...]:
    return (member.seller_id, member.tier, member.is_fragile, member.infringement_score)


def _is_weaker(now: Case, then: Case | None) -> bool:
    """Say whether a ring would lose a member, or a member of it would be less sure, or not closable any more."""
    if then is None:
        return True
    for seller_id, member in now.members.items():
        other = then.members.get(seller_id)
        if other is None or TIERS.index(other.tier) > TIERS.index(member.tier):
            return True
        if not reasons_to_spare(now, seller_id) and reasons_to_spare(then, seller_id):
            return True
    return False


def _leans_on(plan: Plan, innocent: Innocent) -> bool:
    """Say whether what a plan rests on holds what is innocent, and not yet as such."""
    rings: Mapping[str, Mapping[str, Any]] = plan.header.get("rings", {})
    if isinstance(innocent, Judgement):
        return innocent.ring_id in rings
    return any(
        list(innocent) in member["values"]
        for ring in rings.values()
        if list(innocent) not in ring["exempt"]
        for member in ring["members"].values()
    )


class _Trial:
    """What is held innocent, and how stores of plans stand with and without it."""

    def __init__(self, innocent: Innocent, registry: Registry, worlds: _Worlds) -> None:
        self.worlds = worlds
        self._innocent = innocent
        self._registry = registry
        cases = (*worlds.now.values(), *worlds.then.values())
        self._moving = {seller_id for case in cases for seller_id in case.members}
        self._now: dict[str, Case] = {}
        self._then: dict[str, Case] = {}

    def touches(self, store: PlanStore) -> bool:
        """Say whether it could make a difference to what a plan does to a store."""
        is_taken = store.action in _TAKING
        return is_taken and (store.body["seller_id"] in self._moving or self._carries(store))

    def read_rings(self, view: View, seller_ids: set[str], hand: Hand) -> None:
        """Find out which ring each seller is in, and would be in."""
        ring_of = view.ring_of(FULL, seller_ids)
        still = read_cases(view, sorted(set(ring_of.values()) - self.worlds.now.keys()), hand.at)
        cases = {**self.worlds.now, **still}
        self._now = {seller_id: cases[ring_id] for seller_id, ring_id in ring_of.items()}
        self._then = {seller_id: case for seller_id, case in self._now.items() if case.ring_id in still}
        fits = (
            (case.members[s].link_score, case.ring_id, s) for case in self.worlds.then.values() for s in case.members
        )
        for _, ring_id, seller_id in sorted(fits):  # who fits two rings counts with the one that it fits better
            self._then[seller_id] = self.worlds.then[ring_id]

    def fells(self, plan: Plan, store: PlanStore) -> bool:
        """Say whether what a plan does to a store would not stand."""
        seller_id, least = store.body["seller_id"], plan.header["min_infringement"]
        carries = self._carries(store)
        if isinstance(self._innocent, Judgement) and carries:
            return True
        now, then = self._now.get(seller_id), self._then.get(seller_id)
        if now is None and then is None:
            return carries and len(self._families_left(store)) < MIN_FAMILIES
        is_spared_now = now is None or bool(reasons_to_spare(now, seller_id, least))
        is_spared_then = then is None or bool(reasons_to_spare(then, seller_id, least))
        return is_spared_then and (carries or not is_spared_now)

    def voids(self, plan: Plan) -> bool:
        """Say whether a plan that was not begun would be void."""
        if plan.state not in _OPEN or plan.begun_at is not None:
            return False
        frozen, now, then = plan.header["rings"], self.worlds.now, self.worlds.then
        return _leans_on(plan, self._innocent) or any(
            not what_changed(ring_id, frozen[ring_id], now[ring_id])
            and bool(what_changed(ring_id, frozen[ring_id], then.get(ring_id)))
            for ring_id in frozen.keys() & now.keys()
        )

    def _carries(self, store: PlanStore) -> bool:
        """Say whether a plan's grounds for a store hold what is innocent."""
        if isinstance(self._innocent, Judgement):
            link = (self._innocent.seller_id, self._innocent.ring_id)
            return link == (store.body["seller_id"], store.body["ring_id"])
        return list(self._innocent) in store.body["values"]

    def _families_left(self, store: PlanStore) -> set[str]:
        """Return the families that count among a plan's grounds for a store, without what is innocent."""
        kinds = {kind for kind, text in store.body["values"] if (kind, text) != self._innocent}
        return {self._registry[kind].family.value for kind in kinds} & COUNTING_FAMILIES
