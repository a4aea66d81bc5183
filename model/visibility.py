"""Who asks, and what they may see: the required first argument of every read."""

from dataclasses import dataclass
from enum import StrEnum


class ActorRole(StrEnum):
    """What an actor may do; see the table of roles in the interface."""

    INVESTIGATOR = "investigator"
    APPROVER = "approver"
    OPERATOR = "operator"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the one who asks may see. Made once at the door, applied in one place: ``db.View``."""

    role: ActorRole
    brand_id: str | None = None  # the lens of a partner
    personal_values: bool = True  # False: personal values come back masked


FULL = Visibility(ActorRole.INVESTIGATOR)
"""Sees everything: the person at the terminal of a database that no actor was added to."""
