"""Connected components of sellers and values, ours beside other libraries on the same links, each in its own process.

Ours drops values of one seller first, as a snapshot does: they carry most links and join nobody; then it needs no node
for a value. It is what closure would cost on our arrays: detection itself merges in order and needs no components.
Peers that are not installed (networkit, splink) are left out and named; networkx runs up to 200,000 sellers only, it
would take minutes.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Array = npt.NDArray[np.int64]

GOALS = {"scipy": 8.0, "igraph": 40.0, "splink": 50.0}
MOST_NETWORKX = 200_000
LINKS_A_SELLER = 5.5
SHARED_SHARE = 0.25  # of the links: those of values that some other seller has too, of heavy-tailed sizes
N_TURNS = 3


def main() -> None:
    """Print seconds, memory and ratio of each, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=100_000)
    options = parser.parse_args()
    found = {name: measured(name, options.sellers) for name in PEERS if is_there(name, options.sellers)}
    seconds = {name: line["seconds"] for name, line in found.items()}
    for name, line in found.items():
        ratio = seconds[name] / seconds["ours"]
        print(f"{name:>10}: {line['seconds']:8.3f} s, {line['bytes'] / 1e6:7.0f} MB, {ratio:6.1f} times ours")
    if len({line["n"] for line in found.values()}) != 1:
        sys.exit("they found different components")
    missing = sorted(set(PEERS) - set(found))
    print(f"not run: {', '.join(missing) or 'none'}")
    line = {"benchmark": "components", "ratio": seconds["igraph"] / seconds["ours"], "goal": GOALS["igraph"]}
    ratios = {f"{name}_ratio": seconds[name] / seconds["ours"] for name in found if name != "ours"}
    print(json.dumps(line | {"sellers": options.sellers, "not_run": missing} | ratios))


def is_there(name: str, n_sellers: int) -> bool:
    """Say whether a peer can be run at that size."""
    module = {"ours": "scipy", "splink": "splink"}.get(name, name)
    return find_spec(module) is not None and (name != "networkx" or n_sellers <= MOST_NETWORKX)


def measured(name: str, n_sellers: int) -> dict[str, float]:
    """Return seconds, added bytes and the number of components with two or more sellers."""
    with multiprocessing.get_context("spawn").Pool(1) as alone:
        return alone.apply(measure, (name, n_sellers))


def measure(name: str, n_sellers: int) -> dict[str, float]:
    """Measure in this process."""
    seller, value = links(n_sellers)
    before = peak_bytes()
    took = []
    for _ in range(N_TURNS if name != "networkx" else 1):
        begun_s = time.perf_counter()
        label = PEERS[name](seller, value, n_sellers)
        took.append(time.perf_counter() - begun_s)
    sizes = np.bincount(np.unique(label[:n_sellers], return_inverse=True)[1])
    return {"seconds": min(took), "bytes": peak_bytes() - before, "n": float((sizes > 1).sum())}


def links(n_sellers: int) -> tuple[Array, Array]:
    """Return links of sellers to values: most values are one seller's, the others are held by few or, rarely, many."""
    rng = np.random.default_rng(1)
    n_links = int(n_sellers * LINKS_A_SELLER)
    n_shared = int(n_links * SHARED_SHARE)
    pool = np.minimum(rng.pareto(1.5, n_shared // 3) + 1, 200)
    value = np.repeat(np.arange(len(pool)), pool.astype(np.int64))[:n_shared]
    own = np.arange(n_links - len(value)) + len(pool)
    value = np.concatenate((value, own))
    return rng.integers(0, n_sellers, len(value)), value


def ours(seller: Array, value: Array, n_sellers: int) -> Array:
    """Return a label for each seller: each is tied to one holder of its value, and only tied sellers are walked."""
    n_holders = np.bincount(value)
    shared = (n_holders > 1)[value]
    holder, value = seller[shared].astype(np.int32), value[shared]
    hub = np.zeros(len(n_holders), dtype=np.int32)
    hub[value] = holder  # the last one written stands for all holders of the value
    fellow = hub[value]
    tied = np.flatnonzero(holder != fellow)
    holder, fellow = holder[tied], fellow[tied]
    is_used = np.zeros(n_sellers, dtype=np.bool_)
    is_used[holder] = is_used[fellow] = True
    used = np.flatnonzero(is_used)
    place = np.cumsum(is_used, dtype=np.int32) - 1
    ends = (place[holder], place[fellow])
    graph = sparse.coo_array((np.ones(len(holder), np.int8), ends), shape=(len(used), len(used)))
    label = np.arange(n_sellers)
    label[used] = n_sellers + connected_components(graph.tocsr(), directed=False)[1]
    return label


def by_scipy(seller: Array, value: Array, n_sellers: int) -> Array:
    """Find components with scipy."""
    n = n_sellers + int(value.max()) + 1
    graph = sparse.coo_array((np.ones(len(seller), np.int8), (seller, n_sellers + value)), shape=(n, n))
    label: Array = connected_components(graph.tocsr(), directed=False)[1]
    return label


def by_igraph(seller: Array, value: Array, n_sellers: int) -> Array:
    """Find components with igraph."""
    import igraph  # noqa: PLC0415 (in the process that measures it alone)

    edges = np.column_stack((seller, n_sellers + value))
    graph = igraph.Graph(n=n_sellers + int(value.max()) + 1, edges=edges)
    return np.array(graph.connected_components(mode="weak").membership)


def by_networkx(seller: Array, value: Array, n_sellers: int) -> Array:
    """Find components with networkx."""
    import networkx as nx  # noqa: PLC0415 (in the process that measures it alone)

    graph = nx.Graph()
    graph.add_nodes_from(range(n_sellers))
    graph.add_edges_from(zip(seller.tolist(), (n_sellers + value).tolist(), strict=True))
    label = np.zeros(n_sellers + int(value.max()) + 1, dtype=np.int64)
    for number, nodes in enumerate(nx.connected_components(graph)):
        label[list(nodes)] = number
    return label


def by_networkit(seller: Array, value: Array, n_sellers: int) -> Array:
    """Find components with networkit."""
    import networkit as nk  # noqa: PLC0415 (in the process that measures it alone)

    n = n_sellers + int(value.max()) + 1
    graph = nk.GraphFromCoo((seller, n_sellers + value), n=n)
    found = nk.components.ConnectedComponents(graph)
    found.run()
    label = np.zeros(n, dtype=np.int64)
    for number, nodes in enumerate(found.getComponents()):
        label[nodes] = number
    return label


def by_splink(seller: Array, value: Array, n_sellers: int) -> Array:
    """Find components with the clustering of Splink in DuckDB."""
    import pandas as pd  # noqa: PLC0415 (in the process that measures it alone)
    from splink import DuckDBAPI  # noqa: PLC0415 (in the process that measures it alone)
    from splink.clustering import cluster_pairwise_predictions_at_threshold  # noqa: PLC0415 (as above)

    n = n_sellers + int(value.max()) + 1
    nodes = pd.DataFrame({"unique_id": np.arange(n)})
    edges = pd.DataFrame({"unique_id_l": seller, "unique_id_r": n_sellers + value, "match_probability": 1.0})
    found = cluster_pairwise_predictions_at_threshold(
        nodes, edges, db_api=DuckDBAPI(), node_id_column_name="unique_id", threshold_match_probability=0.5
    )
    table = found.as_pandas_dataframe().sort_values("unique_id")
    return table["cluster_id"].to_numpy(dtype=np.int64)


PEERS: dict[str, Callable[[Array, Array, int], Array]] = {
    "ours": ours,
    "scipy": by_scipy,
    "igraph": by_igraph,
    "networkit": by_networkit,
    "networkx": by_networkx,
    "splink": by_splink,
}


def peak_bytes() -> int:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
