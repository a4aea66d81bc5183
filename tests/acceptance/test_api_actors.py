"""Who asks over HTTP: a key as soon as the database has actors, but for a demo on the loopback address."""

import asyncio

import httpx

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig

RINGS = {"query": "{rings(first: 1) {nodes {ringId}}}"}
EXEMPT = {
    "query": "mutation($i: ExemptInput!) {exempt(input: $i) {__typename}}",
    "variables": {"i": {"kind": "phone", "value": "+4940123456", "reason": "AGENCY"}},
}


def ask(body: dict, key: str | None = None, host: str = "127.0.0.1") -> tuple[int, dict]:
    """Post one request to a server of the default database of this folder."""

    async def post() -> httpx.Response:
        app = make_app(ServeConfig("sqlite:///ringwatch.db", host, anyone=True))
        headers = {"authorization": f"Bearer {key}"} if key else {}
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers)
        async with app.router.lifespan_context(app), client:
            return await client.post("/graphql", json=body)

    answer = asyncio.run(post())
    return answer.status_code, answer.json()


def test_a_server_asks_for_a_key_once_there_are_actors(here, own_market):  # noqa: ARG001 (it makes the database)
    assert ask(RINGS)[0] == 200
    assert "errors" in ask(EXEMPT, host="0.0.0.0")[1]  # noqa: S104 (nothing listens)
    keys = {
        role: here("actor", "add", role, "--role", role, "--json").json["key"] for role in ("investigator", "approver")
    }
    for key in (None, "rw_wrong"):
        status, answer = ask(RINGS, key)
        assert (status, answer["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert ask(RINGS, keys["approver"])[1]["data"]["rings"]["nodes"]
    assert ask(EXEMPT, keys["approver"])[1]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 (nothing listens)
        assert ask(EXEMPT, keys["investigator"], host)[1]["data"]["exempt"]["__typename"] == "ExemptSuccess"


def test_a_demo_asks_for_no_key_on_the_loopback_address(here):
    assert here("demo", "--no-serve").status == 0
    assert here("actor", "add", "ann", "--role", "investigator").status == 0
    assert ask(RINGS)[0] == 200
    assert ask(RINGS, host="0.0.0.0")[0] == 401  # noqa: S104 (nothing listens)
    assert ask(RINGS, "rw_wrong")[0] == 401
