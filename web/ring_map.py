"""The map of all rings: one disc a ring, the most important in the middle."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from fastapi import Response

from ringwatch.algorithms.packing import pack
from ringwatch.api.graphql_route import json_response
from ringwatch.db.view import RingQuery, RingRow
from ringwatch.model.rings import TIERS, Tier
from ringwatch.web.pages import Call, Pages
from ringwatch.web.rings import asked_rings

MOST_RINGS = 5_000  # drawn; more are smaller than a dot
LISTED = 100  # rings beside the map; the queue has all
SELLER_PX, EDGE_PX = 5.6, 8.0  # a disc holds its sellers as dots, with an edge around them
STEPS = (0.2, 0.4, 0.6, 0.8)
"""Infringement scores at which the colour changes: five steps, darker or lighter as well as redder."""
STEP_WORDS = ("under .2", ".2 to .4", ".4 to .6", ".6 to .8", "over .8")


def show_map(pages: Pages, call: Call) -> str:
    """Return the page of the map, with the rings that it shows in a list."""
    query = asked_rings(call, MOST_RINGS)
    rings = call.view.rings(call.visit.who, query).rows
    steps = _steps(rings)
    return pages.render(
        "map.html",
        call,
        rings=rings[:LISTED],
        n_rings=len(rings),
        n_sellers=sum(ring.n_sellers for ring in rings),
        asked=query,
        all_tiers=list(Tier),
        legend=[(words, steps.count(step)) for step, words in enumerate(STEP_WORDS)],
        data="/map/rings.json" + _same_filter(query),
        run=call.view.run(call.visit.who),
    )


def send_map(_: Pages, call: Call) -> Response:
    """Return the map as columns: id, middle, radius, sellers, tier and step of infringement of each ring."""
    rings = call.view.rings(call.visit.who, asked_rings(call, MOST_RINGS)).rows
    radii = tuple(round(SELLER_PX * ring.n_sellers**0.5 + EDGE_PX, 2) for ring in rings)
    placed = _packed(radii)
    columns = {
        "ids": [ring.ring_id for ring in rings],
        "x": [x for x, _ in placed],
        "y": [y for _, y in placed],
        "r": radii,
        "sellers": [ring.n_sellers for ring in rings],
        "tiers": [TIERS.index(ring.tier) for ring in rings],
        "steps": _steps(rings),
    }
    return json_response(columns)


@lru_cache(4)  # the whole map and the filters that are asked for; packing thousands takes a second
def _packed(radii: tuple[float, ...]) -> list[list[float]]:
    placed: list[list[float]] = pack(np.asarray(radii) + 1.5).tolist()
    return placed


def _steps(rings: Sequence[RingRow]) -> list[int]:
    return [sum(ring.infringement_score >= step for step in STEPS) for ring in rings]


def _same_filter(query: RingQuery) -> str:
    parts = [f"tier={tier.value}" for tier in query.tiers] + [f"min={query.min_sellers}"] * bool(query.min_sellers)
    return f"?{'&'.join(parts)}" if parts else ""
