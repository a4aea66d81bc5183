"""Small lists of records made by hand: sellers who trade nothing, with names and values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from tests.support.snapshots import Made, Use, snapshot_of

from ringwatch.model.snapshot import Snapshot


def records_of(names: Mapping[str, str | None], uses: Sequence[Use]) -> Snapshot:
    """Return the snapshot of sellers by id with their names, none of whom trades."""
    snapshot = snapshot_of(Made(list(names), list(uses), listings=dict.fromkeys(names, 0)))
    ids = snapshot.seller_ids.to_pylist()
    nothing = np.zeros(len(ids), dtype=np.int32)
    return replace(snapshot, names=pa.array([names[name] for name in ids], pa.string()), n_stores=nothing)


def town(n: int) -> tuple[dict[str, str | None], list[Use]]:
    """Return n pairs of records of one site each, written differently, with an address and a phone in common."""
    streets = ("oak", "elm", "ash", "fir", "yew", "bay", "fig")
    names: dict[str, str | None] = {}
    uses = []
    for site in range(n):
        word = f"{streets[site % 7]}{'abcdefghijklmnopqrstuvwxyz'[site // 7 % 26]}wick"
        names |= {
            f"a{site:03d}": f"{word} day nursery {site}",
            f"b{site:03d}": f"The {word.upper()} Nursery, {site} Ltd",
        }
        for one in (f"a{site:03d}", f"b{site:03d}"):
            uses += [Use(one, "address", f"{site} road"), Use(one, "phone", f"+1 {site}")]
    return names, uses
