"""Casework read: entries are only ever added, and follow the sellers of their ring from run to run."""

import json
from collections.abc import Iterable, Mapping, Sequence

from ringwatch.db.database import Params, Row
from ringwatch.db.decided import about_params
from ringwatch.db.lens import Lens
from ringwatch.db.times import moment_of
from ringwatch.model.casework import Case, CaseAct, CaseEntry, Subject, case_of


def read_cases(lens: Lens, ring_ids: Iterable[str]) -> Mapping[str, Case]:
    """Return where the work on rings stands, with all entries; rings that nobody said anything of have no entry."""
    return _cases(lens, lens.rows("case_entries", {"ids": json.dumps(sorted(set(ring_ids)))}))


def read_case_heads(lens: Lens) -> Mapping[str, Case]:
    """Return where the work on every ring stands, of the entries assignments, flags and answers alone."""
    return _cases(lens, lens.rows("case_heads"))


def read_entries(lens: Lens, name: str, params: Params) -> tuple[CaseEntry, ...]:
    """Return the entries that a query finds, first ones first."""
    return tuple(_entry(lens, row) for row in lens.rows(name, params))


def read_newer(lens: Lens, about: Subject, seen: int) -> tuple[CaseEntry, ...]:
    """Return the entries about a thing after a number, first ones first."""
    return read_entries(lens, "newer_case_entries", about_params(about, seen))


def _cases(lens: Lens, rows: Sequence[Row]) -> Mapping[str, Case]:
    entries: dict[str, list[CaseEntry]] = {}
    for ring_id, *row in rows:
        entries.setdefault(ring_id, []).append(_entry(lens, tuple(row)))
    return {ring_id: case_of(ring_id, found) for ring_id, found in entries.items()}


def _entry(lens: Lens, row: Row) -> CaseEntry:
    n, act, ring_id, seller_id, listing_id, kind, value, actor, brand_id, said, text, assignee, answers, made_at = row
    about = Subject(ring_id, seller_id, listing_id, (kind, lens.value(kind, value) if value else ""))
    about_flag = (assignee, answers, brand_id)
    return CaseEntry(CaseAct(act), about, text, said, *about_flag, actor, moment_of(made_at), n)
