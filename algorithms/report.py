"""What was found, written out as the frozen rows that everyone else reads: rings, members, values, hubs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ringwatch.algorithms.clusters import Clusters
from ringwatch.algorithms.evidence import EvidenceWriter, with_judgement
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.incremental import Memory
from ringwatch.algorithms.learn import Judged, Model
from ringwatch.algorithms.lineage import name_rings
from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.algorithms.verdicts import Verdicts
from ringwatch.model.rings import TIERS, Member, Ring, RingValue, Role
from ringwatch.model.snapshot import Bools, Longs


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a run worked out, as arrays."""

    facts: Facts
    model: Model
    judged: Judged
    clusters: Clusters
    verdicts: Verdicts
    memory: Memory  # what a later run may start from
    overlaps: Bools  # per seller: stands in another ring as well


def write_rings(
    outcome: Outcome, earlier: Mapping[str, str], chosen: Longs | None = None, taken: Collection[str] = ()
) -> tuple[Ring, ...]:
    """Return the rings, in order; members ascending by seller_id.

    ``chosen`` are the numbers of those to be written, all by default; ``taken`` are names that other rings have.
    """
    groups, verdicts = outcome.clusters.groups, outcome.verdicts
    written = np.arange(groups.n) if chosen is None else chosen
    counts = groups.size[written]
    members = _write_members(outcome, ranges(groups.start[written], counts))
    ends = np.cumsum(counts).tolist()
    of_ring = [tuple(members[end - n : end]) for end, n in zip(ends, counts.tolist(), strict=True)]
    ring_ids = name_rings([[member.seller_id for member in ring] for ring in of_ring], earlier, taken)
    values = ring_values(outcome.facts, groups, acts_as_hub(outcome))
    rings = [
        Ring(
            ring_id=ring_id,
            tier=TIERS[verdicts.ring_tier[ring]],
            link_score=sum(member.link_score for member in members) / len(members),
            infringement_score=float(verdicts.ring_infringement[ring]),
            members=members,
            values=values.get(ring, ()),
        )
        for ring, ring_id, members in zip(written.tolist(), ring_ids, of_ring, strict=True)
    ]
    return in_order(rings)


def in_order(rings: Iterable[Ring]) -> tuple[Ring, ...]:
    """Return rings by tier, link score falling and ring_id."""
    return tuple(sorted(rings, key=lambda ring: (TIERS.index(ring.tier), -ring.link_score, ring.ring_id)))


def _write_members(outcome: Outcome, rows: Longs) -> list[Member]:
    verdicts = outcome.verdicts
    ids = outcome.facts.snapshot.seller_ids.take(outcome.clusters.groups.member[rows]).to_pylist()
    odds = verdicts.log_odds
    scores = expit(odds)
    roles = _roles(outcome)
    writer = EvidenceWriter(outcome.facts, outcome.clusters.groups, outcome.model.weights, verdicts.standing)
    return [
        Member(
            seller_id=seller_id,
            tier=TIERS[verdicts.tier[row]],
            role=roles[row],
            link_score=float(scores[row]),
            log_odds=float(odds[row]),
            infringement_score=float(verdicts.infringement[row]),
            evidence=with_judgement(writer.evidence(row), float(verdicts.judged[row])),
            is_fragile=bool(verdicts.is_fragile[row]),
            why_not_closer=verdicts.why_not_closer[row],
        )
        for row, seller_id in zip(rows.tolist(), ids, strict=True)
    ]


def _roles(outcome: Outcome) -> list[Role]:
    """Core where it was there before left-overs came in; spare where others of its ring sell and it does not.

    Whoever stands in another ring as well is called so, whatever else it is.
    """
    groups, snapshot = outcome.clusters.groups, outcome.facts.snapshot
    sells = snapshot.n_listings[groups.member] > 0
    ring_sells = np.bincount(groups.ring_of[groups.member], sells, groups.n)[groups.ring_of[groups.member]] > 0
    is_spare = ~sells & ring_sells & (snapshot.n_upheld[groups.member] == 0)
    is_core = outcome.clusters.is_core[groups.member]
    role = np.where(is_spare, Role.SPARE, np.where(is_core, Role.CORE, Role.EXTENDED))
    return [Role(name) for name in np.where(outcome.overlaps[groups.member], Role.OVERLAP, role)]


def ring_values(facts: Facts, groups: Groups, hub: Bools) -> dict[int, tuple[RingValue, ...]]:
    """Return the values that two or more members of each ring share, hubs last, by kind and text."""
    uses, snapshot = groups.uses, facts.snapshot
    shared = np.flatnonzero(uses.n_members > 1)
    value, ring = np.divmod(uses.key[shared], max(groups.n, 1))
    order = np.lexsort((value, hub[value], ring))
    starts = first_of_group(ring[order])
    ends = np.append(starts, len(order))[1:]
    texts = snapshot.value_text.take(value).to_pylist()

    def row(place: int) -> RingValue:
        kind = snapshot.kinds[snapshot.value_kind[value[place]]]
        n_holders = int(facts.n_holders[value[place]])
        return RingValue(kind.name, kind.family.value, texts[place], n_holders, bool(hub[value[place]]))

    return {
        int(ring[order[start]]): tuple(row(place) for place in order[start:end].tolist())
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    }


def acts_as_hub(outcome: Outcome) -> Bools:
    """Say of each value whether it is a hub or a service to some ring."""
    hub = is_hub(outcome.judged.levels).copy()
    hits = outcome.verdicts.standing.hits
    hub[hits.value[outcome.verdicts.is_service]] = True
    return hub
