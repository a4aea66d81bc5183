"""One seller held against a whole ring: what it shares with the others, family by family."""

from dataclasses import dataclass, fields

import numpy as np

from ringwatch.algorithms.codes import BRAND_FEATURE, BRANDS, CLASSES, COUNTRY_FEATURE, GAP_FEATURE, MISSING, N_FAMILIES, NONE, class_code
from ringwatch.algorithms.em import explain
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.priors import APART_DAYS, N_VARIANTS, REGISTERED, REGISTERED_DAYS, UNSAID, WORKED
from ringwatch.algorithms.segments import find_sorted, first_of_group, ranges
from ringwatch.algorithms.trade import brand_codes, country_codes, gap_codes, listed_keys
from ringwatch.algorithms.weights import CHANCE, GRID, NEIGHBOURS, OPERATOR, Weights
from ringwatch.model.snapshot import NEVER, Bools, Floats, Ints, Longs

BRAND_SHARE = 3  # a ring's brands are those that at least one in three of its members lists
OUTSIDE_HOLDERS = 5  # of fewer holders one stranger is no sign
OUTSIDE_EDGES = np.array([0.6, 0.4, 0.25])  # share of holders in the ring below which a value loses a level, two, three
WITNESS = 0.5  # what each member shows of its ring counts by half: members repeat each other
WITNESS_MOST = 2.0  # no single member decides what its ring is
LEANING_MOST = 8.0  # no ring is beyond doubt
DAYS = 10**6  # more than any calendar holds: days of one ring never meet those of the next
NEAREST_SHARE = 3  # the days between registrations are those to the nearest third of the members


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
class Candidates:
    """Sellers held against rings, one row each."""

    seller: Longs
    ring: Longs

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.seller)


@dataclass(frozen=True, slots=True)
class _Found:
    """Values that a candidate shares with members of the ring."""

    row: Longs
    link: Longs
    value: Longs
    use: Longs  # the row of Groups.uses
    voice: Ints
    code: Ints
    strength: Floats


@dataclass(frozen=True, slots=True)
class Hits(_Found):
    """The same, sorted by candidate, voice and falling strength."""

    is_best: Bools  # stands for its voice
    second: Longs  # of a best hit: the strongest hit of its voice of another fact, -1 where there is none


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
    hits = _find_hits(facts, groups, levels, weights, members)
    codes = _codes(facts, groups, members, hits)
    joint = explain(weights, codes)
    own = np.zeros(facts.snapshot.n_sellers)
    shown = joint[OPERATOR] - _as_neighbourhood(weights, codes, joint)
    shown -= weights.prior[OPERATOR] - weights.prior[NEIGHBOURS]
    own[members.seller] = np.clip(WITNESS * shown, -WITNESS_MOST, WITNESS_MOST)
    own = np.round(own * GRID) / GRID
    start = weights.prior[OPERATOR] - weights.prior[NEIGHBOURS]
    leaning = start + np.bincount(members.ring, own[members.seller], groups.n)
    return Yardstick(facts, groups, levels, weights, leaning, own)


def stand(yard: Yardstick, candidates: Candidates) -> Standing:
    """Return how each candidate stands to its ring; a member is left out of its own ring. O(links of candidates)."""
    hits = _find_hits(yard.facts, yard.groups, yard.levels, yard.weights, candidates)
    codes = _codes(yard.facts, yard.groups, candidates, hits)
    is_near = _nearest_neighbour(yard, candidates, hits)
    own = np.where(_is_member(yard.groups, candidates) > 0, yard.own_leaning[candidates.seller], 0.0)
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
    of_operator = joint[OPERATOR] - np.logaddexp(0.0, -case.leaning)
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
    """Say which features each candidate shares with the fellow that neighbourhood explains best; trade always counts."""
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
    return groups.size[candidates.ring] - _is_member(groups, candidates)


def _is_member(groups: Groups, candidates: Candidates) -> Longs:
    return (groups.ring_of[candidates.seller] == candidates.ring).astype(np.int64)


def _find_hits(facts: Facts, groups: Groups, levels: Ints, weights: Weights, candidates: Candidates) -> Hits:
    n_links = np.diff(facts.seller_start)[candidates.seller]
    row = np.repeat(np.arange(len(candidates), dtype=np.int64), n_links)
    link = facts.seller_link[ranges(facts.seller_start[candidates.seller], n_links)]
    use = find_sorted(groups.uses.key, facts.link_value[link] * max(groups.n, 1) + candidates.ring[row])
    is_member = _is_member(groups, candidates)[row]
    is_hit = (use >= 0) & (groups.uses.n_members[use] > is_member)
    row, link, use, is_member = row[is_hit], link[is_hit], use[is_hit], is_member[is_hit]
    value = facts.link_value[link]
    kind_variant = facts.snapshot.value_kind[value] * N_VARIANTS + _variant(facts, groups, link, use, is_member)
    is_apart = _is_apart(facts, groups, link, use, is_member)
    level = np.maximum(levels[value], _outside_level(facts, groups, value, use, is_member))
    code = class_code(kind_variant, facts.holder_bin[value], is_apart, level)
    return _ordered(facts, _Found(row, link, value, use, facts.value_voice[value], code, weights.ratio[code]))


def _outside_level(facts: Facts, groups: Groups, value: Longs, use: Longs, is_member: Longs) -> Ints:
    """Return how far each value is judged down for holders outside the ring: an operator would have them all."""
    n_holders = facts.n_holders[value]
    inside = (groups.uses.n_members[use] + 1 - is_member) / n_holders  # the candidate counts as one of them
    return np.where(n_holders >= OUTSIDE_HOLDERS, np.searchsorted(-OUTSIDE_EDGES, -inside), 0).astype(np.int32)


def _ordered(facts: Facts, hits: _Found) -> Hits:
    """Return the hits in order, with those that stand for their voice."""
    fact = facts.fact_key[hits.value]
    group = hits.row * N_FAMILIES + hits.voice
    order = np.lexsort((fact, hits.code, -hits.strength, group))
    starts = first_of_group(group[order])
    is_best = np.zeros(len(order), dtype=np.bool_)
    is_best[starts] = True
    second = np.full(len(order), -1, dtype=np.int64)
    first_of = np.repeat(starts, np.diff(np.append(starts, len(order))))
    other = np.flatnonzero(fact[order] != fact[order][first_of])
    best_of_other, first_other = np.unique(first_of[other], return_index=True)
    second[best_of_other] = other[first_other]
    columns = (getattr(hits, field.name)[order] for field in fields(hits))
    return Hits(*columns, is_best, second)


def _variant(facts: Facts, groups: Groups, link: Longs, use: Longs, is_member: Longs) -> Ints:
    own = facts.link_variant[link]
    n_fellows = groups.uses.n_members[use] - is_member
    n_worked = groups.uses.n_worked[use] - is_member * (own == WORKED)
    n_registered = groups.uses.n_registered[use] - is_member * (own == REGISTERED)
    both = np.where((own == REGISTERED) & (n_registered == n_fellows), REGISTERED, UNSAID)
    return np.where((own == WORKED) | (n_worked > 0), WORKED, both).astype(np.int32)


def _is_apart(facts: Facts, groups: Groups, link: Longs, use: Longs, is_member: Longs) -> Ints:
    """Say where the fellows' use, taken together, lies more than APART_DAYS days from the candidate's own."""
    first, last = facts.snapshot.link_first_day[link], facts.snapshot.link_last_day[link]
    least, latest = groups.uses.first_day[use], groups.uses.last_day[use]
    fellows_first = np.where((is_member > 0) & (first == least[:, 0]), least[:, 1], least[:, 0])
    fellows_last = np.where((is_member > 0) & (last == latest[:, 0]), latest[:, 1], latest[:, 0])
    after = (first != NEVER) & (first - fellows_last > APART_DAYS)
    before = (last != NEVER) & (fellows_first - last > APART_DAYS)
    is_content = facts.value_family[facts.link_value[link]] == CONTENT
    return ((after | before) & ~is_content).astype(np.int32)


def _codes(facts: Facts, groups: Groups, candidates: Candidates, hits: Hits) -> Ints:
    has = facts.has_voice[candidates.seller] & _ring_has_voice(facts, groups)[candidates.ring]
    by_family = np.where(has, NONE + np.arange(N_FAMILIES), 0).astype(np.int32)
    best = hits.is_best
    by_family[hits.row[best], hits.voice[best]] = hits.code[best]
    shares_content = np.zeros(len(candidates), dtype=np.bool_)
    shares_content[hits.row[best & (hits.voice == CONTENT)]] = True
    codes = np.zeros((len(candidates), COUNTRY_FEATURE + 1), dtype=np.int32)
    codes[:, :N_FAMILIES] = by_family
    brands = brand_codes(_common_brands(facts, groups, candidates), shares_content)
    codes[np.arange(len(candidates)), BRAND_FEATURE + shares_content] = brands
    codes[:, GAP_FEATURE] = _gap_codes(facts, groups, candidates)
    codes[:, COUNTRY_FEATURE] = _country_codes(facts, groups, candidates)
    return codes


def _ring_has_voice(facts: Facts, groups: Groups) -> Bools:
    has = np.zeros((groups.n, N_FAMILIES), dtype=np.int64)
    np.add.at(has, groups.ring_of[groups.member], facts.has_voice[groups.member])
    return has > 0


def _common_brands(facts: Facts, groups: Groups, candidates: Candidates) -> Ints:
    """Return how many of the ring's brands each candidate lists, -1 where one side lists none."""
    keys, width = listed_keys(facts.snapshot), max(len(facts.snapshot.brand_ids), 1)
    n_brands = np.bincount(keys // width, minlength=facts.snapshot.n_sellers)
    start = np.concatenate(([0], np.cumsum(n_brands)))
    n_own = n_brands[candidates.seller]
    row = np.repeat(np.arange(len(candidates)), n_own)
    brand = keys[ranges(start[candidates.seller], n_own)] % width
    is_member = _is_member(groups, candidates)
    n_listing = groups.n_listing[candidates.ring] - is_member * (n_own > 0)
    place = find_sorted(groups.brand_key, candidates.ring[row] * width + brand)
    count = np.where(place >= 0, groups.brand_count[place], 0) - is_member[row] if len(groups.brand_key) else 0 * row
    is_common = (count > 0) & (count * BRAND_SHARE >= n_listing[row])
    n_common = np.bincount(row[is_common], minlength=len(candidates)).astype(np.int32)
    return np.where((n_own > 0) & (n_listing > 0), n_common, -1).astype(np.int32)


def _gap_codes(facts: Facts, groups: Groups, candidates: Candidates) -> Ints:
    """Return the codes of the days between a candidate's registration and the nearest third of the ring's."""
    day = facts.snapshot.registered_day.astype(np.int64)
    known = groups.member[day[groups.member] != NEVER]
    calendar = np.sort(groups.ring_of[known] * DAYS + day[known] % DAYS)
    n_known = np.bincount(groups.ring_of[known], minlength=groups.n)[candidates.ring]
    has_day = day[candidates.seller] != NEVER
    is_member = _is_member(groups, candidates) * has_day
    own = candidates.ring * DAYS + day[candidates.seller] % DAYS
    needed = np.maximum(-(-(n_known - is_member) // NEAREST_SHARE), 1)
    gap = np.full(len(candidates), DAYS)
    for days in (*reversed(REGISTERED_DAYS),):
        within = np.searchsorted(calendar, own + days, side="right") - np.searchsorted(calendar, own - days)
        gap = np.where(within - is_member >= needed, days, gap)
    codes = gap_codes(np.zeros(len(candidates), dtype=np.int32), gap.astype(np.int32))
    return np.where((n_known > is_member) & has_day, codes, MISSING).astype(np.int32)


def _country_codes(facts: Facts, groups: Groups, candidates: Candidates) -> Ints:
    """Return the codes of a candidate's country and that of at least half of the ring's."""
    country = facts.snapshot.country
    width = int(country.max(initial=0)) + 1
    known = groups.member[country[groups.member] >= 0]
    key, count = np.unique(groups.ring_of[known] * width + country[known], return_counts=True)
    n_known = np.bincount(groups.ring_of[known], minlength=groups.n)[candidates.ring]
    own = country[candidates.seller]
    is_member = _is_member(groups, candidates) * (own >= 0)
    place = find_sorted(key, candidates.ring * width + own)
    n_same = (np.where(place >= 0, count[place], 0) if len(key) else 0 * own) - is_member
    n_fellows = n_known - is_member
    same = np.where(2 * n_same >= n_fellows, own, own + 1)
    return np.where(n_fellows > 0, country_codes(own, same), 0).astype(np.int32)
