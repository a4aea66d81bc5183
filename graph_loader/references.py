"""Checks of a whole load: every reference leads somewhere, and one id names one thing.

What is referred to is looked for in the load first and then in the database. A row is *cascaded* where what it refers
to was in the load and was rejected: it is rejected too, but is not a fault of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.view import View
from ringwatch.graph_loader.files import Role, SourceFile
from ringwatch.graph_loader.frame import as_mask
from ringwatch.graph_loader.raw import Fault, Mask, RawBatch
from ringwatch.graph_loader.rejects import Rejects
from ringwatch.graph_loader.shapes import INPUT_TABLES
from ringwatch.graph_loader.spool import Spool
from ringwatch.model.visibility import FULL

_BRAND, _SELLER = ("brand_id", ("brands",)), ("seller_id", ("sellers",))
_HOLDER = ("holder_id", ("sellers", "stores"))
REFERENCES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "stores": (_SELLER,),
    "listings": (("store_id", ("stores",)),),
    "addresses": (_HOLDER,),
    "payment_accounts": (_HOLDER,),
    "identifiers": (_HOLDER,),
    "authorisations": (_BRAND, _SELLER),
    "notices": (_BRAND, ("listing_id", ("listings",)), ("store_id", ("stores",))),
}
"""Column and the tables one of which must have its id, for each table that refers to others."""

_OWN_ID = {"sellers": "seller_id", "stores": "store_id", "listings": "listing_id", "brands": "brand_id"}


@dataclass(slots=True)
class Ids:
    """Ids that the load holds, and ids of rows that were rejected, by table."""

    known: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    lost: defaultdict[str, list[pa.Array]] = field(default_factory=lambda: defaultdict(list))

    def is_known(self, ids: pa.ChunkedArray, tables: Sequence[str]) -> Mask:
        """Say which ids the load has in one of the tables; null counts as known."""
        return self._among(ids, [self.known[table] for table in tables if table in self.known])

    def is_lost(self, ids: pa.ChunkedArray, tables: Sequence[str]) -> Mask:
        """Say which ids were in the load and rejected."""
        return self._among(ids, [part for table in tables for part in self.lost[table]])

    def _among(self, ids: pa.ChunkedArray, parts: Sequence[pa.Array | pa.ChunkedArray]) -> Mask:
        chunks = [chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])]
        whole = pa.chunked_array([*chunks, pa.array([None], pa.string())])
        return np.asarray(pc.is_in(ids, value_set=whole))


@dataclass(frozen=True, slots=True)
class References:
    """Walks the tables of a spool in the order in which they are written."""

    spool: Spool
    view: View
    ids: Ids
    files: Sequence[str]  # names, by the number that the spool keeps
    rejects: Rejects
    merged: dict[str, int] = field(default_factory=dict)  # rows whose key another row of the load has too

    def check(self) -> dict[str, Mask]:
        """Return for each table which rows of the spool may be written; the others go to the rejects."""
        counts = self.view.counts(FULL)
        return {table: self._check_table(table, counts.get("sellers", 0) > 0) for table in INPUT_TABLES}

    def _check_table(self, table: str, looks_up: bool) -> Mask:
        own = _OWN_ID.get(table)
        wanted = [own] if own else []
        wanted += [column for column, _ in REFERENCES.get(table, ())]
        rows = self.spool.columns(table, [*wanted, "file", "line"])
        keep = np.ones(len(rows), dtype=np.bool_)
        if len(rows):
            for column, bad, reason, is_cascaded in self._complaints(table, rows, looks_up):
                fresh = bad & keep
                self._reject(table, rows.filter(pa.array(fresh)), column, reason, is_cascaded)
                keep &= ~fresh
        if own:
            self.ids.known[table] = rows[own].filter(pa.array(keep))
            self.ids.lost[table].extend(rows[own].filter(pa.array(~keep)).chunks)
        self.merged[table] = self._n_merged(table, keep)
        return keep

    def _n_merged(self, table: str, keep: Mask) -> int:
        """Count the rows whose key an earlier row of the load has."""
        keys = self.spool.columns(table, INPUT_TABLES[table].key)
        kept = keys if keep.all() else keys.filter(pa.array(keep))
        return len(kept) - len(kept.group_by(list(INPUT_TABLES[table].key)).aggregate([]))

    def _complaints(self, table: str, rows: pa.Table, looks_up: bool) -> Iterator[tuple[str, Mask, str, bool]]:
        if table == "stores":
            taken = self.ids.is_known(rows["store_id"], ("sellers",))
            taken |= self._in_database(rows["store_id"], ("sellers",), looks_up)
            yield "store_id", taken, "is the id of a seller, one name space was expected; set id_prefix", False
        if table == "sellers":
            taken = self._in_database(rows["seller_id"], ("stores",), looks_up)
            yield "seller_id", taken, "is the id of a store, one name space was expected; set id_prefix", False
        for column, tables in REFERENCES.get(table, ()):
            unknown = ~self.ids.is_known(rows[column], tables)
            if unknown.any() and looks_up:
                at = np.flatnonzero(unknown)
                unknown[at] = ~self._in_database(rows[column].take(pa.array(at)), tables, looks_up)
            if unknown.any():
                lost = unknown & self.ids.is_lost(rows[column], tables)
                what = " or ".join(tables)
                yield column, lost, f"is in {what}, but that row was rejected", True
                yield column, unknown, f"is not in {what}, neither in this load nor in the database", False

    def _in_database(self, ids: pa.ChunkedArray, tables: Sequence[str], looks_up: bool) -> Mask:
        if not looks_up or len(ids) == 0:
            return np.zeros(len(ids), dtype=np.bool_)
        encoded = ids.combine_chunks().dictionary_encode()
        found = np.zeros(len(encoded.dictionary), dtype=np.bool_)
        for table in tables:
            found |= self.view.known_ids(FULL, table, encoded.dictionary)
        known: Mask = np.append(found, False)[np.asarray(encoded.indices.fill_null(len(found)))]
        return known

    def _reject(self, table: str, rows: pa.Table, column: str, reason: str, is_cascaded: bool) -> None:
        for file in pc.unique(rows["file"]).to_pylist():
            part = rows.filter(pc.equal(rows["file"], file))
            values = part[column].combine_chunks()
            lines = np.asarray(part["line"])
            self.rejects.add(table, self.files[file], [Fault(lines, column, values, reason, is_cascaded)])


def unread_ids(file: SourceFile, role: Role, raw: RawBatch) -> Iterator[pa.Array]:
    """Yield what seem to be the ids of rows that could not be read, so that what hangs on them counts as cascaded."""
    own = _OWN_ID.get(role.table)
    if own is None or role.kinds:
        return
    theirs = role.columns.get(own, own)
    place = list(raw.columns).index(theirs) if theirs in raw.columns else 0
    mark, name = re.escape(file.reading.delimiter), re.escape(theirs)
    before = rf'^(?:[^{mark}]*{mark}){{{place}}}\s*"?' if file.format == "csv" else rf'"{name}"\s*:\s*"?'
    for fault in raw.faults:
        if fault.values is not None:
            parts = pc.extract_regex(fault.values, rf'{before}(?P<id>[^"{mark}\r\n]+)')
            ids = pc.drop_null(pc.struct_field(parts, "id"))
            yield pc.binary_join_element_wise(role.id_prefix, pc.utf8_trim_whitespace(ids), "")


def lost_ids(ids: pa.Array, keep: Mask) -> pa.Array:
    """Return the ids of rows that a check dropped."""
    dropped = ids.filter(pa.array(~keep))
    return dropped.filter(as_mask(dropped.is_valid()))
