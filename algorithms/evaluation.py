"""How well the rings of a run agree with a table of labels: the figures that ``ringwatch evaluate`` prints."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.bootstrap import intervals
from ringwatch.algorithms.figures import N_BINS, Measured, bin_of, figures, measure
from ringwatch.algorithms.labelled import CLOSABLE_INFRINGEMENT, LEVELS, FoundMembers, Labels, Sample, sample_of

__all__ = [
    "CLOSABLE_INFRINGEMENT",
    "Evaluation",
    "FoundMembers",
    "Labels",
    "evaluate",
    "evaluate_with_intervals",
]

Intervals = Mapping[str, tuple[float, float]]
"""The 95 % interval of each figure, by its path, as ``tiers.review.precision``."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and their harmonic mean; a share of nothing is 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class TierFigures:
    """Members of one tier and the surer ones; closable are those close whose infringement score is .5 or more."""

    sellers: int
    honest: int
    precision: float
    recall: float
    ring_recall: float
    honest_per_1000: float  # of all honest sellers


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Members whose link score lies in a bin: what the scores say on average, and how many are right."""

    low: float
    high: float
    members: int
    mean_score: float
    right_share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far link scores are probabilities; right is who is of the true ring that most of its ring are of."""

    members: int
    brier: float
    ece: float
    bins: tuple[CalibrationBin, ...]  # those that hold members


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
    tiers: dict[str, TierFigures]
    calibration: Calibration | None


def evaluate(labels: Labels, found: FoundMembers) -> Evaluation:
    """Return how well the found rings agree with the labels, over the labelled sellers alone.

    Cost O(n log n) in the number of labelled sellers.

    >>> import pyarrow as pa
    >>> labels = Labels(pa.array(["a", "b", "c", "d"]), pa.array(["r", "r", "", ""]))
    >>> found = FoundMembers(pa.array(["1", "1", "1"]), pa.array(["a", "b", "c"]), pa.array(["close", "close", "lead"]))
    >>> outcome = evaluate(labels, found)
    >>> round(outcome.pairwise.precision, 3), outcome.pairwise.recall, outcome.honest_caught["lead"]
    (0.333, 1.0, 1)
    >>> outcome.tiers["close"].precision, outcome.tiers["lead"].honest_per_1000
    (1.0, 500.0)
    """
    return _evaluated(measure(sample_of(labels, found), found.link_scores))


def evaluate_with_intervals(labels: Labels, found: FoundMembers) -> tuple[Evaluation, Intervals]:
    """Return the same, and the 95 % interval of each figure over drawn rings."""
    measured = measure(sample_of(labels, found), found.link_scores)
    return _evaluated(measured), intervals(measured)


def _evaluated(measured: Measured) -> Evaluation:
    sample = measured.sample
    counted = figures(measured, np.ones(len(sample.unit_size)), float(sample.n_alone))
    caught = np.bincount(sample.member_level[~sample.is_guilty], minlength=len(LEVELS)).tolist()
    closable, close, *others = caught
    return Evaluation(
        sellers=sample.n_sellers,
        true_rings=sample.n_rings,
        rings=sample.n_found,
        pairwise=_agreement(counted, "pairwise"),
        b_cubed=_agreement(counted, "b_cubed"),
        ring_recall=counted["ring_recall"],
        honest_sellers=sample.n_honest,
        honest_caught=dict(zip(LEVELS[1:], (closable + close, *others), strict=True)),
        honest_closable=closable,
        largest_ring=int(np.bincount(sample.member_group, minlength=1).max()),
        tiers={name: _tier(sample, counted, level) for level, name in enumerate(LEVELS)},
        calibration=_calibration(measured, counted),
    )


def _agreement(counted: Mapping[str, float], name: str) -> Agreement:
    return Agreement(counted[f"{name}.precision"], counted[f"{name}.recall"], counted[f"{name}.f1"])


def _tier(sample: Sample, counted: Mapping[str, float], level: int) -> TierFigures:
    is_in = sample.member_level <= level
    names = ("precision", "recall", "ring_recall", "honest_per_1000")
    shares = (counted[f"tiers.{LEVELS[level]}.{name}"] for name in names)
    return TierFigures(int(is_in.sum()), int((is_in & ~sample.is_guilty).sum()), *shares)


def _calibration(measured: Measured, counted: Mapping[str, float]) -> Calibration | None:
    """Return the reliability curve of the members' link scores, None where they have none."""
    score = measured.link_score
    if score is None:
        return None
    place = bin_of(score)
    n_members = np.bincount(place, minlength=N_BINS)
    means = np.bincount(place, score, N_BINS) / np.maximum(n_members, 1)
    rights = np.bincount(place, measured.is_right, N_BINS) / np.maximum(n_members, 1)
    bins = tuple(
        CalibrationBin(one / N_BINS, (one + 1) / N_BINS, int(n_members[one]), float(means[one]), float(rights[one]))
        for one in np.flatnonzero(n_members).tolist()
    )
    return Calibration(len(score), counted["calibration.brier"], counted["calibration.ece"], bins)
