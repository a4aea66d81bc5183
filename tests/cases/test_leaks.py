"""The leak matrix: every page, file and field that a partner can ask for, and every byte that it is sent.

What it may not see says so (``tests.support.partner_world``): no answer holds it, plain or in base64.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from itertools import product
from types import MappingProxyType

import httpx
import pytest
from tests.support import partner_world
from tests.support.partner_world import AT, OTHER, OWN, leaks
from tests.support.questions import questions
from tests.support.site import Site, told

from ringwatch.alliance.lens import visibility_of
from ringwatch.api.limits import Limits
from ringwatch.api.roles import LOOK_TYPES, acts_of_schema
from ringwatch.api.schema import make_schema
from ringwatch.db import partner as partner_eyes
from ringwatch.db.open import open_docket
from ringwatch.db.settings import PSEUDONYM_KEY
from ringwatch.db.view import RingQuery
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.model.casework import CaseAct, CaseEntry, Subject
from ringwatch.model.enforcement import Hand
from ringwatch.model.visibility import MAY, ActorRole

SCHEMA = make_schema(Limits(), may_introspect=True).core
ACTS = acts_of_schema(SCHEMA)
FOR_ALL = {"/", "/graphql", "/favicon.ico", "/livez", "/readyz", "/sign-in", "/sign-out"}
"""Addresses that tell nobody anything of the data; every other one is the partners' or hidden from them."""
OF_PROGRAMS = {"/screen"}
"""What programs send JSON to; partners are refused, whatever they send."""
OF_SCRIPTS = {"/events"}
"""What scripts of pages listen to, and no page of partners does: to them there is nothing to hear."""
PARAMS = ("sort=link", "sort=size", "sort=infringement", "tier=close", "min=3", "q=parka", "q=ring-", "q=seller-")
PARAMS += ("q=nothing", "after=x", "run=run-1", "sort=tier&min=99")
MISSING = {"ring": "ring-aaaaaaaaaa", "seller": "seller-aaaaaaaaaa"}


class World:
    """A database with both partners' data, and the keys of everybody."""

    def __init__(self, graph) -> None:
        self.graph = graph
        with graph.writer() as writer:
            partner_world.fill(writer)
            about = Subject("R-canary-shared", partner_world.seller(1))
            for act, brand in ((CaseAct.NOTE, None), (CaseAct.FLAG, OTHER)):
                writer.add_case(CaseEntry(act, about, "canary text", brand_id=brand, actor="canary-ann"), AT)
        with open_docket(graph.url) as docket:
            hand = Hand("canary-owner", AT)
            wanted = [
                ActorInput("own-partner", ActorRole.PARTNER, OWN),
                ActorInput("canary-partner", ActorRole.PARTNER, OTHER),
                ActorInput("canary-ann", ActorRole.INVESTIGATOR),
            ]
            self.actors = {actor.name: (actor, key) for actor, key in (add_actor(docket, one, hand) for one in wanted)}
            self.eyes = {name: visibility_of(actor, docket) for name, (actor, _) in self.actors.items()}
            with docket.reading() as record:
                self.secret = record.setting(PSEUDONYM_KEY)

    def site(self, name: str = "own-partner") -> Site:
        """Return a server that this actor visits."""
        return Site(self.graph.url, self.actors[name][1])


@pytest.fixture
def world(graph) -> World:
    return World(graph)


def found_in(world: World, answer: httpx.Response, asked: str = "") -> list[str]:
    """Return what an answer holds that must not be in it, in its headers and in base64 too; echoes do not count."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name != "set-cookie").encode()
    sent = (head + b"\n" + answer.content).replace(asked.encode(), b"") if asked else head + b"\n" + answer.content
    decoded = b"\n".join(_decoded(sent))
    keys = [key for key in (world.secret, world.eyes["own-partner"].lens.key.hex()) if key.encode() in sent + decoded]
    return leaks(sent) + leaks(decoded) + keys


def _decoded(sent: bytes) -> Iterator[bytes]:
    for found in re.findall(rb"[A-Za-z0-9_-]{8,}", sent):
        yield base64.urlsafe_b64decode(found + b"=" * (-len(found) % 4)) if len(found) % 4 != 1 else b""


def walk(world: World, site: Site, params: Sequence[str] = PARAMS[:1]) -> dict[str, list[str]]:
    """Follow every link from where a partner begins, and from the list with each of ``params``; return the leaks."""
    asked, queue = {}, ["/", "/partner/rings", "/graphql", "/sign-in", "/livez", "/readyz", "/metrics"]
    queue += [f"/partner/rings?{one}" for one in params]
    while queue:
        path = queue.pop()
        if path in asked:
            continue
        answer = site.get(path)
        asked[path] = found_in(world, answer)
        if "html" in answer.headers.get("content-type", ""):
            queue += [href.replace("&amp;", "&") for href in re.findall(r'href="(/[^"#]*)', answer.text)]
        queue += [answer.headers["location"].partition("#")[0]] if answer.has_redirect_location else []
    assert sum(path.startswith("/partner/rings/") for path in asked) >= 2 * 6
    return {path: found for path, found in asked.items() if found}


def literals(world: World, graph) -> dict[str, str]:
    """Return what a partner can ask about: the names that it was shown."""
    who = world.eyes["own-partner"]
    with graph.view() as view:
        ring = view.rings(who, RingQuery()).rows[0].ring_id
        seller = view.own_listings(who, ring)[0].seller_id
    node = base64.urlsafe_b64encode(f"Ring:{ring}".encode()).decode()
    return {"ringId": f'"{ring}"', "sellerId": f'"{seller}"', "id": f'"{node}"', "text": '"ring-"', "first": "5"}


def is_theirs(kind: str, name: str) -> bool:
    """Say whether a field is for partners."""
    return ActorRole.PARTNER in MAY[ACTS[kind, name]]


def ask_everything(world: World, graph, site: Site, kinds: str = "") -> dict[str, list[str]]:
    """Ask each field of the schema; return the leaks. What is not for partners is refused, and the rest answered."""
    found = {}
    for kind, name, document in questions(SCHEMA, literals(world, graph), is_theirs):
        if kinds and kind not in kinds.split():
            continue
        answer = site.ask(document)
        found[f"{kind}.{name}"] = found_in(world, answer)
        codes = {error["extensions"]["code"] for error in answer.json().get("errors", ())}
        assert codes == (set() if is_theirs(kind, name) else {"FORBIDDEN"}), (document, answer.text)
    assert kinds or len(found) == len(ACTS)
    return {name: told for name, told in found.items() if told}


def test_no_byte_that_a_partner_is_sent_is_of_another(world, graph):
    """Of every link from its page, every file, every field of GraphQL that is for partners."""
    with world.site() as site:
        assert walk(world, site) == {}
        assert ask_everything(world, graph, site, " ".join(LOOK_TYPES)) == {}
        listed = site.get("/partner/rings").text
        assert len(set(re.findall(r"/partner/rings/(ring-\w+)", listed))) == 2


def test_the_matrix_finds_a_leak_that_is_planted(world, graph, monkeypatch):
    """A name that slips through one answer is seen on the pages and in GraphQL; so is a page in base64."""

    def slip(sight, params):
        return [(row[0], "Canary Trading", *row[2:]) for row in answers["sellers"](sight, params)]

    answers = partner_eyes.ANSWERS
    monkeypatch.setattr(partner_eyes, "ANSWERS", MappingProxyType({**answers, "sellers": slip}))
    with world.site() as site:
        assert any(path.endswith("members.csv") for path in walk(world, site))
        assert "Seller.name" in ask_everything(world, graph, site, "Seller")
    hidden = httpx.Response(200, json={"cursor": base64.urlsafe_b64encode(b'["size", "S-canary-1"]').decode()})
    assert found_in(world, hidden)


def test_pages_of_what_is_hidden_are_those_of_what_is_not_there(world, graph):
    """The same bytes, status and headers: of others' rings, of its own by their real ids, of every other screen."""
    with graph.view() as view:
        theirs = view.rings(world.eyes["canary-partner"], RingQuery()).rows[0].ring_id
    files = ("", "/graph.json", "/picture.svg", "/graph.graphml", "/members.csv", "/listings.csv")
    with world.site() as site:
        none = told(site.get("/nowhere"))
        assert none[0] == 404
        for name, file in product(("R-canary-other", "R-canary-shared", theirs, MISSING["ring"], "%00"), files):
            assert told(site.get(f"/partner/rings/{name}{file}")) == none, (name, file)
        others = [(method, path) for method, path in site.routes() if not path.startswith("/partner/")]
        others = [
            (method, path)
            for method, path in others
            if path not in FOR_ALL | OF_PROGRAMS | OF_SCRIPTS and method != "HEAD"
        ]
        assert len(others) >= 20
        for method, path in others:
            send = site.post if method == "POST" else site.get
            assert told(send(re.sub(r"\{[^}]*\}", "R-canary-shared", path))) == none, path
        for path in OF_SCRIPTS:
            heard = [
                site.get(path, ring=name, seen=0, since=0) for name in ("R-canary-shared", theirs, MISSING["ring"])
            ]
            assert [answer.status_code for answer in heard] == [404] * 3
            assert told(heard[0]) == told(heard[1]) == told(heard[2])
        for path in OF_PROGRAMS:
            refused = [site.send(path, {"seller_id": seller_id}) for seller_id in ("S-canary-1", "S-none")]
            assert [answer.status_code for answer in refused] == [403, 403]
            assert told(refused[0]) == told(refused[1])
            assert found_in(world, refused[0]) == []
    with world.site("canary-ann") as site:
        assert told(site.get("/partner/rings")) == told(site.get("/nowhere"))


def test_answers_about_what_is_hidden_are_those_about_what_is_not_there(world, graph):
    """Null, or one refusal, whatever is asked about; in GraphQL, with every kind of global id."""
    with graph.view() as view:
        who = world.eyes["canary-partner"]
        ring = view.rings(who, RingQuery()).rows[0].ring_id
        seller = view.members(who, ring).rows[0].seller_id
    node = "query($id:ID!){node(id:$id){id}}"
    with world.site() as site:

        def same(query: str, *names: str, about: str = "id") -> None:
            answers = {told(site.ask(query, **{about: name}))[2] for name in names}
            assert len(answers) == 1, answers

        same("query($id:String!){ring(ringId:$id){ringId}}", "R-canary-shared", "R-canary-other", ring, MISSING["ring"])
        same(
            "query($id:String!){seller(sellerId:$id){sellerId}}", "S-canary-1", "S-canary-4", seller, MISSING["seller"]
        )
        ids = (
            ("Ring", "R-canary-shared"),
            ("Ring", ring),
            ("Seller", "S-canary-1"),
            ("Store", "st-canary-1a"),
            ("Plan", "p"),
        )
        same(node, *(base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode() for kind, key in ids), "nonsense")
        same("query($id:String!){search(text:$id){nodes{__typename}}}", "canary", "S-canary-1", "phone canary A", "zzz")
        same("query($id:String!){lineage(ringId:$id){ringId}}", "R-canary-shared", MISSING["ring"])
        same("query($id:String!){store(storeId:$id){storeId}}", "st-canary-1a", "none")
