"""Rings worked out anew where something changed, and only there, exactly as a whole run with the same fit would.

What a whole run found is remembered: the level of each value after each judgement, and the cluster of each seller
after each step (``Memory``). A change is followed from stage to stage, and no farther than it makes a difference:

1. Values judged again: those that changed and those that share two holders with one whose level changed.
2. *Core*: sellers of whom a stage may now say something else. It is closed under what holds sellers together: pairs
   strong enough to join anybody, clusters as remembered, rings as named, people's judgements.
3. The steps are taken in the core and its *surroundings*: whoever shares with it a value that may speak, with their
   clusters. Surroundings stay in their remembered clusters after every step.
4. The core grows by whom the steps joined with it, by who wavers between two clusters, and by whoever shares such a
   value with a seller that came into a cluster or fell out of one; 3 is done again until the core grows no more. Then
   no step of anybody outside has read anything that changed.

The idea is that of self-adjusting computation (Acar, 2005), with stages as the unit of what is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ringwatch.algorithms.clusters import STEPS, Ground, is_clustered, least_evidence
from ringwatch.algorithms.codes import HUB_LEVEL, N_LEVELS
from ringwatch.algorithms.crowds import Crowds, Ties, all_ties, count_tied, crowds_of, joined, strong_ties
from ringwatch.algorithms.em import explain, log_odds
from ringwatch.algorithms.facts import KEY_HOLDERS, Facts
from ringwatch.algorithms.features import meeting_codes, show
from ringwatch.algorithms.hubs import JUDGED_HOLDERS
from ringwatch.algorithms.joins import worth_of
from ringwatch.algorithms.learn import Model, judge_values
from ringwatch.algorithms.merge import Links, Price, link_keys
from ringwatch.algorithms.pairs import list_pairs, list_pairs_of
from ringwatch.algorithms.region import Region, cut, holders_of, links_of, values_of
from ringwatch.algorithms.segments import ranges
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs


@dataclass(frozen=True, slots=True)
class Memory:
    """What a run found on the way, in the numbers of its snapshot."""

    rounds: tuple[Ints, ...]  # level of each value after each judgement
    n_tied: Longs  # per value: holders that another family ties to a fellow, -1 where that was not counted
    trail: tuple[Longs, ...]  # after each step the cluster of each seller, named by its least member
    waits: Bools  # per seller: left out by some step because two clusters suited it equally well
    serves: Bools  # per value: a hub, or a service to some ring
    crowds: Crowds  # what ties holders of values whose pairs are not listed


@dataclass(frozen=True, slots=True)
class Touched:
    """What changed since, in the numbers of the snapshot now."""

    sellers: Longs  # what they are, list or use changed, or a value of theirs came to count or ceased to
    values: Longs  # holders, times of use or exemption changed
    asked: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # sellers judged again all the same


@dataclass(frozen=True, slots=True)
class World:
    """The graph now, and how it is judged."""

    facts: Facts
    model: Model
    config: DetectConfig
    bonds: Longs  # per seller: number of what holds it together besides (its ring as named, a judgement), -1 for none

    def listed(self, values: Longs) -> Longs:
        """Return those of some values whose pairs are listed."""
        is_listed = self.facts.is_usable[values] & (self.facts.n_holders[values] <= self.config.max_pair_holders)
        return values[is_listed]

    @property
    def most_holders(self) -> int:
        """Return the holders above which a value says nothing of any other seller."""
        return max(self.config.max_pair_holders, KEY_HOLDERS)


@dataclass(frozen=True, slots=True)
class Reworked:
    """What came out: what to remember now, who was judged again, and the region that they were judged in."""

    memory: Memory
    core: Longs  # sellers, ascending; whole clusters
    judged_values: Longs  # values judged again
    region: Region  # the core and its surroundings
    trail: tuple[Longs, ...]  # after each step the cluster of each seller of the region, in its numbers


def rework(world: World, memory: Memory, touched: Touched) -> Reworked:
    """Return what a change makes of what was remembered.

    ``touched.values`` that connect sellers (no more than ``most_holders``, now or before) touch all of their holders.
    O(pairs of the core + links of its surroundings).
    """
    near = touched.values[world.facts.n_holders[touched.values] <= world.most_holders]
    judged, judged_values, changed_values = _judge_again(world, memory, touched)
    holders = holders_of(world.facts, _merged(near, world.listed(changed_values)))
    return _Search(world, judged, _merged(touched.sellers, touched.asked, holders)).settle(judged_values)


def _judge_again(world: World, memory: Memory, touched: Touched) -> tuple[Memory, Longs, Longs]:
    """Return the memory with the levels of today, the values judged again, and those that say something else now."""
    facts = world.facts
    own = values_of(facts, touched.sellers)
    changed, before = touched.values, np.zeros(facts.snapshot.n_values, dtype=np.int32)
    rounds, n_tied, asked_ever = [], memory.n_tied.copy(), touched.values
    for known in memory.rounds:
        beside = _shared_values(facts, holders_of(facts, world.listed(changed)))
        asked = _merged(touched.values, own, beside)
        levels, tied = _judge_values(world, before, asked)
        now = known.copy()
        now[asked], n_tied[asked] = levels, tied
        changed = _merged(touched.values, asked[now[asked] != known[asked]])
        asked_ever = _merged(asked_ever, asked)
        rounds.append(now)
        before = now
    return replace(memory, rounds=tuple(rounds), n_tied=n_tied), asked_ever, changed


def _shared_values(facts: Facts, sellers: Longs) -> Longs:
    """Return the values that two or more of some sellers hold."""
    values, counts = np.unique(facts.link_value[links_of(facts, sellers)], return_counts=True)
    return values[counts > 1]


def _judge_values(world: World, before: Ints, asked: Longs) -> tuple[Ints, Longs]:
    """Return the level of each asked value and how many of its holders are tied, given the levels before.

    Where pairs are not listed, ties are counted later; see ``with_crowds``.
    """
    facts, most = world.facts, world.config.max_pair_holders
    levels = np.where(facts.n_holders[asked] > most, N_LEVELS - 1, 0).astype(np.int32)
    n_tied = np.full(len(asked), -1, dtype=np.int64)
    is_listed = facts.is_usable[asked] & (facts.n_holders[asked] <= most)
    judged = np.flatnonzero(is_listed & (facts.n_holders[asked] >= JUDGED_HOLDERS))
    region = cut(facts, holders_of(facts, asked[judged]))
    found, ties = judge_values(region.facts, list_pairs(region.facts, most), world.model, before[region.values])
    place = np.searchsorted(region.values, asked[judged])
    tied_there = np.full(len(region.values), -1, dtype=np.int64)
    tied_there[ties.value] = ties.n_tied
    levels[judged], n_tied[judged] = found[place], tied_there[place]
    return levels, n_tied


class _Search:
    """The core as it grows, and the pairs of it that may join somebody."""

    def __init__(self, world: World, memory: Memory, first: Longs) -> None:
        self._world, self._memory = world, memory
        self._levels = memory.rounds[-1]
        self._is_core = np.zeros(world.facts.snapshot.n_sellers, dtype=np.bool_)
        none = np.zeros(0, dtype=np.int64)
        self._links: list[tuple[Longs, Longs, Floats]] = [(none, none, np.zeros(0))]
        self._ties: list[Ties] = [Ties(none, none, none, none)]
        self._may_cluster = is_clustered(memory.trail[-1])
        self._take_in(first)

    def settle(self, judged_values: Longs) -> Reworked:
        """Return what comes out once the core grows no more."""
        while True:
            region, trail, ground = self._take_steps()
            is_core = self._is_core[region.sellers]
            reached = _merged(self._unsettled(region, trail, ground.waits), self._read_by(region, trail))
            newly_clustered = region.sellers[is_core & is_clustered(trail[-1])]
            grows = bool((~self._may_cluster[newly_clustered]).any()) | self._take_in(reached)
            self._may_cluster[newly_clustered] = True
            if not grows:
                return self._outcome(region, trail, ground.waits, judged_values)

    def _outcome(self, region: Region, trail: list[Longs], waits: Bools, judged_values: Longs) -> Reworked:
        is_core = self._is_core[region.sellers]
        core = region.sellers[is_core]
        kept = []
        for known, labels in zip(self._memory.trail, trail, strict=True):
            found = region.sellers[labels[is_core]]
            now = known if np.array_equal(known[core], found) else known.copy()
            now[core] = found
            kept.append(now)
        now_waits = self._memory.waits.copy()
        now_waits[core] = waits[is_core]
        crowds, n_tied = self._count_crowds(judged_values)
        memory = replace(self._memory, trail=tuple(kept), waits=now_waits, crowds=crowds, n_tied=n_tied)
        return Reworked(memory, core, judged_values, region, tuple(trail))

    def _count_crowds(self, judged_values: Longs) -> tuple[Crowds, Longs]:
        """Return the crowds of today, and how many holders are tied; with whom the core has no part all is as it was.

        A value of which holders or what ties them changed was judged again, or its rows are of the core.
        """
        known, memory = self._memory.crowds, self._memory
        is_left = self._is_core[known.a] | self._is_core[known.b]
        ties = all_ties(self._ties, self._world.facts.snapshot.n_sellers)
        found = crowds_of(self._world.facts, ties, self._world.config.max_pair_holders)
        if not len(found.value) and not is_left.any():
            return known, with_crowds(self._world, memory.n_tied, known, judged_values)
        concerned = _merged(judged_values, known.value[is_left], found.value)
        crowds = joined([known.rows(~is_left), found])
        return crowds, with_crowds(self._world, memory.n_tied, crowds, concerned)

    def _speaking_values(self, sellers: Longs) -> Longs:
        """Return the values of some sellers that may join or take in somebody."""
        world = self._world
        values = world.listed(values_of(world.facts, sellers))
        worth = worth_of(world.facts, self._levels, world.model.weights, values)
        return values[(self._levels[values] < HUB_LEVEL) | (worth > 0)]

    def _take_in(self, sellers: Longs) -> bool:
        """Take sellers into the core with all that holds them together; say whether any was new."""
        fresh = sellers[~self._is_core[sellers]]
        grew = bool(len(fresh))
        while len(fresh):
            self._is_core[fresh] = True
            partner = self._strong_partners(fresh)
            reached = _merged(partner, _grouped(self._memory.trail[-1], fresh), _grouped(self._world.bonds, fresh))
            fresh = reached[~self._is_core[reached]]
        return grew

    def _strong_partners(self, sellers: Longs) -> Longs:
        """Return who makes with one of the sellers a pair that may join somebody; the pairs are noted."""
        (a, b, odds), ties = weigh_pairs_of(self._world, self._levels, sellers)
        self._ties.append(ties)
        strong = odds >= least_evidence(self._world.config)
        a, b, odds = a[strong], b[strong], odds[strong]
        self._links.append((a, b, odds))
        self._may_cluster[a] = True
        self._may_cluster[b] = True
        return _merged(a, b)

    def _take_steps(self) -> tuple[Region, list[Longs], Ground]:
        """Return the region, the labels in it after each step, and what the steps stood on."""
        facts = self._world.facts
        core = np.flatnonzero(self._is_core)
        values = self._speaking_values(core)
        around = holders_of(facts, values[_any_of(facts, values, self._may_cluster)])
        region = cut(facts, _merged(core, around, _grouped(self._memory.trail[-1], around)))
        is_core, ground = self._is_core[region.sellers], self._ground(region)
        trail = [np.arange(len(region.sellers), dtype=np.int64)]
        for step, known in zip(STEPS, self._memory.trail, strict=True):
            found = step(ground, trail[-1])
            # who was joined with the core shows it; all others stay as remembered
            trail.append(np.where(_fellows_of(found, is_core), found, _local(region, known)))
        return region, trail[1:], ground

    def _ground(self, region: Region) -> Ground:
        columns = [np.concatenate([links[i] for links in self._links]) for i in range(3)]
        key = columns[0] * self._world.facts.snapshot.n_sellers + columns[1]
        _, first = np.unique(key, return_index=True)
        a, b = (region.places_of(column[first]).astype(np.int32) for column in columns[:2])
        links = Links(a, b, columns[2][first], link_keys(region.facts.seller_key, a, b))
        config, levels = self._world.config, self._levels[region.values]
        waits = np.zeros(len(region.sellers), dtype=np.bool_)
        return Ground(region.facts, links, levels, self._world.model.weights, Price(config.theta, config.beta), waits)

    def _unsettled(self, region: Region, trail: Sequence[Longs], waits: Bools) -> Longs:
        """Return who of the surroundings was joined with the core, or wavers between two clusters."""
        is_core = self._is_core[region.sellers]
        found = waits | self._memory.waits[region.sellers]
        for labels in trail:
            found |= _fellows_of(labels, is_core)
        return region.sellers[found & ~is_core]

    def _read_by(self, region: Region, trail: Sequence[Longs]) -> Longs:
        """Return who holds a value that speaks with somebody who came into a cluster, or fell out of one.

        Whether a value may join clusters depends on how many of its holders are in any.
        """
        is_core = self._is_core[region.sellers]
        moved = np.zeros(len(is_core), dtype=np.bool_)
        for labels, known in zip(trail, self._memory.trail, strict=True):
            moved |= is_core & (is_clustered(labels) != is_clustered(_local(region, known)))
        return holders_of(self._world.facts, self._speaking_values(region.sellers[moved]))


def with_crowds(world: World, n_tied: Longs, crowds: Crowds, values: Longs) -> Longs:
    """Return how many holders of each value are tied, those of some values counted anew if their pairs are not listed.

    O(values + rows of crowds).
    """
    facts = world.facts
    values = values[facts.is_usable[values] & (facts.n_holders[values] > world.config.max_pair_holders)]
    if not len(values):
        return n_tied
    counted = n_tied.copy()
    counted[values] = 0
    found, counts = count_tied(facts, crowds.rows(np.isin(crowds.value, values)))
    counted[found] = counts
    return counted


def weigh_pairs_of(world: World, levels: Ints, sellers: Longs) -> tuple[tuple[Longs, Longs, Floats], Ties]:
    """Return the pairs (a < b) that one of some sellers (ascending) is in, their log-odds, and what ties them."""
    facts = world.facts
    own = world.listed(values_of(facts, sellers))
    kept = np.zeros(facts.snapshot.n_values, dtype=np.bool_)
    kept[own] = True
    region = cut(facts, _merged(sellers, holders_of(facts, own)), kept)
    part = region.facts
    pairs = list_pairs_of(part, world.config.max_pair_holders, region.places_of(sellers))
    codes = meeting_codes(part, pairs, levels[region.values])
    shown = show(part, pairs, codes, world.model.weights.ratio)
    ties = strong_ties(pairs, shown, world.model.weights.ratio)
    ties = Ties(region.sellers[ties.a], region.sellers[ties.b], ties.voice, region.values[ties.tying])
    odds = log_odds(explain(world.model.weights, shown.codes))
    return (region.sellers[pairs.a], region.sellers[pairs.b], odds), ties


def _grouped(label: Longs, sellers: Longs) -> Longs:
    """Return all sellers that have a label in common with one of some sellers; -1 is none."""
    is_asked = np.zeros(len(label) + 1, dtype=np.bool_)
    is_asked[label[sellers]] = True
    is_asked[-1] = False
    return np.flatnonzero(is_asked[label])


def _fellows_of(labels: Longs, chosen: Bools) -> Bools:
    """Say of each seller whether one of the chosen has its label."""
    is_chosen = np.zeros(len(labels), dtype=np.bool_)
    is_chosen[labels[chosen]] = True
    return is_chosen[labels]


def _local(region: Region, labels: Longs) -> Longs:
    """Return remembered labels of the region's sellers in its numbers; clusters are in it whole."""
    return region.places_of(labels[region.sellers])


def _any_of(facts: Facts, values: Longs, chosen: Bools) -> Bools:
    """Say of each value whether one of its holders is chosen."""
    begin = facts.snapshot.value_start[values]
    counts = facts.snapshot.value_start[values + 1] - begin
    is_chosen = chosen[facts.snapshot.link_seller[ranges(begin, counts)]]
    starts = np.cumsum(counts) - counts
    return np.logical_or.reduceat(is_chosen, starts) if len(values) else is_chosen


def _merged(*numbers: Longs) -> Longs:
    """Return all numbers, ascending, each once."""
    return np.unique(np.concatenate(numbers)).astype(np.int64)
