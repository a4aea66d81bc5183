"""Keeps normalised batches on disk while a load is still checked, so that memory stays bounded and nothing is written.

Each table has one file without a name: it is gone when the process ends, however it ends. Values that are personal come
here hashed already.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import pyarrow as pa

from ringwatch.graph_loader.raw import Lines
from ringwatch.graph_loader.shapes import INPUT_TABLES
from ringwatch.model.errors import RetryableError
from ringwatch.model.tables import BATCH_SCHEMAS

_ORIGIN = [pa.field("file", pa.int32(), nullable=False), pa.field("line", pa.int64(), nullable=False)]


@dataclass(slots=True)
class Spool:
    """Batches by input table; each row knows the number of its file and its line. A context manager."""

    folder: Path | None  # None: where the system keeps temporary files
    n_rows: dict[str, int] = field(default_factory=dict)
    _files: dict[str, IO[bytes]] = field(default_factory=dict)
    _sinks: dict[str, Any] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Start empty."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the disk back."""
        with suppress(OSError):  # what a full disk did not take is told by now
            self._stack.close()

    def add(self, table: str, batch: pa.Table, file: int, lines: Lines) -> None:
        """Keep a batch (schema of the input table's batch).

        Raises:
            RetryableError: the disk is full, or there is no place for temporary files.
        """
        if len(batch) == 0:
            return
        origin = [pa.repeat(pa.scalar(file, pa.int32()), len(batch)), pa.array(lines)]
        try:
            if table not in self._sinks:
                self._open(table)
            self._sinks[table].write_table(pa.table([*batch.columns, *origin], schema=_schema(table)))
        except OSError as error:
            raise self._full(error) from None
        self.n_rows[table] = self.n_rows.get(table, 0) + len(batch)

    def finish(self) -> None:
        """End the writing; from here on batches are read."""
        try:
            for table, sink in self._sinks.items():
                sink.close()
                self._files[table].flush()
        except OSError as error:
            raise self._full(error) from None

    def columns(self, table: str, names: Sequence[str]) -> pa.Table:
        """Return some columns of all rows of a table; ``file`` and ``line`` may be among them."""
        schema = _schema(table)
        if table not in self._files:
            return pa.schema([schema.field(name) for name in names]).empty_table()
        wanted = sorted(schema.get_field_index(name) for name in names)
        self._files[table].seek(0)
        with pa.ipc.open_stream(self._files[table], options=pa.ipc.IpcReadOptions(included_fields=wanted)) as reader:
            return reader.read_all().select(list(names))

    def batches(self, table: str, keep: np.ndarray, n_rows: int) -> Iterator[pa.Table]:
        """Yield the rows that a mask keeps, at most ``n_rows`` at a time, without file and line."""
        if table not in self._files:
            return
        self._files[table].seek(0)
        held: list[pa.RecordBatch] = []
        at = 0
        with pa.ipc.open_stream(self._files[table]) as reader:
            for batch in reader:
                mask = keep[at : at + len(batch)]
                held.append(batch if mask.all() else batch.filter(pa.array(mask)))
                at += len(batch)
                while sum(map(len, held)) >= n_rows:
                    whole = _joined(table, held)
                    yield whole.slice(0, n_rows).select(BATCH_SCHEMAS[INPUT_TABLES[table].batch].names)
                    held = whole.slice(n_rows).to_batches()
        if sum(map(len, held)):
            yield _joined(table, held).select(BATCH_SCHEMAS[INPUT_TABLES[table].batch].names)

    def _open(self, table: str) -> None:
        file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 (the stack below closes it)
        self._stack.enter_context(file)
        self._files[table] = file
        self._sinks[table] = pa.ipc.new_stream(file, _schema(table), options=pa.ipc.IpcWriteOptions(compression="lz4"))

    def _full(self, error: OSError) -> RetryableError:
        place = self.folder or Path(tempfile.gettempdir())
        return RetryableError(
            f"{place}: batches cannot be kept there while the load is checked ({error.strerror or error}); nothing was "
            "written; free space, or set TMPDIR to a folder with more, and load again"
        )


def _schema(table: str) -> pa.Schema:
    return pa.schema([*BATCH_SCHEMAS[INPUT_TABLES[table].batch], *_ORIGIN])


def _joined(table: str, batches: Sequence[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches, _schema(table))
