"""Sellers who stand between two rings: an accountant who serves both is named, shared services name nobody."""

import numpy as np
import pytest
from tests.support.snapshots import AT, Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.overlaps import find_overlaps
from ringwatch.model.rings import DetectConfig, Role

ONE, OTHER = [f"R{at}" for at in range(5)], [f"T{at}" for at in range(5)]


def overlapping(uses: list[Use], levels: dict[tuple[str, str], int] | None = None) -> set[str]:
    """Return who stands between the two rings, given what they use."""
    snapshot = snapshot_of(Made([*ONE, *OTHER, "X"], uses))
    facts = prepare(snapshot)
    ring_of = np.array([0] * 5 + [1] * 5 + [-1])
    texts = zip(snapshot.value_kind.tolist(), snapshot.value_text.to_pylist(), strict=True)
    known = levels or {}
    level = np.array([known.get((snapshot.kinds[kind].name, text), 0) for kind, text in texts], dtype=np.int32)
    found = find_overlaps(facts, level, 60, ring_of)
    return set(snapshot.seller_ids.take(np.flatnonzero(found)).to_pylist())


SERVES = [
    *share("phone", "his", ["R0", "T1", "T2"]),
    *share("device", "his", ["R0", "T2"]),
    *share("account", "other", OTHER),
]


def test_who_is_tied_to_another_ring_by_two_families_of_its_own_stands_between() -> None:
    """And those of the other ring do not: the values are used by others there."""
    assert overlapping(SERVES) == {"R0"}


BOTH = [*share("phone", "his", ["R0", "R1", "T1"]), *share("device", "his", ["R0", "R2", "T2"])]


def test_who_shares_with_its_own_ring_only_what_another_one_uses_too_stands_between() -> None:
    """The others share something of their own: an account, or a photo."""
    own = [*share("account", "one", ["R1", "R2"]), *share("account", "other", OTHER)]
    assert overlapping([*BOTH, *own]) == {"R0"}
    assert overlapping([*BOTH, *own, *share("image_hash", "photo", ["R0", "R1"])]) == set()


@pytest.mark.parametrize(
    "uses",
    [
        share("phone", "his", ["R0", "T1", "T2"]),
        [*SERVES[:3], *share("email", "his", ["R0", "T2"])],
        [*SERVES, Use("R1", "device", "his"), *share("account", "own", ["R0", "R1"])],
        [*SERVES[:3], *share("image_hash", "photo", ["R0", "T2"])],
        [*SERVES[:3], *share("id_document", "card", ["R0", "T2"])],
        [*share("phone", "his", ["X", "T1"]), *share("device", "his", ["X", "T1"])],
        [*share("phone", "his", ["R0", "R1"]), *share("device", "his", ["R0", "R2"])],
    ],
)
def test_one_family_shared_services_and_strangers_name_nobody(uses: list[Use]) -> None:
    """One family twice, a value that others of its ring use as well, photos, documents, sellers in no ring."""
    assert "R0" not in overlapping(uses)
    assert "X" not in overlapping(uses)


def test_hubs_and_exempt_values_say_nothing() -> None:
    """However few their holders in rings are."""
    assert overlapping(SERVES, {("device", "his"): 5}) == set()


def test_an_accountant_of_two_rings_is_named_in_the_ring_that_he_is_in() -> None:
    """Whatever else his role would be; everybody else keeps theirs."""
    names, own = crowd(200)
    uses = [*own, *share("phone", "his", ["R0", *ONE[1:3], *OTHER[1:3]]), *share("device", "his", ["R0", "R1", "T1"])]
    for ring in (ONE[1:], OTHER):
        uses += [use for kind in ("account", "image_hash", "email") for use in share(kind, f"{kind} {ring[0]}", ring)]
    made = Made([*names, *ONE, *OTHER], uses, brands=dict.fromkeys(ONE, ("B1",)) | dict.fromkeys(OTHER, ("B2",)))
    found = detect(snapshot_of(made), DetectConfig(), as_of=AT)
    role = {member.seller_id: member.role for ring in found.rings for member in ring.members}
    assert {seller for seller, one in role.items() if one is Role.OVERLAP} == {"R0"}
