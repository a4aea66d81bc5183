"""Sellers that ask to be let in: what they say of themselves, as columns, and what is said of them."""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from ringwatch.model.rings import Evidence, Tier
from ringwatch.model.snapshot import Ints

MOST_VALUES = 1_000
"""Values of one applicant that are looked up: a hundred times what a form asks for."""


class Advice(StrEnum):
    """What the alliance would do with an applicant; a person decides."""

    ALLOW = "allow"
    REVIEW = "review"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Applicants:
    """Some applicants, by row, and their values, canonical (or hashed) as a load would have made them.

    ``use_*`` are of one length, one row a value that an applicant gives, in any order, repeats allowed.
    """

    seller_ids: tuple[str, ...]
    countries: tuple[str | None, ...]
    registered_day: Ints  # NEVER where not given
    use_row: Ints
    use_kind: pa.Array  # names of kinds
    use_text: pa.Array
    use_purpose: pa.Array  # null where not given
    use_first_day: Ints
    use_last_day: Ints


@dataclass(frozen=True, slots=True)
class Match:
    """A ring that an applicant may belong to, as if it had joined; the scores of ``evidence`` sum to ``log_odds``."""

    ring_id: str
    tier: Tier
    is_return: bool  # the ring was closed once, or all of it that the applicant is tied to is
    link_score: float
    log_odds: float
    infringement_score: float
    evidence: tuple[Evidence, ...]
    why_not_closer: str
    reaches: bool  # two families of evidence that count lead to the part of the ring that infringes


@dataclass(frozen=True, slots=True)
class Screened:
    """What is said of one applicant; matches by link score falling, then ring_id."""

    seller_id: str
    advice: Advice
    matches: tuple[Match, ...]
