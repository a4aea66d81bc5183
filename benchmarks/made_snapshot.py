"""Snapshots of made marketplaces straight from the generator's numbers: no text is written, loaded or normalised."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.assemble import BrandColumns, SellerColumns, Uses, ValueColumns, assemble, fold_uses
from ringwatch.fixtures.cast import AS_OF_DAY, COUNTRIES
from ringwatch.fixtures.generate import WorldConfig, make_market
from ringwatch.fixtures.tables import Market
from ringwatch.fixtures.trade import OUTCOMES
from ringwatch.fixtures.uses import PURPOSES
from ringwatch.model.kinds import REGISTRY
from ringwatch.model.snapshot import NEVER, Ints, Snapshot

AS_OF = datetime.fromtimestamp(AS_OF_DAY * 86_400, tz=UTC)


def made_snapshot(config: WorldConfig) -> tuple[Snapshot, Ints]:
    """Return the snapshot of a made marketplace and the true ring of each seller, -1 for the honest."""
    market = make_market(config)
    return snapshot_of(market), market.cast.ring


def snapshot_of(market: Market) -> Snapshot:
    """Return the snapshot of a made marketplace."""
    names = sorted(market.uses)
    parts = [_uses_of(market, name) for name in names]
    sizes = [int(part.value.max(initial=-1)) + 1 for part in parts]
    value_kind = np.repeat(np.arange(len(names), dtype=np.int32), sizes)
    links = fold_uses(_stack(parts, sizes), market.cast.n_sellers, value_kind, len(names))
    text = texts_of(links.shared, value_kind, names)
    values = ValueColumns(
        tuple(REGISTRY[name] for name in names),
        value_kind[links.shared],
        text,
        np.zeros(len(links.shared), dtype=np.bool_),
        tuple(sorted(purpose for purpose in PURPOSES if purpose)),
    )
    return assemble(_sellers(market), links, values, _brands(market), AS_OF)


def texts_of(numbers: npt.NDArray[np.integer], value_kind: Ints, kind_names: list[str]) -> pa.Array:
    """Return a text for each value, of addresses and names one that a slip can spoil."""
    plain = pa.array(numbers).cast(pa.string())
    form = np.array([_WRITTEN.get(REGISTRY[name].normaliser, "") for name in kind_names], dtype=object)
    return pc.binary_join_element_wise(plain, pa.array(form[value_kind[numbers]], pa.string()), "")


_WRITTEN = {"address": " | harwick leedsby wharfside", "name": " harwick trading wharfside"}


def _uses_of(market: Market, kind: str) -> Uses:
    """Return the uses of a kind; every listing shows a photo; placeholders are left out."""
    found = market.uses[kind]
    codes = np.array([_purpose_code(purpose) for purpose in PURPOSES], dtype=np.int32)
    if kind == "image_hash":
        listings = market.trade.listings
        none = np.full(len(listings.seller), -1, dtype=np.int32)
        return Uses(listings.seller, listings.photo, listings.listed_day, listings.removed_day, none)
    kept = found.where(found.value >= 0)
    return Uses(kept.seller, kept.value, kept.first_day, kept.last_day, codes[kept.purpose])


def _purpose_code(purpose: str) -> int:
    return sorted(name for name in PURPOSES if name).index(purpose) if purpose else -1


def _stack(parts: list[Uses], sizes: list[int]) -> Uses:
    offsets = np.cumsum([0, *sizes[:-1]])
    value = np.concatenate([part.value + offset for part, offset in zip(parts, offsets, strict=True)])

    def column(name: str) -> npt.NDArray[np.int32]:
        return np.concatenate([getattr(part, name) for part in parts]).astype(np.int32)

    return Uses(column("seller"), value.astype(np.int32), column("first_day"), column("last_day"), column("purpose"))


def _sellers(market: Market) -> SellerColumns:
    cast, trade = market.cast, market.trade
    n = cast.n_sellers

    def count(sellers: Ints) -> Ints:
        return np.bincount(sellers, minlength=n).astype(np.int32)

    def against(*outcomes: str) -> Ints:
        is_so = np.isin(trade.notices.outcome, [OUTCOMES.index(outcome) for outcome in outcomes])
        return count(trade.notices.seller[is_so])

    return SellerColumns(
        ids=pa.array([f"S{number:08d}" for number in range(n)]),
        names=pa.nulls(n, pa.string()),
        countries=pa.array(COUNTRIES).take(pa.array(cast.country)),
        registered_day=cast.registered_day.astype(np.int32),
        is_closed=cast.closed_day != NEVER,
        n_stores=count(trade.stores.seller),
        n_listings=count(trade.listings.seller),
        n_upheld=against("upheld"),
        n_rejected=against("rejected", "withdrawn"),
        n_pending=against("pending"),
    )


def _brands(market: Market) -> BrandColumns:
    listings = market.trade.listings
    named = listings.brand >= 0
    ids = tuple(f"B{number:05d}" for number in range(market.trade.n_brands))
    brand, seller = market.trade.authorised
    return BrandColumns(ids, (listings.seller[named], listings.brand[named]), (seller, brand))
