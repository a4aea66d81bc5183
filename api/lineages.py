"""What became of rings, and what they were, as GraphQL types."""

from datetime import datetime

import strawberry

from ringwatch.api.fields import describe_enum, finite
from ringwatch.api.tiers import Role, Tier
from ringwatch.db import view
from ringwatch.model import rings as model

describe_enum(
    model.Change,
    "RingChange",
    "What became of a ring in a run.",
    {
        "BORN": "It was found for the first time.",
        "GREW": "Sellers joined it.",
        "SHRANK": "Sellers left it.",
        "MERGED": "It took another ring in, or went into one.",
        "SPLIT": "It fell into several rings.",
        "DISSOLVED": "No two of its sellers are in one ring any more.",
        "CLOSED": "All stores of its sellers are closed.",
        "RETURNED": "It was closed and an open seller is in it again, or it shares values with one that was closed.",
    },
)


@strawberry.type(description="Something that became of a ring in a run.")
class RingEvent:
    """Something that became of a ring."""

    run_id: str = strawberry.field(description="The run.")
    at: datetime = strawberry.field(description="When the run was kept.")
    ring_id: str = strawberry.field(description="The ring.")
    event: model.Change = strawberry.field(description="What became of it.")
    ring_ids: list[str] = strawberry.field(description="The other rings that it is about, ascending.")
    seller_count_before: int = strawberry.field(description="Members before.")
    seller_count: int = strawberry.field(description="Members after.")
    reason: str = strawberry.field(description="Why, in words.")


@strawberry.type(description="A member of a ring as it was.")
class RingVersionMember:
    """A member of a ring as it was."""

    seller_id: str = strawberry.field(description="The seller's own id.")
    tier: Tier = strawberry.field(description="How strong the membership was.")
    role: Role = strawberry.field(description="How the seller belonged to the ring.")
    link_score: float = strawberry.field(description="How surely it was run by the ring's operator, 0 to 1.")
    infringement_score: float | None = strawberry.field(description="How surely it sold counterfeits, 0 to 1.")


@strawberry.type(description="What a ring was from one run on, until its next version or its end.")
class RingVersion:
    """What a ring was."""

    version: int = strawberry.field(description="Its number, from 1.")
    run_id: str = strawberry.field(description="The run that found it so.")
    at: datetime = strawberry.field(description="When that run was kept.")
    tier: Tier = strawberry.field(description="The surest tier that three of its members reached.")
    seller_count: int = strawberry.field(description="Members.")
    link_score: float = strawberry.field(description="How surely the members were one operator, 0 to 1.")
    infringement_score: float | None = strawberry.field(description="How surely they sold counterfeits, 0 to 1.")
    evidence_digest: str = strawberry.field(description="Names all that it rested on: equal digests, equal evidence.")
    members: list[RingVersionMember] = strawberry.field(description="Members, ascending by seller id.")


@strawberry.type(description="What became of a ring, also of one that is no more.")
class RingLineage:
    """What became of a ring."""

    ring_id: str = strawberry.field(description="The ring's own id.")
    current: list[str] = strawberry.field(description="Ids of the rings of the current run that hold its sellers.")
    events: list[RingEvent] = strawberry.field(description="What became of it, first events first.")
    versions: list[RingVersion] = strawberry.field(
        description="What it was, first versions first: one a run that changed members, tiers, scores or evidence."
    )


def lineage_of(found: view.Lineage) -> RingLineage:
    """Return a lineage as the schema shows it."""
    return RingLineage(
        ring_id=found.ring_id,
        current=list(found.current),
        events=[event_of(row) for row in found.events],
        versions=[_version(row) for row in found.versions],
    )


def event_of(row: view.EventRow) -> RingEvent:
    """Return an event as the schema shows it."""
    event = row.event
    return RingEvent(
        run_id=row.run_id,
        at=row.at,
        ring_id=event.ring_id,
        event=event.change,
        ring_ids=list(event.ring_ids),
        seller_count_before=event.n_sellers_before,
        seller_count=event.n_sellers,
        reason=event.reason,
    )


def _version(row: view.VersionRow) -> RingVersion:
    return RingVersion(
        version=row.n,
        run_id=row.run_id,
        at=row.at,
        tier=row.tier,
        seller_count=len(row.members),
        link_score=row.link_score,
        infringement_score=finite(row.infringement_score),
        evidence_digest=row.evidence_digest,
        members=[_member(member) for member in row.members],
    )


def _member(member: view.VersionMember) -> RingVersionMember:
    return RingVersionMember(
        seller_id=member.seller_id,
        tier=member.tier,
        role=member.role,
        link_score=member.link_score,
        infringement_score=finite(member.infringement_score),
    )
