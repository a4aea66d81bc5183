"""Reads JSON Lines in columns: one object a line, all values as the text that was written.

Blocks go through the columnar parser; one that it does not take whole (numbers where text is expected, broken lines,
repeated keys) is read line by line, which gives the same rows and a fault for each bad line.
"""

import json
from collections.abc import Iterator, Sequence
from typing import NoReturn

import numpy as np
import pyarrow as pa
from pyarrow import json as arrow_json

from ringwatch.graph_loader.files import SourceFile
from ringwatch.graph_loader.frame import check_header
from ringwatch.graph_loader.raw import Advance, Fault, RawBatch, with_last
from ringwatch.graph_loader.text import LOST, MAX_ROW_BYTES, Rows, cut, text_chunks
from ringwatch.model.errors import InputError

_SPACE = b" \t\r\n"


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
        yield _batch(file, data, rows, line)
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
    known = sorted(file.known_names)
    columns = _columns(cut(data, rows), known, len(rows))
    if columns is not None:
        return RawBatch(rows.lines + line, columns)
    return _one_by_one(file, data, rows, line)


def _columns(data: bytes, known: Sequence[str], n_rows: int) -> dict[str, pa.Array] | None:
    """Return the columns of a block in which every line is an object of text values; None of any other block."""
    if n_rows == 0 or LOST in data or b"\0" in data:
        return None
    schema = pa.schema([(name, pa.string()) for name in known])
    try:
        table = arrow_json.read_json(
            pa.BufferReader(data),
            arrow_json.ReadOptions(block_size=len(data) + 1),
            arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
    except pa.ArrowInvalid:
        return None
    # The parser leaves unknown keys out here: it would read text that looks like a time as one and change its writing.
    if len(table) != n_rows or _has_unknown_keys(data, table):
        return None
    return {name: table[name].combine_chunks() for name in known}


def _has_unknown_keys(data: bytes, table: pa.Table) -> bool:
    """Say whether some line may hold a key besides the known ones: fewer values came out than colons after names."""
    n_values = sum(len(table) - column.null_count for column in table.columns)
    n_nulls = data.count(b'": null') + data.count(b'":null')
    return bool(data.count(b'":') + data.count(b'" :') != n_values + n_nulls)


def _one_by_one(file: SourceFile, data: bytes, rows: Rows, line: int) -> RawBatch:
    parsed: list[tuple[int, dict[str, str | None]]] = []
    faults = []
    known = file.known_names
    for number, (start, end) in enumerate(zip(rows.starts, rows.ends, strict=True), line):
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
        raise ValueError(f"is longer than {MAX_ROW_BYTES} bytes, a row of short fields was expected")
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
