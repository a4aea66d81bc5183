"""Rows of a graph without its inner numbers: two databases, or one and its import files, can then be compared."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyarrow import csv

from ringwatch.cypher import table
from ringwatch.db.database import Session

LOADED = (
    *("setting", "source", "load", "kind", "purpose", "seller", "store", "listing", "value", "uses"),
    *("brand", "authorisation", "notice", "exemption"),
)
NUMBERED = {"seller": "holder", "store": "holder", "listing": "listing", "value": "value"}
Rows = list[tuple[tuple[str, Any], ...]]


def rows_of_session(session: Session) -> Mapping[str, Rows]:
    """Return the rows of every table that a load fills, numbers put back into ids and texts."""
    raw = {name: dicts(session, name) for name in (*LOADED, "holder")}
    kinds = {row["n"]: row["name"] for row in raw["kind"]}
    named = {
        "holder_n": {row["n"]: row["id"] for row in raw["holder"]},
        "listing_n": {row["n"]: row["listing_id"] for row in raw["listing"]},
        "value_n": {row["n"]: (kinds[row["kind_n"]], row["text"]) for row in raw["value"]},
        "purpose_n": {row["n"]: row["text"] for row in raw["purpose"]},
        "kind_n": kinds,
        "source_n": {row["n"]: row["name"] for row in raw["source"]},
    }
    named |= {"seller_n": named["holder_n"], "store_n": named["holder_n"]}
    for name in ("seller", "store"):
        raw[name] = [{"id": named["holder_n"][row["n"]], **row} for row in raw[name]]
    return {name: natural(raw[name], named) for name in LOADED}


def rows_of_files(folder: Path) -> Mapping[str, Rows]:
    """Return the same rows out of a folder of import files."""
    raw = {name: read(folder / f"{name}.csv") for name in (*LOADED, "operates", "lists", "authorises", "filed_by")}
    holders = {row["n"]: row["id"] for name in ("seller", "store") for row in raw[name]}
    brands = {row["brand"]: row["brand_id"] for row in raw["brand"]}
    kinds = {row["n"]: row["name"] for row in raw["kind"]}
    named = {
        "holder_n": holders,
        "listing_n": {row["n"]: row["listing_id"] for row in raw["listing"]},
        "value_n": {row["n"]: (kinds[row["kind_n"]], row["text"]) for row in raw["value"]},
        "purpose_n": {row["n"]: row["text"] for row in raw["purpose"]},
        "kind_n": kinds,
        "source_n": {row["n"]: row["name"] for row in raw["source"]},
    }
    named |= {"seller_n": holders, "store_n": holders}
    owners = {name: {row["end"]: row["start"] for row in raw[name]} for name in ("operates", "lists", "filed_by")}
    owners["filed_by"] = {row["start"]: row["end"] for row in raw["filed_by"]}
    against = {
        name: {row["start"]: row["end"] for row in read(folder / f"against_{name}.csv")}
        for name in ("listing", "store")
    }
    for row in raw["seller"] + raw["store"]:
        row.pop("words")
    for row in raw["store"]:
        row["seller_n"] = owners["operates"][row["n"]]
    for row in raw["listing"]:
        row["store_n"] = owners["lists"][row["n"]]
    for row in raw["value"]:
        assert row.pop("kind") == kinds[row["kind_n"]]
    for row in raw["uses"]:
        row["holder_n"], row["value_n"] = row.pop("start"), row.pop("end")
    for row in raw["brand"]:
        row.pop("brand")
    for row in raw["notice"]:
        number = row.pop("notice")
        row["brand_id"] = brands[owners["filed_by"][number]]
        row["listing_n"], row["store_n"] = against["listing"].get(number), against["store"].get(number)
    for row in raw["exemption"]:
        row.pop("in_force")
    raw["authorisation"] = raw["authorises"]
    for row in raw["authorisation"]:
        row["brand_id"], row["seller_n"] = brands[row.pop("start")], row.pop("end")
    return {name: natural(raw[name], named) for name in LOADED}


def natural(rows: list[dict[str, Any]], named: Mapping[str, Mapping[int, Any]]) -> Rows:
    """Return rows without ``n``, other numbers replaced by what they stand for; what is absent is left out."""
    clear = [
        {
            key: named[key][value] if key in named else value
            for key, value in row.items()
            if value is not None and key != "n"
        }
        for row in rows
    ]
    return sorted((tuple(sorted(row.items())) for row in clear), key=repr)


def dicts(session: Session, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table by column."""
    return [dict(zip(table(name)[0].returns, row, strict=True)) for row in session.table_rows(name)]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of one file; ids of the tool under the name of their group, or ``start`` and ``end``."""
    if not path.exists():
        return []
    header = path.read_text(encoding="utf-8").splitlines()[0].replace('"', "").split(",")
    types = {
        name: "int64" if ":long" in name or "ID(" in name else "double" if ":double" in name else "string"
        for name in header
    }
    options = csv.ConvertOptions(
        column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    found = csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=options)
    return [{short(name): value for name, value in row.items()} for row in found.to_pylist()]


def short(name: str) -> str:
    """Return the name of a property without its type, and the group of an id."""
    plain, _, kind = name.partition(":")
    if kind.startswith(("START_ID", "END_ID")):
        return kind.partition("_")[0].lower()
    return plain or kind.partition("(")[2].rstrip(")")
