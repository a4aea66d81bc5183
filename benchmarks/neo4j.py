"""Fill a real Neo4j in four ways, one after the other in one run: our Bolt load, our import, and their two peers.

``python -m benchmarks.neo4j --sellers N``: N sellers and 5 N uses of values, out of the same batches in memory.

- ours over Bolt: ``db.Writer``, as `ringwatch load` calls it.
- the careful loop: what a careful user would write with the bare driver: constraints, labels, ``UNWIND`` and ``MERGE``,
  batches of 10,000 sorted by value, managed transactions, one writer. It keeps less than ours does: no numbers, no
  index of words, no marks of the load.
- the equal loop: the same loop with all properties and indexes that ours makes.
- our import: the same batches through ``ImportWriter`` into files, then ``neo4j-admin database import full``.
- the bare tool: that command alone, on the files that are ready.

The three over Bolt take turns on one server, loop, equal, ours and back, each into a database without anything in it,
after a turn of each that is not counted: a server that just began compiles more than it works. Making constraints is
counted for none, but for what ours puts off until the rows are there. ``schema`` is the making of constraints and
indexes after an import, which the first command on the new database does.

The last line is one JSON object. ``ratio`` is our rate over Bolt to that of the careful loop, ``equal_ratio`` to that
of the equal one; ``import_ratio`` is the time of our import, files and all, to that of the bare tool; ``cpu_ratio``,
``equal_cpu_ratio`` and ``import_cpu_ratio`` the same of the processor time of client and server together. Memory and
disk are those of the server that was filled.
"""

import argparse
import json
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from neo4j import Driver, ManagedTransaction

from benchmarks.made_batches import made_batches
from benchmarks.neo4j_server import Bench, bench_server
from ringwatch.db.import_files import ARGUMENTS
from ringwatch.db.open import open_for_import, open_view, open_writer
from ringwatch.db.writer import Writer
from ringwatch.model.visibility import FULL

GOAL, IMPORT_GOAL = 1.5, 1.3
WARM_SELLERS = 20_000
ORDER = ("loop", "equal", "bolt", "bolt", "equal", "loop")  # what drifts meanwhile touches all alike
N_TURNS, BIG_SELLERS = 3, 200_000  # of the import, where it takes a minute at most
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
EQUAL_SELLERS = """
UNWIND $rows AS row
MERGE (x:Holder {id: row.seller_id})
SET x:Seller, x.n = row.n, x.name = row.name, x.words = row.words, x.country = row.country,
  x.registered_at = row.registered_at, x.given = row.given, x.load_n = 1, x.first_load_n = 1
"""
EQUAL_USES = """
UNWIND $rows AS row
MATCH (x:Holder {id: row.holder_id})
MERGE (v:Value {kind_n: row.kind_n, text: row.value})
ON CREATE SET v.n = row.n, v.kind = row.kind
MERGE (x)-[u:USES {source_n: 1}]->(v)
SET u.purpose_n = row.purpose_n, u.first_seen_at = row.first_seen_at, u.last_seen_at = row.last_seen_at,
  u.given = row.given, u.load_n = 1, u.first_load_n = 1
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


def load_with_equal(bench: Bench, batches: Batches) -> Spent:
    """Load with the loop what ours keeps, under our schema; giving numbers and folding words is not counted."""
    sellers = plain(batches["sellers"].select(["seller_id", "name", "country", "registered_at"]))
    sellers = numbered(sellers.append_column("words", pc.utf8_lower(sellers["name"])))
    uses = plain(batches["uses"].drop_columns(["display", "provenance", "extra"]))
    for name in ("kind", "purpose"):
        codes = uses[name].combine_chunks().dictionary_encode().indices.cast(pa.int64())
        uses = uses.append_column(f"{name}_n", pc.add(codes, 1))
    uses = numbered(uses.drop_columns(["purpose"]).sort_by([("kind", "ascending"), ("value", "ascending")]))
    with open_writer(bench.url, create=True) as writer:
        writer.begin_load("benchmark", AT, full=False)
    with bench.driver() as driver, measured(bench) as spent:
        loop(driver, EQUAL_SELLERS, sellers)
        loop(driver, EQUAL_USES, uses)
    return spent


def numbered(rows: pa.Table) -> pa.Table:
    """Return the rows with a number and the mark of what was given."""
    return rows.append_column("n", pa.array(range(1, len(rows) + 1))).append_column("given", pa.array([1] * len(rows)))


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


@contextmanager
def retries_counted() -> Iterator[list[str]]:
    """Yield the driver's words on transactions that it had to run again, deadlocks above all."""
    seen: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.addFilter(lambda record: "will be retried" in record.getMessage())
    handler.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("neo4j").addHandler(handler)
    yield seen
    logging.getLogger("neo4j").removeHandler(handler)


LOADS = {"loop": load_with_loop, "equal": load_with_equal, "bolt": load_over_bolt}


def measure_bolt(bench: Bench, batches: Batches) -> tuple[dict[str, Spent], dict[str, int]]:
    """Return what a turn of each way over Bolt cost on average, and what the server was like with our load in it."""
    warm = made_batches(WARM_SELLERS, seed=2)
    for load in LOADS.values():
        load(bench, warm)
        bench.empty()
    turns: dict[str, list[Spent]] = {name: [] for name in LOADS}
    n_retried = 0
    for name in ORDER:
        bench.empty()
        with retries_counted() as retried:
            turns[name].append(LOADS[name](bench, batches))
        n_retried += len(retried) if name == "bolt" else 0
        show({name: turns[name][-1]}, sum(map(len, batches.values())))
    sizes = {"retried": n_retried, "resident_bytes": bench.resident_bytes()}
    return {name: mean(spent) for name, spent in turns.items()}, sizes


def mean(turns: Sequence[Spent]) -> Spent:
    """Return what a turn cost on average."""
    columns = zip(*((turn.wall_s, turn.client_s, turn.server_s) for turn in turns), strict=True)
    return Spent(*(round(sum(column) / len(turns), 3) for column in columns))


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
    """Return the ratios that can be told, of time and of processor time, and their goal."""
    if "bolt" in spent:
        told = {"": ("loop", "bolt"), "equal_": ("equal", "bolt")}
        found: dict[str, float] = {"goal": GOAL}
    else:
        told, found = {"import_": ("import", "tool")}, {"import_goal": IMPORT_GOAL}
    for name, (slow, quick) in told.items():
        found[f"{name}ratio"] = round(spent[slow].wall_s / spent[quick].wall_s, 2)
        found[f"{name}cpu_ratio"] = round(spent[slow].cpu_s / spent[quick].cpu_s, 2)
    return found


if __name__ == "__main__":
    main()
