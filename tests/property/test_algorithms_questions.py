"""Laws of questions: what a run left makes them quick and never changes an answer."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_algorithms_detect import markets
from tests.support.snapshots import AT, Made, snapshot_of

from ringwatch.algorithms.detect import detect_and_trace
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.learn import judge_pairs, model_of
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.algorithms.questions import CurrentRun, hold_against, judge_graph
from ringwatch.algorithms.what_if import find_fates, leave_trace
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Snapshot

FEW = settings(max_examples=max(8, settings.default.max_examples // 5))  # each example detects a few times
CONFIGS = st.sampled_from([DetectConfig(), DetectConfig(max_pair_holders=5, theta=0.5)])


def both(snapshot: Snapshot, config: DetectConfig, judged: bool) -> tuple[CurrentRun, CurrentRun]:
    """Return a run of the snapshot without its trace and with it; ``judged``: a person parted its first ring."""
    found, trace = detect_and_trace(snapshot, config, as_of=AT)
    ring_of = {member.seller_id: ring.ring_id for ring in found.rings for member in ring.members}
    judgements = []
    if judged and found.rings:
        ring = found.rings[0]
        members = tuple(member.seller_id for member in ring.members)
        judgements = [Judgement(ring.ring_id, members[0], Verdict.DIFFERENT, members, "seen")]
    run = CurrentRun(config, found.fit, ring_of, {ring.ring_id: ring.tier for ring in found.rings}, judgements)
    return run, CurrentRun(run.config, run.fit, run.ring_of, run.tier_of, run.judgements, trace)


@FEW
@given(markets(), CONFIGS, st.booleans(), st.data())
def test_a_trace_changes_no_answer_of_what_if(
    made: Made, config: DetectConfig, judged: bool, data: st.DataObject
) -> None:
    """Only the rings around the value are judged, and tiers and who falls out are those of a whole run without it."""
    snapshot = snapshot_of(made)
    alone, traced = both(snapshot, config, judged)
    assert leave_trace(snapshot, traced, AT) is traced
    kinds = [snapshot.kinds[kind].name for kind in snapshot.value_kind]
    values = list(zip(kinds, snapshot.value_text.to_pylist(), strict=True))
    for value in data.draw(st.lists(st.sampled_from(values), max_size=3, unique=True)) if values else []:
        expected = find_fates(snapshot, alone, value, AT)
        assert find_fates(snapshot, traced, value, AT) == expected
        assert find_fates(snapshot, leave_trace(snapshot, alone, AT), value, AT) == expected


@FEW
@given(markets(), markets(), CONFIGS)
def test_a_trace_changes_no_answer_of_why_not(made: Made, other: Made, config: DetectConfig) -> None:
    """Also where the graph is another one by now: values stand as they are judged today."""
    alone, traced = both(snapshot_of(made), config, judged=False)
    for snapshot in (snapshot_of(made), snapshot_of(other)):
        facts = prepare(snapshot)
        judged = judge_pairs(facts, list_pairs(facts, config.max_pair_holders), model_of(facts, alone.fit))
        plain, quick = judge_graph(snapshot, alone), judge_graph(snapshot, traced)
        assert plain.levels.tolist() == quick.levels.tolist() == judged.levels.tolist()
        for seller_id in snapshot.seller_ids.to_pylist()[:4]:
            there = {alone.ring_of.get(seller_id) for seller_id in snapshot.seller_ids.to_pylist()}
            for ring_id in [ring_id for ring_id in alone.tier_of if ring_id in there][:2]:
                assert hold_against(plain, seller_id, ring_id) == hold_against(quick, seller_id, ring_id)
