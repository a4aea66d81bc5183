"""What others would do with the same snapshot: closure, whole-graph Leiden, the null model alone, Splink."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import igraph
import numpy as np
import pyarrow as pa
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from benchmarks.quality.null_model import are_beyond_chance
from ringwatch.algorithms.evaluation import FoundMembers
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Bools, Longs, Snapshot

CAP = 10  # the best of the caps tried on made markets
SPLINK_LEAST = 0.5  # match probability from which two sellers are one
SPLINK_PAIRS = 1_000_000  # drawn to estimate chance


def closure(snapshot: Snapshot, most_holders: int | None = None) -> FoundMembers:
    """Return the components of sellers and the values that they share, of at most so many holders."""
    n_holders = np.diff(snapshot.value_start)
    kept = np.ones(snapshot.n_values, dtype=np.bool_) if most_holders is None else n_holders <= most_holders
    value = np.repeat(np.arange(snapshot.n_values), n_holders)
    links = kept[value]
    n = snapshot.n_sellers + snapshot.n_values
    ends = (snapshot.link_seller[links], snapshot.n_sellers + value[links])
    graph = sparse.coo_array((np.ones(int(links.sum()), dtype=np.int8), ends), shape=(n, n))
    return grouped(snapshot, connected_components(graph, directed=False)[1][: snapshot.n_sellers])


def leiden(snapshot: Snapshot) -> FoundMembers:
    """Return Leiden's communities of the whole graph, by modularity, links weighed down for values of many holders."""
    n_holders = np.diff(snapshot.value_start)
    value = np.repeat(np.arange(snapshot.n_values), n_holders)
    used, place = np.unique(snapshot.link_seller, return_inverse=True)  # who shares nothing costs igraph dear
    graph = igraph.Graph(n=len(used) + snapshot.n_values, edges=np.column_stack((place, len(used) + value)))
    weights = 1.0 / np.log2(1.0 + n_holders[value])
    found = graph.community_leiden(objective_function="modularity", weights=weights.tolist(), n_iterations=-1)
    labels = np.arange(snapshot.n_sellers) + len(used) + snapshot.n_values
    labels[used] = found.membership[: len(used)]
    return grouped(snapshot, labels)


def null_model(snapshot: Snapshot) -> FoundMembers:
    """Return the components of pairs that share more than the degree-preserving null model lets one expect."""
    facts = prepare(snapshot)
    pairs = list_pairs(facts, DetectConfig().max_pair_holders)
    kept = are_beyond_chance(facts, pairs)
    shape = (snapshot.n_sellers, snapshot.n_sellers)
    ends = (pairs.a[kept], pairs.b[kept])
    graph = sparse.coo_array((np.ones(int(kept.sum()), dtype=np.int8), ends), shape=shape)
    return grouped(snapshot, connected_components(graph, directed=False)[1])


def splink(snapshot: Snapshot) -> FoundMembers | None:
    """Return clusters of Splink's predictions, one column a kind (a seller's first value), None where it is missing.

    Blocked on each kind; chance from random pairs, the rest by EM on each blocking in turn, frequent values discounted.
    """
    try:
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415 (an extra)
        from splink.comparison_library import ExactMatch  # noqa: PLC0415 (an extra)
    except ImportError:
        return None
    table, kinds = _one_column_a_kind(snapshot)
    rules = [block_on(kind) for kind in kinds]
    comparisons = [ExactMatch(kind).configure(term_frequency_adjustments=True) for kind in kinds]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="seller_id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(DuckDBAPI().register(table.to_pandas()), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=SPLINK_PAIRS, seed=1)
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule,
            estimate_without_term_frequencies=True,  # counts patterns of agreement: ten times as fast, little else
        )
    predictions = linker.inference.predict(threshold_match_probability=SPLINK_LEAST)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, SPLINK_LEAST)
    frame = clusters.as_pandas_dataframe()
    label = dict(zip(frame["seller_id"], frame["cluster_id"].astype("category").cat.codes, strict=True))
    return grouped(snapshot, np.array([label[seller_id] for seller_id in snapshot.seller_ids.to_pylist()]))


def _one_column_a_kind(snapshot: Snapshot) -> tuple[pa.Table, list[str]]:
    """Return a row a seller with its first shared value of each kind that a hundred sellers share."""
    value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    kind = snapshot.value_kind[value]
    columns: dict[str, pa.Array] = {"seller_id": snapshot.seller_ids}
    for number, name in enumerate(one.name for one in snapshot.kinds):
        links = np.flatnonzero(kind == number)
        sellers, first = np.unique(snapshot.link_seller[links], return_index=True)
        if len(sellers) >= 100:  # EM learns nothing of fewer
            place = np.full(snapshot.n_sellers, -1, dtype=np.int64)
            place[sellers] = value[links[first]]
            columns[name] = pa.array(place, mask=place < 0).cast(pa.string())
    return pa.table(columns), [name for name in columns if name != "seller_id"]


def grouped(snapshot: Snapshot, labels: Longs) -> FoundMembers:
    """Return groups of two or more as memberships, all of one tier: these methods tell none apart."""
    _, label, counts = np.unique(labels, return_inverse=True, return_counts=True)
    is_in: Bools = counts[label] > 1
    return FoundMembers(
        pa.array(label[is_in]).cast(pa.string()),
        snapshot.seller_ids.filter(pa.array(is_in)),
        pa.array(["lead"] * int(is_in.sum()), pa.string()),
    )


BASELINES: Mapping[str, Callable[[Snapshot], FoundMembers | None]] = MappingProxyType(
    {
        "closure over any shared value": closure,
        f"closure, values of more than {CAP} holders left out": lambda snapshot: closure(snapshot, CAP),
        "whole-graph Leiden (igraph)": leiden,
        "degree-preserving null model, false discoveries 1 %, closure": null_model,
        "Splink, p >= 0.5": splink,
    }
)
"""Each by its name in the table."""
