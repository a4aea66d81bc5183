"""From input batches straight to a ``Snapshot``, without a database: for tests, benchmarks and one-off questions."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.assemble import (
    BrandColumns,
    SellerColumns,
    Uses,
    ValueColumns,
    assemble,
    bools,
    closed_mask,
    codes,
    days,
    exempt_mask,
    fold_uses,
)
from ringwatch.model.kinds import Registry
from ringwatch.model.snapshot import Bools, Ints, Snapshot
from ringwatch.model.tables import BATCH_SCHEMAS

OPEN_KINDS = frozenset({"notice", "test_buy", "customs_seizure"})
"""Kinds of notice that speak against a seller; a notice without a kind is a plain one."""


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
    values = ValueColumns(
        kinds=tuple(registry[name] for name in kind_names),
        kind=kind_code[links.shared],
        text=text,
        is_exempt=exempt_mask(kind, text, _exemptions(tables["exemptions"], as_of)),
        purposes=purposes,
    )
    return assemble(sellers, links, values, _brands(tables, listing_seller, as_of), as_of)


def brand_key(text: str) -> str:
    r"""Return the form in which brand ids, names and aliases are compared: NFKC, case folded, trimmed.

    >>> brand_key(" Nordfell\N{TRADE MARK SIGN}")
    'nordfelltm'
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def brand_codes(texts: pa.Array, brands: Mapping[str, int]) -> Ints:
    """Return the brand that each text names, -1 for none; ``brands`` maps the ``brand_key`` of every writing."""
    distinct = pc.unique(texts)
    known: Ints = np.array(
        [brands.get(brand_key(text), -1) if text else -1 for text in distinct.to_pylist()], dtype=np.int32
    )
    return known[np.asarray(pc.index_in(texts, distinct), dtype=np.int32)]


def brand_writings(brands: pa.Table, ids: tuple[str, ...]) -> dict[str, int]:
    """Return each writing of each brand (id, name, aliases) by its key; an id beats a name, a name an alias.

    Two brands with one name: the smaller id has it.
    """
    number = {brand_id: n for n, brand_id in enumerate(ids)}
    rows = sorted(zip(*(brands[name].to_pylist() for name in ("brand_id", "name", "aliases")), strict=True))
    writings: dict[str, int] = {}
    for texts in (
        [(row[0], row[0]) for row in rows],
        [(row[0], row[1]) for row in rows],
        [(row[0], alias) for row in rows for alias in (row[2] or "").split(";")],
    ):
        for brand_id, text in texts:
            writings.setdefault(brand_key(text), number[brand_id])
    writings.pop("", None)
    return writings


def notice_sides(kinds: pa.Array, outcomes: pa.Array) -> tuple[Bools, Bools, Bools]:
    """Say for each notice whether it counts as upheld, as rejected (or withdrawn), as pending; never as two."""
    speaks = bools(pc.is_in(pc.fill_null(kinds, "notice"), pa.array(sorted(OPEN_KINDS))))
    outcome = pc.fill_null(outcomes, "pending")
    upheld = bools(pc.equal(outcome, "upheld"))
    rejected = bools(pc.is_in(outcome, pa.array(["rejected", "withdrawn"])))
    return speaks & upheld, speaks & rejected, speaks & ~upheld & ~rejected


def _find(wanted: pa.ChunkedArray, ids: pa.ChunkedArray) -> Ints:
    return np.asarray(pc.fill_null(pc.index_in(wanted, ids.combine_chunks()), -1), dtype=np.int32)


def _via(wanted: pa.ChunkedArray, ids: pa.ChunkedArray, owner: Ints) -> Ints:
    """Return the owner of each wanted id, -1 where the id or its owner is not there."""
    return np.append(owner, np.int32(-1))[_find(wanted, ids)]


def _tally(rows: Ints, n: int) -> Ints:
    return np.bincount(rows[rows >= 0], minlength=n).astype(np.int32)


def _sellers(
    tables: Mapping[str, pa.Table], store_seller: Ints, listing_seller: Ints, as_of: datetime
) -> SellerColumns:
    table, stores, notices = tables["sellers"], tables["stores"], tables["notices"]
    n = len(table)
    ended = bools(pc.less_equal(stores["closed_at"], pa.scalar(as_of, stores["closed_at"].type)))
    n_stores = _tally(store_seller, n)
    n_closed = _tally(store_seller[closed_mask(stores["status"]) | ended], n)
    against = _via(notices["listing_id"], tables["listings"]["listing_id"], listing_seller)
    against = np.where(against < 0, _via(notices["store_id"], stores["store_id"], store_seller), against)
    upheld, rejected, pending = notice_sides(notices["kind"], notices["outcome"])
    return SellerColumns(
        ids=table["seller_id"].combine_chunks(),
        names=table["name"].combine_chunks(),
        countries=table["country"].combine_chunks(),
        registered_day=days(table["registered_at"]),
        is_closed=closed_mask(table["status"]) | ((n_stores > 0) & (n_closed == n_stores)),
        n_stores=n_stores,
        n_listings=_tally(listing_seller, n),
        n_upheld=_tally(against[upheld], n),
        n_rejected=_tally(against[rejected], n),
        n_pending=_tally(against[pending], n),
    )


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
