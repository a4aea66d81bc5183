"""Laws of writing many rows in one statement: nobody can tell it from one statement a row."""

import itertools
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringwatch.db import embedded, statements
from ringwatch.db.database import Scalar, Session
from ringwatch.db.embedded import EmbeddedDatabase
from ringwatch.db.statements import calls_of
from ringwatch.sql import query

NOW = datetime(2025, 1, 1, tzinfo=UTC)
PLAIN = st.none() | st.integers(-(2**62), 2**62) | st.text(max_size=3) | st.floats(allow_nan=False)
USES = st.lists(
    st.tuples(
        *(st.integers(1, 3), st.integers(1, 3), st.just(1)),  # value, holder, source: few, so that keys come again
        *(st.none() | st.integers(1, 2), st.sampled_from([None, "a", "b"]), st.sampled_from([None, "{}", '{"x":1}'])),
        *(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.integers(0, 7), st.just(1), st.just(1)),
    ),
    max_size=40,
)


@contextmanager
def sizes(rows_a_statement: int, block_rows: int) -> Iterator[None]:
    """Let statements and blocks hold so many rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "ROWS_A_STATEMENT", rows_a_statement)
        patch.setattr(embedded, "_BLOCK_ROWS", block_rows)
        yield


@given(st.integers(0, 9), st.integers(1, 4), st.data())
def test_the_rows_come_whole_and_in_order(n_rows: int, rows_a_statement: int, data: st.DataObject) -> None:
    """Put back together, texts and parameters are the rows, whichever columns stand in the text."""
    column = PLAIN | st.lists(PLAIN, min_size=n_rows, max_size=n_rows)
    columns = data.draw(st.lists(column, min_size=1, max_size=4))
    text = f"INSERT INTO t VALUES ({', '.join('?' * len(columns))}) RETURNING 1"
    found: list[tuple[Scalar, ...]] = []
    with sizes(rows_a_statement, 1):
        for call, runs in calls_of(text, columns, n_rows):
            assert call.startswith("INSERT INTO t VALUES (")
            assert call.endswith(") RETURNING 1")
            found += itertools.chain.from_iterable(rows_of(call, run) for run in runs)
    whole = [column if isinstance(column, list) else [column] * n_rows for column in columns]
    assert found == list(zip(*whole, strict=True))


def rows_of(call: str, run: Sequence[Scalar]) -> Iterator[tuple[Scalar, ...]]:
    """Yield the rows that one run of a statement writes."""
    given_values = iter(run)
    for row in call.removeprefix("INSERT INTO t VALUES (").removesuffix(") RETURNING 1").split("), ("):
        marks = row.split(", ")
        yield tuple(next(given_values) if m == "?" else None if m == "NULL" else int(m) for m in marks)


def uses_after(rows: Sequence[Sequence[Scalar]], *, as_columns: bool) -> list[tuple[Scalar, ...]]:
    """Return the table of uses after upserting rows into a new database, by rows or by columns."""

    def fill(session: Session) -> list[tuple[Scalar, ...]]:
        session.write("insert_source", {"name": "shop"})
        session.ints("insert_load", {"source_n": 1, "is_full": 0, "begun_at": 0})
        session.write("declare_kind", {"name": "phone", "definition": None})
        session.write_rows("insert_purpose", [("registered",), ("return",)])
        session.write_rows("insert_holder", [(n, f"s{n}") for n in (1, 2, 3)])
        session.write_columns("insert_value", [[1, 2, 3], 1, ["a", "b", "c"], None], 3)
        if as_columns:
            columns = [column if len(set(column)) > 1 else column[0] for column in zip(*rows, strict=True)]
            arrays = [pa.array(column) if isinstance(column, tuple) else column for column in columns]
            session.write_columns("upsert_uses", arrays, len(rows))
        else:
            session.write_rows("upsert_uses", rows)
        return sorted(session.table_rows("uses"), key=repr)

    with tempfile.TemporaryDirectory() as scratch:
        database = EmbeddedDatabase(Path(scratch) / "graph.db", create=True)
        try:
            return database.transact(fill)
        finally:
            database.close()


@settings(max_examples=25)
@given(USES, st.integers(2, 5), st.integers(1, 12))
def test_upserts_of_many_rows_are_upserts_of_one(
    rows: list[tuple[Scalar, ...]], rows_a_statement: int, block_rows: int
) -> None:
    """Rows with one key in one statement, in two, or left over at the end merge as they do one by one."""
    with sizes(1, 1):
        expected = uses_after(rows, as_columns=False)
    with sizes(rows_a_statement, block_rows):
        assert uses_after(rows, as_columns=False) == expected
        assert uses_after(rows, as_columns=True) == expected


def test_a_statement_of_many_rows_is_all_or_nothing(tmp_path: Path) -> None:
    """A row that a constraint refuses takes the whole transaction with it, wherever it stands among the others."""
    ids = [f"s{n}" for n in range(40)]
    database = EmbeddedDatabase(tmp_path / "graph.db", create=True)
    for at in (1, 31, 32, 39):
        numbers = [*range(1, at + 1), 1, *range(at + 2, 41)]
        with pytest.raises(sqlite3.IntegrityError):
            database.transact(lambda session, n=numbers: session.write_columns("insert_holder", [n, ids], 40))
        with database.reading() as session:
            assert session.ints("last_numbers")[0, 0] == 0
    database.close()


def test_every_statement_of_the_bulk_path_takes_many_rows() -> None:
    """What loads write by the million has one mark a column behind VALUES."""
    for name in ("insert_holder", "insert_value", "upsert_uses", "upsert_seller", "upsert_store", "upsert_listing"):
        columns: list[list[Scalar]] = [["x"] * 70 for _ in query(name).params]
        lengths = [len(run) // len(columns) for _, runs in calls_of(query(name).text, columns, 70) for run in runs]
        assert lengths == [32, 32, *[1] * 6]
