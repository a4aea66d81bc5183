"""Clusters joined by several values: what no single pair shows, two groups of sellers may show together."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.codes import class_code
from ringwatch.algorithms.facts import Facts, kind_variant
from ringwatch.algorithms.merge import TIE_GRID, Links, Price, link_keys, merge
from ringwatch.algorithms.priors import N_VARIANTS
from ringwatch.algorithms.segments import Hashes, first_of_group, is_last_of_group, mix, pairs_within, ranges, sum_by
from ringwatch.algorithms.weights import Weights
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

JOIN_PRIOR = 6.0  # log-odds against two clusters being one operator's
JOIN_LEAST = 2.0  # what the values between them must bring beyond that: three rings in four that came back do
OUTSIDE_SHARE = 0.3  # a value with more of its holders in no cluster joins none


@dataclass(frozen=True, slots=True)
class _Between:
    """Values between clusters: cluster pair (a, b) is joined by ``value``, worth ``worth``."""

    a: Longs
    b: Longs
    value: Longs
    worth: Floats


def join_clusters(facts: Facts, levels: Ints, weights: Weights, labels: Longs) -> Longs:
    """Return the labels after clusters that several values join became one; one round. O(links x clusters a value)."""
    sizes = np.bincount(labels, minlength=len(labels))
    between = _between(facts, value_worth(facts, levels, weights), labels, sizes)
    if not len(between.a):
        return labels
    joined = merge(_links(facts, between, labels, sizes), np.maximum(sizes, 1), Price(JOIN_LEAST, 0.0))
    return joined[labels]


def value_worth(facts: Facts, levels: Ints, weights: Weights) -> Floats:
    """Return how much more each value is to be expected within one operator than by chance, log."""
    begin = facts.snapshot.value_start[:-1]
    variant = np.maximum.reduceat(kind_variant(facts), begin) if len(begin) else np.zeros(0, np.int32)
    code = class_code(variant, facts.holder_bin, np.zeros_like(levels), levels)
    return np.where(facts.is_usable & ~facts.value_is_likeness, weights.ratio[code], 0.0)  # its writings speak here


def worth_of(facts: Facts, levels: Ints, weights: Weights, values: Longs) -> Floats:
    """Return the same of some values alone. O(their holders)."""
    begin = facts.snapshot.value_start[values]
    counts = facts.snapshot.value_start[values + 1] - begin
    variants = facts.link_variant[ranges(begin, counts)]
    variant = np.maximum.reduceat(variants, np.cumsum(counts) - counts) if len(values) else variants
    kind, level = facts.snapshot.value_kind[values] * N_VARIANTS, levels[values]
    code = class_code(kind + variant, facts.holder_bin[values], np.zeros_like(level), level)
    return np.where(facts.is_usable[values] & ~facts.value_is_likeness[values], weights.ratio[code], 0.0)


def _between(facts: Facts, worth: Floats, labels: Longs, sizes: Longs) -> _Between:
    cluster = labels[facts.snapshot.link_seller]
    is_in = sizes[cluster] > 1
    n_in = np.bincount(facts.link_value, is_in, facts.snapshot.n_values)
    speaks = (worth > 0) & (facts.n_holders - n_in <= OUTSIDE_SHARE * facts.n_holders)
    kept = is_in & speaks[facts.link_value]
    key = np.unique(facts.link_value[kept] * len(labels) + cluster[kept])
    value, cluster = np.divmod(key, len(labels))
    start = first_of_group(value)
    n_clusters = np.diff(np.append(start, len(value)))
    one, other = pairs_within(start, n_clusters)
    return _Between(cluster[one], cluster[other], value[one], worth[value[one]])


def _links(facts: Facts, between: _Between, labels: Longs, sizes: Longs) -> Links:
    """Return one link a cluster pair: the sum over its values, values with the same holders counted once."""
    pair = between.a * len(labels) + between.b
    worth = between.worth - np.log(sizes[between.a] * sizes[between.b])
    paid = np.floor(np.maximum(worth, 0.0) * TIE_GRID)  # whole numbers: their order cannot matter
    order = np.lexsort((paid, facts.fact_key[between.value], pair))
    is_one_fact = _last_of_two(pair[order], facts.fact_key[between.value][order])
    kept = order[is_one_fact]
    distinct, row = np.unique(pair[kept], return_inverse=True)
    total = np.bincount(row, paid[kept], len(distinct)) / TIE_GRID
    a, b = np.divmod(distinct, len(labels))
    cluster_key = sum_by(labels, mix(facts.seller_key), len(labels))
    return Links(a.astype(np.int32), b.astype(np.int32), total - JOIN_PRIOR, link_keys(cluster_key, a, b))


def _last_of_two(one: Longs, other: Hashes) -> Bools:
    """Say where a run of equal (one, other) ends."""
    last: Bools = is_last_of_group(one) | np.append(other[1:] != other[:-1], [True])[: len(one)]
    return last
