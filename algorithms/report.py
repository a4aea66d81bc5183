"""What was found, written out as the frozen rows that everyone else reads: rings, members, values, hubs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ringwatch.algorithms.clusters import Clusters
from ringwatch.algorithms.evidence import EvidenceWriter, with_judgement
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.learn import Judged, Model
from ringwatch.algorithms.lineage import name_rings
from ringwatch.algorithms.segments import first_of_group
from ringwatch.algorithms.verdicts import Verdicts
from ringwatch.model.rings import TIERS, Member, Ring, RingValue, Role
from ringwatch.model.snapshot import Bools


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a run worked out, as arrays."""

    facts: Facts
    model: Model
    judged: Judged
    clusters: Clusters
    verdicts: Verdicts


def write_rings(outcome: Outcome, earlier: Mapping[str, str]) -> tuple[Ring, ...]:
    """Return the rings by tier, link score falling and ring_id; members ascending by seller_id."""
    groups, verdicts = outcome.clusters.groups, outcome.verdicts
    ids = outcome.facts.snapshot.seller_ids.take(groups.member).to_pylist()
    spans = list(zip(groups.start[:-1].tolist(), groups.start[1:].tolist(), strict=True))
    ring_ids = name_rings([ids[start:end] for start, end in spans], earlier)
    members = _write_members(outcome, ids)
    values = ring_values(outcome.facts, groups, _acts_as_hub(outcome))
    rings = [
        Ring(
            ring_id=ring_ids[ring],
            tier=TIERS[verdicts.ring_tier[ring]],
            link_score=sum(member.link_score for member in members[start:end]) / (end - start),
            infringement_score=float(verdicts.ring_infringement[ring]),
            members=tuple(members[start:end]),
            values=values.get(ring, ()),
        )
        for ring, (start, end) in enumerate(spans)
    ]
    return tuple(sorted(rings, key=lambda ring: (TIERS.index(ring.tier), -ring.link_score, ring.ring_id)))


def _write_members(outcome: Outcome, ids: list[str]) -> list[Member]:
    verdicts = outcome.verdicts
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
        for row, seller_id in enumerate(ids)
    ]


def _roles(outcome: Outcome) -> list[Role]:
    """Core where it was there before left-overs came in; spare where others of its ring sell and it does not."""
    groups, snapshot = outcome.clusters.groups, outcome.facts.snapshot
    sells = snapshot.n_listings[groups.member] > 0
    ring_sells = np.bincount(groups.ring_of[groups.member], sells, groups.n)[groups.ring_of[groups.member]] > 0
    is_spare = ~sells & ring_sells & (snapshot.n_upheld[groups.member] == 0)
    is_core = outcome.clusters.is_core[groups.member]
    return [Role(name) for name in np.where(is_spare, Role.SPARE, np.where(is_core, Role.CORE, Role.EXTENDED))]


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


def _acts_as_hub(outcome: Outcome) -> Bools:
    hub = is_hub(outcome.judged.levels).copy()
    hits = outcome.verdicts.standing.hits
    hub[hits.value[outcome.verdicts.is_service]] = True
    return hub
