"""Reads Parquet in columns; whatever its types, values come out as the text a CSV file would hold, times as times."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ringwatch.graph_loader.files import SourceFile
from ringwatch.graph_loader.raw import Advance, RawBatch, Sieve
from ringwatch.graph_loader.text import MAX_ROW_BYTES, TOO_LONG, open_bytes, unreadable
from ringwatch.model.errors import InputError
from ringwatch.model.tables import TIME

BATCH_ROWS = 131_072  # a few megabytes of columns, as a chunk of text gives
_EXACT = float(1 << 53)  # up to here every whole number is a double


def read_parquet(file: SourceFile, advance: Advance) -> Iterator[RawBatch]:
    """Yield the rows of a Parquet file in batches; ``lines`` are row numbers from 1.

    Raises:
        InputError: the file is damaged, or a column that is loaded holds lists, structs or bytes that are no text.
    """
    known = file.known_names
    lying, stream = open_bytes(file)
    first = 1
    try:
        with lying, stream:
            source = stream if file.compression is None else pa.BufferReader(stream.read())
            reader = parquet.ParquetFile(source)
            _refuse_duplicates(file, reader.schema_arrow.names)
            yield RawBatch(
                np.empty(0, np.int64), {name: pa.array([], pa.string()) for name in reader.schema_arrow.names}
            )
            n_bytes, n_rows = file.path.stat().st_size, max(reader.metadata.num_rows, 1)
            for batch in reader.iter_batches(batch_size=BATCH_ROWS):
                names = batch.schema.names
                columns = {name: _column(file, name, batch[name], name in known) for name in names}
                yield _whole_rows(RawBatch(np.arange(first, first + len(batch), dtype=np.int64), columns))
                first += len(batch)
                advance(n_bytes * (first - 1) // n_rows)
    except (pa.ArrowException, UnicodeDecodeError) as error:  # the latter: a damaged name of a column
        raise InputError(
            f"{file.name}: is not a whole Parquet file ({str(error).splitlines()[0]}); copy or export it anew"
        ) from None
    except OSError as error:
        if isinstance(error, PermissionError) or file.compression is not None:
            raise unreadable(file, error) from None
        reason = str(error).splitlines()[0]
        raise InputError(f"{file.name}: is not a whole Parquet file ({reason}); copy or export it anew") from None


def _whole_rows(raw: RawBatch) -> RawBatch:
    """Return a batch without rows that hold more text than a row of a text file may."""
    n_bytes = np.zeros(len(raw), dtype=np.int64)
    for column in raw.columns.values():
        if pa.types.is_string(column.type):
            n_bytes += np.asarray(pc.fill_null(pc.binary_length(column), 0))
    sieve = Sieve(raw.lines)
    sieve.drop(n_bytes > MAX_ROW_BYTES, "", None, TOO_LONG)
    if not sieve.faults:
        return raw
    kept = pa.array(sieve.keep)
    columns = {name: column.filter(kept) for name, column in raw.columns.items()}
    return RawBatch(raw.lines[sieve.keep], columns, tuple(sieve.faults))


def _refuse_duplicates(file: SourceFile, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputError(f'{file.name}: column "{name}" stands in the schema twice, once was expected; rename one')


def _column(file: SourceFile, name: str, column: pa.Array, is_known: bool) -> pa.Array:
    """Return the column as text, as UTC times or, of floats, as whole numbers where all of them are whole."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _column(file, name, column.dictionary_decode(), is_known)
    if pa.types.is_string(kind):
        return column
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _times(file, name, column)
    if pa.types.is_nested(kind):
        return _nested(file, name, column, is_known)
    if pa.types.is_floating(kind):
        return _numbers(column.cast(pa.float64()))
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        raise InputError(
            f'{file.name}: column "{name}" is {kind} and cannot be read as text; write it as UTF-8 text'
        ) from None


def _times(file: SourceFile, name: str, column: pa.Array) -> pa.Array:
    try:
        if pa.types.is_date(column.type):
            column = column.cast(pa.timestamp("ms") if column.type == pa.date64() else pa.timestamp("s"))
        plain = column.cast(pa.timestamp(column.type.unit, column.type.tz and "UTC"))
        return plain.cast(pa.timestamp("us", plain.type.tz), safe=plain.type.unit != "ns").cast(TIME)
    except pa.ArrowException:
        raise InputError(
            f'{file.name}: column "{name}" is {column.type} and holds times that no database can, years 1 to 9999 were '
            "expected; write such times as empty"
        ) from None


def _nested(file: SourceFile, name: str, column: pa.Array, is_known: bool) -> pa.Array:
    if is_known:
        raise InputError(
            f'{file.name}: column "{name}" is {column.type}, one text a row was expected; write one row for each value'
        )
    return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


def _numbers(column: pa.Array) -> pa.Array:
    """Return floats as text; whole numbers (ids that a data frame made floats of) without a fraction."""
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
    is_whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), _EXACT))
    whole = pc.if_else(is_whole, column, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(whole, column.cast(pa.string()))
