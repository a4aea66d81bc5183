"""Cost of reading every link of a database into arrays, beside the other ways of reading the same columns.

Peers, in the same run: ``np.fromiter`` over the cursor, and connectorx (Arrow, in Rust) on a copy of the file in a
process of its own, where ``--peer-python`` (this Python by default) has it. A second SQLite library inside our process
would break the locks of the live file, so connectorx is no way for the product.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.embedded import EmbeddedDatabase
from ringwatch.db.open import open_view, open_writer
from ringwatch.model.tables import BATCH_SCHEMAS, TIME
from ringwatch.model.visibility import FULL

GOAL_TO_ARROW = 1.5  # of the cost of the best way known
GOAL_TO_FROMITER = 0.43  # the same goal where no Arrow peer is installed: connectorx cost 0.29 of np.fromiter
N_USES = 5  # shared-value rows a seller
N_TURNS = 5  # the best of them counts: the machine may be busy
AS_OF = datetime(2025, 1, 1, tzinfo=UTC)
DAY = "ifnull(({0} + 62135596800000000) / 86400000000 - 719162, -2147483648)"
SQL = (
    f"SELECT value_n, holder_n, {DAY.format('first_seen_at')} AS first_day, {DAY.format('last_seen_at')} AS last_day,"
    " ifnull(purpose_n, 0) AS purpose FROM uses WHERE valid_to IS NULL"
)
PEER = """
import sys, time, connectorx
took = []
for _ in range(int(sys.argv[3])):
    begun = time.process_time()
    table = connectorx.read_sql(sys.argv[1], sys.argv[2], return_type="arrow")
    took.append(time.process_time() - begun)
print(min(took), len(table))
"""


def main() -> None:
    """Print the figures, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sellers", type=int, default=100_000)
    parser.add_argument("--peer-python", default=sys.executable)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.db")
        fill(path, options.sellers)
        ours_s, n_links = cheapest(lambda: read_ours(path))
        fromiter_s, _ = cheapest(lambda: read_with_fromiter(path))
        arrow_s = read_with_connectorx(path, options.peer_python)
        with open_view(f"sqlite:///{path}") as view:
            whole_s, _ = cheapest(lambda: view.snapshot(FULL, AS_OF).n_links)
    print(f"{n_links} links; CPU seconds: ours {ours_s:.3f}, np.fromiter {fromiter_s:.3f}, connectorx {arrow_s}")
    print(f"the whole snapshot (sellers, texts, folding and sorting too): {whole_s:.3f}")
    ratio, goal = (ours_s / arrow_s, GOAL_TO_ARROW) if arrow_s else (ours_s / fromiter_s, GOAL_TO_FROMITER)
    figures = {"ratio": round(ratio, 3), "goal": goal, "peer": "connectorx" if arrow_s else "np.fromiter"}
    seconds = {"ours_s": ours_s, "fromiter_s": fromiter_s, "connectorx_s": arrow_s, "snapshot_s": whole_s}
    print(json.dumps({"benchmark": "snapshot", **figures, "sellers": options.sellers, "links": n_links, **seconds}))


def cheapest(read: Callable[[], int]) -> tuple[float, int]:
    """Return the least CPU seconds of some turns, and what the reading counted."""
    took, n_rows = [], 0
    for _ in range(N_TURNS):
        begun = time.process_time()
        n_rows = read()
        took.append(time.process_time() - begun)
    return min(took), n_rows


def read_ours(path: Path) -> int:
    """Read the links as the snapshot does."""
    database = EmbeddedDatabase(path)
    with database.reading() as session:
        value, *_ = session.use_columns()
    database.close()
    return len(value)


def read_with_fromiter(path: Path) -> int:
    """Read the same columns row by row into one array."""
    connection = sqlite3.connect(path)
    flat = np.fromiter(chain.from_iterable(connection.execute(SQL)), dtype=np.int64)
    connection.close()
    return len(flat.reshape(-1, 5))


def read_with_connectorx(path: Path, python: str) -> float | None:
    """Return the CPU seconds of connectorx on a copy, None where that Python has none."""
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    command = [python, "-c", PEER, f"sqlite://{copy}", SQL, str(N_TURNS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(done.stdout.split()[0]) if done.returncode == 0 else None


def fill(path: Path, n_sellers: int) -> None:
    """Make a database of so many sellers, each with uses of five values of which one in five is shared."""
    rng = np.random.default_rng(1)
    ids = _texts("seller-", np.arange(n_sellers))
    kind = np.tile(np.arange(N_USES), n_sellers)
    is_shared = rng.random(n_sellers * N_USES) < 0.2
    value = np.where(is_shared, rng.integers(0, n_sellers // 4 + 1, len(kind)), 10**7 + np.arange(len(kind)))
    text = _texts("value-", value)
    kinds = pa.array(np.array(["address", "account", "phone", "email", "device"])[kind])
    purpose = pa.array(np.array(["registered", "iban", "", "", ""])[kind])
    seen = pa.array(rng.integers(1_500_000_000, 1_700_000_000, len(kind)) * 1_000_000).cast(TIME)
    uses = {
        "holder_id": ids.take(pa.array(np.repeat(np.arange(n_sellers), N_USES))),
        "kind": kinds,
        "value": text,
        "display": text,
        "first_seen_at": seen,
        "last_seen_at": seen,
        "purpose": pc.if_else(pc.equal(purpose, ""), None, purpose),
    }
    with open_writer(f"sqlite:///{path}", create=True) as writer:
        load = writer.begin_load("benchmark", AS_OF, full=False)
        for table, columns in (("sellers", {"seller_id": ids, "name": ids}), ("uses", uses)):
            batch = _batch(table, columns)
            for start in range(0, len(batch), 250_000):
                writer.write(load, table, batch.slice(start, 250_000))
        writer.finish_load(load, AS_OF)


def _texts(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")


def _batch(table: str, columns: dict[str, pa.Array]) -> pa.Table:
    n = len(next(iter(columns.values())))
    schema = BATCH_SCHEMAS[table]
    return pa.table([columns.get(field.name, pa.nulls(n, field.type)) for field in schema], schema=schema)


if __name__ == "__main__":
    main()
