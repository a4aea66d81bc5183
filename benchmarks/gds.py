"""Detection beside Neo4j Graph Data Science: its components and its Leiden on the graph of the same snapshot.

The server holds sellers, shared values and their links before the clock starts; what is timed of it is to project the
graph into its memory, to run the algorithm there and to read a label for every seller back. Ours begins with the
snapshot in memory and ends with judged, explained rings. The quality of each is printed too.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
from neo4j import Session

from benchmarks.detect import members, quality
from benchmarks.made_snapshot import AS_OF, made_snapshot
from benchmarks.neo4j_server import bench_server
from benchmarks.quality.baselines import closure, grouped
from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.evaluation import FoundMembers, Labels, evaluate
from ringwatch.fixtures.generate import WorldConfig
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Longs, Snapshot

PLUGINS = Path(__file__).with_name("graph-data-science-2.13.9.xml")
ROWS = 10_000  # sent in one statement
N_TURNS = 2  # the better one counts
PROJECT = "CALL gds.graph.project('market', '*', {HOLDS: {orientation: 'UNDIRECTED', properties: 'weight'}})"
LABELS = {
    "components": "CALL gds.wcc.stream('market', {concurrency: 2}) YIELD nodeId, componentId AS label",
    "Leiden": "CALL gds.leiden.stream('market', {relationshipWeightProperty: 'weight', randomSeed: 1, concurrency: 1})"
    " YIELD nodeId, communityId AS label",  # only one thread gives the same answer twice
}
READ = " WITH gds.util.asNode(nodeId).n AS n, label WHERE n < $n_sellers RETURN collect([n, label]) AS rows"


def main() -> None:
    """Print seconds and quality of each, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20_000)
    parser.add_argument("--world", default="base")
    options = parser.parse_args()
    snapshot, ring = made_snapshot(WorldConfig(options.sellers, 1, options.world))
    labels = Labels(snapshot.seller_ids, pa.array([f"R{number}" if number >= 0 else "" for number in ring.tolist()]))
    with bench_server("gds", PLUGINS) as bench, bench.driver() as driver, driver.session() as session:
        fill(session, snapshot)
        found = {
            "our components": timed(lambda: closure(snapshot)),
            "our detection": timed(lambda: members(detect(snapshot, DetectConfig(), as_of=AS_OF))),
        }
        found |= {f"GDS {name}": timed(lambda name=name: by_gds(session, snapshot, name)) for name in LABELS}
    for name, (seconds, groups) in found.items():
        print(f"{name:>16}: {seconds:8.2f} s  {quality(evaluate(labels, groups))}")
    if len(set(found["our components"][1].ring_ids)) != len(set(found["GDS components"][1].ring_ids)):
        raise SystemExit("they found different components")
    seconds = {name: took for name, (took, _) in found.items()}
    line = {"benchmark": "gds", "sellers": options.sellers, "seconds": seconds}
    line["components_ratio"] = seconds["GDS components"] / seconds["our components"]
    print(json.dumps(line | {"ratio": seconds["GDS Leiden"] / seconds["our detection"], "goal": None}))


def fill(session: Session, snapshot: Snapshot) -> None:
    """Write sellers, shared values and links; a link weighs less the more sellers hold its value."""
    n_holders = np.diff(snapshot.value_start)
    value = np.repeat(np.arange(snapshot.n_values), n_holders)
    n = snapshot.n_sellers + snapshot.n_values
    session.run("CREATE CONSTRAINT node_n FOR (x:Node) REQUIRE x.n IS UNIQUE").consume()
    for rows in slices(np.arange(n)):
        session.run("UNWIND $rows AS n CREATE (:Node {n: n})", rows=rows).consume()
    links = np.column_stack((snapshot.link_seller, snapshot.n_sellers + value))
    weights = 1.0 / np.log2(1.0 + n_holders[value])
    for rows, weight in zip(slices(links), slices(weights), strict=True):
        session.run(
            "UNWIND range(0, size($rows) - 1) AS i MATCH (a:Node {n: $rows[i][0]}), (b:Node {n: $rows[i][1]})"
            " CREATE (a)-[:HOLDS {weight: $weights[i]}]->(b)",
            rows=rows, weights=weight,
        ).consume()  # fmt: skip


def slices(column: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> Iterator[list[object]]:
    """Yield the rows of an array in lists that fit one statement."""
    for begin in range(0, len(column), ROWS):
        yield column[begin : begin + ROWS].tolist()


def by_gds(session: Session, snapshot: Snapshot, name: str) -> FoundMembers:
    """Return the groups that one algorithm of Graph Data Science finds."""
    with projected(session):
        record = session.run(LABELS[name] + READ, n_sellers=snapshot.n_sellers).single(strict=True)
    rows: Longs = np.array(record["rows"], dtype=np.int64)
    label = np.zeros(snapshot.n_sellers, dtype=np.int64)
    label[rows[:, 0]] = rows[:, 1]
    return grouped(snapshot, label)


@contextmanager
def projected(session: Session) -> Iterator[None]:
    """Hold the graph in the server's memory."""
    session.run(PROJECT).consume()
    try:
        yield
    finally:
        session.run("CALL gds.graph.drop('market') YIELD graphName RETURN graphName").consume()


def timed(work: Callable[[], FoundMembers]) -> tuple[float, FoundMembers]:
    """Return the least seconds that the work took, and what it gave."""
    took = []
    for _ in range(N_TURNS):
        begun_s = time.perf_counter()
        given = work()
        took.append(time.perf_counter() - begun_s)
    return min(took), given


if __name__ == "__main__":
    main()
