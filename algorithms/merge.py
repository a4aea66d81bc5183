"""Pairs into clusters: strongest evidence first, with a price on size."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.segments import Hashes, first_of_group, mix
from ringwatch.model.snapshot import Floats, Ints, Longs

TIE_GRID = 2.0**10
"""Evidence closer than this grid counts as equal and is taken at one go."""


@dataclass(frozen=True, slots=True)
class Price:
    """What joining clusters A and B costs: ``theta + beta * log(|A||B|)``."""

    theta: float
    beta: float


@dataclass(frozen=True, slots=True)
class Links:
    """Links between nodes a[i] and b[i] with their evidence in log-odds; ``key`` orders equal evidence."""

    a: Ints
    b: Ints
    evidence: Floats
    key: Hashes


class Forest:
    """Disjoint sets of nodes; the root of a set is whatever node it is, so no answer may depend on it."""

    def __init__(self, sizes: Longs) -> None:
        self.parent = list(range(len(sizes)))
        self.size = sizes.tolist()

    def root(self, node: int) -> int:
        """Return the root of a node's set, halving the path to it."""
        parent = self.parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, one: int, other: int) -> None:
        """Make one set of the sets of two nodes."""
        one, other = self.root(one), self.root(other)
        if one != other:
            if self.size[one] < self.size[other]:
                one, other = other, one
            self.parent[other] = one
            self.size[one] += self.size[other]

    def labels(self) -> Longs:
        """Return the root of every node."""
        return np.array([self.root(node) for node in range(len(self.parent))], dtype=np.int64)


def link_keys(seller_key: Hashes, a: Ints, b: Ints) -> Hashes:
    """Return a hash of each pair that depends on the structure around its sellers alone."""
    return mix(seller_key[a]) + mix(seller_key[b])


def merge(links: Links, sizes: Longs, price: Price) -> Longs:
    """Return a label for each node: the least node of its cluster.

    Links are taken by falling evidence; links that structure cannot tell apart are judged together and joined at one
    go, so ids of sellers break no tie. A link that cannot pay once can never pay, as clusters only grow. O(m log m).
    """
    worth = np.floor(links.evidence * TIE_GRID).astype(np.int64)
    chosen = np.flatnonzero(worth >= np.floor(price.theta * TIE_GRID))
    used, place = np.unique(np.concatenate((links.a[chosen], links.b[chosen])), return_inverse=True)
    order = np.lexsort((links.key[chosen], -worth[chosen]))
    n_chosen = len(chosen)
    a, b = place[:n_chosen][order], place[n_chosen:][order]
    evidence = links.evidence[chosen][order]
    forest = Forest(sizes[used])
    batch = _batches(worth[chosen][order], links.key[chosen][order])
    for begin, end in zip(batch[:-1].tolist(), batch[1:].tolist(), strict=True):
        _join_batch(forest, zip(a[begin:end].tolist(), b[begin:end].tolist(), strict=True), evidence[begin], price)
    labels = np.arange(len(sizes), dtype=np.int64)
    labels[used] = used[least_of(forest.labels())]
    return labels


def least_of(labels: Longs) -> Longs:
    """Return labels that name each cluster by its least node; ``labels`` are equal within a cluster.

    >>> least_of(np.array([2, 7, 2, 7])).tolist()
    [0, 1, 0, 1]
    """
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    return first[place].astype(np.int64)


def _batches(worth: Longs, key: Hashes) -> Longs:
    is_new = np.concatenate((first_of_group(worth), first_of_group(key)))
    return np.append(np.unique(is_new), len(worth))


def _join_batch(forest: Forest, links: "zip[tuple[int, int]]", evidence: float, price: Price) -> None:
    room = (evidence - price.theta) / price.beta if price.beta else np.inf
    bound = np.exp(min(room, 700.0)) + 1e-9  # log(|A||B|) <= room
    roots = [(forest.root(one), forest.root(other)) for one, other in links]
    paid = [(one, other) for one, other in roots if one != other and forest.size[one] * forest.size[other] <= bound]
    for one, other in paid:
        forest.join(one, other)
