"""What strangers and sellers try: text that does harm, forged forms, stolen cookies, guessed keys, false links."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import networkx as nx
import pytest
from fastapi import APIRouter
from tests.support.api_server import running_server
from tests.support.hostile import HOSTILE, harms_of
from tests.support.ring_database import AT, fill, table
from tests.support.screens import (
    FILES,
    FORMS,
    PARTNER_FILES,
    PARTNER_FORMS,
    PARTNER_SCREENS,
    SCREENS,
    STREAMS,
    addresses,
)

from ringwatch.api.app import make_app as make_api
from ringwatch.api.config import ServeConfig, Serving
from ringwatch.db.open import open_docket, open_writer
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.model.enforcement import Hand
from ringwatch.model.visibility import ActorRole
from ringwatch.web.app import page_routes
from ringwatch.web.attempts import MOST_OF_ALL, MOST_OF_ONE, Attempts, TooManyKeysError
from ringwatch.web.exports import FORMULA_STARTS
from ringwatch.web.pages import Pages
from ringwatch.web.visits import COOKIE

SELLERS = [f"S000-{place:04d}" for place in range(len(HOSTILE))]


@dataclass(frozen=True)
class Site:
    """The pages over rings whose sellers mean harm, the key of each role, and what the addresses of screens name."""

    url: str
    log: Path
    keys: dict[str, str]
    names: dict[str, str]
    opened: list[httpx.Client] = field(default_factory=list)

    def client(self, *, address: str = "127.0.0.1", scheme: str = "http") -> httpx.Client:
        """Return a browser with no cookie yet; the server takes a proxy on its machine at its word."""
        headers = {"x-forwarded-for": address, "x-forwarded-proto": scheme}
        self.opened.append(httpx.Client(base_url=self.url, headers=headers, timeout=60))
        return self.opened[-1]

    def signed_in(self, role: str) -> httpx.Client:
        """Return a browser in which somebody of a role signed in."""
        client = self.client(address=f"10.0.0.{len(role)}")
        assert client.post("/sign-in", data={**token_of(client), "key": self.keys[role]}).status_code == 303
        return client


def token_of(client: httpx.Client, path: str = "/sign-in") -> dict[str, str]:
    """Return the hidden field that every form of a page carries."""
    found = re.search(r'name="token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return {"token": found[1]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages over a ring whose sellers, stores and values are named to do harm."""
    database = f"sqlite:///{tmp_path_factory.mktemp('hostile')}/rings.db"
    fill(database, [len(HOSTILE), 3])
    with open_writer(database) as writer:
        load = writer.begin_load("names", AT, full=False)
        named = list(zip(SELLERS, HOSTILE, strict=True))
        writer.write(load, "sellers", table("sellers", [{"seller_id": i, "name": text} for i, text in named]))
        stores = [{"store_id": f"st-{i}", "seller_id": i, "name": text[::-1]} for i, text in named]
        writer.write(load, "stores", table("stores", stores))
        uses = [{"holder_id": i, "kind": "phone", "value": "+49300000000", "display": text[:500]} for i, text in named]
        writer.write(load, "uses", table("uses", uses))
        writer.finish_load(load, AT)
    keys = {}
    with open_docket(database) as docket:
        for role in ActorRole:
            wanted = ActorInput(role.value, role, "B1" if role is ActorRole.PARTNER else None)
            keys[role.value] = add_actor(docket, wanted, Hand("owner", datetime.now(UTC)))[1]
    names = {"ring": "R000", "member": SELLERS[0], "other": SELLERS[4], "value": "phone:%2B49300000000"}
    log = tmp_path_factory.mktemp("log") / "log"
    with running_server(database, log, "--log-format", "json") as server:
        site = Site(server.url, log, keys, names)
        try:
            decide(site)
            yield site
        finally:
            for client in site.opened:
                client.close()


def decide(site: Site) -> None:
    """Judge and plan with reasons that mean harm."""
    client = site.signed_in("investigator")
    token = token_of(client, "/rings")
    for number, reason in enumerate(HOSTILE):
        judged = {"verdict": "confirmed"} if number % 2 else {"verdict": "unsure", "seller": SELLERS[number]}
        client.post("/rings/R000/judge", data={**token, **judged, "reason": reason})
    planned = client.post(
        "/plans", data={**token, "ring": "R000", "action": "watch", "immediate": "<b onclick=alert(2)>"}
    )
    assert planned.status_code == 303, planned.text
    site.names["plan"] = planned.headers["location"].removeprefix("/plans/")


def test_every_route_is_looked_at(tmp_path: Path) -> None:
    """A route of the pages that no test opens fails here: name it in ``tests/support/screens.py``."""
    database, found = f"sqlite:///{tmp_path}/rings.db", []
    fill(database, [3])

    def keep(serving: Serving) -> APIRouter:
        found.append(page_routes(Pages(serving)))
        serving.readers.close()
        return found[0]

    make_api(ServeConfig(database), keep)
    routes = {(method, route.path) for route in found[0].routes for method in getattr(route, "methods", ())}
    assert routes == {("GET", path) for path in (*SCREENS, *FILES, *STREAMS, *PARTNER_SCREENS, *PARTNER_FILES)} | {
        ("POST", path) for path in (*FORMS, *PARTNER_FORMS)
    }


@pytest.mark.parametrize("role", ["investigator", "approver", "partner"])
def test_what_sellers_write_harms_no_page(site: Site, role: str) -> None:
    """Whatever sellers and visitors write, no page runs it, loads it, leads to it, or is turned around by it."""
    client, found = site.signed_in(role), []
    paths = [*addresses(site.names, role), *(f"/sellers/{seller}" for seller in SELLERS)]
    for text in HOSTILE:
        typed = quote(text[:200], safe="")
        paths += [f"/search?q={typed}", f"/paths?from={typed}&to={SELLERS[0]}", f"/rings/{typed}", f"/sellers/{typed}"]
        paths += [f"/rings/R000?innocent=phone:{typed}", f"/rings?tier={typed}&sort={typed}&after={typed}&min={typed}"]
        paths += [f"/plans?state={typed}&after={typed}", f"/plans/new?ring={typed}", f"/sign-in?next={typed}"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            found += [(path[:80], harm) for harm in harms_of(answer.text)]
        assert len(answer.text) < 400_000, path
    assert found == []


def test_files_hold_what_sellers_wrote(site: Site) -> None:
    """Every file can be read by what it is for, loses no name, and computes nothing in a spreadsheet."""
    client = site.signed_in("investigator")
    files = {route: client.get(path.format_map(site.names)) for route, path in FILES.items()}
    assert {answer.status_code for answer in files.values()} == {200}
    graph = json.loads(files["/rings/{ring_id}/graph.json"].content)
    assert sum(node["what"] == "seller" for node in graph["nodes"]) == len(HOSTILE)
    picture = ET.fromstring(files["/rings/{ring_id}/picture.svg"].content)  # noqa: S314 (made by our own server)
    assert {element.tag.partition("}")[2] for element in picture.iter()}.isdisjoint(
        {"script", "image", "foreignObject"}
    )
    read = nx.parse_graphml(files["/rings/{ring_id}/graph.graphml"].text)
    names = {data["label"]: data["name"] for _, data in read.nodes(data=True) if data["kind"] == "seller"}
    assert names.keys() == set(SELLERS)
    whole = [number for number, text in enumerate(HOSTILE) if not any(sign in text for sign in "\x0b\x1b\x07\u0085")]
    assert [names[SELLERS[n]] for n in whole] == [HOSTILE[n] for n in whole]
    rows = list(csv.DictReader(io.StringIO(files["/rings/{ring_id}/members.csv"].text, newline="")))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA_STARTS)]
    told = {row["seller_id"]: row["name"] for row in rows}
    for seller, text in zip(SELLERS, HOSTILE, strict=True):
        assert told[seller] == (f"'{text}" if text.startswith(FORMULA_STARTS) else text)


def test_headers_are_on_every_answer(site: Site) -> None:
    """Pages, files, refusals and what is not there carry the same headers: nothing is framed, guessed or told on."""
    client = site.signed_in("investigator")
    paths = [*addresses(site.names), *(path.format_map(site.names) for path in FILES.values()), "/none", "/graphql"]
    answers = [client.get(path) for path in paths] + [client.post("/plans"), site.client().get("/rings")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_for_the_server_alone(site: Site, scheme: str) -> None:
    """No script reads it, no form elsewhere sends it, and over https it never travels without."""
    with_cookie = site.client(scheme=scheme).get("/sign-in").headers["set-cookie"].lower()
    assert "httponly" in with_cookie
    assert "samesite=lax" in with_cookie
    assert ("secure" in with_cookie) == (scheme == "https")


@pytest.mark.parametrize("path", FORMS.values())
def test_forged_forms_do_nothing(site: Site, path: str) -> None:
    """A form without the token of the visit, with a made-up one or another visit's is refused, whatever it says."""
    one, other = site.signed_in("approver"), site.signed_in("investigator")
    form = {"verdict": "dismissed", "reason": "forged", "ring": "R000", "digest": "x", "key": site.keys["operator"]}
    for token in ({}, {"token": "made-up"}, token_of(other, "/rings")):
        assert one.post(path.format_map(site.names), data={**form, **token}).status_code == 403
    assert "forged" not in one.get("/rings/R000").text
    assert one.get("/rings").status_code == 200


ELSEWHERE = (
    "//evil.example", "https://evil.example", "https:evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil.example", "", "/\u2028/evil.example",
    "%2F%2Fevil.example", "///evil.example", "/\\/evil.example", " //evil.example",
)  # fmt: skip


@pytest.mark.parametrize("led", ELSEWHERE)
def test_signing_in_leads_nowhere_else(site: Site, led: str) -> None:
    """Where a person is led after signing in is an address of this server, whatever the link said."""
    client = site.client(address="10.0.1.1")
    asked = client.get("/sign-in", params={"next": led})
    assert 'name="next" value="/rings"' in asked.text
    sent = client.post("/sign-in", data={**token_of(client), "key": site.keys["operator"], "next": led})
    assert (sent.status_code, sent.headers["location"]) == (303, "/rings")


def test_wrong_keys_are_counted_by_address(site: Site) -> None:
    """After ten wrong keys from an address it is told when to try again; another address signs in meanwhile."""
    client = site.client(address="10.9.9.9")
    form = token_of(client)
    tried = [client.post("/sign-in", data={**form, "key": "rw_wrong"}) for _ in range(MOST_OF_ONE + 1)]
    assert [answer.status_code for answer in tried] == [401] * MOST_OF_ONE + [429]
    wait_s = int(tried[-1].headers["retry-after"])
    assert 0 < wait_s <= 61
    assert f"try again in {wait_s} seconds" in tried[-1].text
    assert client.post("/sign-in", data={**form, "key": site.keys["operator"]}).status_code == 429
    assert site.signed_in("operator").get("/rings").status_code == 200


def test_wrong_keys_are_counted_in_all() -> None:
    """From however many addresses: after a hundred in a minute none is looked at until the first is a minute old."""
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for number in range(MOST_OF_ALL):
        attempts.check(f"10.0.{number}.1")
        attempts.note(f"10.0.{number}.1")
        now[0] += 0.1
    with pytest.raises(TooManyKeysError) as refused:
        attempts.check("10.1.1.1")
    assert refused.value.retry_after_s == 51
    now[0] = 60.1
    attempts.check("10.1.1.1")


def test_a_visit_begins_anew_and_ends_for_good(site: Site) -> None:
    """A cookie from before signing in is none of the visit's, and one from before signing out opens nothing."""
    client = site.client(address="10.0.2.1")
    form = token_of(client)
    before = client.cookies[COOKIE]
    client.post("/sign-in", data={**form, "key": site.keys["operator"]})
    during = client.cookies[COOKIE]
    assert before != during
    assert site.client().get("/rings", headers={"cookie": f"{COOKIE}={before}"}).status_code == 303
    assert site.client().get("/rings", headers={"cookie": f"{COOKIE}={during}"}).status_code == 200
    assert client.post("/sign-out", data=form).status_code == 403  # a token from before is of another visit
    assert client.post("/sign-out", data=token_of(client, "/rings")).status_code == 303
    assert site.client().get("/rings", headers={"cookie": f"{COOKIE}={during}"}).status_code == 303
    assert site.client().get("/rings", headers={"cookie": f"{COOKIE}={during[:-1]}"}).status_code == 303


CANARY = "canary7731"


def test_logs_hold_nothing_that_was_typed(site: Site) -> None:
    """No search, no id, no form, no key, no variable of a query and no name of a seller reaches the log."""
    client = site.signed_in("investigator")
    n_before = len(site.log.read_text().splitlines())
    innocent = f"rings/R000?innocent=phone:{CANARY}"
    for path in ("search?q={}", "paths?from={}&to={}", "sellers/{}", "rings/{}", innocent, "{}", "graphql/{}"):
        client.get("/" + path.replace("{}", CANARY), follow_redirects=True)
    for path in FORMS.values():
        form = token_of(client, "/rings") if path != "/sign-out" else {}
        fields = dict.fromkeys(("verdict", "reason", "value", "note", "ring", "key", "next", "digest", "until"), CANARY)
        client.post(path.format_map(site.names), data={**form, **fields})
    asked = {"query": "query($id: String!) {seller(sellerId: $id) {name}}", "variables": {"id": CANARY}}
    key = site.keys["operator"]
    assert client.post("/graphql", json=asked, headers={"authorization": f"Bearer {key}"}).status_code == 200
    client.post("/graphql", json={"query": "{" + CANARY}, headers={"authorization": f"Bearer {CANARY}"})
    client.get(f"/sellers/{SELLERS[0]}")
    deadline = time.monotonic() + 20  # a line is written once the answer is sent
    while "/livez" not in (told := site.log.read_text()) and time.monotonic() < deadline:
        client.get("/livez")
    assert sum("/sellers/{seller_id" in line for line in told.splitlines()[n_before:]) == 3
    assert not [line for line in told.splitlines() if CANARY in line or SELLERS[0] in line or "alert(1)" in line]
    assert not [line for line in told.splitlines() if any(key in line for key in site.keys.values())]
