"""Detection: a snapshot in, rings with their evidence out."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TypedDict, Unpack

import pyarrow as pa

from ringwatch.algorithms.changes import Past, trace_changes
from ringwatch.algorithms.clusters import find_clusters
from ringwatch.algorithms.facts import Facts, prepare
from ringwatch.algorithms.learn import judge_pairs, learn, model_of
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.algorithms.report import Outcome, write_hubs, write_rings
from ringwatch.algorithms.verdicts import judge_members
from ringwatch.model.rings import DetectConfig, Detection, Fit
from ringwatch.model.snapshot import Snapshot

Progress = Callable[[str], None]


class Known(TypedDict, total=False):
    """What a run may be given besides: ``detect(..., fit=..., earlier=..., progress=...)``."""

    fit: Fit | None  # all that an earlier run learned; with it nothing is learned again
    earlier: Mapping[str, str] | None  # the ring_id that each seller_id had, so that rings keep their names
    closed_rings: Collection[str]  # ids of earlier rings all of whose stores were closed
    progress: Progress | None  # is told the name of each step as it begins


def detect(snapshot: Snapshot, config: DetectConfig, *, as_of: datetime, **known: Unpack[Known]) -> Detection:
    """Return the rings of a snapshot.

    Equal arguments give equal bytes; neither the order of rows nor the ids of sellers nor the text of values decide
    who is with whom. O(pairs under listed values + links).
    """
    outcome, fit = work_out(snapshot, config, known.get("fit"), known.get("progress") or _ignore)
    (known.get("progress") or _ignore)("write rings")
    past = Past(known.get("earlier") or {}, known.get("closed_rings", ()))
    rings = write_rings(outcome, past.ring_of)
    hubs = write_hubs(outcome, config.max_pair_holders)
    closed_sellers = set(snapshot.seller_ids.filter(pa.array(snapshot.is_closed)).to_pylist())
    events = trace_changes(rings, past, closed_sellers)
    return Detection(rings, hubs, fit, as_of, _notes(outcome.facts, config), events)


def work_out(snapshot: Snapshot, config: DetectConfig, fit: Fit | None, tell: Progress) -> tuple[Outcome, Fit]:
    """Return everything that a run works out, and the fit that it used."""
    tell("list pairs")
    facts = prepare(snapshot)
    pairs = list_pairs(facts, config.max_pair_holders)
    if fit is None:
        tell("learn weights")
        fit = learn(facts, pairs)
    tell("judge pairs")
    model = model_of(facts, fit)
    judged = judge_pairs(facts, pairs, model)
    tell("find rings")
    clusters = find_clusters(facts, judged, model, config)
    tell("judge members")
    return Outcome(facts, model, judged, clusters, judge_members(facts, clusters, judged.levels, model)), fit


def _notes(facts: Facts, config: DetectConfig) -> tuple[str, ...]:
    n_left_out = int((facts.is_usable & (facts.n_holders > config.max_pair_holders)).sum())
    if not n_left_out:
        return ()
    text = f"{n_left_out} values with more than {config.max_pair_holders} holders list no pairs (a limit of cost)"
    return (text,)


def _ignore(_step: str) -> None:
    """Tell nobody."""
