"""Reads JSON Lines in columns: one object a line, all values as the text that was written.

Lines that are flat objects go through the columnar parser, numbers and all. The others (nested values, repeated keys,
broken lines) are read one by one, which gives the same rows where both can, and a fault for each bad line.
"""

import json
from collections.abc import Iterator, Sequence
from typing import NoReturn

import numpy as np
import pyarrow as pa
from pyarrow import json as arrow_json

from ringwatch.graph_loader.files import SourceFile
from ringwatch.graph_loader.frame import check_header
from ringwatch.graph_loader.json_texts import as_texts
from ringwatch.graph_loader.raw import Advance, Fault, RawBatch, with_last
from ringwatch.graph_loader.text import LOST, MAX_ROW_BYTES, TOO_LONG, Rows, text_chunks
from ringwatch.model.errors import InputError

_SPACE = b" \t\r\n"
_FEW_LINES = 64  # among so many with a bad one it is quicker to read each than to look for it


def read_jsonl(file: SourceFile, advance: Advance) -> Iterator[RawBatch]:
    """Yield the rows of a JSON Lines file in batches of a few megabytes.

    Raises:
        InputError: the file cannot be read, is one JSON array, or has a required or mapped key in no line.
    """
    pending, line, is_first = b"", 1, True
    known, seen = file.known_names, set[str]()
    for chunk, is_last in with_last(text_chunks(file, advance)):
        data = pending + chunk
        if is_first and data.lstrip(_SPACE).startswith(b"["):
            raise InputError(
                f"{file.name}: is a JSON array, one JSON object a line was expected; export it as JSON Lines"
            )
        is_first = False
        seen |= {name for name in known - seen if _holds_key(data, name)}
        if is_last and not data.endswith(b"\n"):
            data += b"\n"
        rows = _lines(data)
        used = int(rows.ends[-1]) if len(rows) else 0
        yield _batch(file, data[:used], rows, line)
        pending, line = data[used:], line + len(rows)
    if line > 1:
        check_header(file, seen)


def _holds_key(data: bytes, name: str) -> bool:
    """Say whether a key may stand in some bytes, written out or with escapes."""
    return any(json.dumps(name, ensure_ascii=is_ascii).encode() in data for is_ascii in (False, True))


def _lines(data: bytes) -> Rows:
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64) if len(ends) else ends
    return Rows(starts, ends, np.arange(len(ends), dtype=np.int64))


def _batch(file: SourceFile, data: bytes, rows: Rows, line: int) -> RawBatch:
    texts = as_texts(data, rows)
    names = sorted(file.known_names.union(texts.names))
    parts = list(_parsed(texts.data, names))
    is_read = texts.is_taken.copy()
    is_read[is_read] = np.repeat([table is not None for table, _ in parts], [n for _, n in parts])
    whole = pa.concat_tables([_columns(b"", names), *(table for table, _ in parts if table is not None)])
    quick = RawBatch(rows.lines[is_read] + line, {name: _joined(whole[name]) for name in names})
    return quick if is_read.all() else _merged(quick, _one_by_one(file, data, rows.where(~is_read), line))


def _parsed(data: bytes, names: Sequence[str]) -> Iterator[tuple[pa.Table | None, int]]:
    """Yield the columns of lines of flat objects of texts, and how many; None for some few among which one is bad."""
    table, n_lines = _columns(data, names), data.count(b"\n")
    if len(table) == n_lines or n_lines <= _FEW_LINES:
        yield table if len(table) == n_lines else None, n_lines
    else:
        at = data.index(b"\n", len(data) // 2)
        at = at if at + 1 < len(data) else data.index(b"\n")
        yield from _parsed(data[: at + 1], names)
        yield from _parsed(data[at + 1 :], names)


def _columns(data: bytes, names: Sequence[str]) -> pa.Table:
    """Return the columns of lines of flat objects of texts; no row where the parser refuses one."""
    schema = pa.schema([(name, pa.string()) for name in names])
    if not data:
        return schema.empty_table()
    try:
        table: pa.Table = arrow_json.read_json(
            pa.BufferReader(data),
            arrow_json.ReadOptions(block_size=len(data) + 1),
            arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
    except pa.ArrowInvalid:
        return schema.empty_table()
    return table


def _merged(one: RawBatch, other: RawBatch) -> RawBatch:
    """Return the rows of two batches by line, with the columns of both."""
    lines = np.concatenate((one.lines, other.lines))
    order = pa.array(np.argsort(lines))
    columns = {}
    for name in {**one.columns, **other.columns}:
        parts = [batch.columns.get(name, pa.nulls(len(batch), pa.string())) for batch in (one, other)]
        columns[name] = pa.concat_arrays(parts).take(order)
    return RawBatch(np.sort(lines), columns, one.faults + other.faults)


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays([*column.chunks, pa.array([], pa.string())])


def _one_by_one(file: SourceFile, data: bytes, rows: Rows, line: int) -> RawBatch:
    parsed: list[tuple[int, dict[str, str | None]]] = []
    faults = []
    known = file.known_names
    for start, end, number in zip(rows.starts, rows.ends, rows.lines + line, strict=True):
        text = data[start:end].strip(_SPACE)
        if not text:
            continue
        try:
            parsed.append((number, _row(text, file.reading.encoding, known)))
        except ValueError as error:
            at = np.array([number], dtype=np.int64)
            column, reason = error.args if len(error.args) == 2 else ("", str(error))
            head = text[:200].decode(errors="replace").replace("\0", "\N{SYMBOL FOR NULL}")
            faults.append(Fault(at, column, pa.array([head]), reason))
    names = sorted({name for _, row in parsed for name in row})
    columns = {name: pa.array([row.get(name) for _, row in parsed], pa.string()) for name in names}
    return RawBatch(np.array([number for number, _ in parsed], dtype=np.int64), columns, tuple(faults))


def _row(text: bytes, encoding: str, known: set[str]) -> dict[str, str | None]:
    """Return one object as texts; raises ValueError(reason) or ValueError(column, reason)."""
    if len(text) > MAX_ROW_BYTES:
        raise ValueError(TOO_LONG)
    if encoding != "utf-8" and LOST in text:
        raise ValueError(f"is not {encoding}, as mapping.toml declares")
    try:
        value = json.loads(
            text.decode(), object_pairs_hook=_pairs, parse_int=_Number, parse_float=_Number, parse_constant=_no_number
        )
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8; where the whole file is in another encoding set it in mapping.toml") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("is nested too deeply, an object of texts was expected") from None
    if not isinstance(value, dict):
        raise ValueError("is no JSON object, one object a line was expected")  # noqa: TRY004 (of the text, not of a caller)
    return {name: _text(name, item, known) for name, item in value.items()}


def _no_number(written: str) -> NoReturn:
    raise ValueError(f"holds {written}, which is no JSON; leave the key out or write null")


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(twice, "key stands twice in one object")
    return row


def _text(name: str, value: object, known: set[str]) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise ValueError(name, "holds a character that is no text (a zero character or half a surrogate pair)")
        return str(value)
    if name in known:
        raise ValueError(name, f"is {'a list' if isinstance(value, list) else 'an object'}, text was expected")
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
