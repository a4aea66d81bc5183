"""What detection finds, as frozen rows: rings, members, evidence; and what people say of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Tier(StrEnum):
    """How strong one membership is, surest first."""

    CLOSE = "close"
    REVIEW = "review"
    LEAD = "lead"


TIERS = tuple(Tier)
"""Tiers, surest first; a tier's index is its rank."""


class Role(StrEnum):
    """How a member belongs to its ring."""

    CORE = "core"
    EXTENDED = "extended"
    SPARE = "spare"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One part of a member's score, in log-odds (natural logarithm); the parts of a member sum to its log-odds.

    ``value`` is "" where nothing is shared; ``kind`` is then prior, brands, registered, country, name or size.
    ``sellers`` are the fellow members that hold the value, ascending.
    """

    kind: str
    family: str
    value: str
    n_holders: int
    sellers: tuple[str, ...]
    score: float


def families_for(evidence: Iterable[Evidence]) -> list[str]:
    """Return the families of shared values that speak for a link, in alphabetical order."""
    return sorted({part.family for part in evidence if part.value and part.score > 0})


@dataclass(frozen=True, slots=True)
class Member:
    """One seller's membership of one ring. ``link_score`` = 1 / (1 + exp(-log_odds))."""

    seller_id: str
    tier: Tier
    role: Role
    link_score: float
    log_odds: float
    infringement_score: float
    evidence: tuple[Evidence, ...]
    is_fragile: bool = False
    why_not_closer: str = ""  # the rule that keeps it from the next surer tier, "" for close


@dataclass(frozen=True, slots=True)
class RingValue:
    """A value that two or more members of a ring share, hubs included."""

    kind: str
    family: str
    value: str
    n_holders: int
    is_hub: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """A group of sellers believed to be run by one operator; members ascending by seller_id."""

    ring_id: str
    tier: Tier
    link_score: float
    infringement_score: float
    members: tuple[Member, ...]
    values: tuple[RingValue, ...]


class HubGround(StrEnum):
    """Why a value means nothing."""

    HUB = "hub"  # judged by its holders: nothing else ties them to each other
    SERVICE = "service"  # members of a ring use it, and so do strangers
    JUNK = "junk"  # a placeholder: far more holders than any value of its kind has, who hold no other of that kind
    UNLISTED = "unlisted"  # too many holders to list pairs: a limit of cost, no judgement


@dataclass(frozen=True, slots=True)
class Hub:
    """A value with too many unrelated holders to mean anything, and why it was judged so.

    ``exempt_as`` is the reason of the exemption that is suggested to a person, "" where none is.
    """

    kind: str
    value: str
    n_holders: int
    reason: str
    ground: HubGround = HubGround.HUB
    exempt_as: str = ""


class Change(StrEnum):
    """What became of a ring from one run to the next."""

    BORN = "born"
    GREW = "grew"
    SHRANK = "shrank"
    MERGED = "merged"
    SPLIT = "split"
    DISSOLVED = "dissolved"
    CLOSED = "closed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class RingEvent:
    """One thing that became of a ring in a run.

    ``ring_ids`` are the other rings of it, ascending: what it merged with or became part of, what it was split into or
    was split off. A ring that lost and won members has an event for each; the counts follow each other.
    """

    ring_id: str
    change: Change
    ring_ids: tuple[str, ...]
    n_sellers_before: int
    n_sellers: int
    reason: str


@dataclass(frozen=True, slots=True)
class DetectConfig:
    """What a person may set before a run; everything learned from data is in the ``Fit``."""

    max_pair_holders: int = 60  # a limit of cost on listing pairs, never a judgement of the value
    theta: float = 2.0  # log-odds that join two single sellers
    beta: float = 1.0  # price on size: joining A and B needs theta + beta * log(|A||B|)


@dataclass(frozen=True, slots=True)
class Fit:
    """All that a run learned from the whole graph, kept so that later runs judge alike.

    ``tables`` holds plain JSON data only (numbers, text, lists, dicts), so that a fit can be kept and digested.
    """

    n_sellers: int
    tables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a run changed of the run before, where it worked out anew only what had changed.

    ``replaced`` names rings of before; ``rings`` take their place, many of them as they were. All other rings stay but
    for ``n_holders``: values, by kind and text, that are held by so many now.
    """

    replaced: frozenset[str]
    rings: tuple[Ring, ...]
    n_holders: Mapping[tuple[str, str], int]
    hubs: tuple[Hub, ...]  # all of them
    fit: Fit
    as_of: datetime
    notes: tuple[str, ...] = ()
    events: tuple[RingEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """The outcome of one run: rings by (tier, link score falling, ring_id), hubs, and the fit that was used."""

    rings: tuple[Ring, ...]
    hubs: tuple[Hub, ...]
    fit: Fit
    as_of: datetime
    notes: tuple[str, ...] = ()  # what the run wants a person to know (steps skipped, caps met)
    events: tuple[RingEvent, ...] = ()  # what became of the rings of the run before, by ring_id
