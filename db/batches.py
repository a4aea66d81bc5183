"""Input batches turned into the rows of the upserts: which columns, in which order, under which numbers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from types import MappingProxyType

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.database import Column, Params, Scalar, Session
from ringwatch.db.interning import check_no_nul, distinct_texts, find_numbers, place_of
from ringwatch.model.errors import InputError
from ringwatch.model.snapshot import Longs

PROPERTIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sellers": ("name", "legal_name", "country", "status", "extra", "registered_at"),
        "stores": ("name", "marketplace", "url", "status", "extra", "opened_at", "closed_at"),
        "listings": (
            *("title", "brand", "currency", "url", "image_url", "image_hash", "status", "extra"),
            *("listed_at", "removed_at", "first_sold_at", "price"),
        ),
        "uses": ("purpose", "provenance", "extra"),
        "brands": ("aliases", "extra", "member_since"),
        "authorisations": ("extra", "valid_from", "valid_to"),
        "notices": ("listing_id", "store_id", "kind", "outcome", "extra", "filed_at", "decided_at"),
        "exemptions": ("owner", "note", "extra", "expires_at"),
    }
)
"""Properties of each table in the order of the bits of ``given`` and of the upsert's parameters."""


def write_sellers(session: Session, load: int, batch: pa.Table) -> None:
    """Upsert sellers."""
    numbers = _holders(session, "sellers", "find_sellers", batch["seller_id"])
    with _names_indexed(session, "seller", numbers, batch["name"]):
        _upsert(session, "upsert_seller", [numbers, *_properties("sellers", batch)], load, numbers)


def write_stores(session: Session, load: int, batch: pa.Table) -> None:
    """Upsert stores."""
    sellers = references(session, "stores", "find_sellers", batch["seller_id"])
    numbers = _holders(session, "stores", "find_stores", batch["store_id"])
    with _names_indexed(session, "store", numbers, batch["name"]):
        _upsert(session, "upsert_store", [numbers, sellers, *_properties("stores", batch)], load, numbers)


def write_listings(session: Session, load: int, batch: pa.Table) -> None:
    """Upsert listings."""
    ids = batch["listing_id"]
    check_no_nul("listings", ids, "listing_id")
    stores = references(session, "listings", "find_stores", batch["store_id"])
    last = int(session.ints("last_numbers")[0, 1])
    distinct = distinct_texts(ids)
    found = find_numbers(session, "find_listings", distinct) if last else np.zeros(len(distinct), dtype=np.int64)
    found[found == 0] = last + 1 + np.arange(np.count_nonzero(found == 0))
    numbers = found[place_of(ids, distinct)]
    _upsert(session, "upsert_listing", [numbers, ids, stores, *_properties("listings", batch)], load, numbers)


def write_brands(session: Session, load: int, batch: pa.Table) -> None:
    """Upsert brands."""
    check_no_nul("brands", batch["brand_id"], "brand_id")
    _upsert(session, "upsert_brand", [batch["brand_id"], batch["name"], *_properties("brands", batch)], load)


def write_authorisations(session: Session, load: int, batch: pa.Table) -> None:
    """Upsert authorisations."""
    references(session, "authorisations", "find_brands", batch["brand_id"])
    sellers = references(session, "authorisations", "find_sellers", batch["seller_id"])
    columns = [batch["brand_id"], sellers, *_properties("authorisations", batch)]
    _upsert(session, "upsert_authorisation", columns, load)


def write_notices(session: Session, load: int, batch: pa.Table) -> None:
    """Upsert notices."""
    check_no_nul("notices", batch["notice_id"], "notice_id")
    references(session, "notices", "find_brands", batch["brand_id"])
    listings = references(session, "notices", "find_listings", batch["listing_id"])
    stores = references(session, "notices", "find_stores", batch["store_id"])
    targets = [pa.array(numbers, mask=numbers == 0) for numbers in (listings, stores)]
    *properties, given = _properties("notices", batch)
    columns = [batch["notice_id"], batch["brand_id"], *targets, *properties[2:], given]
    _upsert(session, "upsert_notice", columns, load)


def write_exemptions(session: Session, load: int, batch: pa.Table, at: int) -> None:
    """Upsert exemptions; one that a person lifted stays lifted."""
    check_no_nul("exemptions", batch["value"], "value")
    keys = [batch["kind"], batch["value"]]
    columns = [*keys, batch["display"], batch["reason"], *_properties("exemptions", batch), load, at, *keys]
    session.write_rows("upsert_loaded_exemption", rows_of(columns, len(batch)))


def references(session: Session, table: str, finder: str, ids: pa.ChunkedArray) -> Longs:
    """Return the number of what each id names, 0 for null. Raises InputError for an id that is not there."""
    check_no_nul(table, ids, "an id")
    distinct = distinct_texts(ids)
    found = find_numbers(session, finder, distinct)
    if len(found) and not found.all():
        missing = distinct[int(np.argmin(found))].as_py()
        what = finder.removeprefix("find_")
        raise InputError(f"{table}: {missing!r} is not among the {what}; nothing of this batch was written")
    return np.append(found, 0)[place_of(ids, distinct)]  # -1, for null, takes the 0 at the end


def given_bits(columns: Sequence[pa.Array | pa.ChunkedArray]) -> Longs | int:
    """Return for each row a number whose bit i is set where column i is not null; one number where all rows agree.

    >>> given_bits([pa.array(["a", None]), pa.array([1, 2])])
    array([3, 2])
    """
    everywhere, bits = 0, None
    for i, column in enumerate(columns):
        if column.null_count == 0:
            everywhere |= 1 << i
        elif column.null_count < len(column):
            valid = np.asarray(pc.cast(pc.is_valid(column), pa.int64())) << i
            bits = valid if bits is None else bits | valid
    return everywhere if bits is None else bits | everywhere


def rows_of(columns: Sequence[Column], n_rows: int) -> Iterator[tuple[Scalar, ...]]:
    """Yield the rows of columns as tuples of plain Python values; a single value stands in every row.

    Times come as microseconds since 1970.
    """
    plain = map(plain_values, columns)
    return zip(*(column if isinstance(column, list) else repeat(column, n_rows) for column in plain), strict=True)


def plain_values(column: Column) -> list[Scalar] | Scalar:
    """Return a column as plain Python values, one where it stands in every row; times as microseconds since 1970.

    >>> plain_values(pa.array(["a", None])), plain_values(np.array([7, 7])), plain_values(pa.nulls(2))
    (['a', None], 7, None)
    """
    if isinstance(column, np.ndarray):
        column = pa.array(column)
    if not _is_arrow(column):
        value: Scalar = column
        return value
    if column.null_count == len(column):
        return None
    if pa.types.is_timestamp(column.type):
        column = pc.cast(column, pa.int64())
    if pa.types.is_integer(column.type) and column.null_count == 0:
        least, greatest = pc.min_max(column).values()
        if least == greatest:
            return int(least.as_py())
    return list(column.to_pylist())


def order_of(columns: Sequence[Column], order: Longs | None) -> list[Column]:
    """Return the columns with their rows in the given order; single values stay."""
    if order is None:
        return list(columns)
    taken = pa.array(order)
    return [
        column[order] if isinstance(column, np.ndarray) else column.take(taken) if _is_arrow(column) else column
        for column in columns
    ]


def ascending(*keys: Longs) -> Longs | None:
    """Return the order in which the keys (the first decides) ascend, None where they do already."""
    if len(keys) == 1 and bool(np.all(keys[0][1:] >= keys[0][:-1])):
        return None
    return np.lexsort(keys[::-1]) if len(keys) > 1 else np.argsort(keys[0], kind="stable")


def _holders(session: Session, table: str, finder: str, ids: pa.ChunkedArray) -> Longs:
    """Return the number of each holder; new ones get theirs, in the order of their ids."""
    check_no_nul(table, ids, "id")
    last = int(session.ints("last_numbers")[0, 0])
    distinct = distinct_texts(ids)
    found = find_numbers(session, finder, distinct) if last else np.zeros(len(distinct), dtype=np.int64)
    is_new = found == 0
    found[is_new] = last + 1 + np.arange(np.count_nonzero(is_new))
    new_ids = distinct.filter(pa.array(is_new))
    _refuse_twice(session, table, new_ids)
    session.write_columns("insert_holder", [found[is_new], new_ids], len(new_ids))
    return found[place_of(ids, distinct)]


def _refuse_twice(session: Session, table: str, ids: pa.Array) -> None:
    """Raise InputError where an id is a seller's and a store's."""
    other, finder = ("store", "find_stores") if table == "sellers" else ("seller", "find_sellers")
    taken = find_numbers(session, finder, ids)
    if taken.any():
        bad = ids[int(np.argmax(taken))].as_py()
        raise InputError(
            f"{table}: {bad!r} is the id of a {other} already, expected one name space for both;"
            " nothing of this batch was written; set id_prefix in the mapping"
        )


@contextmanager
def _names_indexed(session: Session, what: str, numbers: Longs, names: pa.ChunkedArray) -> Iterator[None]:
    """Keep the index of words in step with the names that the block writes."""
    named = np.unique(numbers[np.asarray(pc.is_valid(names))])
    params: Params = {"ns": orjson.dumps(named, option=orjson.OPT_SERIALIZE_NUMPY).decode()}
    session.write(f"unindex_{what}_names", params)
    yield
    session.write(f"index_{what}_names", params)


def _properties(table: str, batch: pa.Table) -> list[Column]:
    columns = [batch[name] for name in PROPERTIES[table]]
    return [*columns, given_bits(columns)]


def _upsert(session: Session, name: str, columns: list[Column], load: int, order_by: Longs | None = None) -> None:
    order = None if order_by is None else ascending(order_by)
    n_rows = next(len(column) for column in columns if isinstance(column, np.ndarray) or _is_arrow(column))
    session.write_columns(name, [*order_of(columns, order), load, load], n_rows)


def _is_arrow(column: Column) -> bool:
    return isinstance(column, (pa.Array, pa.ChunkedArray))
