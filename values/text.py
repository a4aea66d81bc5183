"""Text as people paste it, made comparable: one Unicode form, no invisible characters, and words that mean "nothing".

Every normaliser works on text that went through ``clean``; none of them needs to know of full-width digits,
byte-order marks, zero-width or bidirectional characters, or no-break spaces.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARS = 2048  # the longest URL that browsers and servers agree on; a longer value is a pasted document

EMPTY = "empty"
PLACEHOLDER = "placeholder"
TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Normalised:
    """The canonical text of a value, or the reason why the text is no value; exactly one of the two is given."""

    value: str | None
    junk: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a row says beside the text: ``country`` is an ISO 3166 alpha-2 code, ``kind`` the kind's name."""

    kind: str = ""
    country: str | None = None
    scheme: str | None = None
    issuer: str | None = None


def junk(reason: str) -> Normalised:
    """Return the outcome for a text that is no value."""
    return Normalised(None, reason)


_DROPPED = frozenset({"Cf", "Cs", "Cn", "Co"})  # formats (zero width, bidi, BOM), surrogates, unassigned, private use
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")


def clean(text: str) -> str:
    r"""Return the text in NFKC with invisible characters gone and each run of white space as one space.

    >>> clean("\ufeff＋８６\u00a0138\u200b")
    '+86 138'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_visible(unicodedata.normalize("NFKC", _visible(text))).split())


def _visible(text: str) -> str:
    if text.isprintable() and not _VARIATION.search(text):  # no control, format or private character, no surrogate
        return text
    return "".join(_shown(char) for char in _VARIATION.sub("", text))


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc":
        return " "
    return "" if category in _DROPPED else char


def fold(text: str) -> str:
    """Return cleaned text in the form in which upper and lower case are one (Unicode NFKC case folding)."""
    if text.isascii():
        return text.lower()
    once = unicodedata.normalize("NFKC", text.casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def unspaced(text: str) -> str:
    """Return cleaned text without its spaces (in NFKC again: a mark may now stand behind a letter)."""
    bare = text.replace(" ", "")
    return bare if bare.isascii() else unicodedata.normalize("NFKC", bare)


_LATIN_EXTRAS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def unaccent(text: str) -> str:
    """Return folded text with Latin letters free of accents; marks of other scripts change words and stay.

    >>> unaccent("são joão"), unaccent("ガス")
    ('sao joao', 'ガス')
    """
    if text.isascii():
        return text
    kept: list[str] = []
    is_latin = False
    for char in unicodedata.normalize("NFD", text.translate(_LATIN_EXTRAS)):
        is_mark = unicodedata.combining(char) != 0
        if not is_mark:
            is_latin = char.isascii()
        if not (is_mark and is_latin):
            kept.append(char)
    return unicodedata.normalize("NFKC", "".join(kept))


NOTHING = frozenset(
    "no yes none null nil na nan n/a n.a n.a. #n/a unknown unk undefined not available|not applicable|not provided"
    "|not known|tbd tba xxx xxxx test testing anonymous nobody nothing missing empty blank dummy sample placeholder"
    "|true false y n nao keine kein ja nein ninguno ninguna no tiene|sin numero|aucun oui non nessuno si geen nee"
    "|無 无 没有 暂无 未知 不详 否 是 空 なし нет да неизвестно".replace("|", "\n")
    .replace(" ", "\n")
    .split("\n")
) | {"not available", "not applicable", "not provided", "not known", "no tiene", "sin numero"}
ASCENDING = "01234567890123456789"
DESCENDING = ASCENDING[::-1]


def no_value(text: str) -> str | None:
    """Return why a cleaned text is no value whatever its kind, or None.

    >>> no_value("N/A"), no_value("- -"), no_value("88 High Street")
    ('placeholder', 'placeholder', None)
    """
    if not text:
        return EMPTY
    if len(text) > MAX_CHARS:
        return TOO_LONG
    if unaccent(fold(text)) in NOTHING or not any(map(str.isalnum, text)):
        return PLACEHOLDER
    return None


def is_filler(text: str) -> bool:
    """Say whether letters and digits only fill a field: four or more of one kind, five or more in counting order.

    >>> is_filler("000-000"), is_filler("123456"), is_filler("1203")
    (True, True, False)
    """
    marks = "".join(filter(str.isalnum, text))
    if len(marks) >= 4 and len(set(marks)) == 1:
        return True
    return len(marks) >= 5 and marks.isdecimal() and (marks in ASCENDING or marks in DESCENDING)
