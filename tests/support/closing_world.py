"""A database whose stores may be closed: rings of closable members, listings, and an actor of each role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.open import open_docket, open_writer
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.model.enforcement import Hand
from ringwatch.model.rings import Detection, Evidence, Fit, Member, Ring, RingValue, Role, Tier
from ringwatch.model.tables import BATCH_SCHEMAS
from ringwatch.model.visibility import ActorRole

START = datetime(2026, 12, 1, 12, tzinfo=UTC)
ROWS_A_BATCH = 200_000
CAST = {"ann": "investigator", "bo": "approver", "bea": "approver", "cy": "operator"}


@dataclass(frozen=True)
class Size:
    """How many stores there are, one a seller; how many sellers a ring has, and listings a store."""

    n_stores: int
    ring_size: int = 12
    n_listings: int = 2


def store_ids(size: Size) -> list[str]:
    """Return the ids of all stores, ascending."""
    return [f"st-{n:06d}" for n in range(size.n_stores)]


def build(url: str, size: Size, *, is_new: bool = True) -> Mapping[str, str]:
    """Fill a new database and return the key of each actor by name; its clock can be set by hand."""
    with open_writer(url, create=is_new) as writer:
        writer.set_setting("is_drill", "1")
        load = writer.begin_load("made", START, full=False)
        for table, batch in _batches(size):
            writer.write(load, table, batch)
        writer.finish_load(load, START)
        rings = tuple(_ring(first, size) for first in range(0, size.n_stores, size.ring_size))
        writer.save_run("run-made", Detection(rings, (), Fit(size.n_stores), START), START)
    with open_docket(url) as docket:
        owner = Hand("owner", START)
        return {name: add_actor(docket, ActorInput(name, ActorRole(CAST[name])), owner)[1] for name in CAST}


def _batches(size: Size) -> Iterator[tuple[str, pa.Table]]:
    numbers = np.arange(size.n_stores)
    sellers, stores = _texts("s-", numbers), _texts("st-", numbers)
    yield "sellers", _batch("sellers", {"seller_id": sellers, "name": _texts("Trading ", numbers)})
    yield "stores", _batch("stores", {"store_id": stores, "seller_id": sellers, "name": _texts("Shop ", numbers)})
    a_turn = max(ROWS_A_BATCH // max(size.n_listings, 1), 1)
    for first in range(0, size.n_stores, a_turn) if size.n_listings else ():
        store = np.repeat(numbers[first : first + a_turn], size.n_listings)
        listing = first * size.n_listings + np.arange(len(store))
        yield "listings", _batch("listings", {"listing_id": _texts("l-", listing), "store_id": _texts("st-", store)})
    for kind, value in (("account", "DE"), ("phone", "+49")):
        values = _texts(value, numbers // size.ring_size)
        kinds = pa.array([kind]).take(pa.array(np.zeros(size.n_stores, dtype=np.int8)))
        yield "uses", _batch("uses", {"holder_id": sellers, "kind": kinds, "value": values, "display": values})


def _ring(first: int, size: Size) -> Ring:
    ids = [f"s-{n:06d}" for n in range(first, min(first + size.ring_size, size.n_stores))]
    number = first // size.ring_size
    shared = (("account", "payout", f"DE{number:06d}", 6.25), ("phone", "contact", f"+49{number:06d}", 3.5))
    parts = tuple(Evidence(kind, family, value, len(ids), (), score) for kind, family, value, score in shared)
    values = tuple(RingValue(kind, family, value, len(ids), is_hub=False) for kind, family, value, _ in shared)
    members = tuple(Member(seller_id, Tier.CLOSE, Role.CORE, 0.999, 6.9, 0.9, parts) for seller_id in ids)
    return Ring(f"R-{number:06d}", Tier.CLOSE, 0.999, 0.9, members, values)


def _texts(prefix: str, numbers: np.ndarray) -> pa.Array:
    padded = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 6, "0")
    return pc.binary_join_element_wise(prefix, padded, "")


def _batch(table: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    n_rows = len(next(iter(columns.values())))
    schema = BATCH_SCHEMAS[table]
    return pa.table([columns.get(field.name, pa.nulls(n_rows, field.type)) for field in schema], schema=schema)
