"""The schema's version: making a new database, bringing an older one up to date, refusing what is not ours."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from ringwatch.db.database import NoDatabaseError
from ringwatch.model.errors import ConfigError
from ringwatch.sql import migrations

APPLICATION_ID = 0x52474348
"""Marks a file as ours ("RGCH" in its header), so that another program's database is never written to."""


def check_is_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ConfigError where the file holds no graph of ours, before anything is written to it."""
    if _pragma(connection, "application_id") != APPLICATION_ID:
        is_empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        raise (NoDatabaseError if is_empty else ConfigError)(
            f"{path}: this is not a database of Ringwatch; make one with `ringwatch load FOLDER --database sqlite:///NEW`"
        )


def bring_up_to_date(connection: sqlite3.Connection, path: Path, scripts: Sequence[str] | None = None) -> None:
    """Run the migrations that the database has not had, all in one transaction; nothing where it is up to date.

    Raises ConfigError where a newer Ringwatch made it, or where it is another program's.
    """
    steps = migrations() if scripts is None else scripts
    if _is_current(connection, path, len(steps)):
        return
    connection.execute("PRAGMA journal_mode = WAL")  # kept in the file; no change inside a transaction
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _is_current(connection, path, len(steps)):  # another process may have been quicker
            for script in steps[_pragma(connection, "user_version") :]:
                _run_script(connection, script)
            connection.execute(f"PRAGMA user_version = {len(steps)}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _is_current(connection: sqlite3.Connection, path: Path, newest: int) -> bool:
    version, application = _pragma(connection, "user_version"), _pragma(connection, "application_id")
    n_objects = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and (n_objects or version):
        raise ConfigError(
            f"{path}: this database belongs to another program, nothing was written to it; name another with --database"
        )
    if version > newest:
        raise ConfigError(
            f"{path}: the database has schema version {version}, this Ringwatch knows versions up to {newest};"
            " nothing was changed; install the Ringwatch that made it, or a newer one (pip install -U ringwatch)"
        )
    return version == newest


def _run_script(connection: sqlite3.Connection, script: str) -> None:
    for statement in _statements(script):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """Yield the statements one by one: ``executescript`` would commit the transaction that holds them together."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
