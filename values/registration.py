"""Tax and company numbers: letters and digits only, held apart by country where the country is known."""

import re
from functools import cache
from typing import Any

from stdnum import get_cc_module
from stdnum.eu import vat

from ringwatch.values.text import Hints, Normalised, fold, junk

NOT_NUMBER = "not a registration number"

_OWN = re.compile(r"[A-Z]{2}:[^\W_]+")
_LABEL = re.compile(
    r"^(?:vat|tax|tin|ein|inn|nif|cif|cnpj|rfc|gstin|ust-?id(?:nr)?|tva|crn|brn|rc|hrb?|reg(?:istration)?|company)"
    r"(?:[ .]*(?:id|no|nr|number|code))?[.:# ]+",
    re.IGNORECASE,
)


def normalise_tax_id(text: str, hints: Hints) -> Normalised:
    """Return ``CC:NUMBER`` without the prefix that repeats the country, or the bare number where no country is known.

    >>> normalise_tax_id("DE 136,695 976", Hints()).value, normalise_tax_id("136695976", Hints(country="DE")).value
    ('DE:136695976', 'DE:136695976')
    """
    return _registered(text, hints, ("vat", "tin"))


def normalise_company_number(text: str, hints: Hints) -> Normalised:
    """Return ``CC:NUMBER``, or the bare number where no country is known.

    >>> normalise_company_number("1234567", Hints(country="GB")).value
    'GB:01234567'
    """
    return _registered(text, hints, ("businessid", "vat"))


def _registered(text: str, hints: Hints, names: tuple[str, ...]) -> Normalised:
    if _OWN.fullmatch(text) and text == fold(text).upper():
        return Normalised(text)
    marks = "".join(filter(str.isalnum, fold(_LABEL.sub("", text)))).upper()
    if not any(map(str.isdecimal, marks)) or len(marks) < 4:  # the shortest numbers in use have five or more
        return junk(NOT_NUMBER)
    country = hints.country or _vat_country(marks)
    return Normalised(f"{country}:{_national(marks, country, names)}" if country else marks)


def _vat_country(marks: str) -> str | None:
    if not marks.isascii() or not marks[:2].isalpha() or not vat.is_valid(marks):
        return None
    return "GR" if marks[:2] == "EL" else marks[:2]


def _national(marks: str, country: str, names: tuple[str, ...]) -> str:
    for name in names:
        module = _module(country, name)
        if module is not None and marks.isascii() and module.is_valid(marks):
            marks = "".join(filter(str.isalnum, module.compact(marks))).upper()
            break
    prefix = "EL" if country == "GR" and marks.startswith("EL") else country
    if marks.startswith(prefix) and len(marks) >= 7 and marks[-1].isdigit():
        marks = marks[2:]
    if country == "GB" and marks.isdecimal() and len(marks) == 7:
        return "0" + marks  # spreadsheets drop the first zero of eight digits
    return marks


@cache
def _module(country: str, name: str) -> Any:  # noqa: ANN401 (stdnum's modules share an interface without a type)
    return get_cc_module(country.lower(), name)
