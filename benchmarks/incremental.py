"""Seconds of `detect` after some new links, beside our own whole run over the same graph with the same fit.

Both as a user runs them: processes of their own, reads and writes included, the ``seconds`` that they answer; the rings
of both are exported and compared. Then the same change from a memory that is held already, without a database, beside
igraph finding connected components from the start.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import igraph
import numpy as np
import pyarrow as pa

from benchmarks.made_batches import batch
from benchmarks.made_snapshot import AS_OF, made_snapshot
from ringwatch.algorithms.detect import detect_and_trace
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.incremental import Touched, World
from ringwatch.algorithms.learn import model_of
from ringwatch.algorithms.part import judge_part
from ringwatch.db.open import open_view, open_writer
from ringwatch.fixtures.generate import WorldConfig, generate, write_folder
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import NEVER, Longs, Snapshot
from ringwatch.model.visibility import FULL

GOAL = 10.0
NOW = datetime(2026, 6, 30, tzinfo=UTC)
N_TURNS = 3  # the best counts: the machine may be busy
T = TypeVar("T")


def main() -> None:
    """Print seconds of both ways, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--links", type=int, default=1000)
    parser.add_argument("--world", default="base")
    options = parser.parse_args()
    world = WorldConfig(options.sellers, 1, options.world)
    in_memory = from_memory(world, options.links)
    line = {"benchmark": "incremental", "goal": GOAL, "sellers": options.sellers, "links": options.links}
    with tempfile.TemporaryDirectory() as folder:
        line |= in_database(Path(folder), world, options.links) | in_memory
    print(json.dumps(line))


def in_database(folder: Path, world: WorldConfig, n_links: int) -> dict[str, Any]:
    """Return seconds of an incremental and of a whole run in a database, their ratio, and whether they agree."""
    url = f"sqlite:///{folder / 'graph.db'}"
    write_folder(generate(world), folder / "input", "parquet")
    run("load", str(folder / "input"), "--rejects", str(folder / "rejects.csv"), "--database", url)
    first = run("detect", "--database", url)
    add_links(url, n_links)
    found = run("detect", "--database", url)
    one = exported(folder / "incremental.csv", url)
    whole = run("detect", "--from-scratch", "--database", url)
    other = exported(folder / "whole.csv", url)
    if not found["incremental"]:
        sys.exit("the second run was not incremental")
    print(f"whole run {whole['seconds']:.2f} s, after {n_links} links {found['seconds']:.2f} s")
    figures = {"ratio": whole["seconds"] / found["seconds"], "equal": one == other, "seconds": found["seconds"]}
    return figures | {"whole_seconds": whole["seconds"], "first_seconds": first["seconds"]}


def run(*arguments: str) -> dict[str, Any]:
    """Run a command in a process of its own and return its answer."""
    command = [sys.executable, "-m", "ringwatch.jobs", *arguments, "--json"]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return answer


def exported(path: Path, url: str) -> bytes:
    """Return the rings as they are exported."""
    command = ["export", "rings", "--format", "csv", "--output", str(path), "--database", url]
    subprocess.run([sys.executable, "-m", "ringwatch.jobs", *command], capture_output=True, check=True)
    return path.read_bytes()


def add_links(url: str, n_links: int) -> None:
    """Let sellers drawn at random use values drawn at random of those that are shared."""
    rng = np.random.default_rng(7)
    with open_view(url) as view:
        snapshot = view.snapshot(FULL, NOW)
    value = rng.integers(0, snapshot.n_values, n_links)
    text = snapshot.value_text.take(pa.array(value))
    kinds = pa.array([kind.name for kind in snapshot.kinds])
    columns = {
        "holder_id": snapshot.seller_ids.take(pa.array(rng.integers(0, snapshot.n_sellers, n_links))),
        "kind": kinds.take(pa.array(snapshot.value_kind[value])),
        "value": text,
        "display": text,
    }
    with open_writer(url) as writer:
        load = writer.begin_load("later", NOW, full=False)
        writer.write(load, "uses", batch("uses", columns))
        writer.finish_load(load, NOW)


def from_memory(world: WorldConfig, n_links: int) -> dict[str, Any]:
    """Return seconds of judging anew after one link and after many, and of components by igraph from the start."""
    snapshot, _ = made_snapshot(world)
    detection, trace = detect_and_trace(snapshot, DetectConfig(), as_of=AS_OF)
    if trace is None:
        sys.exit("a made marketplace was taken for a list of records")
    seconds = {}
    for n in (1, n_links):
        later, sellers, values = with_links(snapshot, n)
        facts = prepare(later)
        bonds = np.full(later.n_sellers, -1, dtype=np.int64)
        changed = World(facts, model_of(facts, detection.fit), DetectConfig(), bonds)
        touched = Touched(sellers, values)
        seconds[n] = cheapest(lambda c=changed, t=touched: judge_part(c, trace.memory, t))  # type: ignore[misc]
    edges = np.column_stack((snapshot.link_seller, snapshot.n_sellers + holder_values(snapshot)))
    n_nodes = snapshot.n_sellers + snapshot.n_values
    peer = cheapest(lambda: igraph.Graph(n=n_nodes, edges=edges).connected_components(mode="weak").membership)
    print(
        f"from memory: 1 link {seconds[1] * 1e3:.1f} ms, {n_links} links {seconds[n_links]:.2f} s; igraph {peer:.2f} s"
    )
    many = {"memory_seconds": seconds[n_links], "igraph_seconds": peer, "igraph_ratio": peer / seconds[n_links]}
    return many | {"one_link_seconds": seconds[1]}


def with_links(snapshot: Snapshot, n_links: int) -> tuple[Snapshot, Longs, Longs]:
    """Return a graph with links of random sellers to random shared values, and those sellers and values."""
    rng = np.random.default_rng(n_links)
    old = holder_values(snapshot) * snapshot.n_sellers + snapshot.link_seller
    drawn = rng.integers(0, snapshot.n_values, n_links) * snapshot.n_sellers
    new = np.setdiff1d(drawn + rng.integers(0, snapshot.n_sellers, n_links), old)
    place = np.searchsorted(old, new)
    value, seller = np.divmod(new, snapshot.n_sellers)
    n_holders = np.diff(snapshot.value_start) + np.bincount(value, minlength=snapshot.n_values)
    later = replace(
        snapshot,
        value_start=np.concatenate(([0], np.cumsum(n_holders))).astype(np.int64),
        link_seller=np.insert(snapshot.link_seller, place, seller).astype(np.int32),
        link_first_day=np.insert(snapshot.link_first_day, place, NEVER),
        link_last_day=np.insert(snapshot.link_last_day, place, NEVER),
        link_purpose=np.insert(snapshot.link_purpose, place, -1),
    )
    return later, np.unique(seller), np.unique(value)


def holder_values(snapshot: Snapshot) -> Longs:
    """Return the value of each link."""
    return np.repeat(np.arange(snapshot.n_values, dtype=np.int64), np.diff(snapshot.value_start))


def cheapest(work: Callable[[], T]) -> float:
    """Return the least seconds that some work took."""
    took = []
    for _ in range(N_TURNS):
        begun_s = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun_s)
    return min(took)


if __name__ == "__main__":
    main()
