"""The wire to the server is cut somewhere: nothing half done is seen, one line tells it, the same command completes."""

import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from tests.support.neo4j_server import Server
from tests.support.programs import LISTINGS, MARKET, SELLERS, STORES, Detect, Load, Terminal, Told
from tests.support.proxy import Wire, wire_to
from tests.support.view_answers import answers, known_of

from ringwatch.db import neo4j as database
from ringwatch.db.copy import tally_tables
from ringwatch.db.open import make_anew, open_view
from ringwatch.model.visibility import FULL

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)

AT = datetime(2026, 6, 1, tzinfo=UTC)
PARTS = (0.15, 0.5, 0.75, 0.95)  # of what is carried when nothing is cut
IDS = {"sellers": SELLERS, "stores": STORES, "listings": LISTINGS, "brands": ("acme",), "notices": ()}
NO_PATIENCE_S, PATIENCE_S = 0.3, 60.0
GROWN = Load(
    "market",
    True,
    {
        **MARKET.tables,
        "sellers": [*MARKET.tables["sellers"], {"seller_id": "new", "name": "Late comer", "country": "DE"}],
        "identifiers": [
            *MARKET.tables["identifiers"][:-9],
            {"holder_id": "new", "kind": "phone", "value": "+49 30 9021000"},
            {"holder_id": "new", "kind": "device", "value": "d0a9f3c2b7e1d4f60"},
        ],
    },
)


@dataclass
class Desk:
    """A terminal whose wire to the server may be cut, one whose wire may not, and one at an embedded database."""

    wire: Wire
    cut: Terminal
    straight: Terminal
    embedded: Terminal

    def begin(self, *steps: Load | Detect) -> None:
        """Do the same on the server and on the embedded database."""
        for step in steps:
            told = [terminal.take(step) for terminal in (self.cut, self.embedded)]
            assert told[0] == told[1]
            assert told[0][0].status == 0, told

    def seen(self, terminal: Terminal) -> dict[str, object]:
        """All that a database answers; when a load or run ended is left out, for a broken one ended later."""
        with open_view(terminal.url) as view:
            return answers(view, FULL, known_of(view, AT, IDS, ()))


@pytest.fixture
def desk(neo4j: Server, tmp_path: Path) -> Iterator[Desk]:
    neo4j.empty()
    account = f"{neo4j.user}:{neo4j.password}@127.0.0.1"
    with wire_to(neo4j.port) as wire:
        yield Desk(
            wire,
            Terminal(f"bolt://{account}:{wire.port}/{neo4j.database}", tmp_path / "cut"),
            Terminal(neo4j.url, tmp_path / "straight"),
            Terminal(f"sqlite:///{tmp_path}/graph.db", tmp_path / "embedded"),
        )


def n_bytes_of(desk: Desk, step: Load | Detect) -> int:
    """Return how much a step carries where nothing is cut."""
    desk.wire.mend()
    desk.begin(step)
    return desk.wire.n_bytes


def cut_short(desk: Desk, step: Load | Detect, n_bytes: int) -> Told:
    """Do a step whose wire is cut, on the command that waits for nobody, and mend the wire."""
    with patch.object(database, "RETRY_S", NO_PATIENCE_S):
        desk.wire.cut_after(n_bytes)
        told = desk.cut.take(step)[0]
    desk.wire.mend()
    return told


def check_told(told: Told) -> None:
    """What is said of a cut: status 4, one line, what to do."""
    assert told.status == 4, told
    assert "run the same command again" in told.answer
    assert "\n" not in told.answer.strip()


def completed(seen: dict[str, object]) -> dict[str, object]:
    """Return what a database answers, of its ledger only the loads that came to their end, without their numbers."""
    entries, *rest = seen["record"]  # type: ignore[misc]
    numbers = [json.loads(entry.body).get("load") for entry in entries]
    ended = {number for entry, number in zip(entries, numbers, strict=True) if entry.action == "finish load"}
    kept = [
        replace(entry, body=re.sub(r'"load":\d+', '"load":0', entry.body))
        for entry, number in zip(entries, numbers, strict=True)
        if entry.action != "load" or number in ended
    ]
    return {**seen, "record": (kept, *rest), "load_mark": None}  # a number that each load begun moves


def test_a_load_that_was_cut_off_is_completed_by_the_same_command(desk: Desk):
    """Wherever it is cut, the same command leaves the graph that one load of it would have made.

    The ledger alone tells more: that a load was begun which never ended.
    """
    desk.begin(MARKET)
    whole = n_bytes_of(desk, GROWN)
    expected = completed(desk.seen(desk.embedded))
    n_cut = 0
    for part in PARTS:
        make_anew(desk.straight.url)
        desk.straight.take(MARKET)
        told = cut_short(desk, GROWN, int(whole * part))
        if told.status:
            check_told(told)
            n_cut += 1
        assert desk.cut.take(GROWN)[0].status == 0
        found = completed(desk.seen(desk.straight))
        assert {question for question in expected if expected[question] != found[question]} == set(), part
    assert n_cut >= len(PARTS) - 1


def test_a_load_waits_for_a_server_that_is_away(desk: Desk):
    """Cut anywhere and mended soon after, the command itself completes, and says what it says without a cut."""
    desk.begin(MARKET)
    whole = n_bytes_of(desk, GROWN)
    with patch.object(database, "RETRY_S", PATIENCE_S):
        for part in PARTS:
            make_anew(desk.straight.url)
            desk.straight.take(MARKET)
            desk.wire.cut_after(int(whole * part))

            def mend() -> None:
                desk.wire.await_cut(PATIENCE_S)
                threading.Event().wait(0.5)
                desk.wire.mend()

            mender = threading.Thread(target=mend)
            mender.start()
            told = desk.cut.take(GROWN)[0]
            mender.join()
            assert told.status == 0, (part, told)
            ours, theirs = desk.seen(desk.straight), desk.seen(desk.embedded)
            assert {question for question in ours if ours[question] != theirs[question]} == set(), part


def test_a_run_that_was_cut_off_leaves_the_run_before(desk: Desk):
    """Whatever was written of the new one, all answers are those of the run before, until the command was repeated."""
    desk.begin(MARKET, Detect(True), GROWN)
    before, rings = desk.seen(desk.straight), desk.straight.export()
    desk.embedded.take(Detect(False))
    after = desk.embedded.export()
    assert rings != after
    copy = f"{desk.embedded.url}.kept"
    assert desk.straight.run("copy", "--from", desk.straight.url, "--to", copy).status == 0
    desk.wire.mend()
    assert desk.cut.take(Detect(False))[0].status == 0
    whole = desk.wire.n_bytes
    assert desk.straight.export() == after
    n_cut = 0
    for part in PARTS:
        make_anew(desk.straight.url)
        assert desk.straight.run("copy", "--from", copy, "--to", desk.straight.url).status == 0
        told = cut_short(desk, Detect(False), int(whole * part))
        if told.status:
            check_told(told)
            n_cut += 1
            now = desk.seen(desk.straight)
            assert {question for question in before if before[question] != now[question]} == set(), part
            assert desk.straight.export() == rings
        assert desk.cut.take(Detect(False))[0].status == 0
        assert desk.straight.export() == after, part
    assert n_cut >= len(PARTS) - 1


def test_a_read_that_was_cut_off_is_told(desk: Desk):
    """No half answer: the command prints nothing but the line, and answers once the wire is mended."""
    desk.begin(MARKET, Detect(True))
    desk.wire.mend()
    whole = desk.cut.run("rings")
    n_bytes = desk.wire.n_bytes
    for part in PARTS[1:-1]:
        with patch("ringwatch.db.open._VIEW_RETRY_S", NO_PATIENCE_S):
            desk.wire.cut_after(int(n_bytes * part))
            check_told(desk.cut.run("rings"))
        desk.wire.mend()
        assert desk.cut.run("rings") == whole


def test_a_copy_that_was_cut_off_is_begun_anew(desk: Desk):
    """Until a copy is whole nobody reads or loads its target; the same command copies all of it."""
    desk.begin(MARKET, Detect(True))
    make_anew(desk.straight.url)
    arguments = ("copy", "--from", desk.embedded.url, "--to", desk.cut.url)
    desk.wire.mend()
    assert desk.cut.run(*arguments).answer["equal"]
    whole, tables = desk.wire.n_bytes, tally_tables(desk.embedded.url)
    for part in PARTS[:-1]:
        make_anew(desk.straight.url)
        with patch.object(database, "RETRY_S", NO_PATIENCE_S):
            desk.wire.cut_after(int(whole * part))
            check_told(desk.cut.run(*arguments))
        desk.wire.mend()
        for refused in (("rings",), ("detect",), ("load", str(desk.embedded.url))):
            assert desk.cut.run(*refused).status in (2, 3), refused
        assert desk.cut.run(*arguments).answer["equal"]
        assert tally_tables(desk.straight.url) == tables
