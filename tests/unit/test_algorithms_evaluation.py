"""Figures of ``evaluate`` against their definitions, seller by seller and pair by pair."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.algorithms.evaluation import Evaluation, FoundMembers, Labels, evaluate

Truth = dict[str, str]
Rows = dict[str, tuple[str, str, float]]  # seller -> ring, tier, infringement score

SELLERS = [f"s{number}" for number in range(12)]
truths = st.dictionaries(st.sampled_from(SELLERS), st.sampled_from(["", "", "x", "y", "z"]), min_size=1)
found_rows = st.dictionaries(
    st.sampled_from(SELLERS),
    st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from(["close", "review", "lead"]), st.floats(0, 1)),
)


def run(truth: Truth, rows: Rows) -> Evaluation:
    found = FoundMembers(
        pa.array([row[0] for row in rows.values()], pa.string()),
        pa.array(list(rows), pa.string()),
        pa.array([row[1] for row in rows.values()], pa.string()),
        np.array([row[2] for row in rows.values()], dtype=np.float64),
    )
    return evaluate(Labels(pa.array(list(truth), pa.string()), pa.array(list(truth.values()), pa.string())), found)


def share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def same(groups: dict[str, str], one: str, other: str) -> bool:
    return one == other or (bool(groups.get(one)) and groups.get(one) == groups.get(other))


@given(truths, found_rows)
def test_pairwise_counts_pairs_of_labelled_sellers(truth: Truth, rows: Rows):
    """Precision and recall are shares of the pairs that stand together in the found and in the true grouping."""
    found = {seller: row[0] for seller, row in rows.items()}
    pairs = list(combinations(truth, 2))
    in_truth = {pair for pair in pairs if same(truth, *pair)}
    in_found = {pair for pair in pairs if same(found, *pair)}
    outcome = run(truth, rows).pairwise
    assert outcome.precision == pytest.approx(share(len(in_truth & in_found), len(in_found)))
    assert outcome.recall == pytest.approx(share(len(in_truth & in_found), len(in_truth)))


@given(truths, found_rows)
def test_b_cubed_is_the_mean_over_all_labelled_sellers(truth: Truth, rows: Rows):
    """Each labelled seller weighs the same, also one in no ring, which is a group of its own."""
    found = {seller: row[0] for seller, row in rows.items()}
    precision = recall = 0.0
    for seller in truth:
        true_group = {other for other in truth if same(truth, seller, other)}
        found_group = {other for other in truth if same(found, seller, other)}
        precision += len(true_group & found_group) / len(found_group)
        recall += len(true_group & found_group) / len(true_group)
    outcome = run(truth, rows).b_cubed
    assert outcome.precision == pytest.approx(precision / len(truth))
    assert outcome.recall == pytest.approx(recall / len(truth))
    assert outcome.f1 == pytest.approx(2 * precision * recall / (precision + recall) / len(truth))


@given(truths, found_rows)
def test_counts_are_those_of_the_definition(truth: Truth, rows: Rows):
    """Rings, sizes, honest sellers caught and recalled rings, each counted over labelled sellers alone."""
    outcome = run(truth, rows)
    labelled = {seller: row for seller, row in rows.items() if seller in truth}
    rings = {ring: {s for s, row in labelled.items() if row[0] == ring} for ring in {r[0] for r in labelled.values()}}
    true_rings = {name: {s for s, ring in truth.items() if ring == name} for name in set(truth.values()) - {""}}
    honest = {seller for seller, ring in truth.items() if not ring}
    big = [members for members in true_rings.values() if len(members) >= 3]
    recalled = [
        t for t in big if any(2 * len(t & f) >= len(t) and 5 * len(t & f) >= 4 * len(f) for f in rings.values())
    ]
    assert outcome.sellers == len(truth)
    assert (outcome.true_rings, outcome.rings) == (len(true_rings), len(rings))
    assert outcome.largest_ring == max((len(members) for members in rings.values()), default=0)
    assert outcome.ring_recall == pytest.approx(share(len(recalled), len(big)))
    assert outcome.honest_sellers == len(honest)
    for tier, n_caught in outcome.honest_caught.items():
        assert n_caught == sum(labelled[s][1] == tier for s in honest & labelled.keys())
    closable = {s for s in honest & labelled.keys() if labelled[s][1] == "close" and labelled[s][2] >= 0.5}
    assert outcome.honest_closable == len(closable)


@given(truths)
def test_the_truth_itself_scores_one(truth: Truth):
    """Handing the labels back as rings gives 1 for every share, also where nothing was to be found."""
    rows = {seller: (ring, "close", 1.0) for seller, ring in truth.items() if ring}
    outcome = run(truth, rows)
    assert outcome.pairwise.f1 == outcome.ring_recall == 1.0
    assert outcome.b_cubed.f1 == pytest.approx(1.0)
    assert sum(outcome.honest_caught.values()) == 0


def test_null_labels_are_honest():
    labels = Labels(pa.array(["a", "b"]), pa.array([None, "r"], pa.string()))
    outcome = evaluate(labels, FoundMembers(pa.array(["1"]), pa.array(["a"]), pa.array(["review"])))
    assert (outcome.honest_sellers, outcome.honest_caught["review"], outcome.true_rings) == (1, 1, 1)


def test_chunked_columns_count_like_whole_ones():
    """A Parquet reader hands out chunks; the figures do not depend on where they are cut."""
    labels = Labels(pa.chunked_array([["a"], ["b", "c"]]), pa.chunked_array([["r"], ["r", ""]]))
    found = FoundMembers(
        pa.chunked_array([["1"], ["1"]]), pa.chunked_array([["a"], ["b"]]), pa.chunked_array([["close"], ["close"]])
    )
    assert evaluate(labels, found).pairwise.f1 == 1.0


def test_a_million_sellers_overflow_nothing():
    """Every seller its own group on both sides: keys of cells reach 10**12, pairs of one ring 5 * 10**11."""
    n_sellers = 1_000_000
    ids = pa.array(np.arange(n_sellers)).cast(pa.string())
    alone = pa.array(np.zeros(n_sellers)).cast(pa.string())
    labels = Labels(ids, alone)
    outcome = evaluate(labels, FoundMembers(ids, ids, pa.array(["lead"] * n_sellers)))
    assert outcome.pairwise.recall == 0.0
    assert outcome.b_cubed.precision == pytest.approx(1.0)
    assert outcome.b_cubed.recall == pytest.approx(1 / n_sellers)
