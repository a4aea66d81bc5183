"""Screening over GraphQL and REST gives what the command line gives."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.fixtures.marketplace import hidden_cases
from ringwatch.jobs.detect_again import kept_trace

QUERY = """query($a:[Applicant!]!){screen(applicants:$a){sellerId advice error matches{
  ringId tier returned linkScore logOdds infringementScore families evidence{kind value holderCount sellers score}}}}"""


@pytest.fixture
def post(market):
    """Send a request to a server over the small marketplace."""
    app = make_app(ServeConfig(market, read_trace=kept_trace))

    def send(path: str, **given: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.post(path, **given)

        return asyncio.run(ask())

    return send


def told(here, market, ring_id: str) -> dict[str, Any]:
    """Return an applicant that shows what members of a ring share."""
    shared = here("ring", ring_id, "--database", market, "--json").json["values"]
    plain = [v for v in shared if not v["kind"].endswith("_like") and v["kind"] not in {"address", "account"}]
    identifiers = [{"kind": value["kind"], "value": value["value"]} for value in plain]
    return {"seller_id": "A-1", "country": "CN", "identifiers": identifiers}


def test_every_door_gives_one_answer(here, market, post, tmp_path):
    """One applicant by GraphQL, by REST alone and among lines, and on the command line; faults stand in place."""
    mule = hidden_cases()["mules"][0]
    rings = here("rings", "--database", market, "--json").json["rings"]
    ring_id = next(
        ring["ring_id"]
        for ring in rings
        if mule
        in [m["seller_id"] for m in here("ring", ring["ring_id"], "--database", market, "--json").json["members"]]
    )
    applicant = told(here, market, ring_id)
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps(applicant))
    (expected,) = here("screen", source, "--json", "--database", market).json["applicants"]
    assert expected["advice"] == "refuse"
    alone = post("/screen", json=applicant)
    assert (alone.status_code, alone.json()) == (200, expected)
    body = "".join(f"{line}\n" for line in ("{", json.dumps(applicant), "", "7", json.dumps(applicant)))
    lines = post("/screen", content=body, headers={"content-type": "application/x-ndjson"})
    answers = [json.loads(line) for line in lines.text.splitlines()]
    assert [answers[1], answers[3]] == [expected, expected]
    assert "line 1" in answers[0]["error"]
    assert "error" in answers[2]
    given = {"sellerId": "A-1", "country": "CN", "identifiers": applicant["identifiers"]}
    bad = {"sellerId": "A-2", "identifiers": [{"kind": "phone", "value": "1", "firstSeenAt": "soon"}]}
    good, fault = post("/graphql", json={"query": QUERY, "variables": {"a": [given, bad]}}).json()["data"]["screen"]
    assert good["advice"] == "REFUSE"
    assert fault["advice"] is None
    assert "soon" in fault["error"]
    (match, *_), (first, *_) = good["matches"], expected["matches"]
    assert (match["ringId"], match["logOdds"], match["families"]) == (
        first["ring_id"],
        first["log_odds"],
        first["families"],
    )
    assert [part["score"] for part in match["evidence"]] == [part["score"] for part in first["evidence"]]


def test_wrong_requests_are_told_what_is_wrong(post):
    """Nonsense is refused in words, whatever the door."""
    assert post("/screen", content="x", headers={"content-type": "text/plain"}).status_code == 415
    assert post("/screen", content="{", headers={"content-type": "application/json"}).status_code == 422
    assert (
        post("/screen", content=b"[" + b" " * 2_000_000, headers={"content-type": "application/json"}).status_code
        == 413
    )
    many = [{"sellerId": f"A-{n}"} for n in range(101)]
    errors = post("/graphql", json={"query": QUERY, "variables": {"a": many}}).json()["errors"]
    assert "at most 100" in errors[0]["message"]
