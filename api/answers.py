"""Answers to questions beyond a list of rings, as GraphQL types: why, why not, paths, what if."""

from collections.abc import Sequence
from dataclasses import replace

import strawberry

from ringwatch.algorithms.paths import Step, find_paths
from ringwatch.algorithms.questions import hold_against
from ringwatch.api.rings import Evidence
from ringwatch.api.siblings import Asking
from ringwatch.api.tiers import Tier
from ringwatch.model import rings as model
from ringwatch.model.errors import ConfigError, RefusedError
from ringwatch.values.pivots import find_pivot

PATHS_MOST = 5  # as many as the command line shows


@strawberry.type(description="One part of why a seller is, or is not, in a ring.")
class WhyEvidence(Evidence):
    """One part of a score, and who shares it."""

    sellers: list[str] = strawberry.field(description="Ids of the members that hold it too, ascending.")


@strawberry.type(description="How a seller stands to a ring, as a sum of parts.")
class Why:
    """How a seller stands to a ring."""

    seller_id: str = strawberry.field(description="The seller's own id.")
    ring_id: str = strawberry.field(description="The ring's own id.")
    tier: Tier | None = strawberry.field(description="How strong the membership is; null if it is none.")
    link_score: float = strawberry.field(description="How surely it is run by the ring's operator, 0 to 1.")
    log_odds: float = strawberry.field(description="The same in log-odds: the sum of the scores of `evidence`.")
    evidence: list[WhyEvidence] = strawberry.field(description="The parts, for and against.")
    families: list[str] = strawberry.field(description="Families of values that speak for it, in alphabetical order.")
    missing: list[str] = strawberry.field(description="What would be needed to be a member; empty for members.")


@strawberry.type(description="Two sellers that use one value.")
class PathStep:
    """Two sellers that use one value."""

    seller_id: str = strawberry.field(description="The one seller.")
    kind: str = strawberry.field(description="What the value is.")
    value: str = strawberry.field(description="The value, masked where you may not see it.")
    next_seller_id: str = strawberry.field(description="The other seller.")


@strawberry.type(description="A chain of shared values from one seller to another.")
class Path:
    """A chain of shared values."""

    score: float = strawberry.field(description="The chance that every step joins one operator's sellers, 0 to 1.")
    steps: list[PathStep] = strawberry.field(description="From the first seller to the last.")


@strawberry.type(description="What becomes of a ring without a value.")
class WhatIfRing:
    """What becomes of a ring."""

    ring_id: str = strawberry.field(description="The ring's own id.")
    tier_before: Tier = strawberry.field(description="Its tier now.")
    tier_after: Tier | None = strawberry.field(description="Its tier then; null if it were no more.")
    fallen: list[str] = strawberry.field(description="Ids of members that would be in no ring, ascending.")


@strawberry.type(description="What would become of rings if a value did not count.")
class WhatIf:
    """What would become of rings."""

    kind: str = strawberry.field(description="What the value is.")
    value: str = strawberry.field(description="The value as the database keeps it.")
    rings: list[WhatIfRing] = strawberry.field(description="Every ring with a member that uses the value.")


def why(asking: Asking, seller_id: str, ring_id: str) -> Why | None:
    """Return why a seller is in a ring, None where it is not in it."""
    view, who = asking.view, asking.who
    member = next((row for row in view.members(who, ring_id).rows if row.seller_id == seller_id), None)
    if member is None:
        return None
    evidence = view.evidence(who, ring_id, [seller_id]).get(seller_id, ())
    return Why(
        seller_id=seller_id,
        ring_id=ring_id,
        tier=member.tier,
        link_score=member.link_score,
        log_odds=member.log_odds,
        evidence=why_parts(evidence),
        families=model.families_for(evidence),
        missing=[],
    )


def why_not(asking: Asking, seller_id: str, ring_id: str) -> Why | None:
    """Return why a seller is not in a ring, None where it is or either is unknown."""
    view, who = asking.view, asking.who
    if view.ring(who, ring_id) is None or not view.sellers(who, [seller_id]):
        return None
    with asking.grounds.of(view) as ground:
        if ground.run.ring_of.get(seller_id) == ring_id:
            return None
        held = hold_against(ground.judged, seller_id, ring_id)
    seen = view.as_seen(who, [(part.kind, part.value) for part in held.evidence])
    evidence = [replace(part, value=seen[part.kind, part.value]) for part in held.evidence]
    return Why(
        seller_id=seller_id,
        ring_id=ring_id,
        tier=None,
        link_score=held.link_score,
        log_odds=held.log_odds,
        evidence=why_parts(evidence),
        families=model.families_for(evidence),
        missing=list(held.missing),
    )


def paths(asking: Asking, one: str, other: str, first: int | None) -> list[Path]:
    """Return chains from one seller to another, strongest first; none where either is unknown."""
    view, who = asking.view, asking.who
    n_most = 3 if first is None else first
    if not 1 <= n_most <= PATHS_MOST:
        raise ConfigError(f"paths: first is {n_most}, expected 1 to {PATHS_MOST}; more chains are not looked for")
    if view.sellers(who, [one, other]).keys() < {one, other}:
        return []
    with asking.grounds.of(view) as ground:
        found = find_paths(ground.judged, one, other, n_most)
    seen = view.as_seen(who, [(step.kind, step.value) for chain in found for step in chain.steps])
    return [
        Path(score=chain.score, steps=[_step(step, seen[step.kind, step.value]) for step in chain.steps])
        for chain in found
    ]


def what_if(asking: Asking, kind_name: str, text: str) -> WhatIf:
    """Return what would become of rings without a value.

    RefusedError for a kind whose values the asker may not see: the answer would tell who uses one.
    """
    view, who = asking.view, asking.who
    pivot = find_pivot(view.registry(who), kind_name, text, asking.secret_key)
    if pivot.kind.is_personal and not who.personal_values:
        raise RefusedError(
            f"whatIf: values of the kind {pivot.kind.name} are personal, which this role may not see; ask another"
        )
    with asking.grounds.of(view) as ground:
        fates = asking.grounds.fates(ground, pivot.kind.name, pivot.text)
    rings = [
        WhatIfRing(ring_id=f.ring_id, tier_before=f.tier_before, tier_after=f.tier_after, fallen=list(f.fallen))
        for f in fates
    ]
    return WhatIf(kind=pivot.kind.name, value=pivot.text, rings=rings)


def why_parts(evidence: Sequence[model.Evidence]) -> list[WhyEvidence]:
    """Return parts of a score as the schema shows them."""
    return [
        WhyEvidence(
            kind=part.kind,
            family=part.family,
            value=part.value,
            holder_count=part.n_holders,
            sellers=list(part.sellers),
            score=part.score,
        )
        for part in evidence
    ]


def _step(step: Step, value: str) -> PathStep:
    return PathStep(seller_id=step.seller_id, kind=step.kind, value=value, next_seller_id=step.next_seller_id)
