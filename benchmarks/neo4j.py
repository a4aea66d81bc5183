"""Fill a real Neo4j in four ways, one after the other in one run: our Bolt load, our import, and their two peers.

``python -m benchmarks.neo4j --sellers N``: N sellers and 5 N uses of values, out of the same batches in memory.

- ours over Bolt: ``db.Writer``, as `ringwatch load` calls it.
- the careful loop: what a careful user would write with the bare driver: constraints, labels, ``UNWIND`` and ``MERGE``,
  batches of 10,000 sorted by value, managed transactions, one writer. It keeps less than ours does: no numbers, no
  index of words, no marks of the load.
- our import: the same batches through ``ImportWriter`` into files, then ``neo4j-admin database import full``.
- the bare tool: that command alone, on the files that are ready.

The server is started anew for each, and warmed up by a small load of the same way. ``schema`` is the making of
constraints and indexes after an import, which the first command on the new database does.

The last line is one JSON object. ``ratio`` is our rate over Bolt to that of the careful loop; ``import_ratio`` is the
time of our import, files and all, to that of the bare tool; ``cpu_ratio`` and ``import_cpu_ratio`` the same of the
processor time of client and server together. Memory and disk are those of the server that was filled.
"""

import argparse
import json
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from neo4j import Driver, ManagedTransaction

from benchmarks.made_batches import made_batches
from benchmarks.neo4j_server import Bench, bench_server
from ringwatch.db.import_files import ARGUMENTS
from ringwatch.db.open import open_for_import, open_view, open_writer
from ringwatch.db.writer import Writer
from ringwatch.model.visibility import FULL

GOAL, IMPORT_GOAL = 1.5, 1.3
WARM_SELLERS = 5_000
N_TURNS, BIG_SELLERS = 2, 200_000  # of the import, where it takes a minute at most
WRITE_ROWS = 200_000  # as the loader hands them over
LOOP_ROWS = 10_000
AT = datetime(2025, 1, 1, tzinfo=UTC)
CONSTRAINTS = (
    "CREATE CONSTRAINT IF NOT EXISTS FOR (x:Seller) REQUIRE x.id IS UNIQUE",
    "CREATE CONSTRAINT IF NOT EXISTS FOR (x:Value) REQUIRE (x.kind, x.text) IS UNIQUE",
    "CALL db.awaitIndexes()",
)
MERGE_SELLERS = """
UNWIND $rows AS row
MERGE (x:Seller {id: row.seller_id})
SET x.name = row.name, x.country = row.country, x.registered_at = row.registered_at
"""
MERGE_USES = """
UNWIND $rows AS row
MATCH (x:Seller {id: row.holder_id})
MERGE (v:Value {kind: row.kind, text: row.value})
MERGE (x)-[u:USES]->(v)
SET u.purpose = row.purpose, u.first_seen_at = row.first_seen_at, u.last_seen_at = row.last_seen_at
"""
Batches = Mapping[str, pa.Table]


@dataclass
class Spent:
    """Wall seconds, and processor seconds of the client and of the server or the import tool."""

    wall_s: float = 0.0
    client_s: float = 0.0
    server_s: float = 0.0

    @property
    def cpu_s(self) -> float:
        """Return the processor seconds of both sides, which other work on the machine changes little."""
        return self.client_s + self.server_s


@contextmanager
def measured(bench: Bench | None = None) -> Iterator[Spent]:
    """Yield what is filled in when the block ends."""
    spent = Spent()

    def now() -> tuple[float, float, float]:
        tools = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.perf_counter(), time.process_time(), bench.cpu_s() if bench else tools.ru_utime + tools.ru_stime

    begun = now()
    yield spent
    ended = now()
    spent.wall_s, spent.client_s, spent.server_s = (round(b - a, 3) for a, b in zip(begun, ended, strict=True))


def write_batches(writer: Writer, batches: Batches) -> None:
    """Load the batches as the loader does."""
    load = writer.begin_load("benchmark", AT, full=False)
    for table, batch in batches.items():
        for start in range(0, len(batch), WRITE_ROWS):
            writer.write(load, table, batch.slice(start, WRITE_ROWS))
    writer.finish_load(load, AT)


def load_over_bolt(bench: Bench, batches: Batches) -> Spent:
    """Load with our writer into an empty database whose schema is there."""
    with open_writer(bench.url, create=True) as writer, measured(bench) as spent:
        write_batches(writer, batches)
    return spent


def load_with_loop(bench: Bench, batches: Batches) -> Spent:
    """Load with the careful loop into an empty database; making and awaiting the constraints is not counted."""
    sellers = plain(batches["sellers"].select(["seller_id", "name", "country", "registered_at"]))
    uses = plain(batches["uses"].drop_columns(["display", "provenance", "extra"]))
    with bench.driver() as driver:
        run_all(driver, CONSTRAINTS)
        with measured(bench) as spent:
            loop(driver, MERGE_SELLERS, sellers)
            loop(driver, MERGE_USES, uses.sort_by([("kind", "ascending"), ("value", "ascending")]))
    return spent


def run_all(driver: Driver, statements: tuple[str, ...]) -> None:
    """Run statements in transactions of the server's own."""
    with driver.session() as session:
        for statement in statements:
            session.run(statement).consume()


def loop(driver: Driver, statement: str, rows: pa.Table) -> None:
    """Write rows batch by batch, each in a managed transaction."""

    def work(transaction: ManagedTransaction, batch: list[dict[str, object]]) -> None:
        transaction.run(statement, rows=batch).consume()

    with driver.session() as session:
        for start in range(0, len(rows), LOOP_ROWS):
            session.execute_write(work, rows.slice(start, LOOP_ROWS).to_pylist())


def plain(table: pa.Table) -> pa.Table:
    """Return the table with its moments as integers."""
    for place, item in enumerate(table.schema):
        if pa.types.is_timestamp(item.type):
            table = table.set_column(place, item.name, table[item.name].cast(pa.int64()))
    return table


def load_by_import(bench: Bench, batches: Batches, folder: Path) -> tuple[Spent, Spent, Spent]:
    """Return what our import cost, the part of it that wrote files, and what the bare tool cost on the same files."""
    with measured() as whole:
        with measured() as writing, open_for_import() as (writer, _):
            write_batches(writer, batches)
            writer.write_files(folder)
        run_tool(bench, folder)
    with measured() as bare:
        run_tool(bench, folder)
    return whole, writing, bare


def quickest(turns: Iterable[tuple[Spent, ...]]) -> list[Spent]:
    """Return of each kind of cost the quickest of some turns: other work on the machine only ever adds."""
    return [min(kind, key=lambda spent: spent.wall_s) for kind in zip(*turns, strict=True)]


def run_tool(bench: Bench, folder: Path) -> None:
    """Fill the stopped server's database with the files of a folder."""
    bench.import_full(folder, ["--overwrite-destination", f"@{ARGUMENTS}"])


def measure(bench: Bench, load: Callable[[Bench, Batches], Spent], batches: Batches) -> Spent:
    """Return what a load into an empty, warm server cost: one that just began compiles more than it works."""
    bench.empty()
    load(bench, made_batches(WARM_SELLERS, seed=2))
    bench.delete_all()
    return load(bench, batches)


@contextmanager
def retries_counted() -> Iterator[list[str]]:
    """Yield the driver's complaints of transactions that it had to run again, deadlocks above all."""
    seen: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("neo4j").addHandler(handler)
    yield seen
    logging.getLogger("neo4j").removeHandler(handler)


def measure_bolt(bench: Bench, batches: Batches) -> tuple[dict[str, Spent], dict[str, int]]:
    """Return what the careful loop and our Bolt load cost, and what the server was like after ours."""
    loop = measure(bench, load_with_loop, batches)
    with retries_counted() as retried:
        bolt = measure(bench, load_over_bolt, batches)
    sizes = {"retried": len(retried), "resident_bytes": bench.resident_bytes()}
    bench.server.stop()
    sizes["disk_bytes"] = bench.disk_bytes()
    return {"loop": loop, "bolt": bolt}, sizes


def measure_import(bench: Bench, batches: Batches) -> tuple[dict[str, Spent], dict[str, int]]:
    """Return what our import and the bare tool cost, what making the schema cost then, and the disk that all takes."""
    bench.server.stop()
    with tempfile.TemporaryDirectory() as scratch:
        n_turns = N_TURNS if len(batches["sellers"]) <= BIG_SELLERS else 1
        turns = [load_by_import(bench, batches, Path(scratch) / f"files-{turn}") for turn in range(n_turns)]
    whole, writing, bare = quickest(turns)
    sizes = {"imported_bytes": bench.disk_bytes()}
    bench.server.start()
    with measured(bench) as schema, open_view(bench.url) as view:
        n_there = view.counts(FULL)["uses"]
    if n_there != len(batches["uses"]):
        sys.exit(f"{n_there} uses are there after the import, expected {len(batches['uses'])}")
    sizes |= {"indexed_bytes": bench.disk_bytes(), "import_resident_bytes": bench.resident_bytes()}
    return {"import": whole, "files": writing, "tool": bare, "schema": schema}, sizes


def main() -> None:
    """Measure all four and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--only", choices=("bolt", "import"), help="one half alone")
    options = parser.parse_args()
    batches = made_batches(options.sellers)
    n_rows = sum(map(len, batches.values()))
    figures: dict[str, object] = {"benchmark": "neo4j", "sellers": options.sellers, "rows": n_rows}
    with bench_server("neo4j") as bench:
        for name, half in (("bolt", measure_bolt), ("import", measure_import)):
            if options.only in (None, name):
                spent, sizes = half(bench, batches)
                show(spent, n_rows)
                figures |= ratios(spent) | {f"{key}_s": round(cost.wall_s, 2) for key, cost in spent.items()} | sizes
    print(json.dumps(figures))


def show(spent: Mapping[str, Spent], n_rows: int) -> None:
    """Print a line for each way."""
    for name, cost in spent.items():
        rate = "" if name == "schema" else f"{n_rows / cost.wall_s:12,.0f} rows/s"
        print(f"{name:>8}: {cost.wall_s:8.1f} s, client {cost.client_s:7.1f} s, server {cost.server_s:7.1f} s {rate}")


def ratios(spent: Mapping[str, Spent]) -> dict[str, float]:
    """Return the ratio that can be told, of time and of processor time, and its goal."""
    slow, quick, name = ("loop", "bolt", "") if "bolt" in spent else ("import", "tool", "import_")
    return {
        f"{name}ratio": round(spent[slow].wall_s / spent[quick].wall_s, 2),
        f"{name}cpu_ratio": round(spent[slow].cpu_s / spent[quick].cpu_s, 2),
        f"{name}goal": IMPORT_GOAL if name else GOAL,
    }


if __name__ == "__main__":
    main()
