"""What loaded columns say of sellers and brands: who is closed, who was complained of, which brand a text names."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.assemble import SellerColumns, bools, days
from ringwatch.model.snapshot import Bools, Ints

CLOSED_STATUSES = frozenset(
    {"closed", "suspended", "terminated", "banned", "blocked", "deactivated", "disabled", "removed", "deleted"}
)
"""Statuses (case folded) that say a seller or a store no longer trades."""

COMPLAINTS = frozenset({"notice", "test_buy", "customs_seizure"})
"""Kinds of notice that speak against a seller; a notice without a kind is a plain one."""


def seller_columns(
    sellers: pa.Table, n_listings: Ints, stores: tuple[Ints, pa.Table], notices: tuple[Ints, pa.Table], as_of: datetime
) -> SellerColumns:
    """Return the columns of sellers, in the order of the table.

    ``stores`` and ``notices`` come with the row of the seller whose they are, -1 for none (such rows are left out).
    """
    n = len(sellers)
    store_seller, store = stores
    ended = bools(pc.less_equal(store["closed_at"], pa.scalar(as_of, store["closed_at"].type)))
    n_stores = tally(store_seller, n)
    n_closed = tally(store_seller[closed_mask(store["status"]) | ended], n)
    against, notice = notices
    upheld, rejected, pending = notice_sides(notice["kind"], notice["outcome"])
    return SellerColumns(
        ids=sellers["seller_id"].combine_chunks(),
        names=sellers["name"].combine_chunks(),
        countries=sellers["country"].combine_chunks(),
        registered_day=days(sellers["registered_at"]),
        is_closed=closed_mask(sellers["status"]) | ((n_stores > 0) & (n_closed == n_stores)),
        n_stores=n_stores,
        n_listings=n_listings,
        n_upheld=tally(against[upheld], n),
        n_rejected=tally(against[rejected], n),
        n_pending=tally(against[pending], n),
    )


def tally(rows: Ints, n: int) -> Ints:
    """Count how often each row 0..n-1 is named; -1 names none.

    >>> tally(np.array([2, 0, 2, -1]), 3)
    array([1, 0, 2], dtype=int32)
    """
    return np.bincount(rows[rows >= 0], minlength=n).astype(np.int32)


def closed_mask(statuses: pa.Array) -> Bools:
    """Say for each status text whether it means that trade has ended; null does not."""
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(statuses))
    return bools(pc.is_in(folded, pa.array(sorted(CLOSED_STATUSES))))


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
    speaks = bools(pc.is_in(pc.fill_null(kinds, "notice"), pa.array(sorted(COMPLAINTS))))
    outcome = pc.fill_null(outcomes, "pending")
    upheld = bools(pc.equal(outcome, "upheld"))
    rejected = bools(pc.is_in(outcome, pa.array(["rejected", "withdrawn"])))
    return speaks & upheld, speaks & rejected, speaks & ~upheld & ~rejected
