"""Columns of the input tables, as Arrow schemas: the contract between ``graph_loader`` and ``db.Writer``.

A batch of a table is a ``pyarrow.Table`` of exactly that schema: normalised, every row whole, one batch a call.
Times are microseconds since 1970 in UTC. Null means "not given". ``extra`` is a JSON object of unknown columns.
"""

from types import MappingProxyType

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
_S = pa.string()


def _schema(required: str, optional: str = "", times: str = "", **others: pa.DataType) -> pa.Schema:
    fields = [pa.field(name, _S, nullable=False) for name in required.split()]
    fields += [pa.field(name, _S) for name in optional.split()]
    fields += [pa.field(name, TIME) for name in times.split()]
    return pa.schema(fields + [pa.field(name, kind) for name, kind in others.items()])


BATCH_SCHEMAS = MappingProxyType(
    {
        "sellers": _schema("seller_id", "name legal_name country status extra", "registered_at"),
        "stores": _schema("store_id seller_id", "name marketplace url status extra", "opened_at closed_at"),
        "listings": _schema(
            "listing_id store_id",
            "title brand currency url image_url image_hash status extra",
            "listed_at removed_at first_sold_at",
            price=pa.float64(),
        ),
        # addresses, payment_accounts, identifiers and listings.image_hash all become uses of a value.
        # value: canonical text, or "hmac:<hex>" under a secret key; display: what a person reads;
        # purpose: addresses.use, or the scheme of an account; provenance: the row's own `source` column.
        "uses": _schema("holder_id kind value display", "purpose provenance extra", "first_seen_at last_seen_at"),
        "brands": _schema("brand_id name", "aliases extra", "member_since"),
        "authorisations": _schema("brand_id seller_id", "extra", "valid_from valid_to"),
        "notices": _schema("notice_id brand_id", "listing_id store_id kind outcome extra", "filed_at decided_at"),
        # kind and value canonical, as in `uses`
        "exemptions": _schema("kind value display reason", "owner note extra", "expires_at"),
    }
)
"""Schema of each batch that ``db.Writer.write`` takes."""

WRITE_ORDER = ("brands", "sellers", "stores", "listings", "uses", "authorisations", "notices", "exemptions")
"""Order in which batches of one load are written, so that references are there before they are used."""
