"""From judged pairs to rings as groups of sellers: the steps, in order, are the lines of ``find_clusters``."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups, group, number_groups
from ringwatch.algorithms.joins import join_clusters
from ringwatch.algorithms.learn import Judged, Model
from ringwatch.algorithms.leftovers import take_leftovers
from ringwatch.algorithms.merge import Links, Price, link_keys, merge
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Bools, Longs

LEAD_PRICE = Price(-2.0, 0.5)  # what a weak pass over the rest still calls a lead


@dataclass(frozen=True, slots=True)
class Clusters:
    """Rings as groups of sellers, and how each seller came in."""

    groups: Groups
    is_core: Bools  # per seller: before left-overs were taken in
    is_weak: Bools  # per seller: by the weak pass for leads
    is_bound: Bools  # per seller: by a person's verdict


def find_clusters(facts: Facts, judged: Judged, model: Model, config: DetectConfig) -> Clusters:
    """Return the rings: pairs merged in order, clusters joined, left-overs taken in, leads among the rest."""
    links = Links(
        judged.pairs.a,
        judged.pairs.b,
        judged.log_odds,
        link_keys(facts.seller_key, judged.pairs.a, judged.pairs.b),
    )
    labels = merge(links, np.ones(facts.snapshot.n_sellers, dtype=np.int64), Price(config.theta, config.beta))
    labels = join_clusters(facts, judged.levels, model.weights, labels)
    is_core = _is_clustered(labels)
    labels = take_leftovers(facts, judged.levels, model.weights, labels)
    is_strong = _is_clustered(labels)
    labels = _add_leads(links, labels, is_strong)
    is_weak = ~is_strong & _is_clustered(labels)
    return Clusters(group(facts, number_groups(labels)), is_core, is_weak, np.zeros(len(labels), dtype=np.bool_))


def _is_clustered(labels: Longs) -> Bools:
    clustered: Bools = np.bincount(labels, minlength=len(labels))[labels] > 1 if len(labels) else labels > 0
    return clustered


def _add_leads(links: Links, labels: Longs, is_taken: Bools) -> Longs:
    free = ~is_taken[links.a] & ~is_taken[links.b]
    rest = Links(links.a[free], links.b[free], links.evidence[free], links.key[free])
    weak = merge(rest, np.ones(len(labels), dtype=np.int64), LEAD_PRICE)
    return np.where(is_taken, labels, weak)
