"""The map of all rings: one disc a ring, the most important in the middle, where it was in the run before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import orjson
from fastapi import Response

from ringwatch.algorithms.packing import pack
from ringwatch.api.config import Serving
from ringwatch.api.graphql_route import json_response
from ringwatch.db.view import PastRun, RingQuery, RingRow, RingTie, View
from ringwatch.model.errors import RingwatchError
from ringwatch.model.rings import TIERS, Tier
from ringwatch.model.visibility import FULL
from ringwatch.web.drawing import Place
from ringwatch.web.pages import Call, Pages
from ringwatch.web.past import asked_run, pin_of, rings_then
from ringwatch.web.rings import asked_rings

MOST_RINGS = 5_000  # drawn; more are smaller than a dot
LISTED = 100  # rings beside the map on one page of the list
SELLER_PX, EDGE_PX = 5.6, 8.0  # a disc holds its sellers as dots, with an edge around them
ROOM_PX = 1.5  # between two discs
STEPS = (0.2, 0.4, 0.6, 0.8)
"""Infringement scores at which the colour changes: five steps, darker or lighter as well as redder."""
STEP_WORDS = ("under .2", ".2 to .4", ".4 to .6", ".6 to .8", "over .8")
MOST_TIES, MOST_TIES_A_RING = 400, 6  # more lines than that hide what they join
HUB_SHARE = 0.25  # of a value's weight where it joins nobody in one of the rings


@dataclass(frozen=True, slots=True)
class Tie:
    """What two rings have in common, and how much that says: each value the less, the more sellers use it."""

    one: str
    other: str
    weight: float
    kinds: tuple[str, ...]
    n_values: int


def show_map(pages: Pages, call: Call) -> str:
    """Return the page of the map, with the rings that it shows and what ties them in a list."""
    query = asked_rings(call, MOST_RINGS)
    past = asked_run(call)
    rings = _rings(call, past, query)
    steps = _steps(rings)
    pin = pin_of(past)
    asked_page = call.param("page")[:6]
    page = min(max(int(asked_page) if asked_page.isdecimal() else 1, 1), max(-(-len(rings) // LISTED), 1))
    same = _same_filter(query, past)
    return pages.render(
        "map.html",
        call,
        rings=rings[(page - 1) * LISTED : page * LISTED],
        first=(page - 1) * LISTED + 1,
        turns=[
            (words, f"/map{same}{'&' if same else '?'}page={other}#list")
            for words, other in (("Rings before", page - 1), ("Next rings", page + 1))
            if 0 < other <= -(-len(rings) // LISTED)
        ],
        n_rings=len(rings),
        n_sellers=sum(ring.n_sellers for ring in rings),
        asked=query,
        all_tiers=list(Tier),
        legend=[(words, steps.count(step)) for step, words in enumerate(STEP_WORDS)],
        data="/map/rings.json" + same,
        ties=_ties(pages, call, past, rings),
        run=call.view.run(call.visit.who),
        past=past,
        pin=pin,
    )


def send_map(pages: Pages, call: Call) -> Response:
    """Return the map as columns: id, middle, radius, sellers, tier and step of infringement of each ring; and ties."""
    past = asked_run(call)
    rings = _rings(call, past, asked_rings(call, MOST_RINGS))
    places = _places(call, past)
    number = {ring.ring_id: n for n, ring in enumerate(rings)}
    columns = {
        "ids": [ring.ring_id for ring in rings],
        "x": [places[ring.ring_id][0] for ring in rings],
        "y": [places[ring.ring_id][1] for ring in rings],
        "r": [round(_radius(ring), 2) for ring in rings],
        "sellers": [ring.n_sellers for ring in rings],
        "tiers": [TIERS.index(ring.tier) for ring in rings],
        "steps": _steps(rings),
        "ties": [[number[tie.one], number[tie.other], round(tie.weight, 2)] for tie in _ties(pages, call, past, rings)],
    }
    return json_response(columns)


def _rings(call: Call, past: PastRun | None, query: RingQuery) -> Sequence[RingRow]:
    who = call.visit.who
    return (call.view.rings(who, query) if past is None else rings_then(call.view, who, past, query)).rows


def _radius(ring: RingRow) -> float:
    return SELLER_PX * float(ring.n_sellers**0.5) + EDGE_PX


def _places(call: Call, past: PastRun | None) -> Mapping[str, Place]:
    """Return the middle of every ring of a run: as it is kept, or worked out from the run before.

    A ring has its place whatever the filter, so that discs stay where they are while others go.
    """
    run = past or _current(call.view)
    if run is None:
        return {}
    before = call.view.map_places(FULL, run)
    if before is not None and before[0] == run.run_id:
        return _read(before[1])
    rings = _rings(call, past, RingQuery(order="priority", first=MOST_RINGS))
    told = tuple((ring.ring_id, round(_radius(ring), 2)) for ring in rings)
    return _read(_keep(call.serving, run, _packed(told, before[1] if before else "")))


def _current(view: View) -> PastRun | None:
    run = view.run(FULL)
    return view.past_run(FULL, run.run_id) if run else None


@lru_cache(4)  # of servers that may not write; packing thousands takes a second
def _packed(told: tuple[tuple[str, float], ...], before: str) -> str:
    former = _read(before) if before else {}
    nowhere = (np.nan, np.nan)
    known = np.array([former.get(ring_id, nowhere) for ring_id, _ in told], np.float64).reshape(-1, 2)
    placed = pack(np.array([radius for _, radius in told]) + ROOM_PX, known).tolist()
    return orjson.dumps({ring_id: place for (ring_id, _), place in zip(told, placed, strict=True)}).decode()


def _keep(serving: Serving, run: PastRun, places: str) -> str:
    """Write places down, and return those that stand then; where nothing can be written, these."""
    if serving.desk is None or serving.desk.open_impatient is None:
        return places
    try:
        with serving.desk.open_impatient() as writer:
            writer.keep_map(run.run_id, places)
        found = serving.view.map_places(FULL, run)
    except RingwatchError:
        return places
    return found[1] if found and found[0] == run.run_id else places


def _read(places: str) -> Mapping[str, Place]:
    return {ring_id: (x, y) for ring_id, (x, y) in orjson.loads(places).items()}


def _ties(pages: Pages, call: Call, past: PastRun | None, rings: Sequence[RingRow]) -> list[Tie]:
    """Return the strongest ties between the rings shown, strongest first; those of runs before are not kept."""
    if past:
        return []
    return strongest_ties(pages.kept("ties", call, call.view.ring_ties), {ring.ring_id for ring in rings})


def strongest_ties(found: Sequence[RingTie], shown: set[str]) -> list[Tie]:
    """Return what ties each two rings, strongest first: at most so many in all, and so many of a ring.

    >>> strongest_ties([RingTie("A", "B", "phone", 4, False), RingTie("A", "C", "phone", 4, False)], {"A", "B"})
    [Tie(one='A', other='B', weight=0.5, kinds=('phone',), n_values=1)]
    """
    of: dict[tuple[str, str], list[RingTie]] = {}
    for part in found:
        if part.one in shown and part.other in shown:
            of.setdefault((part.one, part.other), []).append(part)
    ties = [
        Tie(*pair, sum(map(_weight, parts)), tuple(sorted({part.kind for part in parts})), len(parts))
        for pair, parts in of.items()
    ]
    kept: list[Tie] = []
    n_of: dict[str, int] = {}
    for tie in sorted(ties, key=lambda tie: (-tie.weight, tie.one, tie.other)):
        if len(kept) < MOST_TIES and max(n_of.get(tie.one, 0), n_of.get(tie.other, 0)) < MOST_TIES_A_RING:
            kept.append(tie)
            n_of |= {ring_id: n_of.get(ring_id, 0) + 1 for ring_id in (tie.one, tie.other)}
    return kept


def _weight(tie: RingTie) -> float:
    """Return how much a value in common says: two holders are one bit, a hundred a seventh of it."""
    return (HUB_SHARE if tie.is_hub else 1.0) / float(np.log2(max(tie.n_holders, 2)))


def _steps(rings: Sequence[RingRow]) -> list[int]:
    return [sum(ring.infringement_score >= step for step in STEPS) for ring in rings]


def _same_filter(query: RingQuery, past: PastRun | None) -> str:
    parts = [f"tier={tier.value}" for tier in query.tiers] + [f"min={query.min_sellers}"] * bool(query.min_sellers)
    parts += [pin_of(past)[1:]] * bool(past)
    return f"?{'&'.join(parts)}" if parts else ""
