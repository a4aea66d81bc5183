"""Named queries of the embedded database: one a file, ``NAME.sql``, each with a header that says what it is for.

A header reads ``-- purpose: TEXT``, ``-- params: a, b``, ``-- returns: x, y``. Where the statement has ``?`` marks,
``params`` names them in order; else it has ``:name`` marks. Schema and migrations lie in ``schema/NNN_NAME.sql``.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ringwatch.model.queries import header_of, in_steps, names_of


@dataclass(frozen=True, slots=True)
class Query:
    """One statement and its header."""

    name: str
    purpose: str
    params: tuple[str, ...]
    returns: tuple[str, ...]
    text: str


@cache
def query(name: str) -> Query:
    """Return the query kept in ``NAME.sql``; FileNotFoundError where there is none.

    >>> query("setting").returns
    ('value',)
    """
    text = files(__name__).joinpath(f"{name}.sql").read_text("utf-8")
    header = header_of(text, "--")
    return Query(name, header["purpose"], names_of(header["params"]), names_of(header["returns"]), text)


def query_names() -> tuple[str, ...]:
    """Return the names of all queries, ascending."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".sql") for name in names if name.endswith(".sql")))


def migrations(folder: Traversable | None = None) -> tuple[str, ...]:
    """Return the scripts of a schema folder (ours by default); script i turns version i into version i + 1.

    Raises ValueError where the numbers of the files have a gap or a double.
    """
    place = folder or files(__name__).joinpath("schema")
    names = in_steps(str(place), [entry.name for entry in place.iterdir()])
    return tuple(place.joinpath(name).read_text("utf-8") for name in names)
