"""Pairs of sellers that share a value, listed value by value in columns."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.segments import first_of_group
from ringwatch.model.snapshot import Ints, Longs


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every two sellers that share a listed value, and each value that they share (a *meeting*).

    Pair p is (a[p], b[p]) with a < b; its meetings are start[p]:start[p + 1]. ``link_a``, ``link_b`` are the places
    of the two uses among the snapshot's links.
    """

    a: Ints
    b: Ints
    start: Longs
    value: Longs
    link_a: Longs
    link_b: Longs
    max_holders: int  # values of more holders are not listed

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.a)

    @property
    def meeting_pair(self) -> Longs:
        """The pair of each meeting."""
        return np.repeat(np.arange(self.n, dtype=np.int64), np.diff(self.start))


def list_pairs(facts: Facts, max_holders: int) -> Pairs:
    """Return the pairs under usable values of 2 to ``max_holders`` holders, in order of (a, b).

    O(sum of squared holders). Values of more holders are left out for cost alone.
    """
    snapshot = facts.snapshot
    n_here = np.diff(snapshot.value_start)  # fewer than its holders in a part of a graph
    is_listed = facts.is_usable & (facts.n_holders <= max_holders) & (n_here > 1)
    sides = [_meet(snapshot.value_start[:-1][is_listed & (n_here == n)], int(n)) for n in np.unique(n_here[is_listed])]
    link_a = np.concatenate([side[0] for side in sides]) if sides else np.zeros(0, np.int64)
    link_b = np.concatenate([side[1] for side in sides]) if sides else np.zeros(0, np.int64)
    key = snapshot.link_seller[link_a].astype(np.int64) * max(snapshot.n_sellers, 1) + snapshot.link_seller[link_b]
    order = np.argsort(key, kind="stable")
    link_a, link_b, key = link_a[order], link_b[order], key[order]
    starts = first_of_group(key)
    return Pairs(
        a=snapshot.link_seller[link_a[starts]],
        b=snapshot.link_seller[link_b[starts]],
        start=np.concatenate((starts, [len(key)])).astype(np.int64),
        value=facts.link_value[link_a],
        link_a=link_a,
        link_b=link_b,
        max_holders=max_holders,
    )


def _meet(first_links: Longs, n_holders: int) -> tuple[Longs, Longs]:
    """Return the two links of every pair of holders, for values that all have ``n_holders``."""
    one, other = np.triu_indices(n_holders, 1)
    return (first_links[:, None] + one).ravel(), (first_links[:, None] + other).ravel()
