"""Opens text files: decompressed, decoded to UTF-8 without byte order mark, cut into blocks of whole rows."""

import codecs
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringwatch.graph_loader.files import SourceFile
from ringwatch.graph_loader.raw import Advance, Lines
from ringwatch.model.errors import InputError

CHUNK_BYTES = 8 << 20  # large enough for columns to pay, small enough that a few copies fit in memory many times over
MAX_ROW_BYTES = 1 << 20  # a longer row is a pasted document or a quote that was never closed
TOO_LONG = f"is longer than {MAX_ROW_BYTES} bytes, a row of short fields was expected"
LOST = "\N{REPLACEMENT CHARACTER}".encode()
"""What decoding puts where bytes are not in the declared encoding."""

_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a block of bytes begin and end (terminator included), and the line each begins on."""

    starts: Offsets
    ends: Offsets
    lines: Lines

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.starts)

    def where(self, keep: npt.NDArray[np.bool_]) -> "Rows":
        """Return the rows that a mask keeps."""
        return Rows(self.starts[keep], self.ends[keep], self.lines[keep])

    def of_offsets(self, offsets: Offsets) -> npt.NDArray[np.bool_]:
        """Say for each row whether one of the byte offsets lies in it."""
        hit = np.zeros(len(self.starts), dtype=np.bool_)
        if len(self.starts) == 0:
            return hit
        row = np.searchsorted(self.starts, offsets, side="right") - 1
        inside = (row >= 0) & (offsets < self.ends[row])
        hit[row[inside]] = True
        return hit


def open_bytes(file: SourceFile) -> tuple[pa.NativeFile, pa.NativeFile]:
    """Return the file as it lies there and the stream of its decompressed bytes.

    Raises:
        InputError: it cannot be opened.
    """
    try:
        lying = pa.OSFile(os.fsencode(file.path), "rb")  # a name may be no text
    except OSError as error:
        raise unreadable(file, error) from None
    return lying, lying if file.compression is None else pa.CompressedInputStream(lying, file.compression)


def unreadable(file: SourceFile, error: OSError) -> InputError:
    """Return the error that says why a file cannot be read and what would mend it."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return InputError(f"{file.name}: may not be read (permission denied); give yourself the right to read it")
    if file.compression is not None and error.errno is None:
        return InputError(
            f"{file.name}: is not whole {file.compression} data, it is truncated or damaged; copy or export it anew"
        )
    return InputError(f"{file.name}: cannot be read ({error}); copy or export it anew")


def text_chunks(file: SourceFile, advance: Advance) -> Iterator[bytes]:
    """Yield the file's text in UTF-8, chunk by chunk; ``LOST`` stands where bytes are not in the declared encoding.

    UTF-8 comes through unchecked, so that its bad rows can be told one by one.

    Raises:
        InputError: it cannot be read, is empty, or is plainly in another encoding than the declared one.
    """
    lying, stream = open_bytes(file)
    name = file.reading.encoding
    decoder = None if name == "utf-8" else codecs.getincrementaldecoder(name)("replace")
    is_first = True
    with lying, stream:
        while chunk := _read(file, stream):
            advance(lying.tell())
            if is_first:
                chunk = _without_bom(file, chunk)
                is_first = False
            yield chunk if decoder is None else decoder.decode(chunk).removeprefix("\ufeff").encode()
        if decoder is not None and (rest := decoder.decode(b"", final=True)):
            yield rest.encode()
    if is_first:
        raise InputError(f"{file.name}: is empty, rows were expected; export it anew or take it out of the folder")


def _read(file: SourceFile, stream: pa.NativeFile) -> bytes:
    try:
        chunk: bytes = stream.read(CHUNK_BYTES)
    except OSError as error:
        raise unreadable(file, error) from None
    return chunk


def _without_bom(file: SourceFile, chunk: bytes) -> bytes:
    """Return the first chunk without a UTF-8 mark; text in an encoding that was not declared is refused."""
    declared = file.reading.encoding
    for mark, encoding in _BOMS.items():
        if chunk.startswith(mark) and not declared.startswith(("utf-16", "utf-32")):
            raise _wrong_encoding(file, f"begins with the mark of {encoding.upper()}", encoding)
    head = chunk.split(b"\n", 1)[0][:4096]  # a header line; zero bytes in it are half of a wider encoding
    if declared == "utf-8" and head.count(0) * 4 > len(head):
        raise _wrong_encoding(
            file, "holds zero bytes as UTF-16 does", "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        )
    return chunk.removeprefix(codecs.BOM_UTF8) if declared == "utf-8" else chunk


def _wrong_encoding(file: SourceFile, sign: str, encoding: str) -> InputError:
    table = file.roles[0].table
    return InputError(
        f'{file.name}: {sign}, {file.reading.encoding} was expected; set encoding = "{encoding}" under '
        f"[tables.{table}] in mapping.toml, or save the file as UTF-8"
    )


def undecodable(data: bytes, rows: Rows) -> npt.NDArray[np.bool_]:
    """Say for each row whether it holds bytes that are not UTF-8. One step for each bad row, not for each row."""
    bad = np.zeros(len(rows), dtype=np.bool_)
    view, start = memoryview(data), 0
    stop = int(rows.ends[-1]) if len(rows) else 0
    while start < stop:
        try:
            str(view[start:stop], "utf-8")
        except UnicodeDecodeError as error:
            at = start + error.start
            row = int(np.searchsorted(rows.starts, at, side="right")) - 1
            is_inside = row >= 0 and at < rows.ends[row]  # between rows lie lines that are faults already
            bad[row] |= is_inside
            start = int(rows.ends[row]) if is_inside else start + error.end
        else:
            break
    return bad


def occurrences(data: bytes, mark: bytes) -> Offsets:
    """Return the byte offsets of a mark of one or more bytes."""
    if len(mark) == 1:
        return np.flatnonzero(np.frombuffer(data, np.uint8) == mark[0]) if mark in data else np.empty(0, np.int64)
    found = []
    at = data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + len(mark))
    return np.array(found, dtype=np.int64)


def cut(data: bytes, rows: Rows) -> bytes:
    """Return the bytes of the rows alone, one after the other."""
    if len(rows) == 0:
        return b""
    if np.array_equal(rows.starts[1:], rows.ends[:-1]):
        return data[rows.starts[0] : rows.ends[-1]]
    mark = np.zeros(len(data) + 1, dtype=np.int8)
    np.add.at(mark, rows.starts, 1)
    np.add.at(mark, rows.ends, -1)
    return np.frombuffer(data, np.uint8)[np.cumsum(mark[:-1], dtype=np.int8) > 0].tobytes()


def shown(data: bytes, rows: Rows) -> pa.Array:
    """Return the beginning of each row as text, for a person to find it by."""
    heads = (data[start : min(end, start + 200)] for start, end in zip(rows.starts, rows.ends, strict=True))
    return pa.array(
        [head.decode(errors="replace").replace("\0", "\N{SYMBOL FOR NULL}").rstrip("\r\n") for head in heads],
        pa.string(),
    )
