"""The columns of the graph under the database's own numbers, as one moment shows them, and what loads change of them.

What was read once need not be read again: a load leaves its number on every row that it touches, and the moment when it
finished on every row that it retires. So a picture that names the loads which were over when it was made is brought up
to date by the rows of all others. What is small (brands, notices, authorisations, exemptions, kinds) is read each time.
"""

from dataclasses import dataclass, replace

import numpy as np
import orjson
import pyarrow as pa

from ringwatch.db.database import NO_PARAMS, Params
from ringwatch.db.lens import Lens
from ringwatch.model.snapshot import Ints, Longs

_N, _TEXT = pa.int64(), pa.string()
SELLERS = {"n": _N, "seller_id": _TEXT, "name": _TEXT, "country": _TEXT, "status": _TEXT, "registered_at": _N}
STORES = {"n": _N, "seller_n": _N, "status": _TEXT, "closed_at": _N}
LISTINGS = {"seller_n": _N, "brand": _TEXT, "n": _N}
_SLICE = 1 << 16  # listings in one packed answer
REACHED_MOST = 0.2  # of all values: where loads touched more, reading everything is as fast
_NONE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Held:
    """Who uses what, one row a use of one source, in any order; days as in ``Snapshot``, purpose 0: none."""

    value: Ints
    holder: Ints
    first_day: Ints
    last_day: Ints
    purpose: Ints


@dataclass(frozen=True, slots=True)
class Picture:
    """What stands, under numbers of the database."""

    loads: Ints  # that were over: they change no row any more
    sellers: pa.Table  # columns as in SELLERS; rows of all tables in any order
    stores: pa.Table  # as in STORES
    listings: pa.Table  # as in LISTINGS
    listing_store: Ints  # of each listing, by its number, which begin at 1
    held: Held
    value_kind: Ints  # of each value, by its number, which begin at 1
    text_value: Ints  # numbers of the values whose texts are known, ascending ...
    text: pa.Array  # ... and their texts


@dataclass(frozen=True, slots=True)
class _Since:
    """What loads touched since a picture was made: their numbers and the moments when they finished."""

    over: Ints  # loads that are over now
    params: Params


def read_picture(lens: Lens) -> Picture:
    """Return the picture of this moment, which knows no texts yet. O(graph)."""
    keeps = lens.picture_path is not None
    return Picture(
        loads=_since(lens, _NONE).over if keeps else _NONE,
        sellers=table(lens, "snapshot_sellers", SELLERS),
        stores=table(lens, "snapshot_stores", STORES),
        listings=table(lens, "snapshot_listings", LISTINGS),
        listing_store=_listing_stores(lens) if keeps else _NONE,
        held=Held(*(column.astype(np.int32, copy=False) for column in lens.use_columns())),
        value_kind=lens.value_kinds().astype(np.int32),
        text_value=_NONE,
        text=pa.array([], _TEXT),
    )


def update(lens: Lens, old: Picture) -> tuple[Picture, float] | None:
    """Return a picture brought up to date, and the share of values that were touched; None where that is too large.

    O(what was touched), one scan for it, and a copy of the columns.
    """
    since = _since(lens, old.loads)
    values, last = lens.ints("changed_values", since.params)[:, 0], int(lens.ints("last_numbers")[0, 2])
    reached = len(values) / max(last, 1)
    if reached > REACHED_MOST:
        return None
    sellers = table(lens, "changed_sellers", SELLERS, {"loads": since.params["loads"]})
    stores = table(lens, "changed_stores", {**STORES, "stands": _N}, since.params)
    standing = stores.filter(pa.array(ints(stores, "stands") > 0)).drop_columns(["stands"])
    picture = replace(
        old,
        loads=since.over,
        sellers=_replaced(old.sellers, "n", ints(sellers, "n"), sellers),
        stores=_replaced(old.stores, "n", ints(stores, "n"), standing),
        value_kind=_value_kinds(lens, old.value_kind, last),
        held=_held(lens, old.held, values, last),
    )
    return _with_listings(lens, old, picture, ints(stores, "n"), since.params), reached


def with_texts(lens: Lens, picture: Picture, values: Ints) -> Picture:
    """Return the picture with the texts of these values (ascending), and of no others."""
    place = np.searchsorted(picture.text_value, values)
    is_new = ~np.isin(values, picture.text_value, assume_unique=True)
    place[is_new] = len(picture.text_value) + np.arange(np.count_nonzero(is_new))
    rows = lens.rows("snapshot_values", {"ns": _json(values[is_new])}) if is_new.any() else []
    if not rows and len(values) == len(picture.text_value):
        return picture
    known = pa.concat_arrays([picture.text, pa.array([text for (text,) in rows], _TEXT)])
    return replace(picture, text_value=values, text=known.take(pa.array(place)))


def texts_of(picture: Picture, values: Longs | Ints) -> pa.Array:
    """Return the texts of values whose texts the picture knows."""
    return picture.text.take(pa.array(np.searchsorted(picture.text_value, values)))


def table(lens: Lens, name: str, schema: dict[str, pa.DataType], params: Params = NO_PARAMS) -> pa.Table:
    """Return the rows of a query as a table."""
    rows = lens.rows(name, params)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.values(), strict=True)]
    return pa.table(arrays, names=list(schema))


def ints(rows: pa.Table, column: str) -> Longs:
    """Return a column of integers, none of them null."""
    return np.asarray(rows[column], dtype=np.int64)


def _since(lens: Lens, known: Ints) -> _Since:
    """Return what was written by loads that were not over when only the known ones were."""
    n, is_over, finished_at = lens.ints("loads").reshape(-1, 3).T
    is_new = ~np.isin(n, known)
    moments = finished_at[is_new & (finished_at >= 0)]
    return _Since(n[is_over > 0].astype(np.int32), {"loads": _json(n[is_new]), "moments": _json(moments)})


def _listing_stores(lens: Lens) -> Ints:
    parts, last = [_NONE], int(lens.ints("last_numbers")[0, 1])
    for low in range(0, last + 1, _SLICE):
        ((packed,),) = lens.rows("snapshot_listing_stores", {"low": low, "high": low + _SLICE})
        parts.append(np.fromstring(packed or "", dtype=np.int32, sep=","))
    return np.concatenate(parts)


def _value_kinds(lens: Lens, known: Ints, last: int) -> Ints:
    """Return the kind of every value, those of the new ones read."""
    if last == len(known):
        return known
    ((packed,),) = lens.rows("snapshot_value_kinds", {"low": len(known) + 1, "high": last + 1})
    return np.concatenate((known, np.fromstring(packed, dtype=np.int32, sep=",")))


def _held(lens: Lens, old: Held, values: Longs, last: int) -> Held:
    """Return the uses with those of some values read anew, by value."""
    if not len(values):
        return old
    is_touched = np.zeros(last + 1, dtype=np.bool_)
    is_touched[values] = True
    kept = ~is_touched[old.value]
    found = lens.ints("uses_of_values", {"ns": _json(values)}).astype(np.int32).T
    old_columns = (old.value, old.holder, old.first_day, old.last_day, old.purpose)
    columns = [np.concatenate((was[kept], now)) for was, now in zip(old_columns, found, strict=True)]
    by_value = np.argsort(columns[0], kind="stable")
    return Held(*(column[by_value] for column in columns))


def _with_listings(lens: Lens, old: Picture, new: Picture, stores: Longs, since: Params) -> Picture:
    """Return the new picture with the listings of all sellers who have or had a store or a listing that was touched."""
    listing, store = lens.ints("changed_listings", since).reshape(-1, 2).T
    n_more = max(int(listing.max(initial=0)) - len(old.listing_store), 0)
    listing_store = np.concatenate((old.listing_store, np.zeros(n_more, dtype=np.int32)))
    stores = np.unique(np.concatenate((stores, store, listing_store[listing - 1])))
    listing_store[listing - 1] = store
    sellers = np.unique(
        np.concatenate([ints(one, "seller_n")[np.isin(ints(one, "n"), stores)] for one in (old.stores, new.stores)])
    )
    found = table(lens, "listings_of_sellers", LISTINGS, {"ns": _json(sellers)})
    listings = _replaced(old.listings, "seller_n", sellers, found)
    return replace(new, listing_store=listing_store, listings=listings)


def _replaced(old: pa.Table, key: str, numbers: Longs, rows: pa.Table) -> pa.Table:
    """Return a table with other rows in the place of those of some numbers."""
    if not len(numbers):
        return old
    kept = old.filter(pa.array(~np.isin(ints(old, key), numbers)))
    return pa.concat_tables([kept, rows]).combine_chunks()


def _json(numbers: Longs | Ints) -> str:
    return orjson.dumps(numbers.tolist()).decode()
