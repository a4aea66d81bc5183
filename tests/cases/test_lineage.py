"""The log of what became of rings: added to by each run, and followed from a ring of any run to those of today."""

from dataclasses import replace

import pytest

from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Change, Detection, Fit, Member, Ring, RingEvent, Role, Tier
from ringwatch.model.visibility import FULL

pytestmark = pytest.mark.usefixtures("filled")

BORN_1 = RingEvent("R1", Change.BORN, (), 0, 3, "three")
BORN_2 = RingEvent("R2", Change.BORN, (), 0, 2, "two")
MERGED_1 = RingEvent("R1", Change.MERGED, ("R2",), 3, 5, "took in")
MERGED_2 = RingEvent("R2", Change.MERGED, ("R1",), 2, 0, "went in")


@pytest.fixture
def filled(graph):
    graph.load({"sellers": [{"seller_id": seller_id} for seller_id in "abcde"]})
    return graph


def save(graph, run_id: str, rings: dict[str, str], *events: RingEvent) -> None:
    """Keep a run whose rings are given with their sellers as letters."""
    found = tuple(
        Ring(
            ring_id, Tier.LEAD, 0.5, 0.5, tuple(Member(s, Tier.LEAD, Role.CORE, 0.5, 0.0, 0.5, ()) for s in sellers), ()
        )
        for ring_id, sellers in rings.items()
    )
    with graph.writer() as writer:
        writer.save_run(run_id, Detection(found, (), Fit(5), graph.now, events=events), graph.now)


def save_three(graph) -> None:
    save(graph, "run-1", {"R1": "abc", "R2": "de"}, BORN_1, BORN_2)
    save(graph, "run-0", {"R1": "abc", "R2": "de"})  # the order of runs is that of writing, not that of their names
    save(graph, "run-3", {"R1": "abcde"}, MERGED_1, MERGED_2)


def test_an_old_id_answers_with_what_became_of_it(graph):
    """Events come first ones first, whole, also of a ring that is no more; an id that never was is unknown."""
    save_three(graph)
    with graph.view() as view:
        kept, gone = view.lineage(FULL, "R1"), view.lineage(FULL, "R2")
        assert [(row.run_id, row.at, row.event) for row in kept.events] == [
            ("run-1", graph.now, BORN_1),
            ("run-3", graph.now, MERGED_1),
        ]
        assert [row.event for row in gone.events] == [BORN_2, MERGED_2]
        assert (kept.current, gone.current) == (("R1",), ("R1",))
        assert view.lineage(FULL, "R9") is None


def test_heirs_are_followed_to_the_current_run(graph):
    """From a merger over a split to the rings of today; what dissolved is held by none."""
    save_three(graph)
    split = RingEvent("R1", Change.SPLIT, ("R3", "R4"), 5, 0, "fell apart")
    save(graph, "run-4", {"R3": "abc", "R4": "de"}, split)
    with graph.view() as view:
        assert view.lineage(FULL, "R2").current == ("R3", "R4")
        assert view.lineage(FULL, "R3").current == ("R3",)
    save(graph, "run-5", {"R3": "abc"}, RingEvent("R4", Change.DISSOLVED, (), 2, 0, "scattered"))
    with graph.view() as view:
        assert view.lineage(FULL, "R2").current == ("R3",)
        assert view.lineage(FULL, "R4").current == ()


def test_rings_that_hand_on_to_each_other_are_followed_once(graph):
    """A circle of heirs ends."""
    save(graph, "run-1", {}, replace(MERGED_1, n_sellers=0), MERGED_2)
    with graph.view() as view:
        assert view.lineage(FULL, "R1").current == ()


def test_changes_are_those_of_the_runs_after(graph):
    """Runs are told apart by the order in which they were kept; an unknown run is refused, the last one has none."""
    save_three(graph)
    with graph.view() as view:
        assert [row.event for row in view.changes(FULL, "run-1")] == [MERGED_1, MERGED_2]
        assert [row.event for row in view.changes(FULL, "run-0")] == [MERGED_1, MERGED_2]
        assert view.changes(FULL, "run-3") == []
        with pytest.raises(ConfigError, match="run run-9: no run of that id"):
            view.changes(FULL, "run-9")


def test_the_last_word_says_whether_a_ring_is_closed(graph):
    """Closed until it returns, and again when it is closed again."""
    closed = RingEvent("R1", Change.CLOSED, (), 3, 3, "shut")
    back = replace(closed, change=Change.RETURNED)
    other = replace(closed, ring_id="R2")
    for number, (events, expected) in enumerate(
        (((closed,), {"R1"}), ((back, other), {"R2"}), ((), {"R2"}), ((closed,), {"R1", "R2"}))
    ):
        save(graph, f"run-{number}", {"R1": "abc", "R2": "de"}, *events)
        with graph.view() as view:
            assert view.closed_rings(FULL) == expected


def test_a_run_that_fails_leaves_no_event(graph):
    """Nothing is told of a run that is not kept, and the same run may then be kept after all."""
    save(graph, "run-1", {"R1": "abc"}, BORN_1)
    with pytest.raises(Exception, match=r"FOREIGN KEY|insert_member placed"):
        save(graph, "run-2", {"R1": ["a", "nobody"]}, MERGED_1)
    with graph.view() as view:
        assert [row.event for row in view.lineage(FULL, "R1").events] == [BORN_1]
        with pytest.raises(ConfigError, match="run-2"):
            view.changes(FULL, "run-2")
    save(graph, "run-3", {"R1": "abcde"}, MERGED_1)
    with graph.view() as view:
        assert [row.event for row in view.changes(FULL, "run-1")] == [MERGED_1]
