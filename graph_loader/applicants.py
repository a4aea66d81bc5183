"""A folder of input tables read as applicants: the same rows that a load would write, and nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.db.view import View
from ringwatch.graph_loader.files import find_files
from ringwatch.graph_loader.load import Load, find_mapping
from ringwatch.graph_loader.rejects import Rejects
from ringwatch.graph_loader.rows import Kinds, image_uses
from ringwatch.graph_loader.spool import Spool
from ringwatch.model.applicants import MOST_VALUES, Applicants
from ringwatch.model.errors import InputError
from ringwatch.model.snapshot import NEVER, Ints, Longs
from ringwatch.model.tables import BATCH_SCHEMAS
from ringwatch.model.visibility import FULL
from ringwatch.values.applicants import USES, applicants_of

_USES = ("addresses", "payment_accounts", "identifiers")
_COLUMNS = ("holder_id", "kind", "value", "purpose", "first_seen_at", "last_seen_at")
_US_PER_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class FolderApplicants:
    """The sellers of a folder, and the first row that could not be read with the number of all such rows."""

    sellers: pa.Table  # seller_id, country, registered_at; ascending, each once
    uses: pa.Table  # columns of ``USES``, by row
    first_reject: str
    n_rejected: int

    def parts(self, size: int) -> Iterator[Applicants | InputError]:
        """Yield at most ``size`` applicants at a time, in order; alone and as an error who gives too many values."""
        rows = np.asarray(self.uses["row"], dtype=np.int64)
        n_given = np.bincount(rows, minlength=len(self.sellers))
        begin = 0
        while begin < len(self.sellers):
            end = min(begin + size, len(self.sellers))
            if (too_many := np.flatnonzero(n_given[begin:end] > MOST_VALUES)).size:
                end = begin + int(too_many[0])
            if end > begin:
                yield self._part(begin, end, rows)
            elif begin < len(self.sellers):
                yield self._refusal(begin, int(n_given[begin]))
                end = begin + 1
            begin = end

    def _part(self, begin: int, end: int, rows: Longs) -> Applicants:
        sellers = self.sellers.slice(begin, end - begin)
        low, high = np.searchsorted(rows, [begin, end])
        uses = self.uses.slice(low, high - low)
        uses = uses.set_column(0, USES.field("row"), pa.array(rows[low:high] - begin, pa.int32()))
        return applicants_of(
            sellers["seller_id"].to_pylist(), sellers["country"].to_pylist(), _days(sellers["registered_at"]), uses
        )

    def _refusal(self, row: int, n_given: int) -> InputError:
        return InputError(
            f"applicant {self.sellers['seller_id'][row].as_py()}: gives {n_given:,} values, at most {MOST_VALUES:,} are"
            " looked up; none of them was; send what it registered with"
        )


def read_folder(folder: Path, view: View, key: bytes | None) -> FolderApplicants:
    """Return the sellers of a folder as applicants; what their stores use and show counts for them. O(rows) memory.

    InputError where the folder or a file cannot be used; rows that cannot be read are counted.
    """
    mapping = find_mapping(folder, None)
    files, _ = find_files(folder, mapping, {"rejects.csv"})
    if not any(role.table == "sellers" for file in files for role in file.roles):
        raise InputError(f"{folder}: holds no table sellers, one was expected; nobody was screened; add sellers.csv")
    kinds = Kinds(view.registry(FULL).with_kinds(mapping.kinds), key)
    rejects = Rejects(key is not None)
    with Spool(None) as spool:
        load = Load(files, kinds, spool, rejects, lambda _step, _done, _total: None)
        load.read_files()
        sellers = spool.columns("sellers", ("seller_id", "country", "registered_at")).combine_chunks()
        stores = spool.columns("stores", ("store_id", "seller_id"))
        images = image_uses(_listings(spool), kinds)
        used = [spool.columns(table, _COLUMNS) for table in _USES]
    said = pa.concat_tables([*used, images.select(list(_COLUMNS))])
    greatest = sellers.group_by("seller_id", use_threads=False).aggregate(
        [("country", "max"), ("registered_at", "max")]
    )
    sellers = greatest.rename_columns(["seller_id", "country", "registered_at"]).sort_by("seller_id")
    uses, n_lost = _of_sellers(said, sellers["seller_id"].combine_chunks(), stores)
    return FolderApplicants(sellers, uses, rejects.first, rejects.n_rows.total() + n_lost)


def _listings(spool: Spool) -> pa.Table:
    schema = BATCH_SCHEMAS["listings"]
    told = spool.columns("listings", ("store_id", "image_hash", "listed_at", "removed_at"))
    arrays = [told[item.name] if item.name in told.column_names else pa.nulls(len(told), item.type) for item in schema]
    return pa.table(arrays, names=schema.names)


def _of_sellers(said: pa.Table, seller_ids: pa.Array, stores: pa.Table) -> tuple[pa.Table, int]:
    """Return the uses of sellers and their stores by row, and how many are of nobody here."""
    owner = pc.index_in(said["holder_id"], stores["store_id"])
    holder = pc.coalesce(stores["seller_id"].take(owner), said["holder_id"]) if len(stores) else said["holder_id"]
    row = pc.index_in(holder, seller_ids)
    columns = {
        "row": row,
        "kind": said["kind"],
        "value": said["value"],
        "purpose": said["purpose"],
        "first_day": pa.array(_days(said["first_seen_at"])),
        "last_day": pa.array(_days(said["last_seen_at"])),
    }
    uses = pa.table(columns).cast(USES)
    here = uses.filter(row.is_valid())
    return here.sort_by("row").combine_chunks(), len(uses) - len(here)


def _days(times: pa.ChunkedArray) -> Ints:
    micros = np.asarray(pc.fill_null(times.cast(pa.int64()), 0))
    known = np.asarray(times.is_valid().to_numpy(), dtype=np.bool_)
    return np.where(known, micros // _US_PER_DAY, NEVER).astype(np.int32)
