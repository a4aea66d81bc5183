"""A first load written as files for Neo4j's import tool, which fills a new database many times as fast as any client.

Rows wait in columns on disk until all of them are there, then get their numbers and are written. What is small goes
through a scratch database, by the ordinary way, and out of it into files.
"""

import shutil
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.cypher import table as table_of
from ringwatch.db.database import Database, Session
from ringwatch.db.import_files import ImportFiles
from ringwatch.db.import_rows import (
    Numbered,
    Uses,
    numbered,
    numbered_uses,
    one_row_each,
    places_of,
    places_of_pairs,
    replaced,
    value_nodes,
    with_marks,
    words_column,
)
from ringwatch.db.interning import check_no_nul, distinct_texts
from ringwatch.db.uses import number_kinds, number_purposes
from ringwatch.db.writer import Writer
from ringwatch.model.errors import ConfigError, InputError
from ringwatch.model.snapshot import Longs
from ringwatch.model.tables import BATCH_SCHEMAS

_SMALL = ("brands", "exemptions")  # batches that the scratch database takes
_COPIED = {  # its tables whose rows are nodes as they stand, and what those are called
    "setting": "Setting",
    "source": "Source",
    "load": "Load",
    "kind": "Kind",
    "purpose": "Purpose",
    "ledger": "LedgerEntry",
}
_SOURCE_N = _LOAD = 1  # an import is the first load of a database, of one source


class ImportWriter(Writer):
    """Takes a first load as any ``Writer`` does, over an empty scratch database; ``write_files`` then ends it."""

    def __init__(self, scratch: Database, folder: Path, actor: str = "") -> None:
        super().__init__(scratch, actor)
        self._spool = _Spool(folder)

    def write(self, load: int, table: str, batch: pa.Table) -> int:
        """Keep a batch for ``write_files``; rows of one key merge as ``Writer.write`` says."""
        if table in _SMALL:
            return super().write(load, table, batch)
        schema = BATCH_SCHEMAS[table]
        self._spool.add(table, batch.select(schema.names).cast(schema))
        return len(batch)

    def write_files(self, folder: Path) -> ImportFiles:
        """Fill a folder, which is made, with the files of the load that was finished, and return what is in them.

        It comes into being whole or not at all. Memory: some 100 bytes for each use of a value. Raises ConfigError
        where there is something already, InputError for a reference to what is not there.
        """
        check_free(folder)
        partial = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        files = ImportFiles(partial)
        with self._database.reading() as session:
            _Import(files, self._spool, session, self._database).write()
        files.finish()
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
        files.folder = folder
        return files


def check_free(folder: Path) -> None:
    """Raise ConfigError where files cannot be written into a folder of that name."""
    if not folder.absolute().parent.is_dir():
        raise ConfigError(f"{folder}: the folder {folder.parent} is not there; make it, or name another")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder}: holds something already, expected a new or an empty folder; name another")


class _Spool:
    """Batches of each table in a file, read again as often as need be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sinks: dict[str, pa.ipc.RecordBatchFileWriter] = {}

    def add(self, table: str, batch: pa.Table) -> None:
        if table not in self._sinks:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._sinks[table] = pa.ipc.new_file(self._path(table), BATCH_SCHEMAS[table], options=options)
        self._sinks[table].write_table(batch)

    def columns(self, table: str, names: Sequence[str]) -> pa.Table:
        """Return some columns of all rows."""
        schema = BATCH_SCHEMAS[table]
        if table not in self._sinks:
            return schema.empty_table().select(list(names))
        self._sinks[table].close()  # harmless twice
        wanted = sorted(schema.get_field_index(name) for name in names)
        options = pa.ipc.IpcReadOptions(included_fields=wanted)
        with pa.ipc.open_file(self._path(table), options=options) as reader:
            return reader.read_all().select(list(names))

    def batches(self, table: str) -> Iterator[pa.Table]:
        """Yield all rows in the order in which they came, some at a time."""
        if table in self._sinks:
            self._sinks[table].close()
            with pa.ipc.open_file(self._path(table)) as reader:
                for i in range(reader.num_record_batches):
                    yield pa.Table.from_batches([reader.get_batch(i)])

    def whole(self, table: str) -> pa.Table:
        """Return all rows."""
        return self.columns(table, BATCH_SCHEMAS[table].names)

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}.arrow"


class _Import:
    """The nodes and relationships of one load on their way into files."""

    def __init__(self, files: ImportFiles, spool: _Spool, session: Session, scratch: Database) -> None:
        self._files = files
        self._spool = spool
        self._session = session
        self._scratch = scratch

    def write(self) -> None:
        """Write all of it; the version of the schema is 0: Ringwatch makes the schema when it opens the database."""
        self._files.add_nodes("Ringwatch", [pa.table({"name": ["schema"], "version": [0]})])
        self._write_sellers()
        self._write_stores()
        self._write_listings()
        self._write_brands()
        self._write_notices()
        self._write_uses()
        with self._scratch.reading() as session:  # anew: it sees the kinds and purposes that were numbered meanwhile
            for name, label in _COPIED.items():
                self._files.add_nodes(label, [rows_of_table(session, name)])
            self._files.add_nodes("Exemption", [_exemptions(rows_of_table(session, "exemption"))])

    @cached_property
    def _sellers(self) -> Numbered:
        return numbered("sellers", self._spool.columns("sellers", ["seller_id"])["seller_id"], 1)

    @cached_property
    def _stores(self) -> Numbered:
        ids = self._spool.columns("stores", ["store_id"])["store_id"]
        stores = numbered("stores", ids, 1 + len(self._sellers.ids))
        twice = stores.ids.filter(pc.is_in(stores.ids, self._sellers.ids))
        if len(twice):
            raise InputError(
                f"stores: {twice[0].as_py()!r} is the id of a seller already, expected one name space for both;"
                " no files were written; set id_prefix in the mapping"
            )
        return stores

    @cached_property
    def _holders(self) -> Numbered:
        return Numbered(pa.concat_arrays([self._sellers.ids, self._stores.ids]), 1)

    @cached_property
    def _listings(self) -> Numbered:
        return numbered("listings", self._spool.columns("listings", ["listing_id"])["listing_id"], 1)

    @cached_property
    def _brands(self) -> Numbered:
        rows = rows_of_table(self._session, "brand")
        return Numbered(rows["brand_id"].combine_chunks().cast(pa.string()), 1)

    def _merged(self, table: str, key: str, things: Numbered) -> pa.Table:
        rows = self._spool.whole(table)
        return with_marks(table, one_row_each(rows, places_of(rows[key], things), len(things.ids)), _LOAD)

    def _write_sellers(self) -> None:
        rows = self._merged("sellers", "seller_id", self._sellers)
        rows = rows.rename_columns({"seller_id": "id"}).append_column("words", words_column(rows["name"]))
        self._files.add_nodes("Holder:Seller", [rows.add_column(0, "n:ID(holder)", [self._sellers.numbers])])

    def _write_stores(self) -> None:
        rows = self._merged("stores", "store_id", self._stores)
        owner = self._sellers.find("stores", "sellers", rows["seller_id"])
        rows = rows.rename_columns({"store_id": "id"}).append_column("words", words_column(rows["name"]))
        rows = rows.add_column(0, "n:ID(holder)", [self._stores.numbers])
        self._files.add_nodes("Holder:Store", [rows.drop_columns(["seller_id"])])
        self._files.add_links("OPERATES", "operates", [_links(("holder", owner), ("holder", self._stores.numbers))])

    def _write_listings(self) -> None:
        rows = self._merged("listings", "listing_id", self._listings)
        owner = self._stores.find("listings", "stores", rows["store_id"])
        rows = rows.drop_columns(["store_id"]).add_column(0, "n:ID(listing)", [self._listings.numbers])
        self._files.add_nodes("Listing", [rows])
        self._files.add_links("LISTS", "lists", [_links(("holder", owner), ("listing", self._listings.numbers))])

    def _write_brands(self) -> None:
        brands = rows_of_table(self._session, "brand")
        self._files.add_nodes("Brand", [brands.add_column(0, ":ID(brand)", [self._brands.numbers])])
        rows = self._spool.whole("authorisations")
        brand = self._brands.find("authorisations", "brands", rows["brand_id"])
        seller = self._sellers.find("authorisations", "sellers", rows["seller_id"])
        places, n = places_of_pairs(brand, seller)
        ends = {"brand_id": (":START_ID(brand)", brand), "seller_id": (":END_ID(holder)", seller)}
        merged = with_marks("authorisations", one_row_each(replaced(rows, ends), places, n), _LOAD)
        self._files.add_links("AUTHORISES", "authorises", [merged.rename_columns({"valid_to": "valid_until"})])

    def _write_notices(self) -> None:
        ids = numbered("notices", self._spool.columns("notices", ["notice_id"])["notice_id"], 1)
        rows = self._merged("notices", "notice_id", ids)
        nodes = rows.drop_columns(["brand_id", "listing_id", "store_id"])
        self._files.add_nodes("Notice", [nodes.add_column(0, ":ID(notice)", [ids.numbers])])
        for kind, name, column, group, things in (
            ("FILED_BY", "filed_by", "brand_id", "brand", self._brands),
            ("AGAINST", "against_listing", "listing_id", "listing", self._listings),
            ("AGAINST", "against_store", "store_id", "holder", self._stores),
        ):
            found = things.find("notices", f"{column.removesuffix('_id')}s", rows[column])
            links = _links(("notice", ids.numbers), (group, found))
            self._files.add_links(kind, name, [links.filter(found.is_valid())])

    def _write_uses(self) -> None:
        held = self._spool.columns("uses", ["holder_id", "kind", "value", "display"])
        check_no_nul("uses", held["value"], "value")
        holder = np.asarray(self._holders.find("uses", "holders", held["holder_id"]))
        kinds = distinct_texts(held["kind"])
        numbers = self._scratch.transact(lambda session: number_kinds(session, kinds))
        value: Longs = np.empty(len(held), dtype=np.int64)
        named = dict(zip(kinds.to_pylist(), numbers, strict=True))
        nodes = value_nodes(held["kind"], held.select(["value", "display"]), named, value)
        self._files.add_nodes("Value", nodes)
        del held
        self._files.add_links("USES", "uses", self._use_links(numbered_uses(value, holder)))

    def _use_links(self, uses: Uses) -> Iterator[pa.Table]:
        """Yield the uses that come once as they came, then those that come several times, merged."""
        at, several = 0, []
        for batch in self._spool.batches("uses"):
            here = slice(at, at + len(batch))
            at += len(batch)
            ends = {
                "holder_id": (":START_ID(holder)", uses.holder[here]),
                "kind": (":END_ID(value)", uses.value[here]),
            }
            rows = replaced(batch, ends).drop_columns(["value", "display"])
            repeated = uses.repeated[here]
            if repeated.any():
                several.append(rows.filter(pa.array(repeated)))
                rows = rows.filter(pa.array(~repeated))
            yield self._finished(rows)
        if several:
            rows = pa.concat_tables(several)
            places, n = places_of_pairs(rows[":START_ID(holder)"], rows[":END_ID(value)"])
            yield self._finished(one_row_each(rows, places, n, least=["first_seen_at"]))

    def _finished(self, rows: pa.Table) -> pa.Table:
        marked = with_marks("uses", rows, _LOAD)
        purpose = self._scratch.transact(lambda session: number_purposes(session, rows["purpose"]))
        source = pa.repeat(pa.scalar(_SOURCE_N, pa.int64()), len(rows))
        return replaced(marked, {"purpose": ("purpose_n", purpose)}).append_column("source_n", source)


def rows_of_table(session: Session, name: str) -> pa.Table:
    """Return all rows of a small table in columns."""
    columns = table_of(name)[0].returns
    rows = list(session.table_rows(name))
    arrays = [pa.array([row[i] for row in rows]) for i in range(len(columns))]
    return pa.table([array.cast(pa.string()) if pa.types.is_null(array.type) else array for array in arrays], columns)


def _links(start: tuple[str, pa.Array | Longs], end: tuple[str, pa.Array | Longs]) -> pa.Table:
    return pa.table({f":START_ID({start[0]})": start[1], f":END_ID({end[0]})": end[1]})


def _exemptions(rows: pa.Table) -> pa.Table:
    """Return exemptions with what makes one of a value the only one in force; see schema/001_graph.cypher."""
    key = pc.binary_join_element_wise(rows["kind"].cast(pa.string()), rows["value"].cast(pa.string()), "\n")
    return rows.append_column("in_force", pc.if_else(pc.is_null(rows["lifted_at"]), key, None))
