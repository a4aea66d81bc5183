"""The embedded database: SQLite in one file, read by many processes while one writes (write-ahead log)."""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path
from queue import Empty, LifoQueue

import numpy as np
import numpy.typing as npt

from ringwatch.db.batches import plain_values
from ringwatch.db.database import NO_PARAMS, Column, Note, Params, Row, Scalar, Session, Step, T
from ringwatch.db.faults import told
from ringwatch.db.migrations import bring_up_to_date, check_is_ours
from ringwatch.db.statements import Values, calls_of
from ringwatch.model.errors import ConfigError
from ringwatch.model.snapshot import NEVER, Ints, Longs
from ringwatch.sql import query

OLDEST_SQLITE = (3, 38, 0)  # the first with JSON functions always built in
BUSY_TIMEOUT_S = 30.0  # a bulk batch of another process holds the lock for seconds, never for half a minute
PICTURE_SUFFIX = "-picture"
_CACHE_KIB = 131_072  # pages that a writer keeps, so that index pages of a big load are not written out and read back
_BLOCK_ROWS = 8192  # rows that wait in memory where they come one after the other
_SLICE = 1 << 16  # values in one packed answer, see sql/snapshot_uses.sql
_DAY_BITS = 0x3F_FFFF
_YEAR_ONE = -719_162  # 0001-01-01 in days since 1970
_NONE = np.zeros(0, dtype=np.int64)


class EmbeddedSession:
    """Named queries over one connection, inside the transaction that its maker opened."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def rows(self, name: str, params: Params = NO_PARAMS) -> list[Row]:
        """Return the rows of a query."""
        with told(self._path):
            return self._connection.execute(query(name).text, params).fetchall()

    def ints(self, name: str, params: Params = NO_PARAMS) -> npt.NDArray[np.int64]:
        """Return the rows of a query whose columns are all integers, never null; shape (rows, columns)."""
        with told(self._path):
            cursor = self._connection.execute(query(name).text, params)
            flat = np.fromiter(chain.from_iterable(cursor), dtype=np.int64)
        return flat.reshape(-1, len(query(name).returns))

    @property
    def picture_path(self) -> Path:
        """Where a picture of the graph may be kept: beside the file."""
        return self._path.with_name(self._path.name + PICTURE_SUFFIX)

    def use_columns(self) -> tuple[Longs, Longs, Ints, Ints, Longs]:
        """Return value number, holder number, first day, last day and purpose number of each use, see ``Session``."""
        slices = list(self._slices("snapshot_uses"))
        low = np.repeat([low for low, _ in slices], [len(columns[0]) for _, columns in slices])
        named, seen = (np.concatenate([_NONE, *(columns[i] for _, columns in slices)]) for i in (0, 1))
        first_day, last_day = _days(seen >> 41), _days(seen >> 19)
        return low + (named >> 31), named & 0x7FFF_FFFF, first_day, last_day, seen & 0x7_FFFF

    def value_kinds(self) -> Longs:
        """Return the number of the kind of every value, in the order of the values' numbers, which begin at 1."""
        return np.concatenate([_NONE, *(kinds for _, (kinds,) in self._slices("snapshot_value_kinds"))])

    def _slices(self, name: str) -> Iterator[tuple[int, list[Longs]]]:
        """Yield the first number of each slice of the values, and the integers of each column of a query on it."""
        n_values = int(self.ints("last_numbers")[0, 2])
        for low in range(0, n_values + 1, _SLICE):
            ((*texts,),) = self.rows(name, {"low": low, "high": low + _SLICE})
            yield low, [_NONE if text is None else np.fromstring(text, dtype=np.int64, sep=",") for text in texts]

    def table_rows(self, name: str) -> Iterator[Row]:
        """Yield all rows of a table; its columns as ``table_columns`` gives them."""
        with told(self._path):
            return self._connection.execute(f"SELECT {', '.join(self.table_columns(name))} FROM {name}")

    def fill_table(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Write rows of a table, as ``table_rows`` gives them."""
        columns = self.table_columns(name)
        marks = ", ".join("?" * len(columns))
        with told(self._path):
            self._connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)

    def table_columns(self, name: str) -> list[str]:
        """Return the columns of a table; a number that the database gives for itself alone is left out."""
        columns = [row[1] for row in self._connection.execute(f"PRAGMA table_info({name})")]
        return [column for column in columns if (name, column) != ("exemption", "n")]

    def write(self, name: str, params: Params = NO_PARAMS) -> int:
        """Run one writing statement and return how many rows it changed."""
        with told(self._path):
            return self._connection.execute(query(name).text, params).rowcount

    def write_rows(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Run a writing statement for each row, parameters in the order of the query's header."""
        coming = iter(rows)
        while block := list(islice(coming, _BLOCK_ROWS)):
            self._write_lists(name, list(zip(*block, strict=True)), len(block))

    def write_columns(self, name: str, columns: Sequence[Column], n_rows: int) -> None:
        """Run a writing statement for each row of columns."""
        self._write_lists(name, list(map(plain_values, columns)), n_rows)

    def _write_lists(self, name: str, columns: Sequence[Values | Scalar], n_rows: int) -> None:
        with told(self._path):
            for text, params in calls_of(query(name).text, columns, n_rows):
                self._connection.executemany(text, params)


class EmbeddedDatabase:
    """A pool of connections to one file; each is used by one thread at a time."""

    rows_a_turn = sys.maxsize  # a batch is one transaction

    def __init__(self, path: Path, *, create: bool = False, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        """Open the file, bring its schema up to date, and make it first where ``create`` says so.

        Raises ConfigError where the file is missing, cannot be opened, is not ours or is of a newer version;
        RetryableError where it stays locked.
        """
        check_sqlite_version(sqlite3.sqlite_version_info)
        self._path = path
        self._mode = "rwc" if create else "rw"
        self._busy_timeout_s = busy_timeout_s
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._is_closed = False
        with told(path), self._connection() as connection:
            if not create:
                check_is_ours(connection, path)
            bring_up_to_date(connection, path)

    @contextmanager
    def reading(self) -> Iterator[EmbeddedSession]:
        """Open a picture of the database at one moment; writers go on meanwhile and are not seen."""
        with self._transaction("BEGIN") as session:
            yield session

    def transact(self, work: Callable[[Session], T]) -> T:
        """Return what ``work`` returns; what it wrote is kept then, all of it, or nothing where it raises."""
        with self._transaction("BEGIN IMMEDIATE") as session:
            return work(session)

    def transact_in_parts(self, work: Callable[[Session], T], n_rows: int) -> T:  # noqa: ARG002 (of any size)
        """Return what ``work`` returns; it is one transaction here."""
        return self.transact(work)

    def settle(self) -> None:
        """Do nothing: nothing is put off here."""

    def replace_run(self, run_id: str, forget: Sequence[str], steps: Iterable[Step], note: Note) -> None:  # noqa: ARG002 (the row of the run holds its id)
        """Put a run in the place of the one before, in one transaction."""
        with self._transaction("BEGIN IMMEDIATE") as session:
            for name in forget:
                session.write(name)
            for name, rows in steps:
                session.write_rows(name, rows)
            note(session)

    def renew_run(self, params: Params, steps: Callable[[Session], Iterable[Step]]) -> bool:
        """Change a part of the current run, in one transaction."""
        with self._transaction("BEGIN IMMEDIATE") as session:
            if not session.write("renew_run", params):
                return False
            for name, rows in steps(session):
                session.write_rows(name, rows)
            return True

    def fill_table(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Write rows of a table, in one transaction."""
        with self._transaction("BEGIN IMMEDIATE") as session:
            session.fill_table(name, rows)

    def finish_filling(self, run_id: str | None) -> None:
        """Do nothing: a run that was filled in stands."""

    def backup_to(self, target: sqlite3.Connection) -> None:
        """Copy the database as it is at one moment into another connection, while others write."""
        with told(self._path), self._connection() as connection:
            connection.backup(target)

    def close(self) -> None:
        """Let go of every connection; harmless twice."""
        self._is_closed = True
        self._close_idle_where_closed()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[EmbeddedSession]:
        with self._connection() as connection:
            with told(self._path):
                connection.execute(begin)
            try:
                yield EmbeddedSession(connection, self._path)
                with told(self._path):
                    connection.execute("COMMIT")
            finally:
                if connection.in_transaction:  # an error above, or a commit that found the disk full
                    connection.execute("ROLLBACK")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._is_closed:
            raise RuntimeError(f"{self._path}: the database was closed before it was used")
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.put(connection)
            self._close_idle_where_closed()

    def _close_idle_where_closed(self) -> None:
        """Close connections that came back; one in use is closed by the thread that brings it back later."""
        while self._is_closed:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _connect(self) -> sqlite3.Connection:
        with told(self._path):
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode={self._mode}",
                uri=True,
                timeout=self._busy_timeout_s,
                isolation_level=None,  # transactions are ours
                check_same_thread=False,  # the pool hands a connection from thread to thread, never to two at once
            )
            try:
                _set_up(connection)
            except BaseException:
                connection.close()
                raise
        return connection


def remove_unused(path: Path) -> None:
    """Take away the file of a database in which no load was begun, unless another process has it open."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        try:
            is_used = connection.execute(query("load").text, {"n": 1}).fetchall()
            # Nobody leaves the write-ahead log while another has the file open.
            if not is_used and connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",):
                path.unlink()
        except sqlite3.Error:  # in use, or not made yet: it may stay, a load that comes later completes it
            return


def check_sqlite_version(version: tuple[int, ...]) -> None:
    """Raise ConfigError where the SQLite linked to this Python is too old.

    >>> check_sqlite_version((3, 40, 1))
    """
    if version < OLDEST_SQLITE:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST_SQLITE))
        raise ConfigError(
            f"sqlite3: this Python is linked to SQLite {found}, {needed} or newer is needed; use a newer Python"
        )


def _days(packed: Longs) -> Ints:
    days = packed & _DAY_BITS
    return np.where(days == _DAY_BITS, NEVER, days + _YEAR_ONE).astype(np.int32)


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing; a power cut the last commits
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
