"""What people write, decide and ask about rings, sellers and listings: one entry an act, never changed.

The number of the newest entry about a thing is the version of what was said of it. Who acts says which version they
saw; where there is a newer one, they are told instead of being heard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from ringwatch.model.errors import RefusedError


class CaseAct(StrEnum):
    """What was done."""

    NOTE = "note"
    ASSIGN = "assign"
    JUDGE = "judge"
    EXEMPT = "exempt"
    LIFT = "lift"
    FLAG = "flag"
    ANSWER = "answer"


class CaseState(StrEnum):
    """How far the work on a ring is; open where nobody said anything."""

    OPEN = "open"
    IN_WORK = "in work"
    DONE = "done"


class FlagAnswer(StrEnum):
    """What an investigator says to a flag of a partner."""

    TAKEN_UP = "taken up"
    NO_CASE = "no case"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about; "" for what it is not about. ``value``: kind and text."""

    ring_id: str = ""
    seller_id: str = ""
    listing_id: str = ""
    value: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One act. ``said``: the verdict, the state, the reason of an exemption or the answer, as the act has it."""

    act: CaseAct
    about: Subject
    text: str
    said: str = ""
    assignee: str | None = None
    answers: int | None = None  # the number of the flag
    brand_id: str | None = None  # of the partner whose flag it is
    actor: str = ""
    at: datetime | None = None  # None until it is kept
    n: int = 0  # from 1; 0 until it is kept


@dataclass(frozen=True, slots=True)
class Flag:
    """What a partner points at, and what it was told."""

    entry: CaseEntry
    answer: CaseEntry | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Where the work on a ring stands; entries first ones first."""

    state: CaseState = CaseState.OPEN
    assignee: str | None = None
    entries: tuple[CaseEntry, ...] = ()
    flags: tuple[Flag, ...] = field(default=())

    @property
    def n_open_flags(self) -> int:
        """The flags that nobody answered."""
        return sum(flag.answer is None for flag in self.flags)

    @property
    def version(self) -> int:
        """The number of the newest entry, 0 where there is none."""
        return self.entries[-1].n if self.entries else 0


def case_of(ring_id: str, entries: Sequence[CaseEntry]) -> Case:
    """Return where the work on a ring stands by what was said of it, first entries first.

    What was said of the ring itself counts before what came with sellers of another one; then the newest.

    >>> case_of("R", [CaseEntry(CaseAct.ASSIGN, Subject("Q"), "", "done", "ann", n=1)]).assignee
    'ann'
    """
    assigned = [entry for entry in entries if entry.act is CaseAct.ASSIGN]
    last = ([entry for entry in assigned if entry.about.ring_id == ring_id] or assigned)[-1:]
    state = CaseState(last[0].said) if last else CaseState.OPEN
    return Case(state, last[0].assignee if last else None, tuple(entries), flags_of(entries))


def flags_of(entries: Iterable[CaseEntry]) -> tuple[Flag, ...]:
    """Return the flags among entries with their last answers, first ones first."""
    flags: dict[int, Flag] = {}
    for entry in entries:
        if entry.act is CaseAct.FLAG:
            flags[entry.n] = Flag(entry)
        elif entry.act is CaseAct.ANSWER and entry.answers in flags:
            flags[entry.answers] = Flag(flags[entry.answers].entry, entry)
    return tuple(flags.values())


class ConflictError(RefusedError):
    """Another wrote or decided about the same thing since it was read; nothing was changed."""

    http_status = 409
    code = "CONFLICT"
    why: ClassVar[str] = "CONFLICT"


class FlagLimitError(RefusedError):
    """A partner raised as many flags as a day takes; nothing was kept."""

    http_status = 429
    code = "TOO_MANY_FLAGS"
    why: ClassVar[str] = "TOO_MANY_FLAGS"
