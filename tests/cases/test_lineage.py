"""The log of what became of rings: added to by each run, and followed from a ring of any run to those of today."""

from dataclasses import replace

import pytest

from ringwatch.db.copy import copy_database
from ringwatch.db.open import make_anew, open_view
from ringwatch.db.view import VersionMember
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Change, Detection, Evidence, Fit, Member, Ring, RingEvent, Role, Tier
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


def ring(ring_id: str, sellers: str, **others: object) -> Ring:
    """Return a ring whose sellers are letters; ``others`` are fields of it."""
    part = Evidence("phone", "contact", "+4940123456", len(sellers), (), 0.1 + 0.2)
    members = tuple(Member(s, Tier.REVIEW, Role.CORE, 1 / 3, -0.7, 0.1, (part,)) for s in sellers)
    return replace(Ring(ring_id, Tier.REVIEW, 1 / 3, 0.1, members, ()), **others)


def keep(graph, run_id: str, *rings: Ring) -> None:
    """Keep a run of these rings; one that is kept in the log is known by its birth."""
    events = tuple(RingEvent(r.ring_id, Change.BORN, (), 0, len(r.members), "found") for r in rings)
    with graph.writer() as writer:
        writer.save_run(run_id, Detection(rings, (), Fit(5), graph.now, events=events), graph.now)


def versions_of(graph, ring_id: str) -> list[tuple[int, str, str]]:
    """Return number, run and sellers of each version."""
    with graph.view() as view:
        found = view.lineage(FULL, ring_id).versions
    return [(row.n, row.run_id, "".join(member.seller_id for member in row.members)) for row in found]


def test_every_version_of_a_ring_is_kept_whole(graph):
    """Members, tiers, roles and scores come back bit by bit, also of a ring that is no more."""
    first = ring("R1", "abc")
    weaker = replace(first.members[2], tier=Tier.LEAD, role=Role.SPARE, link_score=0.25, infringement_score=0.75)
    second = replace(first, members=(*first.members[:2], weaker), tier=Tier.CLOSE, link_score=2 / 3)
    keep(graph, "run-1", first)
    keep(graph, "run-2", second)
    keep(graph, "run-3", ring("R2", "de"))
    with graph.view() as view:
        one, two = view.lineage(FULL, "R1").versions
        assert [row.n for row in view.lineage(FULL, "R2").versions] == [1]
    for kept, row, run_id in ((first, one, "run-1"), (second, two, "run-2")):
        assert (row.run_id, row.at, row.tier) == (run_id, graph.now, kept.tier)
        assert (row.link_score, row.infringement_score) == (kept.link_score, kept.infringement_score)
        assert row.members == tuple(
            VersionMember(m.seller_id, m.tier, m.role, m.link_score, m.infringement_score) for m in kept.members
        )


def test_a_run_that_changes_nothing_adds_no_version(graph):
    """Members, scores, evidence and infringement do, not one holder more; a ring that left may come again."""
    same = ring("R1", "abc")
    part = Evidence("phone", "contact", "+4940123456", 4, (), 0.1 + 0.2)
    crowded, of_others = (
        replace(same, members=tuple(replace(m, evidence=(told,)) for m in same.members))
        for told in (part, replace(part, value="+4940123457"))
    )
    runs = (same, crowded, of_others, of_others, ring("R1", "abcd"), same, replace(same, infringement_score=0.5))
    for number, kept in enumerate(runs):
        keep(graph, f"run-{number}", kept, ring("R2", "e"))
    keep(graph, "run-7", ring("R2", "e"))
    keep(graph, "run-8", runs[-1], ring("R2", "e"))
    assert versions_of(graph, "R1") == [
        (1, "run-0", "abc"),
        (2, "run-2", "abc"),
        (3, "run-4", "abcd"),
        (4, "run-5", "abc"),
        (5, "run-6", "abc"),
    ]
    assert versions_of(graph, "R2") == [(1, "run-0", "e")]
    with graph.view() as view:
        digests = [row.evidence_digest for row in view.lineage(FULL, "R1").versions]
    assert digests[0] != digests[1]
    assert digests[0] == digests[3] == digests[4]


def test_a_run_that_fails_leaves_no_version(graph):
    keep(graph, "run-1", ring("R1", "abc"))
    with pytest.raises(Exception, match=r"FOREIGN KEY|insert_member placed"):
        keep(graph, "run-2", ring("R1", ["a", "nobody"]))
    assert versions_of(graph, "R1") == [(1, "run-1", "abc")]
    keep(graph, "run-3", ring("R1", "abcd"))
    assert versions_of(graph, "R1") == [(1, "run-1", "abc"), (2, "run-3", "abcd")]


def test_a_copy_carries_versions(graph, tmp_path):
    """Into an embedded database and back into one of the kind that it came from."""
    for number, sellers in enumerate(("abc", "abcd")):
        keep(graph, f"run-{number}", ring("R1", sellers))
    with graph.view() as view:
        before = view.lineage(FULL, "R1")
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    assert copy_database(graph.url, url).differing == ()
    with open_view(url) as view:
        assert view.lineage(FULL, "R1") == before
    make_anew(graph.url)
    assert copy_database(url, graph.url).differing == ()
    with graph.view() as view:
        assert view.lineage(FULL, "R1") == before


def test_many_lineages_are_each_as_if_asked_alone(graph):
    """Known and unknown, current and gone, in one answer."""
    save_three(graph)
    with graph.view() as view:
        assert view.lineages(FULL, ["R2", "R9", "R1"]) == {i: view.lineage(FULL, i) for i in ("R2", "R1")}
        assert view.lineages(FULL, []) == {}


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
