"""Reads over the log of what became of rings; the log has every run, the rings themselves only the current one."""

import json
from collections.abc import Sequence

from ringwatch.db.database import Row
from ringwatch.db.lens import Lens
from ringwatch.db.rows import EventRow, Lineage
from ringwatch.db.times import moment_of
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Change, RingEvent

_HANDED_ON = frozenset({Change.MERGED, Change.SPLIT})


def read_lineage(lens: Lens, ring_id: str) -> Lineage | None:
    """Return what became of a ring, None where no run ever gave that id."""
    events = _events_of(lens, ring_id)
    current = tuple(sorted(_current(lens, ring_id)))
    return Lineage(ring_id, current, events) if events or current else None


def _current(lens: Lens, ring_id: str) -> set[str]:
    """Follow a ring from heir to heir until there are rings of the current run; O(rings on the way)."""
    found: set[str] = set()
    seen, ahead = {ring_id}, [ring_id]
    while ahead:
        asked = ahead.pop()
        if lens.rows("ring", {"ring_id": asked}):
            found.add(asked)
            continue
        events = _events_of(lens, asked)
        last = events[-1].event if events else None
        heirs = set(last.ring_ids) - seen if last is not None and last.change in _HANDED_ON else set()
        seen |= heirs
        ahead += sorted(heirs)
    return found


def read_changes(lens: Lens, since: str) -> Sequence[EventRow]:
    """Return what became of rings in the runs after one, first events first.

    Raises:
        ConfigError: no run of that id was kept.
    """
    if not lens.rows("find_run", {"run_id": since}):
        raise ConfigError(f"run {since}: no run of that id was kept; the answer of `ringwatch detect` names the run")
    return [_event(row) for row in lens.rows("changes", {"since": since})]


def _events_of(lens: Lens, ring_id: str) -> tuple[EventRow, ...]:
    return tuple(_event(row) for row in lens.rows("ring_events", {"ring_id": ring_id}))


def _event(row: Row) -> EventRow:
    run_id, at, ring_id, change, ring_ids, n_before, n_sellers, reason = row
    event = RingEvent(ring_id, Change(change), tuple(json.loads(ring_ids)), n_before, n_sellers, reason)
    return EventRow(run_id, moment_of(at), event)
