"""From input batches straight to a ``Snapshot``, without a database: for tests, benchmarks and one-off questions."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.assemble import (
    BrandColumns,
    OwnWritings,
    SellerColumns,
    Uses,
    ValueColumns,
    assemble,
    bools,
    codes,
    days,
    exempt_mask,
    fold_uses,
    own_writings,
)
from ringwatch.db.facts import brand_codes, brand_writings, seller_columns, tally
from ringwatch.model.kinds import Registry
from ringwatch.model.snapshot import Ints, Snapshot
from ringwatch.model.tables import BATCH_SCHEMAS


def snapshot_of(batches: Mapping[str, pa.Table], registry: Registry, as_of: datetime) -> Snapshot:
    """Return the snapshot of tables as loaded (``BATCH_SCHEMAS``; missing ones are empty), each key once.

    Uses, notices and authorisations of holders that are not there are left out.
    """
    tables = {name: batches.get(name, schema.empty_table()).combine_chunks() for name, schema in BATCH_SCHEMAS.items()}
    store_seller = _find(tables["stores"]["seller_id"], tables["sellers"]["seller_id"])
    listing_seller = _via(tables["listings"]["store_id"], tables["stores"]["store_id"], store_seller)
    sellers = _sellers(tables, store_seller, listing_seller, as_of)
    uses, value_kind, value_text, purposes = _uses(tables, store_seller)
    kind_code, kind_names = codes(value_kind)
    links = fold_uses(uses, len(sellers.ids), kind_code, len(kind_names))
    kind, text = value_kind.take(pa.array(links.shared)), value_text.take(pa.array(links.shared))
    kinds = tuple(registry[name] for name in kind_names)
    exempted = _exemptions(tables["exemptions"], as_of)
    own = own_writings(links, kind_code, kinds)
    numbers = pa.array(own.value)
    own_kind, own_text = value_kind.take(numbers), value_text.take(numbers)
    writings = OwnWritings(own, kind_code[own.value], own_text, exempt_mask(own_kind, own_text, exempted))
    values = ValueColumns(
        kinds=kinds,
        kind=kind_code[links.shared],
        text=text,
        is_exempt=exempt_mask(kind, text, exempted),
        purposes=purposes,
        own=writings,
    )
    return assemble(sellers, links, values, _brands(tables, listing_seller, as_of), as_of)


def _find(wanted: pa.ChunkedArray, ids: pa.ChunkedArray) -> Ints:
    return np.asarray(pc.fill_null(pc.index_in(wanted, ids.combine_chunks()), -1), dtype=np.int32)


def _via(wanted: pa.ChunkedArray, ids: pa.ChunkedArray, owner: Ints) -> Ints:
    """Return the owner of each wanted id, -1 where the id or its owner is not there."""
    return np.append(owner, np.int32(-1))[_find(wanted, ids)]


def _sellers(
    tables: Mapping[str, pa.Table], store_seller: Ints, listing_seller: Ints, as_of: datetime
) -> SellerColumns:
    stores, notices = tables["stores"], tables["notices"]
    against = _via(notices["listing_id"], tables["listings"]["listing_id"], listing_seller)
    against = np.where(against < 0, _via(notices["store_id"], stores["store_id"], store_seller), against)
    n_listings = tally(listing_seller, len(tables["sellers"]))
    return seller_columns(tables["sellers"], n_listings, (store_seller, stores), (against, notices), as_of)


def _uses(tables: Mapping[str, pa.Table], store_seller: Ints) -> tuple[Uses, pa.Array, pa.Array, tuple[str, ...]]:
    """Return the uses by seller and value number, kind and text of each value, and the purposes by code."""
    table = tables["uses"]
    seller = _find(table["holder_id"], tables["sellers"]["seller_id"])
    seller = np.where(seller < 0, _via(table["holder_id"], tables["stores"]["store_id"], store_seller), seller)
    table, seller = table.filter(pa.array(seller >= 0)), seller[seller >= 0]
    numbered = table.select(["kind", "value"]).append_column("row", pa.array(np.arange(len(table))))
    values = numbered.group_by(["kind", "value"], use_threads=False).aggregate([("row", "list")])
    rows = values["row_list"].combine_chunks()
    value = np.empty(len(table), dtype=np.int32)
    value[np.asarray(rows.flatten())] = np.repeat(np.arange(len(values)), np.diff(np.asarray(rows.offsets)))
    purpose, purposes = codes(table["purpose"])
    uses = Uses(seller, value, days(table["first_seen_at"]), days(table["last_seen_at"]), purpose)
    return uses, values["kind"].combine_chunks(), values["value"].combine_chunks(), purposes


def _exemptions(table: pa.Table, as_of: datetime) -> list[tuple[str, str]]:
    columns = (table[name].to_pylist() for name in ("kind", "value", "expires_at"))
    return [(kind, value) for kind, value, expires in zip(*columns, strict=True) if expires is None or expires > as_of]


def _brands(tables: Mapping[str, pa.Table], listing_seller: Ints, as_of: datetime) -> BrandColumns:
    ids = tuple(sorted(tables["brands"]["brand_id"].to_pylist()))
    brand = brand_codes(tables["listings"]["brand"], brand_writings(tables["brands"], ids))
    listed = (listing_seller >= 0) & (brand >= 0)
    given = tables["authorisations"]
    seller = _find(given["seller_id"], tables["sellers"]["seller_id"])
    authorised_brand = np.asarray(pc.fill_null(pc.index_in(given["brand_id"], pa.array(ids, pa.string())), -1))
    moment = pa.scalar(as_of, given["valid_from"].type)
    is_live = ~bools(pc.greater(given["valid_from"], moment)) & ~bools(pc.less_equal(given["valid_to"], moment))
    authorised = (seller >= 0) & (authorised_brand >= 0) & is_live
    return BrandColumns(
        ids=ids,
        listed=(listing_seller[listed], brand[listed]),
        authorised=(seller[authorised], authorised_brand[authorised].astype(np.int32)),
    )
