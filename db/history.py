"""Reads over what is only ever added to: the log of what became of rings in every run, and people's judgements."""

import json
from collections.abc import Iterable, Mapping, Sequence

import orjson

from ringwatch.db.database import Row
from ringwatch.db.decided import judgement_id_of
from ringwatch.db.lens import Lens
from ringwatch.db.rows import EventRow, JudgementRow, Lineage, VersionMember, VersionRow
from ringwatch.db.times import moment_of
from ringwatch.model.errors import ConfigError
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import TIERS, Change, RingEvent, Role

_HANDED_ON = frozenset({Change.MERGED, Change.SPLIT})


def read_lineages(lens: Lens, ring_ids: Iterable[str]) -> Mapping[str, Lineage]:
    """Return what became of rings, by id; ids that no run ever gave have no entry.

    Three reads for all of them, and two for each heir of a ring that is no more.
    """
    asked = list(dict.fromkeys(ring_ids))
    events, versions, current = _events_of(lens, asked), _versions_of(lens, asked), _in_current_run(lens, asked)
    found = {}
    for ring_id in asked:
        own = events.get(ring_id, ())
        now = {ring_id} if ring_id in current else _heirs(lens, ring_id, own)
        if own or now:
            found[ring_id] = Lineage(ring_id, tuple(sorted(now)), own, versions.get(ring_id, ()))
    return found


def _heirs(lens: Lens, ring_id: str, events: Sequence[EventRow]) -> set[str]:
    """Follow a ring that is no more from heir to heir until there are rings of the current run."""
    found: set[str] = set()
    seen, ahead = {ring_id}, _handed_on_to(events)
    while ahead := ahead - seen:
        seen |= ahead
        current = _in_current_run(lens, sorted(ahead))
        found |= current
        gone = _events_of(lens, sorted(ahead - current))
        ahead = set().union(*(_handed_on_to(own) for own in gone.values()))
    return found


def _handed_on_to(events: Sequence[EventRow]) -> set[str]:
    last = events[-1].event if events else None
    return set(last.ring_ids) if last is not None and last.change in _HANDED_ON else set()


def _in_current_run(lens: Lens, ring_ids: Sequence[str]) -> set[str]:
    return {row[0] for row in lens.rows("rings_by_id", {"ids": json.dumps(ring_ids)})}


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


def _judgement(row: Row) -> JudgementRow:
    n, ring_id, seller_id, verdict, reason, owner, made_at, member_ids = row
    judgement = Judgement(ring_id, seller_id, Verdict(verdict), tuple(json.loads(member_ids)), reason, owner)
    return JudgementRow(judgement_id_of(n), judgement, moment_of(made_at))


def _events_of(lens: Lens, ring_ids: Sequence[str]) -> dict[str, tuple[EventRow, ...]]:
    rows: dict[str, list[EventRow]] = {}
    for row in lens.rows("ring_events", {"ids": json.dumps(ring_ids)}):
        event = _event(row)
        rows.setdefault(event.event.ring_id, []).append(event)
    return {ring_id: tuple(found) for ring_id, found in rows.items()}


def _versions_of(lens: Lens, ring_ids: Sequence[str]) -> dict[str, tuple[VersionRow, ...]]:
    rows: dict[str, list[VersionRow]] = {}
    for row in lens.rows("ring_versions", {"ids": json.dumps(ring_ids)}):
        rows.setdefault(row[0], []).append(_version(row))
    return {ring_id: tuple(found) for ring_id, found in rows.items()}


def _version(row: Row) -> VersionRow:
    ring_id, n, run_id, at, tier_rank, _, link_score, infringement_score, digest, kept = row
    members = tuple(
        VersionMember(seller_id, TIERS[tier_rank], Role(role), *scores)
        for seller_id, tier_rank, role, *scores in orjson.loads(kept)
    )
    scores = (link_score, infringement_score)
    return VersionRow(ring_id, n, run_id, moment_of(at), TIERS[tier_rank], *scores, digest, members)


def _event(row: Row) -> EventRow:
    run_id, at, ring_id, change, ring_ids, n_before, n_sellers, reason = row
    event = RingEvent(ring_id, Change(change), tuple(json.loads(ring_ids)), n_before, n_sellers, reason)
    return EventRow(run_id, moment_of(at), event)
