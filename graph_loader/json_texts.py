"""JSON Lines written anew with every plain value as text, so that a parser of columns keeps numbers as they stand.

Found by arithmetic on the places of quotes and marks, without a step for each line. A line that is anything but one
flat object of texts, numbers, true, false and null is left to whoever reads line by line.
"""

import json
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.graph_loader.raw import Mask
from ringwatch.graph_loader.text import LOST, MAX_ROW_BYTES, Offsets, Rows, occurrences, undecodable

Bytes = npt.NDArray[np.uint8]

_QUOTE, _BACKSLASH, _COLON = b'"\\:'
_NO_TEXT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # a zero character, half a surrogate pair
_PLAIN = r"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$"
_MARKS = np.isin(np.arange(256), list(b'{}[]:, \t\r\n"'))  # what stands between plain values
_MAX_NAMES = 1_000  # different keys in one block: more are data, not columns


@dataclass(frozen=True, slots=True)
class Texts:
    """Lines whose values are all text or null, which lines of the block they are, and the keys that they hold."""

    data: bytes
    is_taken: Mask
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Bytes with the places of their quotes and of what stands outside of texts; odd lines have no quotes here."""

    array: Bytes
    rows: Rows
    quotes: Offsets
    is_outside: Mask

    def counts(self, is_mark: Mask) -> npt.NDArray[np.int64]:
        """Return how many bytes of a mask each line holds."""
        at = np.flatnonzero(is_mark)
        counts: npt.NDArray[np.int64] = np.searchsorted(at, self.rows.ends) - np.searchsorted(at, self.rows.starts)
        return counts

    def of_offsets(self, offsets: Offsets) -> npt.NDArray[np.int64]:
        """Return the line of each offset."""
        lines: npt.NDArray[np.int64] = np.searchsorted(self.rows.starts, offsets, side="right") - 1
        return lines


def as_texts(data: bytes, rows: Rows) -> Texts:
    """Return the flat objects among some lines; ``rows`` are all lines of ``data``, the ends of lines included."""
    block, is_taken = _opened(data, rows)
    for marks, n_wanted in ((b"{", 1), (b"}", 1), (b"[", 0), (b"]", 0)):
        is_taken &= block.counts((block.array == marks[0]) & block.is_outside) == n_wanted
    starts, ends, is_null = _plain_values(block, is_taken)
    names = _names(block, is_taken)
    is_wanted = is_taken[block.of_offsets(starts)] & ~is_null
    places = np.sort(np.concatenate((starts[is_wanted], ends[is_wanted])))
    written = np.insert(block.array, places, _QUOTE)
    if not is_taken.all():
        kept = np.repeat(is_taken, rows.ends - rows.starts)
        written = written[np.insert(kept, places, values=True)]
    return Texts(written.tobytes(), is_taken, names)


def _opened(data: bytes, rows: Rows) -> tuple[_Block, Mask]:
    """Return the bytes with their quotes, and which lines may be read at all."""
    array = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(array == _QUOTE)
    if b"\\" in data:
        quotes = np.setdiff1d(quotes, _escaped(np.flatnonzero(array == _BACKSLASH)), assume_unique=True)
    n_quotes = np.searchsorted(quotes, rows.ends) - np.searchsorted(quotes, rows.starts)
    is_even = n_quotes % 2 == 0
    quotes = quotes[np.repeat(is_even, n_quotes)]
    is_quote = np.zeros(len(array), dtype=np.bool_)
    is_quote[quotes] = True
    is_inside = np.cumsum(is_quote, dtype=np.int8) & 1 > 0  # the count may overflow, its last bit does not
    block = _Block(array, rows, quotes, ~(is_inside | is_quote))
    is_taken = is_even & (rows.ends - rows.starts <= MAX_ROW_BYTES) & ~undecodable(data, rows)
    for bad in (occurrences(data, b"\0"), occurrences(data, LOST), _no_text(data)):
        is_taken &= ~rows.of_offsets(bad)
    return block, is_taken


def _escaped(backslashes: Offsets) -> Offsets:
    """Return the offsets behind runs of an odd number of backslashes."""
    is_first = np.diff(backslashes, prepend=-2) > 1
    first = backslashes[is_first]
    length = np.diff(np.append(np.flatnonzero(is_first), len(backslashes)))
    behind: Offsets = (first + length)[length % 2 == 1]
    return behind


def _no_text(data: bytes) -> Offsets:
    found = (match.start() for match in _NO_TEXT.finditer(data)) if b"\\u" in data else ()
    return np.fromiter(found, dtype=np.int64)


def _plain_values(block: _Block, is_taken: Mask) -> tuple[Offsets, Offsets, Mask]:
    """Return where numbers, true, false and null begin and end, and which are null; lines with other words go."""
    is_word = block.is_outside & ~_MARKS[block.array]
    edges = np.flatnonzero(np.diff(is_word, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    words = _cut_out(block.array, starts, ends)
    is_plain = np.asarray(pc.match_substring_regex(words, _PLAIN), dtype=np.bool_)
    is_taken[block.of_offsets(starts[~is_plain])] = False
    return starts, ends, np.asarray(pc.equal(words, b"null"), dtype=np.bool_)


def _names(block: _Block, is_taken: Mask) -> tuple[str, ...]:
    """Return the keys of the lines that are still taken; a line that holds one twice, or a colon without one, goes."""
    colons = np.flatnonzero((block.array == _COLON) & block.is_outside)
    closing = np.searchsorted(block.quotes, colons) - 1
    is_key = (closing % 2 == 1) & (closing > 0) & (np.diff(closing, prepend=-1) > 0)  # each colon follows its own text
    is_taken[block.of_offsets(colons[~is_key])] = False
    line = block.of_offsets(colons)
    is_key &= is_taken[line]
    line, closing = line[is_key], closing[is_key]
    encoded = _cut_out(block.array, block.quotes[closing - 1] + 1, block.quotes[closing]).dictionary_encode()
    codes, names = np.asarray(encoded.indices), [_unescaped(name) for name in encoded.dictionary.to_pylist()]
    if len(names) > _MAX_NAMES:
        is_taken[:] = False
        return ()
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    is_taken[line[np.array([name is None for name in names], np.bool_)[codes]]] = False
    pairs = np.sort(line * len(place) + np.array([place[name] for name in names], np.int64)[codes])
    is_taken[pairs[1:][pairs[1:] == pairs[:-1]] // max(len(place), 1)] = False
    return tuple(name for name in place if name is not None)


def _unescaped(written: bytes) -> str | None:
    """Return a key as text, None where it is none."""
    try:
        return str(json.loads(b'"' + written + b'"'))
    except ValueError:
        return None


def _cut_out(array: Bytes, starts: Offsets, ends: Offsets) -> pa.Array:
    """Return stretches of bytes, in ascending order and apart from each other, as a column."""
    is_inside = np.zeros(len(array) + 1, dtype=np.int8)
    is_inside[starts] += 1
    is_inside[ends] -= 1
    kept = array[np.cumsum(is_inside[:-1], dtype=np.int8) > 0]
    offsets = np.concatenate(([0], np.cumsum(ends - starts))).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(kept)])
