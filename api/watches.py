"""The rings of the current run, read so that applicants can be held against them."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa

from ringwatch.algorithms.memory import Trace
from ringwatch.algorithms.questions import judge_graph
from ringwatch.algorithms.watch import RunFacts, Watch, make_watch
from ringwatch.api.grounds import read_current_run
from ringwatch.db.settings import detect_config
from ringwatch.db.view import View
from ringwatch.model.rings import Change
from ringwatch.model.snapshot import Snapshot
from ringwatch.model.visibility import FULL


def read_watch(view: View, trace: Trace | None, at: datetime) -> Watch:
    """Return the rings of the current run to screen against. ConfigError where there is no run of a market."""
    run = read_current_run(view, trace)
    snapshot = view.read_graph(FULL, at, own_of=run.ring_of).snapshot
    return make_watch(judge_graph(snapshot, run), _run_facts(view, snapshot, run.ring_of))


def _run_facts(view: View, snapshot: Snapshot, ring_of: Mapping[str, str]) -> RunFacts:
    codes, first = np.unique(snapshot.country, return_index=True)
    ids = snapshot.seller_ids.take(first).to_pylist()
    sellers = view.sellers(FULL, ids)
    countries = {str(sellers[s].country): code for s, code in zip(ids, codes.tolist(), strict=True) if code >= 0}
    why = {member.seller_id: member.why_not_closer for member in view.all_members(FULL)}
    closed = frozenset(snapshot.seller_ids.filter(pa.array(snapshot.is_closed)).to_pylist())
    with_closed = sorted({ring_of[seller_id] for seller_id in closed if seller_id in ring_of})
    returned = {
        ring_id
        for ring_id, lineage in view.lineages(FULL, with_closed).items()
        if any(row.event.change is Change.RETURNED for row in lineage.events)
    }
    return RunFacts(view.registry(FULL), countries, returned | view.closed_rings(FULL), closed, why)


def watch_state(view: View, at: datetime) -> object:
    """Return what the rings to screen against rest on, in little: cheap to ask before every applicant."""
    decided = (tuple(view.exemptions(FULL, at)), tuple(view.judgements(FULL)))
    return view.run(FULL), view.load_mark(FULL), decided, detect_config(view), at.date()
