"""Why a seller is not in a ring: the same sum that members have, and what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ringwatch.algorithms.evidence import EvidenceWriter
from ringwatch.algorithms.facts import Facts, prepare
from ringwatch.algorithms.groups import group
from ringwatch.algorithms.hits import Candidates
from ringwatch.algorithms.learn import Judged, Model, judge_pairs, model_of
from ringwatch.algorithms.membership import stand, yardstick
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.algorithms.record_questions import hold_record_against, was_of_records
from ringwatch.algorithms.tiers import CLOSE_LEAST, REVIEW_LEAST
from ringwatch.model.judgements import Judgement
from ringwatch.model.kinds import COUNTING_FAMILIES
from ringwatch.model.rings import DetectConfig, Evidence, Fit, Tier
from ringwatch.model.snapshot import Longs, Snapshot

FAMILIES_NEEDED = 2  # families of evidence that a closure needs


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """How the current run judged, the ring_id of each seller that it put in one, and the tiers of its rings."""

    config: DetectConfig
    fit: Fit
    ring_of: Mapping[str, str]
    tier_of: Mapping[str, Tier]  # by ring_id, in the order in which rings are listed
    judgements: Sequence[Judgement] = ()  # what people decided, oldest first


@dataclass(frozen=True, slots=True)
class NonMembership:
    """How a seller stands to a ring that it is not in; the scores of ``evidence`` sum to ``log_odds``."""

    log_odds: float
    link_score: float
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedGraph:
    """A snapshot with its values judged as the current run judges them: what most questions rest on."""

    run: CurrentRun
    facts: Facts
    model: Model
    judged: Judged


def judge_graph(snapshot: Snapshot, run: CurrentRun) -> JudgedGraph:
    """Return the judged graph. O(pairs under listed values + links)."""
    facts = prepare(snapshot)
    model = model_of(facts, run.fit)
    return JudgedGraph(run, facts, model, judge_pairs(facts, list_pairs(facts, run.config.max_pair_holders), model))


def hold_against(graph: JudgedGraph, seller_id: str, ring_id: str) -> NonMembership:
    """Return how a seller stands to a ring of the run, and what would be needed for it to be a member. O(links).

    Raises:
        KeyError: the snapshot has no such seller, or the run no such ring.
    """
    run, facts, weights = graph.run, graph.facts, graph.model.weights
    number = {name: place for place, name in enumerate(sorted(set(run.ring_of.values())))}
    seller = seller_number(facts.snapshot, seller_id)
    ring_of = _ring_numbers(facts.snapshot, run, number)
    if was_of_records(run.fit):
        log_odds, evidence = hold_record_against(facts, run.fit, ring_of, seller, number[ring_id])
    else:
        groups = group(facts, ring_of)
        candidate = Candidates(np.array([seller], dtype=np.int64), np.array([number[ring_id]], dtype=np.int64))
        standing = stand(yardstick(facts, groups, graph.judged.levels, weights), candidate)
        evidence = EvidenceWriter(facts, groups, weights, standing).evidence(0)
        log_odds = float(standing.log_odds[0])
    missing = what_is_missing(log_odds, evidence, run.ring_of.get(seller_id))
    return NonMembership(log_odds, float(expit(log_odds)), evidence, missing)


def seller_number(snapshot: Snapshot, seller_id: str) -> int:
    """Return the number of a seller in a snapshot, whose ids ascend; KeyError where it has none."""
    place = snapshot.seller_ids.index(seller_id).as_py()
    if place < 0:
        raise KeyError(seller_id)
    return int(place)


def _ring_numbers(snapshot: Snapshot, run: CurrentRun, number: Mapping[str, int]) -> Longs:
    rings = (run.ring_of.get(seller_id) for seller_id in snapshot.seller_ids.to_pylist())
    return np.array([-1 if ring is None else number[ring] for ring in rings], dtype=np.int64)


def what_is_missing(log_odds: float, evidence: Sequence[Evidence], own_ring: str | None) -> tuple[str, ...]:
    """Return in words what a seller lacks to be a member, the most pressing first.

    >>> what_is_missing(-1.5, [], None)[0]
    'a value shared with a member: it shares none that counts'
    """
    shared = [part for part in evidence if part.value and part.score > 0]
    families = sorted({part.family for part in shared} & COUNTING_FAMILIES)
    lacks = [] if shared else ["a value shared with a member: it shares none that counts"]
    if log_odds < REVIEW_LEAST:
        lacks.append(f"{REVIEW_LEAST - log_odds:.1f} more points of evidence to be likelier a member than not")
    if log_odds < CLOSE_LEAST:
        lacks.append(f"{CLOSE_LEAST - log_odds:.1f} more points of evidence for the tier close")
    if len(families) < FAMILIES_NEEDED:
        others = ", ".join(sorted(COUNTING_FAMILIES - set(families)))
        having = f" beside {', '.join(families)}" if families else ""
        lacks.append(f"evidence of {FAMILIES_NEEDED - len(families)} more of the families that count{having}: {others}")
    if own_ring is not None:
        lacks.append(f"to fit this ring better than its own, {own_ring}: a seller is in one ring")
    return tuple(lacks or ["a new run: with what is loaded now it is likely a member"])
