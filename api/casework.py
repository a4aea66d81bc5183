"""Notes, assignments, flags and their answers, held against what is there before they are written.

The rules for pages and GraphQL alike; whoever saw too little is told inside the write (``Writer``).
"""

from collections.abc import Sequence
from datetime import datetime

from ringwatch.api.decisions import DecisionError, InvalidDecisionError, RingNotFoundError, SellerNotFoundError
from ringwatch.db.view import View
from ringwatch.model.casework import CaseAct, CaseEntry, CaseState, Flag, FlagAnswer, Subject
from ringwatch.model.enforcement import Actor
from ringwatch.model.visibility import MAY, Act, Visibility

LONGEST_TEXT = 4_000  # characters: two printed pages; what is longer belongs into a file of its own
LONGEST_NAME = 100  # characters of a name that is no actor's


class FlagNotFoundError(DecisionError):
    """There is no flag of that id."""

    why = "FLAG_NOT_FOUND"


def complete_note(view: View, who: Visibility, about: Subject, text: str) -> CaseEntry:
    """Return a note as it is kept; one about a seller is about the ring that it is in, too.

    Raises:
        InvalidDecisionError: the text is empty or too long, or neither ring nor seller is named.
        RingNotFoundError, SellerNotFoundError: there is no such ring in the current run, no such seller.
    """
    return CaseEntry(CaseAct.NOTE, _complete_subject(view, who, about), checked_text("note", text))


def complete_assignment(
    view: View, who: Visibility, ring_id: str, wanted: tuple[CaseState, str, str], known: Sequence[str]
) -> CaseEntry:
    """Return an assignment as it is kept; ``wanted``: state, assignee ("" for nobody) and a text that may be empty.

    ``known``: those who can be named, see ``assignable``.

    Raises:
        InvalidDecisionError: the assignee is none of them, or the text is too long.
        RingNotFoundError: the current run has no such ring.
    """
    state, assignee, text = wanted
    assignee = assignee.strip()
    about = _complete_subject(view, who, Subject(ring_id))
    if assignee and known and assignee not in known:
        raise InvalidDecisionError(f"assign: {assignee!r} cannot work on it, expected {_any_of(known)}")
    if len(assignee) > LONGEST_NAME or not assignee.isprintable():
        raise InvalidDecisionError(f"assign: expected a name of {LONGEST_NAME} characters at most; nothing was changed")
    said = checked_text("assign", text) if text.strip() else ""
    return CaseEntry(CaseAct.ASSIGN, about, said, state.value, assignee or None)


def complete_answer(flag: Flag, answer: FlagAnswer, text: str) -> CaseEntry:
    """Return an answer to a flag as it is kept. InvalidDecisionError where it says nothing, or too much."""
    entry = flag.entry
    said = checked_text("answer", text)
    return CaseEntry(CaseAct.ANSWER, entry.about, said, answer.value, answers=entry.n, brand_id=entry.brand_id)


def find_flag(view: View, who: Visibility, flag_id: str) -> Flag:
    """Return a flag by its id. FlagNotFoundError where there is none."""
    for flag in view.flags(who):
        if flag_id_of(flag.entry.n) == flag_id:
            return flag
    raise FlagNotFoundError(f"flag {flag_id}: there is none of that id; nothing was changed")


def flag_id_of(n: int) -> str:
    """Return what a flag is called outside the database.

    >>> flag_id_of(7)
    'F-7'
    """
    return f"F-{n}"


def assignable(actors: Sequence[Actor], at: datetime) -> list[str]:
    """Return the names of those who can be given work, by name; none where the database has no such actor."""
    return sorted(actor.name for actor in actors if actor.role in MAY[Act.ASSIGN] and actor.may_act(at))


def checked_text(what: str, text: str) -> str:
    """Return a text without blanks around it. InvalidDecisionError where it is empty or too long."""
    text = text.replace("\r\n", "\n").strip()  # browsers end lines so
    if not text:
        raise InvalidDecisionError(f"{what}: says nothing, expected a text; nothing was changed")
    if len(text) > LONGEST_TEXT:
        raise InvalidDecisionError(
            f"{what}: has {len(text):,} characters, {LONGEST_TEXT:,} at most; nothing was changed; say it shorter"
        )
    return text


def _complete_subject(view: View, who: Visibility, about: Subject) -> Subject:
    if about.seller_id:
        if about.seller_id not in view.sellers(who, [about.seller_id]):
            raise SellerNotFoundError(f"seller {about.seller_id}: no seller of that id was loaded; nothing was changed")
        ring_id = about.ring_id or view.ring_of(who, [about.seller_id]).get(about.seller_id, "")
        about = Subject(ring_id, about.seller_id, about.listing_id)
    elif not about.ring_id:
        raise InvalidDecisionError("note: names neither a ring nor a seller; nothing was changed; name one")
    if about.ring_id and view.ring(who, about.ring_id) is None:
        raise RingNotFoundError(f"ring {about.ring_id}: the current run has no such ring; nothing was changed")
    return about


def _any_of(names: Sequence[str]) -> str:
    return f"one of {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}; nothing was changed"
