"""What a seller is told of a decision about its store, as frozen rows. Nothing in them is of another seller."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Decision(StrEnum):
    """What a statement of reasons tells of."""

    NOTICE = "notice"  # the store will be closed
    CLOSE = "close"
    SUSPEND = "suspend"
    REOPEN = "reopen"  # what was decided before is taken back
    LAPSE = "lapse"  # the store was to be closed, and is not


class Language(StrEnum):
    """The languages that statements are written in."""

    EN = "en"
    ZH = "zh"


class Format(StrEnum):
    """The forms that a statement is given in; JSON has the fields of the EU's database of statements."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class SharedKind:
    """The values of one kind that a seller shares with others of its ring.

    ``n`` of them; ``fewest`` and ``most``: sellers that use one of them, this one counted; ``shown``: the first of
    them, masked, as the seller knows them.
    """

    kind: str
    family: str
    n: int
    fewest: int
    most: int
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpheldKind:
    """Complaints of one kind that were upheld; ``is_listing``: against listings, else against the store itself.

    ``listing_ids``: the first of them; ``first_on`` and ``last_on``: when they were filed, None where not known.
    """

    kind: str
    is_listing: bool
    n: int
    n_listings: int
    listing_ids: tuple[str, ...]
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan froze about a store, for its statement.

    ``is_hashed``: values shown were recorded as hashes, so their short form is all there is. ``upheld`` is against this
    store, ``n_upheld`` against all stores of the ring, ``n_upheld_stores`` of them.
    """

    name: str
    opened_on: date | None
    n_sellers: int
    n_stores: int
    is_hashed: bool
    shared: tuple[SharedKind, ...]
    upheld: tuple[UpheldKind, ...]
    n_upheld: int
    n_upheld_stores: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of reasons: one decision about one store, and all that its text says.

    ``action``: what was decided (close or suspend), also where it was taken back; ``noticed_at``: when notice was
    given, None where none was; ``effective_at``: from when it counts; ``announced_at``: the same, but of a decision
    that was taken back from when that one counted; ``state``: of the store after a reopening, else "";
    ``is_upheld``: it was reopened upon its own appeal.
    """

    store_id: str
    decision: Decision
    action: str
    state: str
    plan_id: str
    entry_n: int
    entry_hash: str
    decided_at: datetime
    noticed_at: datetime | None
    effective_at: datetime
    announced_at: datetime
    appeal_until: datetime
    is_upheld: bool
    is_drill: bool
    n_approvers: int
    immediate: str
    n_listings: int
    facts: Facts
    families: tuple[str, ...]
    link_score: float
    infringement_score: float
    min_infringement: float
