"""Small snapshots made by hand: who uses what, and what they sell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from ringwatch.db.assemble import (
    BrandColumns,
    Links,
    OwnWritings,
    SellerColumns,
    Uses,
    ValueColumns,
    assemble,
    fold_uses,
    own_writings,
)
from ringwatch.model.kinds import REGISTRY
from ringwatch.model.snapshot import NEVER, Snapshot

AT = datetime(2026, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Use:
    """One seller's use of one value."""

    seller: str
    kind: str
    value: str
    first_day: int = NEVER
    last_day: int = NEVER
    purpose: str = ""


@dataclass(frozen=True)
class Made:
    """A market by hand; sellers that are not described trade nothing and came on no known day."""

    sellers: Sequence[str]
    uses: Sequence[Use]
    registered: Mapping[str, int] = field(default_factory=dict)
    country: Mapping[str, str] = field(default_factory=dict)
    upheld: Mapping[str, int] = field(default_factory=dict)
    brands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exempt: frozenset[tuple[str, str]] = frozenset()
    listings: Mapping[str, int] = field(default_factory=dict)


def snapshot_of(made: Made) -> Snapshot:
    """Return the snapshot of a market by hand, whatever the order of its rows."""
    seller = {name: place for place, name in enumerate(made.sellers)}
    kinds = sorted({use.kind for use in made.uses})
    values = sorted({(use.kind, use.value) for use in made.uses})
    value = {pair: place for place, pair in enumerate(values)}
    purposes = sorted({use.purpose for use in made.uses if use.purpose})
    uses = Uses(
        _ints([seller[use.seller] for use in made.uses]),
        _ints([value[use.kind, use.value] for use in made.uses]),
        _ints([use.first_day for use in made.uses]),
        _ints([use.last_day for use in made.uses]),
        _ints([purposes.index(use.purpose) if use.purpose else -1 for use in made.uses]),
    )
    value_kind = _ints([kinds.index(kind) for kind, _ in values])
    links = fold_uses(uses, len(made.sellers), value_kind, len(kinds))
    columns = ValueColumns(
        tuple(REGISTRY[kind] for kind in kinds),
        value_kind[links.shared],
        pa.array([text for _, text in values], pa.string()).take(pa.array(links.shared)),
        np.array([values[place] in made.exempt for place in links.shared], dtype=np.bool_),
        tuple(purposes),
        _own(links, kinds, value_kind, values, made.exempt),
    )
    return assemble(_sellers(made), links, columns, _brands(made, seller), AT)


def _own(links: Links, kinds: Sequence[str], value_kind: np.ndarray, values: Any, exempt: Any) -> OwnWritings:
    own = own_writings(links, value_kind, [REGISTRY[kind] for kind in kinds])
    texts = [values[place][1] for place in own.value.tolist()]
    is_exempt = np.array([values[place] in exempt for place in own.value.tolist()], dtype=np.bool_)
    return OwnWritings(own, value_kind[own.value], pa.array(texts, pa.string()), is_exempt)


def _ints(numbers: Sequence[int]) -> np.ndarray:
    return np.array(numbers, dtype=np.int32)


def _sellers(made: Made) -> SellerColumns:
    n = len(made.sellers)
    names = pa.array(list(made.sellers), pa.string())
    zeros = np.zeros(n, dtype=np.int32)
    return SellerColumns(
        ids=names,
        names=pa.nulls(n, pa.string()),
        countries=pa.array([made.country.get(name) for name in made.sellers], pa.string()),
        registered_day=_ints([made.registered.get(name, NEVER) for name in made.sellers]),
        is_closed=np.zeros(n, dtype=np.bool_),
        n_stores=zeros + 1,
        n_listings=_ints([made.listings.get(name, 1) for name in made.sellers]),
        n_upheld=_ints([made.upheld.get(name, 0) for name in made.sellers]),
        n_rejected=zeros,
        n_pending=zeros,
    )


def _brands(made: Made, seller: Mapping[str, int]) -> BrandColumns:
    ids = sorted({brand for brands in made.brands.values() for brand in brands})
    pairs = [(seller[name], ids.index(brand)) for name, brands in made.brands.items() for brand in brands]
    listed = (_ints([pair[0] for pair in pairs]), _ints([pair[1] for pair in pairs]))
    return BrandColumns(tuple(ids), listed, (_ints([]), _ints([])))


def share(kind: str, value: str, sellers: Sequence[str], purpose: str = "") -> list[Use]:
    """Return uses of one value by several sellers."""
    return [Use(seller, kind, value, purpose=purpose) for seller in sellers]


def crowd(n: int) -> tuple[list[str], list[Use]]:
    """Return honest sellers with values of their own: phone, address, account, device, photo."""
    names = [f"H{place:04d}" for place in range(n)]
    kinds = ("phone", "address", "account", "device", "image_hash")
    return names, [Use(name, kind, f"{kind} of {name}") for name in names for kind in kinds]


def columns_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return the columns of a snapshot as plain values with their type, so that two can be compared by ``==``."""

    def plain(column: Any) -> Any:
        if isinstance(column, np.ndarray):
            return str(column.dtype), column.tolist()
        return (str(column.type), column.to_pylist()) if isinstance(column, pa.Array) else column

    return {column.name: plain(getattr(snapshot, column.name)) for column in fields(snapshot)}
