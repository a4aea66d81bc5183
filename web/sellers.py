"""The page of a seller, the search, and the paths between two sellers."""

from collections.abc import Sequence
from typing import TypeAlias
from urllib.parse import quote

from ringwatch.api import answers
from ringwatch.db.view import MemberRow, PastRun, RingRow
from ringwatch.model.casework import FlagAnswer, flags_of
from ringwatch.model.rings import Evidence, families_for
from ringwatch.model.sentences import describe
from ringwatch.model.visibility import Act
from ringwatch.web.pages import Call, NotFoundError, Pages, SeeOther
from ringwatch.web.past import asked_run, pin_of

MOST_HITS = 50
Membership: TypeAlias = tuple[RingRow | None, MemberRow | None, Sequence[Evidence]]

PATHS = 3  # chains shown; more say little more


def show_seller(pages: Pages, call: Call, seller_id: str) -> str:
    """Return what is known of a seller: its stores, the ring that it is in, and why."""
    view, who = call.view, call.visit.who
    version = view.case_version(who)  # first: what is written meanwhile is then newer than what was seen
    row = view.sellers(who, [seller_id]).get(seller_id)
    if row is None:
        raise NotFoundError
    past = asked_run(call)
    ring, member, parts = _membership(call, seller_id) if past is None else _membership_then(call, seller_id, past)
    entries = view.seller_entries(who, seller_id)
    ordered = sorted(parts, key=lambda part: -abs(part.score))
    return pages.render(
        "seller.html",
        call,
        seller=row,
        past=past,
        pin=pin_of(past),
        ring=ring,
        member=member,
        parts=[(part, describe(part)) for part in ordered if part.score],
        uncounted=[part for part in ordered if part.value and not part.score],
        families=families_for(parts),
        most=max((abs(part.score) for part in parts), default=1.0),
        stores=view.stores_of(who, [seller_id]),
        version=version,
        entries=entries,
        flags=flags_of(entries),
        answers=list(FlagAnswer),
        may_note=call.visit.may(Act.NOTE) and call.serving.desk is not None,
        may_answer=call.visit.may(Act.ANSWER) and call.serving.desk is not None,
    )


def _membership(call: Call, seller_id: str) -> Membership:
    view, who = call.view, call.visit.who
    ring_id = view.ring_of(who, [seller_id]).get(seller_id)
    if ring_id is None:
        return None, None, ()
    member = next((m for m in view.members(who, ring_id).rows if m.seller_id == seller_id), None)
    return view.ring(who, ring_id), member, view.evidence(who, ring_id, [seller_id]).get(seller_id, ())


def _membership_then(call: Call, seller_id: str, past: PastRun) -> Membership:
    """Return how a seller belonged to the ring that the address names, or to the one that it is in today."""
    asked = call.param("ring") or call.view.ring_of(call.visit.who, [seller_id]).get(seller_id, "")
    found = call.view.ring_at(call.visit.who, asked, past)
    member = next((m for m in found.members if m.seller_id == seller_id), None) if found else None
    return (found.since.ring, member, found.evidence.get(seller_id, ())) if found and member else (None, None, ())


def search(pages: Pages, call: Call) -> str:
    """Return what a text finds; one hit alone is opened."""
    text = call.param("q").strip()
    hits = list(call.view.search(call.visit.who, text, MOST_HITS).rows) if text else []
    places = {"seller": "/sellers/", "ring": "/rings/"}
    found = [(hit, places[hit.what] + quote(hit.id, safe="") if hit.what in places else "") for hit in hits]
    if len(found) == 1 and found[0][1]:
        raise SeeOther(found[0][1])
    return pages.render("search.html", call, text=text, found=found, most=MOST_HITS)


def show_paths(pages: Pages, call: Call) -> str:
    """Return how two sellers are connected, as rows of marks and as sentences."""
    one, other = call.param("from").strip(), call.param("to").strip()
    known = call.view.sellers(call.visit.who, [one, other]) if one and other else {}
    found = answers.paths(call.asking(), one, other, PATHS) if len(known) == len({one, other}) else []
    return pages.render(
        "paths.html",
        call,
        one=one,
        other=other,
        unknown=[name for name in (one, other) if name and name not in known] if one and other else [],
        found=found,
        names={seller_id: row.name or seller_id for seller_id, row in known.items()},
    )
