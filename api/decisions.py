"""What people decide, held against what is there before it is written: the rules for shell and server alike.

Errors are told apart by class, so that each door may say them in its own way.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from ringwatch.db.view import View
from ringwatch.db.writer import ExemptionInput, Writer
from ringwatch.model.errors import ConfigError
from ringwatch.model.judgements import OF_MEMBERS, OF_RINGS, Judgement
from ringwatch.model.kinds import EXEMPTION_REASONS
from ringwatch.model.visibility import Visibility
from ringwatch.values.pivots import Pivot, find_pivot


class DecisionError(ConfigError):
    """A decision that cannot be taken; nothing was changed. ``why`` names it for programs."""

    why: ClassVar[str] = "INVALID_DECISION"


class RingNotFoundError(DecisionError):
    """The current run has no such ring."""

    why = "RING_NOT_FOUND"


class SellerNotFoundError(DecisionError):
    """No such seller was loaded."""

    why = "SELLER_NOT_FOUND"


class InvalidValueError(DecisionError):
    """There is no such kind, or the text is no value of it."""

    why = "INVALID_VALUE"


class InvalidDecisionError(DecisionError):
    """The verdict does not fit its subject, the reason is empty or none of the known ones, the end is in the past."""


class NotExemptError(DecisionError):
    """What is to be lifted is not exempt."""

    why = "NOT_EXEMPT"


def complete_judgement(view: View, who: Visibility, judgement: Judgement) -> Judgement:
    """Return a judgement with the members that the ring has now; those it came with are not looked at.

    Raises:
        RingNotFoundError: the current run has no such ring.
        SellerNotFoundError: no such seller was loaded.
        InvalidDecisionError: the verdict does not fit its subject, or the reason is empty.
    """
    known, subject = (OF_MEMBERS, "a seller and a ring") if judgement.seller_id else (OF_RINGS, "a ring")
    if judgement.verdict not in known:
        said = f"{judgement.verdict.value} is no verdict on {subject}, expected {', '.join(known)}"
        raise InvalidDecisionError(f"judge: {said}; nothing was changed")
    if not judgement.reason.strip():
        raise InvalidDecisionError("reason: is empty, expected why it was decided; nothing was changed")
    if view.ring(who, judgement.ring_id) is None:
        raise RingNotFoundError(f"ring {judgement.ring_id}: the current run has no such ring; nothing was changed")
    if judgement.seller_id and judgement.seller_id not in view.sellers(who, [judgement.seller_id]):
        raise SellerNotFoundError(
            f"seller {judgement.seller_id}: no seller of that id was loaded; nothing was changed;"
            " ids count as written, also upper case"
        )
    members = view.members(who, judgement.ring_id).rows
    return replace(judgement, members=tuple(member.seller_id for member in members))


def complete_exemption(
    view: View, who: Visibility, exemption: ExemptionInput, key: bytes | None, at: datetime
) -> ExemptionInput:
    """Return an exemption as it is kept; ``value`` came in any usual writing, ``expires_at`` without a zone is UTC.

    Raises:
        InvalidValueError: there is no such kind, or the text is no value of it.
        InvalidDecisionError: the reason is none of the known ones, or the end is in the past.
    """
    if exemption.reason not in EXEMPTION_REASONS:
        known = ", ".join(EXEMPTION_REASONS)
        raise InvalidDecisionError(f"reason {exemption.reason!r}: expected one of {known}; nothing was changed")
    pivot = named_value(view, who, (exemption.kind, exemption.value), key)
    expires_at = exemption.expires_at
    if expires_at is not None:
        expires_at = (expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=UTC)).astimezone(UTC)
        if expires_at <= at:
            raise InvalidDecisionError(
                f"expires {expires_at:%Y-%m-%d}: is in the past, expected a later date; nothing was changed"
            )
    return replace(exemption, kind=pivot.kind.name, value=pivot.text, display=pivot.display, expires_at=expires_at)


def named_value(view: View, who: Visibility, value: tuple[str, str], key: bytes | None) -> Pivot:
    """Return the value that a person means by (kind, text). InvalidValueError where there is no such kind or value."""
    try:
        return find_pivot(view.registry(who), *value, key)
    except ConfigError as error:
        raise InvalidValueError(str(error)) from None


def lift_exemption(writer: Writer, pivot: Pivot, reason: str, at: datetime, seen: int | None = None) -> None:
    """Take an exemption back; ``seen`` as in ``Writer``.

    Raises:
        InvalidDecisionError: the reason is empty.
        NotExemptError: the value is not exempt.
    """
    if not reason.strip():
        raise InvalidDecisionError("reason: is empty, expected why it was decided; nothing was changed")
    if not writer.lift_exemption(pivot.kind.name, pivot.text, reason, at, seen):
        raise NotExemptError(f"{pivot.kind.name} {pivot.display}: is not exempt, so nothing was changed")
