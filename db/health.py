"""What can be said of a database's engine and of one database, for whoever asks whether all is well."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ringwatch.db.embedded import check_sqlite_version
from ringwatch.db.faults import OTHER_TABLES, told
from ringwatch.db.migrations import bring_up_to_date
from ringwatch.db.open import is_neo4j, open_neo4j, parse_url
from ringwatch.model.errors import ConfigError, RetryableError

PATIENCE_S = 1.0  # whoever asks whether all is well wants to know now; a loader may hold the lock for seconds


def engine_facts() -> str:
    """Return the version of SQLite and that it can search words.

    Raises:
        ConfigError: it is too old, or was built without full-text search.
    """
    check_sqlite_version(sqlite3.sqlite_version_info)
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5 (word)")
        except sqlite3.OperationalError as error:
            raise ConfigError("sqlite3: was built without FTS5, which search needs; use another Python") from error
    return f"{sqlite3.sqlite_version} with full-text search (FTS5)"


def writing_facts(url: str) -> str:
    """Return that a database can be written and which schema it has; nothing is written.

    Raises:
        ConfigError: it cannot be opened or written, or lacks a table.
    """
    if is_neo4j(url):
        return _server_facts(url)
    path = parse_url(url)
    uri = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with (
            told(path),
            closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S, isolation_level=None)) as connection,
        ):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            _check_tables(connection, path)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except RetryableError:
        return "another process is writing just now"
    return f"yes (schema version {version})"


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ConfigError where a table of the schema is not there."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as sound:
        bring_up_to_date(sound, path)
        missing = _tables(sound) - _tables(connection)
    if missing:
        raise ConfigError(f"{path}: {OTHER_TABLES} (missing: {', '.join(sorted(missing))})")


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _server_facts(url: str) -> str:
    database = open_neo4j(url, create=False, is_read=True)
    try:
        database.transact(lambda _: None)  # takes its turn as a writer, and gives it back
        return f"yes, {database.facts()}"
    finally:
        database.close()
