"""Rings as they were in a run of before: every run answers next year as it answered when it was the current one."""

from dataclasses import replace

import pytest
from tests.cases.test_lineage import keep, ring

from ringwatch.db.past import values_in_order
from ringwatch.db.view import RingQuery
from ringwatch.model.rings import Change, Detection, Evidence, Fit, RingEvent, RingValue, Role
from ringwatch.model.visibility import FULL, ActorRole, Visibility

pytestmark = pytest.mark.usefixtures("filled")

PHONE = "+4940123456"
MASKED = Visibility(ActorRole.INVESTIGATOR, personal_values=False)


@pytest.fixture
def filled(graph):
    graph.load({"sellers": [{"seller_id": seller_id} for seller_id in "abcde"]})
    return graph


def shared(ring_id: str, sellers: str):
    """Return a ring whose members share a phone and, at a hub, an address."""
    found = ring(ring_id, sellers)
    members = tuple(
        replace(
            member,
            is_fragile=member.seller_id == "a",
            why_not_closer="one family",
            evidence=(
                Evidence("phone", "contact", PHONE, 9, tuple(s for s in sellers if s != member.seller_id), 0.1 + 0.2),
                Evidence("prior", "other", "", 0, (), -1 / 3),
            ),
        )
        for member in found.members
    )
    values = (RingValue("address", "place", "12 port", 99, True), RingValue("phone", "contact", PHONE, 9, False))
    return replace(found, members=members, values=values)


def answers_now(view) -> dict[str, object]:
    """Return all rings of the current run, and what each rests on."""
    return {
        row.ring_id: (row, view.members(FULL, row.ring_id).rows, view.evidence(FULL, row.ring_id),
                      view.ring_values(FULL, row.ring_id))
        for row in view.rings(FULL, RingQuery()).rows
    }  # fmt: skip


def answers_at(view, run_id: str) -> dict[str, object]:
    """Return the same as of a run."""
    run = view.past_run(FULL, run_id)
    found = {}
    for since in view.rings_at(FULL, run):
        past = view.ring_at(FULL, since.ring.ring_id, run)
        assert past.since == since
        assert past.is_whole
        found[since.ring.ring_id] = (since.ring, past.members, past.evidence, past.values)
    absent = {"R1", "R2"} - found.keys()
    assert [view.ring_at(FULL, ring_id, run) for ring_id in absent] == [None] * len(absent)
    return {ring_id: (row, list(members), *rest) for ring_id, (row, members, *rest) in found.items()}


def test_each_run_answers_later_as_it_answered_then(graph):
    """Rings that grew, vanished, came back and stayed: each run's answers are those it gave while it was current."""
    runs = (
        [shared("R1", "abc"), shared("R2", "de")],
        [shared("R1", "abcd")],
        [shared("R1", "abcd"), shared("R2", "de")],  # the same sellers get the same id again
        [shared("R2", "de")],
    )
    told, before = {}, {}
    for n, rings in enumerate(runs):
        after = {r.ring_id: len(r.members) for r in rings}
        events = [RingEvent(i, Change.BORN, (), 0, n_now, "") for i, n_now in after.items() if i not in before]
        events += [RingEvent(i, Change.DISSOLVED, (), n_was, 0, "") for i, n_was in before.items() if i not in after]
        with graph.writer() as writer:
            detection = Detection(tuple(rings), (), Fit(5), graph.now, events=tuple(events))
            writer.save_run(f"run-{n}", detection, graph.now)
        with graph.view() as view:
            told[f"run-{n}"] = {i: (row, list(m), *rest) for i, (row, m, *rest) in answers_now(view).items()}
            for run_id, answers in told.items():
                assert answers_at(view, run_id) == answers
        before = after


def test_what_no_run_had_is_not_there(graph):
    """An unknown run and a ring of another time are none; a mask covers personal values of the past too."""
    keep(graph, "run-1", shared("R1", "abc"))
    keep(graph, "run-2", shared("R2", "de"))
    with graph.view() as view:
        assert view.past_run(FULL, "run-9") is None
        one = view.past_run(FULL, "run-1")
        assert view.ring_at(FULL, "R2", one) is None
        assert PHONE in repr(view.ring_at(FULL, "R1", one))
        hidden = view.ring_at(MASKED, "R1", one)
        assert PHONE not in repr(hidden)
        assert [m.role for m in hidden.members] == [Role.CORE] * 3
        assert [value.is_hub for value in values_in_order(hidden.values)] == [False, True]
