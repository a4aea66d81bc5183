"""Laws of screening: a member that applies again gets what its ring gives; applicants say nothing of each other."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_algorithms_detect import markets
from tests.support.snapshots import AT, Made, Use, snapshot_of

from ringwatch.algorithms.detect import detect_and_trace
from ringwatch.algorithms.questions import CurrentRun, judge_graph
from ringwatch.algorithms.screening import screen
from ringwatch.algorithms.watch import RunFacts, Watch, make_watch
from ringwatch.model.applicants import Advice, Applicants
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.kinds import REGISTRY, Family
from ringwatch.model.rings import DetectConfig, Detection, Tier
from ringwatch.model.snapshot import NEVER

FEW = settings(max_examples=max(8, settings.default.max_examples // 8))  # each example detects and judges all rings


def watch_of(made: Made, judgements: Sequence[Judgement] = ()) -> tuple[Watch, Detection]:
    """Return a market's rings to screen against, and the run that found them."""
    snapshot = snapshot_of(made)
    found, trace = detect_and_trace(snapshot, DetectConfig(), as_of=AT)
    members = [(ring, member) for ring in found.rings for member in ring.members]
    ring_of = {member.seller_id: ring.ring_id for ring, member in members}
    tier_of = {ring.ring_id: ring.tier for ring in found.rings}
    run = CurrentRun(DetectConfig(), found.fit, ring_of, tier_of, judgements, trace)
    why = {member.seller_id: member.why_not_closer for _, member in members}
    return make_watch(judge_graph(snapshot, run), RunFacts(REGISTRY, {"CN": 0}, (), frozenset(), why)), found


def applicants_of(told: Sequence[tuple[str, Sequence[Use]]]) -> Applicants:
    """Return applicants under the given ids with the values that others are told to use."""
    rows = [(row, use) for row, (_, uses) in enumerate(told) for use in uses]
    return Applicants(
        seller_ids=tuple(seller_id for seller_id, _ in told),
        countries=(None,) * len(told),
        registered_day=np.full(len(told), NEVER, dtype=np.int32),
        use_row=np.array([row for row, _ in rows], dtype=np.int32),
        use_kind=pa.array([use.kind for _, use in rows], pa.string()),
        use_text=pa.array([use.value for _, use in rows], pa.string()),
        use_purpose=pa.array([use.purpose or None for _, use in rows], pa.string()),
        use_first_day=np.array([use.first_day for _, use in rows], dtype=np.int32),
        use_last_day=np.array([use.last_day for _, use in rows], dtype=np.int32),
    )


def own_uses(made: Made) -> list[tuple[str, list[Use]]]:
    """Return each seller with what it uses."""
    return [(seller, [use for use in made.uses if use.seller == seller]) for seller in made.sellers]


@FEW
@given(markets())
def test_a_member_that_applies_again_gets_what_its_ring_gives(made: Made) -> None:
    """Tier, log-odds, infringement score, evidence and the rule that bars the next tier are those of the run."""
    watch, found = watch_of(made)
    screened = {one.seller_id: one for one in screen(watch, applicants_of(own_uses(made)))}
    for ring in found.rings:
        for member in ring.members:
            (match,) = (one for one in screened[member.seller_id].matches if one.ring_id == ring.ring_id)
            assert (match.tier, match.why_not_closer) == (member.tier, member.why_not_closer)
            assert match.log_odds == pytest.approx(member.log_odds, abs=1e-9)
            assert match.infringement_score == pytest.approx(member.infringement_score, abs=1e-9)
            assert [(p.kind, p.value, p.n_holders, p.sellers) for p in match.evidence if p.score] == [
                (p.kind, p.value, p.n_holders, p.sellers) for p in member.evidence if p.score
            ]


@FEW
@given(markets(), st.data())
def test_many_get_the_answers_of_one_alone_in_any_order_of_values(made: Made, data: st.DataObject) -> None:
    """Whoever else applies, and in whatever order values come or repeat, an applicant gets the same answer."""
    watch, _ = watch_of(made)
    told = [
        (data.draw(st.sampled_from([seller, f"new {seller}"])), [use for use in uses if data.draw(st.booleans())])
        for seller, uses in own_uses(made)
    ]
    together = screen(watch, applicants_of(told))
    for one, (seller_id, uses) in zip(together, told, strict=True):
        shuffled = data.draw(st.permutations(uses)) + uses[:1]
        assert screen(watch, applicants_of([(seller_id, shuffled)])) == [one]
        for match in one.matches:
            assert sum(part.score for part in match.evidence) == pytest.approx(match.log_odds, abs=1e-6)
        assert list(one.matches) == sorted(one.matches, key=lambda m: (-m.log_odds, m.ring_id))


@FEW
@given(markets())
def test_refusal_rests_on_two_families_and_never_on_a_document(made: Made) -> None:
    """Who is refused shares values of two families that count; who shares documents alone is looked at at most."""
    watch, _ = watch_of(made)
    documents = [(f"new {s}", [Use(s, "id_document", u.value) for u in uses]) for s, uses in own_uses(made)]
    for one in screen(watch, applicants_of([(f"new {s}", uses) for s, uses in own_uses(made)] + documents)):
        closes = [match for match in one.matches if match.tier is Tier.CLOSE and match.infringement_score >= 0.5]
        spoken = [
            {p.family for p in match.evidence if p.value and REGISTRY[p.kind].counts and p.score > 0}
            for match in closes
        ]
        assert (one.advice is Advice.REFUSE) == any(len(families) >= 2 for families in spoken)
        if one.matches and all(p.family == Family.IDENTITY for m in one.matches for p in m.evidence if p.value):
            assert one.advice is not Advice.REFUSE


@FEW
@given(markets())
def test_what_people_decided_binds(made: Made) -> None:
    """A dismissed ring matches nobody, nor does a ring an applicant that was judged different from it."""
    _, found = watch_of(made)
    if not found.rings:
        return
    ring = found.rings[0]
    members = tuple(member.seller_id for member in ring.members)
    told = [("new", uses) for seller, uses in own_uses(made) if seller in members]
    told += [("other", uses) for _, uses in told]
    parted = [Judgement(ring.ring_id, "new", Verdict.DIFFERENT, members, "seen")]
    dismissed = [Judgement(ring.ring_id, "", Verdict.DISMISSED, members, "a family")]
    bare, apart, gone = (screen(watch_of(made, j)[0], applicants_of(told)) for j in ((), parted, dismissed))
    assert not any(m.ring_id == ring.ring_id for one in gone for m in one.matches)
    assert not any(m.ring_id == ring.ring_id for one in apart[: len(members)] for m in one.matches)
    assert apart[len(members) :] == bare[len(members) :]
