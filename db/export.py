"""The current graph of a database as a ``Snapshot``: columns out of few queries, all of one moment."""

from datetime import datetime

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.assemble import (
    BrandColumns,
    Links,
    OwnWritings,
    Uses,
    ValueColumns,
    assemble,
    codes,
    exempt_mask,
    fold_uses,
    own_writings,
)
from ringwatch.db.database import NO_PARAMS, Params
from ringwatch.db.facts import brand_codes, brand_writings, seller_columns
from ringwatch.db.lens import Lens
from ringwatch.db.times import micros
from ringwatch.model.snapshot import Ints, Longs, Snapshot
from ringwatch.model.tables import TIME

_N, _TEXT = pa.int64(), pa.string()
_SELLERS = {"n": _N, "seller_id": _TEXT, "name": _TEXT, "country": _TEXT, "status": _TEXT, "registered_at": _N}
_STORES = {"n": _N, "seller_n": _N, "status": _TEXT, "closed_at": _N}
_LISTINGS = {"seller_n": _N, "brand": _TEXT, "n": _N}
_NOTICES = {"seller_n": _N, "kind": _TEXT, "outcome": _TEXT}
_BRANDS = {"brand_id": _TEXT, "name": _TEXT, "aliases": _TEXT}
_AUTHORISATIONS = {"brand_id": _TEXT, "seller_n": _N}


def export_snapshot(lens: Lens, as_of: datetime) -> Snapshot:
    """Return the graph as it stands, with the exemptions and authorisations in force at ``as_of``."""
    sellers = _table(lens, "snapshot_sellers", _SELLERS)
    stores = _table(lens, "snapshot_stores", _STORES)
    listings = _table(lens, "snapshot_listings", _LISTINGS)
    notices = _table(lens, "snapshot_notices", _NOTICES)
    seller_row = np.full(int(lens.ints("last_numbers")[0, 0]) + 1, -1, dtype=np.int32)  # by number of holder
    seller_row[_ints(sellers, "n")] = np.arange(len(sellers), dtype=np.int32)
    store_seller, lister = seller_row[_ints(stores, "seller_n")], seller_row[_ints(listings, "seller_n")]
    n_listings = np.bincount(lister, weights=_ints(listings, "n"), minlength=len(sellers)).astype(np.int32)
    against = seller_row[_ints(notices, "seller_n")]
    columns = seller_columns(_typed(sellers), n_listings, (store_seller, _typed(stores)), (against, notices), as_of)
    brands = _brand_columns(lens, seller_row, (lister, listings["brand"]), as_of)
    seller_row[_ints(stores, "n")] = store_seller  # now by number of holder, whichever it is
    links, values = _links_and_values(lens, seller_row, len(sellers), as_of)
    return assemble(columns, links, values, brands, as_of)


def _links_and_values(lens: Lens, seller_row: Ints, n_sellers: int, as_of: datetime) -> tuple[Links, ValueColumns]:
    uses, purposes = _uses(lens, seller_row)
    kind_names = sorted((name, n) for n, name, _ in lens.rows("kinds"))
    kind_of = np.zeros(max((n for _, n in kind_names), default=0) + 1, dtype=np.int32)
    kind_of[[n for _, n in kind_names]] = np.arange(len(kind_names))
    value_kind = np.append(np.int32(0), kind_of[lens.value_kinds()])  # numbers begin at 1
    links = fold_uses(uses, n_sellers, value_kind, len(kind_names))
    text = _texts(lens, links.shared)
    kind = value_kind[links.shared]
    exempted = [(row[0], row[1]) for row in lens.rows("exemptions", {"at": micros(as_of)})]
    names = pa.array([name for name, _ in kind_names], _TEXT)
    kinds = tuple(lens.registry[name] for name, _ in kind_names)
    is_exempt = exempt_mask(names.take(pa.array(kind)), text, exempted)
    own = own_writings(links, value_kind, kinds)
    by_value = np.argsort(own.value, kind="stable")  # texts are found faster in their order
    own = own.rows(by_value)
    own_kind, own_text = value_kind[own.value], _texts(lens, own.value.astype(np.int64))
    own_exempt = exempt_mask(names.take(pa.array(own_kind)), own_text, exempted)
    writings = OwnWritings(own, own_kind, own_text, own_exempt)
    return links, ValueColumns(kinds, kind, text, is_exempt, purposes, writings)


def _uses(lens: Lens, seller_row: Ints) -> tuple[Uses, tuple[str, ...]]:
    """Return the uses by the row of the seller, and the purposes by code."""
    value, holder, first_day, last_day, purpose_n = lens.use_columns()
    numbered = lens.rows("purposes")
    code, purposes = codes(pa.array([text for _, text in numbered], _TEXT))
    code_of = np.full(max((n for n, _ in numbered), default=0) + 1, -1, dtype=np.int32)
    code_of[[n for n, _ in numbered]] = code
    seller = seller_row[holder]
    held = slice(None) if seller.min(initial=0) >= 0 else seller >= 0  # stores that retired hold nothing
    return Uses(seller[held], value[held], first_day[held], last_day[held], code_of[purpose_n[held]]), purposes


def _texts(lens: Lens, numbers: Longs) -> pa.Array:
    rows = lens.rows("snapshot_values", {"ns": orjson.dumps(numbers.tolist()).decode()})
    return pa.array([text for (text,) in rows], _TEXT)


def _brand_columns(lens: Lens, seller_row: Ints, listed: tuple[Ints, pa.ChunkedArray], as_of: datetime) -> BrandColumns:
    brands = _table(lens, "snapshot_brands", _BRANDS)
    ids = tuple(brands["brand_id"].to_pylist())
    lister, text = listed
    brand = brand_codes(text, brand_writings(brands, ids))
    given = _table(lens, "snapshot_authorisations", _AUTHORISATIONS, {"at": micros(as_of)})
    authorised = np.asarray(pc.index_in(given["brand_id"], pa.array(ids, _TEXT)), dtype=np.int32)
    return BrandColumns(
        ids=ids,
        listed=(lister[brand >= 0], brand[brand >= 0]),
        authorised=(seller_row[_ints(given, "seller_n")], authorised),
    )


def _table(lens: Lens, name: str, schema: dict[str, pa.DataType], params: Params = NO_PARAMS) -> pa.Table:
    rows = lens.rows(name, params)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.values(), strict=True)]
    return pa.table(arrays, names=list(schema))


def _typed(table: pa.Table) -> pa.Table:
    """Return the table with its moments as times."""
    for i, name in enumerate(table.column_names):
        if name.endswith("_at"):
            table = table.set_column(i, name, table[name].cast(TIME))
    return table


def _ints(table: pa.Table, column: str) -> Longs:
    return np.asarray(table[column], dtype=np.int64)
