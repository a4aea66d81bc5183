"""What can be decided: judging rings and their members, and calling values innocent.

Failures that a client can expect come back as a type of the payload; anything else is an error with a code.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from ringwatch.api import decisions
from ringwatch.api.appealing import AppealMutation
from ringwatch.api.case_mutations import VERSION_HELP, CaseMutation
from ringwatch.api.closing import ClosingMutation
from ringwatch.api.fields import describe_enum, resolved
from ringwatch.api.notice_mutations import NoticeMutation
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking, desk_of
from ringwatch.api.user_errors import (
    ConflictError,
    InvalidDecisionError,
    InvalidValueError,
    NotExemptError,
    RingNotFoundError,
    SellerNotFoundError,
    answered,
)
from ringwatch.db.writer import ExemptionInput
from ringwatch.model import judgements as model
from ringwatch.model.errors import RefusedError
from ringwatch.model.visibility import Act

describe_enum(
    model.Verdict,
    "Verdict",
    "What a person says: of a ring confirmed or dismissed, of a seller and a ring the others.",
    {
        "SAME": "The seller is run by the ring's operator: it is held with the ring.",
        "DIFFERENT": "The seller is not run by the ring's operator: it is kept out of it.",
        "UNSURE": "Takes an earlier same or different back.",
        "CONFIRMED": "One operator runs the ring: its sellers are kept together.",
        "DISMISSED": "The ring is none: it is not shown again, unless it changes by more than half.",
    },
)


class ExemptionReason(StrEnum):
    """Why a value is innocent; values are those of ``EXEMPTION_REASONS``."""

    WAREHOUSE = "warehouse"
    FORWARDER = "forwarder"
    PAYMENT_PROVIDER = "payment_provider"
    AGENCY = "agency"
    OFFICE = "office"
    DORMITORY = "dormitory"
    FAMILY = "family"
    SUPPLIER_PHOTO = "supplier_photo"
    PLACEHOLDER = "placeholder"


describe_enum(
    ExemptionReason,
    "ExemptionReason",
    "Why strangers share a value.",
    {
        "WAREHOUSE": "Goods of many sellers lie there.",
        "FORWARDER": "It ships for many sellers.",
        "PAYMENT_PROVIDER": "It takes money for many sellers.",
        "AGENCY": "It registers or runs stores for many sellers.",
        "OFFICE": "Many companies work there.",
        "DORMITORY": "Many people live there.",
        "FAMILY": "Relatives share it.",
        "SUPPLIER_PHOTO": "A supplier gives it to all who resell its goods.",
        "PLACEHOLDER": "It is no value: people wrote it into a form for want of one.",
    },
)


VERSION_OF_VALUE = (
    "The version that you have seen, from `casework { version }` of any ring; where the value was exempted or lifted"
    " since, nothing is done and the answer is a ConflictError. Null: not looked at."
)


@strawberry.input(description="A verdict on a ring, or on a seller and a ring.")
class JudgeInput:
    """A verdict."""

    ring_id: str = strawberry.field(description="The ring's own id.")
    verdict: model.Verdict = strawberry.field(description="What is said of it.")
    reason: str = strawberry.field(description="Why, in your own words.")
    seller_id: str | None = strawberry.field(default=None, description="The seller's own id; null: of the ring itself.")
    owner: str | None = strawberry.field(default=None, description="Who decided.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION_HELP)


@strawberry.input(description="A value that is innocent.")
class ExemptInput:
    """A value that is innocent."""

    kind: str = strawberry.field(description="What the value is: phone, address ...")
    value: str = strawberry.field(description="The value, in any usual writing.")
    reason: ExemptionReason = strawberry.field(description="Why strangers share it.")
    owner: str | None = strawberry.field(default=None, description="Who answers for it.")
    note: str | None = strawberry.field(default=None, description="More about it, in your own words.")
    expires_at: datetime | None = strawberry.field(default=None, description="When it ends by itself; null: never.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION_OF_VALUE)


@strawberry.input(description="A value that is not innocent any more.")
class LiftExemptionInput:
    """A value that is not innocent any more."""

    kind: str = strawberry.field(description="What the value is: phone, address ...")
    value: str = strawberry.field(description="The value, in any usual writing.")
    reason: str = strawberry.field(description="Why, in your own words.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION_OF_VALUE)


@strawberry.type(description="A verdict that binds every later run.")
class JudgeSuccess:
    """A verdict that was kept."""

    judgement_id: str = strawberry.field(description="The judgement's own id.")
    ring_id: str = strawberry.field(description="The ring's own id.")
    seller_id: str | None = strawberry.field(description="The seller's own id; null where the ring was judged.")
    verdict: model.Verdict = strawberry.field(description="What was said.")
    reason: str = strawberry.field(description="Why.")
    owner: str | None = strawberry.field(description="Who decided.")
    made_at: datetime = strawberry.field(description="When it was kept.")


@strawberry.type(description="A value that links nobody from the next run on.")
class ExemptSuccess:
    """An exemption that was kept."""

    kind: str = strawberry.field(description="What the value is.")
    value: str = strawberry.field(description="The value as the database keeps it.")
    reason: ExemptionReason = strawberry.field(description="Why strangers share it.")
    owner: str | None = strawberry.field(description="Who answers for it.")
    expires_at: datetime | None = strawberry.field(description="When it ends by itself; null: never.")


@strawberry.type(description="A value that counts again from the next run on.")
class LiftExemptionSuccess:
    """An exemption that was taken back."""

    kind: str = strawberry.field(description="What the value is.")
    value: str = strawberry.field(description="The value as the database keeps it.")
    reason: str = strawberry.field(description="Why.")


JudgePayload = Annotated[
    JudgeSuccess | RingNotFoundError | SellerNotFoundError | InvalidDecisionError | ConflictError,
    strawberry.union("JudgePayload", description="What became of a verdict."),
]
ExemptPayload = Annotated[
    ExemptSuccess | InvalidValueError | InvalidDecisionError | ConflictError,
    strawberry.union("ExemptPayload", description="What became of an exemption."),
]
LiftExemptionPayload = Annotated[
    LiftExemptionSuccess | InvalidValueError | InvalidDecisionError | NotExemptError | ConflictError,
    strawberry.union("LiftExemptionPayload", description="What became of taking an exemption back."),
]


@strawberry.type(description="What can be decided and done. Judgements and exemptions bind from the next run on.")
class Mutation(CaseMutation, ClosingMutation, AppealMutation, NoticeMutation):
    """What can be decided and done."""

    @resolved(
        "Decide about a ring, or about a seller and a ring; binds every later run until it is judged anew.", Act.JUDGE
    )
    def judge(
        self,
        info: Info,
        input: Annotated[JudgeInput, strawberry.argument(description="The verdict.")],  # noqa: A002 (its usual name)
    ) -> JudgePayload:
        """Keep a verdict."""
        return answered(lambda: _judge(info.context, input))

    @resolved("Call a value innocent, so that it links nobody; renews an exemption that is there.", Act.EXEMPT)
    def exempt(
        self,
        info: Info,
        input: Annotated[ExemptInput, strawberry.argument(description="The value and why.")],  # noqa: A002 (as above)
    ) -> ExemptPayload:
        """Keep an exemption."""
        return answered(lambda: _exempt(info.context, input))

    @resolved("Take an exemption back; loading the same exemption again does not revive it.", Act.EXEMPT)
    def lift_exemption(
        self,
        info: Info,
        input: Annotated[LiftExemptionInput, strawberry.argument(description="The value and why.")],  # noqa: A002 (as above)
    ) -> LiftExemptionPayload:
        """Take an exemption back."""
        return answered(lambda: _lift(info.context, input))


def _judge(asking: Asking, asked: JudgeInput) -> JudgeSuccess:
    desk, view = desk_of(asking), asking.view
    owner = asked.owner or asking.visitor.name or None
    draft = model.Judgement(asked.ring_id, asked.seller_id or "", asked.verdict, (), asked.reason, owner)
    judgement, at = decisions.complete_judgement(view, asking.who, draft), desk.clock(view)
    with desk.open_writer(asking.visitor.name) as writer:
        judgement_id = writer.judge(judgement, at, asked.expected_version)
    return JudgeSuccess(
        judgement_id=judgement_id,
        ring_id=judgement.ring_id,
        seller_id=judgement.seller_id or None,
        verdict=judgement.verdict,
        reason=judgement.reason,
        owner=judgement.owner,
        made_at=at,
    )


def _exempt(asking: Asking, asked: ExemptInput) -> ExemptSuccess:
    desk, view = desk_of(asking), asking.view
    at, reason = desk.clock(view), asked.reason.value
    owner = asked.owner or asking.visitor.name or None
    draft = ExemptionInput(asked.kind, asked.value, "", reason, owner, asked.note, asked.expires_at)
    exemption = decisions.complete_exemption(view, asking.who, draft, asking.secret_key, at)
    _check_may_name(asking, exemption.kind)
    with desk.open_writer(asking.visitor.name) as writer:
        writer.exempt(exemption, at, seen=asked.expected_version)
    return ExemptSuccess(
        kind=exemption.kind,
        value=exemption.value,
        reason=asked.reason,
        owner=exemption.owner,
        expires_at=exemption.expires_at,
    )


def _lift(asking: Asking, asked: LiftExemptionInput) -> LiftExemptionSuccess:
    desk, view = desk_of(asking), asking.view
    pivot = decisions.named_value(view, asking.who, (asked.kind, asked.value), asking.secret_key)
    _check_may_name(asking, pivot.kind.name)
    at = desk.clock(view)
    with desk.open_writer(asking.visitor.name) as writer:
        decisions.lift_exemption(writer, pivot, asked.reason, at, asked.expected_version)
    return LiftExemptionSuccess(kind=pivot.kind.name, value=pivot.text, reason=asked.reason)


def _check_may_name(asking: Asking, kind: str) -> None:
    """Raise RefusedError for a kind whose values the asker may not see: the answer would tell of one."""
    if asking.view.registry(asking.who)[kind].is_personal and not asking.who.personal_values:
        raise RefusedError(f"exempt: values of the kind {kind} are personal, which this role may not see; ask another")
