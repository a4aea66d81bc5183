"""The rows of a first load as nodes and relationships with their numbers: columns in, columns out, no database.

What the upserts of a database do row by row is done here for a whole table: of rows with one key the greatest value of
each column stands (of ``first_seen_at`` the least), and every node gets its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.batches import PROPERTIES, given_bits
from ringwatch.db.interning import check_no_nul, distinct_texts, place_of
from ringwatch.db.uses import greatest_by_place
from ringwatch.db.words import folded_words
from ringwatch.model.errors import InputError
from ringwatch.model.snapshot import Bools, Longs

_PLAIN_NAME = "^[ -~]*$"  # ASCII: its words need no folding but that of case


@dataclass(frozen=True, slots=True)
class Numbered:
    """Things of one table: their ids, and the number of each in the graph."""

    ids: pa.Array
    first_n: int

    @property
    def numbers(self) -> Longs:
        """Return the numbers in the order of the ids."""
        return np.arange(self.first_n, self.first_n + len(self.ids))

    def find(self, table: str, what: str, wanted: pa.ChunkedArray) -> pa.Array:
        """Return the number of each id, null for null. Raises InputError for an id that is not there."""
        places = pc.index_in(wanted, self.ids)
        missing = pc.and_(pc.is_null(places), pc.is_valid(wanted))
        if pc.any(missing).as_py():
            bad = wanted.filter(missing)[0].as_py()
            raise InputError(f"{table}: {bad!r} is not among the {what}; no files were written")
        return _whole(pc.add(pc.cast(places, pa.int64()), self.first_n))


def numbered(table: str, ids: pa.ChunkedArray, first_n: int) -> Numbered:
    """Return the distinct ids of a table, in their order, numbered from ``first_n`` on."""
    check_no_nul(table, ids, "id")
    return Numbered(distinct_texts(ids), first_n)


def one_row_each(rows: pa.Table, places: Longs, n: int, least: Sequence[str] = ()) -> pa.Table:
    """Return a table of n rows: of the rows of each place 0..n-1 the greatest of each column, or the least."""
    rows = rows.combine_chunks()
    if len(rows) == n:
        order = np.empty(n, dtype=np.int64)
        order[places] = np.arange(n)
        return rows.take(pa.array(order))
    names = rows.column_names
    return pa.table(
        [greatest_by_place(places, rows[name], n, is_least=name in least) for name in names], schema=rows.schema
    )


def with_marks(table: str, rows: pa.Table, load: int) -> pa.Table:
    """Return the rows with what says which load gave what: ``given``, ``load_n``, ``first_load_n``."""
    marks = {
        "given": given_bits([rows[name] for name in PROPERTIES[table]]),
        "load_n": load,
        "first_load_n": load,
    }
    for name, mark in marks.items():
        column = pa.array(mark) if isinstance(mark, np.ndarray) else pa.repeat(pa.scalar(mark, pa.int64()), len(rows))
        rows = rows.append_column(name, column)
    return rows


def replaced(rows: pa.Table, columns: Mapping[str, tuple[str, pa.Array | Longs]]) -> pa.Table:
    """Return the rows with some columns (by name) put under another name, with other contents, in their place."""
    for old, (new, column) in columns.items():
        rows = rows.set_column(rows.schema.get_field_index(old), new, pa.array(column))
    return rows


def words_column(names: pa.ChunkedArray) -> pa.Array:
    """Return the folded words of each name as the index of words wants them, null for null.

    >>> words_column(pa.chunked_array([["Ann's  Shop", "Söhne", None]])).to_pylist()
    ['ann s shop', 'sohne', None]
    """
    names = _whole(names)
    bare = pc.replace_substring_regex(pc.utf8_lower(names), "[^0-9a-z]+", " ")
    words = pc.utf8_trim_whitespace(bare)
    is_other = np.asarray(pc.fill_null(pc.invert(pc.match_substring_regex(names, _PLAIN_NAME)), False))
    if not is_other.any():
        return words
    other = [" ".join(folded_words(name)) for name in names.filter(pa.array(is_other)).to_pylist()]
    return pc.replace_with_mask(words, pa.array(is_other), pa.array(other, pa.string()))


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses of a load by number, a row each as they came; ``repeated``: another row has the same two numbers."""

    value: Longs
    holder: Longs
    repeated: Bools


def numbered_uses(value: Longs, holder: Longs) -> Uses:
    """Return the uses, and which of them come several times; O(n log n)."""
    key = (value << 32) | holder  # both below 2**31: more would not fit into a file of the embedded database
    order = np.sort(key)
    twice = order[1:][order[1:] == order[:-1]]
    return Uses(value, holder, np.isin(key, twice) if len(twice) else np.zeros(len(key), dtype=np.bool_))


def value_nodes(
    kind: pa.ChunkedArray, columns: pa.Table, kind_numbers: Mapping[str, int], value_of: Longs
) -> Iterator[pa.Table]:
    """Yield the values of each kind as nodes, and fill ``value_of`` with the number of the value of each row.

    ``columns`` holds ``value`` and ``display``; where the greatest display is the text itself, none is kept.
    """
    first_n = 1
    for name, kind_n in kind_numbers.items():
        is_of = pc.equal(kind, name)
        held = columns.filter(is_of)
        coded = held["value"].cast(pa.large_string()).combine_chunks().dictionary_encode()
        places, texts = np.asarray(coded.indices, dtype=np.int64), coded.dictionary
        value_of[np.asarray(is_of)] = first_n + places
        n = len(texts)
        yield pa.table(
            {
                "n:ID(value)": np.arange(first_n, first_n + n),
                "kind_n": pa.repeat(pa.scalar(kind_n, pa.int64()), n),
                "kind": pa.repeat(pa.scalar(name), n),
                "text": texts,
                "display": _displays(held, places, texts),
            }
        )
        first_n += n


def _displays(held: pa.Table, places: Longs, texts: pa.Array) -> pa.Array:
    if pc.all(pc.equal(held["value"], held["display"])).as_py():
        return pa.nulls(len(texts), pa.string())
    shown = greatest_by_place(places, held["display"], len(texts))
    return pc.if_else(pc.equal(shown, texts.cast(shown.type)), pa.scalar(None, shown.type), shown)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def places_of_pairs(first: pa.Array, second: pa.Array) -> tuple[Longs, int]:
    """Return for each pair of numbers the place of that pair among all there are, and how many there are."""
    key = (np.asarray(first, dtype=np.int64) << 32) | np.asarray(second, dtype=np.int64)
    distinct, places = np.unique(key, return_inverse=True)
    return places, len(distinct)


def places_of(ids: pa.ChunkedArray, things: Numbered) -> Longs:
    """Return the place of each id among things that have them all."""
    return place_of(ids, things.ids)
