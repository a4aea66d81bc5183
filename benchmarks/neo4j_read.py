"""Read a whole graph out of a real Neo4j, ours beside a record for each use; and small questions beside SQLite's.

``python -m benchmarks.neo4j_read --sellers N``: N sellers, 5 N uses of values, and a ring for every hundredth seller.

- the snapshot: our columns (lists gathered by slices over a dense number, several readers) against the same columns as
  one record a use, with the same driver and its compiled codec. ``ratio`` is wall seconds of the latter to ours,
  ``cpu_ratio`` the client's processor seconds of the latter to ours.
- questions through ``View``: a seller, a ring with its members and values, the ring and fellows of a seller; and who
  else uses the values of a seller, asked in each database's own language. Median and 99th percentile in milliseconds,
  after some of the same questions warmed both up.
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from neo4j import Driver

from benchmarks.made_batches import KINDS, made_batches
from benchmarks.neo4j import AT, Spent, load_by_import, measured, write_batches
from benchmarks.neo4j_server import Bench, bench_server
from ringwatch.db.database import Database
from ringwatch.db.open import open_database, open_view, open_writer
from ringwatch.db.view import View
from ringwatch.model.rings import Detection, Evidence, Fit, Member, Ring, RingValue, Role, Tier
from ringwatch.model.visibility import FULL

GOAL, CPU_GOAL = 5.0, 40.0
N_TURNS = 3  # the quickest counts: other work on the machine only ever adds
N_QUESTIONS = 500
RING_SIZE = 5
RECORD_EACH = """
MATCH (value:Value)<-[x:USES]-(holder:Holder)
WHERE x.valid_to IS NULL
RETURN value.n, holder.n,
  coalesce((x.first_seen_at + 62135596800000000) / 86400000000 - 719162, -2147483648),
  coalesce((x.last_seen_at + 62135596800000000) / 86400000000 - 719162, -2147483648),
  coalesce(x.purpose_n, 0)
"""
TWO_HOPS = """
MATCH (seller:Holder {id: $id})-[:USES]->(:Value)<-[:USES]-(other:Holder)
RETURN DISTINCT other.id ORDER BY other.id LIMIT 100
"""
TWO_HOPS_SQL = """
SELECT DISTINCT other.id FROM holder AS own JOIN uses AS mine ON mine.holder_n = own.n
JOIN uses AS theirs ON theirs.value_n = mine.value_n AND theirs.holder_n <> own.n
JOIN holder AS other ON other.n = theirs.holder_n
WHERE own.id = :id ORDER BY other.id LIMIT 100
"""


def read_by_columns(database: Database) -> int:
    """Read the uses as a snapshot does; it is open already, as the driver of the other way is."""
    with database.reading() as session:
        return len(session.use_columns()[0])


def read_by_records(driver: Driver) -> int:
    """Read the same columns a record each, into the same arrays."""
    with driver.session() as session:
        rows = [record.values() for record in session.run(RECORD_EACH)]
    return len(np.array(rows, dtype=np.int64))


def cheapest(read: Callable[[], int], n_expected: int) -> Spent:
    """Return the quickest of some turns, each of which must find all there is."""
    turns = []
    for _ in range(N_TURNS):
        with measured() as spent:
            n_read = read()
        if n_read != n_expected:
            raise SystemExit(f"{n_read} uses were read, expected {n_expected}")
        turns.append(spent)
    return Spent(min(turn.wall_s for turn in turns), min(turn.client_s for turn in turns))


def made_rings(n_sellers: int) -> tuple[Ring, ...]:
    """Return rings of five of every hundred sellers, with evidence as a run would keep it."""

    def ring(number: int) -> Ring:
        ids = tuple(sorted(f"seller-{number * 100 + place}" for place in range(RING_SIZE)))
        value = f"value-ring-{number}"
        evidence = {
            i: Evidence("phone", "contact", value, RING_SIZE, tuple(j for j in ids if j != i), 3.0) for i in ids
        }
        members = tuple(Member(i, Tier.REVIEW, Role.CORE, 0.9, 2.2, 0.5, (evidence[i],)) for i in ids)
        values = (RingValue("phone", "contact", value, RING_SIZE, is_hub=False),)
        return Ring(f"R-{number:06d}", Tier.REVIEW, 0.9, 0.5, members, values)

    return tuple(ring(number) for number in range(n_sellers // 100))


def questions(view: View, n_sellers: int) -> Mapping[str, Callable[[int], object]]:
    """Return what is asked through ``View``, each with a number that says of whom."""

    def ring(number: int) -> object:
        ring_id = f"R-{number % (n_sellers // 100):06d}"
        return (
            view.ring(FULL, ring_id),
            view.members(FULL, ring_id, None, None),
            view.ring_values(FULL, ring_id),
        )

    def fellows(number: int) -> object:
        found = view.ring_of(FULL, [f"seller-{number % (n_sellers // 100) * 100}"])
        return view.members_of(FULL, found.values(), 100)

    return {"point": lambda number: view.sellers(FULL, [f"seller-{number}"]), "ring": ring, "fellows": fellows}


def timed(ask: Callable[[int], object], numbers: Sequence[int]) -> tuple[float, float]:
    """Return median and 99th percentile of the milliseconds of a question, asked of each number."""
    for number in numbers[:50]:
        ask(number)
    took = []
    for number in numbers:
        begun = time.perf_counter()
        ask(number)
        took.append(1000 * (time.perf_counter() - begun))
    return round(float(np.median(took)), 2), round(float(np.percentile(took, 99)), 2)


def ask_all(bench: Bench, embedded: Path, n_sellers: int) -> dict[str, tuple[float, float]]:
    """Return the times of every question on both databases."""
    numbers = np.random.default_rng(3).integers(0, n_sellers, N_QUESTIONS).tolist()
    times = {}
    for where, url in (("neo4j", bench.url), ("embedded", f"sqlite:///{embedded}")):
        with open_view(url) as view:
            for name, ask in questions(view, n_sellers).items():
                times[f"{name}_{where}"] = timed(ask, numbers)
    with bench.driver() as driver, driver.session() as session, closing(sqlite3.connect(embedded)) as connection:

        def over_bolt(number: int) -> object:
            return session.run(TWO_HOPS, id=f"seller-{number}").values()

        def in_sql(number: int) -> object:
            return connection.execute(TWO_HOPS_SQL, {"id": f"seller-{number}"}).fetchall()

        times |= {"two_hops_neo4j": timed(over_bolt, numbers), "two_hops_embedded": timed(in_sql, numbers)}
    return times


def main() -> None:
    """Fill both databases, read and ask, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sellers", type=int, default=20_000)
    n_sellers = parser.parse_args().sellers
    batches, n_uses = made_batches(n_sellers), n_sellers * len(KINDS)
    detection = Detection(made_rings(n_sellers), (), Fit(n_sellers), AT)
    with bench_server("neo4j_read") as bench, tempfile.TemporaryDirectory() as scratch:
        embedded = Path(scratch, "graph.db")
        bench.server.stop()
        load_by_import(bench, batches, Path(scratch, "files"))
        bench.server.start()
        with open_writer(f"sqlite:///{embedded}", create=True) as writer:
            write_batches(writer, batches)
        for url in (bench.url, f"sqlite:///{embedded}"):
            with open_writer(url) as writer:
                writer.save_run("run-1", detection, AT)
        with closing(open_database(bench.url, create=False)) as database:
            ours = cheapest(lambda: read_by_columns(database), n_uses)
        with bench.driver() as driver:
            peer = cheapest(lambda: read_by_records(driver), n_uses)
        with open_view(bench.url) as view, measured() as snapshot:
            view.snapshot(FULL, AT)
        times = ask_all(bench, embedded, n_sellers)
    for name, (median, slowest) in times.items():
        print(f"{name:>18}: p50 {median:8.2f} ms  p99 {slowest:8.2f} ms")
    ratios = {
        "ratio": round(peer.wall_s / ours.wall_s, 1),
        "goal": GOAL,
        "cpu_ratio": round(peer.client_s / ours.client_s, 1),
        "cpu_goal": CPU_GOAL,
    }
    seconds = {
        "columns_s": ours.wall_s, "columns_cpu_s": ours.client_s, "records_s": peer.wall_s,
        "records_cpu_s": peer.client_s, "snapshot_s": snapshot.wall_s,
    }  # fmt: skip
    print(json.dumps({"benchmark": "neo4j_read", **ratios, "sellers": n_sellers, "uses": n_uses, **seconds, **times}))


if __name__ == "__main__":
    main()
