"""Batches of a made marketplace as ``db.Writer`` takes them: sellers, and five uses of values for each."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.tables import BATCH_SCHEMAS, TIME

KINDS = ("address", "account", "phone", "email", "device")
SHARED_SHARE = 0.2  # of the uses: of a value out of a pool in which each is drawn about four times
HUB_SHARE = 0.002  # of the uses: of one of a few values that very many use, as a forwarder's warehouse
N_HUBS = 20


def made_batches(n_sellers: int, seed: int = 1) -> Mapping[str, pa.Table]:
    """Return tables of so many sellers and five times as many uses, in the order of the sellers."""
    rng = np.random.default_rng(seed)
    ids = texts("seller-", np.arange(n_sellers))
    registered = pa.array(rng.integers(1_400_000_000, 1_500_000_000, n_sellers) * 1_000_000).cast(TIME)
    country = pa.array(["GB", "DE", "CN", "PL"]).take(pa.array(rng.integers(0, 4, n_sellers)))
    names = texts("Shop Number ", rng.permutation(n_sellers))
    sellers = batch("sellers", {"seller_id": ids, "name": names, "country": country, "registered_at": registered})
    n_uses = n_sellers * len(KINDS)
    kind = np.tile(np.arange(len(KINDS)), n_sellers)
    drawn = rng.random(n_uses)
    pool, hubs = rng.integers(0, n_uses // 20 + 1, n_uses), rng.integers(0, N_HUBS, n_uses)
    value = np.where(drawn < SHARED_SHARE, 10**8 + pool, 10**9 + np.arange(n_uses))
    value = np.where(drawn < HUB_SHARE, hubs, value)
    text = texts("value-", value)
    seen = pa.array(rng.integers(1_500_000_000, 1_700_000_000, n_uses) * 1_000_000).cast(TIME)
    purpose = pa.array(["registered", "iban", None, None, None]).take(pa.array(kind))
    uses = {
        "holder_id": ids.take(pa.array(np.repeat(np.arange(n_sellers), len(KINDS)))),
        "kind": pa.array(KINDS).take(pa.array(kind)),
        "value": text,
        "display": text,
        "purpose": purpose,
        "first_seen_at": seen,
        "last_seen_at": seen,
    }
    return {"sellers": sellers, "uses": batch("uses", uses)}


def texts(prefix: str, numbers: npt.NDArray[np.int64]) -> pa.Array:
    """Return the prefix and a number as text, each."""
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")


def batch(table: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return a batch of a table; columns that are not given are empty."""
    n_rows = len(next(iter(columns.values())))
    schema = BATCH_SCHEMAS[table]
    return pa.table([columns.get(field.name, pa.nulls(n_rows, field.type)) for field in schema], schema=schema)
