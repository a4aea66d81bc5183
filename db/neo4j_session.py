"""Named queries of Neo4j run and unpacked: few big records where many small ones would cost the client its time."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson

from ringwatch.cypher import Query, query, table
from ringwatch.db.batches import rows_of
from ringwatch.db.database import NO_PARAMS, Column, Row, Scalar
from ringwatch.db.words import folded_words
from ringwatch.model.errors import RetryableError
from ringwatch.model.snapshot import Ints, Longs

Params: TypeAlias = Mapping[str, Any]
Run: TypeAlias = Callable[[str, Params], list[list[Any]]]
"""Runs one statement and returns its records as lists."""

ROWS_A_CALL = 10_000  # rows of one statement: below 1,000 the round trips count, above 20,000 the server's memory does
_SLICE = 20_000  # numbers of one read: a record of some megabytes
_READERS = 3  # reads at a time: the server works on the next slices while the client unpacks one
_LISTS = frozenset(
    {"ids", "texts", "ns", "tiers", "seller_ids", "members", "kinds", "pairs", "counts"}
    | {"only_ids", "except_ids", "notice_ids"}
)
_NUMBERED = {"holder": 0, "listing": 1, "value": 2}  # columns of last_numbers


class Neo4jReading:
    """Named queries, each in a read of its own, as ``db.database.Session`` says."""

    n_readers = _READERS

    def __init__(self, run: Run, shown: str) -> None:
        self._run = run
        self._shown = shown
        self._run_n: list[int | None] = []  # the run that this picture shows, once it was looked at

    def rows(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> list[Row]:
        """Return the rows of a query."""
        asked = query(name)
        found = self._records(asked, params)
        if asked.packed == "rows":
            return [tuple(row) for (rows,) in found for row in rows]
        if asked.packed == "columns":
            return [row for columns in found for row in zip(*columns, strict=True)]
        return [tuple(values) for values in found]

    def ints(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> npt.NDArray[np.int64]:
        """Return the rows of a query whose columns are all integers, never null; shape (rows, columns)."""
        asked = query(name)
        if asked.packed == "columns":
            return np.stack(self._columns(name, params), axis=1)
        found = self._records(asked, params)
        return np.array(found, dtype=np.int64).reshape(-1, len(asked.returns))

    @property
    def picture_path(self) -> None:
        """Nowhere: the server has no place of ours."""
        return

    def use_columns(self) -> tuple[Longs, Longs, Ints, Ints, Longs]:
        """Return value number, holder number, first day, last day and purpose number of each use, see ``Session``."""
        value, holder, first_day, last_day, purpose = self._columns("snapshot_uses")
        return value, holder, first_day.astype(np.int32), last_day.astype(np.int32), purpose

    def value_kinds(self) -> Longs:
        """Return the number of the kind of every value, in the order of the values' numbers, which begin at 1."""
        return self._columns("snapshot_value_kinds")[0]

    def table_rows(self, name: str) -> Iterator[Row]:
        """Yield all rows of a table as the embedded database has it, of the run that this picture shows."""
        asked = table(name)[0]
        for call in self._calls(asked, self._completed(asked, {})):
            for record in self._run(asked.text, call):
                yield from map(tuple, record[0] if asked.packed else [record])

    def write(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> int:
        """Refuse: nothing is written while reading."""
        raise NotImplementedError(f"{name} with {sorted(params)}: this session reads only")

    def write_rows(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Refuse: nothing is written while reading."""
        raise NotImplementedError(f"{name} of {type(rows).__name__}: this session reads only")

    def write_columns(self, name: str, columns: Sequence[Column], n_rows: int) -> None:
        """Refuse: nothing is written while reading."""
        raise NotImplementedError(f"{name}, {n_rows} rows of {len(columns)} columns: this session reads only")

    def _columns(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> list[Longs]:
        asked = query(name)
        none = np.zeros(0, dtype=np.int64)
        parts = [[np.array(column, dtype=np.int64) for column in found] for found in self._records(asked, params)]
        return [np.concatenate([none, *(part[i] for part in parts)]) for i in range(len(asked.returns))]

    def _records(self, asked: Query, params: Mapping[str, Scalar]) -> list[list[Any]]:
        calls = list(self._calls(asked, self._completed(asked, bound(asked, params))))
        if len(calls) == 1 or self.n_readers == 1:
            return [record for call in calls for record in self._run(asked.text, call)]
        with ThreadPoolExecutor(self.n_readers) as readers:
            found = readers.map(lambda call: self._run(asked.text, call), calls)
            return [record for records in found for record in records]

    def _completed(self, asked: Query, params: Params) -> Params:
        """Add what every query may ask for: the run that this picture shows, and purposes by number.

        All of a picture is of one run, also where another one becomes current meanwhile.
        """
        if "$run_n" in asked.text:
            if not self._run_n:
                self._run_n = [n for (n,) in self._run(query("current_run").text, {})] or [None]
            return {**params, "run_n": self._run_n[0]}
        if "$purposes" in asked.text:
            texts: dict[int, str] = {n: text for n, text in self._run(query("purposes").text, {})}  # noqa: C416 (mypy)
            return {**params, "purposes": [texts.get(n) for n in range(max(texts, default=0) + 1)]}
        return params

    def _calls(self, asked: Query, params: Params) -> Iterator[Params]:
        """Yield the parameters of each run of a query: one, one a slice of the numbers, one a piece of the list."""
        if asked.slices:
            last = self.rows("last_numbers")[0][_NUMBERED[asked.slices]]
            yield from ({**params, "low": low, "high": low + _SLICE} for low in range(1, last + 1, _SLICE))
        elif asked.split:
            items = [list(placed) for placed in enumerate(params[asked.split])]
            for start in range(0, len(items), _SLICE):
                yield {**params, asked.split: items[start : start + _SLICE]}
        else:
            yield params


class Neo4jTransaction(Neo4jReading):
    """Named queries inside one transaction, as ``db.database.Session`` says."""

    n_readers = 1  # a transaction is one thing after the other

    def write(self, name: str, params: Mapping[str, Scalar] = NO_PARAMS) -> int:
        """Run one writing statement and return how many rows it changed."""
        if name.startswith("index_"):
            return self._index_names(params)
        return sum(int(n) for (n,) in self._run(query(name).text, bound(query(name), params)))

    def write_rows(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Run a writing statement for many rows, no two of one call with the same key.

        RetryableError where a row found no place, as when another process removed what it belongs to.
        """
        for piece in pieces_of(rows, query(name).key_places):
            self.write_piece(query(name), piece)

    def write_columns(self, name: str, columns: Sequence[Column], n_rows: int) -> None:
        """Run a writing statement for the rows of columns."""
        self.write_rows(name, rows_of(columns, n_rows))

    def write_piece(self, asked: Query, piece: list[Sequence[Scalar]], params: Params = NO_PARAMS) -> None:
        """Run a writing statement for the rows of one call, with parameters that all of them share."""
        given = self._completed(asked, {**params, "rows": [list(row) for row in piece]})
        n_placed = sum(int(n) for (n,) in self._run(asked.text, given))
        check_placed(asked, n_placed, len(piece), self._shown)

    def _index_names(self, params: Mapping[str, Scalar]) -> int:
        named = self.rows("names_of", params)
        self.write_rows("set_words", [(n, " ".join(folded_words(name))) for n, name in named])
        return len(named)


def check_placed(asked: Query, n_placed: int, n_rows: int, shown: str) -> None:
    """Raise RetryableError where a statement did not find a place for every row."""
    if n_placed != n_rows:
        raise RetryableError(
            f"{shown}: {asked.name} placed {n_placed} of {n_rows} rows, another process changed what they belong to;"
            " run the same command again"
        )


def bound(asked: Query, params: Mapping[str, Scalar]) -> Params:
    """Return parameters as Neo4j takes them: lists as lists, words as the index of words asks for them."""
    given = {
        name: orjson.loads(str(value)) if name in _LISTS and value is not None else value
        for name, value in params.items()
    }
    if asked.name == "search_names":
        given["words"] = lucene_prefixes(str(params["words"]))
    return given


def lucene_prefixes(words: str) -> str:
    """Return a search for all words by their beginnings, from one in the embedded database's own terms.

    >>> lucene_prefixes('"Söhne"* "Ha"*')
    '+sohne* +ha*'
    """
    return " ".join(f"+{word}*" for asked in re.findall(r'"([^"]*)"\*', words) for word in folded_words(asked))


def pieces_of(rows: Iterable[Sequence[Scalar]], key: Sequence[int]) -> Iterator[list[Sequence[Scalar]]]:
    """Yield rows in their order in pieces for one call each; no piece holds one key twice (no key: they never repeat).

    >>> list(pieces_of([(1, "a"), (2, "b"), (1, "c")], [0]))
    [[(1, 'a'), (2, 'b')], [(1, 'c')]]
    """
    piece: list[Sequence[Scalar]] = []
    seen: set[tuple[Scalar, ...]] = set()
    for row in rows:
        name = tuple(row[place] for place in key)
        if len(piece) == ROWS_A_CALL or (key and name in seen):
            yield piece
            piece, seen = [], set()
        piece.append(row)
        seen.add(name)
    if piece:
        yield piece


def write_in_pieces(
    transact: Callable[[Callable[[Any], None]], None], asked: Query, rows: Iterable[Sequence[Scalar]], params: Params
) -> None:
    """Write rows with one transaction a piece; ``params`` are shared by all rows."""
    for piece in pieces_of(rows, asked.key_places):
        transact(partial(Neo4jTransaction.write_piece, asked=asked, piece=piece, params=params))
