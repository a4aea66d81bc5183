"""How two sellers are connected: chains of shared values, strongest first, that have nothing in between in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.special import expit

from ringwatch.algorithms.codes import class_code
from ringwatch.algorithms.priors import N_VARIANTS
from ringwatch.algorithms.questions import JudgedGraph, seller_number
from ringwatch.algorithms.weights import CHANCE, OPERATOR
from ringwatch.model.snapshot import Bools, Floats, Longs, Snapshot

PATHS_MOST = 5  # more chains than a person follows
STEP_COST = 1e-9  # of chains of equal strength the shortest is taken; far below any difference of strength


@dataclass(frozen=True, slots=True)
class Step:
    """Two sellers that use one value."""

    seller_id: str
    kind: str
    value: str
    next_seller_id: str


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of steps; ``score`` is the chance that every step joins one operator's sellers, 0 to 1."""

    score: float
    steps: tuple[Step, ...]


def find_paths(graph: JudgedGraph, one: str, other: str, n_most: int = PATHS_MOST) -> list[Path]:
    """Return up to ``n_most`` chains from one seller to another, strongest first.

    Each is the strongest that shares no seller in between and no value with those before it (Dijkstra 1959, over
    sellers and values). O(chains * links * log sellers).

    Raises:
        KeyError: the snapshot has no such seller.
    """
    snapshot = graph.facts.snapshot
    start, end = seller_number(snapshot, one), seller_number(snapshot, other)
    strength = value_strength(graph)
    chains = islice(_disjoint(graph, strength, start, end), n_most)
    return [_path(snapshot, strength, nodes) for nodes in chains]


def value_strength(graph: JudgedGraph) -> Floats:
    """Return for each value the chance that two sellers who share it alone are one operator and not chance."""
    facts, weights = graph.facts, graph.model.weights
    apart = np.zeros(facts.snapshot.n_values, dtype=np.int32)
    codes = class_code(facts.snapshot.value_kind * N_VARIANTS, facts.holder_bin, apart, graph.levels)
    strength: Floats = expit(weights.ratio[codes] + weights.prior[OPERATOR] - weights.prior[CHANCE])
    return strength


def _disjoint(graph: JudgedGraph, strength: Floats, start: int, end: int) -> Iterator[Longs]:
    """Yield chains as nodes: sellers by number, values after them."""
    facts = graph.facts
    seller = facts.snapshot.link_seller.astype(np.int64)
    value = facts.link_value
    is_free: Bools = facts.is_usable[value] & (strength[value] > 0)
    n_sellers = facts.snapshot.n_sellers
    while True:
        nodes = _strongest(n_sellers, strength, (seller[is_free], value[is_free]), (start, end))
        if not len(nodes):
            return
        yield nodes
        inner, used = nodes[2:-1:2], nodes[1::2] - n_sellers
        is_free &= ~np.isin(seller, inner) & ~np.isin(value, used)


def _strongest(n_sellers: int, strength: Floats, links: tuple[Longs, Longs], ends: tuple[int, int]) -> Longs:
    """Return the nodes of the strongest chain between two sellers, none where there is no chain."""
    seller, value = links
    n = n_sellers + len(strength)
    half = STEP_COST - 0.5 * np.log(strength[value])  # a step goes in and out of the value
    graph = csr_array((half, (seller, value + n_sellers)), shape=(n, n))
    cost, before = dijkstra(graph, directed=False, indices=[ends[0]], return_predecessors=True)
    if ends[0] == ends[1] or not np.isfinite(cost[0, ends[1]]):
        return np.empty(0, dtype=np.int64)
    nodes = [ends[1]]
    while nodes[-1] != ends[0]:
        nodes.append(int(before[0, nodes[-1]]))
    return np.array(nodes[::-1], dtype=np.int64)


def _path(snapshot: Snapshot, strength: Floats, nodes: Longs) -> Path:
    sellers = snapshot.seller_ids.take(nodes[::2]).to_pylist()
    values = nodes[1::2] - snapshot.n_sellers
    texts = snapshot.value_text.take(values).to_pylist()
    kinds = [snapshot.kinds[kind].name for kind in snapshot.value_kind[values]]
    chain = zip(sellers, kinds, texts, sellers[1:], strict=False)
    return Path(float(np.prod(strength[values])), tuple(Step(*step) for step in chain))
