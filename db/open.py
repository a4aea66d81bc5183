"""Opening a database by its URL; which databases there are."""

import re
from pathlib import Path
from urllib.parse import unquote

from ringwatch.db.database import Database
from ringwatch.db.embedded import EmbeddedDatabase
from ringwatch.db.view import View
from ringwatch.db.writer import Writer
from ringwatch.model.errors import ConfigError

_FORMS = "expected sqlite:///relative/path.db or sqlite:////absolute/path.db"
_NEO4J = re.compile(r"^(neo4j|bolt)(\+s|\+ssc)?://")


def open_view(url: str) -> View:
    """Open a database for reading. ConfigError where the URL is wrong or the database is not there."""
    return View(_open(url, create=False))


def open_writer(url: str, create: bool = False) -> Writer:
    """Open a database for writing; ``create`` makes a missing one. ConfigError as for ``open_view``."""
    return Writer(_open(url, create=create))


def parse_url(url: str) -> Path:
    """Return the file that a URL names, relative to the current folder where it has three slashes.

    Raises ConfigError for any other form; the message never holds a password.

    >>> parse_url("sqlite:///ringwatch.db"), parse_url("sqlite:////var/lib/ring%20watch.db")
    (PosixPath('ringwatch.db'), PosixPath('/var/lib/ring watch.db'))
    """
    if _NEO4J.match(url):
        raise ConfigError(
            f"{without_password(url)}: this version of Ringwatch has the embedded database only; {_FORMS}"
        )
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


def _open(url: str, *, create: bool) -> Database:
    path = parse_url(url)
    if path.is_dir():
        raise ConfigError(f"{path}: this is a folder, expected a database file; name a file in it with --database")
    if not path.exists():
        _check_may_be_made(path, create=create)
    return EmbeddedDatabase(path, create=create)


def _check_may_be_made(path: Path, *, create: bool) -> None:
    if not create:
        raise ConfigError(
            f"{path}: there is no such database; make it with `ringwatch load FOLDER --database sqlite:///{path}`"
            " or `ringwatch demo`"
        )
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"{path}: the folder {path.parent} is not there; make it, or name another with --database")
