"""Rings as closing looks at them: members, what speaks for each, and what people decided about it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwatch.db.record import Record
from ringwatch.db.view import MemberRow, RingQuery, View
from ringwatch.enforcement.rules import Case, Grounds
from ringwatch.model.chain import Sealed
from ringwatch.model.enforcement import AppealState, StoreAction, StoreState
from ringwatch.model.kinds import COUNTING_FAMILIES
from ringwatch.model.rings import Evidence, Member, Tier
from ringwatch.model.visibility import FULL

RINGS_A_READ = 100  # some megabytes of members and evidence
MOST_MEMBERS = 1_000_000  # more than any ring has


def rings_of_tier(view: View, tier: Tier) -> list[str]:
    """Return the rings of a tier, in the order of the list of rings."""
    return [ring.ring_id for ring in view.rings(FULL, RingQuery(tiers=(tier,))).rows]


def read_cases(view: View, ring_ids: Iterable[str], at: datetime) -> dict[str, Case]:
    """Return each ring of the current run that is there, in the order asked; unknown ids have no entry."""
    return {ring_id: case for cases in read_cases_in_parts(view, ring_ids, at) for ring_id, case in cases.items()}


def read_cases_in_parts(view: View, ring_ids: Iterable[str], at: datetime) -> Iterator[dict[str, Case]]:
    """Yield the same ``RINGS_A_READ`` rings at a time, so that memory does not grow with their number."""
    exempt = {(row.kind, row.value) for row in view.exemptions(FULL, at)}
    judged: dict[str, dict[str, str]] = {}
    for row in view.judgements(FULL):
        judged.setdefault(row.judgement.ring_id, {})[row.judgement.seller_id] = row.judgement.verdict.value
    asked = list(dict.fromkeys(ring_ids))
    for first in range(0, len(asked), RINGS_A_READ):
        part = asked[first : first + RINGS_A_READ]
        versions = {ring_id: len(lineage.versions) for ring_id, lineage in view.lineages(FULL, part).items()}
        found = {}
        for ring_id, grounds in _grounds(view, part).items():
            used = {value for member in grounds.values() for value in member.values}
            decided = (tuple(sorted(used & exempt)), judged.get(ring_id, {}))
            found[ring_id] = Case(ring_id, versions.get(ring_id, 0), grounds, *decided)
        yield found


def _grounds(view: View, ring_ids: Sequence[str]) -> dict[str, dict[str, Grounds]]:
    """Return the grounds of each member of rings that are there, in the order asked."""
    pages = view.members_of(FULL, ring_ids, MOST_MEMBERS)
    members = {ring_id: pages[ring_id].rows for ring_id in ring_ids if ring_id in pages}
    evidence = view.evidence_of(FULL, [(ring_id, m.seller_id) for ring_id, rows in members.items() for m in rows])
    return {
        ring_id: {m.seller_id: grounds_of(m, evidence.get((ring_id, m.seller_id), ())) for m in rows}
        for ring_id, rows in members.items()
    }


def grounds_of(m: MemberRow | Member, evidence: Iterable[Evidence]) -> Grounds:
    """Return a membership as closing looks at it, of a kept run or of one that would be."""
    parts = [part for part in evidence if part.value and part.score > 0]
    scores = (m.link_score, m.infringement_score)
    return Grounds(m.seller_id, m.tier, m.is_fragile, *scores, *_families(parts), _values(parts), _loudest_first(parts))


def _families(parts: Iterable[Evidence]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    named = sorted({part.family for part in parts})
    return tuple(family for family in named if family in COUNTING_FAMILIES), tuple(named)


def _loudest_first(parts: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(parts, key=lambda part: (-part.score, part.kind, part.value)))


def _values(parts: Iterable[Evidence]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(part.kind, part.value) for part in parts}))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a store stands: ``decided`` is the entry that its state rests on, None where it stands as it was loaded.

    An undo takes a decision back, so what was decided before it stands again, and may be undone in its turn.

    ``upheld_against``: plans against which an appeal of it was upheld; ``is_reinstated``: its own undid what was last.
    """

    state: StoreState
    decided: Sealed | None
    is_appealed: bool
    upheld_against: frozenset[str | None] = frozenset()
    is_reinstated: bool = False

    def rests_on(self, plan_id: str) -> bool:
        """Say whether the state is what a plan made of it."""
        return self.decided is not None and self.decided.entry.plan_id == plan_id

    @property
    def shown(self) -> StoreState:
        """What people read: an open appeal before what it is against, and open again by right of an upheld one."""
        if self.is_appealed:
            return StoreState.APPEALED
        return StoreState.REINSTATED if self.is_reinstated and self.state is StoreState.OPEN else self.state


def read_standings(record: Record, closed_as_loaded: Mapping[str, bool]) -> dict[str, Standing]:
    """Return how stores stand, by their ids; ``closed_as_loaded`` says what was loaded of each."""
    appealed, upheld = set(), dict[str, set[str | None]]()
    for appeal in record.appeals():
        if appeal.state is AppealState.OPEN:
            appealed.add(appeal.store_id)
        elif appeal.state is AppealState.UPHELD:
            upheld.setdefault(appeal.store_id, set()).add(appeal.plan_id)
    entries = record.store_entries(closed_as_loaded)
    found = {}
    for store_id, is_closed in closed_as_loaded.items():
        changes = [row for row in entries.get(store_id, []) if row.entry.state is not None]
        loaded = StoreState.CLOSED if is_closed else StoreState.OPEN
        state = StoreState(str(changes[-1].entry.state)) if changes else loaded
        is_reinstated = bool(changes) and bool(json.loads(changes[-1].entry.body).get("is_reinstated"))
        appeals = (store_id in appealed, frozenset(upheld.get(store_id, ())), is_reinstated)
        found[store_id] = Standing(state, _decided(changes), *appeals)
    return found


def _decided(changes: Iterable[Sealed]) -> Sealed | None:
    """Return the last change that was not taken back: each undo takes back the one that stood before it."""
    standing: list[Sealed] = []
    for row in changes:
        if row.entry.action != StoreAction.REOPEN:
            standing.append(row)
        elif standing:
            standing.pop()
    return standing[-1] if standing else None
