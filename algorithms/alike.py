"""Addresses that differ only in how the street is called: "4340 s lamon" and "4340 s lamon ave"."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.segments import first_of_group
from ringwatch.model.snapshot import Ints, Longs, Snapshot
from ringwatch.values.address_words import STREET_TYPES

NORMALISER = "address"
TOLD_LEAST = 3  # letters of a word that tells a street; house, street and nothing else are too little to be alike
_TYPES = frozenset(STREET_TYPES.keys() | STREET_TYPES.values())


@dataclass(frozen=True, slots=True)
class Alike:
    """Groups of two or more values that are alike, and who holds some value of each."""

    start: Longs  # holders of group g are seller[start[g]:start[g + 1]], ascending
    seller: Ints

    @property
    def n_holders(self) -> Longs:
        """Return the number of holders of each group."""
        return np.diff(self.start)


def loosen(text: str) -> str:
    """Return an address without the words for a street's sort, "" where too little is left to tell it by.

    >>> loosen("4340 | ave lamon s"), loosen("4340 | lamon s"), loosen("12 | st")
    ('4340 | lamon s', '4340 | lamon s', '')
    """
    numbers, _, words = text.partition("|")
    kept = [word for word in words.split() if word not in _TYPES]
    is_told = any(map(str.isdigit, numbers)) and any(len(word) >= TOLD_LEAST for word in kept)
    return f"{numbers.strip()} | {' '.join(kept)}" if is_told else ""


def find_alike(snapshot: Snapshot, link_value: Longs) -> Alike:
    """Return the groups of addresses that are alike, hashed and exempt ones left out. O(values + links)."""
    is_address = np.array([kind.normaliser == NORMALISER for kind in snapshot.kinds], dtype=np.bool_)
    is_read = ~snapshot.value_is_hashed & ~snapshot.value_is_exempt
    values = np.flatnonzero(is_read & is_address[snapshot.value_kind]) if len(is_address) else np.zeros(0, np.int64)
    shared = snapshot.value_text.take(values).to_pylist()
    texts = [loosen(text) for text in shared + snapshot.own_address.to_pylist()]
    names, of_text = np.unique(np.array([*texts, ""], dtype=object), return_inverse=True)
    n_texts = np.bincount(of_text)
    is_group = (n_texts > 1) & (names != "")
    group_of_text = np.where(is_group, np.cumsum(is_group) - 1, -1)[of_text]
    group_of = np.full(snapshot.n_values, -1, dtype=np.int64)
    group_of[values] = group_of_text[: len(values)]
    group = np.concatenate((group_of[link_value], group_of_text[len(values) : -1]))
    seller = np.concatenate((snapshot.link_seller, snapshot.own_address_seller))
    width = max(snapshot.n_sellers, 1)
    keys = np.unique(group[group >= 0] * width + seller[group >= 0])
    start = np.append(first_of_group(keys // width), len(keys)).astype(np.int64)
    return Alike(start, (keys % width).astype(np.int32))
