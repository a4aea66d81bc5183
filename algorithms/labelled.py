"""Found rings held against labels: both groupings of the labelled sellers, in columns that figures are counted from."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.rings import TIERS
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

CLOSABLE_INFRINGEMENT = 0.5  # the border that the interface sets: below it no store of a close member is closed
COUNTED_RING_SIZE = 3  # ring recall asks for true rings of at least three
HELD_SHARE = 0.5  # of a true ring that one found ring must hold
PURE_SHARE = 0.8  # of a found ring's labelled members that must be of that true ring
LEVELS = ("closable", *(tier.value for tier in TIERS))
"""How surely a member is in a ring, surest first; each is read together with the surer ones."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The truth: ``rings[i]`` is the true ring of ``seller_ids[i]``, "" or null where honest; each seller once.

    Columns are strings, whole or chunked.
    """

    seller_ids: pa.Array
    rings: pa.Array


@dataclass(frozen=True, slots=True)
class FoundMembers:
    """Memberships as the CSV export writes them, each seller once; without scores nobody is closable or calibrated."""

    ring_ids: pa.Array
    seller_ids: pa.Array
    tiers: pa.Array
    infringement_scores: Floats | None = None
    link_scores: Floats | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The labelled sellers by what is drawn as one: *units* are the true rings, then each honest seller that was found.

    ``cell_*``: one row a unit and a found group that have sellers in common; who is in no found ring is a group of one.
    ``member_*``: one row a labelled seller in a found ring.
    """

    n_sellers: int
    n_rings: int  # true ones: the first units
    n_found: int
    n_honest: int
    n_alone: int  # honest sellers in no found ring: right, whoever is drawn
    unit_size: Longs
    cell_unit: Longs
    cell_group: Longs
    cell_size: Longs
    member_row: Longs  # among the found memberships
    member_unit: Longs
    member_group: Longs
    member_level: Ints  # index into LEVELS

    @property
    def is_guilty(self) -> Bools:
        """Members that are of a true ring."""
        guilty: Bools = self.member_unit < self.n_rings
        return guilty


def sample_of(labels: Labels, found: FoundMembers) -> Sample:
    """Return the labelled sellers as both sides group them. O(n log n)."""
    row = np.asarray(pc.fill_null(pc.index_in(labels.seller_ids, found.seller_ids), -1), dtype=np.int64)
    is_honest = pc.equal(pc.fill_null(labels.rings, ""), "").to_numpy(zero_copy_only=False)
    true_ring, n_rings = _codes(pc.if_else(pa.array(is_honest), None, labels.rings))
    group, n_found = _codes(found.ring_ids.take(pa.array(row, mask=row < 0)))
    is_kept = (true_ring >= 0) | (group >= 0)
    n_alone = int((~is_kept).sum())
    row, true_ring, group = row[is_kept], true_ring[is_kept], group[is_kept]
    unit = np.where(true_ring >= 0, true_ring, n_rings + np.cumsum(true_ring < 0) - 1)
    with_singles = np.where(group >= 0, group, n_found + np.cumsum(group < 0) - 1)
    width = int(with_singles.max(initial=0)) + 1
    # units and groups are at most the sellers, so the product stays far below 2**63
    cells, cell_size = np.unique(unit * width + with_singles, return_counts=True)
    is_member = group >= 0
    return Sample(
        n_sellers=len(is_honest),
        n_rings=n_rings,
        n_found=n_found,
        n_honest=int(is_honest.sum()),
        n_alone=n_alone,
        unit_size=np.bincount(unit, minlength=n_rings),
        cell_unit=cells // width,
        cell_group=cells % width,
        cell_size=cell_size,
        member_row=row[is_member],
        member_unit=unit[is_member],
        member_group=group[is_member],
        member_level=_levels(found, row[is_member]),
    )


def _codes(groups: pa.Array) -> tuple[Longs, int]:
    """Return a code 0..n-1 for each group, -1 for null, and n."""
    whole = groups.combine_chunks() if isinstance(groups, pa.ChunkedArray) else groups
    encoded = whole.dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64), len(encoded.dictionary)


def _levels(found: FoundMembers, row: Longs) -> Ints:
    """Return the level of each member; one without a tier is a lead."""
    tier = pc.index_in(found.tiers.take(pa.array(row)), value_set=pa.array(LEVELS[1:]))
    level = np.asarray(pc.fill_null(tier, len(TIERS) - 1), dtype=np.int32) + 1
    if found.infringement_scores is None:
        return level
    is_closable = (level == 1) & (found.infringement_scores[row] >= CLOSABLE_INFRINGEMENT)
    return np.where(is_closable, 0, level).astype(np.int32)


def found_rings(sample: Sample, level: int) -> Bools:
    """Say of each true ring whether the members of a level or surer find it.

    One found ring holds at least half of it and is of it by four fifths of its labelled members.
    """
    is_in = sample.member_level <= level
    unit, group = sample.member_unit[is_in], sample.member_group[is_in]
    size = np.bincount(group, minlength=sample.n_found)
    width = max(sample.n_found, 1)
    cells, n_common = np.unique(unit * width + group, return_counts=True)
    ring, of_group = cells // width, cells % width
    is_held = (ring < sample.n_rings) & (n_common >= HELD_SHARE * sample.unit_size[ring])
    is_pure = n_common >= PURE_SHARE * size[of_group] - 1e-9  # 0.8 has no exact binary form
    is_found = np.zeros(sample.n_rings, dtype=np.bool_)
    is_found[ring[is_held & is_pure]] = True
    return is_found


def is_with_its_operator(sample: Sample) -> Bools:
    """Say of each member whether it is of the true ring that most of its found ring's labelled members are of.

    At least two of them: an operator of one seller runs no ring. Of two as frequent rings the first counts.
    """
    width = max(sample.n_rings, 1)
    guilty = sample.is_guilty
    cells, n_common = np.unique(sample.member_group[guilty] * width + sample.member_unit[guilty], return_counts=True)
    order = np.lexsort((-cells, n_common, cells // width))  # of each group the greatest count last
    operator = np.full(sample.n_found, -1, dtype=np.int64)
    several = order[n_common[order] > 1]
    operator[cells[several] // width] = cells[several] % width
    right: Bools = operator[sample.member_group] == sample.member_unit
    return right
