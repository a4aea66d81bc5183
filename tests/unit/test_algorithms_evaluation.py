"""Figures of ``evaluate`` against their definitions, seller by seller and pair by pair."""

from itertools import combinations
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.algorithms.evaluation import Evaluation, FoundMembers, Labels, evaluate, evaluate_with_intervals
from ringwatch.algorithms.figures import figures, measure
from ringwatch.algorithms.labelled import sample_of

Truth = dict[str, str]
Rows = dict[str, tuple[str, str, float]]  # seller -> ring, tier, infringement score

SELLERS = [f"s{number}" for number in range(12)]
truths = st.dictionaries(st.sampled_from(SELLERS), st.sampled_from(["", "", "x", "y", "z"]), min_size=1)
found_rows = st.dictionaries(
    st.sampled_from(SELLERS),
    st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from(["close", "review", "lead"]), st.floats(0, 1)),
)


def columns(truth: Truth, rows: Rows) -> tuple[Labels, FoundMembers]:
    """Return labels and memberships; the infringement score of a member serves as its link score too."""
    scores = np.array([row[2] for row in rows.values()], dtype=np.float64)
    found = FoundMembers(
        pa.array([row[0] for row in rows.values()], pa.string()),
        pa.array(list(rows), pa.string()),
        pa.array([row[1] for row in rows.values()], pa.string()),
        scores,
        scores,
    )
    return Labels(pa.array(list(truth), pa.string()), pa.array(list(truth.values()), pa.string())), found


def run(truth: Truth, rows: Rows) -> Evaluation:
    return evaluate(*columns(truth, rows))


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


@given(truths, found_rows)
def test_tiers_are_read_with_the_surer_ones(truth: Truth, rows: Rows):
    """Precision, recall and honest sellers of all members of a tier or surer; rings found by those members alone."""
    rank = {"close": 1, "review": 2, "lead": 3}
    level_of = {s: 0 if row[1] == "close" and row[2] >= 0.5 else rank[row[1]] for s, row in rows.items() if s in truth}
    guilty, honest = {s for s in truth if truth[s]}, {s for s in truth if not truth[s]}
    outcome = run(truth, rows)
    for level, (name, tier) in enumerate(outcome.tiers.items()):
        chosen = {seller: rows[seller] for seller, own in level_of.items() if own <= level}
        assert (tier.sellers, tier.honest) == (len(chosen), len(chosen.keys() & honest)), name
        assert tier.precision == pytest.approx(share(len(chosen.keys() & guilty), len(chosen)))
        assert tier.recall == pytest.approx(share(len(chosen.keys() & guilty), len(guilty)))
        assert tier.honest_per_1000 == pytest.approx(1000 * len(chosen.keys() & honest) / max(len(honest), 1))
        assert tier.ring_recall == pytest.approx(run(truth, chosen).ring_recall)


@given(truths, found_rows)
def test_a_score_is_right_where_a_member_is_of_its_rings_operator(truth: Truth, rows: Rows):
    """Brier score and error over ten bins, of scores and of whether most of a member's ring are of its true ring."""
    labelled = {seller: row for seller, row in rows.items() if seller in truth}
    right = {}
    for seller, row in labelled.items():
        fellows = [truth[s] for s, other in labelled.items() if other[0] == row[0] and truth[s]]
        most = max((fellows.count(ring) for ring in fellows), default=0)
        likeliest = [ring for ring in dict.fromkeys(truth.values()) if ring and fellows.count(ring) == most]
        right[seller] = most > 1 and truth[seller] == likeliest[0]
    found = run(truth, rows).calibration
    assert found is not None
    scores = {seller: row[2] for seller, row in labelled.items()}
    assert found.members == len(scores)
    bins = [[s for s in scores if min(int(scores[s] * 10), 9) == place] for place in range(10)]
    gaps = [abs(sum(scores[s] for s in own) - sum(right[s] for s in own)) for own in bins]
    n = max(len(scores), 1)
    assert found.brier == pytest.approx(sum((scores[s] - right[s]) ** 2 for s in scores) / n)
    assert found.ece == pytest.approx(sum(gaps) / n)
    told = [(one.members, one.right_share) for one in found.bins]
    assert told == [(len(own), pytest.approx(sum(right[s] for s in own) / len(own))) for own in bins if own]


@given(truths, found_rows, st.randoms(use_true_random=False))
def test_copies_of_a_unit_know_nothing_of_each_other(truth: Truth, rows: Rows, random: Random):
    """A pair of one unit counts as often as the unit was drawn, a pair of two units as often as both."""
    measured = measure(sample_of(*columns(truth, rows)), None)
    sample = measured.sample
    weight = [random.randrange(4) for _ in sample.unit_size]
    counted = figures(measured, np.array(weight, dtype=np.float64), float(sample.n_alone))
    rings = list(dict.fromkeys(ring for ring in truth.values() if ring))
    others = iter(range(len(rings), len(weight)))
    unit = {s: rings.index(ring) if ring else next(others) for s, ring in truth.items() if ring or s in rows}
    found = {seller: row[0] for seller, row in rows.items()}
    together = true = right = 0
    for one, other in combinations(unit, 2):
        is_one, is_found = unit[one] == unit[other], same(found, one, other)
        together += is_found * weight[unit[one]] * (1 if is_one else weight[unit[other]])
        true += is_one * weight[unit[one]]
        right += is_one * is_found * weight[unit[one]]
    assert counted["pairwise.precision"] == pytest.approx(share(right, together))
    assert counted["pairwise.recall"] == pytest.approx(share(right, true))


def test_intervals_hold_the_figure_and_narrow_with_more_rings():
    """The same seed gives the same; ten times the rings, about a third of the width; what never fails has no width."""
    widths = []
    for n_rings in (20, 200):
        truth = {f"s{ring}-{place}": str(ring) for ring in range(n_rings) for place in range(4)}
        rows = {s: (f"R{ring}", "close", 0.9) for s, ring in truth.items() if int(ring) % 2 or not s.endswith("3")}
        outcome, ends = evaluate_with_intervals(*columns(truth, rows))
        assert ends == evaluate_with_intervals(*columns(truth, rows))[1]
        low, high = ends["pairwise.recall"]
        assert low < outcome.pairwise.recall < high
        assert ends["pairwise.precision"] == ends["ring_recall"] == (1.0, 1.0)
        widths.append(high - low)
    assert 2 < widths[0] / widths[1] < 5


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
