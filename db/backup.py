"""A consistent copy of an embedded database, made while others write."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from ringwatch.db.embedded import EmbeddedDatabase
from ringwatch.db.faults import told
from ringwatch.db.open import check_there, is_neo4j, parse_url, without_password
from ringwatch.model.errors import ConfigError


def back_up(url: str, target: Path) -> int:
    """Write the database as it is at one moment to a new file and return the file's size in bytes.

    The file appears whole or not at all; cost O(size of the database).

    Raises:
        ConfigError: there is no such database, or the file is there already or cannot be written.
        RetryableError: the disk is full, or the database stays locked.
    """
    if is_neo4j(url):
        raise ConfigError(
            f"{without_password(url)}: backup copies embedded databases only; nothing was copied;"
            " use `neo4j-admin database dump` on the server"
        )
    source = parse_url(url)
    check_there(source)
    if target.exists() or target.is_symlink():
        raise ConfigError(f"{target}: this is there already, nothing was written over it; name a new file")
    draft = _draft_beside(target)
    try:
        _copy(source, draft)
        _publish(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, draft: Path) -> None:
    database = EmbeddedDatabase(source)
    try:
        with told(draft), closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            database.backup_to(copy)
    finally:
        database.close()
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


def _publish(draft: Path, target: Path) -> None:
    """Give the finished copy its name, unless a file of that name appeared meanwhile."""
    try:
        os.link(draft, target)  # unlike a rename, it refuses to replace
    except FileExistsError as error:
        raise ConfigError(f"{target}: this appeared meanwhile, nothing was written over it; name a new file") from error
    except OSError:  # a file system without links (FAT)
        draft.rename(target)


def _draft_beside(target: Path) -> Path:
    """Return a new empty file in the folder of the target, which only its owner may read."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.absolute().parent)
    except OSError as error:
        raise ConfigError(
            f"{target}: cannot be written ({error.strerror}); nothing was copied; name another"
        ) from error
    os.close(handle)
    return Path(name)
