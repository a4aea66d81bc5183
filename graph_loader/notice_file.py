"""A file of notices to be filed: CSV with a row a notice; what cannot be read is rejected and named."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ringwatch.graph_loader.csv import read_csv
from ringwatch.graph_loader.files import Role, SourceFile
from ringwatch.graph_loader.frame import trim
from ringwatch.graph_loader.mapping import Reading
from ringwatch.graph_loader.raw import Fault, RawBatch
from ringwatch.graph_loader.rejects import Rejects
from ringwatch.model.errors import InputError
from ringwatch.model.notices import NoticeKind

TABLE = "notices"
COLUMNS = ("listing_id", "store_id", "kind", "text")


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A row of the file; what it leaves empty is None. A store is named only where no listing is."""

    line: int
    listing_id: str | None
    store_id: str | None
    kind: NoticeKind | None
    text: str | None


def read_notice_file(path: Path, rejects: Rejects) -> list[NoticeLine]:
    """Return the rows of a CSV file with columns of ``COLUMNS``, in its order; the rest is added to the rejects.

    Raises:
        InputError: the file cannot be read, or has neither a column ``listing_id`` nor one ``store_id``.
    """
    file = SourceFile(path, path.name, "csv", None, Reading(), (Role(TABLE),))
    found: list[NoticeLine] = []
    for batch in read_csv(file, lambda _: None):
        if not {"listing_id", "store_id"} & set(batch.columns):
            raise InputError(
                f"{path.name}: has neither a column listing_id nor a column store_id, expected {', '.join(COLUMNS)};"
                " nothing was filed"
            )
        rejects.add(TABLE, path.name, batch.faults)
        for line, fault in _lines(batch):
            if fault is None:
                found.append(line)
            else:
                reject(rejects, path, line.line, fault)
    return sorted(found, key=lambda line: line.line)


def reject(rejects: Rejects, path: Path, line: int, fault: tuple[str, str | None, str]) -> None:
    """Add a row to the rejects; ``fault``: column, value and reason."""
    column, value, reason = fault
    told = Fault(np.array([line], dtype=np.int64), column, pa.array([value], pa.string()), reason)
    rejects.add(TABLE, path.name, [told])


def _lines(batch: RawBatch) -> Iterator[tuple[NoticeLine, tuple[str, str | None, str] | None]]:
    """Yield each row with what is wrong with it: column, value and reason, or None."""
    empty = [None] * len(batch)
    columns = [
        [text or None for text in trim(batch.columns[name]).to_pylist()] if name in batch.columns else empty
        for name in COLUMNS
    ]
    for number, listing_id, store_id, kind, text in zip(batch.lines.tolist(), *columns, strict=True):
        is_known = kind is None or kind in set(NoticeKind)
        row = NoticeLine(number, listing_id, store_id, NoticeKind(kind) if kind and is_known else None, text)
        if not is_known:
            yield row, ("kind", kind, f"is no kind of notice, expected {', '.join(NoticeKind)}")
        elif not listing_id and not store_id:
            yield row, ("listing_id", None, "names neither a listing nor a store")
        else:
            yield row, None
