"""What an answer costs: our route beside Strawberry's own defaults over the same resolvers, view and database.

Everything happens in this process, without a socket; figures are the least CPU time of many interleaved requests (all
threads counted), so that a busy machine blurs them little. ``stall_ms`` is how long the event loop was held up at most
while eight requests ran at once: with our threads, and with reads on the loop itself.

``python -m benchmarks.graphql [--members 100] [--rounds 150]``
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
import strawberry
from fastapi import FastAPI
from starlette.types import ASGIApp, Message
from strawberry.fastapi import BaseContext, GraphQLRouter
from tests.support.ring_database import fill

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.api.query import Query
from ringwatch.db.open import open_view
from ringwatch.db.view import View
from ringwatch.model.visibility import FULL

GOAL = 1.3  # parsing and validation are a third of the stock cost; reading the database is in both
QUERIES = {
    "ring": """{ ring(ringId: "R000") { members(first: 100) {
      edges { cursor tier role linkScore node { sellerId } } } } }""",
    "small": """{ ring(ringId: "R000") { ringId tier } }""",
    "list": """{ rings(first: 20) { nodes { ringId tier evidence { kind value score }
      members(first: 20) { edges { tier linkScore node { sellerId name } evidence { kind value score } } } } } }""",
}


class StockContext(BaseContext):
    """What our resolvers ask of a context, in the form that Strawberry's router wants."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self.who = FULL


@dataclass(frozen=True)
class Peer:
    """One way of answering, and where it answers."""

    name: str
    app: ASGIApp


def stock_app(view: View) -> FastAPI:
    """Return the application that Strawberry's manual begins with."""
    app = FastAPI()
    router = GraphQLRouter(strawberry.Schema(Query), context_getter=lambda: StockContext(view))
    app.include_router(router, prefix="/graphql")
    return app


async def post(app: ASGIApp, body: bytes) -> bytes:
    """Send one request to an application and return the body of its answer."""
    answer = bytearray()
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"accept", b"application/json")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": b"", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("localhost", 80), "state": {},
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        answer.extend(message.get("body", b""))

    await app(scope, receive, send)
    return bytes(answer)


async def least_ms(peers: list[Peer], body: bytes, rounds: int) -> dict[str, float]:
    """Return the least CPU milliseconds of each peer, their requests taking turns."""
    best = {peer.name: float("inf") for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            begun = time.process_time()
            await post(peer.app, body)
            best[peer.name] = min(best[peer.name], (time.process_time() - begun) * 1000)
    return best


async def stall_ms(call: Callable[[], Awaitable[object]]) -> float:
    """Return how long the event loop was held up at most while eight calls ran at once."""
    worst, done = 0.0, False

    async def watch() -> None:
        nonlocal worst
        while not done:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - begun - 0.001)

    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(call() for _ in range(8)))
    done = True
    await watcher
    return round(worst * 1000, 1)


async def measure(url: str, rounds: int) -> dict[str, object]:
    """Return all figures of one database."""
    ours = make_app(ServeConfig(url))
    with open_view(url) as view:
        stock = stock_app(view)
        async with ours.router.lifespan_context(ours):
            peers = [Peer("stock", stock), Peer("ours", ours)]
            figures: dict[str, object] = {}
            for name, query in QUERIES.items():
                body = orjson.dumps({"query": query})
                answers = [orjson.loads(await post(peer.app, body))["data"] for peer in peers]
                assert answers[0] == answers[1], f"{name}: the two answers differ"  # noqa: S101 (a figure of two different things is none)
                best = await least_ms(peers, body, rounds)
                figures |= {f"{name}_{peer}_ms": round(ms, 2) for peer, ms in best.items()}
                figures[f"{name}_ratio"] = round(best["stock"] / best["ours"], 2)
            body = orjson.dumps({"query": QUERIES["list"]})
            figures["stall_ms"] = {
                "threads": await stall_ms(lambda: post(ours, body)),
                "loop": await stall_ms(lambda: post(stock, body)),
            }
    return figures


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=150)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/rings.db"
        fill(url, [options.members] + [20] * 30)
        figures = asyncio.run(measure(url, options.rounds))
    for name, figure in figures.items():
        print(f"{name:20} {figure}")
    print(json.dumps({"benchmark": "graphql", "ratio": figures["ring_ratio"], "goal": GOAL, **figures}))


if __name__ == "__main__":
    main()
