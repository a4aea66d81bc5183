"""Figures of a comparison with labels, each unit counted as often as its weight says: once, or as often as drawn.

B-cubed follows Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model" (1998):
each seller is asked how much of its found group is of its true group, and the other way round. Drawn copies of a unit
know nothing of each other: a pair of one unit counts as often as the unit was drawn, a pair of two as often as both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.labelled import COUNTED_RING_SIZE, LEVELS, Sample, found_rings, is_with_its_operator
from ringwatch.model.snapshot import Bools, Floats, Longs

N_BINS = 10  # of equal width; with fewer a wrong slope hides, with more a bin holds too few members


@dataclass(frozen=True, slots=True)
class Measured:
    """A sample, and all that does not depend on who is drawn: each draw is then a few passes over it."""

    sample: Sample
    is_right: Bools  # of each member
    link_score: Floats | None  # of each member
    cell_size: Floats
    cell_pairs: Floats  # within each cell
    cell_recall: Floats  # share of its true group that a seller of the cell finds in its found group
    unit_pairs: Floats  # within each unit
    counted: Floats  # 1 for true rings that are large enough to be counted, per true ring
    is_found: Floats  # (levels, true rings): 1 where the members of a level or surer find it
    member_case: Longs  # level * 2 + (of a true ring)
    bin: Longs  # of each member's score
    gap: Floats  # of each member: score less 1 where it is right
    missed: Floats  # the square of it


def measure(sample: Sample, link_scores: Floats | None) -> Measured:
    """Return the sample made ready; ``link_scores`` are those of the found memberships."""
    is_right, rings = is_with_its_operator(sample), sample.unit_size[: sample.n_rings]
    score = None if link_scores is None else link_scores[sample.member_row]
    gap = np.zeros(0) if score is None else score - is_right
    return Measured(
        sample=sample,
        is_right=is_right,
        link_score=score,
        cell_size=sample.cell_size.astype(np.float64),
        cell_pairs=_n_pairs(sample.cell_size),
        cell_recall=sample.cell_size / sample.unit_size[sample.cell_unit],
        unit_pairs=_n_pairs(sample.unit_size),
        counted=(rings >= COUNTED_RING_SIZE).astype(np.float64),
        is_found=np.array([found_rings(sample, level) for level in range(len(LEVELS))], dtype=np.float64),
        member_case=sample.member_level * np.int64(2) + sample.is_guilty,
        bin=np.zeros(0, dtype=np.int64) if score is None else bin_of(score),
        gap=gap,
        missed=gap**2,
    )


def _n_pairs(sizes: Longs) -> Floats:
    pairs: Floats = (sizes * (sizes - 1) // 2).astype(np.float64)
    return pairs


def figures(measured: Measured, weight: Floats, alone: float) -> dict[str, float]:
    """Return the figures by name; ``weight`` of each unit, ``alone``: honest sellers that nobody found. O(cells)."""
    sample = measured.sample
    of_cell, of_member = weight[sample.cell_unit], weight[sample.member_unit]
    drawn = of_cell * measured.cell_size
    of_group = np.bincount(sample.cell_group, drawn).astype(np.float64)
    found = _named("pairwise", *_pairwise(measured, weight, of_cell, of_group))
    found |= _named("b_cubed", *_b_cubed(measured, drawn, of_group, alone))
    recalls = _ring_recalls(measured, weight)
    found["ring_recall"] = recalls[-1]
    found |= _tiers(measured, of_member, (weight, alone), recalls)
    return found | (_calibration(measured, of_member) if measured.link_score is not None else {})


def share(part: float, whole: float) -> float:
    """Return a share; one of nothing is 1: where no pair was found, none of them was wrong."""
    return part / whole if whole else 1.0


def _named(name: str, precision: float, recall: float) -> dict[str, float]:
    total = precision + recall
    f1 = 2 * precision * recall / total if total else 0.0
    return {f"{name}.precision": precision, f"{name}.recall": recall, f"{name}.f1": f1}


def _pairwise(measured: Measured, weight: Floats, of_cell: Floats, of_group: Floats) -> tuple[float, float]:
    right = float(of_cell @ measured.cell_pairs)
    across = (float(of_group @ of_group) - float(of_cell**2 @ measured.cell_size**2)) / 2
    return share(right, right + across), share(right, float(weight @ measured.unit_pairs))


def _b_cubed(measured: Measured, drawn: Floats, of_group: Floats, alone: float) -> tuple[float, float]:
    others = of_group[measured.sample.cell_group] - drawn
    total = float(drawn.sum()) + alone
    precision = float(drawn @ (measured.cell_size / (measured.cell_size + others)))
    return share(precision + alone, total), share(float(drawn @ measured.cell_recall) + alone, total)


def _ring_recalls(measured: Measured, weight: Floats) -> list[float]:
    counted = weight[: measured.sample.n_rings] * measured.counted
    total = float(counted.sum())
    return [share(found, total) for found in (measured.is_found @ counted).tolist()]


def _tiers(
    measured: Measured, of_member: Floats, drawn: tuple[Floats, float], recalls: Sequence[float]
) -> dict[str, float]:
    sample, (weight, alone) = measured.sample, drawn
    cases = np.bincount(measured.member_case, of_member, 2 * len(LEVELS)).reshape(-1, 2).cumsum(axis=0)
    n_guilty = float(weight[: sample.n_rings] @ sample.unit_size[: sample.n_rings])
    n_honest = float(weight[sample.n_rings :].sum()) + alone
    told = {}
    for name, (caught, right), recall in zip(LEVELS, cases.tolist(), recalls, strict=True):
        told[f"tiers.{name}.precision"] = share(right, right + caught)
        told[f"tiers.{name}.recall"] = share(right, n_guilty)
        told[f"tiers.{name}.ring_recall"] = recall
        told[f"tiers.{name}.honest_per_1000"] = 1000 * caught / n_honest if n_honest else 0.0
    return told


def _calibration(measured: Measured, of_member: Floats) -> dict[str, float]:
    total = float(of_member.sum())
    gaps = np.bincount(measured.bin, of_member * measured.gap, N_BINS)
    return {
        "calibration.brier": float(of_member @ measured.missed) / total if total else 0.0,
        "calibration.ece": float(np.abs(gaps).sum()) / total if total else 0.0,
    }


def bin_of(score: Floats) -> Longs:
    """Return the bin of each score.

    >>> bin_of(np.array([0.0, 0.05, 0.95, 1.0])).tolist()
    [0, 0, 9, 9]
    """
    return np.minimum((score * N_BINS).astype(np.int64), N_BINS - 1)
