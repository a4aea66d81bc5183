"""Laws of the database: what was loaded, however it was cut up, reordered or repeated, is one graph."""

import dataclasses
import itertools
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringwatch.db import export, picture
from ringwatch.db.columns import snapshot_of
from ringwatch.db.open import open_view, open_writer
from ringwatch.model.kinds import REGISTRY
from ringwatch.model.snapshot import Snapshot
from ringwatch.model.tables import BATCH_SCHEMAS, WRITE_ORDER
from ringwatch.model.visibility import FULL

NOW = datetime(2025, 3, 1, tzinfo=UTC)
TIMES = st.none() | st.integers(-800, 20_000).map(lambda days: datetime(1970, 1, 1, 23, tzinfo=UTC) + timedelta(days))
SELLERS, STORES, LISTINGS, BRANDS = ("a", "b", "c", "d"), ("s1", "s2", "s3"), ("l1", "l2", "l3"), ("x", "y")
KEYS = {
    "brands": ("brand_id",),
    "sellers": ("seller_id",),
    "stores": ("store_id",),
    "listings": ("listing_id",),
    "uses": ("source", "holder_id", "kind", "value"),
    "authorisations": ("brand_id", "seller_id"),
    "notices": ("notice_id",),
    "exemptions": ("kind", "value"),
}
RETIRED = ("stores", "listings", "uses", "authorisations")

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


def row(**fields: Any) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(fields)


def some(*texts: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(texts)


ROWS = {
    "brands": row(brand_id=st.sampled_from(BRANDS), name=st.sampled_from(["Ax", "By"]), aliases=some("lamp;Z", "z")),
    "sellers": row(
        seller_id=st.sampled_from(SELLERS), name=some("Ann", "Bob", "\u5c71"), country=some("DE", "CN"),
        status=some("open", "closed"), registered_at=TIMES,
    ),
    "stores": row(
        store_id=st.sampled_from(STORES), seller_id=st.sampled_from(SELLERS), status=some("open", "banned"),
        closed_at=TIMES,
    ),
    "listings": row(
        listing_id=st.sampled_from(LISTINGS), store_id=st.sampled_from(STORES), brand=some("AX", "lamp", "y", "none"),
        price=st.none() | st.floats(0, 100),
    ),
    "uses": row(
        holder_id=st.sampled_from(SELLERS + STORES), kind=st.sampled_from(["phone", "address", "other:zodiac"]),
        value=st.sampled_from(["1", "2", "hmac:3"]), display=st.sampled_from(["1", "one", "eins"]),
        purpose=some("return", "registered"), first_seen_at=TIMES, last_seen_at=TIMES,
    ),
    "authorisations": row(
        brand_id=st.sampled_from(BRANDS), seller_id=st.sampled_from(SELLERS), valid_from=TIMES, valid_to=TIMES,
    ),
    "notices": row(
        notice_id=st.sampled_from("123"), brand_id=st.sampled_from(BRANDS), listing_id=some(*LISTINGS),
        store_id=some(*STORES), kind=some("notice", "test_buy", "counter_notice"),
        outcome=some("upheld", "rejected", "pending"),
    ),
    "exemptions": row(
        kind=st.just("phone"), value=st.sampled_from(["1", "2"]), display=st.just("1"),
        reason=st.sampled_from(["office", "family"]), expires_at=TIMES,
    ),
}  # fmt: skip
BASE: Tables = {
    "brands": [{"brand_id": brand, "name": brand} for brand in BRANDS],
    "sellers": [{"seller_id": seller} for seller in SELLERS],
    "stores": [{"store_id": store, "seller_id": "a"} for store in STORES],
    "listings": [{"listing_id": listing, "store_id": "s1"} for listing in LISTINGS],
}
"""Loaded first, so that no row of what follows refers to nothing."""

TABLES = st.fixed_dictionaries({table: st.lists(rows, max_size=5) for table, rows in ROWS.items()})
LOADS = st.lists(st.tuples(st.sampled_from(["shop", "files"]), st.booleans(), TABLES), max_size=4)


class Model:
    """The graph in plain Python: one dictionary a table, by key."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {table: {} for table in KEYS}
        self.source: dict[tuple[str, tuple[Any, ...]], str] = {}
        self.retired: set[tuple[str, tuple[Any, ...]]] = set()

    def load(self, source: str, is_full: bool, tables: Tables) -> None:
        """Take in one load."""
        seen = set()
        for table, rows in tables.items():
            for key, merged in self._merged(table, source, rows).items():
                self._update(table, key, merged)
                seen.add((table, key))
                self.source[table, key] = source
        self.retired -= seen
        if is_full:
            self.retired |= {one for one in self.source if self.source[one] == source and one[0] in RETIRED} - seen

    @staticmethod
    def _merged(table: str, source: str, rows: Sequence[Row]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Rows of one load by key: the greatest of each column, the earliest of `first_seen_at`."""
        merged: dict[tuple[Any, ...], dict[str, Any]] = {}
        for one in rows:
            kept = merged.setdefault(tuple({**one, "source": source}[name] for name in KEYS[table]), {})
            for name, value in one.items():
                known = [found for found in (kept.get(name), value) if found is not None]
                kept[name] = (min if name == "first_seen_at" else max)(known) if known else None
        return merged

    def _update(self, table: str, key: tuple[Any, ...], merged: Row) -> None:
        kept = self.rows[table].setdefault(key, {})
        for name, value in merged.items():
            if value is None:
                kept.setdefault(name, None)
            elif name in ("first_seen_at", "last_seen_at") and kept.get(name) is not None:
                kept[name] = (min if name == "first_seen_at" else max)(kept[name], value)
            else:
                kept[name] = value

    def snapshot(self) -> Snapshot:
        """Return the graph as it stands."""
        stands = {
            table: [row for key, row in rows.items() if (table, key) not in self.retired]
            for table, rows in self.rows.items()
        }
        # what belongs to a store that retired counts for nobody
        stores = {row["store_id"] for row in stands["stores"]}
        stands["listings"] = [row for row in stands["listings"] if row["store_id"] in stores]
        found = snapshot_of({table: batch(table, rows) for table, rows in stands.items()}, REGISTRY, NOW)
        return dataclasses.replace(found, **self._complaints(found))

    def _complaints(self, found: Snapshot) -> dict[str, Any]:
        """Notices by outcome, also those against what retired since: what was done stays done."""
        counts = {name: np.zeros(found.n_sellers, np.int32) for name in ("n_upheld", "n_rejected", "n_pending")}
        for notice in self.rows["notices"].values():
            listing = self.rows["listings"].get((notice["listing_id"],))
            store = self.rows["stores"].get((listing["store_id"] if listing else notice["store_id"],))
            if store and notice["kind"] != "counter_notice":
                seller = found.seller_ids.to_pylist().index(store["seller_id"])
                counts[f"n_{notice['outcome'] or 'pending'}"][seller] += 1
        return counts


def batch(table: str, rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=BATCH_SCHEMAS[table])


def write(
    url: str, source: str, is_full: bool, tables: Tables, cuts: Sequence[int] = (), *, leave_open: bool = False
) -> None:
    """Load the tables, each cut into batches at the given rows."""
    with open_writer(url, create=True) as writer:
        load = writer.begin_load(source, NOW, is_full)
        for table in WRITE_ORDER:
            rows = tables.get(table, [])
            edges = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
            for low, high in itertools.pairwise(edges):
                writer.write(load, table, batch(table, rows[low:high]))
        if not leave_open:
            writer.finish_load(load, NOW)


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """Names of the columns in which two snapshots differ, of value or of type."""

    def equal(a: Any, b: Any) -> bool:
        if isinstance(a, np.ndarray):
            return a.dtype == b.dtype and np.array_equal(a, b)
        return bool(a.equals(b)) if isinstance(a, pa.Array) else a == b

    names = [field.name for field in dataclasses.fields(Snapshot)]
    return [name for name in names if not equal(getattr(one, name), getattr(other, name))]


def trimmed(snapshot: Snapshot) -> Snapshot:
    """The snapshot without kinds and purposes that nothing uses any more: a database remembers them."""
    held = np.flatnonzero(snapshot.n_own.any(axis=0) | np.isin(np.arange(len(snapshot.kinds)), snapshot.value_kind))
    place = np.searchsorted(held, snapshot.value_kind).astype(np.int32)
    coded = (*snapshot.link_purpose, *snapshot.own_purpose)
    purposes = [snapshot.purposes[code] if code >= 0 else "" for code in coded]
    return dataclasses.replace(
        snapshot,
        kinds=tuple(snapshot.kinds[k] for k in held),
        n_own=snapshot.n_own[:, held],
        value_kind=place,
        purposes=tuple(purposes),
        link_purpose=np.zeros(0, np.int32),
        own_purpose=np.zeros(0, np.int32),
    )


@settings(max_examples=25)
@given(LOADS)
def test_the_database_is_the_plain_model(loads):
    """Whatever loads, full or not, of whatever sources: the snapshot is that of a model in plain Python."""
    model = Model()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'graph.db'}"
        for source, is_full, tables in [("base", False, BASE), *loads]:
            write(url, source, is_full, tables)
            model.load(source, is_full, tables)
        with open_view(url) as view:
            found = view.snapshot(FULL, NOW)
    assert differences(trimmed(found), trimmed(model.snapshot())) == []


@settings(max_examples=25)
@given(LOADS, st.data())
def test_order_split_and_repetition_change_nothing(loads, data):
    """Rows of each load shuffled, repeated and cut into other batches: the same graph and the same counts."""
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder) / name}" for name in ("one.db", "two.db")]
        for source, is_full, tables in [("base", False, BASE), *loads]:
            write(urls[0], source, is_full, tables)
            again = {table: data.draw(st.permutations([*rows, *rows[:2]])) for table, rows in tables.items()}
            write(urls[1], source, is_full, again, data.draw(st.lists(st.integers(0, 9), max_size=3)))
        with open_view(urls[0]) as one, open_view(urls[1]) as two:
            assert differences(one.snapshot(FULL, NOW), two.snapshot(FULL, NOW)) == []
            assert one.counts(FULL) == two.counts(FULL)
            assert one.sellers(FULL, SELLERS) == two.sellers(FULL, SELLERS)
            assert one.exemptions(FULL, NOW) == two.exemptions(FULL, NOW)


@settings(max_examples=25)
@given(LOADS, st.integers(0, 4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_what_was_kept_and_what_changed_since_is_the_whole(loads, n_before, is_left_open):
    """Whatever loads follow a picture, finished or still open then and now: the snapshot is that of a whole reading."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "KEPT_LEAST", 0)
        patch.setattr(picture, "REACHED_MOST", 1.0)
        url = f"sqlite:///{folder}/graph.db"
        write(url, "base", False, BASE)
        for n, (source, is_full, tables) in enumerate(loads):
            if n == n_before:
                keep_picture(url)
            write(url, source, is_full, tables, leave_open=is_left_open[n])
        with open_view(url) as view:
            whole = view.read_graph(FULL, NOW, from_kept=False).snapshot
            if n_before < len(loads):
                patch.setattr(export, "read_picture", None)  # another whole reading would fail
            assert differences(view.snapshot(FULL, NOW), whole) == []


def keep_picture(url: str) -> None:
    """Leave beside the database what a reading of now leaves."""
    with open_view(url) as view, open_writer(url) as writer:
        writer.keep_picture(view.read_graph(FULL, NOW).picture)
