"""Why a seller is not in a ring: the same sum that members have, and what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import expit

from ringwatch.algorithms.evidence import EvidenceWriter
from ringwatch.algorithms.facts import Facts, prepare
from ringwatch.algorithms.groups import group
from ringwatch.algorithms.hits import Candidates
from ringwatch.algorithms.incremental import World
from ringwatch.algorithms.learn import JUDGEMENTS, Model, judge_values, model_of
from ringwatch.algorithms.likeness import with_likenesses
from ringwatch.algorithms.membership import stand, yardstick
from ringwatch.algorithms.memory import Trace, compare, trace_of, way_of
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.algorithms.record_questions import hold_record_against, was_of_records
from ringwatch.algorithms.tiers import CLOSE_LEAST, REVIEW_LEAST
from ringwatch.model.judgements import Judgement
from ringwatch.model.kinds import COUNTING_FAMILIES
from ringwatch.model.rings import DetectConfig, Evidence, Fit, Tier
from ringwatch.model.snapshot import Ints, Longs, Snapshot

FAMILIES_NEEDED = 2  # families of evidence that a closure needs


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """How the current run judged, the ring_id of each seller that it put in one, and the tiers of its rings."""

    config: DetectConfig
    fit: Fit
    ring_of: Mapping[str, str]
    tier_of: Mapping[str, Tier]  # by ring_id, in the order in which rings are listed
    judgements: Sequence[Judgement] = ()  # what people decided, oldest first
    trace: Trace | None = None  # what the run left: with it only what changed since is judged


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
    levels: Ints  # per value, as judged by its holders


def judge_graph(snapshot: Snapshot, run: CurrentRun) -> JudgedGraph:
    """Return the judged graph. O(links) where the run left its trace and nothing changed since, else also O(pairs)."""
    is_market = not was_of_records(run.fit)
    facts = prepare(with_likenesses(snapshot).snapshot if is_market else snapshot)
    model = model_of(facts, run.fit)
    levels = _levels_as_left(facts, model, run)
    if levels is None:
        pairs = list_pairs(facts, run.config.max_pair_holders)
        levels = np.zeros(facts.snapshot.n_values, dtype=np.int32)
        for _ in range(JUDGEMENTS):
            levels, _ties = judge_values(facts, pairs, model, levels)
    return JudgedGraph(run, facts, model, levels)


def _levels_as_left(facts: Facts, model: Model, run: CurrentRun) -> Ints | None:
    """Return the levels that the run left, None where it left none or something changed since."""
    trace, way = run.trace, way_of(model, run.config)
    if trace is None or trace.way != way:
        return None
    nothing_bound = np.full(facts.snapshot.n_sellers, -1, dtype=np.int64)
    now, world = trace_of(facts, way, trace.memory), World(facts, model, run.config, nothing_bound)
    difference = compare(trace, now, world)
    has_changed = len(difference.touched.sellers) or len(difference.touched.values)
    return None if has_changed else difference.memory.rounds[-1]


def hold_against(graph: JudgedGraph, seller_id: str, ring_id: str) -> NonMembership:
    """Return how a seller stands to a ring of the run, and what would be needed for it to be a member.

    Only that ring is looked at: O(sellers + links of the ring and of the seller).

    Raises:
        KeyError: the snapshot has no such seller, or the run no such ring of sellers that are there.
    """
    run, facts, weights = graph.run, graph.facts, graph.model.weights
    seller = seller_number(facts.snapshot, seller_id)
    ring_of = _the_ring(facts.snapshot, run, ring_id)
    if was_of_records(run.fit):
        log_odds, evidence = hold_record_against(facts, run.fit, ring_of, seller, 0)
    else:
        groups = group(facts, ring_of)
        candidate = Candidates(np.array([seller], dtype=np.int64), np.zeros(1, dtype=np.int64))
        standing = stand(yardstick(facts, groups, graph.levels, weights), candidate)
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


def _the_ring(snapshot: Snapshot, run: CurrentRun, ring_id: str) -> Longs:
    """Return 0 for each member of a ring and -1 for everybody else; KeyError where the run has no such ring."""
    members = [seller_id for seller_id, own in run.ring_of.items() if own == ring_id]
    places = pc.index_in(pa.array(members, pa.string()), value_set=snapshot.seller_ids).drop_null()
    if not len(places):
        raise KeyError(ring_id)
    ring_of = np.full(snapshot.n_sellers, -1, dtype=np.int64)
    ring_of[places.to_numpy()] = 0
    return ring_of


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
