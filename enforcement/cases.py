"""Rings as closing looks at them: members, what speaks for each, and what people decided about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwatch.db.record import Record
from ringwatch.db.view import RingQuery, View
from ringwatch.enforcement.rules import Case, Grounds
from ringwatch.model.chain import Sealed
from ringwatch.model.enforcement import StoreAction, StoreState
from ringwatch.model.kinds import COUNTING_FAMILIES
from ringwatch.model.rings import Evidence, Tier
from ringwatch.model.visibility import FULL


def rings_of_tier(view: View, tier: Tier) -> list[str]:
    """Return the rings of a tier, in the order of the list of rings."""
    return [ring.ring_id for ring in view.rings(FULL, RingQuery(tiers=(tier,))).rows]


def read_cases(view: View, ring_ids: Iterable[str], at: datetime) -> dict[str, Case]:
    """Return each ring of the current run that is there; unknown ids have no entry."""
    exempt = {(row.kind, row.value) for row in view.exemptions(FULL, at)}
    judged: dict[str, dict[str, str]] = {}
    for row in view.judgements(FULL):
        judged.setdefault(row.judgement.ring_id, {})[row.judgement.seller_id] = row.judgement.verdict.value
    asked = list(dict.fromkeys(ring_ids))
    versions = {ring_id: len(lineage.versions) for ring_id, lineage in view.lineages(FULL, asked).items()}
    found = {}
    for ring_id in asked:
        members = view.members(FULL, ring_id).rows
        evidence = view.evidence_of(FULL, [(ring_id, member.seller_id) for member in members])
        grounds = {}
        for m in members:
            parts = [part for part in evidence.get((ring_id, m.seller_id), ()) if part.value and part.score > 0]
            scores = (m.link_score, m.infringement_score)
            grounds[m.seller_id] = Grounds(
                m.seller_id, m.tier, m.is_fragile, *scores, *_families(parts), _values(parts), _loudest_first(parts)
            )
        used = {value for member in grounds.values() for value in member.values}
        if grounds:
            decided = (tuple(sorted(used & exempt)), judged.get(ring_id, {}))
            found[ring_id] = Case(ring_id, versions.get(ring_id, 0), grounds, *decided)
    return found


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
    """

    state: StoreState
    decided: Sealed | None
    is_appealed: bool

    @property
    def shown(self) -> StoreState:
        """What people read: an open appeal is told before what it is against."""
        return StoreState.APPEALED if self.is_appealed else self.state


def read_standings(record: Record, closed_as_loaded: Mapping[str, bool]) -> dict[str, Standing]:
    """Return how stores stand, by their ids; ``closed_as_loaded`` says what was loaded of each."""
    appealed = {appeal.store_id for appeal in record.appeals() if appeal.state.value == "open"}
    entries = record.store_entries(closed_as_loaded)
    found = {}
    for store_id, is_closed in closed_as_loaded.items():
        changes = [row for row in entries.get(store_id, []) if row.entry.state is not None]
        loaded = StoreState.CLOSED if is_closed else StoreState.OPEN
        state = StoreState(str(changes[-1].entry.state)) if changes else loaded
        found[store_id] = Standing(state, _decided(changes), store_id in appealed)
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
