"""Two browsers at one ring: what one writes is told to the other, and nothing of either is lost."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.support.api_server import COMMAND, running_server
from tests.support.browser import open_browser, open_page
from tests.support.ring_database import AT, seller_ids, table

from ringwatch.db.open import open_writer
from ringwatch.model.rings import Change, Detection, Fit, Member, Ring, RingEvent, Role, Tier

RING = "R000"
NAMES = {"ann": "investigator", "bob": "investigator", "cora": "approver", "nord": "partner"}


@dataclass(frozen=True)
class Office:
    """A server over hand-made rings, and the key of each actor."""

    url: str
    database: str
    keys: dict[str, str]

    @contextmanager
    def client(self, name: str, url: str = "") -> Iterator[httpx.Client]:
        """Yield a browser without scripts in which an actor is signed in."""
        with httpx.Client(base_url=url or self.url, follow_redirects=True, timeout=30) as client:
            client.post("/sign-in", data={"token": token_of(client.get("/sign-in").text), "key": self.keys[name]})
            yield client


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def seen_of(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def save(database: str, run_id: str, n_members: int, events: tuple[RingEvent, ...] = ()) -> None:
    """Keep a run, as another process would, whose only ring has so many members."""
    members = tuple(Member(i, Tier.CLOSE, Role.CORE, 0.9, 2.0, 0.8, ()) for i in seller_ids(0, n_members))
    rings = (Ring(RING, Tier.CLOSE, 0.9, 0.8, members, ()),)
    with open_writer(database) as writer:
        at = AT + timedelta(hours=n_members)
        writer.save_run(run_id, Detection(rings, (), Fit(9), at, events=events), at)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    database = f"sqlite:///{folder}/office.db"
    with open_writer(database, create=True) as writer:
        load = writer.begin_load("hand", AT, full=False)
        sellers = seller_ids(0, 9)
        writer.write(load, "brands", table("brands", [{"brand_id": "NF", "name": "Nordfell"}]))
        writer.write(load, "sellers", table("sellers", [{"seller_id": i, "name": f"Trading {i}"} for i in sellers]))
        writer.write(load, "stores", table("stores", [{"store_id": f"st-{i}", "seller_id": i} for i in sellers]))
        listing = {"listing_id": "nf-1", "store_id": f"st-{sellers[0]}", "brand": "Nordfell", "title": "Parka"}
        writer.write(load, "listings", table("listings", [listing]))
        writer.finish_load(load, AT)
    save(database, "run-1", 5)
    keys = {}
    for name, role in NAMES.items():
        brand = ["--brand", "NF"] if role == "partner" else []
        command = [COMMAND, "actor", "add", name, "--role", role, *brand, "--database", database, "--json"]
        keys[name] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["key"]
    with running_server(database, folder / "log") as server:
        yield Office(server.url, database, keys)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


def sign_in(page: Page, office: Office, name: str) -> None:
    page.goto(f"{office.url}/sign-in")
    page.fill("#key", office.keys[name])
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(name)


def test_two_at_one_ring_are_told_of_each_other(office: Office, browser: Browser) -> None:
    """Both open the ring; ann writes; bob's page tells so quietly, his own decision is held up, and then kept."""
    with (
        open_page(browser, office.url, "/sign-in") as (ann, _),
        open_page(browser, office.url, "/sign-in") as (bob, complaints),
    ):
        for page, name in ((ann, "ann"), (bob, "bob")):
            sign_in(page, office, name)
            page.goto(f"{office.url}/rings/{RING}#notes")
        bob.locator("#assignee").select_option("cora")
        bob.locator("#state").select_option("in work")
        bob.locator("#assign-text").fill("cora knows the warehouse")
        ann.keyboard.press("n")
        ann.locator("#note-text").fill("seen at <b>the port</b>")
        ann.get_by_role("button", name="Add the note").click()
        expect(ann.locator(".thread")).to_contain_text("seen at <b>the port</b>")
        top = bob.locator("h1").bounding_box()
        expect(bob.locator("#news")).to_contain_text("Newer about this ring: note")
        assert bob.locator("h1").bounding_box() == top
        assert [rule["id"] for rule in Axe().run(bob).response["violations"]] == []
        bob.get_by_role("button", name="Assign").click()
        expect(bob.locator("h1")).to_have_text("Somebody was quicker")
        expect(bob.locator(".thread")).to_contain_text("seen at <b>the port</b>")
        assert bob.locator("#f-text").input_value() == "cora knows the warehouse"
        assert bob.locator("#f-assignee").input_value() == "cora"
        assert [rule["id"] for rule in Axe().run(bob).response["violations"]] == []
        bob.get_by_role("button", name="Decide so all the same").click()
        expect(bob.locator(".fact.work")).to_contain_text("cora")
        expect(bob.locator(".thread li")).to_have_count(2)
        bob.goto(f"{office.url}/rings?assignee=cora&state=in+work")
        expect(bob.locator("tbody tr")).to_have_count(1)
        expect(bob.locator("td.work")).to_contain_text("cora")
        bob.goto(f"{office.url}/rings?assignee=:nobody")
        expect(bob.locator("tbody tr")).to_have_count(0)
        complaints.found = [said for said in complaints.found if "409" not in said]  # which Chromium logs itself


def test_a_newer_run_is_told_to_an_open_page(office: Office, browser: Browser) -> None:
    """Another process keeps a run in which the ring grew: the bar says so; to show it is one click."""
    with open_page(browser, office.url, "/sign-in") as (page, _):
        sign_in(page, office, "ann")
        page.goto(f"{office.url}/rings/{RING}#members")
        expect(page.locator("#members tbody tr")).to_have_count(5)
        save(office.database, "run-2", 7, (RingEvent(RING, Change.GREW, (), 5, 7, "two joined"),))
        expect(page.locator("#news")).to_contain_text("A newer run changed this ring: grew by 2")
        page.get_by_role("link", name="Show").click()
        expect(page.locator("#members tbody tr")).to_have_count(7)
        expect(page.locator("#news")).to_be_hidden()


def test_every_form_that_decides_says_what_was_seen(office: Office) -> None:
    """Judging, exempting, noting and assigning with an old version: 409, what was typed is there, nothing is kept."""
    with office.client("ann") as client:
        page = client.get(f"/rings/{RING}").text
        seen, token = seen_of(page), token_of(page)
        assert (
            client.post(f"/rings/{RING}/note", data={"token": token, "seen": seen, "text": "first"}).status_code == 200
        )
        for act, form in {
            "judge": {"verdict": "dismissed", "reason": "typed reason"},
            "exempt": {"value": "phone:+4930123456", "reason": "family", "note": "typed note"},
            "note": {"text": "typed text"},
            "assign": {"state": "done", "assignee": "bob", "text": "typed why"},
        }.items():
            told = client.post(f"/rings/{RING}/{act}", data={"token": token, "seen": seen, **form})
            assert (act, told.status_code) == (act, 409)
            assert all(text in told.text for text in form.values() if text.startswith("typed"))
            assert ">first<" in told.text
            assert client.post(f"/rings/{RING}/{act}", data={"token": token, **form}).status_code == 400
            assert seen_of(told.text) == str(int(seen) + 1)
        assert "typed" not in client.get(f"/rings/{RING}").text
        seller = seller_ids(0, 1)[0]
        page = client.get(f"/sellers/{seller}").text
        form = {"token": token, "text": "of the seller", "seen": seen_of(page)}
        assert client.post(f"/sellers/{seller}/note", data=form).status_code == 200
        assert client.post(f"/sellers/{seller}/note", data=form).status_code == 409
        assert "of the seller" in client.get(f"/rings/{RING}").text  # it is in the ring
    with office.client("cora") as client:
        assert client.post(f"/rings/{RING}/judge", data={"token": token, "seen": "9"}).status_code == 403


def test_a_partner_flags_and_reads_the_answer(office: Office, browser: Browser) -> None:
    """A partner flags its listing; it stands in the queue and on the ring; the answer is read by the partner."""
    with open_page(browser, office.url, "/sign-in") as (page, _):
        sign_in(page, office, "nord")
        page.goto(f"{office.url}/partner/rings")
        page.locator("tbody a").first.click()
        page.locator("#subject").select_option("nf-1")
        page.locator("#flag-text").fill("not <i>our</i> parka")
        page.get_by_role("button", name="Flag it").click()
        expect(page.locator(".flag-card")).to_contain_text("not <i>our</i> parka")
        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
        address = page.url
    with open_page(browser, office.url, "/sign-in") as (page, _):
        sign_in(page, office, "bob")
        page.goto(f"{office.url}/rings?flagged=1")
        expect(page.locator("td.work .flags")).to_contain_text("1")
        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
        page.locator("tbody a").first.click()
        expect(page.locator("h1")).to_contain_text(RING)
        page.keyboard.press("n")
        expect(page.locator(".flag-card")).to_contain_text("listing nf-1")
        page.get_by_label("In words, the partner reads it").fill("we look into it")
        page.get_by_role("button", name="Answer the flag").click()
        expect(page.locator(".flag-card")).to_contain_text("answered taken up")
        page.goto(f"{office.url}/rings?flagged=1")
        expect(page.locator("h2")).to_contain_text(["No ring here"])
    with open_page(browser, office.url, "/sign-in") as (page, _):
        sign_in(page, office, "nord")
        page.goto(address)
        expect(page.locator(".flag-card")).to_contain_text("we look into it")
        assert "bob" not in page.content()


def test_events_are_for_those_who_may_read(office: Office) -> None:
    """No key, a partner, an unknown ring, nonsense: no stream; what is sent holds numbers and words of ours alone."""
    asked = f"/events?ring={RING}&seen=0&since=0"
    assert httpx.get(office.url + asked).status_code == 401
    with office.client("nord") as client:
        assert client.get(asked).status_code == 404
    with office.client("ann") as client:
        assert client.get("/events?ring=R-NONE&seen=0&since=0").status_code == 404
        assert client.get(f"/events?ring={RING}&seen=x&since=0").status_code == 400
        with client.stream("GET", asked) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.iter_lines()
            data = next(line for line in lines if line.startswith("data: "))
        told = json.loads(data.removeprefix("data: "))
        assert told["href"] == f"/rings/{RING}"
        assert not re.search(r"ann|bob|cora|port|Trading|S000", told["text"])


def test_a_server_that_ends_lets_listeners_go(office: Office, tmp_path: Path) -> None:
    """SIGTERM while pages listen: the streams end at once and the server with status 0."""
    with running_server(office.database, tmp_path / "log") as server, office.client("ann", server.url) as client:
        with client.stream("GET", f"/events?ring={RING}&seen=999&since={10**15 * 9}") as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            server.process.terminate()
            assert list(lines) == [""]
        assert server.process.wait(30) == 0
        assert "Cancel" not in (tmp_path / "log").read_text()
