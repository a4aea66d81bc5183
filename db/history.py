"""Reads over what is only ever added to: the log of what became of rings in every run, and people's judgements."""

import json
from collections.abc import Sequence

from ringwatch.db.database import Row
from ringwatch.db.lens import Lens
from ringwatch.db.rows import EventRow, JudgementRow, Lineage
from ringwatch.db.times import moment_of
from ringwatch.model.errors import ConfigError
from ringwatch.model.judgements import Judgement, Verdict
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


def read_judgements(lens: Lens) -> tuple[JudgementRow, ...]:
    """Return all judgements, oldest first."""
    return tuple(_judgement(row) for row in lens.rows("judgements"))


def judgement_id_of(n: int) -> str:
    """Return what a judgement is called outside the database.

    >>> judgement_id_of(7)
    'J-7'
    """
    return f"J-{n}"


def _judgement(row: Row) -> JudgementRow:
    n, ring_id, seller_id, verdict, reason, owner, made_at, member_ids = row
    judgement = Judgement(ring_id, seller_id, Verdict(verdict), tuple(json.loads(member_ids)), reason, owner)
    return JudgementRow(judgement_id_of(n), judgement, moment_of(made_at))


def _events_of(lens: Lens, ring_id: str) -> tuple[EventRow, ...]:
    return tuple(_event(row) for row in lens.rows("ring_events", {"ring_id": ring_id}))


def _event(row: Row) -> EventRow:
    run_id, at, ring_id, change, ring_ids, n_before, n_sellers, reason = row
    event = RingEvent(ring_id, Change(change), tuple(json.loads(ring_ids)), n_before, n_sellers, reason)
    return EventRow(run_id, moment_of(at), event)
