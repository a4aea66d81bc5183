"""Names of companies and people: one case, no accents, legal forms in one writing; every distinguishing word stays."""

import re

from ringwatch.values.text import Hints, Normalised, fold, junk, unaccent

NOT_NAME = "not a name"

_FORMS = {
    "limited": "ltd",
    "ltda": "ltda",
    "limitada": "ltda",
    "company": "co",
    "corporation": "corp",
    "incorporated": "inc",
    "public limited co": "plc",
    "limited liability co": "llc",
    "private": "pvt",
    "pte": "pvt",
    "aktiengesellschaft": "ag",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "gesellschaft mbh": "gmbh",
    "gesmbh": "gmbh",
    "ges m b h": "gmbh",
    "g m b h": "gmbh",
    "naamloze vennootschap": "nv",
    "besloten vennootschap": "bv",
    "sociedad anonima": "sa",
    "sociedade anonima": "sa",
    "societe anonyme": "sa",
    "societe a responsabilite limitee": "sarl",
    "sociedad de responsabilidad limitada": "srl",
    "societa a responsabilita limitata": "srl",
    "societa per azioni": "spa",
    "sociedad limitada": "sl",
    "anonim sirketi": "as",
    "limited sirketi": "ltd sti",
    "sp z o o": "spzoo",
    "spolka z ograniczona odpowiedzialnoscia": "spzoo",
    "obshchestvo s ogranichennoi otvetstvennostyu": "ooo",
    "общество с ограниченной ответственностью": "ооо",
    "and": "&",
    "und": "&",
    "et": "&",
}
_HANZI_FORMS = (
    ("有限責任公司", "有限公司"),
    ("有限责任公司", "有限公司"),
    ("股份有限公司", "股份公司"),
    ("株式會社", "株式会社"),
)
_WORD = re.compile(r"&|[^\W_]+")
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_] ){1,9}[^\W\d_](?![^\W_])")
_LONGEST_FORM = max(len(form.split()) for form in _FORMS)


def normalise_name(text: str, _hints: Hints) -> Normalised:
    """Return the words of a name in their order, legal forms and "and" in one writing.

    >>> normalise_name("Müller & Söhne G.m.b.H.", Hints()).value, normalise_name("ACME CO., LIMITED", Hints()).value
    ('muller & sohne gmbh', 'acme co ltd')
    """
    plain = unaccent(fold(text)).replace("'", "").replace("’", "")
    for form, short in _HANZI_FORMS:
        plain = plain.replace(form, short)
    words = _with_forms(_joined_initials(_WORD.findall(plain)))
    return Normalised(" ".join(words)) if any(map(str.isalnum, "".join(words))) else junk(NOT_NAME)


def _joined_initials(words: list[str]) -> list[str]:
    spaced = " ".join(words)
    return _INITIALS.sub(lambda match: match[0].replace(" ", ""), spaced).split()


def _with_forms(words: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(words):
        for n_words in range(min(_LONGEST_FORM, len(words) - at), 0, -1):
            form = _FORMS.get(" ".join(words[at : at + n_words]))
            if form or n_words == 1:
                kept += (form or words[at]).split()
                at += n_words
                break
    return kept
