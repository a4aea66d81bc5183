"""What each pair shows: one code for each family and for its trade, and how often each combination occurs."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.codes import CLASSES, N_FAMILIES, NONE, class_code
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.pairs import Pairs
from ringwatch.algorithms.priors import APART_DAYS, FAMILIES, N_VARIANTS, REGISTERED, UNSAID, WORKED
from ringwatch.algorithms.segments import is_last_of_group
from ringwatch.algorithms.trade import brand_codes, count_common_brands, country_codes, gap_codes
from ringwatch.model.kinds import Family
from ringwatch.model.snapshot import NEVER, Floats, Ints, Longs

CONTENT = FAMILIES.index(Family.CONTENT)

WEIGHT_GRID = 2**20
"""Weights of pairs are whole multiples of its inverse, so that their sums are exact."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pairs show. ``best_*``: the meeting that stands for its family, one row a (pair, family) shared."""

    codes: Ints  # (n_pairs, n_features)
    best_pair: Longs
    best_family: Ints
    best_meeting: Longs


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct rows of codes in ascending order, how many pairs show each, and the row of each pair."""

    codes: Ints
    counts: Longs
    of_pair: Longs
    weights: Floats  # pairs under a value of n holders weigh 2 / n, so that a large office is no crowd of witnesses


def meeting_codes(facts: Facts, pairs: Pairs, levels: Ints) -> Ints:
    """Return the class code of each meeting, given the level that each value is judged down to."""
    variant = pair_variant(facts.link_variant[pairs.link_a], facts.link_variant[pairs.link_b])
    kind = facts.snapshot.value_kind[pairs.value]
    is_apart = _is_apart(facts, pairs.link_a, pairs.link_b)
    return class_code(kind * N_VARIANTS + variant, facts.holder_bin[pairs.value], is_apart, levels[pairs.value])


def pair_variant(one: Ints, other: Ints) -> Ints:
    """Return what two uses make together: worked at where either is, registered where both are."""
    both = np.where((one == REGISTERED) & (other == REGISTERED), REGISTERED, UNSAID)
    return np.where((one == WORKED) | (other == WORKED), WORKED, both).astype(np.int32)


def _is_apart(facts: Facts, link_a: Longs, link_b: Longs) -> Ints:
    """Say where two uses lie more than APART_DAYS apart; photos and texts have no time, unknown days no gap."""
    first, last = facts.snapshot.link_first_day, facts.snapshot.link_last_day
    gap = np.maximum(_days_after(last[link_a], first[link_b]), _days_after(last[link_b], first[link_a]))
    is_content = facts.value_family[facts.link_value[link_a]] == CONTENT
    is_apart: Ints = ((gap > APART_DAYS) & ~is_content).astype(np.int32)
    return is_apart


def _days_after(end: Ints, begin: Ints) -> Longs:
    known = (end != NEVER) & (begin != NEVER)
    return np.where(known, begin.astype(np.int64) - end, 0)


def show(facts: Facts, pairs: Pairs, codes: Ints, strength: Floats) -> Shown:
    """Return what each pair shows; ``codes`` by meeting, ``strength`` by code says which value stands for a family.

    Ties fall to the greater code, then to structure, so that neither ids nor texts nor the order of rows matter.
    """
    rank = _ranks(strength)[codes - CLASSES]
    family = facts.value_voice[pairs.value]
    group = pairs.meeting_pair * N_FAMILIES + family
    order = np.lexsort((facts.value_key[pairs.value], group * (int(rank.max(initial=0)) + 1) + rank))
    best = order[is_last_of_group(group[order])]
    best_pair, best_family = np.divmod(group[best], N_FAMILIES)
    has = facts.has_voice[pairs.a] & facts.has_voice[pairs.b]
    by_family = np.where(has, NONE + np.arange(N_FAMILIES), 0).astype(np.int32)
    by_family[best_pair, best_family] = codes[best]
    trade = _trade_codes(facts, pairs, by_family[:, CONTENT] >= CLASSES)
    return Shown(np.column_stack((by_family, trade)), best_pair, best_family.astype(np.int32), best)


def _ranks(strength: Floats) -> Longs:
    ranks = np.empty(len(strength) - CLASSES, dtype=np.int64)
    ranks[np.argsort(strength[CLASSES:], kind="stable")] = np.arange(len(ranks))
    return ranks


def _trade_codes(facts: Facts, pairs: Pairs, shares_content: np.ndarray) -> Ints:
    snapshot = facts.snapshot
    brands = brand_codes(count_common_brands(snapshot, pairs.a, pairs.b), shares_content)
    gap = gap_codes(snapshot.registered_day[pairs.a], snapshot.registered_day[pairs.b])
    country = country_codes(snapshot.country[pairs.a], snapshot.country[pairs.b])
    blank = np.zeros_like(brands)
    return np.column_stack(
        (np.where(shares_content, blank, brands), np.where(shares_content, brands, blank), gap, country)
    )


def pair_weights(facts: Facts, pairs: Pairs) -> Longs:
    """Return how much each pair counts in learning, in 1/WEIGHT_GRID: 2 / n, n the fewest holders of a shared value."""
    if not pairs.n:
        return np.zeros(0, dtype=np.int64)
    return 2 * WEIGHT_GRID // np.minimum.reduceat(facts.n_holders[pairs.value], pairs.start[:-1])


def find_patterns(codes: Ints, weights: Longs) -> Patterns:
    """Return the distinct rows of codes: sums over them in their order are the same whatever the order of pairs."""
    label, radix = np.zeros(len(codes), dtype=np.int64), 1
    for column in codes.T:
        is_there = np.bincount(column) > 0
        n_there = max(int(is_there.sum()), 1)
        if radix * n_there >= 2**62:  # no room for another digit: number what is there
            _, label = np.unique(label, return_inverse=True)
            radix = int(label.max(initial=0)) + 1
        label, radix = label * n_there + (np.cumsum(is_there) - 1)[column], radix * n_there
    _, first, of_pair, counts = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    total = np.zeros(len(first), dtype=np.int64)
    np.add.at(total, of_pair, weights)
    return Patterns(codes[first], counts, of_pair, total / WEIGHT_GRID)
