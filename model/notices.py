"""Notices: complaints of a brand about a listing or a store, and which state each act leads to.

What is done with a notice is added to it, never written over: the last step says how it stands.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class NoticeKind(StrEnum):
    """What a notice rests on."""

    NOTICE = "notice"  # what somebody saw
    TEST_BUY = "test_buy"
    CUSTOMS_SEIZURE = "customs_seizure"


class NoticeState(StrEnum):
    """How a notice stands."""

    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    COUNTERED = "countered"  # the seller says otherwise; what was removed stands again unless the brand goes on


class NoticeAct(StrEnum):
    """What can be done with a notice that was filed."""

    UPHOLD = "uphold"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    COUNTER = "counter"


_AFTER = {
    NoticeAct.UPHOLD: NoticeState.UPHELD,
    NoticeAct.REJECT: NoticeState.REJECTED,
    NoticeAct.WITHDRAW: NoticeState.WITHDRAWN,
    NoticeAct.COUNTER: NoticeState.COUNTERED,
}

TRANSITIONS: Mapping[NoticeState, Mapping[NoticeAct, NoticeState]] = MappingProxyType(
    {
        NoticeState.FILED: _AFTER,
        NoticeState.UPHELD: {act: _AFTER[act] for act in (NoticeAct.WITHDRAW, NoticeAct.COUNTER)},
        NoticeState.COUNTERED: {
            act: _AFTER[act] for act in (NoticeAct.UPHOLD, NoticeAct.REJECT, NoticeAct.WITHDRAW)
        },  # upheld again: the brand goes on
        NoticeState.REJECTED: {},
        NoticeState.WITHDRAWN: {},
    }
)
"""The state that each act leads to from each state; what is not in it is refused."""


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What is filed: against a listing, or against the store itself where ``listing_id`` is None.

    ``digests``: SHA-256 of its files, hexadecimal; the files themselves are nowhere kept.
    """

    brand_id: str
    listing_id: str | None
    store_id: str
    kind: NoticeKind = NoticeKind.NOTICE
    text: str = ""
    digests: tuple[str, ...] = ()

    @property
    def subject(self) -> tuple[str, str, str]:
        """What two notices of a brand that say the same have in common."""
        return self.listing_id or "", "" if self.listing_id else self.store_id, self.kind.value


@dataclass(frozen=True, slots=True)
class Filed:
    """A draft as it is kept; ``number``: from 1 within its brand.

    ``is_repeat``: ``duplicate_of`` was filed here too, so that this one speaks for nothing more.
    """

    notice_id: str
    number: int
    draft: NoticeDraft
    duplicate_of: str | None
    is_repeat: bool
    is_throttled: bool


@dataclass(frozen=True, slots=True)
class Filing:
    """A notice that was filed, as far as deciding on it needs it; ``step``: how many steps it has."""

    notice_id: str
    brand_id: str
    state: NoticeState
    due_at: datetime
    step: int
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """What was done with a notice, by whom, and when what follows from it is due."""

    notice_id: str
    step: int  # from 1, which is that it was filed
    state: NoticeState
    actor: str
    reason: str
    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it stands, loaded or filed here.

    ``due_at``: when it was to be decided, or, once it is countered, when its listing stands again; None where a loaded
    one has no date. ``kind``: also ``counter_notice`` where it was loaded. ``duplicate_of``: the notice that said the
    same and was open. ``n_same_text``: notices of the brand with its text, 0 for fewer than ``PASTED_LEAST``.
    """

    notice_id: str
    brand_id: str
    listing_id: str | None
    store_id: str | None
    kind: str
    state: NoticeState
    filed_at: datetime | None
    due_at: datetime | None
    duplicate_of: str | None
    is_throttled: bool
    text: str
    digests: tuple[str, ...]
    reason: str
    is_loaded: bool
    n_same_text: int


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """Which notices; ``overdue_at``: those that nobody decided and were due before that moment."""

    state: NoticeState | None = None
    overdue_at: datetime | None = None
    brand_id: str | None = None
    notice_ids: tuple[str, ...] | None = None
    first: int | None = None  # None: all
    after: str | None = None


PASTED_LEAST = 10  # notices with one text: nobody writes that often about different offers and finds the same words


def text_digest(text: str) -> str | None:
    """Return what texts have in common that differ in case, width and blanks alone; None for one without words.

    >>> text_digest("Fake  bags!") == text_digest("fake bags! "), text_digest("  ")
    (True, None)
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest() if folded else None
