"""A ring as a file: its picture, the same as data, a graph for other programs, and its members as a table."""

import csv
import io
from dataclasses import astuple, fields
from datetime import datetime
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from ringwatch.api.graphql_route import json_response
from ringwatch.db.view import ListingRow
from ringwatch.model.errors import ConfigError
from ringwatch.web.graphml import graph_of, render_graphml
from ringwatch.web.pages import Call, Pages
from ringwatch.web.past import asked_run, draw_seen, find_ring, see_ring
from ringwatch.web.pictures import Caption, picture_file

COLUMNS = ("seller_id", "name", "tier", "role", "link_score", "infringement_score")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # also in full width
"""What makes a spreadsheet compute a cell; sellers choose their names."""


def send_graph(_: Pages, call: Call, ring_id: str) -> Response:
    """Return the picture of a ring as data: marks with their positions, and links."""
    seen = see_ring(call, ring_id)
    drawing = draw_seen(call, seen)
    marks: list[dict[str, Any]] = [
        {
            "id": mark.key,
            "what": mark.what,
            "family": mark.family,
            "label": mark.label,
            "spoken": mark.spoken,
            "x": mark.x,
            "y": mark.y,
            "href": mark.href,
        }
        for mark in drawing.marks
    ]
    links = [
        {"from": marks[link.one]["id"], "to": marks[link.other]["id"], "what": link.what, "width": link.width}
        for link in drawing.links
    ]
    run = seen.past or call.view.run(call.visit.who)
    told = {"ring_id": ring_id, "run_id": run.run_id if run else None, "version": seen.version}
    return json_response(told | {"box": list(drawing.box), "nodes": marks, "links": links})


def send_picture(pages: Pages, call: Call, ring_id: str) -> Response:
    """Return the picture of a ring as an SVG file."""
    seen, run = see_ring(call, ring_id), call.view.run(call.visit.who)
    assert run is not None  # noqa: S101 (a ring is one of a run)
    run_id, at = (seen.past.run_id, seen.past.at) if seen.past else (run.run_id, run.as_of)
    is_masked = call.visit.who.lens is not None
    address = f"/partner/rings/{ring_id}" if is_masked else f"/rings/{ring_id}?{urlencode({'run': run_id})}"
    caption = Caption(ring_id, seen.ring.tier.value, seen.ring.n_sellers, run_id, at, address)
    return _file(picture_file(pages, draw_seen(call, seen), caption), "image/svg+xml", f"{ring_id}.svg")


def send_graphml(_: Pages, call: Call, ring_id: str) -> Response:
    """Return a ring as GraphML, as Gephi and networkx read it; a ring of today alone."""
    if asked_run(call) is not None:
        raise ConfigError("GraphML: holds rings of today alone, expected no run in the address; take JSON or SVG")
    find_ring(call.view, call.visit.who, ring_id)
    members = call.view.members(call.visit.who, ring_id).rows
    return _file(render_graphml(*graph_of(call.view, call.visit.who, members)), "application/xml", f"{ring_id}.graphml")


def send_members(_: Pages, call: Call, ring_id: str) -> Response:
    """Return the members of a ring as CSV that a spreadsheet opens without computing anything."""
    facts = see_ring(call, ring_id).facts
    members, sellers = facts.members, facts.sellers
    text = io.StringIO()
    rows = csv.writer(text)  # its line ends, CR LF, have it quote a bare CR too
    rows.writerow(COLUMNS)
    for m in members:
        name = sellers[m.seller_id].name or "" if m.seller_id in sellers else ""
        own = (tame(m.seller_id), tame(name), m.tier.value, m.role.value)
        scores = (m.link_score, m.infringement_score)  # what a partner is not shown of is no number
        rows.writerow((*own, *(f"{score:.6f}" if isfinite(score) else "" for score in scores)))
    return _file(text.getvalue(), "text/csv", f"{ring_id}.csv")


def send_listings(_: Pages, call: Call, ring_id: str) -> Response:
    """Return the listings of the partner's brand in a ring as CSV."""
    find_ring(call.view, call.visit.who, ring_id)
    text = io.StringIO()
    rows = csv.writer(text)  # as above
    rows.writerow([column.name for column in fields(ListingRow)])
    for listing in call.view.own_listings(call.visit.who, ring_id):
        rows.writerow(["" if cell is None else tame(_cell(cell)) for cell in astuple(listing)])
    return _file(text.getvalue(), "text/csv", f"{ring_id}-listings.csv")


def _cell(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def tame(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> tame("=1+1"), tame("Huayi Trading")
    ("'=1+1", 'Huayi Trading')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _file(text: str, media_type: str, name: str) -> Response:
    """Return a file to be saved; ring ids are letters, digits and a dash."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{media_type}; charset=utf-8", headers=headers)
