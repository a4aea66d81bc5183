"""Figures of a comparison with labels, each unit counted as often as its weight says: once, or as often as drawn.

B-cubed follows Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model" (1998):
each seller is asked how much of its found group is of its true group, and the other way round. Drawn copies of a unit
know nothing of each other: a pair of one unit counts as often as the unit was drawn, a pair of two as often as both.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.labelled import COUNTED_RING_SIZE, LEVELS, Sample, found_rings, is_with_its_operator
from ringwatch.model.snapshot import Bools, Floats, Longs

N_BINS = 10  # of equal width; with fewer a wrong slope hides, with more a bin holds too few members


@dataclass(frozen=True, slots=True)
class Measured:
    """A sample, and what does not depend on who is drawn."""

    sample: Sample
    is_found: tuple[Bools, ...]  # per level, of each true ring
    is_right: Bools  # of each member
    link_score: Floats | None  # of each member
    n_pairs: Longs  # within each cell


def measure(sample: Sample, link_scores: Floats | None) -> Measured:
    """Return the sample made ready; ``link_scores`` are those of the found memberships."""
    return Measured(
        sample,
        tuple(found_rings(sample, level) for level in range(len(LEVELS))),
        is_with_its_operator(sample),
        None if link_scores is None else link_scores[sample.member_row],
        sample.cell_size * (sample.cell_size - 1) // 2,
    )


def figures(measured: Measured, weight: Floats, alone: float) -> dict[str, float]:
    """Return the figures by name; ``weight`` of each unit, ``alone``: honest sellers that nobody found. O(cells)."""
    found = {f"pairwise.{name}": value for name, value in _named(*_pairwise(measured, weight))}
    found |= {f"b_cubed.{name}": value for name, value in _named(*_b_cubed(measured.sample, weight, alone))}
    found["ring_recall"] = _ring_recall(measured, weight, len(LEVELS) - 1)
    for level, name in enumerate(LEVELS):
        found |= {f"tiers.{name}.{key}": value for key, value in _tier(measured, weight, alone, level).items()}
    if measured.link_score is not None:
        found |= _calibration(measured, weight)
    return found


def share(part: float, whole: float) -> float:
    """Return a share; one of nothing is 1: where no pair was found, none of them was wrong."""
    return part / whole if whole else 1.0


def _named(precision: float, recall: float) -> Iterator[tuple[str, float]]:
    total = precision + recall
    return zip(
        ("precision", "recall", "f1"),
        (precision, recall, 2 * precision * recall / total if total else 0.0),
        strict=True,
    )


def _pairwise(measured: Measured, weight: Floats) -> tuple[float, float]:
    sample = measured.sample
    of_cell = weight[sample.cell_unit]
    drawn = of_cell * sample.cell_size
    right = float(of_cell @ measured.n_pairs)
    of_group = np.bincount(sample.cell_group, drawn)
    across = (float(of_group @ of_group) - float(drawn @ drawn)) / 2
    true = float(weight @ (sample.unit_size * (sample.unit_size - 1) // 2))
    return share(right, right + across), share(right, true)


def _b_cubed(sample: Sample, weight: Floats, alone: float) -> tuple[float, float]:
    drawn = weight[sample.cell_unit] * sample.cell_size
    others = np.bincount(sample.cell_group, drawn)[sample.cell_group] - drawn
    total = float(drawn.sum()) + alone
    precision = float(drawn @ (sample.cell_size / (sample.cell_size + others)))
    recall = float(drawn @ (sample.cell_size / sample.unit_size[sample.cell_unit]))
    return share(precision + alone, total), share(recall + alone, total)


def _ring_recall(measured: Measured, weight: Floats, level: int) -> float:
    n_rings = measured.sample.n_rings
    counted = weight[:n_rings] * (measured.sample.unit_size[:n_rings] >= COUNTED_RING_SIZE)
    return share(float(counted @ measured.is_found[level]), float(counted.sum()))


def _tier(measured: Measured, weight: Floats, alone: float, level: int) -> dict[str, float]:
    sample = measured.sample
    drawn = weight[sample.member_unit] * (sample.member_level <= level)
    right = float(drawn @ sample.is_guilty)
    caught = float(drawn.sum()) - right
    n_guilty = float(weight[: sample.n_rings] @ sample.unit_size[: sample.n_rings])
    n_honest = float(weight[sample.n_rings :].sum()) + alone
    return {
        "precision": share(right, right + caught),
        "recall": share(right, n_guilty),
        "ring_recall": _ring_recall(measured, weight, level),
        "honest_per_1000": 1000 * caught / n_honest if n_honest else 0.0,
    }


def _calibration(measured: Measured, weight: Floats) -> dict[str, float]:
    score = np.zeros(0) if measured.link_score is None else measured.link_score
    drawn = weight[measured.sample.member_unit]
    total = float(drawn.sum())
    place = bin_of(score)
    gaps = np.bincount(place, drawn * score, N_BINS) - np.bincount(place, drawn * measured.is_right, N_BINS)
    missed = float(drawn @ (score - measured.is_right) ** 2)
    return {
        "calibration.brier": missed / total if total else 0.0,
        "calibration.ece": float(np.abs(gaps).sum()) / total if total else 0.0,
    }


def bin_of(score: Floats) -> Longs:
    """Return the bin of each score.

    >>> bin_of(np.array([0.0, 0.05, 0.95, 1.0])).tolist()
    [0, 0, 9, 9]
    """
    return np.minimum((score * N_BINS).astype(np.int64), N_BINS - 1)
