"""The console page in a real browser: queries run, the keyboard suffices, the policy holds, both themes show."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.api_server import running_server
from tests.support.browser import open_browser, open_page
from tests.support.ring_database import fill

from ringwatch.db.open import open_docket
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.model.enforcement import Hand
from ringwatch.model.visibility import ActorRole

CONTRAST = """() => {
  const luminance = (color) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if (!/rgba?\\(.*, 0\\)$|transparent/.test(color)) return color;
    }
    return "white";
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !element.checkVisibility() || element.matches("textarea, script, noscript *, .sr")) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(`${element.className}: ${element.textContent.slice(0, 30)}`);
  }
  return weak;
}"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a database of four rings."""
    folder = tmp_path_factory.mktemp("console")
    fill(f"sqlite:///{folder}/rings.db", [3, 5, 12, 40])
    with running_server(f"sqlite:///{folder}/rings.db", folder / "log") as server:
        yield server.url


@dataclass(frozen=True)
class Keyed:
    """A server over a database that asks for a key, the key of an operator, and the server's log."""

    url: str
    key: str
    log: Path


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    """A server over the same rings, with an actor."""
    folder = tmp_path_factory.mktemp("keyed")
    database = f"sqlite:///{folder}/rings.db"
    fill(database, [3, 5])
    with open_docket(database) as docket:
        _, key = add_actor(docket, ActorInput("olga", ActorRole.OPERATOR), Hand("owner", datetime.now(UTC)))
    with running_server(database, folder / "log") as server:
        yield Keyed(server.url, key, server.log)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with open_browser() as browser:
        yield browser


def answer_of(page: Page) -> dict[str, object]:
    """Return the answer that is shown as JSON."""
    return json.loads(page.locator("#result").inner_text())


def test_it_opens_with_rings(url: str, browser: Browser) -> None:
    """The page opens with rings of this database and says what the answer took; nothing is complained of."""
    with open_page(browser, url) as (page, _):
        assert [ring["ringId"] for ring in answer_of(page)["data"]["rings"]["nodes"]] == ["R000", "R003", "R001"]
        expect(page.locator("#status")).to_contain_text("200 · ")
        expect(page.locator("#status")).to_contain_text("ms")
        expect(page.locator("#status")).to_contain_text("cost")


def test_ready_made_queries_run(url: str, browser: Browser) -> None:
    """Every ready-made query runs as it stands, with ids of this database, and fills a table."""
    with open_page(browser, url) as (page, _):
        page.get_by_role("button", name="Table").click()
        names = page.locator("#ready b").all_inner_texts()
        assert len(names) == 6
        for name in names:
            with page.expect_response("**/graphql"):
                page.locator("#ready").get_by_role("button", name=name).click()
            expect(page.locator("#ready [aria-current=true]")).to_contain_text(name)
            expect(page.locator("#status")).to_have_attribute("data-state", "good")
            assert page.locator("#table tbody tr").count() >= 1


def test_the_keyboard_suffices(url: str, browser: Browser) -> None:
    """From the skip link a query is written, laid out and run without a mouse; Tab leaves the editor."""
    with open_page(browser, url) as (page, _):
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#query")).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("{rings(first:1){")
        page.keyboard.press("Enter")
        page.keyboard.type("nodes{ringId}}}")
        assert page.locator("#query").input_value() == "{rings(first:1){\n  nodes{ringId}}}"
        page.keyboard.press("Control+Enter")
        expect(page.locator("#result")).to_contain_text('"R000"')
        expect(page.locator("#result")).not_to_contain_text('"R003"')
        page.keyboard.press("Tab")
        expect(page.locator("#variables")).to_be_focused()
        tidy = page.get_by_role("button", name="Tidy")
        tidy.focus()
        page.keyboard.press("Enter")
        assert (
            page.locator("#query").input_value() == "{\n  rings(first: 1) {\n    nodes {\n      ringId\n    }\n  }\n}\n"
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline in {"solid", "none"}  # the editor that took the focus shows it on its frame


def test_the_address_holds_the_state(url: str, browser: Browser) -> None:
    """A link opens the same query, variables and schema page elsewhere; going back goes back."""
    with open_page(browser, url) as (page, _):
        page.locator("#ready").get_by_role("button", name="Search").click()
        page.locator("#schema").get_by_role("button", name="Ring", exact=True).click()
        state = parse_qs(urlsplit(page.url).fragment)
        assert state["query"][0].startswith("query Search")
        assert state["type"] == ["Ring"]
        page.locator("#ready").get_by_role("button", name="Largest rings").click()
        page.go_back()
        expect(page.locator("#query")).to_have_value(state["query"][0])


def test_a_link_opens_elsewhere(url: str, browser: Browser) -> None:
    """The query of a link runs at once in another profile."""
    with open_page(browser, url) as (page, _):
        page.goto("about:blank")
        page.goto(f"{url}/graphql#query=%7Brings(first%3A1)%7Bnodes%7Btier%7D%7D%7D&type=Tier")
        page.wait_for_selector("html[data-ready]", state="attached")
        assert answer_of(page) == {"data": {"rings": {"nodes": [{"tier": "CLOSE"}]}}}
        expect(page.locator("#schema h3")).to_contain_text("Tier")


def test_a_link_decides_nothing_by_itself(url: str, browser: Browser) -> None:
    """A mutation of a link waits until a person runs it: whoever made the link decides nothing."""
    text = quote('mutation{judge(input:{ringId:"R-NONE",verdict:DISMISSED,reason:"x"}){...on UserError{code}}}')
    with open_page(browser, url) as (page, _):
        page.goto("about:blank")
        page.goto(f"{url}/graphql#query={text}")
        page.wait_for_selector("html[data-ready]", state="attached")
        expect(page.locator("#status")).to_contain_text("read it, then run it")
        assert page.locator("#result").inner_text() == ""
        page.click("#run")
        expect(page.locator("#result")).to_contain_text("RING_NOT_FOUND")


def test_a_key_is_pasted_and_stays_in_its_tab(keyed: Keyed, browser: Browser) -> None:
    """Nothing is asked before; then name and role are shown. No address, no lasting store, no log holds the key."""
    with open_page(browser, keyed.url) as (page, complaints):
        expect(page.locator("#status")).to_contain_text("asks for a key")
        expect(page.locator("#who")).to_be_hidden()
        page.click("#run")
        expect(page.locator("#key")).to_be_focused()
        page.keyboard.type("rw_nobody")
        page.keyboard.press("Enter")
        expect(page.locator("#sign-in-note")).to_have_text("This key is not good here.")
        assert ["401" in said for said in complaints.found] == [True]
        complaints.found.clear()
        page.fill("#key", f" {keyed.key} ")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#who")).to_have_text("olga operator")
        expect(page.locator("#result")).to_contain_text('"R000"')
        expect(page.locator("#sign-in")).to_be_hidden()
        page.fill("#query", "mutation{proposePlan(input:{tier:CLOSE}){...on UserError{code}}}")
        page.click("#run")
        expect(page.locator("#errors")).to_contain_text("FORBIDDEN")
        page.reload()
        page.wait_for_selector("html[data-ready]", state="attached")
        expect(page.locator("#who")).to_have_text("olga operator")
        assert keyed.key not in page.url
        assert keyed.key not in page.content()
        assert keyed.key not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("#key")).to_be_visible()
        assert page.locator("#result").inner_text() == ""
        assert page.evaluate("sessionStorage.length") == 0
        page.reload()
        expect(page.locator("#status")).to_contain_text("asks for a key")
    assert keyed.key not in keyed.log.read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_can_be_read_in_both_themes(keyed: Keyed, browser: Browser, scheme: str) -> None:
    """Before and after, and on a phone nothing is cut off sideways."""
    with open_page(browser, keyed.url, color_scheme=scheme, viewport={"width": 390, "height": 800}) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(CONTRAST) == []
        page.fill("#key", keyed.key)
        page.keyboard.press("Enter")
        expect(page.locator("#who")).to_have_text("olga operator")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(CONTRAST) == []


def test_who_needs_no_key_is_asked_for_none(url: str, browser: Browser) -> None:
    """Where the database has no actor nobody has a key."""
    with open_page(browser, url) as (page, _):
        expect(page.locator("#sign-in")).to_be_hidden()


def test_wrong_queries_and_variables_are_told(url: str, browser: Browser) -> None:
    """An error shows its code and leads to its line; variables that are no JSON are told before anything is sent."""
    with open_page(browser, url) as (page, _):
        page.fill("#query", "{\n  rings {\n    nodes { <b>nope</b> }\n  }\n}")
        page.click("#run")
        expect(page.locator("#errors")).to_contain_text("GRAPHQL_PARSE_FAILED")
        page.fill("#query", "{\n  rings {\n    nodes { nope }\n  }\n}")
        page.click("#run")
        expect(page.locator("#errors")).to_contain_text("GRAPHQL_VALIDATION_FAILED")
        page.locator("#errors").get_by_role("button", name="Line 3").click()
        assert page.evaluate("getSelection().toString()") == "nope"
        page.fill("#variables", "{x}")
        page.click("#run")
        expect(page.locator("#variables-note")).to_contain_text("not JSON")
        expect(page.locator("#variables")).to_be_focused()


def test_schema_pages(url: str, browser: Browser) -> None:
    """Every type has a page that describes it; a field is found by its name."""
    with open_page(browser, url) as (page, _):
        page.get_by_label("Find a type or a field").fill("linkScore")
        page.locator("#schema").get_by_role("button", name="RingMemberEdge.linkScore").click()
        expect(page.locator("#schema h3")).to_contain_text("RingMemberEdge")
        expect(page.locator("#schema")).to_contain_text("How surely it is run by the ring's operator")
        page.locator("#schema").get_by_role("button", name="MemberRole!").click()
        expect(page.locator("#schema")).to_contain_text("OVERLAP")
        page.get_by_role("button", name="All types").click()
        expect(page.locator("#schema").get_by_role("button", name="RingFilter")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_themes(url: str, browser: Browser, scheme: str) -> None:
    """Every text stands out from its ground by 4.5 to 1 or more, in light and in dark, in JSON and in a table."""
    with open_page(browser, url, color_scheme=scheme) as (page, _):
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(11, 15, 20)"
        assert dark == (scheme == "dark")
        assert page.evaluate(CONTRAST) == []
        page.locator("#schema").get_by_role("button", name="Query", exact=True).click()
        page.get_by_role("button", name="Table").click()
        assert page.evaluate(CONTRAST) == []


def test_the_theme_can_be_chosen(url: str, browser: Browser) -> None:
    """The switch goes from the system's theme to light to dark, and the choice stays."""
    with open_page(browser, url, color_scheme="light") as (page, _):
        for _ in range(2):
            page.locator("#theme").click()
        expect(page.locator("#theme")).to_have_text("Theme: dark")
        page.reload()
        page.wait_for_selector("html[data-ready]", state="attached")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(11, 15, 20)"


def test_every_control_has_a_name(url: str, browser: Browser) -> None:
    """Whatever can be focused says what it is to someone who does not see it."""
    with open_page(browser, url) as (page, _):
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("button, input, textarea, a, [tabindex='0']")].filter((e) =>
              !(e.textContent.trim() || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby")
                || e.labels?.length)).map((e) => e.outerHTML.slice(0, 80))"""
        )
        assert nameless == []


def test_the_page_is_usable_on_a_phone(url: str, browser: Browser) -> None:
    """On a narrow screen nothing is cut off sideways."""
    with open_page(browser, url, viewport={"width": 390, "height": 800}) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_no_script_breaks_the_policy(url: str, browser: Browser) -> None:
    """The policy is in force: markup made from text is refused by the browser itself."""
    with open_page(browser, url) as (page, complaints):
        refused = page.evaluate(
            "(() => { try { document.body.innerHTML = '<p>x'; return false } catch { return true } })()"
        )
        assert refused
        page.wait_for_timeout(50)
        assert any("CSP" in said or "TrustedHTML" in said for said in complaints.found)
        complaints.found.clear()


def test_files_are_kept_for_ever(url: str) -> None:
    """Files of the page have an address of their own content, and may be kept; the page itself is asked for anew."""
    page = httpx.get(f"{url}/graphql", headers={"accept": "text/html"})
    assert page.headers["cache-control"] == "no-store"
    addresses = {part.split('"')[0] for part in page.text.split('="')[1:] if part.startswith("/static/")}
    assert len(addresses) >= 6
    for address in addresses:
        assert "immutable" in httpx.get(url + address).headers["cache-control"]
    folder = Path(__file__).parents[2] / "api" / "static"
    assert {path.name for path in folder.iterdir()} >= {Path(address).name for address in addresses}
    assert "http://" not in page.text
    assert "https://" not in page.text
