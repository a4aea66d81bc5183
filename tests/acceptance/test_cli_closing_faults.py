"""What goes wrong around closing: one clear line, a safe state, and the same command goes on once it is mended."""

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.closing_laws import Facts, faults_of, read_facts
from tests.support.closing_world import START, Size, build, store_ids
from tests.support.marketplace import NO_FAULTS, Marketplace

from ringwatch.db.open import open_docket
from ringwatch.enforcement.outbox import Answer, make_sender
from ringwatch.model.enforcement import Message

SIZE = Size(n_stores=36, ring_size=6, n_listings=1)
STORES = store_ids(SIZE)
IMMEDIATE = ("plan", "--tier", "close", "--immediate", "unsafe")
FULL_AT_BYTES = 40_960  # a disk with room for the database's shared memory and two pages of its log


class Desk:
    """The command line over a database whose stores may be closed, with a key of each actor."""

    def __init__(self, here: Any, url: str, *, is_drill: bool = True) -> None:
        self.here, self.url, self.is_drill = here, url, is_drill
        self.keys = build(url, SIZE)
        (Path.cwd() / "secret").write_bytes(b"0123456789abcdef")
        if not is_drill:
            with open_docket(url) as docket:
                docket.transact(lambda record: record.set_setting("is_drill", "0"))

    def __call__(self, actor: str, *line: object) -> Any:
        """Run a command as an actor."""
        clock = {"RINGWATCH_CLOCK": START.isoformat()} if self.is_drill else {}
        return self.here(*line, "--json", "--database", self.url, RINGWATCH_KEY=self.keys[actor], **clock)

    def facts(self) -> Facts:
        """Return what the database holds, which keeps all laws."""
        facts = read_facts(self.url, STORES)
        assert faults_of(facts) == []
        return facts


@pytest.fixture
def desk(here: Any, tmp_path: Path) -> Desk:
    return Desk(here, f"sqlite:///{tmp_path}/desk.db")


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond a size: the kernel refuses the write as it does where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_AT_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_undoes_what_was_being_written_and_the_same_command_goes_on(desk: Desk):
    """Planning, closing and undoing: status 4, one line that says what to do, nothing changed; then done once."""

    def refused_then_done(actor: str, *line: object) -> Any:
        before = desk.facts()
        with full_disk():
            refused = desk(actor, *line)
        assert (refused.status, refused.out) == (4, ""), refused
        assert refused.err.count("\n") == 1
        assert "undone" in refused.err
        assert desk.facts().entries == before.entries
        done = desk(actor, *line)
        assert done.status == 0, done.err
        return done.json

    plan = refused_then_done("ann", *IMMEDIATE)
    assert desk("bo", "approve", plan["plan_id"], "--digest", plan["digest"]).status == 0
    assert desk("cy", "close", plan["plan_id"]).json["closed"] == len(STORES)
    undo = refused_then_done("ann", "plan", "--undo", plan["plan_id"], "--reason", "wrong")
    assert desk("bo", "approve", undo["plan_id"], "--digest", undo["digest"]).status == 0
    before = desk.facts()
    with full_disk():
        cut = desk("cy", "undo", undo["plan_id"])
    assert cut.status == 4
    assert cut.err.count("\n") == 1
    after = desk.facts()  # whole batches, or none
    assert list(after.entries[: len(before.entries)]) == list(before.entries)
    assert desk("cy", "undo", undo["plan_id"]).status == 0
    assert set(desk.facts().states.values()) == {"open"}


def test_lines_are_whole_where_the_disk_of_the_file_is_full(desk: Desk, tmp_path: Path):
    """A message that finds no room leaves no part of its line, waits, and is written once there is room."""
    told = tmp_path / "told.jsonl"
    assert desk("cy", "webhook", "set", f"file://{told}", "--secret-file", "secret").status == 0
    with open_docket(desk.url) as docket, docket.reading() as record:
        send = make_sender(record)
    assert send is not None
    message = Message(1, "k", "P-1", "st", "close", '{"key":"k"}')
    told.write_bytes(b"x" * (FULL_AT_BYTES - 6) + b"\n")
    with full_disk():
        answer = send(message)
    assert not answer.is_delivered
    assert str(told) in answer.text
    assert told.stat().st_size == FULL_AT_BYTES - 5
    assert send(message) == Answer(is_delivered=True, is_refused=False, text="written")
    assert told.read_bytes().endswith(b'x\n{"key":"k"}\n')


def test_a_marketplace_that_only_times_out_stops_the_run_and_hears_all_later(desk: Desk):
    """It takes connections and never answers: the brake falls, nothing is lost, the same command goes on."""
    plan = desk("ann", *IMMEDIATE).json
    assert desk("bo", "approve", plan["plan_id"], "--digest", plan["digest"]).status == 0
    assert desk("bo", "settings", "webhook_timeout_s", "0.1").status == 0
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        assert desk("cy", "webhook", "set", url, "--secret-file", "secret").status == 0
        stopped = desk("cy", "close", plan["plan_id"])
        assert stopped.status == 1
        assert "brake" in stopped.json["stopped_by"]
        assert 0 < stopped.json["closed"] < len(STORES)
    assert {m["answer"] for m in desk("cy", "outbox").json["messages"]} <= {"", "TimeoutError: timed out"}
    assert desk.facts().message_states() == {"waiting": stopped.json["closed"]}
    market = Marketplace(seed=0, faults=NO_FAULTS)
    with market.serving() as url:
        assert desk("cy", "webhook", "set", url, "--secret-file", "secret").status == 0
        again = desk("cy", "close", plan["plan_id"]).json
        assert again["closed"] == len(STORES) - stopped.json["closed"]
        assert desk("cy", "outbox", "--replay").json["delivered"] == len(STORES)
    assert set(market.bodies) == {message.key for message in desk.facts().messages}


def test_a_clock_that_goes_back_writes_nothing(here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Status 4 and the two times in one line, by each command; set right again, the same command goes on."""
    desk = Desk(here, f"sqlite:///{tmp_path}/real.db", is_drill=False)
    now = START + timedelta(days=1)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return now.astimezone(tz)

    monkeypatch.setattr("ringwatch.jobs.clock.datetime", Clock)

    def refused_then_done(actor: str, *line: object) -> Any:
        nonlocal now
        right, now = now, START - timedelta(hours=1)
        before = desk.facts()
        refused = desk(actor, *line)
        assert (refused.status, refused.out) == (4, ""), refused
        assert "clock: it says 2026-12-01 11:00:00" in refused.err
        after = desk.facts()
        assert (after.entries, after.states, after.messages) == (before.entries, before.states, before.messages)
        now = right + timedelta(minutes=1)
        done = desk(actor, *line)
        assert done.status == 0, done.err
        return done.json

    plan = refused_then_done("ann", *IMMEDIATE)
    refused_then_done("bo", "approve", plan["plan_id"], "--digest", plan["digest"])
    assert refused_then_done("cy", "close", plan["plan_id"])["closed"] == len(STORES)
    undo = refused_then_done("ann", "plan", "--undo", plan["plan_id"], "--reason", "wrong")
    refused_then_done("bo", "approve", undo["plan_id"], "--digest", undo["digest"])
    assert refused_then_done("cy", "undo", undo["plan_id"])["restored"] == len(STORES)
