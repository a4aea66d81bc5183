"""The current graph of a database as a ``Snapshot``: columns out of few queries, all of one moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.assemble import (
    BrandColumns,
    Links,
    OwnWritings,
    Uses,
    ValueColumns,
    assemble,
    bools,
    codes,
    exempt_mask,
    fold_uses,
    own_writings,
)
from ringwatch.db.facts import brand_codes, brand_writings, seller_columns
from ringwatch.db.lens import Lens
from ringwatch.db.picture import Held, Picture, ints, read_picture, table, texts_of, update, with_texts
from ringwatch.db.picture_file import read_kept
from ringwatch.db.times import micros
from ringwatch.model.snapshot import Bools, Ints, Snapshot
from ringwatch.model.tables import TIME

_N, _TEXT = pa.int64(), pa.string()
_NOTICES = {"seller_n": _N, "kind": _TEXT, "outcome": _TEXT}
_BRANDS = {"brand_id": _TEXT, "name": _TEXT, "aliases": _TEXT}
_AUTHORISATIONS = {"brand_id": _TEXT, "seller_n": _N}
MARK_SETTING = "picture_mark"
KEPT_LEAST = 100_000  # uses from which on a picture is kept: fewer are read in the time that a file takes
RENEWED_SHARE = 0.02  # of all values: once loads touched so many, a newer picture is kept


@dataclass(frozen=True, slots=True)
class Reading:
    """A snapshot, and the picture that it was made of where that is worth keeping."""

    snapshot: Snapshot
    picture: Picture | None


def export_snapshot(lens: Lens, as_of: datetime, *, from_kept: bool = True, own_of: Collection[str] = ()) -> Reading:
    """Return the graph as it stands, with the exemptions and authorisations in force at ``as_of``.

    What was kept of an earlier reading is not read again, but where ``from_kept`` says no; the snapshot is the same.
    ``own_of``: sellers of whom ``own_*`` has every value that they hold alone, not addresses and names only.
    """
    known = _updated(lens) if from_kept else None
    picture, reached = known or (read_picture(lens), 1.0)
    snapshot, picture = _snapshot_of(lens, picture, as_of, own_of)
    is_worth = lens.picture_path is not None and len(picture.held.value) >= KEPT_LEAST and reached > RENEWED_SHARE
    return Reading(snapshot, picture if is_worth else None)


def _updated(lens: Lens) -> tuple[Picture, float] | None:
    """Return the picture that is kept, brought up to date, and the share of values that changed; None for none."""
    mark = lens.rows("setting", {"name": MARK_SETTING})
    kept = read_kept(lens.picture_path, mark[0][0]) if mark and lens.picture_path is not None else None
    return None if kept is None else update(lens, kept)


def _snapshot_of(lens: Lens, picture: Picture, as_of: datetime, own_of: Collection[str]) -> tuple[Snapshot, Picture]:
    """Return the snapshot of a picture, and the picture with the texts that it needed."""
    sellers, stores, listings = picture.sellers, _as_decided(lens, picture.stores), picture.listings
    notices = table(lens, "snapshot_notices", _NOTICES)
    seller_row = np.full(int(lens.ints("last_numbers")[0, 0]) + 1, -1, dtype=np.int32)  # by number of holder
    seller_row[ints(sellers, "n")] = np.arange(len(sellers), dtype=np.int32)
    store_seller, lister = seller_row[ints(stores, "seller_n")], seller_row[ints(listings, "seller_n")]
    n_listings = np.bincount(lister, weights=ints(listings, "n"), minlength=len(sellers)).astype(np.int32)
    against = seller_row[ints(notices, "seller_n")]
    columns = seller_columns(_typed(sellers), n_listings, (store_seller, _typed(stores)), (against, notices), as_of)
    brands = _brand_columns(lens, seller_row, (lister, listings["brand"]), as_of)
    seller_row[ints(stores, "n")] = store_seller  # now by number of holder, whichever it is
    is_told = bools(pc.is_in(sellers["seller_id"], pa.array(list(own_of), _TEXT)))
    links, values, picture = _links_and_values(lens, picture, (seller_row, is_told), as_of)
    return assemble(columns, links, values, brands, as_of), picture


def _links_and_values(
    lens: Lens, picture: Picture, rows: tuple[Ints, Bools], as_of: datetime
) -> tuple[Links, ValueColumns, Picture]:
    """Return links and values, and the picture with their texts.

    ``rows``: seller's row by holder, and of which rows all that they hold alone is told.
    """
    uses, purposes = _uses(lens, picture.held, rows[0])
    kind_names = sorted((name, n) for n, name, _ in lens.rows("kinds"))
    kind_of = np.zeros(max((n for _, n in kind_names), default=0) + 1, dtype=np.int32)
    kind_of[[n for _, n in kind_names]] = np.arange(len(kind_names))
    value_kind = np.append(np.int32(0), kind_of[picture.value_kind])  # numbers begin at 1
    kinds = tuple(lens.registry[name] for name, _ in kind_names)
    links = fold_uses(uses, len(rows[1]), value_kind, len(kind_names))
    own = own_writings(links, value_kind, kinds, rows[1])
    picture = with_texts(lens, picture, np.union1d(links.shared, own.value).astype(np.int32))
    text, own_text = texts_of(picture, links.shared), texts_of(picture, own.value)
    kind, own_kind = value_kind[links.shared], value_kind[own.value]
    exempted = [(row[0], row[1]) for row in lens.rows("exemptions", {"at": micros(as_of)})]
    names = pa.array([name for name, _ in kind_names], _TEXT)
    is_exempt, own_exempt = (
        exempt_mask(names.take(pa.array(of)), texts, exempted) for of, texts in ((kind, text), (own_kind, own_text))
    )
    writings = OwnWritings(own, own_kind, own_text, own_exempt)
    return links, ValueColumns(kinds, kind, text, is_exempt, purposes, writings), picture


def _uses(lens: Lens, held: Held, seller_row: Ints) -> tuple[Uses, tuple[str, ...]]:
    """Return the uses by the row of the seller, and the purposes by code."""
    numbered = lens.rows("purposes")
    code, purposes = codes(pa.array([text for _, text in numbered], _TEXT))
    code_of = np.full(max((n for n, _ in numbered), default=0) + 1, -1, dtype=np.int32)
    code_of[[n for n, _ in numbered]] = code
    seller = seller_row[held.holder]
    columns = (seller, held.value, held.first_day, held.last_day, code_of[held.purpose])
    is_held = seller >= 0
    return Uses(*(columns if is_held.all() else (column[is_held] for column in columns))), purposes  # stores retire


def _brand_columns(lens: Lens, seller_row: Ints, listed: tuple[Ints, pa.ChunkedArray], as_of: datetime) -> BrandColumns:
    brands = table(lens, "snapshot_brands", _BRANDS)
    ids = tuple(brands["brand_id"].to_pylist())
    lister, text = listed
    brand = brand_codes(text, brand_writings(brands, ids))
    given = table(lens, "snapshot_authorisations", _AUTHORISATIONS, {"at": micros(as_of)})
    authorised = np.asarray(pc.index_in(given["brand_id"], pa.array(ids, _TEXT)), dtype=np.int32)
    return BrandColumns(
        ids=ids,
        listed=(lister[brand >= 0], brand[brand >= 0]),
        authorised=(seller_row[ints(given, "seller_n")], authorised),
    )


def _as_decided(lens: Lens, stores: pa.Table) -> pa.Table:
    """Return the stores, those closed that were closed here, whatever was loaded of them since or not yet."""
    closed = lens.ints("closed_stores")[:, 0]
    is_closed = pa.array(np.isin(ints(stores, "n"), closed))
    place = stores.column_names.index("status")
    return stores.set_column(place, "status", pc.if_else(is_closed, "closed", stores["status"]))


def _typed(table: pa.Table) -> pa.Table:
    """Return the table with its moments as times."""
    for i, name in enumerate(table.column_names):
        if name.endswith("_at"):
            table = table.set_column(i, name, table[name].cast(TIME))
    return table
