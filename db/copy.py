"""All that one database holds copied into an empty one of any kind, and compared row by row."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from ringwatch.db.database import Database, Row, Session
from ringwatch.db.open import COPY_MARK, make_anew, open_database, open_whole, without_password
from ringwatch.model.errors import ConfigError

TABLES = (
    *("setting", "source", "load", "kind", "purpose", "holder", "seller", "store", "listing", "value", "uses"),
    *("brand", "authorisation", "notice", "exemption", "judgement"),
    *("fit", "run", "ring_birth", "run_log", "ring_event", "ring_version", "ring_content", "ring_layout", "run_layout"),
    *("ring", "member", "evidence_holders", "evidence", "ring_value", "hub", "run_trace"),
    *("actor", "plan", "plan_store", "appeal", "ledger", "outbox", "casework", "case_ring"),
    *("filing", "filing_step"),
)
"""Every table of the schema, in an order in which what a row refers to is there before it."""

_NAMES_A_CALL = 20_000
_MODULUS = 1 << 128


@dataclass
class Tally:
    """How many rows there are, and a digest of them that does not depend on their order."""

    n_rows: int = 0
    digest: int = field(default=0, repr=False)

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows, counted and digested."""
        for row in rows:
            self.n_rows += 1
            hashed = hashlib.blake2b(orjson.dumps(list(row)), digest_size=16).digest()
            self.digest = (self.digest + int.from_bytes(hashed, "big")) % _MODULUS
            yield row


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows copied by table, and the tables whose rows are not the same on both sides."""

    n_rows: Mapping[str, int]
    differing: tuple[str, ...]


def copy_database(source_url: str, target_url: str) -> Copied:
    """Copy everything into an empty database, which is made where it is missing; cost O(rows), twice read.

    Until all of it is there and was found to be the same, nobody can open the target.
    On Neo4j the run that is current is copied, its drafts and predecessors are not.

    Raises:
        ConfigError: the source is not there, or the target holds something already.
    """
    source = open_whole(source_url, create=False)
    try:
        _make_ready(target_url)
        target = open_database(target_url, create=True)
        try:
            return _copy(source, target)
        finally:
            target.close()
    finally:
        source.close()


def _make_ready(url: str) -> None:
    """Raise ConfigError where the target is not empty; clear what a copy left that broke off."""
    database = open_database(url, create=True)
    try:
        with database.reading() as session:
            is_part = bool(session.rows("setting", {"name": COPY_MARK}))
            is_empty = all(next(iter(session.table_rows(name)), None) is None for name in TABLES)
    finally:
        database.close()
    if is_part:
        make_anew(url)
    elif not is_empty:
        raise ConfigError(f"{without_password(url)}: holds something already, expected an empty database; name another")


def _copy(source: Database, target: Database) -> Copied:
    target.transact(lambda session: session.write("set_setting", {"name": COPY_MARK, "value": "1"}))
    read = {name: Tally() for name in TABLES}
    with source.reading() as session:
        for name in TABLES:
            target.fill_table(name, read[name].over(_rows(session, name)))
        runs = session.rows("run")
    _index_words(target)
    target.finish_filling(runs[0][0] if runs else None)
    written = _tally(target)
    differing = tuple(name for name in TABLES if read[name] != written[name])
    if not differing:
        target.transact(lambda session: session.write("delete_setting", {"name": COPY_MARK}))
    return Copied({name: tally.n_rows for name, tally in written.items()}, differing)


def tally_tables(url: str) -> Mapping[str, Tally]:
    """Return the tally of every table; two databases that hold the same have the same ones."""
    database = open_database(url, create=False)
    try:
        return _tally(database)
    finally:
        database.close()


def _tally(database: Database) -> Mapping[str, Tally]:
    tallies = {name: Tally() for name in TABLES}
    with database.reading() as session:
        for name in TABLES:
            deque(tallies[name].over(_rows(session, name)), maxlen=0)
    return tallies


def _rows(session: Session, name: str) -> Iterator[Row]:
    rows = session.table_rows(name)
    return (row for row in rows if row[0] != COPY_MARK) if name == "setting" else rows


def _index_words(target: Database) -> None:
    """Fill the index of words of names, which is no table of its own."""
    for table, statement in (("seller", "index_seller_names"), ("store", "index_store_names")):
        with target.reading() as session:
            numbers = [row[0] for row in session.table_rows(table)]
        for start in range(0, len(numbers), _NAMES_A_CALL):
            ns = orjson.dumps(numbers[start : start + _NAMES_A_CALL]).decode()
            target.transact(lambda session, name=statement, ns=ns: session.write(name, {"ns": ns}))  # type: ignore[misc]
