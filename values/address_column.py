"""Addresses in bulk: texts that differ in their numbers only are read once, and the numbers put in their places.

How an address is read depends on its numbers by their length alone, not by their value. So a folded text with every
digit masked names a *form*. Its canonical text with gaps is found by reading the form twice with made-up numbers; the
pair of values that stands at a place tells which number belongs there. All texts of a form have their numbers at the
same bytes, so they are filled in as columns of bytes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.values.text import Normalised, clean, fold, unaccent

_DIGITS = re.compile(r"[0-9]+")
_DIGIT_BYTES = re.compile(rb"[0-9]+")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_MAX_NUMBERS = 30  # so many pairs of two-digit numbers stay apart: 10 to 39 beside 60 to 89
_MAX_CHARS = 300  # far from the limit of values, whatever the canonical text adds; a longer address is rare
_MIN_TEXTS = 3  # finding a form costs two readings
_ONE_DIGIT_PAIRS = tuple(permutations("123456789", 2))


@dataclass(frozen=True, slots=True)
class _Form:
    """Canonical text in pieces, between which stand the numbers of the text at ``places``; or junk."""

    pieces: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    junk: str | None = None


def read_by_form(texts: pa.Array, read: Callable[[str], Normalised]) -> tuple[pa.Array, pa.Array]:
    """Return the value and the junk of ``read`` of each address, null where it has none.

    ``texts`` are strings without null. ``read`` is called twice a form, and for texts whose form is rare or not sure.
    Cost O(bytes) in NumPy and Arrow; a call of ``read`` costs some hundred times as much as a text of a form.
    """
    plain, is_apt = _plain_column(texts)
    values, junks, rows, is_left = [], [], [], np.ones(len(texts), dtype=np.bool_)
    for taken in _rows_by_form(plain, is_apt):
        alike = plain.take(pa.array(taken))
        form = _form(alike[0].as_py(), read)
        if form is not None:
            values.append(_filled(form, alike) if form.junk is None else pa.nulls(len(taken), pa.string()))
            junks.append(pa.repeat(pa.scalar(form.junk, pa.string()), len(taken)))
            rows.append(taken)
            is_left[taken] = False
    left = [read(text) for text in texts.filter(pa.array(is_left)).to_pylist()]
    values.append(pa.array([one.value for one in left], pa.string()))
    junks.append(pa.array([one.junk for one in left], pa.string()))
    back = np.argsort(np.concatenate([*rows, np.flatnonzero(is_left)]))
    return pa.concat_arrays(values).take(pa.array(back)), pa.concat_arrays(junks).take(pa.array(back))


def _plain_column(texts: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return the texts folded, without leading zeros of numbers, and which of them have a form."""
    is_plain = pc.match_substring_regex(texts, "^[ -~]*$")  # ASCII, printable: most columns as a whole
    lower = pc.ascii_trim(pc.ascii_lower(pc.replace_substring_regex(texts, " {2,}", " ")), " ")
    short = pc.replace_substring_regex(lower, "(^|[^0-9])0+([0-9])", r"\1\2")
    is_other = pc.invert(is_plain)
    others = [_plain(text) for text in texts.filter(is_other).to_pylist()]
    plain = pc.replace_with_mask(short, is_other, pa.array(others, pa.string())) if others else short
    length = pc.max_element_wise(pc.utf8_length(texts), pc.utf8_length(plain))
    is_own = pc.match_substring(plain, "|")  # canonical text is read by other rules
    return plain, np.asarray(pc.and_not(pc.less_equal(length, _MAX_CHARS), is_own), dtype=np.bool_)


def _plain(text: str) -> str:
    return _LEADING_ZEROS.sub("", unaccent(fold(clean(text[: _MAX_CHARS + 1]))))


def _rows_by_form(plain: pa.Array, is_apt: npt.NDArray[np.bool_]) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the rows of each form that several texts have."""
    apt = np.flatnonzero(is_apt)
    codes = np.asarray(_masked(plain.take(pa.array(apt))).dictionary_encode().indices)
    order = np.argsort(codes, kind="stable")
    borders = np.flatnonzero(np.diff(codes[order])) + 1
    yield from (apt[rows] for rows in np.split(order, borders) if len(rows) >= _MIN_TEXTS)


def _masked(texts: pa.Array) -> pa.Array:
    """Return texts (an array of its own, no slice) with every digit as zero."""
    _, offsets, data = texts.buffers()
    if data is None:
        return texts
    codes = np.frombuffer(data, np.uint8)
    is_digit = (codes > ord("0")) & (codes <= ord("9"))  # no byte of a longer character looks like a digit
    masked = pa.py_buffer(np.where(is_digit, np.uint8(ord("0")), codes))
    return pa.Array.from_buffers(pa.string(), len(texts), [None, offsets, masked])


def _filled(form: _Form, texts: pa.Array) -> pa.Array:
    """Return the canonical texts of texts of one form (an array of its own, no slice)."""
    n_rows, width = len(texts), len(texts[0].as_buffer())
    given = np.frombuffer(texts.buffers()[2], np.uint8)[: n_rows * width].reshape(n_rows, width)
    spans = [match.span() for match in _DIGIT_BYTES.finditer(given[0].tobytes())]
    cells: list[npt.NDArray[np.uint8]] = [np.frombuffer(form.pieces[0].encode(), np.uint8)]
    for place, piece in zip(form.places, form.pieces[1:], strict=True):
        cells += [given[:, slice(*spans[place])], np.frombuffer(piece.encode(), np.uint8)]
    wide = np.hstack([np.broadcast_to(cell, (n_rows, cell.shape[-1])) for cell in cells])
    filled = np.ascontiguousarray(wide)  # stacked by columns where a cell is
    offsets = np.arange(n_rows + 1, dtype=np.int32) * np.int32(filled.shape[1])
    return pa.Array.from_buffers(pa.string(), n_rows, [None, pa.py_buffer(offsets), pa.py_buffer(filled)])


def _form(plain: str, read: Callable[[str], Normalised]) -> _Form | None:
    """Return the form of a folded text, None where its canonical text depends on more than places."""
    lengths = [len(number) for number in _DIGITS.findall(plain)]
    if len(lengths) > _MAX_NUMBERS:
        return None
    pairs = [_pair(at, length) for at, length in enumerate(lengths)]
    left, right = (read(_with_numbers(plain, [pair[side] for pair in pairs])) for side in (0, 1))
    if left.value is None or right.value is None:
        return _Form(junk=left.junk) if left == right else None
    return _aligned(left.value, right.value, {pair: at for at, pair in enumerate(pairs)})


def _pair(at: int, length: int) -> tuple[str, str]:
    if length == 1:
        return _ONE_DIGIT_PAIRS[at]
    unit = 10 ** (length - 1)
    return str(unit + at), str(6 * unit + at)


def _with_numbers(plain: str, numbers: list[str]) -> str:
    given = iter(numbers)
    return _DIGITS.sub(lambda _: next(given), plain)


def _aligned(left: str, right: str, places: dict[tuple[str, str], int]) -> _Form | None:
    pieces = tuple(_DIGITS.split(left))
    pairs = list(zip(_DIGITS.findall(left), _DIGITS.findall(right), strict=False))
    words = left.partition("|")[2].split()
    is_ordered_by_number = sum(any(map(str.isdecimal, word)) for word in words) > 1
    if pieces != tuple(_DIGITS.split(right)) or any(pair not in places for pair in pairs) or is_ordered_by_number:
        return None
    return _Form(pieces, tuple(places[pair] for pair in pairs))
