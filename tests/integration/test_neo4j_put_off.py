"""A big first load makes some indexes at its end: whatever comes in between, nothing is found wrong or stays slow."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from neo4j import GraphDatabase
from tests.support.neo4j_server import Server
from tests.support.snapshots import columns_of

from ringwatch import cypher
from ringwatch.db import neo4j as database
from ringwatch.db.open import open_view, open_writer
from ringwatch.db.view import View
from ringwatch.db.writer import Writer
from ringwatch.model.errors import RetryableError
from ringwatch.model.tables import BATCH_SCHEMAS
from ringwatch.model.visibility import FULL

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
N = 12


@pytest.fixture
def emptied(neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server without rows, on which every first batch is a big one."""
    neo4j.empty()
    monkeypatch.setattr(database, "PUT_OFF_ROWS", 1)
    yield neo4j
    with open_view(neo4j.url):
        pass  # makes what a test left undone


def sellers(name: str) -> pa.Table:
    """A batch of sellers."""
    rows = [{"seller_id": f"{name}{i}", "name": f"Shop {name} {i}"} for i in range(N)]
    return pa.Table.from_pylist(rows, schema=BATCH_SCHEMAS["sellers"])


def uses(name: str, first: int) -> pa.Table:
    """A batch of uses: of a value each, and of one that all share, from a number on."""
    rows = [
        {"holder_id": f"{name}{i}", "kind": "phone", "value": value, "display": value}
        for i in range(N)
        for value in (f"+49{first + i}", "+4930111")
    ]
    return pa.Table.from_pylist(rows, schema=BATCH_SCHEMAS["uses"])


def indexes(server: Server) -> set[str]:
    """Names of the indexes that are there."""
    where, account = f"bolt://{server.host}:{server.port}", (server.user, server.password)
    with GraphDatabase.driver(where, auth=account) as driver:
        found = driver.execute_query("SHOW INDEXES YIELD name", database_=server.database)
        return {record["name"] for record in found.records}


def both(url: str, other: str) -> list[object]:
    """What two databases answer that were loaded alike: all of it is to be equal."""
    with open_view(url) as one, open_view(other) as two:
        return [
            (view.counts(FULL), columns_of(view.snapshot(FULL, AT)), view.search(FULL, "shop a 1", 5))
            for view in (one, two)
        ]


def write_all(writer: Writer, name: str, parts: list[tuple[str, pa.Table]]) -> None:
    """Load tables as one load."""
    load = writer.begin_load(name, AT, full=False)
    for table, batch in parts:
        writer.write(load, table, batch)
    writer.finish_load(load, AT)


def test_a_first_load_ends_with_all_indexes(emptied: Server, tmp_path: Path):
    """While it goes on they are not there, and a search says so; afterwards both databases answer alike."""
    parts = [("sellers", sellers("a")), ("uses", uses("a", 0)), ("uses", uses("a", N // 2))]
    embedded = f"sqlite:///{tmp_path}/graph.db"
    with open_writer(embedded, create=True) as writer:
        write_all(writer, "shop", parts)
    with open_writer(emptied.url, create=True) as writer, View(writer._database) as view:
        load = writer.begin_load("shop", AT, full=False)
        for table, batch in parts:
            writer.write(load, table, batch)
            assert not indexes(emptied) & set(cypher.PUT_OFF)
        with pytest.raises(RetryableError, match="while the first load goes on"):
            view.search(FULL, "shop a", 5)
        writer.finish_load(load, AT)
    assert indexes(emptied) >= set(cypher.PUT_OFF)
    ours, theirs = both(emptied.url, embedded)
    assert ours == theirs


def test_a_load_that_broke_off_is_completed_by_whoever_comes_next(emptied: Server, caplog: pytest.LogCaptureFixture):
    """The next command makes the indexes, whichever it is, and says so; the same load again finds what is there."""
    with open_writer(emptied.url, create=True) as writer:
        load = writer.begin_load("shop", AT, full=False)
        writer.write(load, "sellers", sellers("a"))
        writer.write(load, "uses", uses("a", 0))
    assert not indexes(emptied) & set(cypher.PUT_OFF)
    assert "making the indexes" not in caplog.text
    with open_view(emptied.url) as view:
        assert caplog.text.count("making the indexes") == 1
        assert indexes(emptied) >= set(cypher.PUT_OFF)
        before = view.counts(FULL)
    with open_writer(emptied.url) as writer:
        write_all(writer, "shop", [("sellers", sellers("a")), ("uses", uses("a", 0))])
    with open_view(emptied.url) as view:
        assert view.counts(FULL) == before


def test_another_load_meanwhile_finds_what_the_first_one_wrote(emptied: Server, tmp_path: Path):
    """Two that both came to the empty database take turns by batches: no value is made twice."""
    embedded = f"sqlite:///{tmp_path}/graph.db"
    for url in (embedded, emptied.url):
        with open_writer(url, create=True) as one, open_writer(url, create=True) as two:
            loads = [(one, one.begin_load("a", AT, full=False)), (two, two.begin_load("b", AT, full=False))]
            for (writer, load), name in zip(loads, "ab", strict=True):
                writer.write(load, "sellers", sellers(name))
            for first in (0, N // 2):
                for (writer, load), name in zip(loads, "ab", strict=True):
                    writer.write(load, "uses", uses(name, first))
            for writer, load in loads:
                writer.finish_load(load, AT)
    assert indexes(emptied) >= set(cypher.PUT_OFF)
    ours, theirs = both(emptied.url, embedded)
    assert ours == theirs
