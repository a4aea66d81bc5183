"""Ids and texts turned into the database's dense numbers, a column at a time."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.database import NO_PARAMS, Params
from ringwatch.model.errors import InputError
from ringwatch.model.snapshot import Longs

_CHUNK = 100_000  # ids in one question: some megabytes of JSON, and few enough questions


class _Reader(Protocol):
    def ints(self, name: str, params: Params = NO_PARAMS) -> npt.NDArray[np.int64]: ...


def distinct_texts(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the distinct texts in ascending order, nulls left out: index pages are then met in order."""
    distinct = pc.drop_null(pc.unique(texts))
    return distinct.take(pc.array_sort_indices(distinct))


def find_numbers(reader: _Reader, finder: str, texts: pa.Array, kind_n: int | None = None) -> Longs:
    """Return the number of each text in the database, 0 where unknown; ``finder`` names the query that looks."""
    numbers = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(texts), _CHUNK):
        wanted = orjson.dumps(texts[start : start + _CHUNK].to_pylist()).decode()
        params: Params = {"ids": wanted} if kind_n is None else {"texts": wanted, "kind_n": kind_n}
        numbers.append(reader.ints(finder, params)[:, 0])
    return np.concatenate(numbers)


def place_of(texts: pa.Array | pa.ChunkedArray, distinct: pa.Array) -> Longs:
    """Return the position of each text in ``distinct``, -1 for null or where it is not there."""
    places = pc.fill_null(pc.index_in(texts, distinct), -1)
    return np.asarray(places, dtype=np.int64)


def check_no_nul(table: str, texts: pa.Array | pa.ChunkedArray, column: str) -> None:
    """Raise InputError where a key holds a NUL character: databases end texts there, and two keys would be one."""
    if pc.any(pc.match_substring(texts, "\0")).as_py():
        bad = texts.filter(pc.match_substring(texts, "\0"))[0].as_py()
        raise InputError(
            f"{table}: {column} {bad!r} holds a NUL character, expected text without; nothing of this batch was written"
        )
