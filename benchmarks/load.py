"""Load made tables through the loader, and push the same rows into the same tables with bare ``executemany``.

``python -m benchmarks.load --sellers N --format csv parquet``: N sellers and 5 N rows of shared values. Loader and
floor take turns, each in a process of its own; of each the least time counts: other work on the machine only adds.
The last lines are JSON, one a format: ``ratio`` and ``cpu_ratio`` = the loader's time by the clock and of all its
threads / the floor's; ``peak_bytes`` the most memory of a turn; ``pandas_ratio`` = time by the clock of a loader that
takes rows from pandas one by one / the loader's, on ``pandas_sellers`` sellers and scaled where those are fewer.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from ringwatch.db.open import open_view, open_writer
from ringwatch.graph_loader.load import LoadConfig, load_folder
from ringwatch.model.kinds import REGISTRY
from ringwatch.sql import query
from ringwatch.values.normalise import normalise

GOAL = 2.0
MAX_PEAK_BYTES = 2 << 30
CHUNK_ROWS = 50_000  # rows that the floor holds at a time, and writes in one transaction
PANDAS_SELLERS = 20_000  # the most that pandas takes: a minute or so
STREETS = ("Harbour", "Station", "Mill", "Church", "Garden", "Market", "Bridge", "Castle")
SHARED_SHARE = 0.1  # of the values: taken from another seller
TABLE_KINDS = {"addresses": "address", "payment_accounts": "account"}


def make_tables(n: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables: n sellers, and for each an address, an account, a phone, a mailbox and a device."""
    rng = np.random.default_rng(seed)
    ids = pa.array([f"seller-{k:08d}" for k in range(n)])
    days = (np.datetime64("2018-01-01") + rng.integers(0, 2500, n)).astype("datetime64[D]").astype(str)
    names = [f"Shop {k}" for k in rng.permutation(n)]
    yield "sellers", pa.table({"seller_id": ids, "name": names, "country": ["GB"] * n, "registered_at": days})

    def drawn() -> np.ndarray:
        own = rng.permutation(n)
        return np.where(rng.random(n) < SHARED_SHARE, rng.integers(0, n, n), own)

    lines = [f"Flat {k % 40 + 1}, {k // 320 + 1} {STREETS[k // 40 % 8]} Road, Leeds, LS1 4AB" for k in drawn()]
    rest = {"country": ["GB"] * n, "use": ["registered"] * n, "first_seen_at": days}
    yield "addresses", pa.table({"holder_id": ids, "address": lines, **rest})
    accounts = [iban(int(k)) for k in drawn()]
    yield (
        "payment_accounts",
        pa.table({"holder_id": ids, "account": accounts, "scheme": ["iban"] * n, "first_seen_at": days}),
    )
    for kind, values in (
        ("phone", [f"+4479{k + 10_000_000:08d}" for k in drawn()]),
        ("email", [f"owner.{k}@post-{k % 50}.net" for k in drawn()]),
        ("device", [f"{k * 2654435761 % 2**64:016x}{k:016x}" for k in drawn().tolist()]),
    ):
        table = {"holder_id": ids, "kind": [kind] * n, "value": values, "first_seen_at": days, "last_seen_at": days}
        yield f"identifiers-{kind}", pa.table(table)


def iban(number: int) -> str:
    """Return a British IBAN with right check digits."""
    body = f"NWBK601613{number:08d}"
    digits = "".join(str(int(char, 36)) for char in f"{body}GB00")
    return f"GB{98 - int(digits) % 97:02d}{body}"


def write_tables(folder: Path, n: int, form: str) -> None:
    """Write the tables as files of one format."""
    folder.mkdir()
    for name, table in make_tables(n, seed=1):
        if form == "csv":
            csv.write_csv(table, folder / f"{name}.csv")
        else:
            parquet.write_table(table, folder / f"{name}.parquet")


def load(folder: Path, database: Path) -> dict[str, object]:
    """Load the folder; return its time, and by the clock when each step ended."""
    steps: dict[str, float] = {}
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    url = f"sqlite:///{database}"
    config = LoadConfig(
        "benchmark",
        rejects=folder / "rejects.csv",
        progress=lambda step, _done, _total: steps.update({step: round(time.perf_counter() - started_s, 2)}),
    )
    with open_writer(url, create=True) as writer, open_view(url) as view:
        report = load_folder(folder, writer, view, config, datetime.now(UTC))
    counted = {"rows": report.read, "rejected": report.rejected, "junk": sum(report.junk.values()), "steps": steps}
    return {"s": time.perf_counter() - started_s, "cpu_s": time.process_time() - started_cpu_s, **counted}


def push_rows(loaded: Path, fresh: Path) -> dict[str, object]:
    """Return the time that bare ``executemany`` takes for the same rows into the same tables of a new database.

    Connection, indexes and constraints are as the product has them. Reading the rows is not counted. The index of
    words, which the loader fills too, is left out; rows come in the order of their keys, which is the quickest.
    """
    source, target = sqlite3.connect(loaded), sqlite3.connect(fresh)
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -131072"):
        target.execute(f"PRAGMA {setting}")
    schema = source.execute(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'name_words%'"
        " ORDER BY type = 'index'"
    ).fetchall()
    for _, sql in schema:
        target.execute(sql)
    spent_s, spent_cpu_s = 0.0, 0.0
    for name in (name for name, sql in schema if sql.upper().startswith("CREATE TABLE")):
        rows = source.execute(f"SELECT * FROM {name}")
        marks = ", ".join("?" * len(rows.description))
        while chunk := rows.fetchmany(CHUNK_ROWS):
            started_s, started_cpu_s = time.perf_counter(), time.process_time()
            with target:
                target.executemany(f"INSERT INTO {name} VALUES ({marks})", chunk)
            spent_s += time.perf_counter() - started_s
            spent_cpu_s += time.process_time() - started_cpu_s
    target.close()
    return {"s": spent_s, "cpu_s": spent_cpu_s}


def load_with_pandas(folder: Path, database: Path) -> dict[str, object]:
    """Return the time of loading row by row from pandas into the same tables, with the same statements."""
    with open_writer(f"sqlite:///{database}", create=True) as writer:
        load_n = writer.begin_load("benchmark", datetime.now(UTC), full=False)
    target = sqlite3.connect(database)
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    for path in sorted(folder.iterdir(), key=lambda path: path.stem != "sellers"):
        frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
        for row in frame.itertuples():
            (push_seller if path.stem == "sellers" else push_use)(target, load_n, path.stem, row)
        target.commit()
    return {"s": time.perf_counter() - started_s, "cpu_s": time.process_time() - started_cpu_s}


def push_seller(target: sqlite3.Connection, load_n: int, _stem: str, row: tuple) -> None:
    """Insert one seller."""
    number = target.execute("INSERT INTO holder (id) VALUES (?)", (row.seller_id,)).lastrowid
    target.execute(
        query("upsert_seller").text,
        (number, row.name, None, row.country, None, None, micros(row.registered_at), 1 + 4 + 32, load_n, load_n),
    )


def push_use(target: sqlite3.Connection, load_n: int, stem: str, row: tuple) -> None:
    """Insert one use, and its value where it is new."""
    kind = TABLE_KINDS.get(stem) or stem.removeprefix("identifiers-")
    text = next(str(getattr(row, name)) for name in ("value", "address", "account") if hasattr(row, name))
    found = normalise(REGISTRY[kind], text, getattr(row, "country", None), scheme=getattr(row, "scheme", None))
    if found.value is None:
        return
    target.execute("INSERT INTO kind (name) VALUES (?) ON CONFLICT DO NOTHING", (kind,))
    ((kind_n,),) = target.execute("SELECT n FROM kind WHERE name = ?", (kind,))
    key = (kind_n, found.value)
    target.execute("INSERT INTO value (kind_n, text) VALUES (?, ?) ON CONFLICT DO NOTHING", key)
    ((value_n,),) = target.execute("SELECT n FROM value WHERE kind_n = ? AND text = ?", key)
    ((holder_n,),) = target.execute("SELECT n FROM holder WHERE id = ?", (row.holder_id,))
    seen = (micros(row.first_seen_at), micros(getattr(row, "last_seen_at", None)))
    target.execute(query("upsert_uses").text, (value_n, holder_n, 1, None, None, None, *seen, 0, load_n, load_n))


def micros(text: str | None) -> int | None:
    """Return a date as microseconds since 1970."""
    return None if text is None else int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


STEPS: dict[str, Callable[[Path, Path], dict[str, object]]] = {
    "load": load,
    "floor": push_rows,
    "pandas": load_with_pandas,
}


def run_apart(step: str, source: Path, database: Path) -> dict:
    """Run a step in a process of its own, on a database that is not there yet; its peak of memory is then its own."""
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    command = [sys.executable, "-m", "benchmarks.load", "--step", step, str(source), str(database)]
    outcome: dict = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    print(f"{step}: {outcome}", flush=True)
    return outcome


def compare(scratch: Path, n: int, forms: list[str], n_turns: int) -> Iterator[dict]:
    """Yield the figures of each format; the floor is the same for all, as the rows are."""
    turns: dict[str, list[dict]] = {name: [] for name in (*forms, "floor")}
    for form in forms:
        write_tables(scratch / form, n, form)
    for _ in range(n_turns):
        for form in forms:
            turns[form].append(run_apart("load", scratch / form, scratch / "loaded.db"))
        turns["floor"].append(run_apart("floor", scratch / "loaded.db", scratch / "floor.db"))
    n_pandas = min(n, PANDAS_SELLERS)
    floor = {key: min(turn[key] for turn in turns["floor"]) for key in ("s", "cpu_s")}
    for form in forms:
        write_tables(scratch / f"sample-{form}", n_pandas, form)
        by_rows_s = run_apart("pandas", scratch / f"sample-{form}", scratch / "pandas.db")["s"] * n / n_pandas
        ours = {key: min(turn[key] for turn in turns[form]) for key in ("s", "cpu_s")}
        yield {
            "benchmark": "load",
            "sellers": n,
            "format": form,
            "ratio": round(ours["s"] / floor["s"], 2),
            "cpu_ratio": round(ours["cpu_s"] / floor["cpu_s"], 2),
            "goal": GOAL,
            "peak_bytes": max(turn["peak_bytes"] for turn in turns[form]),
            "max_peak_bytes": MAX_PEAK_BYTES,
            "pandas_ratio": round(by_rows_s / ours["s"], 1),
            "pandas_sellers": n_pandas,
            "turns": n_turns,
            **{f"load_{key}": round(seconds, 2) for key, seconds in ours.items()},
            **{f"floor_{key}": round(seconds, 2) for key, seconds in floor.items()},
            **{name: turns[form][0][name] for name in ("rows", "rejected", "junk")},
        }


def main() -> None:
    """Make, load, push, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=50_000)
    parser.add_argument("--format", choices=("csv", "parquet"), nargs="+", default=["parquet"])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--step", nargs=3, metavar=("STEP", "FROM", "TO"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, source, database = options.step
        outcome = STEPS[step](Path(source), Path(database))
        peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        print(json.dumps({**outcome, "peak_bytes": peak_bytes}))
        return
    with tempfile.TemporaryDirectory() as scratch:
        for figures in compare(Path(scratch), options.sellers, options.format, options.turns):
            print(json.dumps(figures))


if __name__ == "__main__":
    main()
