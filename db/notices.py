"""Notices read, loaded and filed here alike, and reporters by them."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from ringwatch.db.cursors import Page, limit_of, make_cursor, page_of, read_cursor
from ringwatch.db.database import Params, Row
from ringwatch.db.settings import NOTICE_HOURS, kept_value
from ringwatch.db.times import micros, optional_moment_of
from ringwatch.model.notices import PASTED_LEAST, NoticeQuery, NoticeRow, NoticeState
from ringwatch.model.reporters import ReportedRow, Reporter, rate_reporters

_NEVER = 1 << 62  # where the order has what is never due
_DAY_MICROS = timedelta(days=1) // timedelta(microseconds=1)


class Asked(Protocol):
    """What is asked: a session, or one seen through a lens."""

    def rows(self, name: str, params: Params) -> list[Row]:
        """Return the rows of a query."""
        ...


def read_notices(asked: Asked, query: NoticeQuery, hours: float) -> Page[NoticeRow]:
    """Return notices, those that are due first, what has no date last. O(all notices) a page.

    ``hours``: within which a loaded notice, too, was to be decided.
    """
    due, last_id = read_cursor(query.after, "notices", (int, str)) if query.after is not None else (None, None)
    params: Params = {
        "notice_ids": None if query.notice_ids is None else json.dumps(query.notice_ids),
        "state": query.state.value if query.state else None,
        "brand_id": query.brand_id,
        "due_before": micros(query.overdue_at) if query.overdue_at else None,
        "period": timedelta(hours=hours) // timedelta(microseconds=1),
        "after_due": due,
        "after_id": last_id,
        "n": limit_of(query.first),
    }
    rows = asked.rows("notices", params)
    pasted = _pasted(asked, query.brand_id) if any(row[11] for row in rows) else {}
    return page_of([_notice(row, pasted) for row in rows], query.first, _cursor)


def notice_hours(asked: Asked) -> float:
    """Return within how many hours notices are decided in a database."""
    found = asked.rows("setting", {"name": NOTICE_HOURS.name})
    return kept_value(found[0][0] if found else None, NOTICE_HOURS)


def read_reporters(asked: Asked, at: datetime, brand_id: str | None = None) -> Mapping[str, Reporter]:
    """Return how far the notices of each brand were right, or of one; those that filed none have no entry."""
    rows = asked.rows("reporter_notices", {"brand_id": brand_id})
    return rate_reporters((ReportedRow(*row) for row in rows), micros(at) // _DAY_MICROS)


def _pasted(asked: Asked, brand_id: str | None) -> Mapping[tuple[str, str], int]:
    rows = asked.rows("pasted_texts", {"brand_id": brand_id, "least": PASTED_LEAST})
    return {(brand, digest): n for brand, digest, n in rows}


def _notice(row: Row, pasted: Mapping[tuple[str, str], int]) -> NoticeRow:
    notice_id, brand_id, listing_id, store_id, kind, state, filed_at, due_at, duplicate_of, is_throttled, *told = row
    text, digest, digests, reason, is_loaded = told
    subject = (notice_id, brand_id, listing_id, store_id, kind, NoticeState(state))
    clock = (optional_moment_of(filed_at), optional_moment_of(due_at), duplicate_of, bool(is_throttled))
    said = (text, tuple(json.loads(digests)), reason, bool(is_loaded))
    return NoticeRow(*subject, *clock, *said, pasted.get((brand_id, digest), 0))


def _cursor(row: NoticeRow) -> str:
    return make_cursor("notices", _NEVER if row.due_at is None else micros(row.due_at), row.notice_id)
