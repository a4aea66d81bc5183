"""From flat columns to the ``Snapshot`` that detection works on: pure functions on arrays, shared by every database.

Rows of sellers and values may come in any order and uses may repeat; what comes out depends on the graph alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.kinds import WRITTEN, Kind
from ringwatch.model.snapshot import NEVER, Bools, Ints, Longs, Snapshot
from ringwatch.values.hashing import PREFIX

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US_PER_DAY = 86_400_000_000
_LATEST = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class SellerColumns:
    """Sellers in any order; a seller's position is its number in the columns below. See ``Snapshot`` for meanings."""

    ids: pa.Array
    names: pa.Array
    countries: pa.Array
    registered_day: Ints
    is_closed: Bools
    n_stores: Ints
    n_listings: Ints
    n_upheld: Ints
    n_rejected: Ints
    n_pending: Ints


@dataclass(frozen=True, slots=True)
class Uses:
    """Who uses what, one row a use, in any order, repeats allowed; purposes are codes that ascend with their text."""

    seller: Ints
    value: Ints | Longs
    first_day: Ints
    last_day: Ints
    purpose: Ints

    def rows(self, chosen: npt.NDArray[Any]) -> "Uses":
        """Return some of the uses, by place or mask."""
        columns = (self.seller, self.value, self.first_day, self.last_day, self.purpose)
        seller, value, first_day, last_day, purpose = (column[chosen] for column in columns)
        return Uses(seller, value, first_day, last_day, purpose)


@dataclass(frozen=True, slots=True)
class Links:
    """Distinct (seller, value) pairs of shared values, by value then seller, and what sellers hold alone.

    ``shared`` are the numbers of the shared values, ascending; ``value`` counts in ``shared``.
    """

    shared: Longs
    value: Longs
    seller: Ints
    first_day: Ints
    last_day: Ints
    purpose: Ints
    n_own: Ints  # shape (n_sellers, n_kinds)
    own: Uses  # each use of a value that one seller holds alone


@dataclass(frozen=True, slots=True)
class OwnWritings:
    """Uses of addresses and names that one seller holds alone, in any order; ``uses.value`` counts in ``text``."""

    uses: Uses
    kind: Ints  # per use
    text: pa.Array  # per use
    is_exempt: Bools  # per use


@dataclass(frozen=True, slots=True)
class ValueColumns:
    """The shared values, in the order of ``Links.shared``; ``kind`` counts in ``kinds``, which ascend by name."""

    kinds: tuple[Kind, ...]
    kind: Ints
    text: pa.Array
    is_exempt: Bools
    purposes: tuple[str, ...]
    own: OwnWritings | None = None


@dataclass(frozen=True, slots=True)
class BrandColumns:
    """Brands, ascending by id, and (seller, brand) pairs in any order, repeats allowed."""

    ids: tuple[str, ...]
    listed: tuple[Ints, Ints]
    authorised: tuple[Ints, Ints]


def fold_uses(uses: Uses, n_sellers: int, value_kind: Ints, n_kinds: int) -> Links:
    """Return each (seller, value) pair once, shared values only, and count the values that one seller holds alone.

    Of repeated pairs the earliest first day, the latest last day and the greatest purpose stand.
    ``value_kind`` gives the kind of every value. O(n log n), O(n) where the uses come sorted by value then seller.
    """
    key = uses.value.astype(np.int64) * max(n_sellers, 1) + uses.seller
    order = _order_of(uses.value, key)
    key = key if order is None else key[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    value, seller = np.divmod(key[starts], max(n_sellers, 1))
    n_holders = np.bincount(value, minlength=len(value_kind))
    is_shared = n_holders[value] > 1
    own_key = seller[~is_shared] * n_kinds + value_kind[value[~is_shared]]
    shared = np.flatnonzero(n_holders > 1)

    def fold(reduce: np.ufunc, days: Ints) -> Ints:
        ordered = days if order is None else days[order]
        return reduce.reduceat(ordered, starts) if len(starts) else ordered

    first_day = fold(np.minimum, np.where(uses.first_day == NEVER, _LATEST, uses.first_day))
    first_day = np.where(first_day == _LATEST, NEVER, first_day).astype(np.int32)
    last_day, purpose = fold(np.maximum, uses.last_day), fold(np.maximum, uses.purpose)
    return Links(
        shared=shared,
        value=np.searchsorted(shared, value[is_shared]),
        seller=seller[is_shared].astype(np.int32),
        first_day=first_day[is_shared],
        last_day=last_day[is_shared],
        purpose=purpose[is_shared],
        n_own=np.bincount(own_key, minlength=n_sellers * n_kinds).reshape(n_sellers, n_kinds).astype(np.int32),
        own=Uses(seller.astype(np.int32), value, first_day, last_day, purpose).rows(~is_shared),
    )


def _order_of(value: Ints | Longs, key: Longs) -> Longs | None:
    """Return the stable order by key, None where it stands; keys ascend with the value, then within it."""
    if _ascends(key):
        return None
    if not _ascends(value):
        return np.argsort(key, kind="stable")
    is_same = value[1:] == value[:-1]  # only uses of one value are out of order, and most values have one use
    row = np.flatnonzero(np.append(is_same, False) | np.insert(is_same, 0, False))
    order = np.arange(len(key))
    order[row] = row[np.argsort(key[row], kind="stable")]
    return order


def own_writings(links: Links, value_kind: Ints, kinds: Sequence[Kind], is_told: Bools | None = None) -> Uses:
    """Return the uses of addresses and names that one seller holds alone, by seller number of ``links``.

    Of the sellers that ``is_told`` says, the uses of all kinds.
    """
    is_written = np.array([kind.normaliser in WRITTEN for kind in kinds], dtype=np.bool_)
    if not len(kinds):
        return links.own.rows(np.zeros(0, dtype=np.bool_))
    is_told_of = is_told[links.own.seller] if is_told is not None else False
    return links.own.rows(is_written[value_kind[links.own.value]] | is_told_of)


def assemble(
    sellers: SellerColumns, links: Links, values: ValueColumns, brands: BrandColumns, as_of: datetime
) -> Snapshot:
    """Return the snapshot: sellers by id, values by kind and text, links by value and seller. O(n log n)."""
    by_id = np.asarray(pc.array_sort_indices(sellers.ids))
    seller_rank = _ranks(by_id)
    kind_and_text = pa.table({"kind": values.kind, "text": values.text})
    by_text = np.asarray(pc.sort_indices(kind_and_text, sort_keys=[("kind", "ascending"), ("text", "ascending")]))
    link_value, link_seller = _ranks(by_text)[links.value], seller_rank[links.seller]
    order = np.lexsort((link_seller, link_value))
    text = values.text.take(by_text)
    listed_seller, listed_brand = _distinct_pairs(seller_rank, brands.listed, len(brands.ids))
    authorised_seller, authorised_brand = _distinct_pairs(seller_rank, brands.authorised, len(brands.ids))
    return Snapshot(
        seller_ids=sellers.ids.take(by_id),
        names=sellers.names.take(by_id),
        country=codes(sellers.countries)[0][by_id],
        registered_day=sellers.registered_day[by_id],
        is_closed=sellers.is_closed[by_id],
        n_stores=sellers.n_stores[by_id],
        n_listings=sellers.n_listings[by_id],
        n_upheld=sellers.n_upheld[by_id],
        n_rejected=sellers.n_rejected[by_id],
        n_pending=sellers.n_pending[by_id],
        n_own=links.n_own[by_id],
        kinds=values.kinds,
        value_kind=values.kind[by_text],
        value_text=text,
        value_is_hashed=bools(pc.starts_with(text, PREFIX)),
        value_is_exempt=values.is_exempt[by_text],
        value_start=np.concatenate(([0], np.cumsum(np.bincount(link_value, minlength=len(text))))).astype(np.int64),
        link_seller=link_seller[order],
        link_first_day=links.first_day[order],
        link_last_day=links.last_day[order],
        link_purpose=links.purpose[order],
        purposes=values.purposes,
        brand_ids=brands.ids,
        listed_seller=listed_seller,
        listed_brand=listed_brand,
        authorised_seller=authorised_seller,
        authorised_brand=authorised_brand,
        as_of_day=day_of(as_of),
        **_own_columns(seller_rank, values.own),
    )


def exempt_mask(kinds: pa.Array, texts: pa.Array, exemptions: Sequence[tuple[str, str]]) -> Bools:
    """Say for each value (kind name and text) whether it is one of the exempted (kind, text) pairs."""
    mask = np.zeros(len(texts), dtype=np.bool_)
    for kind in sorted({kind for kind, _ in exemptions}):
        innocent = pa.array([text for exempt_kind, text in exemptions if exempt_kind == kind], pa.string())
        mask |= bools(pc.and_(pc.equal(kinds, kind), pc.is_in(texts, innocent)))
    return mask


def codes(texts: pa.Array) -> tuple[Ints, tuple[str, ...]]:
    """Return a code for each text, -1 for null, and the texts by code; codes ascend with the text.

    >>> codes(pa.array(["de", None, "cn", "de"]))
    (array([ 1, -1,  0,  1], dtype=int32), ('cn', 'de'))
    """
    distinct = pc.drop_null(pc.unique(texts))
    distinct = distinct.take(pc.array_sort_indices(distinct))
    found = pc.fill_null(pc.index_in(texts, distinct), -1)
    return np.asarray(found, dtype=np.int32), tuple(distinct.to_pylist())


def days(times: pa.Array) -> Ints:
    """Return days since 1970 of times in microseconds, ``NEVER`` for null."""
    micros = np.asarray(pc.fill_null(pc.cast(times, pa.int64()), 0))
    known = bools(pc.is_valid(times))
    return np.where(known, micros // _US_PER_DAY, NEVER).astype(np.int32)


def day_of(moment: datetime) -> int:
    """Return the day since 1970 of a moment, in UTC."""
    return (moment - _EPOCH).days


def bools(mask: pa.Array) -> Bools:
    """Return an Arrow mask as an array; null counts as false."""
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _ascends(key: Longs | Ints) -> bool:
    return bool(np.all(key[1:] >= key[:-1]))


def _ranks(order: npt.NDArray[np.integer]) -> Ints:
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def _distinct_pairs(seller_rank: Ints, pairs: tuple[Ints, Ints], n_brands: int) -> tuple[Ints, Ints]:
    key = np.unique(seller_rank[pairs[0]].astype(np.int64) * max(n_brands, 1) + pairs[1])
    seller, brand = np.divmod(key, max(n_brands, 1))
    return seller.astype(np.int32), brand.astype(np.int32)


def _own_columns(seller_rank: Ints, own: OwnWritings | None) -> dict[str, Any]:
    """Return the columns of writings by the number of the seller, sorted by seller, kind and text."""
    if own is None:
        return {}
    columns = {
        "own_seller": seller_rank[own.uses.seller],
        "own_kind": own.kind,
        "own_text": own.text,
        "own_first_day": own.uses.first_day,
        "own_last_day": own.uses.last_day,
        "own_purpose": own.uses.purpose,
    }
    table = pa.table({**columns, "own_is_exempt": pa.array(own.is_exempt)})
    keys = [(name, "ascending") for name in ("own_seller", "own_kind", "own_text")]
    table = table.sort_by(keys).combine_chunks()
    found: dict[str, Any] = {name: np.asarray(table[name], dtype=np.int32) for name in columns if name != "own_text"}
    return {**found, "own_text": one_array(table["own_text"]), "own_is_exempt": bools(table["own_is_exempt"])}


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
