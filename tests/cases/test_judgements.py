"""Judgements: kept in their order for ever, whole."""

from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.visibility import FULL


def test_judgements_come_back_whole_oldest_first(graph):
    """A later judgement of the same subject is kept beside the earlier; ids are never given twice."""
    made = [
        Judgement("R1", "s1", Verdict.SAME, ("s1", "s2"), "seen", "ann"),
        Judgement("R1", "", Verdict.DISMISSED, ("s1", "s2", "söhne"), "a family"),
        Judgement("R1", "s1", Verdict.UNSURE, (), "not so sure"),
    ]
    with graph.writer() as writer:
        ids = [writer.judge(judgement, graph.now) for judgement in made]
    with graph.view() as view:
        rows = view.judgements(FULL)
    assert [row.judgement for row in rows] == made
    assert [row.judgement_id for row in rows] == ids == ["J-1", "J-2", "J-3"]
    assert {row.made_at for row in rows} == {graph.now}


def test_before_the_first_judgement_there_is_none(graph):
    with graph.view() as view:
        assert view.judgements(FULL) == ()
