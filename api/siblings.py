"""What the rows of one list need, read for all of them when the first one asks for it.

A list of 100 rings with their members and evidence is then five reads instead of three hundred, and a field that
nobody asked for is never read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Generic, TypeVar

from ringwatch.api.bench import Bench
from ringwatch.api.casework import assignable
from ringwatch.api.door import Door, Visitor, check_acts
from ringwatch.api.prepared import Grounds
from ringwatch.db.view import Lineage, MemberRow, Page, RingRow, SellerRow, View
from ringwatch.db.writer import Writer
from ringwatch.model.casework import Case
from ringwatch.model.errors import RefusedError
from ringwatch.model.rings import Evidence
from ringwatch.model.visibility import Act, Visibility

Key = TypeVar("Key")
Found = TypeVar("Found")

RING_EVIDENCE = 100
"""Values shown of one ring at most, strongest first; all of them stand with the members that they speak for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where decisions are written, and by which clock."""

    open_writer: Callable[[str], Writer]  # takes the name of who decides
    clock: Callable[[View], datetime]
    open_impatient: Callable[[], Writer] | None = None  # for what may as well be left out, None where it is


@dataclass(frozen=True, slots=True)
class Asking:
    """One request's view of the database and what its sender may see; made for a request and gone with it."""

    view: View
    visitor: Visitor
    grounds: Grounds
    secret_key: bytes | None = field(default=None, repr=False)
    desk: Desk | None = None  # None: nothing can be decided here
    bench: Bench | None = None  # None: no store can be decided on here
    door: Door | None = None  # None: what is refused is told and not kept

    @property
    def who(self) -> Visibility:
        """What the sender may see."""
        return self.visitor.who

    def assignable(self) -> list[str]:
        """Return the names of those who can be given work, by name; none where the database has no such actor."""
        return assignable(self.door.actors(), self.door.clock()) if self.door else []

    def check(self, acts: Iterable[Act]) -> None:
        """Let a document through that needs these acts; see ``check_acts``."""
        check_acts(self.visitor, acts, self.door)


def desk_of(asking: Asking) -> Desk:
    """Return where decisions are written; RefusedError for who may not decide."""
    if asking.desk is None:
        raise RefusedError(
            "server: it is reached from elsewhere and the database has no actor, so whoever asks may read and decide"
            " nothing; decide on the command line, or on a server on the loopback address"
        )
    return asking.desk


class Once(Generic[Key, Found]):
    """What is found for several keys, read with one call the first time that any of them is asked for."""

    def __init__(self, keys: Sequence[Key], read: Callable[[Sequence[Key]], Mapping[Key, Found]]) -> None:
        self._keys = keys
        self._read = read

    @cached_property
    def found(self) -> Mapping[Key, Found]:
        """Everything that was found."""
        return self._read(self._keys)

    def get(self, key: Key) -> Found | None:
        """Return what was found for a key, None for nothing."""
        return self.found.get(key)


class Rings:
    """Rings that stand in one list."""

    def __init__(self, asking: Asking, rows: Sequence[RingRow]) -> None:
        self.asking = asking
        self._ids = [row.ring_id for row in rows]
        self._first_pages: dict[int, Memberships] = {}
        view, who = asking.view, asking.who
        self.evidence = Once(self._ids, partial(view.ring_evidence, who, first=RING_EVIDENCE))
        self.cases: Once[str, Case] = Once(self._ids, partial(view.cases, who))
        self.lineages: Once[str, Lineage] = Once(self._ids, partial(view.lineages, who))

    def members(self, ring_id: str, first: int, after: str | None) -> "tuple[Page[MemberRow], Memberships]":
        """Return a page of members of one ring; the first pages of all rings of the list are read together."""
        view, who = self.asking.view, self.asking.who
        if after is not None:
            page = view.members(who, ring_id, first, after)
            return page, Memberships(self.asking, {ring_id: page})
        if first not in self._first_pages:
            self._first_pages[first] = Memberships(self.asking, view.members_of(who, self._ids, first))
        pages = self._first_pages[first]
        return pages.of(ring_id), pages


class Sellers:
    """Sellers that stand in one list."""

    def __init__(self, asking: Asking, seller_ids: Sequence[str]) -> None:
        self._asking = asking
        view, who = asking.view, asking.who
        self.rows: Once[str, SellerRow] = Once(seller_ids, partial(view.sellers, who))
        self._ring_ids: Once[str, str] = Once(seller_ids, partial(view.ring_of, who))

    def ring_of(self, seller_id: str) -> "tuple[RingRow, Rings] | None":
        """Return the ring that a seller is in."""
        row = self._rings.get(self._ring_ids.get(seller_id) or "")
        return (row, self._ring_list) if row else None

    @cached_property
    def _rings(self) -> Mapping[str, RingRow]:
        ids = sorted(set(self._ring_ids.found.values()))
        return self._asking.view.rings_by_id(self._asking.who, ids) if ids else {}

    @cached_property
    def _ring_list(self) -> Rings:
        return Rings(self._asking, list(self._rings.values()))


class Memberships:
    """Pages of members of several rings."""

    def __init__(self, asking: Asking, pages: Mapping[str, Page[MemberRow]]) -> None:
        rows = [row for page in pages.values() for row in page.rows]
        self._pages = pages
        self.sellers = Sellers(asking, list(dict.fromkeys(row.seller_id for row in rows)))
        self.evidence: Once[tuple[str, str], tuple[Evidence, ...]] = Once(
            [(row.ring_id, row.seller_id) for row in rows], partial(asking.view.evidence_of, asking.who)
        )

    def of(self, ring_id: str) -> Page[MemberRow]:
        """Return the page of one ring, an empty one where the ring is gone."""
        return self._pages.get(ring_id) or Page((), (), has_next=False)
