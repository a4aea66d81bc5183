"""The pages in a real browser over the made-up marketplace: read, walked by keys, judged, and safe to look at."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import networkx as nx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.support.api_server import COMMAND, running_server
from tests.support.browser import open_browser, open_page
from tests.support.ring_database import AT, fill, table
from tests.support.screens import addresses

from ringwatch.db.open import open_writer

WIDTHS = (390, 1024, 1440)


@dataclass(frozen=True)
class Market:
    """A server over the made-up marketplace, and the key of each role."""

    url: str
    keys: dict[str, str]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """The made-up marketplace, served."""
    folder = tmp_path_factory.mktemp("pages")
    database = f"sqlite:///{folder}/demo.db"
    made = subprocess.run(
        [COMMAND, "demo", "--no-serve", "--database", database, "--json"], check=True, capture_output=True
    )
    keys = {actor["role"]: actor["key"] for actor in json.loads(made.stdout)["actors"]}
    with running_server(database, folder / "log") as server:
        yield Market(server.url, keys)


@pytest.fixture(scope="module")
def url(market: Market) -> str:
    """The address of the made-up marketplace."""
    return market.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def ring(url: str) -> str:
    """The ring at the head of the list by tier, and it has more than ten sellers."""
    page = httpx.get(f"{url}/rings?sort=tier&min=10").text
    return re.findall(r"/rings/(R-\w+)", page)[0]


@pytest.fixture(scope="module")
def member(url: str, ring: str) -> str:
    """A member of it."""
    return httpx.get(f"{url}/rings/{ring}/members.csv").text.splitlines()[1].partition(",")[0]


@pytest.fixture(scope="module")
def named(market: Market, ring: str, member: str) -> dict[str, str]:
    """What the addresses of screens name: a ring, two of its members, a plan that watches its stores, a value."""
    with httpx.Client(base_url=market.url) as client:
        token = re.search(r'name="token" value="([^"]+)"', client.get("/sign-in").text)[1]
        client.post("/sign-in", data={"token": token, "key": market.keys["investigator"]})
        page = client.get(f"/rings/{ring}").text
        token, value = (
            re.search(pattern, page)[1] for pattern in (r'name="token" value="([^"]+)"', r"<option>([^<]+:[^<]+)<")
        )
        form = {"token": token, "ring": ring, "action": "watch"}
        plan = client.post("/plans", data=form).headers["location"].removeprefix("/plans/")
        other = client.get(f"/rings/{ring}/members.csv").text.splitlines()[2].partition(",")[0]
    return {"ring": ring, "member": member, "other": other, "plan": plan, "value": quote(value, safe="")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", ["investigator", "partner"])
def test_every_screen_can_be_read_by_everybody(
    market: Market, browser: Browser, named: dict[str, str], role: str, scheme: str
) -> None:
    """No screen breaks a rule of accessibility, complains, or is wider than the window, from a phone to a desk.

    The rules are asked on a desk in light and on a phone in dark colours. Pictures of all go into the folder that
    ``RINGWATCH_TEST_SCREENSHOTS`` names.
    """
    found, axe, ruled = [], Axe(), WIDTHS[-1] if scheme == "light" else WIDTHS[0]
    kept = os.environ.get("RINGWATCH_TEST_SCREENSHOTS", "")
    with open_page(browser, market.url, "/sign-in", color_scheme=scheme) as (page, complaints):
        sign_in(page, market, role)
        if role == "partner":
            page.goto(f"{market.url}/partner/rings")
            named = {**named, "ring": page.locator("tbody a").first.inner_text()}
        for number, path in enumerate(addresses(named, role)):
            page.goto(market.url + path)
            page.wait_for_selector("html[data-ready]", state="attached")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found.append((path, width, "wider than the window"))
                if width == ruled:
                    found += [
                        (path, rule["id"], rule["nodes"][0]["html"]) for rule in axe.run(page).response["violations"]
                    ]
                if kept:
                    page.screenshot(path=Path(kept) / f"{role}-{number:02d}-{scheme}-{width}.png")
        assert [told for told in complaints.found if "404" not in told] == []
        complaints.found.clear()  # the browser tells of the page that is not there
    assert found == []


def test_keys_lead_from_the_list_to_a_judgement(url: str, browser: Browser) -> None:
    """Without a mouse a ring is found, its picture is walked, its tables are opened, and it is judged."""
    with open_page(browser, url, "/rings?tier=review") as (page, _):
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(page.locator("tr.now")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("review")
        page.locator("a.mark").first.focus()
        before = page.evaluate("document.activeElement.dataset.n")
        for key in ("Shift+ArrowRight", "Shift+ArrowLeft", "Shift+ArrowDown", "Shift+ArrowUp"):
            page.keyboard.press(key)
        walked = page.evaluate("document.activeElement.dataset.n")
        expect(page.locator("svg.ring.choosing a.chosen")).to_have_count(1)
        assert "focus=" in page.url
        assert page.locator("a.mark").count() == 1 or before is not None is not walked
        page.keyboard.press("Escape")
        expect(page.locator("svg.ring.choosing")).to_have_count(0)
        page.keyboard.press("m")
        expect(page.locator("#members")).to_be_visible()
        expect(page.locator("#evidence")).to_be_hidden()
        page.keyboard.press("e")
        expect(page.locator("#evidence")).to_be_visible()
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Judge").focus()
        page.keyboard.press("Enter")
        page.locator("#reason").focus()
        page.keyboard.type("seen at the warehouse <b>")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#judgements .note")).to_contain_text("seen at the warehouse <b>")


KEYS = {"/", "J", "K", "Enter", "←", "→", "↑", "↓", "Shift", "+", "−", "0", "E", "M", "H", "N", "Esc", "?"}  # noqa: RUF001 (the sign on the page)


def test_every_key_does_what_the_list_of_keys_says(url: str, browser: Browser, ring: str) -> None:
    """The list names just the keys that there are, and each of them does something."""
    with open_page(browser, url, f"/rings/{ring}") as (page, _):
        page.keyboard.press("?")
        assert set(page.locator("#help kbd").all_inner_texts()) == KEYS
        page.keyboard.press("Escape")
        expect(page.locator("#help")).to_be_hidden()
        for key, tab in (("m", "#members"), ("h", "#history"), ("n", "#notes"), ("e", "#evidence")):
            page.keyboard.press(key)
            expect(page.locator(tab)).to_be_visible()
        picture = page.locator("svg.ring")
        whole = picture.get_attribute("viewBox")
        page.locator("a.mark").first.focus()
        chosen = page.locator("a.mark.chosen")
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            before = page.evaluate("[...document.querySelectorAll('a.mark')].indexOf(document.activeElement)")
            near = page.evaluate("document.querySelectorAll('a.mark.near').length")
            page.keyboard.press(key)
            after = page.evaluate("[...document.querySelectorAll('a.mark')].indexOf(document.activeElement)")
            assert near > 1
            assert after >= 0
            if after != before:
                break
        else:
            pytest.fail("no arrow led on from a mark that has neighbours")
        page.keyboard.press("+")
        nearer = picture.get_attribute("viewBox")
        page.keyboard.press("-")
        assert len({whole, nearer, picture.get_attribute("viewBox")}) >= 2
        page.keyboard.press("0")
        assert picture.get_attribute("viewBox") == whole
        page.keyboard.press("Escape")
        expect(chosen).to_have_count(0)
        page.locator("a.mark.seller").nth(1).focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # selected by the first, opened by the second
        page.wait_for_url("**/sellers/**")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.type("j?k")  # typed into a field they are letters
        expect(page.locator("#find")).to_have_value("j?k")


def test_keys_lead_to_a_plan(market: Market, browser: Browser) -> None:
    """Without a mouse somebody signs in, finds a ring, sees why it is one, judges it and proposes to close it."""
    with open_page(browser, market.url, "/sign-in") as (page, _):
        page.keyboard.type(market.keys["investigator"])  # the field has the focus
        page.keyboard.press("Enter")
        page.wait_for_url("**/rings")
        page.goto(f"{market.url}/rings?tier=close&sort=tier")
        page.wait_for_selector("html[data-ready]", state="attached")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/rings/R-*")
        expect(page.locator("#evidence tbody tr").first).to_be_visible()
        tab_to(page, "Judge")
        page.keyboard.press("Enter")
        page.locator("#reason").focus()
        page.keyboard.type("one hand")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#judgements .note").first).to_contain_text("one hand")
        page.locator("main").focus()
        tab_to(page, "Propose closing")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Nothing was written")
        tab_to(page, "Propose to close")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("proposed")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what begins with these words has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(words):
            return
    pytest.fail(f"no Tab leads to {words!r}")


def sign_in(page: Page, market: Market, role: str) -> None:
    """Sign in as the actor of a role."""
    page.goto(f"{market.url}/sign-in")
    page.fill("#key", market.keys[role])
    page.keyboard.press("Enter")
    page.wait_for_url("**/rings")
    page.wait_for_selector("html[data-ready]", state="attached")


def test_one_proposes_and_another_approves(market: Market, browser: Browser, ring: str) -> None:
    """What closing would do is read before anything is written; the proposer finds no button, the approver one."""
    with open_page(browser, market.url, f"/rings/{ring}") as (page, _):
        page.get_by_role("link", name=re.compile("Propose closing")).click()
        expect(page.locator("h1")).to_have_text("Sign in")
        sign_in(page, market, "investigator")
        page.goto(f"{market.url}/rings/{ring}")
        page.get_by_role("link", name=re.compile("Propose closing")).click()
        expect(page.locator("main")).to_contain_text("Nothing was written")
        broken = Axe().run(page).response["violations"]
        assert [rule["id"] for rule in broken] == []
        page.get_by_role("button", name=re.compile("Propose to close")).click()
        expect(page.locator("h1")).to_contain_text("proposed")
        address = page.url
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    with open_page(browser, market.url, "/rings") as (page, _):
        sign_in(page, market, "approver")
        page.goto(address)
        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
        page.get_by_role("button", name="Approve exactly this").click()
        expect(page.locator("h1")).to_contain_text("approved")
        page.goto(f"{market.url}/plans?state=approved")
        expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize("role", ["operator", "partner", "approver"])
def test_roles_hold_on_pages(market: Market, ring: str, role: str) -> None:
    """Who may not propose a plan gets none by address either; a partner sees no ring of the investigators'."""
    with httpx.Client(base_url=market.url) as client:
        token = re.search(r'name="token" value="([^"]+)"', client.get("/sign-in").text)[1]
        assert client.post("/sign-in", data={"token": token, "key": market.keys[role]}).status_code == 303
        status = 404 if role == "partner" else 403
        assert client.get(f"/plans/new?ring={ring}").status_code == status
        token = re.search(r'name="token" value="([^"]+)"', client.get("/rings").text)[1]
        sent = client.post("/plans", data={"token": token, "ring": ring, "action": "close"})
        assert sent.status_code == status
        assert client.get(f"/rings/{ring}").status_code == (404 if role == "partner" else 200)


def test_the_demos_link_signs_in_once(tmp_path) -> None:
    """The link that the demo prints opens a signed-in page, and a second time it asks for a key."""
    command = [COMMAND, "demo", "--database", f"sqlite:///{tmp_path}/demo.db", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            link = next(found for line in process.stdout if (found := re.search(r"http\S+ticket=\S+", line)))[0]
            with httpx.Client() as client:
                assert "Sign in</h1>" in client.get(f"{link}x").text  # a wrong one uses nothing up
                page = client.get(link, follow_redirects=True).text
                assert "demo-investigator · investigator" in page
            assert "Sign in</h1>" in httpx.get(link).text
        finally:
            process.terminate()


def test_a_link_shows_the_same_again(url: str, browser: Browser, ring: str) -> None:
    """What is selected stands in the address, and the address selects it elsewhere."""
    with open_page(browser, url, f"/rings/{ring}") as (page, _):
        page.locator("a.mark.seller").nth(3).click()
        row = page.locator("a.mark.chosen").get_attribute("data-row")
        address = page.url
    with open_page(browser, url, address.removeprefix(url)) as (page, _):
        expect(page.locator("a.mark.chosen")).to_have_attribute("data-row", row)


def test_everything_drawn_stands_in_a_table(url: str, browser: Browser, ring: str) -> None:
    """Every mark of a picture names a row of the same page, and leads somewhere."""
    with open_page(browser, url, f"/rings/{ring}", java_script_enabled=True) as (page, _):
        rows = page.eval_on_selector_all("a.mark", "marks => marks.map(mark => mark.dataset.row)")
        assert rows
        assert page.evaluate("rows => rows.filter(row => !document.getElementById(row))", rows) == []
        assert (
            page.eval_on_selector_all("a.mark", "marks => marks.filter(mark => !mark.getAttribute('href')).length") == 0
        )


def test_pages_work_without_scripts(url: str, ring: str) -> None:
    """The tables, the filters and what-if are there for a browser that runs nothing."""
    page = httpx.get(f"{url}/rings/{ring}").text
    choice = re.search(r"<option>([^<]+)</option>", page)
    assert choice is not None
    told = httpx.get(f"{url}/rings/{ring}", params={"innocent": choice[1]}).text
    assert "were innocent" in told
    assert "close" not in re.findall(r"tier-(\w+)\"", httpx.get(f"{url}/rings?tier=lead").text.partition("<tbody>")[2])


def test_a_value_is_called_innocent(market: Market, browser: Browser) -> None:
    """An investigator exempts a value on the page of a ring, is shown what that changes, and finds it marked."""
    with open_page(browser, market.url, "/rings?tier=review") as (page, _):
        sign_in(page, market, "investigator")
        page.goto(f"{market.url}/rings?tier=review")
        page.locator("tbody a").first.click()
        page.keyboard.press("e")
        page.get_by_role("link", name="Judge").click()
        value = page.locator("#value").input_value()
        page.locator("#exempt-reason").select_option("warehouse")
        page.locator("#until").fill("2099-01-31")
        page.get_by_role("button", name="Exempt the value").click()
        expect(page.locator(".lead")).to_contain_text(f"If {value} were innocent")
        expect(page.locator("#evidence")).to_contain_text("exempt from the next run on")


def test_legend_and_zoom(url: str, browser: Browser, ring: str) -> None:
    """The legend hides a kind of mark with its links; nearer, farther and all of it."""
    with open_page(browser, url, f"/rings/{ring}") as (page, _):
        page.get_by_role("checkbox", name="Store").uncheck()
        expect(page.locator("a.mark.store:not(.gone)")).to_have_count(0)
        expect(page.locator("line.owns:not(.gone)")).to_have_count(0)
        whole = page.locator("svg.ring").get_attribute("viewBox")
        page.get_by_role("button", name="Nearer").click()
        assert page.locator("svg.ring").get_attribute("viewBox") != whole
        page.get_by_role("button", name="Fit").click()
        assert page.locator("svg.ring").get_attribute("viewBox") == whole


def test_the_map_is_drawn_and_walked(url: str, browser: Browser) -> None:
    """All rings are drawn in the colours of the theme; arrows go from ring to ring, and Enter opens one."""
    rings = httpx.get(f"{url}/map/rings.json").json()
    assert len({len(rings[name]) for name in ("ids", "x", "y", "r", "sellers", "tiers", "steps")}) == 1
    with open_page(browser, url, "/map", color_scheme="dark") as (page, _):
        page.wait_for_selector("ring-map[data-drawn]")
        colours = page.evaluate(
            """async () => {
              await new Promise(requestAnimationFrame);
              const canvas = document.querySelector("ring-map canvas");
              const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              const found = new Set();
              for (let i = 0; i < data.length; i += 4) found.add(data.slice(i, i + 3).join());
              return found.size;
            }"""
        )
        assert colours > 10
        page.locator("ring-map canvas").focus()
        page.keyboard.press("ArrowRight")
        first = page.locator("ring-map .told").inner_text()
        page.keyboard.press("ArrowRight")
        then = page.locator("ring-map .told").inner_text()
        assert first != then
        expect(page.locator("tr.now")).to_contain_text(then.partition(",")[0])
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(then.partition(",")[0])


def test_files_open_elsewhere(url: str, browser: Browser, ring: str, tmp_path) -> None:
    """The picture, the graph and the table of a ring are read by other programs, and tell the same."""
    graph = httpx.get(f"{url}/rings/{ring}/graph.json").json()
    n_sellers = sum(node["what"] == "seller" for node in graph["nodes"])
    assert n_sellers == len(httpx.get(f"{url}/rings/{ring}/members.csv").text.splitlines()) - 1
    (tmp_path / "ring.graphml").write_bytes(httpx.get(f"{url}/rings/{ring}/graph.graphml").content)
    read = nx.read_graphml(tmp_path / "ring.graphml")
    assert sum(data["kind"] == "seller" for _, data in read.nodes(data=True)) == n_sellers
    assert httpx.get(f"{url}/rings/{ring}/picture.svg").text.count('<circle r="17"') == n_sellers
    with open_page(browser, url, f"/rings/{ring}") as (page, _):
        page.get_by_text("Save as").click()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Picture, PNG").click()
        assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_unknown_and_impossible_addresses(url: str) -> None:
    """What is not there is told in one page, whatever it is called; a wrong parameter gets no traceback."""
    bodies = {
        re.sub(r'name="token" value="[^"]*"', "", httpx.get(f"{url}/{path}").text)
        for path in ("rings/R-NONE", "rings/%00", "sellers/nobody", "rings/R-NONE/graph.json", "sellers/..%2Fetc")
    }
    assert len(bodies) == 1
    assert httpx.get(f"{url}/rings/R-NONE").status_code == 404
    for path in ("rings?after=nonsense", "rings?min=-1", "rings?tier=gold&sort=none", "rings?min=99999999999999999999"):
        assert httpx.get(f"{url}/{path}").status_code in {200, 400}


def test_forms_are_taken_from_our_own_pages_alone(url: str, ring: str) -> None:
    """A form without the token of the visit, or with another's, decides nothing; nor does a visit lead elsewhere."""
    form = {"verdict": "dismissed", "reason": "forged"}
    assert httpx.post(f"{url}/rings/{ring}/judge", data=form).status_code == 403
    with httpx.Client(base_url=url) as one, httpx.Client(base_url=url) as other:
        token = re.search(r'name="token" value="([^"]+)"', one.get(f"/rings/{ring}").text)
        other.get(f"/rings/{ring}")
        assert token is not None
        assert other.post(f"/rings/{ring}/judge", data={**form, "token": token[1]}).status_code == 403
        cookie = one.get("/rings").headers.get("set-cookie") or next(iter(one.cookies.jar)).name
        assert cookie
    assert "forged" not in httpx.get(f"{url}/rings/{ring}").text
    assert 'value="//elsewhere' not in httpx.get(f"{url}/sign-in?next=//elsewhere.example").text


def test_cookies_and_headers(url: str) -> None:
    """The cookie is for the server alone; pages run our own files and nothing else, and nobody frames them."""
    answer = httpx.get(f"{url}/rings")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie  # a link in a letter opens signed in; forms carry a token
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert "style=" not in answer.text


HOSTILE = {
    "S000-0000": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "S000-0001": "\u202egpj.exe\u2066 \x07",
    "S000-0002": "n" * 10_000,
    "S000-0003": '=HYPERLINK("http://elsewhere.example")',
    "S000-0004": "{{ 7 * 7 }}' onmouseover='alert(1)",
}


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over sellers whose names are meant to do harm."""
    folder = tmp_path_factory.mktemp("hostile")
    database = f"sqlite:///{folder}/rings.db"
    fill(database, [5])
    with open_writer(database) as writer:
        load = writer.begin_load("names", AT, full=False)
        rows = [{"seller_id": seller_id, "name": name, "country": "DE"} for seller_id, name in HOSTILE.items()]
        writer.write(load, "sellers", table("sellers", rows))
        writer.finish_load(load, AT)
    with running_server(database, folder / "log") as server:
        yield server.url


def test_what_sellers_write_harms_nobody(hostile_url: str, browser: Browser) -> None:
    """Names that hold markup, formulas, signs that turn text around, or ten thousand letters are shown as text."""
    with open_page(browser, hostile_url, "/rings/R000") as (page, _):
        for path in ("/rings", "/rings/R000", *(f"/sellers/{seller}" for seller in HOSTILE), "/search?q=<script>"):
            page.goto(hostile_url + path)
            page.wait_for_selector("html[data-ready]", state="attached")
            assert (
                page.evaluate("document.querySelectorAll('img, script:not([src]), [onerror], [onmouseover]').length")
                == 0
            )
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert "\u202e" not in page.content()
            assert "49" not in page.title()
    told = httpx.get(f"{hostile_url}/rings/R000/members.csv").text
    assert "'=HYPERLINK" in told
    picture = httpx.get(f"{hostile_url}/rings/R000/picture.svg").content
    assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314 (made by our own server)
    assert b"<script" not in picture


def test_whoever_holds_a_key_signs_in(tmp_path) -> None:
    """Once there are actors every page asks for a key; a good one opens what was asked for, until it is revoked."""
    database = f"sqlite:///{tmp_path}/rings.db"
    fill(database, [5])

    def run(*words: str) -> str:
        return subprocess.run(
            [COMMAND, *words, "--database", database, "--json"], check=True, capture_output=True, text=True
        ).stdout

    key = json.loads(run("actor", "add", "ann", "--role", "investigator"))["key"]
    key_file = tmp_path / "bea.key"
    key_file.write_text(json.loads(run("actor", "add", "bea", "--role", "approver"))["key"])
    with running_server(database, tmp_path / "log") as server, httpx.Client(base_url=server.url) as client:
        asked = client.get("/rings/R000")
        assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Frings%2FR000")
        token = re.search(r'name="token" value="([^"]+)"', client.get(asked.headers["location"]).text)[1]
        wrong = client.post("/sign-in", data={"token": token, "key": "rw_wrong", "next": "/rings"})
        assert (wrong.status_code, "nobody here has this key" in wrong.text) == (401, True)
        led = client.post("/sign-in", data={"token": token, "key": key, "next": "/rings/R000"})
        assert (led.status_code, led.headers["location"]) == (303, "/rings/R000")
        page = client.get("/rings/R000").text
        assert "ann · investigator" in page
        assert key not in page + (tmp_path / "log").read_text()
        run("actor", "revoke", "ann")
        assert client.get("/rings/R000").status_code == 303
        token = re.search(r'name="token" value="([^"]+)"', client.get("/sign-in").text)[1]
        for _ in range(12):
            last = client.post("/sign-in", data={"token": token, "key": "rw_wrong", "next": "/rings"}).status_code
        assert last == 429
    assert run("ledger", "export", "--output", f"{tmp_path}/ledger.jsonl", "--key-file", str(key_file))
    assert "nobody here has this key" in (tmp_path / "ledger.jsonl").read_text()
