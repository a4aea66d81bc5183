"""What SQLite complains of, told as our errors: one clear line each, sorted by what the caller can do."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from ringwatch.model.errors import ConfigError, RetryableError, RingwatchError

OTHER_TABLES = (
    "the database has other tables than its schema version says, so something else changed it;"
    " put the last backup in its place, or load the sources into a new one"
)
_OTHER_TABLES = re.compile(r"no such table: |table \w+ already exists")
_FAULTS = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: (
            RetryableError,
            "the database is locked by another process that writes; nothing was changed; try again when it is done",
        ),
        sqlite3.SQLITE_LOCKED: (RetryableError, "a table is locked; nothing was changed; try again"),
        sqlite3.SQLITE_FULL: (
            RetryableError,
            "the disk is full; what was being written is undone, all before it is kept; free space and try again",
        ),
        sqlite3.SQLITE_INTERRUPT: (RetryableError, "the query was interrupted; nothing was changed; try again"),
        sqlite3.SQLITE_IOERR: (
            RetryableError,
            "the disk failed to read or write; what was being written is undone; check the disk and try again",
        ),
        sqlite3.SQLITE_NOMEM: (RetryableError, "memory ran out; nothing was changed; free memory and try again"),
        sqlite3.SQLITE_READONLY: (
            ConfigError,
            "the database cannot be written, expected a writable file in a writable folder; change the permissions",
        ),
        sqlite3.SQLITE_CANTOPEN: (
            ConfigError,
            "the database cannot be opened, expected a file and a folder that may be written; check both",
        ),
        sqlite3.SQLITE_PERM: (ConfigError, "access to the database is denied; change the permissions"),
        sqlite3.SQLITE_NOTADB: (
            ConfigError,
            "this file is no SQLite database, expected one that Ringwatch made; name another with --database",
        ),
        sqlite3.SQLITE_CORRUPT: (
            ConfigError,
            "the database file is damaged; put the last backup in its place, or load the sources into a new one",
        ),
    }
)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite raises in the block into our errors; what is a defect of ours goes through unchanged."""
    try:
        yield
    except sqlite3.Error as error:
        fault = fault_of(error, path)
        if fault is None:
            raise
        raise fault from error


def fault_of(error: sqlite3.Error, path: Path) -> RingwatchError | None:
    """Return our error for one of SQLite's, None where it is a defect (wrong SQL, a broken constraint)."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if _OTHER_TABLES.match(str(error)):
        return ConfigError(f"{path}: {OTHER_TABLES} (SQLite: {error})")
    primary = code & 0xFF  # the upper bytes tell variants of one fault
    if primary not in _FAULTS:
        return None
    kind, message = _FAULTS[primary]
    return kind(f"{path}: {message} (SQLite: {error})")
