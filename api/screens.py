"""Applicants and what is said of them, as GraphQL types."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import strawberry

from ringwatch.api.answers import WhyEvidence, why_parts
from ringwatch.api.fields import describe_enum
from ringwatch.api.screening import screener_for
from ringwatch.api.siblings import Asking
from ringwatch.api.tiers import Tier
from ringwatch.model.applicants import Advice, Match, Screened
from ringwatch.model.errors import ConfigError, InputError
from ringwatch.model.rings import families_for

APPLICANTS_MOST = 100
"""Applicants of one request; many go to the REST route or the command line."""

describe_enum(
    Advice,
    "Advice",
    "What an answer to an applicant advises; a person decides.",
    {
        "ALLOW": "No ring that a person would look at.",
        "REVIEW": "A person should look at it.",
        "REFUSE": "Two families of evidence tie it to the part of a ring that infringes.",
    },
)


@strawberry.input(description="An address that an applicant gives: one line, or its parts.")
class ApplicantAddress:
    """An address, as in the input table `addresses`."""

    address: str | None = strawberry.field(default=None, description="The whole address in one line.")
    street: str | None = strawberry.field(default=None, description="Street and house number.")
    unit: str | None = strawberry.field(default=None, description="Flat, room or unit.")
    city: str | None = strawberry.field(default=None, description="City.")
    region: str | None = strawberry.field(default=None, description="State or province.")
    postcode: str | None = strawberry.field(default=None, description="Postcode.")
    country: str | None = strawberry.field(default=None, description="Country.")
    use: str | None = strawberry.field(
        default=None, description="What it is for: registered, return, ship_from, warehouse, pick_up."
    )
    first_seen_at: str | None = strawberry.field(default=None, description="Used since, ISO 8601.")
    last_seen_at: str | None = strawberry.field(default=None, description="Used until, ISO 8601.")


@strawberry.input(description="An account that an applicant wants to be paid to.")
class ApplicantAccount:
    """An account, as in the input table `payment_accounts`."""

    account: str | None = strawberry.field(default=None, description="The account, in any usual writing.")
    scheme: str | None = strawberry.field(
        default=None, description="iban, bank, card_token, wallet, payee_name or crypto."
    )
    issuer: str | None = strawberry.field(default=None, description="Who issued it.")
    first_seen_at: str | None = strawberry.field(default=None, description="Used since, ISO 8601.")
    last_seen_at: str | None = strawberry.field(default=None, description="Used until, ISO 8601.")


@strawberry.input(description="Any other value that an applicant gives or shows.")
class ApplicantIdentifier:
    """A value, as in the input table `identifiers`."""

    kind: str = strawberry.field(description="What it is: phone, email, device, id_document ...")
    value: str | None = strawberry.field(default=None, description="The value, in any usual writing.")
    country: str | None = strawberry.field(default=None, description="The country that helps to read it.")
    first_seen_at: str | None = strawberry.field(default=None, description="Used since, ISO 8601.")
    last_seen_at: str | None = strawberry.field(default=None, description="Used until, ISO 8601.")


@strawberry.input(description="A seller that asks to be let in.")
class Applicant:
    """An applicant."""

    seller_id: str = strawberry.field(description="The id under which it would trade.")
    name: str | None = strawberry.field(default=None, description="Its name.")
    country: str | None = strawberry.field(default=None, description="Its country, ISO 3166-1 alpha-2.")
    registered_at: str | None = strawberry.field(default=None, description="When it applied, ISO 8601.")
    addresses: list[ApplicantAddress] | None = strawberry.field(default=None, description="Its addresses.")
    payment_accounts: list[ApplicantAccount] | None = strawberry.field(default=None, description="Its accounts.")
    identifiers: list[ApplicantIdentifier] | None = strawberry.field(default=None, description="All other values.")


@strawberry.type(description="A ring that an applicant may belong to, judged as if it had joined.")
class ScreenMatch:
    """A ring that an applicant may belong to."""

    ring_id: str = strawberry.field(description="The ring's own id.")
    tier: Tier = strawberry.field(description="How strong the membership would be.")
    returned: bool = strawberry.field(
        description="Whether the ring was closed once, or all of it that the applicant is tied to."
    )
    link_score: float = strawberry.field(description="How surely the ring's operator is behind it, 0 to 1.")
    log_odds: float = strawberry.field(description="The same in log-odds: the sum of the scores of `evidence`.")
    infringement_score: float = strawberry.field(description="How surely it would sell counterfeits, 0 to 1.")
    evidence: list[WhyEvidence] = strawberry.field(description="The parts, for and against.")
    families: list[str] = strawberry.field(description="Families of values that speak for it, in alphabetical order.")


@strawberry.type(description="What is said of one applicant.")
class ScreenedApplicant:
    """What is said of one applicant."""

    seller_id: str = strawberry.field(description="The id under which it would trade.")
    advice: Advice | None = strawberry.field(description="What is advised; null where it could not be screened.")
    matches: list[ScreenMatch] = strawberry.field(description="Rings, the surest first.")
    error: str | None = strawberry.field(description="Why it could not be screened; null where it was.")


def screen_applicants(asking: Asking, applicants: Sequence[Applicant]) -> list[ScreenedApplicant]:
    """Return what is said of each applicant. ConfigError for too many, or where there is no run of a market."""
    if len(applicants) > APPLICANTS_MOST:
        raise ConfigError(
            f"screen: {len(applicants)} applicants, at most {APPLICANTS_MOST} go into one request; send the rest in"
            " more, or as JSON lines to POST /screen"
        )
    told: list[dict[str, Any]] = [asdict(applicant) for applicant in applicants]
    found = screener_for(asking).screen_all(told)
    return [_screened(applicant.seller_id, one) for applicant, one in zip(applicants, found, strict=True)]


def _screened(seller_id: str, one: Screened | InputError) -> ScreenedApplicant:
    if isinstance(one, InputError):
        return ScreenedApplicant(seller_id=seller_id, advice=None, matches=[], error=str(one))
    matches = [_match(match) for match in one.matches]
    return ScreenedApplicant(seller_id=one.seller_id, advice=one.advice, matches=matches, error=None)


def _match(match: Match) -> ScreenMatch:
    return ScreenMatch(
        ring_id=match.ring_id,
        tier=match.tier,
        returned=match.is_return,
        link_score=match.link_score,
        log_odds=match.log_odds,
        infringement_score=match.infringement_score,
        evidence=why_parts(match.evidence),
        families=families_for(match.evidence),
    )
