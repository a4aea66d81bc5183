"""What ties the holders of values that list no pairs: it is told of such a value, and joins nobody.

Kept as pairs of holders, so that a run which judges some sellers anew need not look at all holders again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ringwatch.algorithms.codes import N_FAMILIES
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import Shown
from ringwatch.algorithms.hubs import SAME_FACT, TIE_STRENGTH, overlap_of_holders
from ringwatch.algorithms.pairs import Pairs
from ringwatch.algorithms.region import links_of
from ringwatch.model.snapshot import Bools, Floats, Longs


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of sellers that one value by itself ties; a row for each family that has such a value."""

    a: Longs
    b: Longs
    voice: Longs  # the family
    tying: Longs  # the value that stands for it


@dataclass(frozen=True, slots=True)
class Crowds:
    """Two holders of ``value``, which lists no pairs, whom ``tying`` of another family ties; rows are distinct."""

    value: Longs
    a: Longs
    b: Longs
    tying: Longs

    def rows(self, chosen: Bools | Longs) -> "Crowds":
        """Return some of the rows."""
        return Crowds(self.value[chosen], self.a[chosen], self.b[chosen], self.tying[chosen])


def joined(parts: Sequence[Crowds]) -> Crowds:
    """Return the rows of all parts, one after the other."""
    columns = zip(*((part.value, part.a, part.b, part.tying) for part in parts), strict=True)
    return Crowds(*(np.concatenate(column) for column in columns))


def strong_ties(pairs: Pairs, shown: Shown, ratio: Floats) -> Ties:
    """Return the ties among pairs; ``ratio`` is the log ratio of each code."""
    is_strong = ratio[shown.codes[shown.best_pair, shown.best_family]] >= TIE_STRENGTH
    pair, voice = shown.best_pair[is_strong], shown.best_family[is_strong].astype(np.int64)
    a, b = (column[pair].astype(np.int64) for column in (pairs.a, pairs.b))
    return Ties(a, b, voice, pairs.value[shown.best_meeting[is_strong]])


def all_ties(parts: Sequence[Ties], n_sellers: int) -> Ties:
    """Return each tie of some lists once."""
    columns = zip(*((part.a, part.b, part.voice, part.tying) for part in parts), strict=True)
    a, b, voice, tying = (np.concatenate(column) for column in columns)
    _, first = np.unique((a * n_sellers + b) * N_FAMILIES + voice, return_index=True)
    return Ties(a[first], b[first], voice[first], tying[first])


def crowds_of(facts: Facts, ties: Ties, most: int) -> Crowds:
    """Return the crowds in which two tied sellers meet: values of more than ``most`` holders and another family.

    O(links of the tied sellers).
    """
    sellers = np.unique(np.concatenate((ties.a, ties.b)))
    link = links_of(facts, sellers)
    link = link[facts.is_usable[facts.link_value[link]] & (facts.n_holders[facts.link_value[link]] > most)]
    if not len(link):
        return Crowds(link, link, link, link)
    values, column = np.unique(facts.link_value[link], return_inverse=True)
    row = np.searchsorted(sellers, facts.snapshot.link_seller[link])
    ones = np.ones(len(link), dtype=np.int32)
    held = sparse.csr_array((ones, (row, column)), shape=(len(sellers), len(values)))
    both = held[np.searchsorted(sellers, ties.a)] * held[np.searchsorted(sellers, ties.b)]
    tie, found = both.nonzero()
    is_other = facts.value_voice[values[found]] != ties.voice[tie]
    tie, value = tie[is_other], values[found[is_other]]
    return Crowds(value, ties.a[tie], ties.b[tie], ties.tying[tie])


def count_tied(facts: Facts, crowds: Crowds) -> tuple[Longs, Longs]:
    """Return the values of some crowds and how many of their holders are tied to a fellow holder.

    A value with nearly the same holders is the same fact and ties nobody. O(rows).
    """
    is_other = overlap_of_holders(facts, crowds.value, crowds.tying) < SAME_FACT
    value, a, b = (column[is_other] for column in (crowds.value, crowds.a, crowds.b))
    n_sellers = max(facts.snapshot.n_sellers, 1)
    holding = np.unique(np.concatenate((value, value)) * n_sellers + np.concatenate((a, b)))
    return np.unique(holding // n_sellers, return_counts=True)
