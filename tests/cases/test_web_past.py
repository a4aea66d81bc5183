"""Pages pinned to a run, and pictures that stay: over both databases, through the real application."""

import asyncio
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from tests.cases.test_lineage import keep
from tests.cases.test_past import PHONE, shared

from ringwatch.api.config import ServeConfig
from ringwatch.db.open import open_database
from ringwatch.model.rings import Change, Detection, Fit, RingEvent
from ringwatch.web import ring_map
from ringwatch.web.app import make_app

LETTERS = "abcdefgh"


@pytest.fixture
def grown(graph):
    """A ring of four sellers that has six in the second run, and one more that is there in the first alone."""
    sellers = [{"seller_id": s, "name": f"Trader {s}"} for s in LETTERS]
    graph.load({"sellers": sellers, "stores": [{"store_id": f"st-{s}", "seller_id": s} for s in LETTERS]})
    keep(graph, "run-1", shared("R1", "abcd"), shared("R2", "gh"))
    return graph


class Client:
    """Asks an application without a socket between."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str) -> httpx.Response:
        """Return the answer to a request."""
        return asyncio.run(self._get(path))

    async def _get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)


@contextmanager
def serving(graph) -> Iterator[Client]:
    """A server of its own over the database."""
    app = make_app(ServeConfig(graph.url))
    with asyncio.Runner() as runner:
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        yield Client(app)
        runner.run(lifespan.__aexit__(None, None, None))


def grow(graph) -> None:
    """A day later R1 has two sellers more, and R2 is no more."""
    events = (
        RingEvent("R1", Change.GREW, (), 4, 6, "e and f joined it"),
        RingEvent("R2", Change.DISSOLVED, (), 2, 0, "no two of its sellers are in one ring any more"),
    )
    with graph.writer() as writer:
        detection = Detection((shared("R1", "abcdef"),), (), Fit(8), graph.now, events=events)
        writer.save_run("run-2", detection, graph.now + timedelta(days=1))


def places(client: Client, path: str) -> dict[str, tuple[float, float]]:
    """Return where each mark of a picture stands."""
    return {node["id"]: (node["x"], node["y"]) for node in client.get(path).json()["nodes"]}


def test_a_pinned_page_shows_next_year_what_it_shows_today(grown):
    """Every page of a run reads the same once it is a run of before; what it never had, and no run, are not there."""
    pages = [f"{path}?run=run-1" for path in ("/rings", "/rings/R1", "/rings/R2", "/rings/R1/graph.json",
             "/rings/R1/picture.svg", "/rings/R1/members.csv", "/sellers/a", "/map", "/map/rings.json")]  # fmt: skip
    with serving(grown) as client:
        before = {path: client.get(path) for path in pages}
        grow(grown)
        after = {path: client.get(path) for path in pages}
        for path in pages:
            assert before[path].status_code == 200, path
            assert _plain(after[path].text) == _plain(before[path].text), path
        page = after["/rings/R1?run=run-1"].text
        assert "As of run run-1" in page
        assert 'method="post"' not in page
        assert "/plans/new" not in page
        for path in ("/rings?run=run-9", "/rings/R1?run=run-9", "/rings/R2?run=run-2", "/map?run=run-9"):
            answer = client.get(path)
            assert (answer.status_code, "No page has this address" in answer.text) == (404, True), path


def _plain(page: str) -> str:
    """Return a page without the token of its forms, which no two have in common."""
    return "\n".join(line for line in page.splitlines() if "token" not in line)


def test_former_marks_stay_where_they_were(grown):
    """A ring that grew has its former sellers and stores where they were, on every server and after a restart."""
    with serving(grown) as client:
        first = places(client, "/rings/R1/graph.json")
        grow(grown)
        second = places(client, "/rings/R1/graph.json")
        assert {k: v for k, v in second.items() if k in first} == first
        assert len(second) > len(first)
    with serving(grown) as one, serving(grown) as other:
        assert places(one, "/rings/R1/graph.json") == places(other, "/rings/R1/graph.json") == second
        assert places(one, "/rings/R1/graph.json?run=run-1") == first


def test_equal_histories_have_equal_pictures_however_they_were_seen(grown):
    """Places of a version that nobody looked at are worked out on the way to the next one, and kept."""
    grow(grown)
    with serving(grown) as client:
        late = places(client, "/rings/R1/graph.json")
        assert {k: v for k, v in late.items() if k.endswith((":a", "st-a"))}.items() <= places(
            client, "/rings/R1/graph.json?run=run-1"
        ).items()
    database = open_database(grown.url, create=False)
    with database.reading() as session:
        kept = {(ring_id, n): json.loads(text) for ring_id, n, text in session.table_rows("ring_layout")}
    database.close()
    assert kept.keys() == {("R1", 1), ("R1", 2)}
    assert PHONE not in repr(kept)


def test_the_list_beside_the_map_has_every_ring_that_is_drawn(grown, monkeypatch):
    """Page by page, of a run of before too; what is no page leads to the first or the last."""
    monkeypatch.setattr(ring_map, "LISTED", 1)
    with serving(grown) as client:
        drawn = client.get("/map/rings.json?run=run-1").json()["ids"]
        path, listed = "/map?run=run-1", []
        while path:
            page = client.get(path).text
            listed += re.findall(r'<tr id="m-(\w+)"', page)
            following = re.search(r'href="([^"]*)">Next rings', page)
            path = html.unescape(following[1]) if following else ""
        assert listed == drawn == ["R1", "R2"]
        for page, ring in (("0", "R1"), ("x", "R1"), ("99", "R2")):
            assert f'id="m-{ring}"' in client.get(f"/map?page={page}").text
