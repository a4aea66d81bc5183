"""Notices as they are filed and decided, in a transaction that is open."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ringwatch.db.database import Scalar, Session
from ringwatch.db.notices import notice_hours, read_notices, read_reporters
from ringwatch.db.times import micros, moment_of
from ringwatch.model.notices import Filed, Filing, NoticeQuery, NoticeRow, NoticeState, NoticeStep, text_digest
from ringwatch.model.reporters import Reporter


class NoticeBook:
    """What was filed; rows are only ever added."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def knows_brand(self, brand_id: str) -> bool:
        """Say whether a brand is known."""
        return bool(self._session.ints("find_brands", {"ids": json.dumps([brand_id])})[0, 0])

    def reporter(self, brand_id: str, at: datetime) -> Reporter:
        """Return how far the notices of a brand were right so far."""
        return read_reporters(self._session, at, brand_id).get(brand_id, Reporter(brand_id))

    def next_number(self, brand_id: str) -> int:
        """Return the number of the next notice of a brand."""
        return int(self._session.ints("n_filings", {"brand_id": brand_id})[0, 0]) + 1

    def are_loaded(self, notice_ids: Sequence[str]) -> list[bool]:
        """Say for each id whether a notice of it was loaded."""
        return [bool(n) for (n,) in self._session.rows("find_notices", {"ids": json.dumps(list(notice_ids))})]

    def open_notices(self, brand_id: str) -> Mapping[tuple[str, str, str], tuple[str, bool]]:
        """Return the notice of a brand that is open about each subject (``NoticeDraft.subject``), and if it is filed.

        Of several the first one, of filed and loaded ones a filed one.
        """
        found: dict[tuple[str, str, str], tuple[str, bool]] = {}
        rows = self._session.rows("open_notices", {"brand_id": brand_id})
        for notice_id, listing_id, store_id, kind, is_loaded in rows:
            found.setdefault((listing_id or "", "" if listing_id else store_id, kind), (notice_id, not is_loaded))
        return found

    def filings(self, notice_id: str) -> list[Filing]:
        """Return a filed notice and its duplicates, as they stand; none where none of that id was filed."""
        rows = self._session.rows("filings", {"ids": json.dumps([notice_id])})
        return [Filing(own, brand, NoticeState(state), moment_of(due), *rest) for own, brand, state, due, *rest in rows]

    def find(self, notice_id: str, brand_id: str | None = None) -> NoticeRow | None:
        """Return a notice as it stands, a filed one before a loaded one; None where there is none, of that brand."""
        query = NoticeQuery(notice_ids=(notice_id,), brand_id=brand_id)
        rows = read_notices(self._session, query, notice_hours(self._session)).rows
        return min(rows, key=lambda row: row.is_loaded, default=None)

    def add(self, filed: Iterable[Filed], at: datetime) -> None:
        """Keep notices; their first steps are kept with ``add_steps``."""
        self._session.write_rows("insert_filing", (_row(one, micros(at)) for one in filed))

    def add_steps(self, steps: Iterable[NoticeStep]) -> None:
        """Keep what became of notices."""
        rows = ((s.notice_id, s.step, s.state.value, s.actor, s.reason, micros(s.at), micros(s.due_at)) for s in steps)
        self._session.write_rows("insert_filing_step", rows)


def _row(filed: Filed, at: int) -> tuple[Scalar, ...]:
    draft = filed.draft
    subject = (draft.listing_id, draft.store_id, draft.kind.value)
    said = (draft.text, text_digest(draft.text), json.dumps(draft.digests))
    seen = (filed.duplicate_of, int(filed.is_repeat), int(filed.is_throttled))
    return (filed.notice_id, draft.brand_id, filed.number, *subject, *said, *seen, at)
