"""Addresses in bulk: texts that differ in their numbers only are read once, and the numbers put in their places.

How an address is read depends on its numbers by their length alone, not by their value. So a folded text with every
digit masked names a *form*. Its canonical text with gaps is found by reading the form twice with made-up numbers; the
pair of values that stands at a place tells which number belongs there.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

from ringwatch.values.text import Normalised, clean, fold, unaccent

_DIGITS = re.compile(r"[0-9]+")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_MASKED = str.maketrans("123456789", "0" * 9)
_MAX_NUMBERS = 30  # so many pairs of two-digit numbers stay apart: 10 to 39 beside 60 to 89
_MAX_CHARS = 300  # far from the limit of values, whatever the canonical text adds; a longer address is rare
_ONE_DIGIT_PAIRS = tuple(permutations("123456789", 2))


@dataclass(frozen=True, slots=True)
class _Form:
    """Canonical text in pieces, between which stand the numbers of the text at ``places``; or junk."""

    pieces: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    junk: str | None = None


def read_by_form(texts: Sequence[str], read: Callable[[str], Normalised]) -> list[Normalised]:
    """Return ``read`` of each address, calling it three times a form at most, and for texts whose form is not sure.

    Cost O(characters) with a small constant; a call of ``read`` costs some thirty times as much.
    """
    forms: dict[str, _Form | None] = {}
    met: set[str] = set()
    found: list[Normalised] = []
    for text in texts:
        plain = _LEADING_ZEROS.sub("", unaccent(fold(clean(text[: _MAX_CHARS + 1]))))
        key = plain.translate(_MASKED)
        is_apt = len(text) <= _MAX_CHARS >= len(plain) and "|" not in plain  # canonical text is read by other rules
        if is_apt and key in met and key not in forms:  # a form met once is read as it is
            forms[key] = _form(plain, read)
        met.add(key)
        form = forms.get(key) if is_apt else None
        found.append(_filled(form, _DIGITS.findall(plain)) if form else read(text))
    return found


def _filled(form: _Form, numbers: list[str]) -> Normalised:
    if form.junk is not None:
        return Normalised(None, form.junk)
    value = form.pieces[0]
    for place, piece in zip(form.places, form.pieces[1:], strict=True):
        value += numbers[place] + piece
    return Normalised(value)


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
