"""Pictures over time in a real browser: months chosen on the timeline, two runs compared, a page pinned to a run."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from tests.support.api_server import running_server
from tests.support.browser import open_browser, open_page
from tests.support.ring_database import AT, fill, make_ring, seller_ids, table

from ringwatch.db.open import open_writer
from ringwatch.model.rings import Change, Detection, Fit, RingEvent, Tier

VIEWS = (("light", 390), ("dark", 1440))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A ring of six sellers, one registered a month, that has eight a day later; and another that shares its phone."""
    folder = tmp_path_factory.mktemp("history")
    database = f"sqlite:///{folder}/rings.db"
    first, other = fill(database, [6, 3])
    later = make_ring(0, 8, Tier.CLOSE)
    tied = replace(other, values=(*other.values, later.values[1]))
    with open_writer(database) as writer:
        load = writer.begin_load("hand", AT, full=False)
        dated = [(s, datetime(2025, 1 + n, 3, tzinfo=UTC)) for n, s in enumerate(seller_ids(0, 8))]
        rows = [{"seller_id": s, "name": f"Trading {s}", "registered_at": at} for s, at in dated]
        writer.write(load, "sellers", table("sellers", rows))
        writer.finish_load(load, AT)
        event = RingEvent(first.ring_id, Change.GREW, (), 6, 8, "two joined it")
        found = Detection((later, tied), (), Fit(12), AT, events=(event,))
        writer.save_run("run-2", found, AT + timedelta(days=1))
    with running_server(database, folder / "log") as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_pages_over_time_can_be_read_by_everybody(url: str, browser: Browser, scheme: str, width: int) -> None:
    """No page of before breaks a rule of accessibility, complains, or is wider than the window."""
    paths = [
        "/rings?run=run-1",
        "/rings/R000?run=run-1&from=2025-02&to=2025-04",
        "/rings/R000/compare",
        "/map?run=run-1",
    ]
    found, axe = [], Axe()
    with open_page(browser, url, "/map", color_scheme=scheme, viewport={"width": width, "height": 900}) as (page, _):
        for path in ["/map", *paths]:
            page.goto(url + path)
            page.wait_for_selector("html[data-ready]", state="attached")
            found += [(path, rule["id"], rule["nodes"][0]["html"]) for rule in axe.run(page).response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, "wider than the window", ""))
    assert found == []


def test_the_timeline_filters_picture_and_tables(url: str, browser: Browser) -> None:
    """By keys, by dragging, from the address, and on the server where there are no scripts: the same sellers."""
    address = "/rings/R000?from=2025-02&to=2025-04"
    shown = "a.mark.seller:not(.gone)"
    with open_page(browser, url, "/rings/R000") as (page, _):
        expect(page.locator(shown)).to_have_count(8)
        page.get_by_label("First month shown").focus()
        page.keyboard.press("ArrowRight")
        page.get_by_label("Last month shown").focus()
        for _ in range(4):
            page.keyboard.press("ArrowLeft")
        expect(page.locator(shown)).to_have_count(3)
        expect(page.locator("#members tbody tr:not(.gone)")).to_have_count(3)
        assert page.url.endswith(address)
        page.get_by_role("link", name="All", exact=True).click()
        expect(page.locator(shown)).to_have_count(8)
        box = page.locator("ring-brush svg").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 1.5 / 8, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 3.5 / 8, box["y"] + 20)
        page.mouse.up()
        expect(page.locator(shown)).to_have_count(3)
    plain = httpx.get(url + address).text  # what a browser without scripts shows
    assert len(re.findall(r'<a class="mark seller [^"]*"', plain)) == 8
    assert len(re.findall(r'<a class="mark seller [^"]* gone"', plain)) == 5
    assert len(re.findall(r'<tr id="seller:[^"]*" class="gone">', plain)) == 5
    assert "3 of 8 sellers" in plain


def test_two_runs_are_compared_on_one_picture(url: str, browser: Browser) -> None:
    """What came has a plus, what stayed stands where it stood, and the table names all of it."""
    with open_page(browser, url, "/rings/R000") as (page, _):
        page.keyboard.press("h")
        page.get_by_role("link", name="Compare over time").click()
        expect(page.locator("a.mark.seller.added")).to_have_count(2)
        expect(page.locator("a.mark.seller.kept")).to_have_count(6)
        expect(page.locator("tbody b.added")).to_have_count(2)
        expect(page.locator(".versions li")).to_have_count(2)
        page.locator(".versions a").first.click()
        expect(page.locator(".pinned")).to_contain_text("run-1")
        expect(page.locator("a.mark.seller")).to_have_count(6)
        assert page.locator("form[method=post]").count() == 0
        page.get_by_role("link", name="The ring today").click()
        expect(page.locator("a.mark.seller")).to_have_count(8)


def test_the_map_ties_rings_that_share_a_value(url: str) -> None:
    """Ties stand in the data of the map and in its list; rings keep their place under a filter."""
    whole = httpx.get(f"{url}/map/rings.json").json()
    assert [sorted((one, other)) for one, other, _ in whole["ties"]] == [[0, 1]]
    assert "R000</a> and" in httpx.get(f"{url}/map").text
    part = httpx.get(f"{url}/map/rings.json?min=5").json()
    at = whole["ids"].index(part["ids"][0])
    assert (part["x"], part["y"], part["ties"]) == ([whole["x"][at]], [whole["y"][at]], [])
