"""Named queries of Neo4j: one a file, ``NAME.cypher``, under the names, parameters and columns of ``sql/``.

A header reads ``// purpose: TEXT``, ``// params: a, b``, ``// returns: x, y``; further lines say how it is run:

- ``// packed: columns``: one record holds each column as a list (never null); ``// packed: rows``: one record holds a
  list of rows. A record costs far more than what is in it.
- ``// slices: holder`` (or listing, value): run once for each range ``$low`` to ``$high`` of the numbers of these.
- ``// split: NAME``: that parameter is a list, handed over in pieces, items as [place, item]: to look into a list by
  place costs the server the length of the list.
- ``// key: a, b``: a statement for many ``$rows``, lists in the order of ``params``, of which no two with an equal key
  come in one call. ``// key:`` alone: rows never repeat a key.
- ``// group: NAME``: ``$rows`` come as ``[value of that parameter, [row, ...]]``, so that it is looked up once for all.

Two parameters stand in no header: ``$run_n``, the current run (of a picture of several reads: the one it began with),
and ``$purposes``, the texts of purposes by number.
A writing statement returns how many rows it changed or, for ``$rows``, how many of them found their place.
Schema statements lie in ``schema/NNN_NAME.cypher``.

``tables/NAME.cypher`` holds two statements for a table of the embedded database: all its rows, and rows
of it into the graph. Their header names the ``columns``.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ringwatch.model.queries import header_of, in_steps, names_of

PUT_OFF = ("value_text", "holder_words", "uses_retired", "authorises_retired", "store_retired", "listing_retired")
"""What a first load of many rows makes when these are there: to fill an index is cheaper than to keep it all along."""


@dataclass(frozen=True, slots=True)
class Query:
    """One statement and its header; ``text`` is without comments."""

    name: str
    purpose: str
    params: tuple[str, ...]
    returns: tuple[str, ...]
    packed: str
    slices: str
    split: str
    key: tuple[str, ...] | None
    text: str
    group: str = ""

    @property
    def key_places(self) -> tuple[int, ...]:
        """Return where the parts of the key stand in a row."""
        return tuple(self.params.index(name) for name in self.key or ())

    @property
    def group_place(self) -> int | None:
        """Return where in a row that stands by which rows are grouped, None where they are not."""
        return self.params.index(self.group) if self.group else None


@cache
def query(name: str) -> Query:
    """Return the query kept in ``NAME.cypher``; FileNotFoundError where there is none.

    >>> query("setting").returns
    ('value',)
    """
    text = files(__name__).joinpath(f"{name}.cypher").read_text("utf-8")
    header = header_of(text, "//")
    return Query(
        name=name,
        purpose=header["purpose"],
        params=names_of(header["params"]),
        returns=names_of(header["returns"]),
        packed=header.get("packed", ""),
        slices=header.get("slices", ""),
        split=header.get("split", ""),
        key=names_of(header["key"]) if "key" in header else None,
        text=_body(text),
        group=header.get("group", ""),
    )


def query_names() -> tuple[str, ...]:
    """Return the names of all queries, ascending."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".cypher") for name in names if name.endswith(".cypher")))


@cache
def table(name: str) -> tuple[Query, Query]:
    """Return the statements that read and that write the rows of a table.

    >>> table("purpose")[0].returns
    ('n', 'text')
    """
    text = files(__name__).joinpath("tables", f"{name}.cypher").read_text("utf-8")
    header = header_of(text, "//")
    columns, slices = names_of(header["columns"]), header.get("slices", "")
    read, write = (part.strip() for part in _body(text).split(";\n"))
    packed = "rows" if slices else ""
    return (
        Query(name, header["purpose"], (), columns, packed, slices, "", None, read),
        Query(name, header["purpose"], columns, (), "", "", "", (), write),
    )


def table_names() -> tuple[str, ...]:
    """Return the names of all tables, ascending."""
    names = (entry.name for entry in files(__name__).joinpath("tables").iterdir())
    return tuple(sorted(name.removesuffix(".cypher") for name in names if name.endswith(".cypher")))


def migrations() -> tuple[tuple[str, ...], ...]:
    """Return the statements of each step of the schema; step i turns version i into version i + 1.

    Each statement may run again without harm: Neo4j keeps every schema statement at once, so a step that was broken
    off is begun anew.
    """
    place = files(__name__).joinpath("schema")
    names = in_steps("cypher/schema", [entry.name for entry in place.iterdir()])
    texts = (place.joinpath(name).read_text("utf-8") for name in names)
    return tuple(tuple(part.strip() for part in _body(text).split(";") if part.strip()) for text in texts)


def dropped() -> tuple[str, ...]:
    """Return the statements that drop what is put off."""
    return tuple(f"DROP {_kind_of(statement)} {name} IF EXISTS" for name, statement in _put_off())


def made_again() -> tuple[str, ...]:
    """Return the statements of the schema that make what was put off."""
    return tuple(statement for _, statement in _put_off())


def _put_off() -> list[tuple[str, str]]:
    named = {}
    for statement in (statement for step in migrations() for statement in step):
        if found := re.match(r"CREATE (?:FULLTEXT )?(?:INDEX|CONSTRAINT) (\w+) IF NOT EXISTS", statement):
            named[found[1]] = statement
    return [(name, named[name]) for name in PUT_OFF]


def _kind_of(statement: str) -> str:
    return "CONSTRAINT" if statement.startswith("CREATE CONSTRAINT") else "INDEX"


def _body(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//")).strip()
