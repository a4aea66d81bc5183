"""Rings keep their names from run to run."""

from ringwatch.algorithms.lineage import name_rings


def test_a_ring_that_doubled_keeps_its_name() -> None:
    """Containment counts, not Jaccard: half of the smaller side is enough."""
    assert name_rings([list("abcdefgh")], dict.fromkeys("abc", "R-1")) == ["R-1"]


def test_the_larger_part_of_a_split_keeps_the_name() -> None:
    """The part with most of the old members keeps the id, the other gets a new one."""
    first, second = name_rings([["a", "b"], ["c", "d", "e"]], dict.fromkeys("abcde", "R-1"))
    assert second == "R-1"
    assert first.startswith("R-")
    assert first != "R-1"


def test_of_merged_rings_the_one_with_most_members_lends_its_name() -> None:
    """Two earlier rings in one: the id that most members bring stands."""
    assert name_rings([list("abcde")], {**dict.fromkeys("ab", "R-1"), **dict.fromkeys("cde", "R-2")}) == ["R-2"]


def test_a_new_ring_takes_no_earlier_name() -> None:
    """Ids depend on the members alone, until another ring holds that id already."""
    (fresh,) = name_rings([["x", "y"]], {})
    assert name_rings([["x", "y"]], {}) == [fresh]
    (moved,) = name_rings([["x", "y"]], {"p": fresh, "q": fresh, "r": fresh})
    assert moved != fresh
    assert moved.startswith(fresh)


def test_order_of_rings_does_not_matter() -> None:
    """The same rings in another order get the same names."""
    rings = [["a", "b"], ["c", "d"], ["e", "f"]]
    earlier = {"a": "R-1", "d": "R-1", "e": "R-2"}
    named = dict(zip(map(tuple, rings), name_rings(rings, earlier), strict=True))
    assert dict(zip(map(tuple, rings[::-1]), name_rings(rings[::-1], earlier), strict=True)) == named
