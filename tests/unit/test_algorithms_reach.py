"""What counts as two families, and who is near to whom in a ring."""

import numpy as np
from tests.support.snapshots import Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.facts import Facts, prepare
from ringwatch.algorithms.groups import group
from ringwatch.algorithms.hits import Candidates
from ringwatch.algorithms.learn import learn, model_of
from ringwatch.algorithms.membership import Standing, stand, yardstick
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.algorithms.reach import (
    Ties,
    count_families,
    count_upheld_near,
    find_next_to,
    independent,
    reach_infringing,
)
from ringwatch.model.snapshot import Ints, Longs

NAMES = [f"R{place}" for place in range(6)]
TRIO = NAMES[:3]


def facts_of(uses: list[Use]) -> Facts:
    """Return the facts of a market of some honest sellers and those of the uses."""
    honest, own = crowd(40)
    return prepare(snapshot_of(Made([*honest, *NAMES], [*own, *uses])))


def standing_of(facts: Facts) -> Standing:
    """Return how the six stand to the ring of all of them."""
    ring_of = np.full(facts.snapshot.n_sellers, -1, dtype=np.int64)
    ring_of[[facts.snapshot.seller_ids.to_pylist().index(name) for name in NAMES]] = 0
    groups = group(facts, ring_of)
    levels = np.zeros(facts.snapshot.n_values, dtype=np.int32)
    weights = model_of(facts, learn(facts, list_pairs(facts, 60))).weights
    candidates = Candidates(groups.member, ring_of[groups.member])
    return stand(yardstick(facts, groups, levels, weights), candidates)


def families(facts: Facts, levels: Ints, *, supplied: str = "") -> list[int]:
    """Return how many families tie each of the six, every hit being strong; ``supplied`` is a kind that may be so."""
    hits = standing_of(facts).hits
    kinds = np.array([kind.name for kind in facts.snapshot.kinds])[facts.snapshot.value_kind[hits.value]]
    ties = Ties(hits.row, hits.value, hits.voice, kinds == supplied)
    counted: Longs = count_families(independent(facts, levels, ties), len(NAMES))
    return counted.tolist()


def levels_of(facts: Facts, *doubted: str) -> Ints:
    """Return the levels of values: one for those of the doubted texts, none for the rest."""
    texts = facts.snapshot.value_text.to_pylist()
    return np.array([int(text in doubted) for text in texts], dtype=np.int32)


def test_doubted_values_of_the_same_holders_are_one_family() -> None:
    """An agency's phone and machine, judged down and held by the same three, are one fact; unjudged ones are two."""
    facts = facts_of([*share("phone", "a phone", TRIO), *share("device", "a machine", TRIO)])
    assert families(facts, levels_of(facts)) == [2, 2, 2, 0, 0, 0]
    assert families(facts, levels_of(facts, "a phone", "a machine")) == [1, 1, 1, 0, 0, 0]


def test_doubted_values_of_other_holders_stay_two_families() -> None:
    """Judged down or not, values of different holders are two facts."""
    facts = facts_of([*share("phone", "a phone", TRIO), *share("device", "a machine", NAMES[:4])])
    assert families(facts, levels_of(facts, "a phone", "a machine")) == [2, 2, 2, 1, 0, 0]


def test_a_supplier_that_is_doubted_is_no_family() -> None:
    """Photos count beside a phone until the holders of the photo speak against it."""
    facts = facts_of([*share("phone", "a phone", TRIO), *share("image_hash", "a photo", NAMES)])
    assert families(facts, levels_of(facts), supplied="image_hash") == [2, 2, 2, 0, 0, 0]
    assert families(facts, levels_of(facts, "a photo"), supplied="image_hash") == [1, 1, 1, 0, 0, 0]


def test_near_are_those_two_steps_away() -> None:
    """In a chain of six the first has two near it, the third two on either side; nobody is near to a stranger."""
    chain = [use for place in range(5) for use in share("account", f"account {place}", NAMES[place : place + 2])]
    facts = facts_of(chain)
    standing = standing_of(facts)
    ring_of = np.full(facts.snapshot.n_sellers, -1, dtype=np.int64)
    ring_of[standing.candidates.seller] = 0
    hits = standing.hits
    ties = Ties(hits.row, hits.value, hits.voice, np.zeros(len(hits.row), dtype=np.bool_))
    is_upheld = np.array([True, False, False, False, False, False])
    n_upheld, n_near = count_upheld_near(find_next_to(group(facts, ring_of), standing, ties), is_upheld)
    assert n_near.tolist() == [3, 4, 5, 5, 4, 3]
    assert n_upheld.tolist() == [1, 1, 1, 0, 0, 0]


def test_one_fellow_alone_reaches_nobody() -> None:
    """R0 shares phone and machine with R1 alone, a relative may; R2 and R3 with each other and one more."""
    pair, trio = NAMES[:2], NAMES[2:5]
    shared = [*share("phone", "theirs", pair), *share("device", "theirs too", pair)]
    facts = facts_of([*shared, *share("phone", "a phone", trio), *share("device", "a machine", trio)])
    standing = standing_of(facts)
    ring_of = np.full(facts.snapshot.n_sellers, -1, dtype=np.int64)
    ring_of[standing.candidates.seller] = 0
    hits = standing.hits
    ties = Ties(hits.row, hits.value, hits.voice, np.zeros(len(hits.row), dtype=np.bool_))
    is_upheld = np.array([False, True, True, False, False, False])
    groups = group(facts, ring_of)
    reached = reach_infringing(groups, standing, ties, find_next_to(groups, standing, ties), is_upheld)
    assert reached.tolist() == [False, False, True, True, True, False]
