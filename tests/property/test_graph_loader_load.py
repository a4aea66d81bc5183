"""Laws of loading: order, split, repetition and format of the rows of a folder change nothing in the graph."""

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.load_folder import load, put

from ringwatch.graph_loader.load import LoadConfig

Row = dict[str, str]
Tables = dict[str, list[Row]]

few = st.integers(1, 4).map(str)
times = st.sampled_from(["", "2025-01-01", "2025-01-02T10:00:00+02:00", "2024-12-31 23:59"])
texts = st.sampled_from(["", "a", "b", "Ä"])


def rows(**columns: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    """Draw rows of some columns."""
    return st.lists(st.fixed_dictionaries(columns), max_size=5)


folders = st.fixed_dictionaries(
    {
        "sellers": st.just([{"seller_id": f"s{n}", "name": "", "registered_at": ""} for n in range(1, 4)]).flatmap(
            lambda base: rows(seller_id=few.map("s{}".format), name=texts, registered_at=times).map(
                lambda more: base + more
            )
        ),
        "stores": rows(store_id=few.map("t{}".format), seller_id=few.map("s{}".format), status=texts),
        "listings": rows(
            listing_id=few, store_id=few.map("t{}".format), price=st.sampled_from(["", "1.5", "2"]), title=texts
        ),
        "identifiers": rows(
            holder_id=st.sampled_from(["s1", "s2", "t1", "t2"]),
            kind=st.sampled_from(["email", "wechat"]),
            value=st.sampled_from(["kim.l@post-1.net", "KIM.L@post-1.net", "other_1", "n/a"]),
            first_seen_at=times,
            last_seen_at=times,
            source=texts,
        ),
    }
)

PICTURE = {
    "sellers": "SELECT id, name, registered_at FROM seller JOIN holder USING (n)",
    "stores": """SELECT a.id, b.id, store.status FROM store
      JOIN holder a ON a.n = store.n JOIN holder b ON b.n = seller_n""",
    "listings": "SELECT listing_id, holder.id, price, title FROM listing JOIN holder ON holder.n = store_n",
    "uses": """SELECT holder.id, kind.name, value.text, display, first_seen_at, last_seen_at, provenance FROM uses
      JOIN holder ON holder.n = holder_n JOIN value ON value.n = value_n JOIN kind ON kind.n = kind_n""",
}


def graph_of(loads: Sequence[Mapping[str, bytes]]) -> dict[str, list[Any]]:
    """Load some folders of one source one after the other and return what stands in the database, numbers left out."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        for number, files in enumerate(loads):
            outcome = load(put(place / f"data{number}", files), place, LoadConfig("shop", max_rejects=1.0))
            assert outcome.error is None
        connection = sqlite3.connect(place / "ringwatch.db")
        picture = {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in PICTURE.items()}
        connection.close()
        return picture


def as_csv(table: list[Row]) -> bytes:
    """Return rows as CSV."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    return sink.getvalue().encode()


def as_jsonl(table: list[Row]) -> bytes:
    """Return rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in table).encode()


def files_of(tables: Tables) -> dict[str, bytes]:
    """Return one CSV file a table."""
    return {f"{name}.csv": as_csv(table) for name, table in tables.items() if table}


@settings(max_examples=8)
@given(folders, st.data())
def test_order_split_and_format_change_nothing(tables: Tables, data: st.DataObject) -> None:
    """Rows shuffled, some of them twice, split into files of two formats, give the same graph."""
    files: dict[str, bytes] = {}
    for name, table in tables.items():
        if not table:
            continue
        shuffled = data.draw(st.permutations([*table, *data.draw(st.lists(st.sampled_from(table), max_size=3))]))
        at = data.draw(st.integers(0, len(shuffled)))
        if shuffled[:at]:
            files[f"{name}-1.csv"] = as_csv(shuffled[:at])
        if shuffled[at:]:
            files[f"{name}-2.jsonl"] = as_jsonl(shuffled[at:])
    assert graph_of([files]) == graph_of([files_of(tables)])


@settings(max_examples=5)
@given(folders)
def test_loading_twice_changes_nothing(tables: Tables) -> None:
    """The same folder loaded again gives the same graph."""
    files = files_of(tables)
    assert graph_of([files, files]) == graph_of([files])
