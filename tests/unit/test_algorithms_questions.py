"""What a seller lacks to be a member, in words that follow from its evidence."""

import pytest
from tests.support.snapshots import AT, Made, Use, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.questions import CurrentRun, hold_against, judge_graph, what_is_missing
from ringwatch.model.rings import DetectConfig, Evidence, Tier


def part(family: str, score: float = 3.0) -> Evidence:
    return Evidence("kind", family, "value", 2, ("a",), score)


def test_points_that_are_missing_are_those_to_the_next_borders():
    """From -1 it is 1 point to likelier than not and 3 to the tier close; above both none is missing."""
    missing = " / ".join(what_is_missing(-1.0, [part("payout"), part("contact")], None))
    assert "1.0 more points of evidence to be likelier" in missing
    assert "3.0 more points of evidence for the tier close" in missing
    assert what_is_missing(5.0, [part("payout"), part("contact")], None) == (
        "a new run: with what is loaded now it is likely a member",
    )


def test_families_that_do_not_count_do_not_help():
    """Identity speaks in the score only; a part that speaks against is no evidence of its family."""
    missing = what_is_missing(5.0, [part("identity"), part("payout"), part("contact", -1.0)], None)
    assert len(missing) == 1
    assert "evidence of 1 more of the families that count beside payout: access, contact," in missing[0]


def test_a_member_of_another_ring_must_fit_this_one_better():
    assert "R-2" in what_is_missing(5.0, [part("payout"), part("place")], "R-2")[-1]


def test_members_that_use_nothing_any_more_share_nothing():
    """The ring of an older run whose members' values were all taken back since: no evidence but the prior."""
    market = snapshot_of(Made(["a", "b", "c", "d"], [Use(seller, "phone", "p") for seller in "cd"]))
    run = CurrentRun(
        DetectConfig(), detect(market, DetectConfig(), as_of=AT).fit, {"a": "R-1", "b": "R-1"}, {"R-1": Tier.REVIEW}
    )
    standing = hold_against(judge_graph(market, run), "c", "R-1")
    assert [part.value for part in standing.evidence if part.value] == []
    assert sum(part.score for part in standing.evidence) == pytest.approx(standing.log_odds)
    assert standing.missing
