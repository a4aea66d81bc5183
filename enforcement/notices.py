"""Notices filed and decided: each act is a step that is added, and has its entry in the ledger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ringwatch.db.docket import Docket
from ringwatch.db.notice_book import NoticeBook
from ringwatch.db.record import Record
from ringwatch.db.settings import COUNTER_DAYS, NOTICE_HOURS, THROTTLED_HOURS, Setting, kept_value
from ringwatch.enforcement.entries import make_entry
from ringwatch.enforcement.failures import InvalidNoticeError, NoticeNotFoundError, NoticeStateError
from ringwatch.model.enforcement import Hand
from ringwatch.model.notices import (
    TRANSITIONS,
    Filed,
    Filing,
    NoticeAct,
    NoticeDraft,
    NoticeKind,
    NoticeState,
    NoticeStep,
    text_digest,
)

LONGEST_TEXT = 4_000  # characters: two printed pages; what is longer belongs into a file of its own
MOST_FILES = 100  # of one notice
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class NoticeDecision:
    """What is done with a notice, and why; ``brand_id``: only where it is of that brand, None for any."""

    notice_id: str
    act: NoticeAct
    reason: str
    brand_id: str | None = None


def fault_of(draft: NoticeDraft) -> str | None:
    """Return what is wrong with a draft, None where nothing is.

    >>> fault_of(NoticeDraft("B1", None, "st1", digests=("abc",)))
    'digest "abc" is no SHA-256, expected 64 hexadecimal digits'
    """
    if len(draft.text) > LONGEST_TEXT:
        return f"the text has {len(draft.text):,} characters, {LONGEST_TEXT:,} at most"
    if "\0" in draft.text:
        return "the text holds a NUL character"
    if len(draft.digests) > MOST_FILES:
        return f"{len(draft.digests):,} files, {MOST_FILES} at most"
    for digest in draft.digests:
        if not _SHA256.fullmatch(digest):
            return f'digest "{digest[:80]}" is no SHA-256, expected 64 hexadecimal digits'
    return None


def file_notices(docket: Docket, brand_id: str, drafts: Sequence[NoticeDraft], hand: Hand) -> tuple[str, ...]:
    """Keep notices of one brand, all of them or none, and return their ids.

    One that says what an open one of the brand says is kept and names it. Those of a reporter that attacks a rival are
    kept, marked and decided later. O(notices of the brand).

    Raises:
        InvalidNoticeError: there is no such brand, no draft, or a draft cannot be; see ``fault_of``.
    """
    if not drafts:
        raise InvalidNoticeError("notice: names no listing and no store, expected one at least; nothing was filed")
    for draft in drafts:
        if fault := fault_of(draft):
            where = draft.listing_id or draft.store_id
            raise InvalidNoticeError(f"notice against {where}: {fault}; nothing was filed; mend it")

    def keep(record: Record) -> tuple[str, ...]:
        book = record.notices
        if not book.knows_brand(brand_id):
            raise InvalidNoticeError(f"brand {brand_id}: no brand of that id was loaded; nothing was filed")
        is_doubted = book.reporter(brand_id, hand.at).throttled
        filed = _numbered(book, brand_id, drafts, is_doubted=is_doubted)
        book.add(filed, hand.at)
        hours = {False: _kept(record, NOTICE_HOURS), True: _kept(record, THROTTLED_HOURS)}
        book.add_steps(_first_step(one, hand, hours[one.is_throttled]) for one in filed)
        record.append([make_entry(record, hand, "file notice", _told(one)) for one in filed])
        return tuple(one.notice_id for one in filed)

    return docket.transact(keep)


def _numbered(book: NoticeBook, brand_id: str, drafts: Sequence[NoticeDraft], *, is_doubted: bool) -> list[Filed]:
    first = book.next_number(brand_id)
    wanted = [f"{brand_id}-N{number}" for number in range(first, first + len(drafts))]
    are_taken = book.are_loaded(wanted)
    known = dict(book.open_notices(brand_id))
    filed = []
    for place, (draft, name, is_taken) in enumerate(zip(drafts, wanted, are_taken, strict=True)):
        notice_id = f"{name}-filed" if is_taken else name
        duplicate_of, is_repeat = known.setdefault(draft.subject, (notice_id, True))
        seen: tuple[str | None, bool] = (None, False) if duplicate_of == notice_id else (duplicate_of, is_repeat)
        filed.append(Filed(notice_id, first + place, draft, *seen, is_doubted and draft.kind is NoticeKind.NOTICE))
    return filed


def _first_step(filed: Filed, hand: Hand, hours: float) -> NoticeStep:
    due_at = hand.at + timedelta(hours=hours)
    return NoticeStep(filed.notice_id, 1, NoticeState.FILED, hand.actor, "", hand.at, due_at)


def _kept(record: Record, setting: Setting) -> float:
    return kept_value(record.setting(setting.name), setting)


def _told(filed: Filed) -> dict[str, object]:
    draft = filed.draft
    about = {"listing_id": draft.listing_id, "store_id": draft.store_id, "kind": draft.kind.value}
    said = {"text_digest": text_digest(draft.text), "files": list(draft.digests), "duplicate_of": filed.duplicate_of}
    told = {"notice_id": filed.notice_id, "brand_id": draft.brand_id, "is_throttled": filed.is_throttled or None}
    return {key: value for key, value in (told | about | said).items() if value}


def decide_notice(docket: Docket, decision: NoticeDecision, hand: Hand) -> None:
    """Add a step to a notice, and to its duplicates that stand as it did.

    Raises:
        InvalidNoticeError: there is no reason.
        NoticeNotFoundError: there is no such notice, or it is another brand's than the one named.
        NoticeStateError: the act does not lead on from where it stands, it is late, or the notice was loaded.
    """
    if not decision.reason.strip():
        raise InvalidNoticeError("--reason: is empty, expected why; nothing was done")
    if len(decision.reason) > LONGEST_TEXT:
        raise InvalidNoticeError(f"--reason: is longer than {LONGEST_TEXT:,} characters; nothing was done")

    def keep(record: Record) -> None:
        filings = record.notices.filings(decision.notice_id)
        own = next((f for f in filings if f.notice_id == decision.notice_id), None)
        if own is None or decision.brand_id not in {None, own.brand_id}:
            raise _not_here(record.notices, decision)
        _check_transition(own, decision.act, hand)
        alike = [f for f in filings if f is own or f.state is own.state]
        steps = [_step(record, filing, decision, hand) for filing in alike]
        record.notices.add_steps(steps)
        for step in steps:
            told = {"notice_id": step.notice_id, "state": step.state.value, "reason": step.reason}
            record.note(hand, f"{decision.act.value} notice", told)

    docket.transact(keep)


def _not_here(book: NoticeBook, decision: NoticeDecision) -> NoticeNotFoundError | NoticeStateError:
    """Return why a notice cannot be decided; another brand's looks as if it were not there."""
    if book.find(decision.notice_id, decision.brand_id) is not None:
        return NoticeStateError(
            f"notice {decision.notice_id}: was loaded, expected one that was filed here; nothing was done;"
            " decide on it where it came from, and load it again"
        )
    return NoticeNotFoundError(f"notice {decision.notice_id}: there is none of that id; list them: ringwatch notices")


def _check_transition(filing: Filing, act: NoticeAct, hand: Hand) -> None:
    allowed = TRANSITIONS[filing.state]
    if act not in allowed:
        able = " or ".join(allowed) or "none, for that is final"
        raise NoticeStateError(
            f"{act.value} {filing.notice_id}: the notice is {filing.state.value}; what can be done with it: {able};"
            " nothing was done"
        )
    if filing.state is NoticeState.COUNTERED and act is NoticeAct.UPHOLD and hand.at >= filing.due_at:
        raise NoticeStateError(
            f"{act.value} {filing.notice_id}: the brand had until {filing.due_at:%Y-%m-%d %H:%M} UTC to go on and did"
            " not, so the counter-notice stands; nothing was done; a new notice can be filed"
        )


def _step(record: Record, filing: Filing, decision: NoticeDecision, hand: Hand) -> NoticeStep:
    is_counter = decision.act is NoticeAct.COUNTER
    due_at = hand.at + timedelta(days=_kept(record, COUNTER_DAYS)) if is_counter else filing.due_at
    state = TRANSITIONS[filing.state][decision.act]
    return NoticeStep(filing.notice_id, filing.step + 1, state, hand.actor, decision.reason.strip(), hand.at, due_at)
