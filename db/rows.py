"""Rows that reads return, frozen; and what may be asked of the list of rings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwatch.model.judgements import Judgement
from ringwatch.model.rings import Evidence, RingEvent, RingValue, Role, Tier


@dataclass(frozen=True, slots=True)
class RunRow:
    """One finished execution of detection."""

    run_id: str
    as_of: datetime
    finished_at: datetime
    fit_digest: str
    n_sellers: int


@dataclass(frozen=True, slots=True)
class OpenLoad:
    """A load that goes on, or was cut off; the same load done again takes its place."""

    source: str
    begun_at: datetime


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
class EventRow:
    """What became of a ring in a run; ``at`` is when the run was kept."""

    run_id: str
    at: datetime
    event: RingEvent


@dataclass(frozen=True, slots=True)
class VersionMember:
    """A member of a ring as it was."""

    seller_id: str
    tier: Tier
    role: Role
    link_score: float
    infringement_score: float


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What a ring was from one run on, until its next version or its end; members ascending by seller_id.

    ``evidence_digest`` names all that it rested on: equal digests, equal evidence.
    """

    ring_id: str
    n: int  # from 1
    run_id: str
    at: datetime
    tier: Tier
    link_score: float
    infringement_score: float
    evidence_digest: str
    members: tuple[VersionMember, ...]


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was, the current one too; ``n``: its place in the log of all runs."""

    n: int
    run_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RingSince:
    """A ring as it was in a run: its version ``n``, which came with ``run_id``."""

    ring: RingRow
    n: int
    run_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastRing:
    """All that is kept of a version of a ring; ``is_whole`` is False where evidence and values are not kept.

    Numbers of holders are those of the run in which the version began.
    """

    since: RingSince
    members: tuple[MemberRow, ...]
    evidence: Mapping[str, tuple[Evidence, ...]]
    values: tuple[RingValue, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class RingTie:
    """A value that two rings of the current run have in common; ``is_hub``: it joins nobody in one of them."""

    one: str
    other: str
    kind: str
    n_holders: int
    is_hub: bool


@dataclass(frozen=True, slots=True)
class VersionContent:
    """What a version of a ring rests on and where its picture shows it, as they are kept; "" where they are not."""

    n: int
    packed: str  # see db/ring_contents.py
    places: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """What became of a ring: events and versions, first ones first, and the rings that hold its sellers now."""

    ring_id: str
    current: tuple[str, ...]
    events: tuple[EventRow, ...]
    versions: tuple[VersionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A judgement as it was written."""

    judgement_id: str
    judgement: Judgement
    made_at: datetime


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
    only: tuple[str, ...] | None = None  # ring_ids; None: all
    without: tuple[str, ...] = ()  # ring_ids


@dataclass(frozen=True, slots=True)
class UpheldRow:
    """Upheld complaints of one kind against a listing of a store, or against the store itself where None, counted.

    ``first_at`` and ``last_at``: when they were filed, None where not given.
    """

    store_id: str
    kind: str
    listing_id: str | None
    n: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing of a partner's brand as loaded; its store and its seller are pseudonyms."""

    listing_id: str
    store_id: str
    seller_id: str
    title: str | None
    brand: str | None
    price: float | None
    currency: str | None
    url: str | None
    image_url: str | None
    image_hash: str | None
    status: str | None
    listed_at: datetime | None
    first_sold_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Hidden:
    """How much of a ring a partner is not shown, in steps: at least so many, 0 for fewer than three."""

    n_listings: int  # of other brands, or of none
    n_brands: int


@dataclass(frozen=True, slots=True)
class OwnPart:
    """How much of a ring lists a partner's brand."""

    n_sellers: int
    n_stores: int
    n_listings: int
