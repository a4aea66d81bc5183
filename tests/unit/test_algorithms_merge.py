"""Pairs into clusters, strongest first, with a price on size."""

import numpy as np

from ringwatch.algorithms.merge import Links, Price, merge


def labels(links: list[tuple[int, int, float]], n: int, price: Price, keys: list[int] | None = None) -> list[int]:
    """Return the clusters, each named by its least node."""
    a, b, evidence = (np.array(column) for column in zip(*links, strict=True))
    key = np.array(keys or range(len(links)), dtype=np.uint64)
    found = merge(Links(a.astype(np.int32), b.astype(np.int32), evidence.astype(float), key), np.ones(n, int), price)
    return [int(np.flatnonzero(found == label)[0]) for label in found]


def test_a_link_must_pay_for_the_size_of_both_sides() -> None:
    """Joining two pairs by one link asks for theta + beta * log(4) = 3.39."""
    strong = [(0, 1, 9.0), (2, 3, 9.0)]
    assert labels([*strong, (1, 2, 3.3)], 4, Price(2, 1)) == [0, 0, 2, 2]
    assert labels([*strong, (1, 2, 3.5)], 4, Price(2, 1)) == [0, 0, 0, 0]


def test_equal_links_are_joined_at_one_go() -> None:
    """A square of links that nothing tells apart is one cluster, not two pairs that names would choose."""
    square = [(0, 1, 2.5), (1, 2, 2.5), (2, 3, 2.5), (3, 0, 2.5)]
    assert labels(square, 4, Price(2, 1), [7, 7, 7, 7]) == [0, 0, 0, 0]
    assert labels(square, 4, Price(2, 1), [1, 2, 3, 4]) != [0, 0, 0, 0]


def test_weak_links_join_nobody() -> None:
    """Below theta nothing happens."""
    assert labels([(0, 1, 1.9)], 3, Price(2, 1)) == [0, 1, 2]
