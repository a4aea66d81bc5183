"""What a ring trades in and when its members came, held against one seller."""

import numpy as np

from ringwatch.algorithms.codes import MISSING
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hits import Candidates, is_member_of
from ringwatch.algorithms.priors import REGISTERED_DAYS
from ringwatch.algorithms.segments import find_sorted, ranges
from ringwatch.algorithms.trade import country_codes, gap_codes, listed_keys
from ringwatch.model.snapshot import NEVER, Ints

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
