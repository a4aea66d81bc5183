"""Laws of reading text: the rows that were written, whatever the quotes, line ends, blocks or format."""

import contextlib
import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from ringwatch.graph_loader import jsonl, text
from ringwatch.graph_loader.csv import read_csv
from ringwatch.graph_loader.files import Role, SourceFile
from ringwatch.graph_loader.json_texts import Texts
from ringwatch.graph_loader.jsonl import read_jsonl
from ringwatch.graph_loader.mapping import Reading
from ringwatch.graph_loader.parquet import read_parquet
from ringwatch.graph_loader.raw import RawBatch
from ringwatch.model.errors import InputError

NAMES = ("seller_id", "name", "status")
READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet}
cells = st.text(st.sampled_from('ab ,;"\n\té中'), max_size=6)
tables = st.lists(st.tuples(st.sampled_from(["s1", "s2", "s3"]), cells, cells), max_size=12)


def source(path: Path, **reading: str) -> SourceFile:
    """Return a file of sellers."""
    _, kind, *ending = path.name.split(".")
    compression = {"gz": "gzip", "zst": "zstd"}[ending[0]] if ending else None
    return SourceFile(path, path.name, kind, compression, Reading(**reading), (Role("sellers"),))


def read(data: bytes, name: str = "sellers.csv", **reading: str) -> list[RawBatch]:
    """Read bytes as a file of that name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        file = source(path, **reading)
        return list(READERS[file.format](file, lambda _: None))


def rows_of(batches: list[RawBatch]) -> list[tuple[str | None, ...]]:
    """Return the rows of batches, empty text as None."""
    rows: list[tuple[str | None, ...]] = []
    for batch in batches:
        columns = [batch.columns[name].to_pylist() if name in batch.columns else [None] * len(batch) for name in NAMES]
        rows += zip(*([cell or None for cell in column] for column in columns), strict=True)
    return rows


def lines_of(batches: list[RawBatch]) -> list[int]:
    """Return the line of each row."""
    return [int(line) for batch in batches for line in batch.lines]


def faults_of(batches: list[RawBatch]) -> list[tuple[int, str]]:
    """Return line and reason of each row that could not be read."""
    return sorted((int(line), fault.reason) for batch in batches for fault in batch.faults for line in fault.lines)


def written(
    rows: list[tuple[str, ...]], line_end: str = "\n", quoting: int = csv.QUOTE_MINIMAL, mark: str = ","
) -> str:
    """Return rows as Python writes them, header first."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator=line_end, quoting=quoting, delimiter=mark)
    writer.writerows([NAMES, *rows])
    return sink.getvalue()


@given(
    tables, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(",;|")
)
def test_csv_reads_what_was_written(rows: list, line_end: str, quoting: int, mark: str) -> None:
    """Rows written by RFC 4180 come back the same, each with the physical line on which it begins."""
    data = written(rows, line_end, quoting, mark)
    batches = read(data.encode(), delimiter=mark)
    assert rows_of(batches) == [tuple(cell or None for cell in row) for row in rows]
    reader = csv.reader(io.StringIO(data, newline=""), delimiter=mark)
    ends = [reader.line_num for _ in reader]
    assert lines_of(batches) == [end + 1 for end in ends[:-1]]
    assert faults_of(batches) == []


@given(tables, st.integers(1, 40))
def test_blocks_change_nothing(rows: list, chunk_bytes: int) -> None:
    """However the bytes are cut into chunks, rows, lines and faults are the same, for regular and for broken files."""
    broken = written(rows) + 's9,"open,x\ns8,a "b" c,d\ns7,one\n'
    whole = read(broken.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "CHUNK_BYTES", chunk_bytes)
        parts = read(broken.encode())
    assert rows_of(parts) == rows_of(whole)
    assert lines_of(parts) == lines_of(whole)
    assert faults_of(parts) == faults_of(whole)


plain = st.lists(st.tuples(st.sampled_from(["s1", "s2"]), st.text("ab é中", max_size=5), st.just("x")), max_size=12)


@given(plain, st.data())
def test_a_bad_row_costs_itself_alone(rows: list, data: st.DataObject) -> None:
    """A row with a wrong number of fields, a stray quote, a zero byte or bad UTF-8 is one fault and no more."""
    bad = data.draw(
        st.sampled_from(
            [b"s1,x\n", b"s1,x,y,z\n", b's1,"x"y,z\n', b's1,"x,y\n', b"s1,a\0,y\n", b"s1,\xff,y\n", b's1,x,"\n']
        )
    )
    at = data.draw(st.integers(0, len(rows)))
    lines = written(rows).encode().splitlines(keepends=True)
    spoilt = b"".join([*lines[: at + 1], bad, *lines[at + 1 :]])
    batches = read(spoilt)
    assert rows_of(batches) == [tuple(cell or None for cell in row) for row in rows]
    assert [line for line, _ in faults_of(batches)] == [at + 2]


def as_parquet(rows: list) -> bytes:
    """Return rows as a Parquet file."""
    sink = pa.BufferOutputStream()
    columns = [[row[n] for row in rows] for n in range(len(NAMES))]
    parquet.write_table(pa.table([pa.array(column, pa.string()) for column in columns], names=NAMES), sink)
    return sink.getvalue().to_pybytes()


FORMS: dict[str, Callable[[list], bytes]] = {
    "sellers.jsonl": lambda rows: "".join(
        json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in rows
    ).encode(),
    "sellers.parquet": as_parquet,
    "sellers.csv.gz": lambda rows: gzip.compress(written(rows).encode()),
    "sellers.csv.zst": lambda rows: pa.compress(written(rows).encode(), codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("name", FORMS)
@given(rows=tables)
def test_formats_are_equal(name: str, rows: list) -> None:
    """The same rows in another format or compressed give the same columns."""
    if rows:
        assert rows_of(read(FORMS[name](rows), name)) == rows_of(read(written(rows).encode()))


@given(tables, st.sampled_from(["utf-16", "utf-8", "gb18030", "utf-16-be"]))
def test_declared_encodings_are_equal(rows: list, encoding: str) -> None:
    """A file in a declared encoding, with or without byte order mark, gives what UTF-8 gives."""
    data = written(rows)
    mark = b"\xef\xbb\xbf" if encoding == "utf-8" else b""
    assert rows_of(read(mark + data.encode(encoding), encoding=encoding)) == rows_of(read(data.encode()))


ESCAPED = [
    r"\u0041",
    r"\\",
    r"\"",
    r"\n",
    r"\u0000",
    r"\ud83d\ude00",
    r"\ud83d",
    "{",
    "}",
    "[",
    ":",
    ",",
    " ",
    "true",
    "é",
    "中",
]
JSON_TEXTS = st.lists(st.sampled_from([*ESCAPED, "a", "7"]), max_size=4).map("".join).map('"{}"'.format)
SCALARS = st.sampled_from(["1.10", "-0", "1E5", "12345678901234567890123", "true", "false", "null", "2025-01-31", '""'])
BROKEN = st.sampled_from(
    ["01", "1.", "NaN", "nul", "'a'", "", '"', '"a" "b"', "\t", "\x01", "[1, 2]", '{"b": 1}', '"\x01"']
)
MEMBERS = st.lists(
    st.tuples(
        st.sampled_from(['"seller_id"', '"name"', '"odd"', '"\\u006edd"', '"\\u006fdd"', '"{:"', '""', '"中"', "name"]),
        st.sampled_from([":", ": ", " :", "\t:\t", "::", ""]),
        JSON_TEXTS | SCALARS | BROKEN,
    ).map("".join),
    max_size=4,
)
LINES = st.lists(
    st.builds("{}{}{}".format, st.sampled_from(["{", " {", "{{", ""]), MEMBERS.map(", ".join), st.sampled_from("}"))
    | st.sampled_from(
        ['{"seller_id": "s1", "turnover": 1.10}', '{"seller_id": 7}', "", "  ", "{} {}", "{}\r", "[]", "}"]
    ),
    max_size=8,
)


@settings(max_examples=200)
@given(LINES)
def test_json_in_columns_is_json_line_by_line(lines: list[str]) -> None:
    """Whatever a line holds, reading it in columns gives the row or the fault that reading it alone gives."""
    data = "\n".join(['{"seller_id": "s"}', *lines]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "as_texts", lambda _, rows: Texts(b"", np.zeros(len(rows), np.bool_), ()))
        (alone,) = read(data, "sellers.jsonl")
    (whole,) = read(data, "sellers.jsonl")
    assert list(whole.lines) == list(alone.lines)
    assert faults_of([whole]) == faults_of([alone])
    for name in {*whole.columns, *alone.columns}:
        assert all_of(whole, name) == all_of(alone, name)


def all_of(batch: RawBatch, name: str) -> list[str | None]:
    """Return a column of a batch, empty text as None."""
    return [cell or None for cell in batch.columns.get(name, pa.nulls(len(batch), pa.string())).to_pylist()]


GARBAGE = st.lists(
    st.sampled_from(
        [b"a", b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3\xa9", b"\xef\xbb\xbf", b";", b"{", b"}"]
    )
    | st.sampled_from(
        [b'{"seller_id": "a"}\n', b'{"seller_id": 1, "x": [null]}\n', b'"a,b"', b"[", b"]", b":", b"\\u0000", b"1e999"]
    ),
    max_size=40,
).map(b"".join)


@settings(max_examples=150)
@given(
    GARBAGE,
    st.sampled_from(["sellers.csv", "sellers.jsonl"]),
    st.integers(1, 40),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_garbage_is_read_or_refused(garbage: bytes, name: str, chunk_bytes: int, encoding: str) -> None:
    """Any bytes are rows, faults or one InputError; each line is told at most once, and lines ascend."""
    head = b"seller_id,name,status\n" if name.endswith("csv") else b'{"seller_id": "s"}\n'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "CHUNK_BYTES", chunk_bytes)
        batches = read(head + garbage, name, encoding=encoding)
    good, bad = lines_of(batches), [line for line, _ in faults_of(batches)]
    assert sorted({*good, *bad}) == sorted([*good, *bad])
    assert good == sorted(good)
    n_lines = len((head + garbage).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    assert all(1 <= line <= n_lines for line in [*good, *bad])
    assert all(len(column) == len(batch) for batch in batches for column in batch.columns.values())


@given(st.binary(max_size=60), st.integers(0, 400))
def test_damaged_parquet_is_refused(noise: bytes, at: int) -> None:
    """Parquet with bytes overwritten or cut off is rows or one InputError, never another error."""
    whole = as_parquet([("s1", "a", "b")] * 5)
    for spoilt in (whole[:at] + noise + whole[at + len(noise) :], whole[:at]):
        with contextlib.suppress(InputError):
            read(spoilt, "sellers.parquet")
