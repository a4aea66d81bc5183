"""Records that were grouped, judged by the rules of every ring and written out as its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from scipy.special import expit

from ringwatch.algorithms.clusters import Clusters
from ringwatch.algorithms.evidence import with_judgement
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.firmness import FRAGILE_BELOW
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.infringement import log_bayes_factor, market_rate, ring_score
from ringwatch.algorithms.judgements import bind, judged_parts, without_parted
from ringwatch.algorithms.lineage import name_rings
from ringwatch.algorithms.outliers import OUTLIERS, find_junk, junk_notes
from ringwatch.algorithms.record_members import RecordEvidence, RecordStanding, stand_records
from ringwatch.algorithms.record_pairs import VALUE_HOLDERS_MOST, value_codes
from ringwatch.algorithms.record_priors import SAME, STRANGERS
from ringwatch.algorithms.records import RecordGroups, group_records, notes_on
from ringwatch.algorithms.report import ring_values
from ringwatch.algorithms.tiers import REVIEW_LEAST, Grounds, give_tiers, ring_tiers
from ringwatch.model.judgements import Judgement
from ringwatch.model.rings import TIERS, Fit, Hub, HubGround, Member, Ring, Role
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs, Snapshot


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What a run over records may be given besides."""

    fit: Fit | None
    earlier: Mapping[str, str]
    judgements: Sequence[Judgement]
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RecordRings:
    """What a run over records found."""

    rings: tuple[Ring, ...]
    hubs: tuple[Hub, ...]
    fit: Fit
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Verdicts:
    standing: RecordStanding
    judged: Floats
    log_odds: Floats
    is_fragile: Bools
    tier: Ints
    why: list[str]


def find_record_rings(snapshot: Snapshot, known: KnownBefore) -> RecordRings:
    """Return the rings of a list of records, in the order and by the rules of every run."""
    found, fit = group_records(snapshot, known.fit, known.tell)
    facts = found.records.facts
    nobody = np.zeros(snapshot.n_sellers, dtype=np.bool_)
    bound = bind(facts, Clusters(found.groups, nobody, nobody, nobody), known.judgements, known.earlier)
    found = replace(found, groups=bound.clusters.groups)
    known.tell("judge members")
    verdicts = _judge(found, bound.clusters.is_bound)
    known.tell("write rings")
    hub = says_nothing(found)
    rings = _write(found, verdicts, hub, without_parted(known.earlier, known.judgements))
    hubs = _write_hubs(found, hub, fit)
    return RecordRings(rings, hubs, fit, notes_on(found.records) + junk_notes(hubs) + bound.notes)


def _judge(found: RecordGroups, is_bound: Bools) -> _Verdicts:
    groups, seller = found.groups, found.groups.member.astype(np.int64)
    ring = groups.ring_of[seller]
    standing = stand_records(found, seller, ring)
    judged = judged_parts(is_bound[seller], standing.log_odds)
    log_odds = standing.log_odds + judged
    n_members = groups.size[ring]
    is_fragile = log_odds - _best_value(standing) < FRAGILE_BELOW
    grounds = Grounds(
        log_odds=log_odds,
        is_weak=np.zeros(len(seller), dtype=np.bool_),
        n_families=_count_families(found, standing),
        is_served=np.zeros(len(seller), dtype=np.bool_),
        is_fragile=is_fragile,
        n_likely=np.bincount(ring, log_odds >= REVIEW_LEAST, groups.n).astype(np.int64)[ring],
        n_members=n_members,
        ring_has_notice=np.bincount(ring, found.records.facts.snapshot.n_upheld[seller] > 0, groups.n)[ring] > 0,
    )
    tier, why = give_tiers(grounds)
    return _Verdicts(standing, judged, log_odds, is_fragile, tier, why)


def _best_value(standing: RecordStanding) -> Floats:
    """Return what each member owes to the value, or the likeness of names, that it leans on most."""
    best = np.zeros(len(standing.seller))
    np.maximum.at(best, standing.ties.row, standing.ties.score)
    return best


def _count_families(found: RecordGroups, standing: RecordStanding) -> Longs:
    ties, facts = standing.ties, found.records.facts
    is_said = np.flatnonzero((ties.value >= 0) & (ties.score > 0))
    kinds = facts.snapshot.value_kind[ties.value[is_said]]
    counts = np.array([kind.counts for kind in facts.snapshot.kinds], dtype=np.bool_)[kinds]
    width = max(int(facts.kind_family.max(initial=0)) + 1, 1)
    keys = np.unique(ties.row[is_said][counts] * width + facts.kind_family[kinds][counts])
    n_families: Longs = np.bincount(keys // width, minlength=len(standing.seller)).astype(np.int64)
    return n_families


def _write(found: RecordGroups, verdicts: _Verdicts, hub: Bools, earlier: Mapping[str, str]) -> tuple[Ring, ...]:
    groups, snapshot = found.groups, found.records.facts.snapshot
    ids = snapshot.seller_ids.take(groups.member).to_pylist()
    spans = list(zip(groups.start[:-1].tolist(), groups.start[1:].tolist(), strict=True))
    ring_ids = name_rings([ids[start:end] for start, end in spans], earlier)
    infringement = _infringement(groups, snapshot)
    members = _write_members(found, verdicts, ids, infringement)
    values = ring_values(found.records.facts, groups, hub)
    tiers = ring_tiers(verdicts.tier, groups.ring_of[groups.member], groups.n, groups.size)
    rings = [
        Ring(
            ring_id=ring_ids[ring],
            tier=TIERS[tiers[ring]],
            link_score=sum(member.link_score for member in members[start:end]) / (end - start),
            infringement_score=float(infringement[ring]),
            members=tuple(members[start:end]),
            values=values.get(ring, ()),
        )
        for ring, (start, end) in enumerate(spans)
    ]
    return tuple(sorted(rings, key=lambda ring: (TIERS.index(ring.tier), -ring.link_score, ring.ring_id)))


def _infringement(groups: Groups, snapshot: Snapshot) -> Floats:
    """Return each ring's score: nobody was complained of, so it only falls with size."""
    is_upheld = snapshot.n_upheld[groups.member] > 0
    n_upheld = np.bincount(groups.ring_of[groups.member], is_upheld, groups.n).astype(np.int64)
    return ring_score(log_bayes_factor(n_upheld, groups.size, market_rate(snapshot)))


def _write_members(found: RecordGroups, verdicts: _Verdicts, ids: list[str], infringement: Floats) -> list[Member]:
    writer = RecordEvidence(found, verdicts.standing)
    scores = expit(verdicts.log_odds)
    ring = verdicts.standing.ring
    return [
        Member(
            seller_id=seller_id,
            tier=TIERS[verdicts.tier[row]],
            role=Role.CORE if verdicts.log_odds[row] >= REVIEW_LEAST else Role.EXTENDED,
            link_score=float(scores[row]),
            log_odds=float(verdicts.log_odds[row]),
            infringement_score=float(infringement[ring[row]]),
            evidence=with_judgement(writer.evidence(row), float(verdicts.judged[row])),
            is_fragile=bool(verdicts.is_fragile[row]),
            why_not_closer=verdicts.why[row],
        )
        for row, seller_id in enumerate(ids)
    ]


def says_nothing(found: RecordGroups) -> Bools:
    """Say of each value whether it joins nobody: too many hold it to be listed, or sharing it tells nothing here."""
    records = found.records
    rate = found.model.rate[:, records.voice[records.facts.snapshot.value_kind], value_codes(records)]
    says: Bools = (records.facts.n_holders > VALUE_HOLDERS_MOST) | (rate[SAME] <= rate[STRANGERS])
    return says


def _write_hubs(found: RecordGroups, hub: Bools, fit: Fit) -> tuple[Hub, ...]:
    facts = found.records.facts
    chosen = np.flatnonzero(hub & facts.is_usable)
    chosen = chosen[np.lexsort((chosen, -facts.n_holders[chosen]))]
    texts = facts.snapshot.value_text.take(chosen).to_pylist()
    is_junk = find_junk(facts, cast("Mapping[str, int]", fit.tables.get(OUTLIERS, {})), chosen)
    columns = zip(chosen.tolist(), texts, is_junk.tolist(), strict=True)
    return tuple(_hub(facts, value, text, is_junk=is_junk) for value, text, is_junk in columns)


def _hub(facts: Facts, value: int, text: str, *, is_junk: bool) -> Hub:
    n_holders = int(facts.n_holders[value])
    kind = facts.snapshot.kinds[facts.snapshot.value_kind[value]].name
    if is_junk:
        reason = f"its {n_holders} holders are far more than values of its kind have, and hold no other: a placeholder"
        return Hub(kind, text, n_holders, reason, HubGround.JUNK, "placeholder")
    if n_holders > VALUE_HOLDERS_MOST:
        reason = f"{n_holders} holders are more than the {VALUE_HOLDERS_MOST} whose pairs are listed"
        return Hub(kind, text, n_holders, reason, HubGround.UNLISTED)
    return Hub(
        kind, text, n_holders, f"records that share a {kind} held by so many are no likelier one party than others"
    )
