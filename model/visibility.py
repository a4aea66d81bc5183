"""Who asks, and what they may see: the required first argument of every read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class ActorRole(StrEnum):
    """What an actor may do; see the table of roles in the interface."""

    INVESTIGATOR = "investigator"
    APPROVER = "approver"
    OPERATOR = "operator"
    PARTNER = "partner"


class Act(StrEnum):
    """What a door can be asked for."""

    SIGN_IN = "sign in"
    LOOK = "look"
    READ = "read"
    SCREEN = "screen applicants"
    LOAD = "load"
    DETECT = "detect"
    JUDGE = "judge"
    NOTE = "write a note"
    ASSIGN = "assign work"
    FLAG = "raise a flag"
    ANSWER = "answer a flag"
    EXEMPT = "exempt"
    SET = "change settings"
    PLAN = "propose a plan"
    APPROVE = "decide on a plan"
    CLOSE = "carry out a plan"
    APPEAL = "open an appeal for a seller"
    DECIDE_APPEAL = "decide on an appeal"
    FILE = "file a notice"
    DECIDE_NOTICE = "decide on a notice"


MAY: Mapping[Act, frozenset[ActorRole]] = MappingProxyType(
    {
        Act.SIGN_IN: frozenset(ActorRole),
        Act.LOOK: frozenset(ActorRole),
        Act.READ: frozenset({ActorRole.INVESTIGATOR, ActorRole.APPROVER, ActorRole.OPERATOR}),
        Act.SCREEN: frozenset({ActorRole.INVESTIGATOR, ActorRole.APPROVER, ActorRole.OPERATOR}),
        Act.LOAD: frozenset({ActorRole.OPERATOR}),
        Act.DETECT: frozenset({ActorRole.OPERATOR}),
        Act.JUDGE: frozenset({ActorRole.INVESTIGATOR}),
        Act.NOTE: frozenset({ActorRole.INVESTIGATOR, ActorRole.APPROVER}),
        Act.ASSIGN: frozenset({ActorRole.INVESTIGATOR, ActorRole.APPROVER}),
        Act.FLAG: frozenset({ActorRole.PARTNER}),
        Act.ANSWER: frozenset({ActorRole.INVESTIGATOR}),
        Act.EXEMPT: frozenset({ActorRole.INVESTIGATOR}),
        Act.SET: frozenset({ActorRole.APPROVER}),
        Act.PLAN: frozenset({ActorRole.INVESTIGATOR}),
        Act.APPROVE: frozenset({ActorRole.APPROVER}),
        Act.CLOSE: frozenset({ActorRole.OPERATOR}),
        Act.APPEAL: frozenset({ActorRole.INVESTIGATOR}),
        Act.DECIDE_APPEAL: frozenset({ActorRole.APPROVER}),
        Act.FILE: frozenset({ActorRole.INVESTIGATOR, ActorRole.PARTNER}),
        Act.DECIDE_NOTICE: frozenset({ActorRole.INVESTIGATOR}),
    }
)
"""The roles that may do each act. To look is to read what a lens may leave: partners look and do not read."""


ALWAYS_KEYED = frozenset({Act.PLAN, Act.APPROVE, Act.CLOSE, Act.APPEAL, Act.DECIDE_APPEAL, Act.FLAG})
"""Acts that take a key also on a database without actors, and on one that the demo made."""


@dataclass(frozen=True, slots=True)
class BrandLens:
    """What a partner sees through: listings of its brand as they are, pseudonyms for all else; see ``db.partner``.

    ``key`` makes the pseudonyms and is the brand's own, so that two partners cannot join what they see.
    """

    brand_id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the one who asks may see. Made once at the door, applied in one place: ``db.View``.

    A partner without a lens sees nothing.
    """

    role: ActorRole
    brand_id: str | None = None
    personal_values: bool = True  # False: personal values come back masked
    lens: BrandLens | None = None  # a partner's; made by ``alliance.lens``


FULL = Visibility(ActorRole.INVESTIGATOR)
"""Sees everything: the person at the terminal of a database that no actor was added to."""
