"""One seller held against a whole ring: what it shares with the others, family by family."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.codes import (
    BRAND_FEATURE,
    BRANDS,
    CLASSES,
    COUNTRY_FEATURE,
    GAP_FEATURE,
    N_FAMILIES,
    NONE,
)
from ringwatch.algorithms.em import explain
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hits import Candidates, Hits, find_hits, is_member_of
from ringwatch.algorithms.ring_trade import count_ring_brands, mean_trade, ring_country_codes, ring_gap_codes
from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.algorithms.trade import brand_codes
from ringwatch.algorithms.weights import CHANCE, GRID, NEIGHBOURS, OPERATOR, Weights
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

WITNESS = 0.5  # what each member shares with its ring counts by half: members repeat each other
WITNESS_MOST = 2.0  # no single member decides what its ring is
RING_GAIN = 1.0  # how much oftener than pairs say one more seller is of a ring that was found: measured
NEIGHBOURHOODS = 2.5  # log of how many more small groups of neighbours there are than rings: pairs tell of large ones
LEANING_SURE = 5.0  # from here on a ring counts as an operator's
LEANING_MOST = 8.0  # no ring is beyond doubt


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What sellers are held against: the rings, and how each ring leans from what its members show.

    ``leaning``: log-odds per ring that an operator made it, not a neighbourhood such as an agency's clients;
    ``own_leaning``: each seller's part in that of its ring, so that nobody vouches for itself.
    """

    facts: Facts
    groups: Groups
    levels: Ints
    weights: Weights
    leaning: Floats
    own_leaning: Floats


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be explained of each candidate."""

    codes: Ints  # (n, n_features)
    is_near: Bools  # (n, n_features): shared with the one fellow whose neighbour the candidate may best be
    leaning: Floats  # of the ring, the candidate left out
    log_fellows: Floats

    def rows(self, row: Longs, codes: Ints) -> "Case":
        """Return some candidates with other codes."""
        return Case(codes, self.is_near[row], self.leaning[row], self.log_fellows[row])


@dataclass(frozen=True, slots=True)
class Explained:
    """Log of prior times likelihood under each explanation, shape (4, n), and what of it comes from the ring's size.

    The rows are one operator; neighbour of one member (what is shared with others only, is shared by chance); chance;
    and neighbour of them all: the ring is a neighbourhood.
    """

    joint: Floats
    size: Floats

    @property
    def log_odds(self) -> Floats:
        """Log-odds of one operator against the three innocent explanations together."""
        odds: Floats = self.joint[0] - np.logaddexp(np.logaddexp(self.joint[1], self.joint[2]), self.joint[3])
        return odds


@dataclass(frozen=True, slots=True)
class Standing:
    """How each candidate stands to its ring."""

    candidates: Candidates
    hits: Hits
    case: Case
    explained: Explained
    log_odds: Floats


def yardstick(facts: Facts, groups: Groups, levels: Ints, weights: Weights) -> Yardstick:
    """Return the rings as a yardstick. O(links of members)."""
    members = Candidates(groups.member.astype(np.int64), groups.ring_of[groups.member])
    hits = find_hits(facts, groups, levels, weights, members)
    codes = _codes(facts, groups, members, hits)
    own = np.zeros(facts.snapshot.n_sellers)
    shown = WITNESS * weights.contrast[codes[:, :BRAND_FEATURE]].sum(axis=1)
    shown += mean_trade(facts, groups, members, weights.contrast)
    own[members.seller] = np.clip(shown, -WITNESS_MOST, WITNESS_MOST)
    own = np.round(own * GRID) / GRID
    start = weights.prior[OPERATOR] - weights.prior[NEIGHBOURS] - NEIGHBOURHOODS
    leaning = start + np.bincount(members.ring, own[members.seller], groups.n)
    return Yardstick(facts, groups, levels, weights, leaning, own)


def stand(yard: Yardstick, candidates: Candidates) -> Standing:
    """Return how each candidate stands to its ring; a member is left out of its own ring. O(links of candidates)."""
    hits = find_hits(yard.facts, yard.groups, yard.levels, yard.weights, candidates)
    codes = _codes(yard.facts, yard.groups, candidates, hits)
    is_near = _nearest_neighbour(yard, candidates, hits)
    own = np.where(is_member_of(yard.groups, candidates) > 0, yard.own_leaning[candidates.seller], 0.0)
    leaning = np.clip(yard.leaning[candidates.ring] - own, -LEANING_MOST, LEANING_MOST)
    case = Case(codes, is_near, leaning, np.log(np.maximum(_n_fellows(yard.groups, candidates), 1)))
    explained = explain_membership(yard.weights, case)
    return Standing(candidates, hits, case, explained, explained.log_odds)


def explain_membership(weights: Weights, case: Case) -> Explained:
    """Return how each case is explained.

    Chance has as many ways to a coincidence as the ring has members, once for each value: the first is repaid, since
    a ring of n is n times as likely to have one seller more.
    """
    joint = explain(weights, case.codes)
    less = (weights.of_code[NEIGHBOURS] - weights.of_code[CHANCE])[case.codes]
    of_one = joint[NEIGHBOURS] - np.where(case.is_near, 0.0, less).sum(axis=1)
    of_all = _as_neighbourhood(weights, case.codes, joint) - np.logaddexp(0.0, case.leaning)
    gain = RING_GAIN * np.clip(case.leaning / LEANING_SURE, 0.0, 1.0)
    of_operator = joint[OPERATOR] - np.logaddexp(0.0, -case.leaning) + gain
    ways = np.clip(weights.ratio[case.codes], 0.0, case.log_fellows[:, None]) * (case.codes >= CLASSES)
    by_chance = ways.sum(axis=1)
    size = np.zeros((4, len(case.codes)))
    size[1] = np.where(case.is_near, 0.0, ways).sum(axis=1)
    size[2] = np.maximum(by_chance - case.log_fellows, 0.0)
    return Explained(np.vstack((of_operator, of_one, joint[CHANCE], of_all)) + size, size)


def _as_neighbourhood(weights: Weights, codes: Ints, joint: Floats) -> Floats:
    """Return the joint of neighbours, among whom a family in which nothing is shared never speaks for an operator."""
    excess = np.maximum(weights.of_code[OPERATOR] - weights.of_code[NEIGHBOURS], 0.0)[codes]
    is_none = (codes >= NONE) & (codes < BRANDS)
    neighbours: Floats = joint[NEIGHBOURS] + np.where(is_none, excess, 0.0).sum(axis=1)
    return neighbours


def _nearest_neighbour(yard: Yardstick, candidates: Candidates, hits: Hits) -> Bools:
    """Say which features each candidate shares with the fellow that neighbourhood explains best."""
    facts, groups, weights = yard.facts, yard.groups, yard.weights
    gain = (weights.of_code[NEIGHBOURS] - weights.of_code[CHANCE])[hits.code]
    best = np.flatnonzero(hits.is_best & (gain > 0))
    n_fellows = groups.uses.n_members[hits.use[best]]
    hit = np.repeat(best, n_fellows)
    fellow = groups.uses.member[ranges(groups.uses.start[hits.use[best]], n_fellows)]
    row = hits.row[hit]
    is_fellow = fellow != candidates.seller[row]
    hit, row, fellow = hit[is_fellow], row[is_fellow], fellow[is_fellow]
    pair, of_pair = np.unique(row * facts.snapshot.n_sellers + fellow, return_inverse=True)
    total = np.bincount(of_pair, gain[hit], len(pair))
    order = np.lexsort((facts.seller_key[pair % facts.snapshot.n_sellers], -total, pair // facts.snapshot.n_sellers))
    chosen = np.zeros(len(pair), dtype=np.bool_)
    chosen[order[first_of_group(pair[order] // facts.snapshot.n_sellers)]] = True
    is_near = np.ones((len(candidates), COUNTRY_FEATURE + 1), dtype=np.bool_)
    is_near[hits.row[best], hits.voice[best]] = False
    shared = hit[chosen[of_pair]]
    is_near[hits.row[shared], hits.voice[shared]] = True
    return is_near


def _n_fellows(groups: Groups, candidates: Candidates) -> Longs:
    return groups.size[candidates.ring] - is_member_of(groups, candidates)


def _codes(facts: Facts, groups: Groups, candidates: Candidates, hits: Hits) -> Ints:
    has = facts.has_voice[candidates.seller] & _ring_has_voice(facts, groups)[candidates.ring]
    by_family = np.where(has, NONE + np.arange(N_FAMILIES), 0).astype(np.int32)
    best = hits.is_best
    by_family[hits.row[best], hits.voice[best]] = hits.code[best]
    shares_content = np.zeros(len(candidates), dtype=np.bool_)
    shares_content[hits.row[best & (hits.voice == CONTENT)]] = True
    codes = np.zeros((len(candidates), COUNTRY_FEATURE + 1), dtype=np.int32)
    codes[:, :N_FAMILIES] = by_family
    brands = brand_codes(count_ring_brands(facts, groups, candidates), shares_content)
    codes[np.arange(len(candidates)), BRAND_FEATURE + shares_content] = brands
    codes[:, GAP_FEATURE] = ring_gap_codes(facts, groups, candidates)
    codes[:, COUNTRY_FEATURE] = ring_country_codes(facts, groups, candidates)
    return codes


def _ring_has_voice(facts: Facts, groups: Groups) -> Bools:
    has = np.zeros((groups.n, N_FAMILIES), dtype=np.int64)
    np.add.at(has, groups.ring_of[groups.member], facts.has_voice[groups.member])
    return has > 0
