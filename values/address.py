"""Postal addresses: one text a door, whatever its abbreviations, order of words, script width and punctuation.

The canonical text is ``NUMBERS | WORDS``: numbers without a role in their order, then numbers bound to their role
(``bldg:5 room:1203``) by role, then the distinct words in alphabetical order, those with a digit last. A number never
loses its role and the order of unbound numbers stays, so 12 and 21, 15号 and 51号, room 1203 and room 1302 never
compare equal.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.values.address_words import (
    BOUND,
    DIRECTIONS,
    IDLE,
    NUMBER_MARKS,
    ORDINAL_WORDS,
    STATE_CODES,
    STATES,
    STREET_TYPES,
    SYNONYMS,
)
from ringwatch.values.country import country_names
from ringwatch.values.hanzi import glued, has_hanzi, spaced
from ringwatch.values.text import Hints, Normalised, fold, junk, unaccent

NO_STREET = "no street: a place, not an address"

_OWN = re.compile(r"((?:[^\s|]+ )*)\|((?: [^\s|]+)*)")
_TOKEN = re.compile(r"[0-9][^\W_]*(?:[-/][0-9][^\W_]*)*|[^\W_]+|#")
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th|eme|er)")
_CODE = re.compile(r"[0-9].*|[a-z]|[a-z]{1,2}[0-9].*")
_ZIP = re.compile(r"[0-9]{3,5}(?:-[0-9]{1,4})?")  # three or four where leading zeros are gone
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_REWRITES = tuple(
    (needles.split(), re.compile(pattern), words)
    for needles, pattern, words in (
        ("box", r"\bp\.? ?o\.? ?box\b|\b(?:post office|postal) box\b", " pobox "),
        ("bp b.p", r"\bb\.?p\.?(?= ?[0-9])", " pobox "),
        ("/", r"\b([0-9]{1,2})(?:st|nd|rd|th)? ?/ ?f(?:l|loor)?\b", r" floor \1 , "),
        ("f", r"(?<![^\s,])([0-9]{1,2})f(?=\s*(?:,|$))", r" floor \1 , "),
        ("g/f ground", r"\bg/f\b|\bground fl(?:oor)?\b", " floor g , "),
        ("bld", r"\bbld\b(?=\.? ?(?:no\.? ?)?[0-9])", " bldg "),  # bld. 5 is a building, bld Haussmann a street
        ("of", r"\bof\b(?=\.? ?[0-9])", " room "),  # of. 505: oficina
        ("°", r"\bn ?°", " no "),
        ("s/n c/o", r"\bs/n\b|\bc/o\b", " "),
        ("c/", r"\bc/ ?", " calle "),
        ("str", r"\b([a-z]{3,})str(?:asse\b|\.|\b)", r"\1 st "),
        ("lu", r"\b([a-z]*?)(bei|nan|dong|xi|zhong) ?lu\b", r"\1 \2 rd "),
        ("#", r"([0-9])\s*#\s*(?=[0-9])", r"\1 no "),  # Calle 18 # 8-16: the number of the house
        ("#", r"([0-9])\s*#", r"\1 "),
        ("- – —", r"\s[-–—]\s", " , "),
        (". ' ’", r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_])|['’]", r"\1"),
    )
)
"""Per rule: texts of which one must be there (a quick look saves most searches), what to find, what to write."""

_CARE_OF = re.compile(r"\bc/o [^,]*[^\W\d_]")
_OTHER_READINGS = STREET_TYPES.keys() | BOUND.keys() | DIRECTIONS.keys()  # FL is Florida and floor
_STREET_HANZI = re.compile("[路街巷弄道村号楼厦场园厂组队]")


@dataclass(slots=True)
class _Parts:
    numbers: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    has_street: bool = False


def normalise_address(text: str, _hints: Hints) -> Normalised:
    """Return the canonical text of an address line; a line that names only a place is junk.

    >>> normalise_address("Rm. 1203, Bldg 5, 88 Zhongshan North Rd., Shanghai", Hints()).value
    '88 bldg:5 room:1203 | n rd shanghai zhongshan'
    """
    folded = _LEADING_ZEROS.sub("", unaccent(fold(text)))
    if _is_canonical(folded):
        return Normalised(folded)
    if folded.startswith(","):
        return junk(NO_STREET)
    parts = _Parts()
    segments = _without_country(_segments(folded))
    for segment in _without_known_zip(segments):
        _read(segment, parts)
    is_place = not (parts.has_street or parts.roles or _house_numbers(segments) or _CARE_OF.search(folded))
    return junk(NO_STREET) if is_place else Normalised(_canonical(parts))


def _is_canonical(text: str) -> bool:
    match = _OWN.fullmatch(text)
    words = match[2].split() if match else []
    return match is not None and words == _in_order(set(words))


def _in_order(words: set[str]) -> list[str]:
    return sorted(words, key=lambda word: (any(map(str.isdecimal, word)), word))


def _canonical(parts: _Parts) -> str:
    hanzi = [word for word in parts.words if has_hanzi(word)]
    words = {word for word in parts.words if not has_hanzi(word)} | {glued(hanzi)} - {""}
    roles = sorted(parts.roles, key=lambda role: role.partition(":")[0])
    return " ".join([*parts.numbers, *roles, "|", *_in_order(words)])


def _segments(text: str) -> list[list[str]]:
    plain = spaced(text) if has_hanzi(text) else text
    for needles, pattern, words in _REWRITES:
        if any(needle in plain for needle in needles):
            plain = pattern.sub(words, plain)
    found = (_TOKEN.findall(segment) for segment in re.split(r"[,;()|]", plain))
    return [[_plain(token) for token in segment] for segment in found if segment]


def _plain(token: str) -> str:
    if ordinal := _ORDINAL.fullmatch(token):
        return f"{ordinal[1]}th"
    return ORDINAL_WORDS.get(token, token)


def _without_country(segments: list[list[str]]) -> list[list[str]]:
    """Return the segments without the country at the end, and a state of the USA there as ``us:CODE``."""
    named = segments
    while named and (n_words := _n_country_words(named)):
        flat_last = [token for segment in named[-2:] for token in segment] if n_words > len(named[-1]) else named[-1]
        kept = flat_last[:-n_words]
        named = [*named[: -2 if n_words > len(named[-1]) else -1], *([kept] if kept else [])]
    return [*named[:-1], _with_state(named[-1], is_alone=len(named) > 1)] if named else named


def _n_country_words(segments: list[list[str]]) -> int:
    names = country_names()
    if len(segments) > 2 and (both := " ".join(segments[-2] + segments[-1])) in names:  # Korea, North
        return len(both.split())
    last = segments[-1]
    for n_words in range(min(7, len(last)), 0, -1):  # the longest name in the table has seven words
        if " ".join(last[-n_words:]) in names and " ".join(last) not in STATES:
            return n_words
    return 0


def _with_state(last: list[str], *, is_alone: bool) -> list[str]:
    n_zip = 1 if _ZIP.fullmatch(last[-1]) else 0
    body, after = last[: len(last) - n_zip], last[len(last) - n_zip :]
    if is_alone and (code := STATES.get(" ".join(body))):
        return [f"us:{code}", *after]
    is_state = bool(body) and body[-1] in STATE_CODES
    is_sure = n_zip or (is_alone and len(body) == 1) or (is_state and body[-1] not in _OTHER_READINGS)
    return [*body[:-1], f"us:{body[-1]}", *after] if is_state and is_sure else last


def _without_known_zip(segments: list[list[str]]) -> list[list[str]]:
    """Return the segments without a US ZIP code that follows a town and a state: writers leave it out or mistype it."""
    flat = [token for segment in segments for token in segment]
    if len(flat) < 4 or not _ZIP.fullmatch(flat[-1]) or not flat[-2].startswith("us:") or not _names_town(segments):
        return segments
    return [*segments[:-1], segments[-1][:-1]]


def _names_town(segments: list[list[str]]) -> bool:
    flat = [token for segment in segments for token in segment][:-2]
    last_type = max((at for at, token in enumerate(flat) if token in STREET_TYPES), default=len(segments[0]) - 1)
    return any(token.isalpha() and token not in DIRECTIONS for token in flat[last_type + 1 :])


def _house_numbers(segments: list[list[str]]) -> bool:
    """Say whether a number stands where a house number does: before a name, or in the first segment and not long."""
    before_name = any(a[0].isdecimal() and b.isalpha() for segment in segments for a, b in pairwise(segment[:2]))
    first = segments[0] if len(segments) > 0 else []
    return before_name or any(
        _is_number(token) and (len(token) < 5 or not token.isdecimal()) for token in first if len(first) > 1
    )


def _read(tokens: list[str], parts: _Parts) -> None:
    at = 0
    while at < len(tokens):
        at = _read_one(tokens, at, parts)


def _read_one(tokens: list[str], at: int, parts: _Parts) -> int:
    """Put the token at ``at`` where it belongs and return where the next one starts."""
    token = tokens[at]
    if _is_floor_number(tokens, at):
        parts.roles.append(f"floor:{_bare_ordinal(token)}")
        return at + 2
    if token in BOUND:
        return _read_role(tokens, at, parts)
    after = _code_at(tokens, at + 1)
    if after < len(tokens) and (token in NUMBER_MARKS or (_is_short_number_mark(tokens, at))):
        return after
    if token in STREET_TYPES:
        return _read_street(tokens, at, parts)
    if token in DIRECTIONS:
        return _read_direction(tokens, at, parts)
    _read_plain(tokens, at, parts)
    return at + 1


def _is_short_number_mark(tokens: list[str], at: int) -> bool:
    """Say whether an N is "number" (``Via Roma n. 5``) rather than "north" (``338 N. 103``): no number went before."""
    return tokens[at] == "n" and not any(map(_is_number, tokens[:at]))


def _is_number(token: str) -> bool:
    return token[0].isdecimal()


def _is_floor_number(tokens: list[str], at: int) -> bool:
    """Say whether a number stands before its floor: ``5th Floor 12 High St``, but not ``5 Floor 12``."""
    if at + 1 >= len(tokens) or not _is_number(tokens[at]) or BOUND.get(tokens[at + 1]) != "floor":
        return False
    return _ORDINAL.fullmatch(tokens[at]) is not None or _code_at(tokens, at + 2) == len(tokens)


def _code_at(tokens: list[str], at: int) -> int:
    """Return where the number stands that a word before ``at`` speaks of, or the end where there is none."""
    while at < len(tokens) and tokens[at] in NUMBER_MARKS | {"#"}:
        at += 1
    return at if at < len(tokens) and _CODE.fullmatch(tokens[at]) else len(tokens)


def _binds(tokens: list[str], at: int) -> bool:
    """Say whether the number right behind a street word names the street: short, and no name before the word."""
    follows = at + 1 < len(tokens) and tokens[at + 1][0].isdecimal() and len(tokens[at + 1]) < 5
    return follows and (at == 0 or not tokens[at - 1].isalpha())


def _read_role(tokens: list[str], at: int, parts: _Parts) -> int:
    role = BOUND[tokens[at]]
    after = _code_at(tokens, at + 1)
    if after < len(tokens):
        if role == "house":
            parts.numbers.append(tokens[after])
        else:
            parts.roles.append(f"{role}:{_bare_ordinal(tokens[after])}")
        return after + 1
    if role != "room":
        parts.words.append(role)
        parts.has_street |= role in {"bldg", "house"}
    return at + 1


def _bare_ordinal(token: str) -> str:
    return token[:-2] if _ORDINAL.fullmatch(token) else token


def _read_street(tokens: list[str], at: int, parts: _Parts) -> int:
    kind = STREET_TYPES[tokens[at]]
    parts.has_street = True
    if _binds(tokens, at):
        parts.roles.append(f"{kind}:{_bare_ordinal(tokens[at + 1])}")
        return at + 2
    if kind != "st":  # the word that writers leave out: "600 W Madison"; Saint with it
        parts.words.append(kind)
    return at + 1


def _read_direction(tokens: list[str], at: int, parts: _Parts) -> int:
    direction = DIRECTIONS[tokens[at]]
    if at + 1 < len(tokens) and tokens[at + 1][0].isdecimal() and len(tokens[at + 1]) < 6:
        parts.words.append(f"{direction}:{_bare_ordinal(tokens[at + 1])}")
        return at + 2
    parts.words.append(direction)
    return at + 1


def _read_plain(tokens: list[str], at: int, parts: _Parts) -> None:
    token = tokens[at]
    if not token[0].isdecimal():
        if token not in IDLE | NUMBER_MARKS | {"#"}:
            parts.words.append(SYNONYMS.get(token, token))
            parts.has_street |= has_hanzi(token) and _STREET_HANZI.search(token) is not None
        return
    names_street = _ORDINAL.fullmatch(token) or (at > 0 and at + 1 < len(tokens) and tokens[at + 1] in STREET_TYPES)
    if names_street and parts.numbers:
        parts.words.append(f"{_bare_ordinal(token)}th")
    else:
        parts.numbers.append(_bare_ordinal(token))


def address_line(street: str | None, unit: str | None, *place: str | None) -> str:
    """Return one line of structured columns; ``place`` is city, region, postcode and country, in that order.

    The country is left out: a row that lacks it means the same door. Without street and unit the line starts with a
    comma, by which ``normalise`` knows that it names a place only.

    >>> address_line("88 High St", "Apt 3", "Leeds", None, "LS1 4AB", "GB"), address_line("", None, "Leeds", None)
    ('88 High St, Apt 3, Leeds, LS1 4AB', ', Leeds')
    """
    door = [part.strip() for part in (street, unit) if part and part.strip()]
    where = [part.strip() for part in place[:3] if part and part.strip()]
    return ", ".join([*(door or ([""] if where else [])), *_state_and_zip(where, place)])


def _state_and_zip(where: list[str], place: tuple[str | None, ...]) -> list[str]:
    given = dict(zip_longest(("city", "region", "postcode"), place[:3]))
    if given["region"] and given["postcode"] and len(where) > 1:
        return [*where[:-2], f"{where[-2]} {where[-1]}"]
    return where


def address_line_column(street: pa.Array, unit: pa.Array, *place: pa.Array) -> pa.Array:
    """Return ``address_line`` of columns of equal length (strings with nulls); cost O(rows), no Python row loop."""
    columns = [pc.fill_null(pc.utf8_trim_whitespace(column), "") for column in (street, unit, *place[:3])]
    columns += [pa.nulls(len(street), pa.string()).fill_null("")] * (5 - len(columns))
    street, unit, city, region, postcode = columns
    door = _joined(", ", street, unit)
    where = _joined(", ", city, _joined(" ", region, postcode))
    both = pc.binary_join_element_wise(door, where, ", ")
    return pc.if_else(pc.equal(where, ""), door, both)


def _joined(mark: str, left: Any, right: Any) -> Any:  # noqa: ANN401 (Arrow arrays come without types)
    both = pc.binary_join_element_wise(left, right, mark)
    return pc.if_else(pc.equal(left, ""), right, pc.if_else(pc.equal(right, ""), left, both))
