"""From judged pairs to rings as groups of sellers: the steps, in order, are ``STEPS``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups, group, number_groups
from ringwatch.algorithms.joins import join_clusters
from ringwatch.algorithms.learn import Judged, Model
from ringwatch.algorithms.leftovers import take_leftovers
from ringwatch.algorithms.merge import TIE_GRID, Links, Price, link_keys, merge
from ringwatch.algorithms.weights import Weights
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Bools, Ints, Longs

LEAD_PRICE = Price(-2.0, 0.5)  # what a weak pass over the rest still calls a lead


@dataclass(frozen=True, slots=True)
class Clusters:
    """Rings as groups of sellers, and how each seller came in."""

    groups: Groups
    is_core: Bools  # per seller: before left-overs were taken in
    is_weak: Bools  # per seller: by the weak pass for leads
    is_bound: Bools  # per seller: by a person's verdict


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps stand on."""

    facts: Facts
    links: Links  # all pairs with their evidence
    levels: Ints  # per value
    weights: Weights
    price: Price
    waits: Bools  # per seller; a step sets it for whom it left because two clusters suit them equally well


Step = Callable[[Ground, Longs], Longs]
"""From labels to labels, each the least seller of its cluster.

What a step does with a seller may depend on its pairs of at least ``least_evidence``, on the clusters that share a
value with its own that is no hub or that is worth something, whole, and on nothing else: ``incremental`` rests on it.
"""


def _merge_pairs(ground: Ground, labels: Longs) -> Longs:
    return merge(ground.links, np.ones(len(labels), dtype=np.int64), ground.price)


def _join(ground: Ground, labels: Longs) -> Longs:
    return join_clusters(ground.facts, ground.levels, ground.weights, labels)


def _take_in(ground: Ground, labels: Longs) -> Longs:
    labels, waiting = take_leftovers(ground.facts, ground.levels, ground.weights, labels)
    ground.waits[waiting] = True
    return labels


def _add_leads(ground: Ground, labels: Longs) -> Longs:
    links, is_taken = ground.links, is_clustered(labels)
    free = ~is_taken[links.a] & ~is_taken[links.b]
    rest = Links(links.a[free], links.b[free], links.evidence[free], links.key[free])
    weak = merge(rest, np.ones(len(labels), dtype=np.int64), LEAD_PRICE)
    return np.where(is_taken, labels, weak)


STEPS: tuple[Step, ...] = (_merge_pairs, _join, _join, _join, _take_in, _take_in, _take_in, _add_leads)
"""Pairs merged in order, clusters joined, left-overs taken in, leads among the rest."""
CORE_STEP, STRONG_STEP = 3, 6
"""The steps after which members are the core, and after which they are there by more than a weak pass."""


def least_evidence(config: DetectConfig) -> float:
    """Return the log-odds below which no pair joins anybody by itself."""
    return float(np.floor(min(config.theta, LEAD_PRICE.theta) * TIE_GRID)) / TIE_GRID


def ground_of(facts: Facts, judged: Judged, model: Model, config: DetectConfig) -> Ground:
    """Return what the steps stand on."""
    pairs = judged.pairs
    links = Links(pairs.a, pairs.b, judged.log_odds, link_keys(facts.seller_key, pairs.a, pairs.b))
    waits = np.zeros(facts.snapshot.n_sellers, dtype=np.bool_)
    return Ground(facts, links, judged.levels, model.weights, Price(config.theta, config.beta), waits)


def take_steps(ground: Ground) -> tuple[Longs, ...]:
    """Return the labels after each step. A step that changed nothing is not taken again right after."""
    trail = [np.arange(ground.facts.snapshot.n_sellers, dtype=np.int64)]
    last: Step | None = None
    for step in STEPS:
        stands = step is last and len(trail) > 1 and trail[-1] is trail[-2]
        labels = trail[-1] if stands else step(ground, trail[-1])
        trail.append(trail[-1] if np.array_equal(labels, trail[-1]) else labels)
        last = step
    return tuple(trail[1:])


def find_clusters(facts: Facts, judged: Judged, model: Model, config: DetectConfig) -> Clusters:
    """Return the rings: pairs merged in order, clusters joined, left-overs taken in, leads among the rest."""
    return clusters_of(facts, take_steps(ground_of(facts, judged, model, config)))


def clusters_of(facts: Facts, trail: Sequence[Longs]) -> Clusters:
    """Return the rings that the labels after each step make."""
    labels = trail[-1]
    is_strong = is_clustered(trail[STRONG_STEP])
    is_weak = ~is_strong & is_clustered(labels)
    none_bound = np.zeros(len(labels), dtype=np.bool_)
    return Clusters(group(facts, number_groups(labels)), is_clustered(trail[CORE_STEP]), is_weak, none_bound)


def is_clustered(labels: Longs) -> Bools:
    """Say of each seller whether another has its label."""
    clustered: Bools = np.bincount(labels, minlength=len(labels))[labels] > 1 if len(labels) else labels > 0
    return clustered
