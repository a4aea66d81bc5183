"""The ledger, on both databases: what was done follows what was done before, and whatever is done to it shows."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest

from ringwatch.db.copy import copy_database, tally_tables
from ringwatch.db.decided import ExemptionInput
from ringwatch.db.open import open_docket, open_writer
from ringwatch.db.runs import Change
from ringwatch.db.times import moment_of
from ringwatch.enforcement.access import ActorInput, add_actor, revoke_key, rotate_key
from ringwatch.enforcement.entries import make_entry
from ringwatch.model import chain
from ringwatch.model.chain import GENESIS, Entry, head_line, line_of, verify
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import RefusedError, RetryableError
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import Detection, Fit, Renewal, Ring, Tier
from ringwatch.model.visibility import ActorRole


def add_some(graph) -> None:
    with open_docket(graph.url) as docket:
        hand = Hand("owner eve", graph.now)
        add_actor(docket, ActorInput("ann", ActorRole.INVESTIGATOR), hand)
        rotate_key(docket, "ann", hand)
        revoke_key(docket, "ann", Hand("owner eve", graph.now + timedelta(days=1)))


def test_every_entry_follows_the_one_before(graph):
    add_some(graph)
    with open_docket(graph.url) as docket, docket.reading() as record:
        rows, head = list(record.entries()), record.head()
    assert [row.entry.action for row in rows] == ["add actor", "rotate key", "revoke key"]
    assert rows[0].previous == GENESIS
    assert all(later.previous == earlier.hash for earlier, later in pairwise(rows))
    assert head == chain.Head(3, rows[-1].hash)
    assert verify(rows, head) == []


def test_writers_at_once_never_fork_the_chain(graph):
    """Each of several writers with a connection of its own adds entries; all of them are on one chain."""

    def write() -> None:
        with open_docket(graph.url) as docket:
            for _ in range(5):
                docket.transact(lambda record: record.append([make_entry(record, Hand("bo", graph.now), "note", {})]))

    writers = [Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with open_docket(graph.url) as docket, docket.reading() as record:
        rows = list(record.entries())
        assert len(rows) == 15
        assert verify(rows, record.head()) == []


def test_no_entry_closes_a_store_without_an_approved_plan(graph):
    """The ledger itself refuses it, whoever asks; nothing is written then."""
    bare = Entry(0, "bo", "close", "st-1", "P-1", "closed", "{}", 0)
    with open_docket(graph.url) as docket:
        for entry in (bare, replace(bare, plan_id=None)):
            with pytest.raises(RefusedError, match="no store was changed"):
                docket.transact(lambda record, entry=entry: record.append([entry]))
        with docket.reading() as record:
            assert list(record.entries()) == []


def test_a_clock_that_went_back_writes_nothing(graph):
    """But for a minute, by which clocks are set right: then the entry bears the time of the last one."""
    add_some(graph)
    with open_docket(graph.url) as docket:
        late = Hand("eve", graph.now)
        with pytest.raises(RetryableError, match="set the clock right"):
            docket.transact(lambda record: record.append([make_entry(record, late, "note", {})]))
        almost = Hand("eve", graph.now + timedelta(days=1, seconds=-5))
        docket.transact(lambda record: record.append([make_entry(record, almost, "note", {})]))
        with docket.reading() as record:
            rows = list(record.entries())
    assert len(rows) == 4
    assert rows[-1].entry.at == rows[-2].entry.at


def test_a_copy_carries_actors_and_ledger_and_the_chain_holds(graph, tmp_path: Path):
    add_some(graph)
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    assert copy_database(graph.url, target).differing == ()
    assert tally_tables(target)["ledger"].n_rows == 3
    with open_docket(target) as docket, docket.reading() as record:
        assert verify(record.entries(), record.head()) == []
        assert [actor.name for actor in record.actors()] == ["ann"]
    with open_docket(target) as docket:
        add_actor(docket, ActorInput("bo", ActorRole.OPERATOR), Hand("owner", graph.now + timedelta(days=2)))


def test_an_export_is_verified_without_the_rest_of_the_product(graph, tmp_path: Path):
    """By a copy of one file alone, in a Python that sees no other package; an edited export is told."""
    add_some(graph)
    with open_docket(graph.url) as docket, docket.reading() as record:
        rows, head = list(record.entries()), record.head()
    script, export = tmp_path / "chain.py", tmp_path / "ledger.jsonl"
    script.write_bytes(Path(chain.__file__).read_bytes())
    edited = replace(rows[1], entry=replace(rows[1].entry, actor="somebody else"))
    for entries, status, told in ((rows, 0, "3 entries"), ([rows[0], edited, rows[2]], 1, "entry 2: changed")):
        export.write_text("\n".join([head_line(head), *map(line_of, entries)]), "utf-8")
        command = [sys.executable, "-I", "-S", script, export]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (status, "")
        assert told in done.stdout


def test_whatever_is_written_stands_in_the_ledger_with_who_wrote_it(graph):
    """Loads, runs, judgements, exemptions, limits: an entry each, in the transaction of what it tells."""
    at = graph.now
    ring = Ring("R1", Tier.CLOSE, 0.99, 0.9, (), ())
    renewal = Renewal(frozenset({"R1"}), (), {}, (), Fit(1), at)
    with open_writer(graph.url, actor="ann") as writer:
        load = writer.begin_load("shop", at, full=True)
        writer.finish_load(load, at)
        writer.save_run("run-1", Detection((ring,), (), Fit(1), at), at)
        assert writer.save_renewal(Change("run-2", "run-1", at, 0), renewal, b"")
        assert not writer.save_renewal(Change("run-3", "run-1", at, 0), renewal, b"")
        writer.judge(Judgement("R1", "s1", Verdict.SAME, ("s1",), "seen"), at)
        writer.exempt(ExemptionInput("phone", "+49401", "+49401", "agency"), at)
        assert writer.lift_exemption("phone", "+49401", "closed", at)
        assert not writer.lift_exemption("phone", "+49401", "closed", at)
        writer.change_setting("theta", "3.0", at)
    actions = ["load", "finish load", "detect", "detect", "judge", "exempt", "lift exemption", "change setting"]
    with open_docket(graph.url) as docket, docket.reading() as record:
        rows = list(record.entries())
        assert [(row.entry.actor, row.entry.action) for row in rows] == [("ann", action) for action in actions]
        assert verify(rows, record.head()) == []
    told = [json.loads(row.entry.body) for row in rows]
    assert (told[0]["source"], told[3]["run_id"], told[3]["renews"]) == ("shop", "run-2", "run-1")
    assert (told[4]["judgement_id"], told[5]["value"], told[7]["value"]) == ("J-1", "+49401", "3.0")


def test_a_long_load_ends_though_others_wrote_meanwhile(graph):
    """Its entry is dated after theirs; a decision by a clock that stands before them is refused."""
    with open_writer(graph.url, actor="ann") as writer:
        load = writer.begin_load("shop", graph.now, full=False)
        late = graph.now + timedelta(hours=2)
        writer.change_setting("theta", "3.0", late)
        writer.finish_load(load, graph.now)
        with pytest.raises(RetryableError, match="set the clock right"):
            writer.change_setting("theta", "2.0", graph.now)
    with open_docket(graph.url) as docket, docket.reading() as record:
        assert [moment_of(row.entry.at) for row in record.entries()] == [graph.now, late, late]
        assert record.setting("theta") == "3.0"
