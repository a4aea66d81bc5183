"""Words of names, folded as the embedded database's index folds them, for a database that must be told them."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u0331]")  # the combining accents that are dropped; others make letters of their own
_WORD = re.compile(r"[^\W_]+")


def folded_words(text: str) -> list[str]:
    """Return the words of a text: letters and digits, in lower case, without accents.

    >>> folded_words("Żółw & Söhne, 88号")
    ['zołw', 'sohne', '88号']
    """
    bare = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
    return _WORD.findall(bare.lower())
