"""GraphQL over HTTP against a real database: what is answered, what is refused, and how often it is read."""

import asyncio
import base64
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.support.ring_database import AT, fill

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.api.headers import Doorway
from ringwatch.api.metrics import Metrics
from ringwatch.api.refusals import MAX_ERRORS
from ringwatch.api.serve import LOOPBACK_HOSTS
from ringwatch.db.open import open_writer
from ringwatch.db.view import View
from ringwatch.model.errors import ConfigError, RetryableError
from ringwatch.model.rings import Detection, Fit, Ring

SIZES = [3, 5, 12, 40, 103, 6, 7]
GRAPHQL_JSON = "application/graphql-response+json"


class Client:
    """Calls an application in this process, one request after the other."""

    def __init__(self, app: FastAPI, rings: list[Ring]) -> None:
        self.app = app
        self.rings = rings
        self.runner = asyncio.Runner()
        self.lifespan = app.router.lifespan_context(app)
        self.runner.run(self.lifespan.__aenter__())
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://localhost", verify=False)  # noqa: S501 (no TLS here)

    def close(self) -> None:
        """Shut the application down."""
        self.runner.run(self.http.aclose())
        self.runner.run(self.lifespan.__aexit__(None, None, None))
        self.runner.close()

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request."""
        return self.runner.run(self.http.request(method, path, **options))

    def post(self, query: str, accept: str = "application/json", **variables: object) -> httpx.Response:
        """Send a query."""
        return self.send("POST", "/graphql", json={"query": query, "variables": variables}, headers={"accept": accept})

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Return the data of an answer without errors."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def refused(self, query: str, **variables: object) -> tuple[str, str]:
        """Return code and message of the one error of an answer."""
        answer = self.post(query, **variables).json()
        assert len(answer["errors"]) == 1
        return answer["errors"][0]["extensions"]["code"], answer["errors"][0]["message"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An application over a database of seven rings."""
    url = f"sqlite:///{tmp_path_factory.mktemp('api')}/rings.db"
    rings = fill(url, SIZES)
    client = Client(make_app(ServeConfig(url, has_metrics=True)), rings)
    yield client
    client.close()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the calls of every method of the view."""
    counted: Counter[str] = Counter()

    def counting(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            counted[name] += 1
            return method(*arguments, **options)

        return call

    for name, method in list(vars(View).items()):
        if not name.startswith("_") and name != "at_one_moment":
            monkeypatch.setattr(View, name, counting(name, method))
    return counted


def test_rings_come_in_the_order_of_the_command_line(client: Client) -> None:
    """Without an order: tier, then link score falling, then ring id."""
    nodes = client.ask("{rings{nodes{ringId tier sellerCount linkScore infringementScore}}}")["rings"]["nodes"]
    assert nodes == [
        {
            "ringId": ring.ring_id,
            "tier": ring.tier.name,
            "sellerCount": len(ring.members),
            "linkScore": ring.link_score,
            "infringementScore": ring.infringement_score,
        }
        for ring in client.rings
    ]


@pytest.mark.parametrize("field", ["TIER", "LINK_SCORE", "INFRINGEMENT_SCORE", "SELLER_COUNT"])
@pytest.mark.parametrize("first", [1, 2, 3, 100])
def test_pages_join_to_the_whole(client: Client, first: int, field: str) -> None:
    """Law: pages of any size, one after the other, are the whole list in its order, each ring once."""
    query = """query($first: Int, $after: String, $field: RingOrderField!) {
      rings(first: $first, after: $after, orderBy: {field: $field}) {
        edges { cursor node { ringId } } nodes { ringId }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    whole = client.ask(query, first=100, field=field)["rings"]["nodes"]
    assert len(whole) == len(SIZES)
    found: list[dict[str, str]] = []
    after = None
    while True:
        page = client.ask(query, first=first, after=after, field=field)["rings"]
        assert page["nodes"] == [edge["node"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole


def test_filter(client: Client) -> None:
    """Both parts of the filter must hold; none of it means all."""
    query = "query($filter: RingFilter){rings(filter:$filter){nodes{ringId tier sellerCount}}}"
    some = client.ask(query, filter={"tiers": ["REVIEW", "LEAD"], "minSellers": 6})["rings"]["nodes"]
    expected = [r.ring_id for r in client.rings if r.tier.name in {"REVIEW", "LEAD"} and len(r.members) >= 6]
    assert [ring["ringId"] for ring in some] == expected
    for filter_ in (None, {}, {"tiers": None, "minSellers": None}, {"tiers": []}):
        assert len(client.ask(query, filter=filter_)["rings"]["nodes"]) == len(SIZES)


def test_members_and_evidence_are_those_of_detection(client: Client) -> None:
    """A ring's members, tiers, scores and evidence are what detection found; parts sum to the log-odds."""
    ring = max(client.rings, key=lambda ring: len(ring.members))
    query = """query($id: String!, $after: String) { ring(ringId: $id) { members(first: 100, after: $after) {
      edges { tier role linkScore node { sellerId name } evidence { kind family value holderCount score } }
      pageInfo { hasNextPage endCursor } } } }"""
    first = client.ask(query, id=ring.ring_id)["ring"]["members"]
    rest = client.ask(query, id=ring.ring_id, after=first["pageInfo"]["endCursor"])["ring"]["members"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    edges = first["edges"] + rest["edges"]
    assert [edge["node"]["sellerId"] for edge in edges] == [member.seller_id for member in ring.members]
    for edge, member in zip(edges, ring.members, strict=True):
        assert (edge["tier"], edge["role"]) == (member.tier.name, member.role.name)
        assert edge["node"]["name"] == f"Trading {member.seller_id}"
        assert edge["evidence"] == [
            {"kind": p.kind, "family": p.family, "value": p.value, "holderCount": p.n_holders, "score": p.score}
            for p in member.evidence
        ]


def test_evidence_of_a_ring_sums_its_members(client: Client) -> None:
    """A ring's own evidence holds each shared value once, with what it adds over all members, loudest first."""
    ring = client.rings[0]
    shown = client.ask("query($id:String!){ring(ringId:$id){evidence{kind value score}}}", id=ring.ring_id)
    sums: Counter[tuple[str, str]] = Counter()
    for member in ring.members:
        for part in member.evidence:
            sums[part.kind, part.value] += part.score if part.value else 0  # type: ignore[assignment]  # log-odds
    expected = [{"kind": k, "value": v, "score": s} for (k, v), s in sums.most_common() if v]
    assert shown["ring"]["evidence"] == expected


def test_number_of_reads_does_not_grow_with_the_list(client: Client, calls: Counter[str]) -> None:
    """Law: a list of rings with members, sellers, their rings and all evidence is read in a fixed number of reads."""
    query = """query($n: Int) { rings(first: $n) { nodes { evidence { kind } members(first: 5) {
      edges { evidence { kind } node { name country ring { ringId evidence { kind } } } } } } } }"""
    client.ask(query, n=1)
    few = dict(calls)
    calls.clear()
    client.ask(query, n=7)
    assert dict(calls) == few
    assert max(few.values()) == 2  # ring_evidence: of the list and of the rings behind its sellers
    assert sum(few.values()) <= 8


def test_nothing_is_read_that_nobody_asked_for(client: Client, calls: Counter[str]) -> None:
    """Ids and scores of members need one read of the rings and one of the members."""
    client.ask("{rings{nodes{members{edges{linkScore node{id sellerId}}}}}}")
    assert calls == {"rings": 1, "members_of": 1}


def test_unknown_ids_are_null(client: Client) -> None:
    """An id that is not there, of any form, is null and no error."""
    query = "query($id:String!,$node:ID!){ring(ringId:$id){id} seller(sellerId:$id){id} node(id:$node){id}}"
    nobody = base64.b64encode(b"Seller:nobody").decode()
    for text in ("nope", "", "\x00", "R000 ", "x" * 5_000, "'; DROP TABLE ring --", "盗"):
        for node in (text, nobody, base64.b64encode(b"Brand:R000").decode(), "!!!"):
            assert client.ask(query, id=text, node=node) == {"ring": None, "seller": None, "node": None}


def test_node_finds_what_every_id_names(client: Client) -> None:
    """The global id of a ring and of a seller leads back to it."""
    ring = client.ask("{rings(first:1){nodes{id ringId members(first:1){nodes{id sellerId}}}}}")["rings"]["nodes"][0]
    seller = ring["members"]["nodes"][0]
    query = "query($id:ID!){node(id:$id){__typename id ...on Ring{ringId} ...on Seller{sellerId ring{ringId}}}}"
    assert client.ask(query, id=ring["id"])["node"] == {
        "__typename": "Ring",
        "id": ring["id"],
        "ringId": ring["ringId"],
    }
    found = client.ask(query, id=seller["id"])["node"]
    assert found == {"__typename": "Seller", **seller, "ring": {"ringId": ring["ringId"]}}
    assert client.ask('{seller(sellerId:"S-alone"){name ring{id}}}')["seller"] == {
        "name": "Trading S-alone",
        "ring": None,
    }


def test_search_finds_sellers_rings_and_values(client: Client) -> None:
    """Each kind of thing is found by the start of a word, page by page."""
    query = """query($text: String!, $first: Int, $after: String) { search(text: $text, first: $first, after: $after) {
      edges { label node { __typename ... on Seller { sellerId } ... on Ring { ringId } ... on Value { kind value } } }
      nodes { __typename } pageInfo { hasNextPage endCursor } } }"""
    assert client.ask(query, text="R004")["search"]["edges"][0]["node"]["ringId"] == "R004"
    assert client.ask(query, text="+49300000004")["search"]["edges"][0]["node"] == {
        "__typename": "Value",
        "kind": "phone",
        "value": "+49300000004",
    }
    assert client.ask(query, text="")["search"]["edges"] == []
    found: list[str] = []
    after = None
    for _ in range(20):
        page = client.ask(query, text="S004-", first=10, after=after)["search"]
        some = [edge["node"]["sellerId"] for edge in page["edges"]]
        assert len(set(some)) == len(some)
        found += some
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(set(found)) == [
        member.seller_id for member in next(r for r in client.rings if r.ring_id == "R004").members
    ]


@pytest.mark.parametrize("first", [101, 0, -1, 2**31 - 1])
def test_page_sizes_outside_the_bounds_are_refused(client: Client, first: int) -> None:
    """`first` is 1 to 100 in every connection, by literal and by variable."""
    for query in (
        "query($n:Int){rings(first:$n){nodes{id}}}",
        'query($n:Int){search(text:"S",first:$n){nodes{__typename}}}',
        'query($n:Int){ring(ringId:"R000"){members(first:$n){nodes{id}}}}',
    ):
        code, message = client.refused(query, n=first)
        assert code == "BAD_USER_INPUT"
        assert "expected 1 to 100" in message


@pytest.mark.parametrize("after", ["", "zz", "W10=", "null", "x" * 10_000, "盗", "WyJ0aWVyIl0"])
def test_cursors_of_anyones_making_are_refused(client: Client, after: str) -> None:
    """A cursor that a list did not return is an error with a code."""
    for query in (
        "query($a:String){rings(after:$a){nodes{id}}}",
        'query($a:String){search(text:"S",after:$a){nodes{__typename}}}',
        'query($a:String){ring(ringId:"R000"){members(after:$a){nodes{id}}}}',
    ):
        assert client.refused(query, a=after)[0] == "BAD_USER_INPUT"


def test_a_cursor_belongs_to_its_order(client: Client) -> None:
    """A cursor of one order is no cursor of another."""
    cursor = client.ask("{rings(first:1){pageInfo{endCursor}}}")["rings"]["pageInfo"]["endCursor"]
    code, _ = client.refused("query($a:String){rings(after:$a,orderBy:{field:SELLER_COUNT}){nodes{id}}}", a=cursor)
    assert code == "BAD_USER_INPUT"


BODIES = {
    "a number": (400, b"3"),
    "null": (400, b"null"),
    "text": (400, b'"x"'),
    "not UTF-8": (400, b"\xff"),
    "nothing": (400, b""),
    "a list": (400, b'[{"query":"{__typename}"}]'),
    "no query": (400, b"{}"),
    "query is a number": (400, b'{"query":3}'),
    "variables are a list": (400, b'{"query":"{__typename}","variables":[]}'),
    "extensions are text": (400, b'{"query":"{__typename}","extensions":"x"}'),
    "name is a number": (400, b'{"query":"{__typename}","operationName":3}'),
    "name is unknown": (400, b'{"query":"query A{__typename}","operationName":"B"}'),
    "a subscription": (400, b'{"query":"subscription{a}"}'),
    "too long": (413, b'{"query":"' + b" " * 262_144 + b'"}'),
    "deeply nested": (400, b"[" * 100_000),
}


@pytest.mark.parametrize(("status", "body"), BODIES.values(), ids=BODIES.keys())
def test_bodies_that_are_no_request(client: Client, status: int, body: bytes) -> None:
    """What is no GraphQL request is answered with a status, in JSON, with a code."""
    answer = client.send("POST", "/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json()["errors"][0]["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_other_kinds_of_body_are_refused(client: Client, kind: str) -> None:
    """Only JSON is read: a form of another site must not reach us without asking first."""
    answer = client.send("POST", "/graphql", content=b'{"query":"{__typename}"}', headers={"content-type": kind})
    assert answer.status_code == 415
    assert answer.json()["errors"]


def test_media_types(client: Client) -> None:
    """The newer media type has statuses of its own and leaves `data` out of what was not run; the older always 200."""
    for accept, kind, status in (
        ("application/json", "application/json", 200),
        ("*/*", "application/json", 200),
        (GRAPHQL_JSON, GRAPHQL_JSON, 400),
        (f"{GRAPHQL_JSON}, application/json;q=0.5", GRAPHQL_JSON, 400),
        (f"application/json, {GRAPHQL_JSON};q=0.5", "application/json", 200),
    ):
        for query in ("{nope}", "{", "query($n:Int!){rings(first:$n){nodes{id}}}"):
            answer = client.post(query, accept)
            assert (answer.status_code, answer.headers["content-type"]) == (status, f"{kind}; charset=utf-8")
            assert "data" not in answer.json()
    assert client.post("{__typename}", GRAPHQL_JSON).status_code == 200
    assert client.post("{__typename}", "text/html").status_code == 406


def test_answers_are_in_json_everywhere(client: Client) -> None:
    """Unknown paths, wrong methods and queries by GET are answered in JSON with a code."""
    for method, path, status in (
        ("GET", "/nope", 404),
        ("GET", "/static/0/console.js", 404),
        ("GET", "/static/../app.py", 404),
        ("DELETE", "/graphql", 405),
        ("POST", "/livez", 405),
        ("GET", "/graphql?query={__typename}", 405),
    ):
        answer = client.send(method, path, headers={"accept": "application/json"})
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.json()["errors"][0]["extensions"]["code"]


def test_every_answer_has_its_headers(client: Client) -> None:
    """Pages, data, files and errors alike."""
    for path in ("/graphql", "/livez", "/nope", "/favicon.ico"):
        headers = client.send("GET", path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-request-id"]
    assert client.post("{__typename}").headers["cache-control"] == "no-store"
    home = client.send("GET", "/")
    assert (home.status_code, home.headers["location"]) == (307, "/graphql")


def test_large_answers_are_compressed(client: Client) -> None:
    """An answer of more than a kilobyte travels compressed, a small one as it is."""
    large = client.post("{rings{nodes{ringId members(first:50){nodes{sellerId name}}}}}")
    assert large.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.post("{__typename}").headers


def test_errors_are_few(client: Client) -> None:
    """However much is wrong with a query, five errors come back."""
    answer = client.post("{" + " ".join(f"f{i}" for i in range(19)) + "}").json()
    assert len(answer["errors"]) == MAX_ERRORS


def test_defects_tell_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What we did not expect stays in the log, under the name that the client is told."""

    def broken(*_: object) -> None:
        raise RuntimeError("neo4j://ann:s3cret@db:7687 refused")

    monkeypatch.setattr(View, "ring", broken)
    answer = client.post('{ring(ringId:"R000"){id} __typename}')
    told = answer.json()
    assert told["data"] == {"ring": None, "__typename": "Query"}
    assert told["errors"][0]["extensions"] == {"code": "INTERNAL_SERVER_ERROR"}
    assert "s3cret" not in answer.text
    assert "s3cret" in caplog.text
    assert next(r.message for r in caplog.records).split()[-1] in told["errors"][0]["message"]


def test_a_database_that_is_away_is_told_as_such(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked, broken or missing database is UNAVAILABLE through every door, 503 for supervisors; no path is told."""
    busy = RetryableError("/srv/secret/rings.db: the database is locked; try again")
    broken = ConfigError("/srv/secret/rings.db: the database file is damaged")
    broken.__cause__ = OSError("disk")  # as the embedded database raises what SQLite told it
    for fault in (busy, broken):

        def away(*_: object, fault: Exception = fault) -> None:
            raise fault

        monkeypatch.setattr(View, "run", away)
        monkeypatch.setattr(View, "ring", away)
        ready = client.send("GET", "/readyz")
        assert (ready.status_code, ready.headers["retry-after"]) == (503, "1")
        assert ready.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        code, message = client.refused('{ring(ringId:"R000"){id}}')
        assert code == "UNAVAILABLE"
        assert "secret" not in ready.text + message
        assert client.send("GET", "/livez").status_code == 200


def test_hosts_of_others_are_refused_where_hosts_are_named(client: Client) -> None:
    """A page elsewhere that points its own name at a server on the loopback address reads nothing."""
    app = Doorway(client.app, allowed_hosts=LOOPBACK_HOSTS, metrics=Metrics())
    other = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", verify=False)  # noqa: S501 (no TLS here)
    for host, status in (
        ("evil.example", 421),
        ("evil.example:8000", 421),
        ("", 421),
        ("LocalHost:1", 200),
        ("[::1]", 200),
    ):
        answer = client.runner.run(other.get("/livez", headers={"host": host}))
        assert answer.status_code == status, host
    client.runner.run(other.aclose())


def test_a_short_query_that_grows_is_refused(client: Client) -> None:
    """A chain of fragments of under 800 bytes, which would be a million fields, never gets to run."""
    links = "".join(f"fragment F{i} on Query{{...F{i + 1} ...F{i + 1}}}" for i in range(20))
    text = f"{{...F0}}{links}fragment F20 on Query{{__typename}}"
    assert len(text) < 800
    assert client.refused(text)[0] == "QUERY_TOO_LARGE"


def test_deep_lists_are_refused_unread(client: Client, calls: Counter[str]) -> None:
    """A query whose answer would be too large reads nothing, and says what it would cost."""
    deep = "{rings(first:100){nodes{members(first:100){nodes{ring{members(first:100){nodes{id}}}}}}}}"
    answer = client.post(deep).json()
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COSTLY"
    assert answer["extensions"]["cost"]["fields"] > answer["extensions"]["cost"]["limit"]
    assert not calls


def test_metrics_count_requests(client: Client) -> None:
    """The counters are text that Prometheus reads."""
    client.send("GET", "/livez")
    answer = client.send("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'ringwatch_http_requests_total{method="GET",status="200"}' in answer.text


def test_an_answer_is_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: a run that ends while an answer is being read does not show in it; the next answer is of the new run."""
    url = f"sqlite:///{tmp_path}/rings.db"
    before = fill(url, [4, 5])
    client = Client(make_app(ServeConfig(url)), before)
    read_rings = View.rings

    def rings_then_new_run(view: View, *arguments: Any) -> Any:
        page = read_rings(view, *arguments)
        monkeypatch.setattr(View, "rings", read_rings)
        with open_writer(url) as writer:
            writer.save_run("run-2", Detection((), (), Fit(9), AT), AT)
        return page

    monkeypatch.setattr(View, "rings", rings_then_new_run)
    query = "{rings{nodes{sellerCount members{nodes{name}} evidence{kind}}}}"
    try:
        nodes = client.ask(query)["rings"]["nodes"]
        assert [len(ring["members"]["nodes"]) for ring in nodes] == [ring["sellerCount"] for ring in nodes] == [4, 5]
        assert all(ring["evidence"] for ring in nodes)
        assert client.ask(query)["rings"]["nodes"] == []
    finally:
        client.close()


def test_a_database_without_a_run(tmp_path: Path) -> None:
    """Before the first detection lists are empty and single things null."""
    url = f"sqlite:///{tmp_path}/empty.db"
    fill(url, [])
    client = Client(make_app(ServeConfig(url)), [])
    try:
        assert client.ask('{rings{nodes{id} pageInfo{hasNextPage startCursor}} ring(ringId:"R"){id}}') == {
            "rings": {"nodes": [], "pageInfo": {"hasNextPage": False, "startCursor": None}},
            "ring": None,
        }
        assert client.send("GET", "/readyz").status_code == 200
        assert client.send("GET", "/metrics").status_code == 404
    finally:
        client.close()
