"""Addresses that differ by writing: "4340 s lamon" and "4340 s lamon ave", "744 n monticelo" and "744 n monticello"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein

from ringwatch.algorithms.names import Names, Vocabulary, compare_names, count_words, mend_words, number_names
from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.model.snapshot import Ints, Longs, Snapshot
from ringwatch.values.address_words import DIRECTIONS, STREET_TYPES

NORMALISER = "address"
TOLD_LEAST = 3  # letters of a word that tells a street; house, street and nothing else are too little to be alike
SLIP_LEAST = 3  # digits of a house number one of which may be wrong
COMPARED_MOST = 4  # addresses of a record that are compared with those of another: a limit of cost
_TYPES = frozenset(STREET_TYPES.keys() | STREET_TYPES.values())
_SIDES = frozenset(DIRECTIONS.keys() | DIRECTIONS.values())

FAR, SLIP, HALF, NEAR = range(4)
"""How like two addresses are: not at all; one digit off in the same street; same number, some words; most words."""
LIKE_LEVELS = 3
NEAR_SHARE, HALF_SHARE, SLIP_SHARE = 0.75, 0.4, 0.9  # of the weight of the shorter one's words


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of records as text.

    Group g of two or more that are alike is held by seller[start[g]:start[g + 1]], ascending.
    """

    start: Longs
    seller: Ints
    words: Names  # one row a distinct text that can be compared
    numbers: tuple[tuple[str, ...], ...]  # per row
    own_start: Longs  # rows of seller s are own[own_start[s]:own_start[s + 1]]
    own: Longs

    @property
    def n_holders(self) -> Longs:
        """Return the number of holders of each group."""
        return np.diff(self.start)


def split_address(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what must agree in an address, numbers and sides, and its words, those for a street's sort left out.

    >>> split_address("4340 room:3 | ave lamon s w:63")
    (('4340', 'room:3', 's', 'w:63'), ('lamon',))
    """
    numbers, _, words = text.partition("|")
    kept = [word for word in words.split() if word not in _TYPES]
    is_number = [any(map(str.isdigit, word)) or word in _SIDES for word in kept]
    told = [word for word, is_one in zip(kept, is_number, strict=True) if is_one]
    return (*numbers.split(), *told), tuple(word for word, is_one in zip(kept, is_number, strict=True) if not is_one)


def _texts(snapshot: Snapshot, link_value: Longs) -> tuple[list[str], Longs, Longs]:
    """Return the distinct addresses as text, and (row, seller) of who holds them; hashed and exempt ones left out."""
    is_address = np.array([kind.normaliser == NORMALISER for kind in snapshot.kinds], dtype=np.bool_)
    is_read = ~snapshot.value_is_hashed & ~snapshot.value_is_exempt
    values = np.flatnonzero(is_read & is_address[snapshot.value_kind]) if len(is_address) else np.zeros(0, np.int64)
    own = np.flatnonzero(is_address[snapshot.own_kind] & ~snapshot.own_is_exempt) if len(is_address) else values[:0]
    texts = snapshot.value_text.take(values).to_pylist() + snapshot.own_text.take(own).to_pylist()
    distinct, of_text = np.unique(np.array([*texts, ""], dtype=object), return_inverse=True)
    row_of = np.full(snapshot.n_values, -1, dtype=np.int64)
    row_of[values] = of_text[: len(values)]
    held = row_of[link_value]
    row = np.concatenate((held[held >= 0], of_text[len(values) : -1]))
    seller = np.concatenate((snapshot.link_seller[held >= 0], snapshot.own_seller[own])).astype(np.int64)
    return distinct.tolist(), row, seller


def learn_places(snapshot: Snapshot, link_value: Longs) -> Vocabulary:
    """Return how many distinct addresses hold each word."""
    texts, _, _ = _texts(snapshot, link_value)
    return count_words([split_address(text)[1] for text in texts if text])


def read_places(snapshot: Snapshot, link_value: Longs, vocabulary: Vocabulary) -> Places:
    """Return the addresses of records, misspelt words mended. O(values + links)."""
    texts, row, seller = _texts(snapshot, link_value)
    split = [split_address(text) for text in texts]
    mended = mend_words({word for _, words in split for word in words}, vocabulary)
    words = [tuple(sorted({part for word in own for part in mended.get(word, (word,))})) for _, own in split]
    numbers = tuple(numbers for numbers, _ in split)
    start, holder = _alike(numbers, words, row, seller)
    order = np.lexsort((row, seller))
    own_start = np.searchsorted(seller[order], np.arange(snapshot.n_sellers + 1))
    return Places(start, holder, number_names(words, vocabulary), numbers, own_start, row[order])


def _alike(
    numbers: Sequence[tuple[str, ...]], words: Sequence[tuple[str, ...]], row: Longs, seller: Longs
) -> tuple[Longs, Ints]:
    """Return the groups of two or more texts of the same numbers and words, and who holds some text of each."""
    told = [
        f"{' '.join(own)} | {' '.join(said)}"
        if any(map(str.isdigit, " ".join(own))) and any(len(word) >= TOLD_LEAST for word in said)
        else ""
        for own, said in zip(numbers, words, strict=True)
    ]
    names, of_text = np.unique(np.array([*told, ""], dtype=object), return_inverse=True)
    is_group = (np.bincount(of_text) > 1) & (names != "")
    group = np.where(is_group, np.cumsum(is_group) - 1, -1)[of_text[:-1]][row]
    width = int(seller.max(initial=0)) + 1
    keys = np.unique(group[group >= 0] * width + seller[group >= 0])
    start = np.append(first_of_group(keys // width), len(keys)).astype(np.int64)
    return start, (keys % width).astype(np.int32)


def likeness(places: Places, a: Longs, b: Longs) -> Ints:
    """Return how like the addresses of pairs of sellers are, at best. O(pairs)."""
    n_own = np.minimum(np.diff(places.own_start), COMPARED_MOST)
    n_one, n_other = n_own[a], n_own[b]
    pair = np.repeat(np.arange(len(a)), n_one * n_other)
    one = np.repeat(ranges(places.own_start[a], n_one), np.repeat(n_other, n_one))
    other = ranges(np.repeat(places.own_start[b], n_one), np.repeat(n_other, n_one))
    row, met = np.minimum(places.own[one], places.own[other]), np.maximum(places.own[one], places.own[other])
    width = max(len(places.numbers), 1)
    keys, of_key = np.unique(row * width + met, return_inverse=True)
    level = _levels(places, *np.divmod(keys, width))[of_key]
    best = np.zeros(len(a), dtype=np.int32)
    np.maximum.at(best, pair, level)
    return best


def _levels(places: Places, a: Longs, b: Longs) -> Ints:
    level = np.zeros(len(a), dtype=np.int32)
    one, other = places.words.of_seller[a], places.words.of_seller[b]
    told = np.flatnonzero((one >= 0) & (other >= 0))
    share = compare_names(places.words, one[told], other[told]).share
    close = told[share >= HALF_SHARE]
    is_near, is_street = share[share >= HALF_SHARE] >= NEAR_SHARE, share[share >= HALF_SHARE] >= SLIP_SHARE
    for at, near, street in zip(close.tolist(), is_near.tolist(), is_street.tolist(), strict=True):
        level[at] = _level(places.numbers[a[at]], places.numbers[b[at]], is_near=near, is_street=street)
    return level


def _level(one: tuple[str, ...], other: tuple[str, ...], *, is_near: bool, is_street: bool) -> int:
    if not _has_digit(one) or not _has_digit(other):
        return FAR
    fewer, more = sorted((one, other), key=len)
    if fewer[0] == more[0] and set(fewer) <= set(more):
        return NEAR if is_near else HALF
    is_slip = fewer[1:] == more[1:] and DamerauLevenshtein.distance(fewer[0], more[0]) == 1
    return SLIP if is_street and is_slip and len(more[0]) >= SLIP_LEAST else FAR


def _has_digit(numbers: tuple[str, ...]) -> bool:
    return any(char.isdigit() for number in numbers for char in number)
