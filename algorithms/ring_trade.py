"""What a ring trades in and when its members came, held against one seller."""

import numpy as np

from ringwatch.algorithms.codes import BRANDS, COUNTRY, MISSING, REGISTERED_GAP
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hits import Candidates, is_member_of
from ringwatch.algorithms.priors import REGISTERED_DAYS
from ringwatch.algorithms.segments import find_sorted, ranges
from ringwatch.algorithms.trade import country_codes, gap_codes, listed_keys
from ringwatch.model.snapshot import NEVER, Floats, Ints

BRAND_SHARE = 3  # a ring's brands are those that at least one in three of its members lists
DAYS = 10**6  # more than any calendar holds: days of one ring never meet those of the next
NEAREST_SHARE = 3  # the days between registrations are those to the nearest third of the members


def count_ring_brands(facts: Facts, groups: Groups, candidates: Candidates) -> Ints:
    """Return how many of the ring's brands each candidate lists, -1 where one side lists none."""
    keys, width = listed_keys(facts.snapshot), max(len(facts.snapshot.brand_ids), 1)
    n_brands = np.bincount(keys // width, minlength=facts.snapshot.n_sellers)
    start = np.concatenate(([0], np.cumsum(n_brands)))
    n_own = n_brands[candidates.seller]
    row = np.repeat(np.arange(len(candidates)), n_own)
    brand = keys[ranges(start[candidates.seller], n_own)] % width
    is_member = is_member_of(groups, candidates)
    n_listing = groups.n_listing[candidates.ring] - is_member * (n_own > 0)
    place = find_sorted(groups.brand_key, candidates.ring[row] * width + brand)
    count = np.where(place >= 0, groups.brand_count[place], 0) - is_member[row] if len(groups.brand_key) else 0 * row
    is_common = (count > 0) & (count * BRAND_SHARE >= n_listing[row])
    n_common = np.bincount(row[is_common], minlength=len(candidates)).astype(np.int32)
    return np.where((n_own > 0) & (n_listing > 0), n_common, -1).astype(np.int32)


def ring_gap_codes(facts: Facts, groups: Groups, candidates: Candidates) -> Ints:
    """Return the codes of the days between a candidate's registration and the nearest third of the ring's."""
    day = facts.snapshot.registered_day.astype(np.int64)
    known = groups.member[day[groups.member] != NEVER]
    calendar = np.sort(groups.ring_of[known] * DAYS + day[known] % DAYS)
    n_known = np.bincount(groups.ring_of[known], minlength=groups.n)[candidates.ring]
    has_day = day[candidates.seller] != NEVER
    is_member = is_member_of(groups, candidates) * has_day
    own = candidates.ring * DAYS + day[candidates.seller] % DAYS
    needed = np.maximum(-(-(n_known - is_member) // NEAREST_SHARE), 1)
    gap = np.full(len(candidates), DAYS)
    for days in (*reversed(REGISTERED_DAYS),):
        within = np.searchsorted(calendar, own + days, side="right") - np.searchsorted(calendar, own - days)
        gap = np.where(within - is_member >= needed, days, gap)
    codes = gap_codes(np.zeros(len(candidates), dtype=np.int32), gap.astype(np.int32))
    return np.where((n_known > is_member) & has_day, codes, MISSING).astype(np.int32)


def ring_country_codes(facts: Facts, groups: Groups, candidates: Candidates) -> Ints:
    """Return the codes of a candidate's country and that of at least half of the ring's."""
    country = facts.snapshot.country
    width = int(country.max(initial=0)) + 1
    known = groups.member[country[groups.member] >= 0]
    key, count = np.unique(groups.ring_of[known] * width + country[known], return_counts=True)
    n_known = np.bincount(groups.ring_of[known], minlength=groups.n)[candidates.ring]
    own = country[candidates.seller]
    is_member = is_member_of(groups, candidates) * (own >= 0)
    place = find_sorted(key, candidates.ring * width + own)
    n_same = (np.where(place >= 0, count[place], 0) if len(key) else 0 * own) - is_member
    n_fellows = n_known - is_member
    same = np.where(2 * n_same >= n_fellows, own, own + 1)
    return np.where(n_fellows > 0, country_codes(own, same), 0).astype(np.int32)


def mean_trade(facts: Facts, groups: Groups, members: Candidates, table: Floats) -> Floats:
    """Return for each member the mean over its fellows of what the two show of trade, weighed by ``table`` (by code).

    Unlike the days to the nearest third of a ring, the mean says the same of rings of any size that chance made.
    """
    by_day = _mean_gap(facts, groups, members, table)
    by_brand = _mean_brands(facts, groups, members, table)
    return by_day + by_brand + _mean_country(facts, groups, members, table)


def _mean_gap(facts: Facts, groups: Groups, members: Candidates, table: Floats) -> Floats:
    day = facts.snapshot.registered_day.astype(np.int64)
    known = groups.member[day[groups.member] != NEVER]
    calendar = np.sort(groups.ring_of[known] * DAYS + day[known] % DAYS)
    n_fellows = np.bincount(groups.ring_of[known], minlength=groups.n)[members.ring] - 1
    own = members.ring * DAYS + day[members.seller] % DAYS
    total, before = np.zeros(len(members)), np.zeros(len(members), dtype=np.int64)
    for place, days in enumerate(REGISTERED_DAYS):
        within = np.searchsorted(calendar, own + days, side="right") - np.searchsorted(calendar, own - days) - 1
        total += table[REGISTERED_GAP + place] * (within - before)
        before = within
    total += table[REGISTERED_GAP + len(REGISTERED_DAYS)] * (n_fellows - before)
    return np.where((n_fellows > 0) & (day[members.seller] != NEVER), total / np.maximum(n_fellows, 1), 0.0)


def _mean_brands(facts: Facts, groups: Groups, members: Candidates, table: Floats) -> Floats:
    """Count every fellow with a brand of the member's once for each such brand, at most all that list brands."""
    keys, width = listed_keys(facts.snapshot), max(len(facts.snapshot.brand_ids), 1)
    n_brands = np.bincount(keys // width, minlength=facts.snapshot.n_sellers)
    start = np.concatenate(([0], np.cumsum(n_brands)))
    n_own = n_brands[members.seller]
    row = np.repeat(np.arange(len(members)), n_own)
    brand = keys[ranges(start[members.seller], n_own)] % width
    place = find_sorted(groups.brand_key, members.ring[row] * width + brand)
    count = np.where(place >= 0, groups.brand_count[place], 1) - 1 if len(groups.brand_key) else 0 * row
    n_listing = groups.n_listing[members.ring] - (n_own > 0)
    n_common = np.minimum(np.bincount(row, count, len(members)), n_listing)
    total = table[BRANDS + 1] * n_common + table[BRANDS] * (n_listing - n_common)
    return np.where((n_own > 0) & (n_listing > 0), total / np.maximum(n_listing, 1), 0.0)


def _mean_country(facts: Facts, groups: Groups, members: Candidates, table: Floats) -> Floats:
    country = facts.snapshot.country
    width = int(country.max(initial=0)) + 1
    known = groups.member[country[groups.member] >= 0]
    key, count = np.unique(groups.ring_of[known] * width + country[known], return_counts=True)
    n_fellows = np.bincount(groups.ring_of[known], minlength=groups.n)[members.ring] - 1
    own = country[members.seller]
    place = find_sorted(key, members.ring * width + own)
    n_same = np.where(place >= 0, count[place], 1) - 1 if len(key) else 0 * own
    total = table[COUNTRY + 1] * n_same + table[COUNTRY] * (n_fellows - n_same)
    return np.where((n_fellows > 0) & (own >= 0), total / np.maximum(n_fellows, 1), 0.0)
