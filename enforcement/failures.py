"""What can be wrong with what is asked of a plan: errors told apart by class, so that each door says them its own way.

``why`` names each for programs. What a caller can do about it, and the exit status, come from the class above it.
"""

from typing import ClassVar

from ringwatch.model.errors import ConfigError, RefusedError


class PlanNotFoundError(ConfigError):
    """There is no plan of that id."""

    why: ClassVar[str] = "PLAN_NOT_FOUND"


class RingNotFoundError(ConfigError):
    """The current run has no such ring."""

    why: ClassVar[str] = "RING_NOT_FOUND"


class InvalidPlanError(ConfigError):
    """What is asked for cannot be planned."""

    why: ClassVar[str] = "INVALID_PLAN"


class PlanTooLargeError(ConfigError):
    """The plan is larger than what is worked on here."""

    why: ClassVar[str] = "PLAN_TOO_LARGE"


class NothingToUndoError(ConfigError):
    """No plan changed the store."""

    why: ClassVar[str] = "NOTHING_TO_UNDO"


class OwnPlanError(RefusedError):
    """Four eyes: who proposed a plan, or approved it already, decides nothing about it."""

    why: ClassVar[str] = "OWN_PLAN"


class DigestMismatchError(RefusedError):
    """What was read is not what the plan says."""

    why: ClassVar[str] = "DIGEST_MISMATCH"


class PlanNotProposedError(RefusedError):
    """The plan was decided on already, or was begun."""

    why: ClassVar[str] = "PLAN_NOT_PROPOSED"


class PlanNotApprovedError(RefusedError):
    """The plan is not approved, so it is not carried out."""

    why: ClassVar[str] = "PLAN_NOT_APPROVED"


class PlanVoidError(RefusedError):
    """What the plan rests on changed, or its approval ran out: it was made void and changes nothing."""

    why: ClassVar[str] = "PLAN_VOID"


class PlanKindError(RefusedError):
    """An undo plan is undone, any other is closed."""

    why: ClassVar[str] = "WRONG_KIND_OF_PLAN"


class StoreNotFoundError(ConfigError):
    """No such store was loaded."""

    why: ClassVar[str] = "STORE_NOT_FOUND"


class AppealNotFoundError(ConfigError):
    """There is no appeal of that id."""

    why: ClassVar[str] = "APPEAL_NOT_FOUND"


class InvalidAppealError(ConfigError):
    """The appeal says nothing, or the decision gives no reason."""

    why: ClassVar[str] = "INVALID_APPEAL"


class ValueNotFoundError(ConfigError):
    """No two sellers share the value, and no plan rests on it."""

    why: ClassVar[str] = "VALUE_NOT_FOUND"


class NothingToAppealError(RefusedError):
    """Nothing was decided about the store."""

    why: ClassVar[str] = "NOTHING_TO_APPEAL"


class AppealNotOpenError(RefusedError):
    """The appeal was decided already."""

    why: ClassVar[str] = "APPEAL_NOT_OPEN"


class AppealOpenError(RefusedError):
    """An appeal of the store is open."""

    why: ClassVar[str] = "APPEAL_OPEN"


class OwnAppealError(RefusedError):
    """Four eyes: who opened an appeal does not decide it."""

    why: ClassVar[str] = "OWN_APPEAL"


class NoticeNotFoundError(ConfigError):
    """There is no notice of that id."""

    why: ClassVar[str] = "NOTICE_NOT_FOUND"


class NoticeTargetNotFoundError(ConfigError):
    """No such listing or store is there, or the one who files may not see it."""

    why: ClassVar[str] = "NOTICE_TARGET_NOT_FOUND"


class InvalidNoticeError(ConfigError):
    """The notice names nothing or no brand that is known, says too much, or the decision gives no reason."""

    why: ClassVar[str] = "INVALID_NOTICE"


class NoticeStateError(RefusedError):
    """As the notice stands, that cannot be done with it."""

    why: ClassVar[str] = "NOTICE_STATE"


class OtherBrandError(RefusedError):
    """A partner files for its own brand alone."""

    why: ClassVar[str] = "OTHER_BRAND"
