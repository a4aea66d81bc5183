"""Runs that change a part of the one before: what they did not change stays as it was, to the last row."""

from dataclasses import replace

import pytest

from ringwatch.db.copy import tally_tables
from ringwatch.db.runs import Change
from ringwatch.db.view import RingQuery
from ringwatch.model.errors import RefusedError
from ringwatch.model.rings import (
    Change as What,
)
from ringwatch.model.rings import (
    Detection,
    Evidence,
    Fit,
    Hub,
    Member,
    Renewal,
    Ring,
    RingEvent,
    RingValue,
    Role,
    Tier,
)
from ringwatch.model.visibility import FULL, ActorRole, Visibility

FIT = Fit(6, {"weights": [0.5]})
PHONE, IP = ("phone", "+4915112345678"), ("ip", "10.0.0.1")


def ring(ring_id: str, *sellers: str, n_holders: int = 7) -> Ring:
    """Make a ring whose members share a phone and a line that many use."""
    members = []
    for seller in sellers:
        fellows = tuple(other for other in sellers if other != seller)
        parts = (
            Evidence(PHONE[0], "contact", PHONE[1], 3, fellows, 2.0),
            Evidence(IP[0], "access", IP[1], n_holders, fellows[:1], 0.0),
            Evidence("prior", "", "", 0, (), -1.0),
        )
        members.append(Member(seller, Tier.CLOSE, Role.CORE, 0.7, 1.0, 0.2, parts))
    values = (
        RingValue(PHONE[0], "contact", PHONE[1], 3, False),
        RingValue(IP[0], "access", IP[1], n_holders, True),
    )
    return Ring(ring_id, Tier.CLOSE, 0.7, 0.2, tuple(members), values)


def fill(graph) -> None:
    """Save a run of two rings."""
    graph.load({"sellers": [{"seller_id": f"s{i}"} for i in range(6)]})
    rings = (ring("R1", "s0", "s1"), ring("R2", "s2", "s3"))
    with graph.writer() as writer:
        hubs = (Hub(*IP, 7, "many"),)
        writer.save_run("run-1", Detection(rings, hubs, FIT, graph.now), graph.now, b"\x00first" * 200_000)


def renewal(graph, *rings: Ring) -> Renewal:
    """Make a renewal in which other rings take the place of the second, and the line has one user more."""
    event = RingEvent("R2", What.GREW, (), 2, 3, "s4 joined it")
    return Renewal(frozenset({"R2"}), rings, {IP: 8}, (Hub(*IP, 8, "many"),), FIT, graph.now, ("a note",), (event,))


def all_of(graph) -> dict[str, object]:
    """Return all that is said of the current run."""
    with graph.view() as view:
        rings = view.rings(FULL, RingQuery()).rows
        told = {row.ring_id: (view.evidence(FULL, row.ring_id), view.ring_values(FULL, row.ring_id)) for row in rings}
        members = view.all_members(FULL)
        return {"rings": rings, "told": told, "members": members, "hubs": view.hubs(FULL), "fit": view.fit(FULL)}


def test_a_renewal_leaves_what_a_whole_run_would(graph):
    """The ring that stays, the one that changed, the one that is new, the counts, the hubs: row by row the same."""
    fill(graph)
    changed = (ring("R2", "s2", "s3", "s4", n_holders=8), ring("R3", "s0", "s5", n_holders=8))
    with graph.writer() as writer:
        assert writer.save_renewal(Change("run-2", "run-1", graph.now, 3), renewal(graph, *changed), b"second")
    renewed = all_of(graph)
    with graph.view() as view:
        assert view.trace(FULL) == b"second"
        assert view.run(FULL).run_id == "run-2"
        assert [row.event.ring_id for row in view.changes(FULL, "run-1")] == ["R2"]
    whole = (ring("R1", "s0", "s1", n_holders=8), *changed)
    with graph.writer() as writer:
        writer.save_run("run-3", Detection(whole, (Hub(*IP, 8, "many"),), FIT, graph.now), graph.now)
    assert renewed == all_of(graph)


def test_groups_of_holders_go_with_the_last_evidence_that_names_them(graph):
    """Renewals leave no rows behind."""
    fill(graph)
    before = tally_tables(graph.url)["evidence_holders"].n_rows
    for turn in range(2, 5):
        again = renewal(graph, ring("R2", "s2", "s3", n_holders=8))
        with graph.writer() as writer:
            assert writer.save_renewal(Change(f"run-{turn}", f"run-{turn - 1}", graph.now, 2), again, b"")
    assert tally_tables(graph.url)["evidence_holders"].n_rows <= before + 1  # R1 and R2 share the group of nobody


def test_a_renewal_of_a_run_that_is_not_current_changes_nothing(graph):
    """Another detection was quicker: False, and the rings are as they were."""
    fill(graph)
    before = all_of(graph)
    with graph.writer() as writer:
        assert not writer.save_renewal(Change("run-2", "run-0", graph.now, 1), renewal(graph), b"late")
    assert all_of(graph) == before
    with graph.view() as view:
        assert view.run(FULL).run_id == "run-1"


def test_a_trace_comes_back_byte_by_byte_and_goes_with_its_run(graph):
    """Also one of many parts; the next run has its own, or none; those who may not see personal values get none."""
    fill(graph)
    with graph.view() as view:
        assert view.trace(FULL) == b"\x00first" * 200_000
        with pytest.raises(RefusedError):
            view.trace(Visibility(ActorRole.INVESTIGATOR, personal_values=False))
    with graph.writer() as writer:
        writer.save_run("run-2", replace(Detection((), (), FIT, graph.now)), graph.now)
    with graph.view() as view:
        assert view.trace(FULL) == b""
