"""Sellers left over, held against whole rings; then small clusters among the rest."""

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups, group, number_groups
from ringwatch.algorithms.hits import Candidates
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.membership import Standing, stand, yardstick
from ringwatch.algorithms.segments import ranges
from ringwatch.algorithms.weights import Weights
from ringwatch.model.snapshot import Bools, Ints, Longs

LEFTOVER_LEAST = 0.0  # log-odds from which a left-over seller joins a ring


def take_leftovers(facts: Facts, levels: Ints, weights: Weights, labels: Longs) -> tuple[Longs, Longs]:
    """Return the labels after sellers in no cluster joined the ring that they stand nearest to; one round.

    And the sellers who stand equally near to two rings, and wait.
    """
    ring_of = number_groups(labels)
    groups = group(facts, ring_of)
    candidates = near(facts, groups, np.flatnonzero(ring_of < 0), ~is_hub(levels))
    seller, ring, waiting = _nearest(stand(yardstick(facts, groups, levels, weights), candidates))
    label = groups.member[groups.start[:-1]]  # the least member of each ring
    np.minimum.at(label, ring, seller)
    labels = labels.copy()
    labels[groups.member] = label[groups.ring_of[groups.member]]
    labels[seller] = label[ring]
    return labels, waiting


def near(facts: Facts, groups: Groups, sellers: Longs, speaks: Bools) -> Candidates:
    """Return each seller with each ring with which it shares some value that ``speaks``, by seller then ring."""
    n_links = np.diff(facts.seller_start)[sellers]
    seller = np.repeat(sellers, n_links)
    value = facts.link_value[facts.seller_link[ranges(facts.seller_start[sellers], n_links)]]
    seller, value = seller[speaks[value]], value[speaks[value]]
    start = np.searchsorted(groups.uses.key, value * max(groups.n, 1))
    end = np.searchsorted(groups.uses.key, (value + 1) * max(groups.n, 1))
    ring = groups.uses.key[ranges(start, end - start)] % max(groups.n, 1)
    key = np.unique(np.repeat(seller, end - start) * max(groups.n, 1) + ring)
    return Candidates(*np.divmod(key, max(groups.n, 1)))


def _nearest(standing: Standing) -> tuple[Longs, Longs, Longs]:
    """Return the sellers that join and their ring, and those who stand equally near to two rings."""
    paid = np.flatnonzero(standing.log_odds >= LEFTOVER_LEAST)
    seller, ring = standing.candidates.seller[paid], standing.candidates.ring[paid]
    odds = standing.log_odds[paid]
    order = np.lexsort((-odds, seller))
    seller, ring, odds = seller[order], ring[order], odds[order]
    is_first = np.concatenate(([True], seller[1:] != seller[:-1])) if len(seller) else np.zeros(0, np.bool_)
    is_tied = np.zeros(len(seller), dtype=np.bool_)
    is_tied[:-1] = (seller[1:] == seller[:-1]) & (odds[1:] == odds[:-1])
    chosen = is_first & ~is_tied
    return seller[chosen], ring[chosen], seller[is_first & is_tied]
