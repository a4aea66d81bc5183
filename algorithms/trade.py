"""What two sellers trade in and when they came: brands in common, days between registrations, countries."""

import numpy as np

from ringwatch.algorithms.codes import BRANDS, COUNTRY, MISSING, REGISTERED_GAP
from ringwatch.algorithms.priors import REGISTERED_DAYS
from ringwatch.algorithms.segments import find_sorted, ranges
from ringwatch.model.snapshot import NEVER, Bools, Ints, Longs, Snapshot


def listed_keys(snapshot: Snapshot) -> Longs:
    """Return seller * n_brands + brand of each brand that a seller lists without leave of the brand, ascending."""
    width = max(len(snapshot.brand_ids), 1)
    listed = snapshot.listed_seller.astype(np.int64) * width + snapshot.listed_brand
    allowed = snapshot.authorised_seller.astype(np.int64) * width + snapshot.authorised_brand
    return listed[~np.isin(listed, allowed)]


def count_common_brands(snapshot: Snapshot, a: Ints, b: Ints) -> Ints:
    """Return how many brands both sellers of each pair list, -1 where one of them lists none."""
    keys, width = listed_keys(snapshot), max(len(snapshot.brand_ids), 1)
    seller = keys // width
    n_brands = np.bincount(seller, minlength=snapshot.n_sellers)
    start = np.concatenate(([0], np.cumsum(n_brands)))
    fewer = np.where(n_brands[a] <= n_brands[b], a, b)
    more = np.where(n_brands[a] <= n_brands[b], b, a)
    row = np.repeat(np.arange(len(a)), n_brands[fewer])
    brand = keys[ranges(start[fewer], n_brands[fewer])] % width
    is_common = find_sorted(keys, more[row].astype(np.int64) * width + brand) >= 0
    n_common = np.bincount(row[is_common], minlength=len(a)).astype(np.int32)
    return np.where(n_brands[fewer] > 0, n_common, -1).astype(np.int32)


def brand_codes(n_common: Ints, shares_content: Bools) -> Ints:
    """Return the codes of brands in common; with a common photo a common brand is no news, so it counts apart."""
    codes = BRANDS + 3 * shares_content + np.minimum(n_common, 2)
    return np.where(n_common >= 0, codes, MISSING).astype(np.int32)


def gap_codes(one: Ints, other: Ints) -> Ints:
    """Return the codes of the days between two registrations."""
    gap = np.abs(one.astype(np.int64) - other)
    codes = REGISTERED_GAP + np.searchsorted(REGISTERED_DAYS, gap)
    return np.where((one != NEVER) & (other != NEVER), codes, MISSING).astype(np.int32)


def country_codes(one: Ints, other: Ints) -> Ints:
    """Return the codes of two countries."""
    return np.where((one >= 0) & (other >= 0), COUNTRY + (one == other), MISSING).astype(np.int32)
