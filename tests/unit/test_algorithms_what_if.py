"""What becomes of rings without a value: tiers before and after, and who falls out."""

from datetime import UTC, datetime

from ringwatch.algorithms.what_if import Fate, compare
from ringwatch.model.rings import Detection, Fit, Member, Ring, Role, Tier


def member(seller_id: str) -> Member:
    return Member(seller_id, Tier.REVIEW, Role.CORE, 0.5, 0.0, 0.5, ())


def found(**rings: str) -> Detection:
    """Rings by id; each letter is a seller."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = tuple(Ring(name, Tier.REVIEW, 0.5, 0.5, tuple(map(member, ids)), ()) for name, ids in rings.items())
    return Detection(rows, (), Fit(0), at)


def test_fates_of_rings():
    """A seller that went to another ring has not fallen; a ring that is no more has no tier; others are left out."""
    before = {"a": "R1", "b": "R1", "c": "R1", "d": "R2", "e": "R2", "f": "R3", "g": "R3"}
    tiers = {"R2": Tier.CLOSE, "R1": Tier.LEAD}
    assert compare(tiers, before, found(R1="ad", R9="cx")) == [
        Fate("R2", Tier.CLOSE, None, ("e",)),
        Fate("R1", Tier.LEAD, Tier.REVIEW, ("b",)),
    ]
