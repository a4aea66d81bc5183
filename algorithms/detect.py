"""Detection: a snapshot in, rings with their evidence out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict, Unpack

import numpy as np
import pyarrow as pa

from ringwatch.algorithms.changes import Past, trace_changes
from ringwatch.algorithms.clusters import clusters_of, ground_of, take_steps
from ringwatch.algorithms.facts import notes_on_cost, prepare
from ringwatch.algorithms.hub_report import HubCase, write_hubs
from ringwatch.algorithms.incremental import World
from ringwatch.algorithms.judgements import bind, without_parted
from ringwatch.algorithms.learn import judge_pairs, learn, model_of
from ringwatch.algorithms.likeness import notes_on_writings, with_likenesses
from ringwatch.algorithms.memory import Trace, remember, trace_of, way_of
from ringwatch.algorithms.outliers import junk_notes
from ringwatch.algorithms.overlaps import find_overlaps
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.algorithms.record_report import KnownBefore, find_record_rings
from ringwatch.algorithms.records import is_judged_as_records
from ringwatch.algorithms.report import Outcome, acts_as_hub, write_rings
from ringwatch.algorithms.verdicts import judge_members
from ringwatch.model.judgements import Judgement
from ringwatch.model.rings import DetectConfig, Detection, Fit, Hub, Ring
from ringwatch.model.snapshot import Snapshot

Progress = Callable[[str], None]
Found = tuple[tuple[Ring, ...], tuple[Hub, ...], Fit, tuple[str, ...], Trace | None]
"""Rings, hubs, the fit that was used, notes, and what a later run may start from."""


class Known(TypedDict, total=False):
    """What a run may be given besides: ``detect(..., fit=..., earlier=..., progress=...)``."""

    fit: Fit | None  # all that an earlier run learned; with it nothing is learned again
    earlier: Mapping[str, str] | None  # the ring_id that each seller_id had, so that rings keep their names
    judgements: Sequence[Judgement]  # what people decided, oldest first
    closed_rings: Collection[str]  # ids of earlier rings all of whose stores were closed
    progress: Progress | None  # is told the name of each step as it begins


def detect(snapshot: Snapshot, config: DetectConfig, *, as_of: datetime, **known: Unpack[Known]) -> Detection:
    """Return the rings of a snapshot, as ``detect_and_trace`` does."""
    return detect_and_trace(snapshot, config, as_of=as_of, **known)[0]


def detect_and_trace(
    snapshot: Snapshot, config: DetectConfig, *, as_of: datetime, **known: Unpack[Known]
) -> tuple[Detection, Trace | None]:
    """Return the rings of a snapshot, and what a later run may start from (None of a list of records).

    Equal arguments give equal bytes; neither the order of rows nor the ids of sellers decide who is with whom, nor, in
    a market, any text but addresses and names that differ by writing. A list of records, in which nobody trades, takes
    steps of its own. O(listed pairs + links).
    """
    past = Past(known.get("earlier") or {}, known.get("closed_rings", ()))
    find = _find_among_records if is_judged_as_records(snapshot, known.get("fit")) else _find_in_market
    rings, hubs, fit, notes, trace = find(snapshot, config, known)
    closed_sellers = set(snapshot.seller_ids.filter(pa.array(snapshot.is_closed)).to_pylist())
    events = trace_changes(rings, past, closed_sellers)
    return Detection(rings, hubs, fit, as_of, notes, events), trace


def _find_in_market(snapshot: Snapshot, config: DetectConfig, known: Known) -> Found:
    outcome, fit, notes = work_out(snapshot, config, known)
    (known.get("progress") or _ignore)("write rings")
    rings = write_rings(outcome, without_parted(known.get("earlier") or {}, known.get("judgements", ())))
    memory, levels, ring_of = outcome.memory, outcome.judged.levels, outcome.clusters.groups.ring_of
    most = config.max_pair_holders
    case = HubCase(outcome.facts, outcome.model, levels, memory.n_tied, memory.serves, ring_of, most)
    hubs = write_hubs(case, case.values)
    notes = notes_on_cost(outcome.facts, most) + junk_notes(hubs) + notes
    return rings, hubs, fit, notes, trace_of(outcome.facts, way_of(outcome.model, config), memory)


def _find_among_records(snapshot: Snapshot, _config: DetectConfig, known: Known) -> Found:
    tell, earlier = known.get("progress") or _ignore, known.get("earlier") or {}
    found = find_record_rings(snapshot, KnownBefore(known.get("fit"), earlier, known.get("judgements", ()), tell))
    return found.rings, found.hubs, found.fit, found.notes, None


def work_out(snapshot: Snapshot, config: DetectConfig, known: Known) -> tuple[Outcome, Fit, tuple[str, ...]]:
    """Return everything that a run works out, the fit that it used, and what judgements give to say."""
    tell, fit = known.get("progress") or _ignore, known.get("fit")
    tell("list pairs")
    likened = with_likenesses(snapshot)
    facts = prepare(likened.snapshot)
    pairs = list_pairs(facts, config.max_pair_holders)
    if fit is None:
        tell("learn weights")
        fit = learn(facts, pairs)
    tell("judge pairs")
    model = model_of(facts, fit)
    judged = judge_pairs(facts, pairs, model)
    tell("find rings")
    ground = ground_of(facts, judged, model, config)
    trail = take_steps(ground)
    found = clusters_of(facts, trail)
    bound = bind(facts, found, known.get("judgements", ()), known.get("earlier") or {})
    tell("judge members")
    verdicts = judge_members(facts, bound.clusters, judged.levels, model)
    overlaps = find_overlaps(facts, judged.levels, config.max_pair_holders, bound.clusters.groups.ring_of)
    world = World(facts, model, config, np.full(facts.snapshot.n_sellers, -1, dtype=np.int64))
    memory = remember(world, judged, trail, ground.waits)
    outcome = Outcome(facts, model, judged, bound.clusters, verdicts, memory, overlaps)
    memory = replace(memory, serves=acts_as_hub(outcome))
    return replace(outcome, memory=memory), fit, notes_on_writings(likened.n_left_out) + bound.notes


def _ignore(_step: str) -> None:
    """Tell nobody."""
