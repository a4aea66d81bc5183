"""Pairs of sellers that share a value, listed value by value in columns."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.model.snapshot import Bools, Ints, Longs


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
    link = np.flatnonzero(_is_listed(facts, max_holders)[facts.link_value])
    n_after = facts.snapshot.value_start[facts.link_value[link] + 1] - link - 1
    return _by_pair(facts, np.repeat(link, n_after), ranges(link + 1, n_after), max_holders)


def list_pairs_of(facts: Facts, max_holders: int, sellers: Longs) -> Pairs:
    """Return those of the pairs that one of some sellers is in. O(holders of their values)."""
    is_asked = np.zeros(facts.snapshot.n_sellers, dtype=np.bool_)
    is_asked[sellers] = True
    start = facts.seller_start[sellers]
    link = facts.seller_link[ranges(start, facts.seller_start[sellers + 1] - start)]
    link = link[_is_listed(facts, max_holders)[facts.link_value[link]]]
    start = facts.snapshot.value_start[facts.link_value[link]]
    n_holders = facts.snapshot.value_start[facts.link_value[link] + 1] - start
    own, other = np.repeat(link, n_holders), ranges(start, n_holders)
    kept = (own < other) | ((own > other) & ~is_asked[facts.snapshot.link_seller[other]])  # each meeting once
    return _by_pair(facts, np.minimum(own, other)[kept], np.maximum(own, other)[kept], max_holders)


def _is_listed(facts: Facts, max_holders: int) -> Bools:
    listed: Bools = facts.is_usable & (facts.n_holders <= max_holders)
    return listed


def _by_pair(facts: Facts, link_a: Longs, link_b: Longs, max_holders: int) -> Pairs:
    """Return meetings by pair, those of one pair by value."""
    seller = facts.snapshot.link_seller
    key = seller[link_a].astype(np.int64) * max(facts.snapshot.n_sellers, 1) + seller[link_b]
    order = np.lexsort((link_a, key)) if len(key) and np.any(np.diff(link_a) < 0) else np.argsort(key, kind="stable")
    link_a, link_b, key = link_a[order], link_b[order], key[order]
    starts = first_of_group(key)
    return Pairs(
        a=seller[link_a[starts]],
        b=seller[link_b[starts]],
        start=np.concatenate((starts, [len(key)])).astype(np.int64),
        value=facts.link_value[link_a],
        link_a=link_a,
        link_b=link_b,
        max_holders=max_holders,
    )
