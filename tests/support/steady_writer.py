"""A process that writes to a database batch by batch, each batch whole in itself, and says so: to be watched or killed.

``steady_writer.py URL N_BATCHES [RUNS]``: batch i makes two sellers that share one value, so in every consistent
picture links are twice the values. With RUNS it then keeps runs 0, 1, 2, ... each of two rings named after it.
"""

import itertools
import sys
from datetime import UTC, datetime

import pyarrow as pa

from ringwatch.db.open import open_writer
from ringwatch.model.rings import Detection, Fit, Member, Ring, Role, Tier
from ringwatch.model.tables import BATCH_SCHEMAS

NOW = datetime(2025, 3, 1, tzinfo=UTC)
N_PAIRS = 40  # in one batch


def load(url: str, n_batches: int) -> None:
    """Load as one load, and say after each batch how many are kept."""
    with open_writer(url, create=True) as writer:
        number = writer.begin_load("steady", NOW, full=True)
        for i in range(n_batches):
            pairs = [f"{i:03}-{j:02}" for j in range(N_PAIRS)]
            sellers = [{"seller_id": f"{pair}{side}", "name": f"shop {pair}"} for pair in pairs for side in "ab"]
            uses = [
                {"holder_id": f"{pair}{side}", "kind": "phone", "value": pair, "display": pair}
                for pair in pairs
                for side in "ab"
            ]
            for table, rows in (("sellers", sellers), ("uses", uses)):
                writer.write(number, table, pa.Table.from_pylist(rows, schema=BATCH_SCHEMAS[table]))
            print(i + 1, flush=True)  # noqa: T201 (what the watching process reads)
        writer.finish_load(number, NOW)


def keep_runs(url: str) -> None:
    """Keep run after run."""
    with open_writer(url) as writer:
        for run in itertools.count():
            sides = [Member(f"000-00{side}", Tier.CLOSE, Role.CORE, 0.5, 0.0, 0.0, ()) for side in "ab"]
            rings = tuple(Ring(f"{run}-{name}", Tier.CLOSE, 0.5, 0.0, tuple(sides), ()) for name in "xy")
            writer.save_run(f"run-{run}", Detection(rings, (), Fit(2), NOW), NOW)
            print("run", run, flush=True)  # noqa: T201 (what the watching process reads)


if __name__ == "__main__":
    load(sys.argv[1], int(sys.argv[2]))
    if sys.argv[3:]:
        keep_runs(sys.argv[1])
