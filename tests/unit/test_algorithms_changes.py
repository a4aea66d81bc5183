"""What became of rings from one run to the next."""

from collections.abc import Iterable, Mapping

from ringwatch.algorithms.changes import Past, trace_changes
from ringwatch.model.rings import Change, Member, Ring, RingValue, Role, Tier

PHONE = RingValue("phone", "contact", "+491", 4, is_hub=False)
ACCOUNT = RingValue("account", "payout", "DE1", 4, is_hub=False)


def ring(ring_id: str, sellers: Iterable[str], *values: RingValue) -> Ring:
    members = tuple(Member(s, Tier.LEAD, Role.CORE, 0.5, 0.0, 0.5, ()) for s in sorted(sellers))
    return Ring(ring_id, Tier.LEAD, 0.5, 0.5, members, values)


def changes(before: Mapping[str, str], *rings: Ring, closed: str = "", was_closed: Iterable[str] = ()) -> list[tuple]:
    """Return what happened; ``before`` gives the sellers of each ring as letters, as ``closed`` gives sellers."""
    ring_of = {seller: ring_id for ring_id, sellers in before.items() for seller in sellers}
    events = trace_changes(rings, Past(ring_of, set(was_closed)), set(closed))
    assert all(event.reason for event in events)
    return [(e.ring_id, e.change.value, e.ring_ids, e.n_sellers_before, e.n_sellers) for e in events]


def test_a_ring_that_stayed_has_no_event():
    """Only changes are told."""
    assert changes({"R1": "abc"}, ring("R1", "abc")) == []


def test_a_ring_is_born_grows_and_shrinks():
    """Of a ring that lost and won members each is told, and the counts follow each other."""
    assert changes({}, ring("R1", "abc")) == [("R1", "born", (), 0, 3)]
    assert changes({"R1": "abc"}, ring("R1", "abcd")) == [("R1", "grew", (), 3, 4)]
    assert changes({"R1": "abcd"}, ring("R1", "abc")) == [("R1", "shrank", (), 4, 3)]
    assert changes({"R1": "abcd"}, ring("R1", "abcx")) == [("R1", "shrank", (), 4, 3), ("R1", "grew", (), 3, 4)]


def test_both_sides_of_a_merger_tell_of_it():
    """The absorbed ring names where it went, the other what it took in."""
    assert changes({"R1": "abc", "R2": "de"}, ring("R1", "abcde")) == [
        ("R1", "merged", ("R2",), 3, 5),
        ("R2", "merged", ("R1",), 2, 0),
    ]


def test_both_sides_of_a_split_tell_of_it():
    """The part that keeps the name names the other, which names where it comes from."""
    assert changes({"R1": "abcde"}, ring("R1", "abc"), ring("R2", "de")) == [
        ("R1", "split", ("R2",), 5, 3),
        ("R2", "born", ("R1",), 0, 2),
    ]


def test_one_seller_that_moves_is_no_merger():
    """A ring whose sellers scatter is dissolved."""
    assert changes({"R1": "abc", "R2": "de"}, ring("R1", "abcd")) == [
        ("R1", "grew", (), 3, 4),
        ("R2", "dissolved", (), 2, 0),
    ]


def test_a_ring_is_closed_once_and_returns_with_an_open_seller():
    """Closed is told when the last store closes, returned when an open seller is in the ring again, each once."""
    assert changes({"R1": "abc"}, ring("R1", "abc"), closed="abc") == [("R1", "closed", (), 3, 3)]
    assert changes({"R1": "abc"}, ring("R1", "abc"), closed="abc", was_closed=["R1"]) == []
    assert changes({"R1": "abc"}, ring("R1", "abcx"), closed="abc", was_closed=["R1"]) == [
        ("R1", "grew", (), 3, 4),
        ("R1", "returned", (), 4, 4),
    ]
    assert changes({"R1": "abc"}, ring("R1", "abc"), closed="ab", was_closed=["R1"]) == [("R1", "returned", (), 3, 3)]


def test_a_new_ring_that_shares_two_families_with_a_closed_one_is_its_return():
    """One family, a hub, or a ring that is open all say nothing."""
    old, new = ring("R1", "abc", PHONE, ACCOUNT), ring("R2", "xy", PHONE, ACCOUNT)
    born, back = ("R2", "born", (), 0, 2), ("R2", "returned", ("R1",), 2, 2)
    assert changes({"R1": "abc"}, old, new, closed="abc", was_closed=["R1"]) == [born, back]
    assert changes({"R1": "abc"}, old, ring("R2", "xy", PHONE), closed="abc", was_closed=["R1"]) == [born]
    assert changes({"R1": "abc"}, old, new, closed="ab") == [born]


def test_the_order_of_rings_does_not_matter():
    """Equal rings in another order give equal events."""
    before = {"R1": "abcd", "R2": "efg", "R3": "hi"}
    rings = [ring("R1", "ab"), ring("R4", "cd"), ring("R2", "efghi")]
    assert changes(before, *rings) == changes(before, *rings[::-1])
    assert {name for _, name, *_ in changes(before, *rings)} == {Change.SPLIT, Change.BORN, Change.MERGED}
