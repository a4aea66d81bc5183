"""Load made tables through the loader, and push the very same rows into the very same tables with bare ``executemany``.

``python -m benchmarks.load --sellers N --format csv|parquet``: N sellers and 5 N rows of shared values. The last line
is one JSON object: ``ratio`` = seconds of the loader / seconds of the floor, ``pandas_ratio`` = seconds of loading the
same files row by row from pandas (measured on a sample, scaled) / seconds of the loader, ``peak_bytes`` of the load.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from ringwatch.db.open import open_view, open_writer
from ringwatch.graph_loader.load import LoadConfig, load_folder
from ringwatch.model.kinds import REGISTRY
from ringwatch.values.normalise import normalise

GOAL = 2.0
MAX_PEAK_BYTES = 2 << 30
CHUNK_ROWS = 50_000  # rows that the floor holds at a time, and writes in one statement
SAMPLE_SELLERS = 2_000  # the sample that goes through pandas row by row
STREETS = ("Harbour", "Station", "Mill", "Church", "Garden", "Market", "Bridge", "Castle")
SHARED_SHARE = 0.1  # of the values: taken from another seller


def make_tables(n: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables: n sellers, and for each an address, an account, a phone, a mailbox and a device."""
    rng = np.random.default_rng(seed)
    ids = pa.array([f"seller-{k:08d}" for k in range(n)])
    days = (np.datetime64("2018-01-01") + rng.integers(0, 2500, n)).astype("datetime64[D]").astype(str)
    yield (
        "sellers",
        pa.table(
            {
                "seller_id": ids,
                "name": [f"Shop {k}" for k in rng.permutation(n)],
                "country": ["GB"] * n,
                "registered_at": days,
            }
        ),
    )

    def drawn() -> np.ndarray:
        own = rng.permutation(n)
        return np.where(rng.random(n) < SHARED_SHARE, rng.integers(0, n, n), own)

    yield (
        "addresses",
        pa.table(
            {
                "holder_id": ids,
                "address": [
                    f"Flat {k % 40 + 1}, {k // 320 + 1} {STREETS[k // 40 % 8]} Road, Leeds, LS1 4AB" for k in drawn()
                ],
                "country": ["GB"] * n,
                "use": ["registered"] * n,
                "first_seen_at": days,
            }
        ),
    )
    yield (
        "payment_accounts",
        pa.table(
            {
                "holder_id": ids,
                "account": [iban(int(k)) for k in drawn()],
                "scheme": ["iban"] * n,
                "first_seen_at": days,
            }
        ),
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
    for name, table in make_tables(n, seed=1):
        if form == "csv":
            csv.write_csv(table, folder / f"{name}.csv")
        else:
            parquet.write_table(table, folder / f"{name}.parquet")


def load(folder: Path, database: Path) -> None:
    """Load the folder and print seconds and peak memory; runs in a process of its own, so that the peak is its own."""
    steps: dict[str, float] = {}
    started_s = time.perf_counter()
    url = f"sqlite:///{database}"
    config = LoadConfig(
        "benchmark",
        rejects=folder / "rejects.csv",
        progress=lambda step, _done, _total: steps.update({step: time.perf_counter() - started_s}),
    )
    with open_writer(url, create=True) as writer, open_view(url) as view:
        report = load_folder(folder, writer, view, config, datetime.now(UTC))
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    counted = {"read": report.read, "rejected": report.rejected, "junk": sum(report.junk.values())}
    print(json.dumps({"seconds": time.perf_counter() - started_s, "peak_bytes": peak_bytes, "steps": steps, **counted}))


def push_rows(loaded: Path, fresh: Path) -> float:
    """Return the seconds that bare ``executemany`` takes for the same rows into the same tables of a new database.

    Connection and constraints are as the product has them. The index of words, which the loader fills too, is left out
    of the floor; rows come in the order of their keys, which is the quickest.
    """
    source, target = sqlite3.connect(loaded), sqlite3.connect(fresh)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = NORMAL")
    target.execute("PRAGMA foreign_keys = ON")
    target.execute("PRAGMA cache_size = -131072")
    words = {
        name for name, sql in source.execute("SELECT name, sql FROM sqlite_schema") if "VIRTUAL TABLE" in (sql or "")
    }
    tables = [
        (name, sql)
        for name, sql in source.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'index'"
        )
        if not name.startswith(("sqlite_", *words))
    ]
    for _, sql in tables:
        target.execute(sql)
    spent_s = 0.0
    for name in (name for name, sql in tables if sql.upper().startswith("CREATE TABLE")):
        rows = source.execute(f"SELECT * FROM {name}")
        marks = ", ".join("?" * len(rows.description))
        while chunk := rows.fetchmany(CHUNK_ROWS):
            started_s = time.perf_counter()
            with target:
                target.executemany(f"INSERT INTO {name} VALUES ({marks})", chunk)
            spent_s += time.perf_counter() - started_s
    target.close()
    return spent_s


def load_with_pandas(folder: Path, n_sellers: int, form: str) -> float:
    """Return the seconds that pandas rows take for all: each row a tuple, normalised alone and inserted alone."""
    target = sqlite3.connect(":memory:")
    target.execute("CREATE TABLE sellers (seller_id TEXT PRIMARY KEY, name, country, registered_at)")
    target.execute("CREATE TABLE uses (kind, value, holder_id, first_seen_at, PRIMARY KEY (kind, value, holder_id))")
    started_s = time.perf_counter()
    n_taken = 0
    for path in sorted(folder.glob(f"*.{form}")):
        frame = pd.read_csv(path, nrows=SAMPLE_SELLERS) if form == "csv" else pd.read_parquet(path).head(SAMPLE_SELLERS)
        n_taken = len(frame)
        for row in frame.itertuples():
            if path.stem == "sellers":
                target.execute("INSERT INTO sellers VALUES (?, ?, ?, ?)", row[1:5])
                continue
            kind = REGISTRY[
                path.stem.removeprefix("identifiers-")
                .replace("addresses", "address")
                .replace("payment_accounts", "account")
            ]
            text = next(getattr(row, name) for name in ("value", "address", "account") if hasattr(row, name))
            moment = datetime.fromisoformat(row.first_seen_at).replace(tzinfo=UTC).timestamp()
            found = normalise(kind, str(text)).value
            target.execute("INSERT OR REPLACE INTO uses VALUES (?, ?, ?, ?)", (kind.name, found, row.holder_id, moment))
        target.commit()
    return (time.perf_counter() - started_s) * n_sellers / n_taken


def main() -> None:
    """Make, load, push, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=50_000)
    parser.add_argument("--format", choices=("csv", "parquet"), default="parquet")
    parser.add_argument("--load", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        load(*options.load)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder, loaded = Path(scratch) / "data", Path(scratch) / "loaded.db"
        folder.mkdir()
        write_tables(folder, options.sellers, options.format)
        command = [sys.executable, "-m", "benchmarks.load", "--load", str(folder), str(loaded)]
        outcomes, floors_s = [], []
        for turn in range(3 if options.sellers <= 100_000 else 1):  # other work on the machine only ever adds
            loaded.unlink(missing_ok=True)
            outcomes.append(json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout))
            floors_s.append(push_rows(loaded, Path(scratch) / f"floor-{turn}.db"))
        outcome, floor_s = min(outcomes, key=lambda one: one["seconds"]), min(floors_s)
        pandas_s = load_with_pandas(folder, options.sellers, options.format)
    print(
        json.dumps(
            {
                "benchmark": "load",
                "ratio": round(outcome["seconds"] / floor_s, 2),
                "goal": GOAL,
                "sellers": options.sellers,
                "format": options.format,
                "floor_s": round(floor_s, 2),
                "pandas_ratio": round(pandas_s / outcome["seconds"], 2),
                "max_peak_bytes": MAX_PEAK_BYTES,
                **outcome,
            }
        )
    )


if __name__ == "__main__":
    main()
