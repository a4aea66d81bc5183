"""Pages pinned to a run: which run an address names, and a ring with what it rested on then."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from ringwatch.db.view import Lineage, Page, PastRing, PastRun, RingQuery, RingRow, View
from ringwatch.model.rings import TIERS
from ringwatch.model.visibility import Visibility
from ringwatch.web.drawing import Drawing, RingFacts
from ringwatch.web.pages import Call, NotFoundError, SeeOther
from ringwatch.web.places import Places, places_of
from ringwatch.web.rings_drawn import drawn


@dataclass(frozen=True, slots=True)
class SeenRing:
    """A ring as a page shows it.

    ``past``: the run that it is pinned to; ``version``: the number of the version, 0 where none is kept; ``is_whole``:
    whether what it rests on is known.
    """

    ring: RingRow
    facts: RingFacts
    version: int
    past: PastRun | None = None
    is_whole: bool = True


def asked_run(call: Call, name: str = "run") -> PastRun | None:
    """Return the run that an address names, None where it names none. NotFoundError where no run of that id was.

    Partners are shown the rings of today alone.
    """
    run_id = call.param(name)
    if not run_id or call.visit.who.lens is not None:
        return None
    run = call.view.past_run(call.visit.who, run_id)
    if run is None:
        raise NotFoundError
    return run


def pin_of(past: PastRun | None) -> str:
    """Return what an address ends with, so that the page it leads to is pinned to the same run.

    >>> pin_of(None)
    ''
    """
    return f"?{urlencode({'run': past.run_id})}" if past else ""


def see_ring(call: Call, ring_id: str) -> SeenRing:
    """Return a ring as of the run that the address names, or of today; NotFoundError where there is none."""
    past, who = asked_run(call), call.visit.who
    if who.lens is not None:
        return SeenRing(find_ring(call.view, who, ring_id), read_facts(call.view, who, ring_id), 0)
    if past is not None:
        found = call.view.ring_at(who, ring_id, past)
        if found is None:
            raise NotFoundError
        return SeenRing(found.since.ring, past_facts(call.view, who, found), found.since.n, past, found.is_whole)
    ring = find_ring(call.view, who, ring_id)
    lineage = call.view.lineage(who, ring_id)
    version = lineage.versions[-1].n if lineage and lineage.versions else 0
    return SeenRing(ring, read_facts(call.view, who, ring_id), version)


def draw_seen(call: Call, seen: SeenRing) -> Drawing:
    """Return the picture of a ring, with marks where they were drawn when its version was first seen."""
    known: Places = {}
    if seen.version and seen.is_whole:
        known = places_of(call.serving, call.view, seen.ring.ring_id, seen.version)
    return drawn(seen.facts, known)


def find_ring(view: View, who: Visibility, ring_id: str) -> RingRow:
    """Return a ring of the current run; an id of before leads to what became of it. NotFoundError for any other."""
    ring = view.ring(who, ring_id)
    if ring is None:
        lineage = view.lineage(who, ring_id) if who.lens is None else None
        if lineage is not None and len(lineage.current) == 1:
            raise SeeOther(f"/rings/{quote(lineage.current[0], safe='')}")
        raise NotFoundError
    return ring


def read_facts(view: View, who: Visibility, ring_id: str) -> RingFacts:
    """Return what the page of a ring rests on."""
    members = view.members(who, ring_id).rows
    ids = [member.seller_id for member in members]
    values = view.ring_values(who, ring_id)
    displays = view.displays(who, [(value.kind, value.value) for value in values])
    evidence = view.evidence(who, ring_id)
    sellers, stores, is_masked = view.sellers(who, ids), view.stores_of(who, ids), who.lens is not None
    return RingFacts(ring_id, members, evidence, values, sellers, stores, displays, is_masked)


def past_facts(view: View, who: Visibility, past: PastRing) -> RingFacts:
    """Return what a ring rested on, with names, stores and writings of values as they are known today."""
    ids = [member.seller_id for member in past.members]
    displays = view.displays(who, [(value.kind, value.value) for value in past.values])
    sellers, stores = view.sellers(who, ids), view.stores_of(who, ids)
    return RingFacts(past.since.ring.ring_id, past.members, past.evidence, past.values, sellers, stores, displays)


def lineage_until(lineage: Lineage | None, past: PastRun | None) -> Lineage | None:
    """Return what became of a ring up to a run; all of it where there is none."""
    if lineage is None or past is None:
        return lineage
    events = tuple(row for row in lineage.events if row.at <= past.at)
    return replace(lineage, events=events, versions=tuple(row for row in lineage.versions if row.at <= past.at))


def rings_then(view: View, who: Visibility, past: PastRun, query: RingQuery) -> Page[RingRow]:
    """Return a page of the rings of a run, as ``View.rings`` does those of the current one; O(rings of the run)."""
    rings = [since.ring for since in view.rings_at(who, past)]
    chosen = [r for r in rings if r.n_sellers >= query.min_sellers and (not query.tiers or r.tier in query.tiers)]
    chosen.sort(key=lambda ring: (*_rank(query.order, ring), ring.ring_id))
    ids = [ring.ring_id for ring in chosen]
    start = ids.index(query.after) + 1 if query.after in ids else 0
    end = len(chosen) if query.first is None else start + query.first
    return Page(tuple(chosen[start:end]), tuple(ids[start:end]), end < len(chosen))


def _rank(order: str, ring: RingRow) -> tuple[float, float]:
    """Return what rings are sorted by, ascending; the orders of ``db.view.ORDERS``."""
    tier = TIERS.index(ring.tier)
    if order == "tier":
        return (tier, -ring.link_score)
    falling = {
        "link": ring.link_score,
        "infringement": ring.infringement_score,
        "size": ring.n_sellers,
        "priority": ring.infringement_score * ring.n_sellers**0.5,
    }
    return (-falling[order], tier)
