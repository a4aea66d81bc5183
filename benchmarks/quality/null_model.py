"""The degree-preserving null model: do two sellers share more values than chance lets sellers of their degrees share?

Every kind is a bipartite graph of its own. With the degrees of sellers and values kept in expectation (Neal, Domagalski
and Sagan 2021, the stochastic degree sequence model, its cells as in Chung and Lu 2002), the values that a pair shares
are nearly Poisson, and its tail is the p-value. False discoveries among all pairs are held by Benjamini and Hochberg
(1995).
"""

import numpy as np
from scipy.stats import poisson

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.pairs import Pairs
from ringwatch.model.snapshot import Bools, Floats

FALSE_DISCOVERIES = 0.01  # share of the pairs found that may be chance


def are_beyond_chance(facts: Facts, pairs: Pairs) -> Bools:
    """Say of each pair whether it shares more listed values than the null model lets one expect. O(meetings)."""
    n_shared = np.diff(pairs.start)
    surprise = poisson.sf(n_shared - 1, _expected(facts, pairs))
    n_all = facts.snapshot.n_sellers * (facts.snapshot.n_sellers - 1) / 2
    return _discoveries(surprise, n_all)


def _expected(facts: Facts, pairs: Pairs) -> Floats:
    """Return how many values each pair shares by chance: over kinds, d_i d_j * sum of k (k - 1) / uses squared.

    Uses and degrees count what sellers hold alone too.
    """
    snapshot = facts.snapshot
    kind_of_link = snapshot.value_kind[facts.link_value]
    expected = np.zeros(pairs.n)
    for kind in range(len(snapshot.kinds)):
        links = np.flatnonzero((kind_of_link == kind) & facts.is_usable[facts.link_value])
        degree = np.bincount(snapshot.link_seller[links], minlength=snapshot.n_sellers) + snapshot.n_own[:, kind]
        holders = facts.n_holders[(snapshot.value_kind == kind) & facts.is_usable].astype(np.float64)
        if len(links):
            chance = float(holders @ (holders - 1)) / float(degree.sum()) ** 2
            expected += degree[pairs.a].astype(np.float64) * degree[pairs.b] * chance
    return expected


def _discoveries(surprise: Floats, n_tests: float) -> Bools:
    """Say which p-values Benjamini and Hochberg's procedure lets through; the tests that are not listed have p = 1."""
    order = np.argsort(surprise, kind="stable")
    passes = surprise[order] <= FALSE_DISCOVERIES * np.arange(1, len(order) + 1) / n_tests
    n_found = int(np.flatnonzero(passes)[-1]) + 1 if passes.any() else 0
    found = np.zeros(len(surprise), dtype=np.bool_)
    found[order[:n_found]] = True
    return found
