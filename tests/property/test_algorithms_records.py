"""Laws of detection on small random lists of records."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.records import records_of
from tests.support.snapshots import AT, Use

from ringwatch.algorithms.detect import detect
from ringwatch.model.rings import DetectConfig, Detection, Tier

KINDS = ("phone", "email", "address", "website", "company_number", "image_hash")
WORDS = ("north", "south", "harbour", "harbor", "nursery", "works", "atlas", "atlass", "day", "care", "daycare", "ltd")
FEW = settings(max_examples=max(12, settings.default.max_examples // 3))

Drawn = tuple[dict[str, str | None], list[Use]]


@st.composite
def lists(draw: st.DrawFn) -> Drawn:
    """Draw up to 24 records, alike enough in names and values that groups, chains and ties occur."""
    ids = [f"s{place:02d}" for place in range(draw(st.integers(2, 24)))]
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
    names = {one: draw(st.none() | words) for one in ids} | {ids[0]: draw(words)}
    uses = []
    for group in range(draw(st.integers(0, 6))):
        members = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=6, unique=True))
        uses += [Use(one, draw(st.sampled_from(KINDS)), f"value {group}") for one in members]
    return names, uses


def run(drawn: Drawn, **known: object) -> Detection:
    return detect(records_of(*drawn), DetectConfig(), as_of=AT, **known)


def partition(detection: Detection) -> set[frozenset[str]]:
    return {frozenset(member.seller_id for member in ring.members) for ring in detection.rings}


@FEW
@given(lists(), st.randoms())
def test_order_of_rows_changes_nothing(drawn: Drawn, random) -> None:
    """Equal records in any order give equal rings."""
    names, uses = drawn
    shuffled = random.sample(uses, len(uses))
    assert run((names, shuffled)).rings == run(drawn).rings


@FEW
@given(lists(), st.randoms())
def test_renaming_sellers_leaves_the_partition(drawn: Drawn, random) -> None:
    """Ids decide nothing."""
    names, uses = drawn
    new = dict(zip(names, random.sample([f"r{place:02d}" for place in range(len(names))], len(names)), strict=True))
    renamed = {new[one]: text for one, text in names.items()}
    found = run((dict(sorted(renamed.items())), [replace(use, seller=new[use.seller]) for use in uses]))
    assert partition(found) == {frozenset(new[one] for one in ring) for ring in partition(run(drawn))}


@FEW
@given(lists())
def test_parts_sum_and_rings_are_whole(drawn: Drawn) -> None:
    """Parts sum to log-odds, every seller is in one ring at most, and nobody is close by names alone."""
    rings = run(drawn).rings
    members = [member for ring in rings for member in ring.members]
    assert len({member.seller_id for member in members}) == len(members)
    for member in members:
        assert sum(part.score for part in member.evidence) == pytest.approx(member.log_odds)
        families = {part.family for part in member.evidence if part.value and part.score > 0}
        assert member.tier is not Tier.CLOSE or len(families) > 1


@FEW
@given(lists(), lists())
def test_with_the_fit_kept_unrelated_records_change_no_ring(drawn: Drawn, others: Drawn) -> None:
    """A kept fit holds all that was learned: strangers with names and values of their own touch nothing."""
    names, uses = drawn
    fit = run(drawn).fit
    strangers = {f"z{one}": f"qq{place} ww{place}" for place, one in enumerate(others[0])}
    more = [replace(use, seller=f"z{use.seller}", value=f"z {use.value}") for use in others[1]]
    alone, among = run(drawn, fit=fit), run((names | strangers, [*uses, *more]), fit=fit)
    assert {ring for ring in partition(among) if not min(ring).startswith("z")} == partition(alone)
    assert fit == among.fit
