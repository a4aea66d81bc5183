"""The shape of each input table: which columns it must have, may have, and which of them are times or ids."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class InputTable:
    """One input table. ``batch`` is the batch of ``model.tables`` that its rows become."""

    name: str
    batch: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    key: tuple[str, ...]  # columns of the batch that name a row

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the table knows."""
        return self.required + self.optional


def _table(name: str, required: str, optional: str, key: str, batch: str = "") -> tuple[str, InputTable]:
    return name, InputTable(name, batch or name, tuple(required.split()), tuple(optional.split()), tuple(key.split()))


_SEEN = "first_seen_at last_seen_at source"
_USE_KEY = "holder_id kind value"
ADDRESS_PARTS = ("street", "unit", "city", "region", "postcode", "country")
"""Columns that together stand for a free-text address."""

INPUT_TABLES = MappingProxyType(
    dict(
        (
            _table("brands", "brand_id name", "aliases member_since", "brand_id"),
            _table("sellers", "seller_id", "name legal_name country registered_at status", "seller_id"),
            _table("stores", "store_id seller_id", "name marketplace url opened_at closed_at status", "store_id"),
            _table(
                "listings",
                "listing_id store_id",
                "title brand price currency url image_url image_hash listed_at removed_at first_sold_at status",
                "listing_id",
            ),
            _table("addresses", "holder_id", f"address {' '.join(ADDRESS_PARTS)} use {_SEEN}", _USE_KEY, "uses"),
            _table("payment_accounts", "holder_id account", f"scheme issuer {_SEEN}", _USE_KEY, "uses"),
            _table("identifiers", "holder_id kind value", f"country {_SEEN}", _USE_KEY, "uses"),
            _table("authorisations", "brand_id seller_id", "valid_from valid_to", "brand_id seller_id"),
            _table(
                "notices",
                "notice_id brand_id",
                "listing_id store_id kind outcome filed_at decided_at",
                "notice_id",
            ),
            _table("exemptions", "kind value reason", "owner note expires_at", "kind value"),
        )
    )
)
"""Every table that is loaded, in the order in which references need them; ``labels`` never is."""

PREFIXED_IDS = frozenset({"seller_id", "store_id", "listing_id", "holder_id", "notice_id"})
"""Ids that ``id_prefix`` keeps apart; brands are the alliance's, the same in every source."""

UNPIVOTED = MappingProxyType(
    {
        "identifiers": ("kind", "value"),
        "addresses": ("use", "address"),
        "payment_accounts": ("scheme", "account"),
    }
)
"""Tables that wide columns can be turned into, with the column that names and the column that holds the value."""
