"""Mutations about appeals: opened for a seller by one, decided by another."""

from typing import Annotated

import strawberry

from ringwatch.api import decisions
from ringwatch.api.acting import acting, as_of_now, today
from ringwatch.api.appeals import Appeal, Replay, appeal_of_row, replay_of
from ringwatch.api.fields import resolved
from ringwatch.api.plan_lists import Plans, from_record
from ringwatch.api.plans import Plan, plan_of_row
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking
from ringwatch.api.user_errors import (
    AppealNotFoundError,
    AppealNotOpenError,
    AppealOpenError,
    InvalidAppealError,
    InvalidValueError,
    NothingToAppealError,
    OwnAppealError,
    StoreNotFoundError,
    ValueNotFoundError,
    answered,
)
from ringwatch.enforcement import failures
from ringwatch.enforcement.appeals import open_appeal, reject_appeal, uphold_appeal
from ringwatch.enforcement.replay import replay
from ringwatch.model.visibility import Act
from ringwatch.values.pivots import Pivot


@strawberry.input(description="What a seller says against a decision on its store.")
class OpenAppealInput:
    """What a seller says."""

    store_id: str = strawberry.field(description="The store's own id.")
    text: str = strawberry.field(description="What the seller says.")


@strawberry.input(description="An appeal that is right: the value, or else the seller's link to the ring, is innocent.")
class UpholdAppealInput:
    """An appeal that is right."""

    appeal_id: str = strawberry.field(description="The appeal.")
    reason: str = strawberry.field(description="Why, in your own words.")
    kind: str | None = strawberry.field(default=None, description="What the innocent value is; null: the link itself.")
    value: str | None = strawberry.field(default=None, description="The innocent value, in any usual writing.")


@strawberry.input(description="An appeal that is not right: what was decided stands.")
class RejectAppealInput:
    """An appeal that is not right."""

    appeal_id: str = strawberry.field(description="The appeal.")
    reason: str = strawberry.field(description="Why, in your own words.")


@strawberry.type(description="An appeal that is open from now on.")
class OpenAppealSuccess:
    """An appeal that is open."""

    appeal: Appeal = strawberry.field(description="The appeal.")


@strawberry.type(description="An appeal that was upheld, and what does not stand any more.")
class UpholdAppealSuccess:
    """An appeal that was upheld."""

    appeal: Appeal = strawberry.field(description="The appeal.")
    replay: Replay = strawberry.field(description="What does not stand any more.")
    undo_plan: Plan | None = strawberry.field(
        description="The proposed undo of it, in the name of who opened the appeal; null where nothing is to undo."
    )


@strawberry.type(description="An appeal that was rejected.")
class RejectAppealSuccess:
    """An appeal that was rejected."""

    appeal: Appeal = strawberry.field(description="The appeal.")


OpenAppealPayload = Annotated[
    OpenAppealSuccess | StoreNotFoundError | InvalidAppealError | NothingToAppealError | AppealOpenError,
    strawberry.union("OpenAppealPayload", description="What became of opening an appeal."),
]
UpholdAppealPayload = Annotated[
    UpholdAppealSuccess
    | AppealNotFoundError
    | InvalidAppealError
    | InvalidValueError
    | ValueNotFoundError
    | AppealNotOpenError
    | OwnAppealError,
    strawberry.union("UpholdAppealPayload", description="What became of upholding an appeal."),
]
RejectAppealPayload = Annotated[
    RejectAppealSuccess | AppealNotFoundError | InvalidAppealError | AppealNotOpenError | OwnAppealError,
    strawberry.union("RejectAppealPayload", description="What became of rejecting an appeal."),
]


@strawberry.type(description="What can be done about appeals.")
class AppealMutation:
    """What can be done about appeals."""

    @resolved("Open an appeal for a seller; the store is not closed before it is decided.", Act.APPEAL)
    def open_appeal(
        self,
        info: Info,
        input: Annotated[OpenAppealInput, strawberry.argument(description="What the seller says.")],  # noqa: A002 (its usual name)
    ) -> OpenAppealPayload:
        """Open an appeal for a seller."""
        return answered(lambda: _open(info.context, input))

    @resolved("Uphold an appeal, and propose the undo of all that does not stand then.", Act.DECIDE_APPEAL)
    def uphold_appeal(
        self,
        info: Info,
        input: Annotated[UpholdAppealInput, strawberry.argument(description="The appeal and why.")],  # noqa: A002 (as above)
    ) -> UpholdAppealPayload:
        """Uphold an appeal."""
        return answered(lambda: _uphold(info.context, input))

    @resolved("Reject an appeal: what was decided stands.", Act.DECIDE_APPEAL)
    def reject_appeal(
        self,
        info: Info,
        input: Annotated[RejectAppealInput, strawberry.argument(description="The appeal and why.")],  # noqa: A002 (as above)
    ) -> RejectAppealPayload:
        """Reject an appeal."""
        return answered(lambda: _reject(info.context, input))


def replay_value(asking: Asking, kind: str, value: str) -> Replay:
    """Return what would not stand if a value were innocent; nothing is written."""
    with acting(asking, Act.READ) as (bench, hand):
        judged = today(asking, bench)
        pivot = _pivot(asking, kind, value)
        return replay_of(pivot, replay(judged, (pivot.kind.name, pivot.text), hand))


def _pivot(asking: Asking, kind: str, value: str) -> Pivot:
    return decisions.named_value(asking.view, asking.who, (kind, value), asking.secret_key)


def _open(asking: Asking, asked: OpenAppealInput) -> OpenAppealSuccess:
    with acting(asking, Act.APPEAL) as (bench, hand):
        return OpenAppealSuccess(appeal=appeal_of_row(open_appeal(bench.docket, asked.store_id, asked.text, hand)))


def _uphold(asking: Asking, asked: UpholdAppealInput) -> UpholdAppealSuccess:
    if (asked.kind is None) != (asked.value is None):
        raise failures.InvalidAppealError("value: expected kind and value, or neither; nothing was done")
    with acting(asking, Act.DECIDE_APPEAL) as (bench, hand):
        pivot = _pivot(asking, asked.kind, asked.value) if asked.kind is not None and asked.value is not None else None
        upheld = uphold_appeal(today(asking, bench), asked.appeal_id, asked.reason, pivot, hand)
    return UpholdAppealSuccess(
        appeal=appeal_of_row(upheld.appeal),
        replay=replay_of(pivot, upheld.replay),
        undo_plan=_plan(as_of_now(asking), upheld.undo_plan_id),
    )


def _plan(now: Asking, plan_id: str | None) -> Plan | None:
    row = from_record(now, lambda record: record.plan(plan_id)) if plan_id else None
    return plan_of_row(row, Plans(now, [row])) if row else None


def _reject(asking: Asking, asked: RejectAppealInput) -> RejectAppealSuccess:
    with acting(asking, Act.DECIDE_APPEAL) as (bench, hand):
        appeal = reject_appeal(bench.docket, asked.appeal_id, asked.reason, hand)
    return RejectAppealSuccess(appeal=appeal_of_row(appeal))
