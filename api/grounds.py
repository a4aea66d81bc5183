"""What questions beyond a kept run are answered from: the current graph, judged as the current run judges."""

from ringwatch.algorithms.memory import Trace
from ringwatch.algorithms.questions import CurrentRun
from ringwatch.db.settings import detect_config
from ringwatch.db.view import RingQuery, View
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL


def read_current_run(view: View, trace: Trace | None = None) -> CurrentRun:
    """Return how the current run judged, with what it left for the next one where that was read.

    ConfigError where there is no run, or it was kept without its fit.
    """
    fit = view.fit(FULL)
    if fit is None:
        raise ConfigError("database: holds no run with its fit; run detection again: ringwatch detect --fit")
    ring_of = {member.seller_id: member.ring_id for member in view.all_members(FULL)}
    tier_of = {ring.ring_id: ring.tier for ring in view.rings(FULL, RingQuery()).rows}
    judgements = [row.judgement for row in view.judgements(FULL)]
    return CurrentRun(detect_config(view), fit, ring_of, tier_of, judgements, trace)
