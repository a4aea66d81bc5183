"""Short displays of personal values: enough to recognise a value one knows, too little to learn one."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.kinds import LIKENESS, WRITINGS_MARK, Kind
from ringwatch.values.phone import CALLING_CODE

DOTS = "•••"
_SHOWN_END = 4  # the last four are what people compare on cards and bank statements
_MIN_HIDDEN = 3  # fewer hidden characters than this can be guessed


def mask(kind: Kind, value: str) -> str:
    """Return a short display: how the value begins in general, dots, and its last characters.

    >>> from ringwatch.model.kinds import REGISTRY
    >>> [mask(REGISTRY[kind], value) for kind, value in (("phone", "+8613812344821"), ("email", "kim@example.com"))]
    ['+86 ••• 4821', 'k•••@example.com']
    >>> mask(REGISTRY["account"], "DE89370400440532013000")
    'DE89 ••• 3000'
    """
    if kind.normaliser == LIKENESS and WRITINGS_MARK in value:
        return WRITINGS_MARK.join(mask(kind, writing) for writing in value.split(WRITINGS_MARK))
    if kind.normaliser == "email" and "@" in value:
        local, _, host = value.rpartition("@")
        return f"{local[0] if len(local) > 2 else ''}{DOTS}@{host}"
    return f"{_start(value)} {DOTS} {_end(value)}".strip()


def _start(value: str) -> str:
    if code := CALLING_CODE.match(value):
        return code[0].rstrip(":").replace("ZZ", "")
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", value):
        return value[:4]
    prefix, colon, _ = value.partition(":")
    return prefix if colon and re.fullmatch(r"[a-zA-Z]{2,6}", prefix) else ""


def _end(value: str) -> str:
    body = value.rpartition(":")[2]
    n_shown = min(_SHOWN_END, max(0, (len(body) - _MIN_HIDDEN) // 2))
    return body[len(body) - n_shown :].strip()


def display_column(kind: Kind, values: pa.Array, is_hashed: bool) -> pa.Array:
    """Return what a person reads for each canonical value: itself, or its mask where values of the kind are hashed.

    ``values`` are canonical texts before hashing; null stays null. Each distinct value is masked once.
    """
    if not (is_hashed and kind.is_personal):
        return values
    encoded = pc.dictionary_encode(values)
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    shown = pa.array([mask(kind, value) for value in encoded.dictionary.to_pylist()], pa.string())
    return shown.take(encoded.indices)
