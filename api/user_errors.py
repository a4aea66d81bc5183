"""Failures that a client can expect, as types of a payload; anything else is an error with a code."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import strawberry

from ringwatch.alliance import flags
from ringwatch.api import casework, decisions
from ringwatch.enforcement import failures
from ringwatch.model import casework as model
from ringwatch.model.errors import RingwatchError

Success = TypeVar("Success")


@strawberry.interface(description="Why nothing was done; a client can tell its user.")
class UserError:
    """Why nothing was done."""

    message: str = strawberry.field(description="What is wrong, and what was expected.")
    code: str = strawberry.field(description="The same for programs.")


@strawberry.type(description="The current run has no such ring.")
class RingNotFoundError(UserError):
    """The current run has no such ring."""


@strawberry.type(description="No such seller was loaded.")
class SellerNotFoundError(UserError):
    """No such seller was loaded."""


@strawberry.type(description="There is no such kind, or the text is no value of it.")
class InvalidValueError(UserError):
    """There is no such kind, or the text is no value of it."""


@strawberry.type(description="The verdict does not fit its subject, the reason cannot be, or the end is in the past.")
class InvalidDecisionError(UserError):
    """The decision cannot be."""


@strawberry.type(description="What is to be lifted is not exempt.")
class NotExemptError(UserError):
    """What is to be lifted is not exempt."""


@strawberry.type(description="There is no plan of that id.")
class PlanNotFoundError(UserError):
    """There is no plan of that id."""


@strawberry.type(description="What is asked for cannot be planned.")
class InvalidPlanError(UserError):
    """What is asked for cannot be planned."""


@strawberry.type(description="The plan is larger than a request works on; the command line takes any size.")
class PlanTooLargeError(UserError):
    """The plan is larger than a request works on."""


@strawberry.type(description="No plan changed the store, so there is nothing to undo.")
class NothingToUndoError(UserError):
    """No plan changed the store."""


@strawberry.type(description="Four eyes: who proposed a plan, or approved it already, decides nothing about it.")
class OwnPlanError(UserError):
    """Four eyes."""


@strawberry.type(description="The plan says something else than what was read: read it anew.")
class DigestMismatchError(UserError):
    """The plan says something else than what was read."""


@strawberry.type(description="The plan was decided on already, or was begun.")
class PlanNotProposedError(UserError):
    """The plan was decided on already, or was begun."""


@strawberry.type(description="The plan is not approved, so it is not carried out.")
class PlanNotApprovedError(UserError):
    """The plan is not approved."""


@strawberry.type(
    description="What the plan rests on changed, or its approval ran out: it is void, no store was changed."
)
class PlanVoidError(UserError):
    """The plan is void."""


@strawberry.type(description="An undo plan is undone, any other is closed.")
class PlanKindError(UserError):
    """An undo plan is undone, any other is closed."""


@strawberry.type(description="No such store was loaded.")
class StoreNotFoundError(UserError):
    """No such store was loaded."""


@strawberry.type(description="There is no appeal of that id.")
class AppealNotFoundError(UserError):
    """There is no appeal of that id."""


@strawberry.type(description="The appeal says nothing, or the decision gives no reason.")
class InvalidAppealError(UserError):
    """The appeal says nothing, or the decision gives no reason."""


@strawberry.type(description="No two sellers share the value, and no plan rests on it.")
class ValueNotFoundError(UserError):
    """No two sellers share the value, and no plan rests on it."""


@strawberry.type(description="Nothing was decided about the store, so there is nothing to appeal against.")
class NothingToAppealError(UserError):
    """Nothing was decided about the store."""


@strawberry.type(description="The appeal was decided already.")
class AppealNotOpenError(UserError):
    """The appeal was decided already."""


@strawberry.type(description="An appeal of the store is open already.")
class AppealOpenError(UserError):
    """An appeal of the store is open already."""


@strawberry.type(description="Four eyes: who opened an appeal does not decide it.")
class OwnAppealError(UserError):
    """Four eyes."""


@strawberry.type(description="There is no notice of that id.")
class NoticeNotFoundError(UserError):
    """There is no notice of that id."""


@strawberry.type(description="No such listing or store stands, or you are not shown it.")
class NoticeTargetNotFoundError(UserError):
    """No such listing or store stands."""


@strawberry.type(description="The notice cannot be: no known brand, too long, no digest; or the act gives no reason.")
class InvalidNoticeError(UserError):
    """The notice cannot be, or the act gives no reason."""


@strawberry.type(description="As the notice stands, that cannot be done with it.")
class NoticeStateError(UserError):
    """As the notice stands, that cannot be done with it."""


@strawberry.type(description="A partner files for its own brand alone.")
class OtherBrandError(UserError):
    """A partner files for its own brand alone."""


@strawberry.type(
    description="Another wrote or decided about it since the version that you name: read anew, then decide."
)
class ConflictError(UserError):
    """Another wrote or decided about it since."""


@strawberry.type(description="There is no flag of that id.")
class FlagNotFoundError(UserError):
    """There is no flag of that id."""


@strawberry.type(description="You are shown nothing of that name.")
class NotInSightError(UserError):
    """The partner is shown nothing of that name."""


@strawberry.type(description="The brand raised as many flags as a day takes.")
class TooManyFlagsError(UserError):
    """The brand raised as many flags as a day takes."""


ERRORS: Mapping[type[RingwatchError], type[UserError]] = MappingProxyType(
    {
        decisions.RingNotFoundError: RingNotFoundError,
        decisions.SellerNotFoundError: SellerNotFoundError,
        decisions.InvalidValueError: InvalidValueError,
        decisions.InvalidDecisionError: InvalidDecisionError,
        decisions.NotExemptError: NotExemptError,
        casework.FlagNotFoundError: FlagNotFoundError,
        flags.NotInSightError: NotInSightError,
        flags.InvalidFlagError: InvalidDecisionError,
        model.ConflictError: ConflictError,
        model.FlagLimitError: TooManyFlagsError,
        failures.RingNotFoundError: RingNotFoundError,
        failures.PlanNotFoundError: PlanNotFoundError,
        failures.InvalidPlanError: InvalidPlanError,
        failures.PlanTooLargeError: PlanTooLargeError,
        failures.NothingToUndoError: NothingToUndoError,
        failures.OwnPlanError: OwnPlanError,
        failures.DigestMismatchError: DigestMismatchError,
        failures.PlanNotProposedError: PlanNotProposedError,
        failures.PlanNotApprovedError: PlanNotApprovedError,
        failures.PlanVoidError: PlanVoidError,
        failures.PlanKindError: PlanKindError,
        failures.StoreNotFoundError: StoreNotFoundError,
        failures.AppealNotFoundError: AppealNotFoundError,
        failures.InvalidAppealError: InvalidAppealError,
        failures.ValueNotFoundError: ValueNotFoundError,
        failures.NothingToAppealError: NothingToAppealError,
        failures.AppealNotOpenError: AppealNotOpenError,
        failures.AppealOpenError: AppealOpenError,
        failures.OwnAppealError: OwnAppealError,
        failures.NoticeNotFoundError: NoticeNotFoundError,
        failures.NoticeTargetNotFoundError: NoticeTargetNotFoundError,
        failures.InvalidNoticeError: InvalidNoticeError,
        failures.NoticeStateError: NoticeStateError,
        failures.OtherBrandError: OtherBrandError,
    }
)
"""What each expected failure is in a payload."""


def answered(decide: Callable[[], Success]) -> Success | Any:  # noqa: ANN401 (each payload is a union of its own)
    """Return what a decision gave, or the expected failure as a type of the payload."""
    try:
        return decide()
    except RingwatchError as error:
        told = ERRORS.get(type(error))
        if told is None:
            raise
        return told(message=str(error), code=error.why)  # type: ignore[attr-defined]  # (each class of ERRORS has it)
