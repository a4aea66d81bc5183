"""A part of the market judged anew, rings and members, after a change: for runs, and for questions that ask what if."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringwatch.algorithms.clusters import clusters_of
from ringwatch.algorithms.em import explain, log_odds
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.features import find_patterns, meeting_codes, pair_weights, show
from ringwatch.algorithms.hubs import TieCounts, is_hub
from ringwatch.algorithms.incremental import Memory, Reworked, Touched, World, rework
from ringwatch.algorithms.judgements import bind
from ringwatch.algorithms.learn import Judged
from ringwatch.algorithms.overlaps import find_overlaps
from ringwatch.algorithms.pairs import list_pairs_of
from ringwatch.algorithms.region import holders_of
from ringwatch.algorithms.report import Outcome, acts_as_hub
from ringwatch.algorithms.verdicts import judge_members
from ringwatch.model.judgements import Judgement
from ringwatch.model.snapshot import Bools, Longs


@dataclass(frozen=True, slots=True)
class Part:
    """Rings of a region, judged. Seller and value numbers in ``outcome`` are those of ``reworked.region``."""

    reworked: Reworked
    outcome: Outcome
    rings: Longs  # numbers of the rings that are written anew; the others only surround them
    closed: Longs  # numbers of those around, as they were, all of whose stores are closed
    notes: tuple[str, ...]


def judge_part(
    world: World,
    memory: Memory,
    touched: Touched,
    judgements: Sequence[Judgement] = (),
    earlier: Mapping[str, str] | None = None,
) -> Part:
    """Return what a change makes of the rings around it; rings that are not in ``Part.rings`` stand as they were.

    ``world.bonds`` hold together whom ``judgements`` and ``earlier`` (the ring_id by seller_id) name together.
    """
    while True:
        reworked = rework(world, memory, touched)
        part = _judge(world, reworked, judgements, earlier or {})
        also = np.union1d(_also_asked(memory, part), _also_between(world, part, earlier or {}))
        if not len(also):
            return part
        touched = replace(touched, asked=np.union1d(touched.asked, also))


def leave_out(
    world: World,
    memory: Memory,
    value: int,
    judgements: Sequence[Judgement] = (),
    earlier: Mapping[str, str] | None = None,
) -> Part:
    """Return what becomes of the rings around a value if it did not count. O(links), and little of that."""
    is_exempt = world.facts.snapshot.value_is_exempt.copy()
    is_exempt[value] = True
    without = replace(world, facts=prepare(replace(world.facts.snapshot, value_is_exempt=is_exempt)))
    values = np.array([value], dtype=np.int64)
    return judge_part(without, memory, Touched(holders_of(world.facts, values), values), judgements, earlier)


def _judge(world: World, reworked: Reworked, judgements: Sequence[Judgement], earlier: Mapping[str, str]) -> Part:
    region, memory = reworked.region, reworked.memory
    facts, levels = region.facts, memory.rounds[-1][region.values]
    core = region.places_of(reworked.core)
    ids = facts.snapshot.seller_ids.take(core).to_pylist() if judgements else []
    known = {seller_id: earlier[seller_id] for seller_id in ids if seller_id in earlier}
    bound = bind(facts, clusters_of(facts, reworked.trail), judgements, known)
    verdicts = judge_members(facts, bound.clusters, levels, world.model)
    ring_of = _rings_now(reworked, bound.clusters.groups.ring_of, _rings_before(reworked, earlier))
    overlaps = find_overlaps(facts, levels, world.config.max_pair_holders, ring_of)
    judged = _judged(world, reworked, core)
    outcome = Outcome(facts, world.model, judged, bound.clusters, verdicts, memory, overlaps)
    of_core = bound.clusters.groups.ring_of[core]
    rings = np.unique(of_core[of_core >= 0])
    part = Part(reworked, outcome, rings, np.setdiff1d(_closed(outcome), rings), bound.notes)
    serves = memory.serves.copy()
    told = np.flatnonzero(_is_whole(part) | is_hub(levels))
    serves[region.values[told]] = acts_as_hub(outcome)[told]
    now = replace(memory, serves=serves)
    return replace(part, reworked=replace(reworked, memory=now), outcome=replace(outcome, memory=now))


def _judged(world: World, reworked: Reworked, core: Longs) -> Judged:
    """Return the pairs of the core and the values of the region as they were judged."""
    region, memory, most = reworked.region, reworked.memory, world.config.max_pair_holders
    facts, levels = region.facts, memory.rounds[-1][region.values]
    pairs = list_pairs_of(facts, most, core)
    codes = meeting_codes(facts, pairs, levels)
    shown = show(facts, pairs, codes, world.model.weights.ratio)
    patterns = find_patterns(shown.codes, pair_weights(facts, pairs))
    odds = log_odds(explain(world.model.weights, patterns.codes))[patterns.of_pair]
    n_tied = memory.n_tied[region.values]
    counted = np.flatnonzero(n_tied >= 0)
    ties = TieCounts(counted, facts.n_holders[counted], n_tied[counted])
    rounds = tuple(known[region.values] for known in memory.rounds)
    return Judged(pairs, levels, ties, codes, shown, patterns, odds, rounds)


def _rings_before(reworked: Reworked, earlier: Mapping[str, str]) -> Longs:
    """Return a number for the ring that each seller of the region was in, -1 for none."""
    number: dict[str, int] = {}
    ids = reworked.region.facts.snapshot.seller_ids.to_pylist()
    rings = (number.setdefault(earlier[seller], len(number)) if seller in earlier else -1 for seller in ids)
    return np.fromiter(rings, dtype=np.int64, count=len(ids))


def _rings_now(reworked: Reworked, ring_of: Longs, before: Longs) -> Longs:
    """Return a number for the ring of each seller of the region: of the core as judged now, of the others as before."""
    core = reworked.region.places_of(reworked.core)
    now = before.copy()
    now[core] = np.where(ring_of[core] >= 0, ring_of[core] + before.max(initial=-1) + 1, -1)
    return now


def _also_between(world: World, part: Part, earlier: Mapping[str, str]) -> Longs:
    """Return who around came to stand between its ring and one of the core, or ceased to."""
    reworked, facts = part.reworked, part.outcome.facts
    before = _rings_before(reworked, earlier)
    now = _rings_now(reworked, part.outcome.clusters.groups.ring_of, before)
    is_core = np.zeros(len(before), dtype=np.bool_)
    is_core[reworked.region.places_of(reworked.core)] = True
    levels, most = reworked.memory.rounds[-1][reworked.region.values], world.config.max_pair_holders
    was, is_now = (find_overlaps(facts, levels, most, ring_of, is_core) for ring_of in (before, now))
    between: Longs = reworked.region.sellers[(was != is_now) & ~is_core]
    return between


def _is_whole(part: Part) -> Bools:
    """Say of each value of the region whether all of its holders are in it."""
    facts = part.outcome.facts
    whole: Bools = np.diff(facts.snapshot.value_start) == facts.n_holders
    return whole


def _closed(outcome: Outcome) -> Longs:
    """Return the rings all of whose stores are closed: whoever is new may be one of them come back."""
    groups, is_closed = outcome.clusters.groups, outcome.facts.snapshot.is_closed
    n_closed = np.bincount(groups.ring_of[groups.member], is_closed[groups.member], groups.n)
    return np.flatnonzero(n_closed == groups.size)


def _also_asked(memory: Memory, part: Part) -> Longs:
    """Return who is in a ring around that has to be written anew all the same.

    A value that came to serve strangers, or ceased to, is shown so in every ring that uses it.
    """
    groups, facts, region = part.outcome.clusters.groups, part.outcome.facts, part.reworked.region
    before, now = memory.serves[region.values], part.reworked.memory.serves[region.values]
    flipped = np.flatnonzero((before != now) & _is_whole(part) & facts.is_usable)
    concerned = np.zeros(groups.n, dtype=np.bool_)
    ring = groups.ring_of[holders_of(facts, flipped)]
    concerned[ring[ring >= 0]] = True
    concerned[part.rings] = False
    is_concerned = concerned[groups.ring_of[groups.member]]
    return region.sellers[groups.member[is_concerned]]
