"""Laws of people's judgements on small random markets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.test_algorithms_detect import FEW, groups, markets, run
from tests.support.snapshots import Made

from ringwatch.algorithms.judgements import newest
from ringwatch.model.judgements import OF_RINGS, Judgement, Verdict
from ringwatch.model.rings import Detection


def ring_of(found: Detection) -> dict[str, str]:
    """Return the ring_id of each seller that is in one."""
    return {member.seller_id: ring.ring_id for ring in found.rings for member in ring.members}


def draw_judgements(data: st.DataObject, made: Made, found: Detection) -> list[Judgement]:
    """Draw verdicts on rings that were found, some of them on any seller."""
    drawn = []
    for _ in range(data.draw(st.integers(1, 5))):
        ring = data.draw(st.sampled_from(found.rings))
        verdict = data.draw(st.sampled_from(list(Verdict)))
        seller_id = "" if verdict in OF_RINGS else data.draw(st.sampled_from(sorted(made.sellers)))
        members = tuple(member.seller_id for member in ring.members)
        drawn.append(Judgement(ring.ring_id, seller_id, verdict, members, "because"))
    return drawn


@FEW
@given(markets(), st.data())
def test_who_is_judged_different_is_never_in_that_ring_again(made: Made, data: st.DataObject) -> None:
    """Whatever else is judged, with the fit kept or learned anew, in the next run and in the one after it."""
    found = run(made)
    if not found.rings:
        return
    judgements = draw_judgements(data, made, found)
    parted = {(j.seller_id, j.ring_id) for j in newest(judgements) if j.verdict is Verdict.DIFFERENT}
    fit = data.draw(st.sampled_from([found.fit, None]))
    second = run(made, fit=fit, earlier=ring_of(found), judgements=judgements)
    third = run(made, fit=second.fit, earlier=ring_of(second), judgements=judgements)
    for later in (second, third):
        assert parted.isdisjoint(ring_of(later).items())


@FEW
@given(markets(), st.data())
def test_parts_sum_to_the_score_where_people_judged(made: Made, data: st.DataObject) -> None:
    """A judgement is one part of the evidence; every member is in one ring, every ring has two members."""
    found = run(made)
    if not found.rings:
        return
    later = run(made, earlier=ring_of(found), judgements=draw_judgements(data, made, found))
    members = [member for ring in later.rings for member in ring.members]
    assert len(members) == len({member.seller_id for member in members})
    assert all(len(ring.members) > 1 for ring in later.rings)
    for member in members:
        assert np.isclose(sum(part.score for part in member.evidence), member.log_odds, atol=1e-6)
        assert member.link_score == pytest.approx(1 / (1 + np.exp(-member.log_odds)))


@FEW
@given(markets(), st.data())
def test_the_order_of_judgements_on_different_rings_does_not_matter(made: Made, data: st.DataObject) -> None:
    """Of verdicts on one ring by its sellers, the order counts only where two have one subject: the newest stands."""
    found = run(made)
    if not found.rings:
        return
    ring = data.draw(st.sampled_from(found.rings))
    members = tuple(member.seller_id for member in ring.members)
    verdicts = st.sampled_from([Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE])
    judged = [Judgement(ring.ring_id, s, data.draw(verdicts), members, "because") for s in members]
    shuffled = data.draw(st.permutations(judged))
    first = run(made, earlier=ring_of(found), judgements=judged)
    assert groups(run(made, earlier=ring_of(found), judgements=shuffled)) == groups(first)
    old = [Judgement(ring.ring_id, s, data.draw(verdicts), members, "before") for s in members]
    assert run(made, earlier=ring_of(found), judgements=[*old, *judged]) == first


@FEW
@given(markets())
def test_a_judgement_that_was_taken_back_changes_nothing(made: Made) -> None:
    """Different and then unsure gives the same rings as no judgement."""
    found = run(made)
    judged = [
        Judgement(ring.ring_id, ring.members[0].seller_id, verdict, tuple(m.seller_id for m in ring.members), "because")
        for ring in found.rings
        for verdict in (Verdict.DIFFERENT, Verdict.UNSURE)
    ]
    assert run(made, earlier=ring_of(found), judgements=judged).rings == found.rings
