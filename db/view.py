"""Reads, typed once over both databases.

Every method takes a ``Visibility`` first: who asks and what they may see. Rows that the asker may not see are as if
they were not there, and personal values come back masked; both are done here and nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringwatch.model.kinds import Registry
from ringwatch.model.rings import Evidence, Fit, RingValue, Role, Tier
from ringwatch.model.snapshot import Snapshot
from ringwatch.model.visibility import Visibility

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of rows in a total order; ``cursors[i]`` continues after row i; cursors are opaque text."""

    rows: tuple[Row, ...]
    cursors: tuple[str, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """One finished execution of detection."""

    run_id: str
    as_of: datetime
    finished_at: datetime
    fit_digest: str
    n_sellers: int


@dataclass(frozen=True, slots=True)
class RingRow:
    """A ring without its members."""

    ring_id: str
    tier: Tier
    n_sellers: int
    link_score: float
    infringement_score: float


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A membership without its evidence."""

    ring_id: str
    seller_id: str
    tier: Tier
    role: Role
    link_score: float
    log_odds: float
    infringement_score: float
    is_fragile: bool
    why_not_closer: str


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A seller as loaded."""

    seller_id: str
    name: str | None
    country: str | None
    registered_at: datetime | None
    status: str | None
    n_stores: int
    n_listings: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    """What a search found: a seller, a ring or a value; ``id`` is seller_id, ring_id or KIND:VALUE."""

    what: str  # seller, ring, value
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """A person's decision that a value is innocent; ``lifted_at`` is set once it was taken back."""

    kind: str
    value: str
    reason: str
    owner: str | None
    note: str | None
    made_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class RingQuery:
    """Which rings, in which order; ``order`` is tier (the command line's order), link, infringement or size."""

    tiers: tuple[Tier, ...] = ()  # empty: all
    min_sellers: int = 0
    order: str = "tier"
    first: int | None = None  # None: all
    after: str | None = None


class View:
    """What can be read of one database. Made by ``db.open.open_view(url)``; a context manager."""

    def counts(self, who: Visibility) -> Mapping[str, int]:
        """Count what is there: sellers, stores, listings, values, uses, brands, notices, exemptions, rings."""
        raise NotImplementedError

    def registry(self, who: Visibility) -> Registry:
        """Return the kinds in force in this database: built-in, declared by a mapping, met while loading."""
        raise NotImplementedError

    def setting(self, who: Visibility, name: str) -> str | None:
        """Return a fact kept in the database (is_demo, secret_key_digest, ...), None where it was never set."""
        raise NotImplementedError

    def known_ids(self, who: Visibility, table: str, ids: pa.Array) -> npt.NDArray[np.bool_]:
        """Say for each id (string array) whether the table (sellers, stores, listings, brands, notices) has it."""
        raise NotImplementedError

    def snapshot(self, who: Visibility, as_of: datetime) -> Snapshot:
        """Export the current graph (links not retired) as arrays; see ``Snapshot`` for the order."""
        raise NotImplementedError

    def run(self, who: Visibility) -> RunRow | None:
        """Return the current run, None where nothing was detected yet."""
        raise NotImplementedError

    def fit(self, who: Visibility) -> Fit | None:
        """Return the fit that is kept, None before the first run."""
        raise NotImplementedError

    def rings(self, who: Visibility, query: RingQuery) -> Page[RingRow]:
        """Return rings of the current run; default order: tier (close first), link score falling, ring_id."""
        raise NotImplementedError

    def ring(self, who: Visibility, ring_id: str) -> RingRow | None:
        """Return one ring of the current run."""
        raise NotImplementedError

    def members(
        self, who: Visibility, ring_id: str, first: int | None = None, after: str | None = None
    ) -> Page[MemberRow]:
        """Return members of a ring, ascending by seller_id."""
        raise NotImplementedError

    def all_members(self, who: Visibility) -> Sequence[MemberRow]:
        """Return every membership of the current run, ordered by ring_id then seller_id."""
        raise NotImplementedError

    def evidence(
        self, who: Visibility, ring_id: str, seller_ids: Iterable[str] | None = None
    ) -> Mapping[str, tuple[Evidence, ...]]:
        """Return the evidence of each named member (all where None), strongest part first."""
        raise NotImplementedError

    def ring_values(self, who: Visibility, ring_id: str) -> tuple[RingValue, ...]:
        """Return the values that members of a ring share, hubs last."""
        raise NotImplementedError

    def sellers(self, who: Visibility, seller_ids: Iterable[str]) -> Mapping[str, SellerRow]:
        """Return the sellers that are there, by id; unknown ids have no entry."""
        raise NotImplementedError

    def ring_of(self, who: Visibility, seller_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the ring_id of each seller that is in one."""
        raise NotImplementedError

    def search(self, who: Visibility, text: str, first: int, after: str | None = None) -> Page[SearchHit]:
        """Find sellers (id, name), stores, rings and values by the start of a word, best first."""
        raise NotImplementedError

    # Many at once: what a list of rings or members needs, in one query however long the list is.

    def rings_by_id(self, who: Visibility, ring_ids: Iterable[str]) -> Mapping[str, RingRow]:
        """Return the rings of the current run that are there, by id; unknown ids have no entry."""
        raise NotImplementedError

    def members_of(self, who: Visibility, ring_ids: Iterable[str], first: int) -> Mapping[str, Page[MemberRow]]:
        """Return the first page of members of each ring, as ``members`` gives it; unknown ids have no entry."""
        raise NotImplementedError

    def evidence_of(
        self, who: Visibility, members: Iterable[tuple[str, str]]
    ) -> Mapping[tuple[str, str], tuple[Evidence, ...]]:
        """Return the evidence of each (ring_id, seller_id), strongest part first; those that have none no entry."""
        raise NotImplementedError

    def ring_evidence(self, who: Visibility, ring_ids: Iterable[str], first: int) -> Mapping[str, tuple[Evidence, ...]]:
        """Return the ``first`` strongest shared values of each ring as evidence of the ring.

        One part a (kind, value) that is not "": ``score`` is the sum over the members that it speaks for, ``sellers``
        is empty. Strongest first, then kind, value.
        """
        raise NotImplementedError

    def exemptions(self, who: Visibility, at: datetime) -> Sequence[ExemptionRow]:
        """Return the exemptions in force at a moment, by kind then value."""
        raise NotImplementedError
