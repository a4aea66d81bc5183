"""Opening a database by its URL; which databases there are."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ringwatch.db.database import Database, NoDatabaseError
from ringwatch.db.docket import Docket
from ringwatch.db.embedded import PICTURE_SUFFIX, EmbeddedDatabase, remove_unused
from ringwatch.db.import_writer import ImportWriter
from ringwatch.db.view import View
from ringwatch.db.writer import Writer
from ringwatch.model.errors import ConfigError

if TYPE_CHECKING:
    from ringwatch.db.neo4j import Neo4jDatabase

_FORMS = "expected sqlite:///relative/path.db, sqlite:////absolute/path.db or neo4j://USER:PASSWORD@HOST:PORT/DATABASE"
_NEO4J = re.compile(r"^(neo4j|bolt)(\+s|\+ssc)?://")
_VIEW_RETRY_S = 15.0  # whoever waits for an answer hears within seconds that the database is away
COPY_MARK = "is_copying"  # a setting of a database into which a copy is being written, or broke off


def open_view(url: str) -> View:
    """Open a database for reading. ConfigError where the URL is wrong or the database is not there."""
    return View(open_whole(url, create=False, is_read=True))


def open_writer(url: str, create: bool = False, actor: str = "") -> Writer:
    """Open a database for writing in the name of an actor; ``create`` makes a missing one.

    ConfigError as for ``open_view``.
    """
    return Writer(open_whole(url, create=create), actor)


def open_impatient(url: str) -> Writer:
    """Open a database for a write that may as well be left out: where another writes to its file, it is not waited for.

    ConfigError as for ``open_view``; RetryableError where another writes.
    """
    if is_neo4j(url):
        return open_writer(url)
    return Writer(EmbeddedDatabase(parse_url(url), busy_timeout_s=0.0))


def open_docket(url: str, *, is_read: bool = False) -> Docket:
    """Open what was decided about stores; ``is_read`` as for ``open_neo4j``. ConfigError as for ``open_view``."""
    return Docket(open_whole(url, create=False, is_read=is_read))


@contextmanager
def open_for_load(url: str, actor: str = "") -> Iterator[tuple[Writer, View]]:
    """Open a database for loading, and make it where it is missing; a file made so goes again where no load began.

    Raises ConfigError as for ``open_view``.
    """
    made = None if is_neo4j(url) or parse_url(url).is_file() else parse_url(url)
    try:
        with open_writer(url, create=True, actor=actor) as writer, open_view(url) as view:
            yield writer, view
    finally:
        if made is not None and made.is_file():
            remove_unused(made)


@contextmanager
def open_for_import(actor: str = "") -> Iterator[tuple[ImportWriter, View]]:
    """Open nothing that is there: a writer whose first load becomes files, and a view of an empty database."""
    with tempfile.TemporaryDirectory(prefix="ringwatch-import-") as scratch:
        url = f"sqlite:///{scratch}/scratch.db"
        writer = ImportWriter(open_database(url, create=True), Path(scratch), actor)
        with writer, open_view(url) as view:
            yield writer, view


def is_neo4j(url: str) -> bool:
    """Say whether a URL names a Neo4j database.

    >>> is_neo4j("bolt+s://db.example"), is_neo4j("sqlite:///ringwatch.db")
    (True, False)
    """
    return bool(_NEO4J.match(url))


def parse_url(url: str) -> Path:
    """Return the file of an embedded database; with three slashes it lies in the current folder or below.

    Raises ConfigError for any other form; the message never holds a password.

    >>> parse_url("sqlite:///ringwatch.db"), parse_url("sqlite:////var/lib/ring%20watch.db")
    (PosixPath('ringwatch.db'), PosixPath('/var/lib/ring watch.db'))
    """
    scheme, separator, place = url.partition(":///")
    path = unquote(place)
    if scheme != "sqlite" or not separator or not path.strip("/") or "\0" in path:
        raise ConfigError(f"{without_password(url)!r}: not the URL of a database; {_FORMS}")
    return Path(path)


def without_password(url: str) -> str:
    """Return the URL with its password struck out, for messages and logs.

    >>> without_password("neo4j://ann:s3cret@db.example:7687/neo4j")
    'neo4j://ann:***@db.example:7687/neo4j'
    """
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", url)


def open_whole(url: str, *, create: bool, is_read: bool = False) -> Database:
    """Open a database, but none that holds a part of another: ConfigError where a copy into it is not finished."""
    database = open_database(url, create=create, is_read=is_read)
    try:
        with database.reading() as session:
            is_part = bool(session.rows("setting", {"name": COPY_MARK}))
    except BaseException:
        database.close()
        raise
    if is_part:
        database.close()
        raise ConfigError(
            f"{without_password(url)}: a copy into this database is not finished, expected a whole one; nothing was"
            " done; wait for it, or where it broke off run the same `ringwatch copy` again, which begins it anew"
        )
    return database


def open_database(url: str, *, create: bool, is_read: bool = False) -> Database:
    """Open what ``View`` and ``Writer`` stand on; ConfigError and RetryableError as the databases say."""
    if is_neo4j(url):
        return open_neo4j(url, create=create, is_read=is_read)
    path = parse_url(url)
    check_there(path, create=create)
    return EmbeddedDatabase(path, create=create)


def make_anew(url: str) -> None:
    """Put an empty database in the place of what is there, all of which is lost."""
    if is_neo4j(url):
        database = open_neo4j(url, create=True, is_read=False)
        database.clear()
        database.close()
        return
    path = parse_url(url)
    for suffix in ("", "-wal", "-shm", PICTURE_SUFFIX):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    open_database(url, create=True).close()


def open_neo4j(url: str, *, create: bool, is_read: bool) -> "Neo4jDatabase":
    """Open a Neo4j database; ``is_read``: for answers, which rather fail than keep people waiting."""
    from ringwatch.db.neo4j import RETRY_S, Neo4jDatabase  # noqa: PLC0415 (the driver is slow to import; few need it)
    from ringwatch.db.neo4j_url import parse_neo4j_url  # noqa: PLC0415 (as above)

    return Neo4jDatabase(parse_neo4j_url(url), create=create, retry_s=_VIEW_RETRY_S if is_read else RETRY_S)


def check_there(path: Path, *, create: bool = False) -> None:
    """Raise ConfigError where the file is not there, or where ``create`` cannot make it."""
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:  # a folder on the way may not be entered, or the name is too long
        raise ConfigError(f"{path}: cannot be reached ({error.strerror}); name another with --database") from error
    if is_folder:
        raise ConfigError(f"{path}: this is a folder, expected a database file; name a file in it with --database")
    if is_there:
        return
    if not create:
        raise NoDatabaseError(
            f"{path}: there is no such database; make it with `ringwatch load FOLDER --database sqlite:///{path}`"
            " or `ringwatch demo`"
        )
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"{path}: the folder {path.parent} is not there; make it, or name another with --database")
