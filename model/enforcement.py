"""What is decided about stores, as frozen rows: actors, plans and their stores, appeals, messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ringwatch.model.visibility import ActorRole


class StoreState(StrEnum):
    """What was decided about a store last; a store that nothing was decided about is open, or loaded as closed."""

    OPEN = "open"
    WATCHED = "watched"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    APPEALED = "appealed"  # an appeal of it is open; what was decided before stands meanwhile
    REINSTATED = "reinstated"  # open again since its own appeal was upheld; to every rule it is open


class StoreAction(StrEnum):
    """What a plan does to a store."""

    CLOSE = "close"
    SUSPEND = "suspend"
    WATCH = "watch"
    REOPEN = "reopen"
    SPARE = "spare"


STATE_AFTER: Mapping[StoreAction, StoreState] = {
    StoreAction.CLOSE: StoreState.CLOSED,
    StoreAction.SUSPEND: StoreState.SUSPENDED,
    StoreAction.WATCH: StoreState.WATCHED,
}
"""The state of a store after an act; reopening puts back the one before."""


class PlanState(StrEnum):
    """Where a plan stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    VOID = "void"  # what it rests on changed, or its approval ran out
    REJECTED = "rejected"
    DONE = "done"
    UNDONE = "undone"


class Progress(StrEnum):
    """How far a plan's store is."""

    PLANNED = "planned"
    NOTICED = "noticed"  # its notice period runs
    DONE = "done"
    LEFT = "left"  # judged anew and left as it is


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class MessageState(StrEnum):
    """Where a message to the marketplace stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"  # refused, or tried too often; a replay tries it again


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, and when."""

    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a program that holds a key; of the key only its digest and its first characters are kept."""

    name: str
    role: ActorRole
    brand_id: str | None
    key_digest: str
    key_prefix: str
    added_by: str
    added_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def may_act(self, at: datetime) -> bool:
        """Say whether the key is good at a moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan without its stores. ``header`` is what was proposed and never changes; the rest is what became of it.

    ``approvals``: names, first one first; ``expires_at``: the last moment for the first `close`; ``begun_at``: that
    moment; ``note``: why it is void or was rejected.
    """

    plan_id: str
    digest: str
    header: Mapping[str, Any]
    proposed_by: str
    proposed_at: datetime
    state: PlanState
    approvals: tuple[str, ...] = ()
    expires_at: datetime | None = None
    begun_at: datetime | None = None
    note: str = ""

    @property
    def undoes(self) -> str | None:
        """The plan that this one undoes, None for one that closes; of several their ids, with commas between."""
        undone: str | None = self.header.get("undoes")
        return undone


@dataclass(frozen=True, slots=True)
class PlanStore:
    """A store in a plan: ``body`` is what was proposed and never changes; ``inverse`` is what undoes what was done."""

    plan_id: str
    position: int
    store_id: str
    action: StoreAction
    body: Mapping[str, Any]
    progress: Progress = Progress.PLANNED
    due_at: datetime | None = None
    inverse: Mapping[str, Any] | None = None
    note: str = ""  # why it was left


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store as loaded, with the listings that stand in it counted."""

    store_id: str
    seller_id: str
    name: str | None
    is_closed: bool  # by what was loaded
    n_listings: int
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """What a seller says against a decision on a store, and what was decided on it."""

    appeal_id: str
    store_id: str
    plan_id: str | None
    text: str
    opened_by: str
    opened_at: datetime
    state: AppealState = AppealState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What the marketplace is told of one act; ``key`` is the same however often it is sent."""

    n: int
    key: str
    plan_id: str
    store_id: str
    action: str
    body: str
    state: MessageState = MessageState.WAITING
    n_attempts: int = 0
    next_at: datetime | None = None
    answer: str = ""
