"""Casework: entries are added and never changed, the later of two is told, and what was said follows the sellers."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from tests.support.triggers import is_forbidden

from ringwatch.db.copy import copy_database
from ringwatch.db.open import open_docket
from ringwatch.db.view import RingQuery
from ringwatch.db.writer import ExemptionInput
from ringwatch.model.casework import (
    CaseAct,
    CaseEntry,
    CaseState,
    ConflictError,
    FlagAnswer,
    FlagLimitError,
    Subject,
)
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import Change, Detection, Fit, Member, Ring, RingEvent, Role, Tier
from ringwatch.model.visibility import FULL, ActorRole, Visibility

NOTE = CaseEntry(CaseAct.NOTE, Subject("R1"), "seen at the port, größer als gedacht")


def save(graph, run_id: str, members: dict[str, str], events: tuple[RingEvent, ...] = ()) -> None:
    """Keep a run whose rings have the named members, a letter each."""
    rings = tuple(
        Ring(ring_id, Tier.CLOSE, 0.9, 0.5, tuple(Member(i, Tier.CLOSE, Role.CORE, 0.9, 2.0, 0.5, ()) for i in ids), ())
        for ring_id, ids in members.items()
    )
    with graph.writer() as writer:
        writer.save_run(run_id, Detection(rings, (), Fit(2), graph.now, events=events), graph.now)


@pytest.fixture
def rings(graph):
    """Two rings of four sellers each."""
    graph.load({"sellers": [{"seller_id": i} for i in "abcdefgh"]})
    save(graph, "run-1", {"R1": "abcd", "R2": "efgh"})
    return graph


def add(graph, entry: CaseEntry, seen: int | None = None) -> CaseEntry:
    with graph.writer() as writer:
        return writer.add_case(entry, graph.now, seen)


def assigned(ring_id: str, assignee: str, state: CaseState) -> CaseEntry:
    return CaseEntry(CaseAct.ASSIGN, Subject(ring_id), "", state, assignee)


def test_entries_come_back_whole_and_stand_in_the_ledger(rings):
    """What was written is read back as it was, dated and numbered; each act has its entry in the ledger."""
    made = [
        add(rings, NOTE),
        add(rings, replace(NOTE, about=Subject("R1", "a", "l1"))),
        add(rings, assigned("R1", "ann", CaseState.IN_WORK)),
    ]
    with rings.writer() as writer:
        writer.judge(Judgement("R1", "a", Verdict.SAME, ("a", "b"), "one warehouse"), rings.now)
        writer.exempt(ExemptionInput("phone", "+4915112345678", "", "family", note="sisters"), rings.now, "R1")
    with rings.view() as view:
        case = view.cases(FULL, ["R1", "R2"])["R1"]
        assert case.entries[:3] == tuple(made)
        assert [(entry.n, entry.act, entry.said) for entry in case.entries[2:]] == [
            (3, "assign", "in work"), (4, "judge", "same"), (5, "exempt", "family"),
        ]  # fmt: skip
        assert (case.state, case.assignee, case.version) == (CaseState.IN_WORK, "ann", 5)
        assert [entry.n for entry in view.seller_entries(FULL, "a")] == [2, 4]
        assert [entry.n for entry in view.newer_entries(FULL, Subject("R1"), 3)] == [4, 5]
        assert view.case_version(FULL) == 5
        assert view.case_news(FULL, 3) == [("R1", 4, "judge"), ("R1", 5, "exempt")]
        masked = Visibility(ActorRole.INVESTIGATOR, personal_values=False)
        assert "+4915112345678" not in repr(view.cases(masked, ["R1"]))
    with open_docket(rings.url) as docket, docket.reading() as record:
        acts = [sealed.entry.action for sealed in record.entries()]
    assert acts[-5:] == ["note", "note", "assign", "judge", "exempt"]


def test_the_later_of_two_is_told_and_nothing_is_overwritten(rings):
    """Whoever decides about a thing that another wrote about since is refused, and nothing is written; else heard."""
    add(rings, NOTE)
    ring, value = Judgement("R1", "", Verdict.DISMISSED, (), "a family"), ExemptionInput("phone", "+1", "", "office")
    with rings.writer() as writer:
        for act in (
            lambda: writer.judge(ring, rings.now, seen=0),
            lambda: writer.add_case(assigned("R1", "bob", CaseState.DONE), rings.now, seen=0),
            lambda: writer.exempt(value, rings.now, "R1", seen=0),
        ):
            with pytest.raises(ConflictError, match="another wrote or decided"):
                act()
        writer.add_case(replace(NOTE, about=Subject("R2")), rings.now, seen=1)  # of another ring
        writer.judge(ring, rings.now, seen=1)
        writer.exempt(value, rings.now, "R2", seen=2)
        with pytest.raises(ConflictError):  # the value, from the page of another ring
            writer.exempt(replace(value, reason="family"), rings.now, "R1", seen=3)
    with rings.view() as view:
        assert view.case_version(FULL) == 4
        assert [row.reason for row in view.exemptions(FULL, rings.now)] == ["office"]


def test_of_two_at_once_one_is_kept_and_one_is_told(rings):
    """Two threads that saw the same decide at the same moment: one is kept, the other one is told, five times over."""
    told: list[str] = []

    def decide(name: str, seen: int, start: Barrier) -> None:
        with rings.writer() as writer:
            start.wait()
            try:
                writer.add_case(assigned("R1", name, CaseState.IN_WORK), rings.now, seen)
            except ConflictError:
                told.append(name)

    for turn in range(5):
        start = Barrier(2)
        threads = [Thread(target=decide, args=(name, turn, start)) for name in ("ann", "bob")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(told) == turn + 1
    with rings.view() as view:
        assert [entry.n for entry in view.cases(FULL, ["R1"])["R1"].entries] == [1, 2, 3, 4, 5]


def test_what_was_said_follows_the_sellers(rings):
    """Merged: all goes to the ring that took it in. Split: both parts keep what was said until then, and no more."""
    add(rings, NOTE)
    add(rings, assigned("R1", "ann", CaseState.DONE))
    add(rings, assigned("R2", "bob", CaseState.IN_WORK))
    split = (
        RingEvent("R1", Change.SPLIT, ("R3",), 4, 2, "c and d left"),
        RingEvent("R3", Change.BORN, ("R1",), 0, 2, ""),
    )
    save(rings, "run-2", {"R1": "ab", "R2": "efgh", "R3": "cd"}, split)
    add(rings, replace(NOTE, text="after the split"))
    merged = (RingEvent("R1", Change.MERGED, ("R2",), 2, 0, ""), RingEvent("R2", Change.MERGED, ("R1",), 4, 6, ""))
    save(rings, "run-3", {"R2": "abefgh", "R3": "cd"}, merged)
    with rings.view() as view:
        cases = view.cases(FULL, ["R1", "R2", "R3"])
        assert {ring_id: [entry.n for entry in case.entries] for ring_id, case in cases.items()} == {
            "R1": [1, 2, 4], "R2": [1, 2, 3, 4], "R3": [1, 2],
        }  # fmt: skip
        assert (cases["R3"].assignee, cases["R3"].state) == ("ann", CaseState.DONE)
        assert (cases["R2"].assignee, cases["R2"].state) == ("bob", CaseState.IN_WORK)  # its own counts first
        heads = view.case_heads(FULL)
        assert {i: (case.assignee, case.state) for i, case in heads.items()} == {
            i: (case.assignee, case.state) for i, case in cases.items()
        }
    with pytest.raises(ConflictError):
        add(rings, replace(NOTE, about=Subject("R2")), seen=3)  # what came with the sellers is newer than that


def test_flags_are_counted_by_day_and_read_by_their_brand(rings):
    """A brand raises no more than a day takes; its flags and answers are its own."""
    flag = CaseEntry(CaseAct.FLAG, Subject("R1", "a"), "sells our bags", brand_id="b1")
    with rings.writer() as writer:
        first = writer.flag(flag, rings.now, 2)
        writer.flag(replace(flag, about=Subject("", "z")), rings.now, 2)
        with pytest.raises(FlagLimitError, match="2 at most"):
            writer.flag(flag, rings.now, 2)
        writer.flag(replace(flag, brand_id="b2"), rings.now, 2)
        answer = replace(
            flag, act=CaseAct.ANSWER, about=first.about, answers=first.n, said=FlagAnswer.TAKEN_UP, text="thank you"
        )
        kept = writer.add_case(answer, rings.now)
    with rings.view() as view:
        assert [(found.entry.n, found.answer) for found in view.flags(FULL)] == [(1, kept), (2, None), (3, None)]
        case = view.cases(FULL, ["R1"])["R1"]
        assert (len(case.flags), case.n_open_flags) == (2, 1)


def test_rings_are_listed_by_name_or_without(rings):
    with rings.view() as view:
        only, without = RingQuery(only=("R2", "R9")), RingQuery(without=("R2",))
        assert [ring.ring_id for ring in view.rings(FULL, only).rows] == ["R2"]
        assert [ring.ring_id for ring in view.rings(FULL, without).rows] == ["R1"]
        assert view.rings(FULL, RingQuery(only=())).rows == ()


def test_casework_is_copied(rings, tmp_path):
    add(rings, NOTE)
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    copied = copy_database(rings.url, target)
    assert (copied.differing, copied.n_rows["casework"], copied.n_rows["case_ring"]) == ((), 1, 1)
    for act in ("UPDATE casework SET text = ''", "DELETE FROM casework"):
        assert is_forbidden(tmp_path / "copy.db", act)
