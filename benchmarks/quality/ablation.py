"""Detection with one idea left out at a time, by putting something simpler in its place for the length of a run."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from benchmarks.quality.altered import without_brands, without_family
from benchmarks.quality.null_model import are_beyond_chance
from ringwatch.algorithms import em, learn
from ringwatch.algorithms.detect import work_out
from ringwatch.algorithms.evaluation import FoundMembers
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import WEIGHT_GRID
from ringwatch.algorithms.hubs import TieCounts
from ringwatch.algorithms.learn import Judged, Model
from ringwatch.algorithms.pairs import Pairs
from ringwatch.algorithms.report import Outcome
from ringwatch.algorithms.weights import NEIGHBOURS, Weights
from ringwatch.model.kinds import Family
from ringwatch.model.rings import TIERS, DetectConfig
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs, Snapshot

IMPOSSIBLE = -600.0  # log-odds of what may not be: far below everything, and its exponential is still a number


@dataclass(frozen=True, slots=True)
class Left:
    """What is left out: names in ``ringwatch.algorithms`` with what stands for them, other settings, another graph."""

    names: Mapping[str, Any] = field(default_factory=dict)
    config: DetectConfig = field(default_factory=DetectConfig)
    graph: Callable[[Snapshot], Snapshot] = lambda snapshot: snapshot


def detect_without(snapshot: Snapshot, left: Left) -> FoundMembers:
    """Return the memberships that detection finds, with something left out."""
    with _standing(left.names):
        outcome, _, _ = work_out(left.graph(snapshot), left.config, {})
    return memberships(outcome)


def memberships(outcome: Outcome) -> FoundMembers:
    """Return the memberships as they are exported."""
    groups, verdicts, snapshot = outcome.clusters.groups, outcome.verdicts, outcome.facts.snapshot
    return FoundMembers(
        pa.array(groups.ring_of[groups.member]).cast(pa.string()),
        snapshot.seller_ids.take(pa.array(groups.member)),
        pa.array([tier.value for tier in TIERS]).take(pa.array(verdicts.tier)),
        verdicts.infringement,
        1 / (1 + np.exp(-verdicts.log_odds)),
    )


@contextmanager
def _standing(names: Mapping[str, Any]) -> Iterator[None]:
    """Let other things stand for these names; a name that is not there (any more) is an error."""
    with ExitStack() as stack:
        for name, value in names.items():
            stack.enter_context(patch(f"ringwatch.algorithms.{name}", value))
        yield


def _explain_without_neighbours(weights: Weights, codes: np.ndarray) -> Floats:
    joint = _explain(weights, codes).copy()
    joint[NEIGHBOURS] = IMPOSSIBLE
    return joint


def _judge_nothing(_ties: TieCounts, _rates: tuple[float, float], n_values: int) -> Ints:
    return np.zeros(n_values, dtype=np.int32)


def _judge_pairs_beyond_chance(facts: Facts, pairs: Pairs, model: Model) -> Judged:
    judged = _judge_pairs(facts, pairs, model)
    return replace(judged, log_odds=np.where(are_beyond_chance(facts, pairs), judged.log_odds, IMPOSSIBLE))


def _has_every_voice(snapshot: Snapshot, *_others: object) -> Bools:
    return np.ones((snapshot.n_sellers, len(Family)), dtype=np.bool_)


def _count_evenly(_facts: Facts, pairs: Pairs) -> Longs:
    return np.full(pairs.n, WEIGHT_GRID, dtype=np.int64)


def _join_nothing(*given: Any) -> Longs:  # noqa: ANN401 (the labels come last, whatever else is handed over)
    labels: Longs = given[-1]
    return labels


def _take_nobody(*given: Any) -> tuple[Longs, Longs]:  # noqa: ANN401 (as above)
    return given[-1], np.zeros(0, dtype=np.int64)


def _no_services(_facts: Facts, _groups: object, _levels: Ints, standing: Any) -> Bools:  # noqa: ANN401 (read by row)
    return np.zeros(len(standing.hits.row), dtype=np.bool_)


_explain, _judge_pairs = em.explain, learn.judge_pairs
_TWO_EXPLANATIONS = {f"{module}.explain": _explain_without_neighbours for module in ("em", "learn", "membership")}

IDEAS: Mapping[str, Left] = MappingProxyType(
    {
        "everything": Left(),
        "neighbours as a third explanation": Left(_TWO_EXPLANATIONS),
        "photos and texts": Left(graph=lambda snapshot: without_family(snapshot, Family.CONTENT)),
        "brands": Left(graph=without_brands),
        "photos, texts and brands": Left(
            graph=lambda snapshot: without_brands(without_family(snapshot, Family.CONTENT))
        ),
        "values judged by their holders": Left({"learn.judge": _judge_nothing}),
        "the same, values of more than 10 holders left out instead": Left(
            {"learn.judge": _judge_nothing}, DetectConfig(max_pair_holders=10)
        ),
        "weights learned from the market (priors alone)": Left({"learn.ROUNDS": (0, 0, 0)}),
        "the bound on what operators may gain on neighbours": Left({"em.CONTRAST_ROOM": 50.0}),
        "pairs of large groups counting less in learning": Left({"learn.pair_weights": _count_evenly}),
        "missing says nothing (it speaks against)": Left({"facts._has_voice": _has_every_voice}),
        "payee's name with account, waybill with address (each speaks)": Left({"facts.SPEAKS_WITH": {}}),
        "values with the same holders as one fact": Left({"hubs.SAME_FACT": 2.0, "firmness.SERVICE_OVERLAP": 2.0}),
        "time of use": Left({"features.APART_DAYS": 10**6, "hits.APART_DAYS": 10**6}),
        "a price on size": Left(config=DetectConfig(beta=0.0)),
        "clusters joined by several values": Left({"clusters.join_clusters": _join_nothing}),
        "left-overs against whole rings": Left({"clusters.take_leftovers": _take_nobody}),
        "services and fragile members told apart": Left(
            {"verdicts.find_services": _no_services, "verdicts.FRAGILE_BELOW": IMPOSSIBLE}
        ),
        "nothing; added: degree-preserving null model, false discoveries 1 %": Left(
            {"detect.judge_pairs": _judge_pairs_beyond_chance}
        ),
    }
)
"""What is left out, by its name in the table; the last row adds instead."""
