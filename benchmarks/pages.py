"""What pages cost over a made marketplace, at the client of a real server, beside the same rows by the bare driver.

The floor: every statement that a page runs, caught on the way to SQLite, run again on a bare connection and fetched.
A page also judges who may see what, draws, writes HTML and compresses it. Pages are asked for in turn, each with other
rings and sellers every time; the first round of each is left out.

``python -m benchmarks.pages [--sellers 20000 | --database URL] [--rounds 40]``
"""

import argparse
import asyncio
import json
import os
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from tests.support.api_server import COMMAND, Running, running_server

from ringwatch.api.config import ServeConfig
from ringwatch.db.open import open_view
from ringwatch.db.view import RingQuery
from ringwatch.fixtures.generate import WorldConfig, make_market, write_market
from ringwatch.model.visibility import FULL
from ringwatch.web.app import make_app

GOAL = 12.0  # times the bare rows that all pages together may take: they are a fortieth of the HTML that is written
MOST_MS = {"ring of 60": 50.0, "list": 100.0, "ring": 100.0, "seller": 100.0, "search": 100.0, "map": 100.0}
SEED = 1
N_IDS = 200  # different rings and sellers that are asked for

OTHERS = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
"""Statements that read no rows."""

Paths = Mapping[str, Sequence[str]]


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--database", help="a database that is there, in place of a made one")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or make_database(Path(folder), options.sellers)
        paths, size = paths_of(database)
        with running_server(database, Path(folder) / "log") as server:
            taken, cpu_ms = ask(server, paths, options.rounds)
        floors = floors_of(database, paths)
    report(taken, floors, {**size, "cpu_ms_a_page": cpu_ms})


def make_database(folder: Path, n_sellers: int) -> str:
    """Load a made marketplace, detect its rings, and return the URL of its database."""
    write_market(make_market(WorldConfig(n_sellers, SEED)), folder / "market", "parquet")
    database = f"sqlite:///{folder}/rings.db"
    for words in (["load", str(folder / "market"), "--rejects", str(folder / "rejects.csv")], ["detect"]):
        subprocess.run([COMMAND, *words, "--database", database, "--json"], check=True, stdout=subprocess.DEVNULL)
    return database


def paths_of(database: str) -> tuple[Paths, dict[str, int]]:
    """Return addresses of each kind of page, and how large the marketplace is."""
    rng = random.Random(SEED)  # noqa: S311 (addresses to measure, not secrets)
    with open_view(database) as view:
        counts = view.counts(FULL)
        rings, after = [], None
        while True:
            page = view.rings(FULL, RingQuery((), 0, "size", 500, after))
            rings += page.rows
            if not page.has_next:
                break
            after = page.cursors[-1]
        near_60 = sorted(rings, key=lambda ring: abs(ring.n_sellers - 60))[:8]
        some = rng.sample(rings, min(N_IDS, len(rings)))
        members = [view.members(FULL, ring.ring_id).rows[0].seller_id for ring in some]
        names = [row.name for row in view.sellers(FULL, members).values() if row.name]
    paths = {
        "ring of 60": [f"/rings/{ring.ring_id}" for ring in near_60],
        "ring": [f"/rings/{ring.ring_id}" for ring in some],
        "list": ["/rings", "/rings?sort=tier", "/rings?tier=close", "/rings?tier=lead&min=5", "/rings?sort=size"],
        "seller": [f"/sellers/{quote(seller, safe='')}" for seller in members],
        "search": [f"/search?q={quote(word[:8])}" for name in names for word in name.split()[:1]],
        "map": ["/map", "/map/rings.json", "/map?tier=close", "/map/rings.json?tier=close"],
    }
    return paths, {**counts, "ring_of_60": near_60[0].n_sellers}


def ask(server: Running, paths: Paths, rounds: int) -> tuple[dict[str, list[float]], float]:
    """Return the milliseconds of every answer by kind of page, the kinds in turn, and the server's own for a page."""
    taken: dict[str, list[float]] = {kind: [] for kind in paths}
    begun_ms = 0.0
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for turn in range(-1, rounds):
            begun_ms = cpu_ms_of(server.process.pid) if turn == 0 else begun_ms
            for kind, of in paths.items():
                for path in of[:8] if turn < 0 else [of[turn % len(of)]]:
                    begun = time.perf_counter()
                    answer = client.get(path)
                    took_ms = (time.perf_counter() - begun) * 1000
                    if answer.status_code not in {200, 303}:  # a search with one hit leads to it
                        raise SystemExit(f"{path}: status {answer.status_code}")
                    taken[kind] += [took_ms] if turn >= 0 else []
    used_ms = cpu_ms_of(server.process.pid) - begun_ms
    return taken, round(used_ms / sum(map(len, taken.values())), 1)


def cpu_ms_of(pid: int) -> float:
    """Return the processor milliseconds that a process took so far: what a busy machine blurs least."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def floors_of(database: str, paths: Paths) -> dict[str, float]:
    """Return the milliseconds (median) that the rows of a page of each kind take by the bare driver."""
    floors = {}
    with caught_statements() as statements:
        app = make_app(ServeConfig(database))
        wanted = [(kind, path) for kind, of in paths.items() for path in of[:8]]
        caught = asyncio.run(_statements_of(app, wanted, statements))
    bare = sqlite3.connect(database.removeprefix("sqlite:///"))
    for kind in paths:
        floors[kind] = statistics.median(_replay_ms(bare, run) for of, run in caught if of == kind)
    bare.close()
    return floors


@contextmanager
def caught_statements() -> Iterator[list[str]]:
    """Let every connection that is made from here on tell which statements it runs, their parameters written in."""
    connect, caught = sqlite3.connect, []

    def telling(*words: object, **named: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*words, **named)  # type: ignore[arg-type]
        connection.set_trace_callback(caught.append)
        return connection

    sqlite3.connect = telling  # type: ignore[assignment]
    try:
        yield caught
    finally:
        sqlite3.connect = connect


async def _statements_of(app, wanted, caught):  # noqa: ANN001, ANN202
    found = []
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        for kind, path in wanted:
            caught.clear()
            await client.get(path)
            found.append((kind, [text for text in caught if not text.startswith(OTHERS)]))
    return found


def _replay_ms(bare: sqlite3.Connection, statements: Sequence[str]) -> float:
    begun = time.perf_counter()
    for text in statements:
        bare.execute(text).fetchall()
    return (time.perf_counter() - begun) * 1000


def report(taken: Mapping[str, list[float]], floors: Mapping[str, float], size: Mapping[str, float]) -> None:
    """Print a line for each kind of page, then the JSON line."""
    line: dict[str, object] = {}
    for kind, times in taken.items():
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"{kind:12} p50 {p50:7.1f} ms  p99 {p99:7.1f} ms  bare rows {floors[kind]:7.2f} ms")
        name = kind.replace(" ", "_")
        line |= {
            f"{name}_p50_ms": round(p50, 1),
            f"{name}_p99_ms": round(p99, 1),
            f"{name}_floor_ms": round(floors[kind], 2),
        }
    ratio = sum(map(statistics.median, taken.values())) / sum(floors.values())
    holds = all(statistics.median(times) <= MOST_MS[kind] for kind, times in taken.items())
    print(
        json.dumps({"benchmark": "pages", "ratio": round(ratio, 2), "goal": GOAL, "gates_hold": holds, **size, **line})
    )


if __name__ == "__main__":
    main()
