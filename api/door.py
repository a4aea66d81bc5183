"""The door: who sends a request, by its key, and what their role lets them ask; the ledger has what is refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringwatch.alliance.lens import visibility_of
from ringwatch.api.notes import RefusalNotes
from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.enforcement.access import check_role, find_actor, no_key
from ringwatch.model.enforcement import Actor, Hand
from ringwatch.model.errors import RefusedError, UnauthenticatedError
from ringwatch.model.visibility import ALWAYS_KEYED, FULL, Act, Visibility


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request. ``actor`` None: nobody knows, and the database is open to who reaches it."""

    who: Visibility
    actor: Actor | None = None
    has_actors: bool = False

    @property
    def name(self) -> str:
        """Under which name the ledger has them."""
        return self.actor.name if self.actor else ""


ANYONE = Visitor(FULL)
"""Whoever reaches a database that asks for no key."""


class Keys(StrEnum):
    """Whether who reads a database sends a key."""

    NONE = "none"  # there are no actors: nobody has one
    OPTIONAL = "optional"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Door:
    """The door of one server. ``clock`` gives the moment that counts for its database."""

    docket: Docket
    clock: Callable[[], datetime]
    notes: RefusalNotes
    is_local: bool

    def enter(self, authorization: str | None) -> Visitor:
        """Return who sent a request with this header.

        A database without actors shows itself to whoever reaches it. So does one that the demo made, on the loopback
        address, where no key is sent. UnauthenticatedError where a key is needed and there is none that is good.
        """
        with self.docket.reading() as record:
            actors, is_open = record.actors(), authorization is None and self._is_open(record)
        if not actors or is_open:
            return Visitor(FULL, has_actors=bool(actors))
        at = self.clock()
        try:
            actor = find_actor(actors, bearer_key(authorization), at)
        except UnauthenticatedError as refusal:
            self.notes.note(Hand("", at), Act.SIGN_IN, str(refusal))
            raise
        return self.visitor_of(actor)

    def visitor_of(self, actor: Actor) -> Visitor:
        """Return an actor as a visitor, who sees what its role and its brand let it see."""
        return Visitor(visibility_of(actor, self.docket), actor, has_actors=True)

    def actors(self) -> list[Actor]:
        """Return all actors of the database, by name."""
        with self.docket.reading() as record:
            return record.actors()

    def keys(self) -> Keys:
        """Return whether a key is needed to read here."""
        with self.docket.reading() as record:
            if not record.actors():
                return Keys.NONE
            return Keys.OPTIONAL if self._is_open(record) else Keys.NEEDED

    def _is_open(self, record: Record) -> bool:
        return self.is_local and record.setting("is_demo") == "1"

    def refuse(self, visitor: Visitor, act: Act, refusal: RefusedError) -> RefusedError:
        """Keep a refusal in the ledger and return it to be raised."""
        self.notes.note(Hand(visitor.name, self.clock()), act, str(refusal))
        return refusal


def check_acts(visitor: Visitor, acts: Iterable[Act], door: Door | None) -> None:
    """Let a request through that needs these acts.

    Raises:
        UnauthenticatedError: one of them takes a key always, and none was sent.
        RefusedError: the role does not allow one of them.
    """
    for act in sorted(acts):
        try:
            if act in ALWAYS_KEYED and visitor.actor is None:
                raise no_key(has_actors=visitor.has_actors)
            check_role(visitor.name or "whoever asks", visitor.who.role, act)
        except RefusedError as refusal:
            raise door.refuse(visitor, act, refusal) if door else refusal from None


def bearer_key(authorization: str | None) -> str | None:
    """Return the key of a header, None where it holds none.

    >>> bearer_key("Bearer rw_abc"), bearer_key("Basic YTpi")
    ('rw_abc', None)
    """
    scheme, _, key = (authorization or "").strip().partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None
