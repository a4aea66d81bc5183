"""What a process may answer for itself about ids, and when it has to ask the database."""

import numpy as np
import pyarrow as pa
import pytest

from ringwatch.db import known_ids
from ringwatch.db.known_ids import KnownIds, TextFilter

EMPTY = {"holder": 0, "listing": 0, "value": 0}
ASK = -1


def known() -> KnownIds:
    """Return what is known after two sellers, a store, a listing and a value were made in an empty database."""
    found = KnownIds()
    found.begin(EMPTY)
    found.add_holders("upsert_seller", pa.array(["a", "b"]), np.array([1, 2]))
    found.add_holders("upsert_store", pa.array(["s"]), np.array([3]))
    found.add_texts("listing", pa.array(["l"]), np.array([1]))
    found.add_texts("value", pa.array(["x"]), np.array([1]), 4)
    return found


OURS = {"holder": 3, "listing": 1, "value": 1}


def test_all_holders_are_known_while_nobody_else_numbers():
    """A seller is no store, either is a holder, and what was never made is not there."""
    found = known()
    found.begin(OURS)
    assert found.find("find_sellers", ["b", "s", "z"]).tolist() == [2, 0, 0]
    assert found.find("find_stores", ["b", "s", "z"]).tolist() == [0, 3, 0]
    assert found.find("find_holders", ["s", "a", "z"]).tolist() == [3, 1, 0]


def test_all_values_are_known_by_kind_and_text():
    """Each has its number, whenever it was made, and is of no other kind."""
    found = known()
    found.begin(OURS)
    found.add_texts("value", pa.array(["y", "w"]), np.array([2, 3]), 4)
    assert found.find("find_values", ["w", "q", "x", "y"], 4).tolist() == [3, 0, 1, 2]
    assert found.find("find_values", ["x"], 5).tolist() == [0]
    assert found.is_exact


def test_of_listings_only_new_ones_are_known():
    """The database is asked for the number of a listing that may be there."""
    found = known()
    found.begin(OURS)
    assert found.find("find_listings", ["l", "m"]).tolist() == [ASK, 0]


def test_more_values_than_are_remembered_are_asked_for(monkeypatch: pytest.MonkeyPatch):
    """Memory stays bounded: beyond a number of values the database is asked for those that may be there."""
    monkeypatch.setattr(known_ids, "MAX_VALUES", 1)
    found = known()
    assert found.is_exact
    found.add_texts("value", pa.array(["y"]), np.array([2]), 4)
    assert not found.is_exact
    assert found.find("find_values", ["x", "q"], 4).tolist() == [ASK, 0]


@pytest.mark.parametrize("name", ["holder", "listing", "value"])
def test_what_another_writer_numbered_ends_it(name: str):
    """Once anybody else gave a number, every id is asked for, for good."""
    found = known()
    found.begin({**OURS, name: OURS[name] + 1})
    assert found.find("find_sellers", ["a", "z"]).tolist() == [ASK, ASK]
    found.begin({**OURS, name: OURS[name] + 1})
    assert found.find("find_values", ["q"], 4).tolist() == [ASK]


def test_a_database_that_was_not_empty_is_asked():
    """A process that comes to a filled database knows nothing of it."""
    found = KnownIds()
    found.begin(OURS)
    assert found.find("find_sellers", ["a"]).tolist() == [ASK]


def test_an_emptied_database_is_known_anew():
    """What was known before it was emptied is forgotten."""
    found = known()
    found.begin(EMPTY)
    assert found.find("find_sellers", ["a"]).tolist() == [0]
    assert found.find("find_values", ["x"], 4).tolist() == [0]


def test_more_holders_than_are_remembered_are_asked_for(monkeypatch: pytest.MonkeyPatch):
    """Memory stays bounded: beyond a number of holders the database is asked, while texts are still told apart."""
    monkeypatch.setattr(known_ids, "MAX_HOLDERS", 2)
    found = known()
    found.begin(OURS)
    assert found.find("find_holders", ["a"]).tolist() == [ASK]
    assert found.find("find_values", ["y"], 4).tolist() == [0]


def test_a_filter_never_denies_what_was_added():
    """Every text added may be held, and of others nearly none."""
    held = TextFilter()
    held.add([f"value-{k}" for k in range(20_000)])
    assert held.may_hold([f"value-{k}" for k in range(20_000)]).all()
    assert held.may_hold([f"other-{k}" for k in range(20_000)]).mean() < 0.001
