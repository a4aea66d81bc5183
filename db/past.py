"""Reads over rings as they were in a run of before: which there were, and what each rested on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from ringwatch.db.database import Row
from ringwatch.db.lens import Lens
from ringwatch.db.ring_contents import PackedMember, RingContent, unpack_ring
from ringwatch.db.rows import MemberRow, PastRing, PastRun, RingRow, RingSince, VersionContent
from ringwatch.db.times import moment_of
from ringwatch.model.rings import TIERS, Evidence, RingValue, Role

_NOTHING = PackedMember(0.0, is_fragile=False, why_not_closer="", evidence=())


def read_run(lens: Lens, run_id: str) -> PastRun | None:
    """Return a run of any time, None where no run of that id was kept."""
    for n, found, at in lens.rows("find_run", {"run_id": run_id}):
        return PastRun(n, found, moment_of(at))
    return None


def read_rings_at(lens: Lens, run: PastRun) -> Sequence[RingSince]:
    """Return the rings of a run, by ring_id; O(versions up to that run)."""
    return [_since(row) for row in lens.rows("rings_at", {"log_n": run.n})]


def read_ring_at(lens: Lens, ring_id: str, run: PastRun) -> PastRing | None:
    """Return a ring as it was in a run, None where the run had none of that id."""
    found = lens.rows("ring_at", {"ring_id": ring_id, "log_n": run.n})
    if not found:
        return None
    since, kept = _since(found[0]), orjson.loads(found[0][8])
    (version,) = read_contents(lens, ring_id, since.n, since.n)
    return _past_ring(lens, since, kept, unpack_ring(version.packed) if version.packed else None)


def read_contents(lens: Lens, ring_id: str, low: int, high: int) -> list[VersionContent]:
    """Return what is kept of versions ``low`` to ``high``, first ones first."""
    rows = lens.rows("ring_contents", {"ring_id": ring_id, "low": low, "high": high})
    return [VersionContent(n, packed or "", places or "") for n, packed, places in rows]


def values_in_order(values: Sequence[RingValue]) -> tuple[RingValue, ...]:
    """Return values as ``View.ring_values`` gives them: hubs last."""
    return tuple(sorted(values, key=lambda value: value.is_hub))


def _since(row: Row) -> RingSince:
    ring_id, tier_rank, n_sellers, link_score, infringement_score, n, run_id, at = row[:8]
    ring = RingRow(ring_id, TIERS[tier_rank], n_sellers, link_score, infringement_score)
    return RingSince(ring, n, run_id, moment_of(at))


def _past_ring(lens: Lens, since: RingSince, kept: list[list[Any]], content: RingContent | None) -> PastRing:
    packed = content.members if content else {}
    members = tuple(_member(since.ring.ring_id, row, packed.get(row[0], _NOTHING)) for row in kept)
    evidence = {seller_id: _masked(lens, member.evidence) for seller_id, member in packed.items()}
    values = values_in_order(content.values) if content else ()
    shown = tuple(replace(value, value=lens.value(value.kind, value.value)) for value in values)
    return PastRing(since, members, evidence, shown, content is not None)


def _member(ring_id: str, row: list[Any], packed: PackedMember) -> MemberRow:
    seller_id, tier_rank, role, link_score, infringement_score = row
    scores = (link_score, packed.log_odds, infringement_score)
    return MemberRow(
        ring_id, seller_id, TIERS[tier_rank], Role(role), *scores, packed.is_fragile, packed.why_not_closer
    )


def _masked(lens: Lens, parts: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(replace(part, value=lens.value(part.kind, part.value)) for part in parts)
