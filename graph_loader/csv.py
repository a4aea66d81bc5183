"""Reads CSV (RFC 4180) in columns, with the physical line of every row.

Each block of bytes is cut into rows by arithmetic on the places of its quotes and line ends, which is exact where every
quote opens or closes a field. A block in which one does not (a stray or unbalanced quote, a lone carriage return) is
cut by the grammar instead, row by row. Values always come from the same parser, so both ways give the same rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ringwatch.graph_loader.files import SourceFile
from ringwatch.graph_loader.frame import as_mask, trim
from ringwatch.graph_loader.raw import Advance, Fault, Mask, RawBatch, with_last
from ringwatch.graph_loader.text import (
    LOST,
    MAX_ROW_BYTES,
    TOO_LONG,
    Offsets,
    Rows,
    cut,
    occurrences,
    shown,
    text_chunks,
    undecodable,
)
from ringwatch.model.errors import InputError

UNBALANCED = "a quote that does not open or close a whole field"
_PATIENCE_BYTES = 32 * MAX_ROW_BYTES  # how far the end of a quoted field is looked for before its quote counts as stray
_MAX_LINE_BYTES = 256 * MAX_ROW_BYTES  # what is held of a line without end before the file counts as no text
_QUOTE, _LF, _CR = 34, 10, 13
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A block cut into rows: ``stray`` are lines that are no row, ``n_bytes`` how much was used."""

    rows: Rows
    stray: Rows
    n_bytes: int
    n_lines: int
    has_newlines: bool  # inside fields


def read_csv(file: SourceFile, advance: Advance) -> Iterator[RawBatch]:
    """Yield the rows of a CSV file in batches of a few megabytes.

    Raises:
        InputError: the file cannot be read, or its header cannot be the one that is expected.
    """
    header: list[str] | None = None
    pending, line = b"", 1
    grammar = _Grammar(file.reading.delimiter)
    for chunk, is_last in with_last(text_chunks(file, advance)):
        data = pending + chunk
        if is_last and data and not data.endswith((b"\n", b"\r")):
            data += b"\n"
        found = grammar.cut(data, is_last)
        if header is None:
            if len(found.rows) == 0 and not is_last:
                pending = data
                continue
            header, found = _header(file, data, found, line)
            grammar = replace(grammar, n_fields=len(header))
            yield RawBatch(np.empty(0, np.int64), {name: pa.array([], pa.string()) for name in header})
        yield _batch(_Block(file, header, data, found, line))
        pending, line = data[found.n_bytes :], line + found.n_lines
        if len(pending) > _MAX_LINE_BYTES:
            raise InputError(
                f"{file.name}:{line}: no line ends within {_MAX_LINE_BYTES} bytes, rows were expected; export it anew"
            )


def _header(file: SourceFile, data: bytes, found: _Cut, line: int) -> tuple[list[str], _Cut]:
    """Return the column names and what is left of the cut without them."""
    if len(found.rows) == 0:
        raise InputError(f"{file.name}: holds no header line, column names were expected; export it anew")
    start, end = int(found.rows.starts[0]), int(found.rows.ends[0])
    where = f"{file.name}:{line + int(found.rows.lines[0])}"
    try:
        text = data[start:end].decode()
    except UnicodeDecodeError:
        raise InputError(
            f"{where}: the header is not UTF-8; set encoding under [tables.{file.roles[0].table}] in mapping.toml"
        ) from None
    table = arrow_csv.read_csv(
        pa.BufferReader(text.encode()),
        arrow_csv.ReadOptions(autogenerate_column_names=True, block_size=len(data) + 1),
        arrow_csv.ParseOptions(delimiter=file.reading.delimiter, newlines_in_values=True),
        arrow_csv.ConvertOptions(
            column_types={f"f{n}": pa.string() for n in range(text.count(file.reading.delimiter) + 1)}
        ),
    )
    names = [(column[0].as_py() or "").strip().strip("\ufeff\u200b") for column in table.columns]
    names = [name or f"column {n}" for n, name in enumerate(names, 1)]
    _refuse_wrong_delimiter(file, where, names)
    for name in names:
        if names.count(name) > 1:
            raise InputError(f'{where}: column "{name}" stands in the header twice, once was expected; rename one')
    rest = found.rows.where(np.arange(len(found.rows)) > 0)
    return names, _Cut(rest, found.stray, found.n_bytes, found.n_lines, found.has_newlines)


def _refuse_wrong_delimiter(file: SourceFile, where: str, names: Sequence[str]) -> None:
    """Raise InputError where another delimiter cuts the header into names and the declared one does not."""
    wanted = file.known_names
    if wanted & set(names):
        return
    for other in ",;\t|":
        parts = {part.strip().strip('"') for name in names for part in name.split(other)}
        if (
            other != file.reading.delimiter
            and any(other in name for name in names)
            and (len(names) == 1 or parts & wanted)
        ):
            written = "\\t" if other == "\t" else other
            raise InputError(
                f'{where}: the header is not cut by "{file.reading.delimiter}" but seems to be by "{written}"; '
                f'set delimiter = "{written}" under [tables.{file.roles[0].table}] in mapping.toml'
            )


@dataclass(frozen=True, slots=True)
class _Block:
    """Bytes with their rows, ready to be parsed."""

    file: SourceFile
    header: list[str]
    data: bytes
    found: _Cut
    line: int  # of the first byte

    def faults(self, bad: npt.NDArray[np.bool_], reason: str) -> Fault:
        rows = self.found.rows.where(bad)
        return Fault(rows.lines + self.line, "", shown(self.data, rows), reason)


def _batch(block: _Block) -> RawBatch:
    """Return the rows that can be read, and a fault for each that cannot."""
    data, rows = block.data, block.found.rows
    faults = []
    if len(block.found.stray):
        stray = block.found.stray
        faults.append(Fault(stray.lines + block.line, "", shown(data, stray), UNBALANCED))
    keep = np.ones(len(rows), dtype=np.bool_)
    for reason, bad in _bad_rows(block):
        fresh = bad & keep
        if fresh.any():
            faults.append(block.faults(fresh, reason))
            keep &= ~fresh
    good = rows if keep.all() else rows.where(keep)
    columns, wrong = _parse(block, good)
    if wrong:
        at = np.array(sorted(wrong), dtype=np.int64)
        is_wrong = np.zeros(len(good), dtype=np.bool_)
        is_wrong[at] = True
        counts = [wrong[int(n)] for n in at]
        for count in sorted(set(counts)):
            chosen = Rows(*(part[at[np.array(counts) == count]] for part in (good.starts, good.ends, good.lines)))
            reason = f"has {count} field{'s' * (count != 1)}, {len(block.header)} were expected"
            faults.append(Fault(chosen.lines + block.line, "", shown(data, chosen), reason))
        good = good.where(~is_wrong)
    is_header = _repeats_header(columns)
    if is_header.any():
        again = good.where(is_header)
        faults.append(
            Fault(again.lines + block.line, "", shown(data, again), "is the header again, a row was expected")
        )
        good, kept = good.where(~is_header), pa.array(~is_header)
        columns = {name: column.filter(kept) for name, column in columns.items()}
    return RawBatch(good.lines + block.line, columns, tuple(faults))


def _repeats_header(columns: Mapping[str, pa.Array]) -> Mask:
    """Say which rows hold the names of the columns: files that were put one behind the other."""
    first, column = next(iter(columns.items()))
    is_header = as_mask(pc.match_substring(column, first))
    if is_header.any():
        for name, column in columns.items():
            is_header &= as_mask(pc.equal(trim(column), name))
    return is_header


def _bad_rows(block: _Block) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    data, rows, encoding = block.data, block.found.rows, block.file.reading.encoding
    if len(rows) and int((rows.ends - rows.starts).max()) > MAX_ROW_BYTES:
        too_long = rows.ends - rows.starts > MAX_ROW_BYTES
        yield TOO_LONG, too_long
    if b"\0" in data:
        yield "holds a zero byte, text was expected", rows.of_offsets(occurrences(data, b"\0"))
    if encoding != "utf-8" and LOST in data:
        yield f"is not {encoding}, as mapping.toml declares", rows.of_offsets(occurrences(data, LOST))
    if encoding == "utf-8" and not _is_utf8(data):
        yield (
            "is not UTF-8; where the whole file is in another encoding set it in mapping.toml",
            undecodable(data, rows),
        )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _parse(block: _Block, rows: Rows) -> tuple[dict[str, pa.Array], dict[int, int]]:
    """Return the columns of the rows with the right number of fields, and that number for each other row."""
    if len(rows) == 0:
        return {name: pa.array([], pa.string()) for name in block.header}, {}
    data = cut(block.data, rows)
    longest = int((rows.ends - rows.starts).max())
    invalid: list[arrow_csv.InvalidRow] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        invalid.append(row)
        return "skip"

    def parse(*, use_threads: bool) -> pa.Table:
        invalid.clear()
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(
                column_names=block.header, use_threads=use_threads, block_size=max(1 << 20, 2 * longest)
            ),
            arrow_csv.ParseOptions(
                delimiter=block.file.reading.delimiter,
                newlines_in_values=block.found.has_newlines,
                invalid_row_handler=skip,
                ignore_empty_lines=False,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(block.header, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )

    table = parse(use_threads=True)
    if invalid:  # only a single thread knows which rows they are
        table = parse(use_threads=False)
    wrong = {row.number - 1: row.actual_columns for row in invalid}
    return {name: column.combine_chunks() for name, column in zip(block.header, table.columns, strict=True)}, wrong


@dataclass(frozen=True, slots=True)
class _Grammar:
    """RFC 4180 with one delimiter; a quote inside an unquoted field stands for itself."""

    delimiter: str
    n_fields: int | None = None  # None before the header is known

    def cut(self, data: bytes, is_last: bool) -> _Cut:
        """Cut a block into whole rows; what follows the last whole row is left for the next block."""
        array = np.frombuffer(data, np.uint8)
        quotes = np.flatnonzero(array == _QUOTE) if b'"' in data else np.empty(0, np.int64)
        newlines = np.flatnonzero(array == _LF)
        if not self._is_regular(array, quotes, is_last):
            return self._cut_by_grammar(data, is_last)
        is_end = np.searchsorted(quotes, newlines) % 2 == 0 if len(quotes) else np.ones(len(newlines), np.bool_)
        at = np.flatnonzero(is_end)
        ends = newlines[at] + 1
        if len(ends) == 0:
            return self._nothing(data)
        starts = np.concatenate(([0], ends[:-1]))
        lines = np.concatenate(([0], at[:-1] + 1))
        rows = _without_empty(array, Rows(starts, ends, lines))
        return _Cut(rows, _NO_ROWS, int(ends[-1]), int(at[-1]) + 1, not bool(is_end.all()))

    def _nothing(self, data: bytes) -> _Cut:
        if len(data) > _PATIENCE_BYTES:
            return self._cut_by_grammar(data, is_last=False)
        return _Cut(_NO_ROWS, _NO_ROWS, 0, 0, has_newlines=False)

    def _is_regular(self, array: npt.NDArray[np.uint8], quotes: Offsets, is_last: bool) -> bool:
        """Say whether quotes open and close fields in turn and every carriage return belongs to a line end."""
        returns = np.flatnonzero(array == _CR)
        if len(returns):
            after = array[np.minimum(returns + 1, len(array) - 1)]
            is_cut_off = (returns == len(array) - 1) & (not is_last)
            if not np.all((after == _LF) | is_cut_off):
                return False
        if is_last and len(quotes) % 2:
            return False
        borders = np.zeros(256, dtype=np.bool_)
        borders[[ord(self.delimiter), _LF, _CR, _QUOTE]] = True
        opening, closing = quotes[::2], quotes[1::2]
        before = borders[array[opening - 1]] | (opening == 0)
        behind = borders[array[np.minimum(closing + 1, len(array) - 1)]]
        # A quote before an opening one must be the closing one that it doubles; it is, where the two alternate.
        return bool(before.all() and behind.all())

    def _cut_by_grammar(self, data: bytes, is_last: bool) -> _Cut:
        """Cut row by row; a line from which no row can begin is stray, and the next line begins anew."""
        row, field = self._patterns()
        good: list[tuple[int, int, int]] = []
        stray: list[tuple[int, int, int]] = []
        at, line, has_newlines = 0, 0, False
        while at < len(data):
            match = row.match(data, at)
            end_of_line = _end_of_line(data, at)
            if match is None and not is_last and len(data) - at < _PATIENCE_BYTES and self._may_go_on(data, at):
                break
            if not is_last and end_of_line == len(data) and not data.endswith(b"\n"):
                break  # the line goes on, or the line feed of its end may be the next byte
            if match is not None and not is_last and match.end() == len(data) and data.endswith(b"\r"):
                break
            if match is not None and match.end() > end_of_line and self.n_fields is not None:
                # A field over several lines is believed where the row then has its number of fields.
                match = match if len(field.findall(match[0].rstrip(b"\r\n"))) == self.n_fields else None
            if match is not None:
                has_newlines |= match.end() > end_of_line
                good.append((at, match.end(), line))
            else:
                stray.append((at, end_of_line, line))
            until = end_of_line if match is None else match.end()
            line += _count_lines(data, at, until)
            at = until
        rows = _without_empty(np.frombuffer(data, np.uint8), _rows(good))
        return _Cut(rows, _rows(stray), at, line, has_newlines)

    def _patterns(self) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
        mark = re.escape(self.delimiter).encode()
        field = rb'(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^' + mark + rb"\r\n]*+)"
        row = re.compile(field + rb"(?:" + mark + field + rb")*+(?:\r\n|\n|\r)")
        return row, re.compile(rb"(?:^|" + mark + rb")" + field)

    def _may_go_on(self, data: bytes, at: int) -> bool:
        """Say whether the row that begins here may end in bytes not read yet."""
        mark = re.escape(self.delimiter).encode()
        whole = rb'(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^' + mark + rb"\r\n]*+)" + mark
        open_end = rb'(?:"[^"]*+(?:""[^"]*+)*+"?|(?!")[^' + mark + rb"\r\n]*+)\r?\Z"
        return re.compile(rb"(?:" + whole + rb")*+" + open_end).match(data, at) is not None


_NO_ROWS = Rows(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))


def _rows(found: list[tuple[int, int, int]]) -> Rows:
    if not found:
        return _NO_ROWS
    starts, ends, lines = np.array(found, dtype=np.int64).T
    return Rows(starts, ends, lines)


def _without_empty(array: npt.NDArray[np.uint8], rows: Rows) -> Rows:
    """Leave out blank lines: they are no rows."""
    length = rows.ends - rows.starts
    is_empty = (length == 1) | ((length == 2) & (array[rows.starts] == _CR))
    return rows.where(~is_empty) if is_empty.any() else rows


def _end_of_line(data: bytes, at: int) -> int:
    """Return where the physical line that begins at a byte ends, terminator included."""
    found = _LINE_END.search(data, at)
    return found.end() if found else len(data)


def _count_lines(data: bytes, start: int, end: int) -> int:
    return data.count(b"\n", start, end) + data.count(b"\r", start, end) - data.count(b"\r\n", start, end)
