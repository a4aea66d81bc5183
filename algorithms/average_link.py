"""Groups by average link: two groups become one while the pairs between them, taken together, speak for it.

R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic relationships" (1958). One false pair
cannot weld two large groups, as it would under closure. Groups that are each other's nearest are joined in rounds,
which gives the same groups as one join at a time (F. Murtagh, "A survey of recent advances in hierarchical clustering
algorithms", 1983).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ringwatch.algorithms.merge import TIE_GRID, Links
from ringwatch.algorithms.segments import Hashes, mix, sum_by
from ringwatch.model.snapshot import Bools, Longs


@dataclass(frozen=True, slots=True)
class _Between:
    """What lies between groups ``a`` < ``b``, sorted: evidence above ``absent``, on the grid, summed over pairs."""

    a: Longs
    b: Longs
    excess: Longs
    is_refused: Bools  # joined with all that looks alike it would be too weak


@dataclass(frozen=True, slots=True)
class _Limits:
    absent: int
    least: int


def average_link(links: Links, keys: Hashes, absent: float, least: float) -> Longs:
    """Return a label for each of ``len(keys)`` nodes: equal within a group, the number of its first node.

    Pairs that are not linked count as ``absent``, the lowest evidence that there is; groups are joined strongest first,
    while the average between them is at least ``least``. What ``keys`` cannot tell apart is joined at one go, or, where
    that would be too weak as a whole, not at all, so the numbers of nodes break no tie. O(rounds * links * log links);
    rounds grow with the depth of the tree of joins.
    """
    limits = _Limits(round(absent * TIE_GRID), round(least * TIE_GRID))
    excess = np.floor(links.evidence * TIE_GRID).astype(np.int64) - limits.absent
    one, other = np.minimum(links.a, links.b).astype(np.int64), np.maximum(links.a, links.b).astype(np.int64)
    labels = np.arange(len(keys), dtype=np.int64)
    between = _sum_between(_Between(one, other, excess, np.zeros(len(one), np.bool_)), len(keys))
    size, key = np.ones(len(keys), dtype=np.int64), mix(keys)
    while len(between.a):
        chosen = _nearest(between, size, key, limits)
        if not chosen.any():
            break
        parts, refused = _join_parts(between, chosen, size, limits)
        labels = parts[labels]
        size = np.bincount(parts, size, len(size)).astype(np.int64)
        key = sum_by(parts, key, len(key))
        moved = _Between(parts[between.a], parts[between.b], between.excess, between.is_refused | refused)
        between = _sum_between(moved, len(size))
    first = np.full(len(keys), len(keys), dtype=np.int64)
    np.minimum.at(first, labels, np.arange(len(keys)))
    return first[labels]


def _sum_between(between: _Between, n: int) -> _Between:
    """Sum up what lies between the same two groups; what is new between them was not refused yet."""
    a, b = np.minimum(between.a, between.b), np.maximum(between.a, between.b)
    kept = np.flatnonzero(a != b)
    pair, of_pair, count = np.unique(a[kept] * n + b[kept], return_inverse=True, return_counts=True)
    excess = np.zeros(len(pair), dtype=np.int64)
    np.add.at(excess, of_pair, between.excess[kept])
    n_refused = np.bincount(of_pair, between.is_refused[kept], len(pair))
    return _Between(*np.divmod(pair, n), excess, n_refused == count)


def _nearest(between: _Between, size: Longs, key: Hashes, limits: _Limits) -> Bools:
    """Say between which groups, each the other's nearest, the average is strong enough."""
    average = limits.absent + between.excess // (size[between.a] * size[between.b])
    worth = np.where(between.is_refused, limits.absent, average)
    alike = key[between.a] + key[between.b]
    order = np.lexsort((alike, worth))
    step = np.zeros(len(order), dtype=np.int64)
    step[1:] = (np.diff(worth[order]) != 0) | (alike[order][1:] != alike[order][:-1])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.cumsum(step)
    best = np.full(len(size), -1, dtype=np.int64)
    np.maximum.at(best, between.a, rank)
    np.maximum.at(best, between.b, rank)
    nearest: Bools = (rank == best[between.a]) & (rank == best[between.b]) & (worth >= limits.least)
    return nearest & ~between.is_refused


def _join_parts(between: _Between, chosen: Bools, size: Longs, limits: _Limits) -> tuple[Longs, Bools]:
    """Return the group that each group becomes part of, and the chosen pairs that were refused."""
    n = len(size)
    a, b = between.a[chosen], between.b[chosen]
    _, part = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)
    inside = part[between.a] == part[between.b]
    excess = np.zeros(n, dtype=np.int64)
    np.add.at(excess, part[between.a[inside]], between.excess[inside])
    n_members = np.bincount(part, size, n).astype(np.int64)
    n_pairs = (n_members**2 - np.bincount(part, size**2, n).astype(np.int64)) // 2
    is_weak = excess + (limits.absent - limits.least) * n_pairs < 0
    stays = is_weak[part]
    first = np.full(n, n, dtype=np.int64)
    np.minimum.at(first, part, np.arange(n))
    joined = np.where(stays, np.arange(n), first[part])
    return joined, chosen & stays[between.a]
