"""How well the rings of a run agree with a table of labels: the figures that ``ringwatch evaluate`` prints.

B-cubed follows Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model" (1998):
each seller is asked how much of its found group is of its true group, and the other way round.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.rings import TIERS, Tier
from ringwatch.model.snapshot import Bools, Floats, Longs

CLOSABLE_INFRINGEMENT = 0.5  # the border that the interface sets: below it no store of a close member is closed
COUNTED_RING_SIZE = 3  # ring_recall asks for true rings of at least three
HELD_SHARE = 0.5  # of a true ring that one found ring must hold
PURE_SHARE = 0.8  # of a found ring's labelled members that must be of that true ring


@dataclass(frozen=True, slots=True)
class Labels:
    """The truth: ``rings[i]`` is the true ring of ``seller_ids[i]``, "" or null where honest; each seller once.

    Columns are strings, whole or chunked.
    """

    seller_ids: pa.Array
    rings: pa.Array


@dataclass(frozen=True, slots=True)
class FoundMembers:
    """Memberships as the CSV export writes them, each seller once; without scores no seller counts as closable."""

    ring_ids: pa.Array
    seller_ids: pa.Array
    tiers: pa.Array
    infringement_scores: Floats | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and their harmonic mean; a share of nothing is 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one comparison; sellers without a label are left out of every one of them."""

    sellers: int
    true_rings: int
    rings: int
    pairwise: Agreement
    b_cubed: Agreement
    ring_recall: float
    honest_sellers: int
    honest_caught: dict[str, int]
    honest_closable: int
    largest_ring: int


@dataclass(frozen=True, slots=True)
class _Overlap:
    """How two groupings of the same sellers meet: one row a pair of groups that have a seller in common."""

    true_size: Longs
    found_size: Longs
    true_group: Longs
    found_group: Longs
    n_common: Longs


def evaluate(labels: Labels, found: FoundMembers) -> Evaluation:
    """Return how well the found rings agree with the labels, over the labelled sellers alone.

    Cost O(n log n) in the number of labelled sellers.

    >>> labels = Labels(pa.array(["a", "b", "c", "d"]), pa.array(["r", "r", "", ""]))
    >>> found = FoundMembers(pa.array(["1", "1", "1"]), pa.array(["a", "b", "c"]), pa.array(["close", "close", "lead"]))
    >>> outcome = evaluate(labels, found)
    >>> round(outcome.pairwise.precision, 3), outcome.pairwise.recall, outcome.honest_caught["lead"]
    (0.333, 1.0, 1)
    """
    row = _row_of(labels.seller_ids, found.seller_ids)
    is_honest = pc.equal(pc.fill_null(labels.rings, ""), "").to_numpy(zero_copy_only=False)
    true_ring, n_true = _codes(pc.if_else(pa.array(is_honest), None, labels.rings))
    found_ring, n_found = _codes(found.ring_ids.take(pa.array(row, mask=row < 0)))
    overlap = _overlap(_with_singles(true_ring, n_true), _with_singles(found_ring, n_found))
    ring_sizes = np.bincount(found_ring[found_ring >= 0], minlength=1)
    return Evaluation(
        sellers=len(row),
        true_rings=n_true,
        rings=n_found,
        pairwise=_pairwise(overlap),
        b_cubed=_b_cubed(overlap),
        ring_recall=_ring_recall(overlap, n_true),
        honest_sellers=int(is_honest.sum()),
        honest_caught=_honest_by_tier(row[is_honest], found.tiers),
        honest_closable=_honest_closable(row[is_honest], found),
        largest_ring=int(ring_sizes.max()),
    )


def _row_of(seller_ids: pa.Array, found_ids: pa.Array) -> Longs:
    """Return for each labelled seller its row among the found memberships, -1 where it has none."""
    return np.asarray(pc.fill_null(pc.index_in(seller_ids, found_ids), -1), dtype=np.int64)


def _codes(groups: pa.Array) -> tuple[Longs, int]:
    """Return a code 0..n-1 for each group, -1 for null, and n."""
    whole = groups.combine_chunks() if isinstance(groups, pa.ChunkedArray) else groups
    encoded = whole.dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64), len(encoded.dictionary)


def _with_singles(codes: Longs, n_groups: int) -> Longs:
    """Give each seller that is in no group a group of its own, numbered after the others."""
    return np.where(codes >= 0, codes, n_groups + np.arange(len(codes)))


def _overlap(true_group: Longs, found_group: Longs) -> _Overlap:
    width = int(found_group.max(initial=0)) + 1
    # groups are at most twice the sellers, so the product stays far below 2**63
    cells, n_common = np.unique(true_group * width + found_group, return_counts=True)
    true_size, found_size = np.bincount(true_group), np.bincount(found_group)
    true_of, found_of = cells // width, cells % width
    return _Overlap(true_size[true_of], found_size[found_of], true_of, found_of, n_common)


def _pairwise(overlap: _Overlap) -> Agreement:
    n_right = _n_pairs(overlap.n_common)
    n_true = _n_pairs(_once(overlap.true_group, overlap.true_size))
    n_found = _n_pairs(_once(overlap.found_group, overlap.found_size))
    return _agreement(_share(n_right, n_found), _share(n_right, n_true))


def _once(groups: Longs, sizes: Longs) -> Longs:
    """Return the size of each group once."""
    return sizes[np.unique(groups, return_index=True)[1]]


def _n_pairs(sizes: Longs) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _b_cubed(overlap: _Overlap) -> Agreement:
    n_sellers = int(overlap.n_common.sum())
    # each of the n_common sellers of a cell sees the share n_common / size, hence the square
    seen = overlap.n_common.astype(np.float64) ** 2
    precision = _share(float((seen / overlap.found_size).sum()), n_sellers)
    return _agreement(precision, _share(float((seen / overlap.true_size).sum()), n_sellers))


def _ring_recall(overlap: _Overlap, n_true: int) -> float:
    """Return the share of true rings of three or more that one found ring holds by half and is of by four fifths.

    A seller in no ring is a group of one, which cannot hold half of three, so it never counts as a found ring.
    """
    is_counted = (overlap.true_group < n_true) & (overlap.true_size >= COUNTED_RING_SIZE)
    is_held = overlap.n_common >= HELD_SHARE * overlap.true_size
    is_pure = overlap.n_common >= PURE_SHARE * overlap.found_size - 1e-9  # 0.8 has no exact binary form
    n_recalled = len(np.unique(overlap.true_group[is_counted & is_held & is_pure]))
    return _share(n_recalled, len(np.unique(overlap.true_group[is_counted])))


def _honest_by_tier(rows: Longs, tiers: pa.Array) -> dict[str, int]:
    caught = tiers.take(pa.array(rows[rows >= 0]))
    return {tier.value: int(pc.sum(pc.equal(caught, tier.value)).as_py() or 0) for tier in TIERS}


def _honest_closable(rows: Longs, found: FoundMembers) -> int:
    if found.infringement_scores is None:
        return 0
    caught = rows[rows >= 0]
    is_close: Bools = pc.equal(found.tiers, Tier.CLOSE.value).to_numpy(zero_copy_only=False)
    is_closable = is_close & (found.infringement_scores >= CLOSABLE_INFRINGEMENT)
    return int(is_closable[caught].sum())


def _agreement(precision: float, recall: float) -> Agreement:
    total = precision + recall
    return Agreement(precision, recall, 2 * precision * recall / total if total else 0.0)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
