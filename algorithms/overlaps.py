"""Sellers who stand between two rings: an accountant or an agent who serves both."""

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.priors import FAMILIES
from ringwatch.algorithms.segments import find_sorted, ranges
from ringwatch.model.kinds import COUNTING_FAMILIES
from ringwatch.model.snapshot import Bools, Ints, Longs

OVERLAP_VOICES = 2  # families by which a seller is tied to another ring, as many as a closure needs


def find_overlaps(facts: Facts, levels: Ints, most_holders: int, ring_of: Longs, asked: Bools | None = None) -> Bools:
    """Say of each seller whether it is in one ring and stands in another one as well.

    So does who shares values of two families that count with members of one other ring, and either nobody else of its
    own ring holds those, or it shares nothing with its own ring that the other one does not use too. Photos and texts
    are copied and are none of the two; hubs and values of more than ``most_holders`` say nothing. ``ring_of``: any
    number of each seller's ring, -1 for none. With ``asked`` (per seller) only rings of those count as the other one.
    O(links * rings that use a value).
    """
    speaks = facts.is_usable & (facts.n_holders <= most_holders) & ~is_hub(levels) & ~facts.value_is_likeness
    link = np.flatnonzero(speaks[facts.link_value] & (ring_of[facts.snapshot.link_seller] >= 0))
    seller, value = facts.snapshot.link_seller[link].astype(np.int64), facts.link_value[link]
    width = int(ring_of.max(initial=0)) + 1
    use, n_members = np.unique(value * width + ring_of[seller], return_counts=True)
    is_shared = n_members[find_sorted(use, value * width + ring_of[seller])] > 1  # with its own ring
    n_shared = np.bincount(seller[is_shared], minlength=len(ring_of))
    begin = np.searchsorted(use, value * width)
    n_rings = np.searchsorted(use, (value + 1) * width) - begin
    ring = use[ranges(begin, n_rings)] % width
    seller, value, is_shared = (np.repeat(column, n_rings) for column in (seller, value, is_shared))
    is_other = (ring != ring_of[seller]) & _is_asked(ring_of, asked, width)[ring]
    pair, value, is_shared = (seller * width + ring)[is_other], value[is_other], is_shared[is_other]
    found, place = np.unique(pair, return_inverse=True)
    is_equal = np.bincount(place, is_shared, len(found)) == n_shared[found // width]
    stands = is_equal & (_count_voices(facts, place, value, len(found)) >= OVERLAP_VOICES)
    stands |= _count_voices(facts, place[~is_shared], value[~is_shared], len(found)) >= OVERLAP_VOICES
    overlaps = np.zeros(len(ring_of), dtype=np.bool_)
    overlaps[found[stands] // width] = True
    return overlaps


def _is_asked(ring_of: Longs, asked: Bools | None, n_rings: int) -> Bools:
    may = np.full(n_rings, asked is None)
    if asked is not None:
        may[ring_of[asked & (ring_of >= 0)]] = True
    return may


def _count_voices(facts: Facts, pair: Longs, value: Longs, n_pairs: int) -> Longs:
    """Return how many families that count and are not merely copied speak for each pair."""
    counts = np.array([family in COUNTING_FAMILIES for family in FAMILIES], dtype=np.bool_)
    family = facts.value_family[value]
    told = counts[family] & (family != CONTENT)
    voices = np.unique(pair[told] * len(FAMILIES) + facts.value_voice[value[told]])
    n_voices: Longs = np.bincount(voices // len(FAMILIES), minlength=n_pairs)
    return n_voices
