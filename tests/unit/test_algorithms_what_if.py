"""What becomes of rings without a value: tiers before and after, and who falls out."""

from ringwatch.algorithms.what_if import After, Fate, compare
from ringwatch.model.rings import Tier


def found(**rings: str) -> After:
    """Rings by id, all of them of one tier; each letter is a seller."""
    return After(dict.fromkeys(rings, Tier.REVIEW), set("".join(rings.values())))


def test_fates_of_rings():
    """A seller that went to another ring has not fallen; a ring that is no more has no tier; others are left out."""
    before = {"a": "R1", "b": "R1", "c": "R1", "d": "R2", "e": "R2", "f": "R3", "g": "R3"}
    tiers = {"R2": Tier.CLOSE, "R1": Tier.LEAD}
    assert compare(tiers, before, found(R1="ad", R9="cx")) == [
        Fate("R2", Tier.CLOSE, None, ("e",)),
        Fate("R1", Tier.LEAD, Tier.REVIEW, ("b",)),
    ]
