"""Notes, assignments and answers to flags on the pages, and the page that tells the later of two what was done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.responses import HTMLResponse

from ringwatch.api import casework
from ringwatch.api.siblings import desk_of
from ringwatch.db.view import RingQuery, View
from ringwatch.db.writer import Writer
from ringwatch.model.casework import Case, CaseEntry, CaseState, ConflictError, Flag, FlagAnswer, Subject
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import Act, Visibility
from ringwatch.web.pages import Call, Pages, SeeOther, Shown

ME, NOBODY = ":me", ":nobody"  # no actor's name begins so in an address of ours


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form as it was filled in; without a label it is not shown, with choices it is one of them."""

    name: str
    value: str
    label: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was filled in: what it is about, where it goes to, what it says and where it leads."""

    about: Subject
    action: str
    fields: tuple[Field, ...]
    back: str


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which rings of the queue are wanted by the work on them; "" and False: all."""

    state: str = ""
    assignee: str = ""
    is_flagged: bool = False

    def __bool__(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.state or self.assignee or self.is_flagged)

    def takes(self, case: Case, me: str) -> bool:
        """Say whether a ring is wanted; ``me``: the name of who asks."""
        wanted = {ME: me or None, NOBODY: None}.get(self.assignee, self.assignee)
        return (
            (not self.state or case.state == self.state)
            and (not self.assignee or case.assignee == wanted)
            and (not self.is_flagged or case.n_open_flags > 0)
        )


def asked_work(call: Call) -> WorkFilter:
    """Return what an address asks for; a state that is none of ours is as if it were not there."""
    state = call.param("state") if call.param("state") in set(CaseState) else ""
    return WorkFilter(state, call.param("assignee")[: casework.LONGEST_NAME], call.param("flagged") == "1")


def narrow(call: Call, query: RingQuery, wanted: WorkFilter) -> RingQuery:
    """Return a question for rings narrowed to those that are wanted by the work on them."""
    if not wanted:
        return query
    me, heads = call.visit.name, call.view.case_heads(call.visit.who)
    taken = {ring_id: wanted.takes(case, me) for ring_id, case in heads.items()}
    if wanted.takes(Case(), me):  # rings that nobody said anything of, which are the most
        return replace(query, without=tuple(sorted(ring_id for ring_id, is_taken in taken.items() if not is_taken)))
    return replace(query, only=tuple(sorted(ring_id for ring_id, is_taken in taken.items() if is_taken)))


def flags_elsewhere(view: View, who: Visibility) -> list[Flag]:
    """Return the flags that nobody answered and no ring of the current run has, first ones first."""
    heads = view.case_heads(who)
    standing = view.rings_by_id(who, [ring_id for ring_id, case in heads.items() if case.n_open_flags])
    shown = {flag.entry.n for ring_id in standing for flag in heads[ring_id].flags}
    return [flag for flag in view.flags(who) if flag.answer is None and flag.entry.n not in shown]


def write_ring_note(pages: Pages, call: Call, ring_id: str) -> Shown:
    """Keep a note on a ring and lead back to it."""
    return _note(pages, call, Subject(ring_id), f"/rings/{quote(ring_id, safe='')}")


def write_seller_note(pages: Pages, call: Call, seller_id: str) -> Shown:
    """Keep a note on a seller and lead back to it."""
    return _note(pages, call, Subject(seller_id=seller_id), f"/sellers/{quote(seller_id, safe='')}")


def _note(pages: Pages, call: Call, about: Subject, page: str) -> Shown:
    call.check(Act.NOTE)
    text = call.form.get("text", "")
    draft = casework.complete_note(call.view, call.visit.who, about, text)
    typed = Typed(draft.about, f"{page}/note", (Field("text", text, "Note"),), f"{page}#notes")
    return decide(pages, call, typed, lambda writer, seen: _add(call, writer, draft, seen))


def assign(pages: Pages, call: Call, ring_id: str) -> Shown:
    """Keep who works on a ring and how far the work is, and lead back to it."""
    call.check(Act.ASSIGN)
    form, page = call.form, f"/rings/{quote(ring_id, safe='')}"
    known = call.asking().assignable()
    state, assignee = _one_of(CaseState, "state", form.get("state", "")), form.get("assignee", "")
    wanted = (CaseState(state), assignee, form.get("text", ""))
    draft = casework.complete_assignment(call.view, call.visit.who, ring_id, wanted, known)
    fields = (
        Field("state", state, "The work is", tuple(CaseState)),
        Field("assignee", assignee, "Assigned to", ("", *known) if known else ()),
        Field("text", form.get("text", ""), "Why"),
    )
    typed = Typed(draft.about, f"{page}/assign", fields, f"{page}#notes")
    return decide(pages, call, typed, lambda writer, seen: _add(call, writer, draft, seen))


def answer_flag(pages: Pages, call: Call, flag_id: str) -> Shown:
    """Keep the answer to a flag and lead back to the ring, or the seller, that it is about."""
    call.check(Act.ANSWER)
    form, view, who = call.form, call.view, call.visit.who
    flag = casework.find_flag(view, who, flag_id)
    said = _one_of(FlagAnswer, "answer", form.get("answer", ""))
    draft = casework.complete_answer(flag, FlagAnswer(said), form.get("text", ""))
    fields = (
        Field("answer", said, "Answer", tuple(FlagAnswer)),
        Field("text", form.get("text", ""), "In words, the partner reads it"),
    )
    typed = Typed(flag.entry.about, f"/flags/{quote(flag_id, safe='')}/answer", fields, _page_of(flag.entry.about))
    return decide(pages, call, typed, lambda writer, seen: _add(call, writer, draft, seen))


def decide(pages: Pages, call: Call, typed: Typed, write: Callable[[Writer, int], object]) -> Shown:
    """Write what a form says and lead on; where another was quicker, return the page that tells what was done."""
    seen = _seen_of(call)
    try:
        with desk_of(call.asking()).open_writer(call.visit.name) as writer:
            write(writer, seen)
    except ConflictError:
        return _show_conflict(pages, call, typed, seen)
    raise SeeOther(typed.back)


def _add(call: Call, writer: Writer, draft: CaseEntry, seen: int) -> CaseEntry:
    return writer.add_case(draft, desk_of(call.asking()).clock(call.view), seen)


def _show_conflict(pages: Pages, call: Call, typed: Typed, seen: int) -> Shown:
    view, who = call.serving.view, call.visit.who  # as of now: what the other wrote may be newer than our picture
    version = view.case_version(who)
    entries = view.newer_entries(who, typed.about, seen)
    shown = pages.render("conflict.html", call, typed=typed, entries=entries, version=version)
    return HTMLResponse(shown, ConflictError.http_status)


def _seen_of(call: Call) -> int:
    """Return the version that a form was made with."""
    text = call.form.get("seen", "")
    if not text.isascii() or not text.isdecimal():
        raise ConfigError("form: does not say what its writer has seen; nothing was done; open the page again")
    return int(text[:18])


def _one_of(known: type[CaseState | FlagAnswer], what: str, text: str) -> str:
    if text not in set(known):
        raise ConfigError(f"{what} {text[:40]!r}: expected one of {', '.join(known)}; nothing was changed")
    return text


def _page_of(about: Subject) -> str:
    if about.ring_id:
        return f"/rings/{quote(about.ring_id, safe='')}#notes"
    return f"/sellers/{quote(about.seller_id, safe='')}#notes"
