"""What can be written about rings and sellers, assigned, flagged and answered."""

from typing import Annotated

import strawberry

from ringwatch.alliance.flags import complete_flag
from ringwatch.api import casework
from ringwatch.api.acting import as_of_now
from ringwatch.api.case_types import CaseEntry, Flag, entry_of, flag_of
from ringwatch.api.fields import resolved
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking, desk_of
from ringwatch.api.user_errors import (
    ConflictError,
    FlagNotFoundError,
    InvalidDecisionError,
    NotInSightError,
    RingNotFoundError,
    SellerNotFoundError,
    TooManyFlagsError,
    answered,
)
from ringwatch.db.settings import MAX_FLAGS_A_DAY, value_of
from ringwatch.model import casework as model
from ringwatch.model.visibility import Act

VERSION_HELP = (
    "The version that you have seen, from `casework { version }` of the ring; where another wrote or decided since,"
    " nothing is done and the answer is a ConflictError. Null: not looked at."
)


@strawberry.input(description="A note on a ring or on a seller.")
class AddNoteInput:
    """A note."""

    text: str = strawberry.field(description="The note, 4,000 characters at most.")
    ring_id: str | None = strawberry.field(default=None, description="The ring's own id.")
    seller_id: str | None = strawberry.field(
        default=None, description="The seller's own id; the note then stands with the ring that it is in, too."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION_HELP)


@strawberry.input(description="Who works on a ring, and how far the work is.")
class AssignInput:
    """An assignment."""

    ring_id: str = strawberry.field(description="The ring's own id.")
    state: model.CaseState = strawberry.field(description="How far the work is.")
    assignee: str | None = strawberry.field(
        default=None, description="The name of an investigator or approver; null: nobody."
    )
    text: str | None = strawberry.field(default=None, description="What there is to say about it.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION_HELP)


@strawberry.input(description="What a partner points at: a ring, a seller or a listing that it is shown.")
class FlagInput:
    """A flag."""

    subject: str = strawberry.field(description="The ring, the seller or the listing, by the id that you are shown.")
    text: str = strawberry.field(description="What is wrong with it, 2,000 characters at most.")


@strawberry.input(description="What a partner is told about its flag.")
class AnswerFlagInput:
    """An answer."""

    flag_id: str = strawberry.field(description="The flag's own id.")
    answer: model.FlagAnswer = strawberry.field(description="What becomes of it.")
    text: str = strawberry.field(description="The same in words; the partner reads it.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION_HELP)


@strawberry.type(description="What was kept.")
class CaseSuccess:
    """An entry that was kept."""

    entry: CaseEntry = strawberry.field(description="The entry; its number is the version now.")


@strawberry.type(description="A flag that was kept.")
class FlagSuccess:
    """A flag that was kept."""

    flag: Flag = strawberry.field(description="The flag.")


AddNotePayload = Annotated[
    CaseSuccess | RingNotFoundError | SellerNotFoundError | InvalidDecisionError | ConflictError,
    strawberry.union("AddNotePayload", description="What became of a note."),
]
AssignPayload = Annotated[
    CaseSuccess | RingNotFoundError | InvalidDecisionError | ConflictError,
    strawberry.union("AssignPayload", description="What became of an assignment."),
]
FlagPayload = Annotated[
    FlagSuccess | NotInSightError | InvalidDecisionError | TooManyFlagsError,
    strawberry.union("FlagPayload", description="What became of a flag."),
]
AnswerFlagPayload = Annotated[
    CaseSuccess | FlagNotFoundError | InvalidDecisionError | ConflictError,
    strawberry.union("AnswerFlagPayload", description="What became of an answer."),
]


@strawberry.type(description="What can be written about rings and sellers.")
class CaseMutation:
    """What can be written about rings and sellers."""

    @resolved("Write a note on a ring or a seller; it is never changed, and follows the sellers of the ring.", Act.NOTE)
    def add_note(
        self,
        info: Info,
        input: Annotated[AddNoteInput, strawberry.argument(description="The note.")],  # noqa: A002 (its usual name)
    ) -> AddNotePayload:
        """Keep a note."""
        about = model.Subject(input.ring_id or "", input.seller_id or "")

        def add(asking: Asking) -> CaseSuccess:
            note = casework.complete_note(asking.view, asking.who, about, input.text)
            return _kept(asking, note, input.expected_version)

        return answered(lambda: add(info.context))

    @resolved("Say who works on a ring and how far the work is.", Act.ASSIGN)
    def assign(
        self,
        info: Info,
        input: Annotated[AssignInput, strawberry.argument(description="Who, and how far.")],  # noqa: A002 (as above)
    ) -> AssignPayload:
        """Keep an assignment."""
        wanted = (input.state, input.assignee or "", input.text or "")

        def assign(asking: Asking) -> CaseSuccess:
            known = asking.assignable()
            entry = casework.complete_assignment(asking.view, asking.who, input.ring_id, wanted, known)
            return _kept(asking, entry, input.expected_version)

        return answered(lambda: assign(info.context))

    @resolved("Point at a ring, a seller or a listing of your own sight; an investigator answers.", Act.FLAG)
    def flag(
        self,
        info: Info,
        input: Annotated[FlagInput, strawberry.argument(description="What, and why.")],  # noqa: A002 (as above)
    ) -> FlagPayload:
        """Keep a flag."""
        return answered(lambda: FlagSuccess(flag=flag_of(raise_flag(info.context, input.subject, input.text))))

    @resolved("Answer the flag of a partner; the partner reads the text.", Act.ANSWER)
    def answer_flag(
        self,
        info: Info,
        input: Annotated[AnswerFlagInput, strawberry.argument(description="The answer.")],  # noqa: A002 (as above)
    ) -> AnswerFlagPayload:
        """Keep an answer."""

        def answer(asking: Asking) -> CaseSuccess:
            flag = casework.find_flag(asking.view, asking.who, input.flag_id)
            entry = casework.complete_answer(flag, input.answer, input.text)
            return _kept(asking, entry, input.expected_version)

        return answered(lambda: answer(info.context))


def raise_flag(asking: Asking, subject: str, text: str) -> model.Flag:
    """Keep a flag of a partner and return it as the partner sees it.

    Raises:
        NotInSightError, InvalidFlagError: see ``complete_flag``.
        FlagLimitError: the brand raised as many as a day takes.
    """
    desk, view = desk_of(asking), asking.view
    draft = complete_flag(view, asking.who, subject, text)
    most = int(value_of(view, MAX_FLAGS_A_DAY))
    with desk.open_writer(asking.visitor.name) as writer:
        writer.flag(draft, desk.clock(view), most)
    now = as_of_now(asking)
    return now.view.flags(now.who)[-1]


def _kept(asking: Asking, draft: model.CaseEntry, seen: int | None) -> CaseSuccess:
    desk = desk_of(asking)
    with desk.open_writer(asking.visitor.name) as writer:
        return CaseSuccess(entry=entry_of(writer.add_case(draft, desk.clock(asking.view), seen)))
