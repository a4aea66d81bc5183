"""What is asked of plans and what comes back, as GraphQL types: inputs, successes, and unions of what may become."""

from typing import Annotated

import strawberry

from ringwatch.api.plans import Plan, Proposal
from ringwatch.api.states import StoreAction
from ringwatch.api.tiers import Tier
from ringwatch.api.user_errors import (
    DigestMismatchError,
    InvalidPlanError,
    NothingToUndoError,
    OwnPlanError,
    PlanKindError,
    PlanNotApprovedError,
    PlanNotFoundError,
    PlanNotProposedError,
    PlanTooLargeError,
    PlanVoidError,
    RingNotFoundError,
)


@strawberry.input(description="What to propose: for the stores of rings, or of all rings of a tier.")
class ProposePlanInput:
    """What to propose."""

    ring_ids: list[str] | None = strawberry.field(default=None, description="The rings' own ids; or else a tier.")
    tier: Tier | None = strawberry.field(default=None, description="All rings of this tier; or else rings.")
    action: StoreAction = strawberry.field(default=StoreAction.CLOSE, description="CLOSE, SUSPEND or WATCH.")
    min_infringement: float = strawberry.field(default=0.5, description="The least infringement score, 0 to 1.")
    max_stores: int | None = strawberry.field(default=None, description="At most so many, the surest first; null: all.")
    immediate: str | None = strawberry.field(default=None, description="Give no notice, for this reason.")
    dry_run: bool = strawberry.field(default=False, description="Answer with the plan and write nothing.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="A name of your own for this proposal: sent again it answers with the same plan."
    )


@strawberry.input(description="What to undo: what a plan did, or what the last plan did to one store.")
class ProposeUndoInput:
    """What to undo."""

    reason: str = strawberry.field(description="Why, in your own words.")
    plan_id: str | None = strawberry.field(default=None, description="The plan to undo; or else a store.")
    store_id: str | None = strawberry.field(default=None, description="The store to undo the last plan of.")
    dry_run: bool = strawberry.field(default=False, description="Answer with the plan and write nothing.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="A name of your own for this proposal: sent again it answers with the same plan."
    )


@strawberry.input(description="Consent to a plan exactly as it was read.")
class ApprovePlanInput:
    """Consent to a plan."""

    plan_id: str = strawberry.field(description="The plan.")
    digest: str = strawberry.field(description="The digest of the plan that was read.")


@strawberry.input(description="Refuse a plan: it can never be carried out.")
class RejectPlanInput:
    """Refuse a plan."""

    plan_id: str = strawberry.field(description="The plan.")
    reason: str = strawberry.field(description="Why, in your own words.")


@strawberry.input(description="A plan to carry out.")
class ClosePlanInput:
    """A plan to carry out."""

    plan_id: str = strawberry.field(description="The plan, which is approved and undoes none.")


@strawberry.input(description="An undo plan to carry out.")
class UndoPlanInput:
    """An undo plan to carry out."""

    plan_id: str = strawberry.field(description="The plan, which is approved and undoes another.")


@strawberry.type(description="A plan that was worked out.")
class ProposePlanSuccess(Proposal):
    """A plan that was worked out."""

    plan: Plan | None = strawberry.field(description="The plan that is kept; null where none is.")


@strawberry.type(description="An undo plan that was worked out.")
class ProposeUndoSuccess(Proposal):
    """An undo plan that was worked out."""

    plan: Plan | None = strawberry.field(description="The plan that is kept; null where none is.")


@strawberry.type(description="A plan that was approved; still PROPOSED where it needs a second approver.")
class ApprovePlanSuccess:
    """A plan that was approved."""

    plan: Plan = strawberry.field(description="The plan.")


@strawberry.type(description="A plan that was rejected.")
class RejectPlanSuccess:
    """A plan that was rejected."""

    plan: Plan = strawberry.field(description="The plan.")


@strawberry.type(description="A store that was left as it is, and why.")
class StoreLeft:
    """A store that was left as it is."""

    store_id: str = strawberry.field(description="The store's own id.")
    reason: str = strawberry.field(description="Why.")


@strawberry.interface(description="What was done in a request, counted in stores.")
class Carried:
    """What was done in a request."""

    closed: int = strawberry.field(description="Stores that were closed.")
    suspended: int = strawberry.field(description="Stores that were suspended.")
    watched: int = strawberry.field(description="Stores that are watched from now on.")
    waiting: int = strawberry.field(description="Stores whose notice runs.")
    failed: int = strawberry.field(description="Messages that the marketplace refused, or that were tried too often.")
    already_done: int = strawberry.field(description="Stores that were done before.")
    remaining: int = strawberry.field(description="Stores that this request did not come to: ask again.")
    stopped_by: str | None = strawberry.field(description="What stopped it before the end; null where nothing did.")
    left: list[StoreLeft] = strawberry.field(description="Stores that were judged anew and left as they are.")


@strawberry.type(description="What was done of a plan.")
class ClosePlanSuccess(Carried):
    """What was done of a plan."""

    plan: Plan = strawberry.field(description="The plan.")


@strawberry.type(description="What was done of all plans that were begun.")
class CloseDueSuccess(Carried):
    """What was done of all plans that were begun."""


@strawberry.type(description="What was put back.")
class UndoPlanSuccess:
    """What was put back."""

    plan: Plan = strawberry.field(description="The undo plan.")
    restored: int = strawberry.field(description="Stores that got back the state they had.")
    already_done: int = strawberry.field(description="Stores that had got it back before.")
    remaining: int = strawberry.field(description="Stores that this request did not come to: ask again.")
    stopped_by: str | None = strawberry.field(description="What stopped it before the end; null where nothing did.")
    left_alone: list[StoreLeft] = strawberry.field(description="Stores that others decided on since.")


ProposePlanPayload = Annotated[
    ProposePlanSuccess | RingNotFoundError | InvalidPlanError | PlanTooLargeError,
    strawberry.union("ProposePlanPayload", description="What became of a proposal."),
]
ProposeUndoPayload = Annotated[
    ProposeUndoSuccess | PlanNotFoundError | NothingToUndoError | InvalidPlanError | PlanTooLargeError,
    strawberry.union("ProposeUndoPayload", description="What became of a proposal to undo."),
]
ApprovePlanPayload = Annotated[
    ApprovePlanSuccess
    | PlanNotFoundError
    | PlanNotProposedError
    | OwnPlanError
    | DigestMismatchError
    | PlanVoidError
    | PlanTooLargeError,
    strawberry.union("ApprovePlanPayload", description="What became of an approval."),
]
RejectPlanPayload = Annotated[
    RejectPlanSuccess | PlanNotFoundError | PlanNotProposedError | OwnPlanError,
    strawberry.union("RejectPlanPayload", description="What became of a rejection."),
]
ClosePlanPayload = Annotated[
    ClosePlanSuccess | PlanNotFoundError | PlanKindError | PlanNotApprovedError | PlanVoidError | PlanTooLargeError,
    strawberry.union("ClosePlanPayload", description="What became of carrying a plan out."),
]
UndoPlanPayload = Annotated[
    UndoPlanSuccess | PlanNotFoundError | PlanKindError | PlanNotApprovedError | PlanVoidError | PlanTooLargeError,
    strawberry.union("UndoPlanPayload", description="What became of carrying an undo out."),
]
