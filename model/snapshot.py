"""The immutable picture of the graph that detection works on: arrays only, no database, no text but ids and names."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringwatch.model.kinds import Kind

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int32).min
"""A day that is not known."""


def _no_codes() -> Ints:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The graph at one moment, as columns.

    Sellers are numbered 0..n_sellers-1 in ascending order of ``seller_ids``; values 0..n_values-1 by (kind, value).
    Only values that two or more sellers hold are in it; what a seller holds alone is counted in ``n_own``. A store's
    value counts for its seller. Each (seller, value) pair stands once, sorted by value then seller.
    Days are days since 1970-01-01, ``NEVER`` where unknown.
    """

    # sellers
    seller_ids: pa.Array  # string, ascending
    names: pa.Array  # string, null where not given
    country: Ints  # code, -1 where not given; equal codes = equal countries
    registered_day: Ints
    is_closed: Bools  # status says closed, or every store of the seller is closed
    n_stores: Ints
    n_listings: Ints
    n_upheld: Ints  # upheld notices, test buys and seizures against its stores and listings
    n_rejected: Ints  # notices against it that were rejected or withdrawn
    n_pending: Ints
    n_own: Ints  # shape (n_sellers, len(kinds)): values of each kind that only this seller holds

    # values
    kinds: tuple[Kind, ...]
    value_kind: Ints  # index into `kinds`
    value_text: pa.Array  # string: canonical text, or "hmac:..." where hashed
    value_is_hashed: Bools
    value_is_exempt: Bools

    # links seller -> value, sorted by (value, seller)
    value_start: Longs  # shape (n_values + 1,): links of value v are value_start[v]:value_start[v+1]
    link_seller: Ints
    link_first_day: Ints
    link_last_day: Ints
    link_purpose: Ints  # code into `purposes`, -1 where not given

    purposes: tuple[str, ...]

    # brands that sellers list, and brands that authorised them; sorted by (seller, brand)
    brand_ids: tuple[str, ...]
    listed_seller: Ints
    listed_brand: Ints
    authorised_seller: Ints
    authorised_brand: Ints

    as_of_day: int

    # uses of addresses and names that one seller holds alone, by (seller, kind, text): what people write differs;
    # where it was asked for, uses of all kinds of some sellers
    own_seller: Ints = field(default_factory=_no_codes)
    own_kind: Ints = field(default_factory=_no_codes)
    own_text: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    own_first_day: Ints = field(default_factory=_no_codes)
    own_last_day: Ints = field(default_factory=_no_codes)
    own_purpose: Ints = field(default_factory=_no_codes)
    own_is_exempt: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @property
    def n_sellers(self) -> int:
        """Number of sellers."""
        return len(self.seller_ids)

    @property
    def n_values(self) -> int:
        """Number of values held by two or more sellers."""
        return len(self.value_kind)

    @property
    def n_links(self) -> int:
        """Number of (seller, shared value) pairs."""
        return len(self.link_seller)
