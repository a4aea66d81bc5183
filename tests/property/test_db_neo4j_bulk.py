"""Laws of a batch that several writers put into Neo4j at once."""

import itertools
from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.db.known_ids import KnownIds
from ringwatch.db.neo4j_bulk import N_WRITERS, Neo4jBulk

LAST_VALUE = 10  # values above it are new
PAIRS = st.lists(st.tuples(st.integers(1, 25), st.integers(1, 40)), max_size=80)
PLACES = {"insert_used_value": (0, 5), "insert_uses": (0, 1), "upsert_uses": (0, 1)}  # of value and holder in a row


class Recorded(Neo4jBulk):
    """Keeps what would be written instead of writing it, round by round."""

    def __init__(self) -> None:
        answers = {"coalesce": [[100, 0, LAST_VALUE]], "Kind": [[1, "phone", None]]}
        super().__init__(
            lambda text, _: next((found for sign, found in answers.items() if sign in text), []),
            lambda _asked, params: len(params["rows"]),
            KnownIds(),
            "neo4j://nowhere",
        )
        self.rounds = []

    def _write_rounds(self, rounds) -> None:
        self.rounds += [[lane for lane in lanes if lane] for lanes in rounds]


def written(pairs):
    """Return the rounds in which uses of these values and holders, and the new ones among the values, are written."""
    pairs = sorted(pairs)
    new = sorted({value for value, _ in pairs if value > LAST_VALUE})
    number = {value: LAST_VALUE + 1 + place for place, value in enumerate(new)}  # numbers of new values have no gaps
    pairs = [(number.get(value, value), holder) for value, holder in pairs]
    bulk = Recorded()
    bulk.write_columns(
        "insert_value",
        [
            np.array(sorted(number.values()), np.int64),
            1,
            pa.array([f"v{v}" for v in new], pa.string()),
            pa.nulls(len(new), pa.string()),
        ],
        len(new),
    )
    value, holder = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    rest = [
        1,
        pa.nulls(len(pairs), pa.int64()),
        *[pa.nulls(len(pairs), pa.string())] * 2,
        *[pa.nulls(len(pairs), pa.int64())] * 2,
        0,
        1,
        1,
    ]
    bulk.write_columns("upsert_uses", [value, holder, *rest], len(pairs))
    return pairs, bulk.rounds


def ends(lane):
    """Return the pairs of value and holder that a lane writes."""
    return [tuple(row[place] for place in PLACES[asked.name]) for asked, rows in lane for row in rows]


@given(PAIRS)
def test_every_use_is_written_once(pairs):
    """Each row of the batch, also one that repeats another, is in one lane of one round."""
    pairs, rounds = written(pairs)
    assert Counter(pair for lanes in rounds for lane in lanes for pair in ends(lane)) == Counter(pairs)


@given(PAIRS)
def test_no_two_writers_of_a_round_meet(pairs):
    """At any moment no two have a holder or a value in common, and what they make has one end that is new.

    Where a node gets a relationship the store also locks the newest that it had, which another may be adding to.
    """
    _, rounds = written(pairs)
    for lanes in rounds:
        assert len(lanes) <= 1 or {asked.name for lane in lanes for asked, _ in lane} <= {
            "insert_used_value",
            "upsert_uses",
        }
        assert len(lanes) <= N_WRITERS
        for one, other in itertools.combinations(lanes, 2):
            for end in (0, 1):
                assert not {pair[end] for pair in ends(one)} & {pair[end] for pair in ends(other)}


@given(PAIRS)
def test_a_new_value_is_made_with_its_first_use(pairs):
    """Each new value is made once, before anything else asks for it; no value is ever there without a use."""
    pairs, rounds = written(pairs)
    made, asked_for = [], []
    for lanes in rounds:
        for lane in lanes:
            for asked, rows in lane:
                (made if asked.name == "insert_used_value" else asked_for).extend((len(made), row) for row in rows)
    values = [row[0] for _, row in made]
    assert sorted(values) == sorted({value for value, _ in pairs if value > LAST_VALUE})
    assert all(n_made == len(made) for n_made, _ in asked_for)
    assert [row[3] for _, row in sorted(made, key=lambda one: one[1][0])] == [f"v{v}" for v in sorted(texts_of(made))]


def texts_of(made):
    """Return the numbers in the texts of the values that were made."""
    return [int(row[3][1:]) for _, row in made]


@given(PAIRS)
def test_what_is_surely_new_is_not_looked_for(pairs):
    """Uses of new values are made, the first of a pair at least; those of others, and repeated pairs, are merged."""
    pairs, rounds = written(pairs)
    names = {pair: set() for pair in pairs}
    for lanes in rounds:
        for lane in lanes:
            for asked, rows in lane:
                for row in rows:
                    names[tuple(row[place] for place in PLACES[asked.name])].add(asked.name)
    for pair, n in Counter(pairs).items():
        makes = names[pair] & {"insert_used_value", "insert_uses"}
        assert len(makes) == (pair[0] > LAST_VALUE)
        assert ("upsert_uses" in names[pair]) == (pair[0] <= LAST_VALUE or n > 1)
