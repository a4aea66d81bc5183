"""Normalising columns: each distinct input once, and those that already are canonical without a Python call."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.kinds import Kind
from ringwatch.values.address_column import read_by_form
from ringwatch.values.canonical import CANONICAL
from ringwatch.values.normalise import normalise


@dataclass(frozen=True, slots=True)
class NormalisedColumn:
    """Two string columns of one length: canonical values, and reasons where there is no value; never both."""

    value: pa.Array
    junk: pa.Array


def normalise_column(
    kind: Kind,
    texts: pa.Array,
    countries: pa.Array | None = None,
    schemes: pa.Array | None = None,
    issuers: pa.Array | None = None,
) -> NormalisedColumn:
    """Return ``normalise`` of each row; a null text is junk "empty".

    Cost O(rows) in Arrow and O(distinct inputs that are not yet canonical) in Python.
    """
    columns = [_strings(column) for column in (texts, countries, schemes, issuers) if column is not None]
    given = [column is not None for column in (countries, schemes, issuers)]
    firsts, inverse = _distinct(columns)
    rows = [column.take(firsts) for column in columns]
    found = _normalise_rows(kind, rows, given)
    return NormalisedColumn(found.value.take(inverse), found.junk.take(inverse))


def _strings(column: Any) -> Any:  # noqa: ANN401 (Arrow arrays come without types)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.string())


def _distinct(columns: list[Any]) -> tuple[pa.Array, pa.Array]:
    """Return the first row of each distinct combination, and for each row which combination it holds."""
    codes = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        encoded = column.dictionary_encode(null_encoding="encode")
        codes = codes * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy(zero_copy_only=False)
    _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return pa.array(firsts), pa.array(inverse)


def _normalise_rows(kind: Kind, rows: list[Any], given: list[bool]) -> NormalisedColumn:
    """Return ``normalise`` of distinct rows: canonical texts as they are, the others one by one."""
    texts = pc.fill_null(rows[0], "")
    is_canonical = CANONICAL.get(kind.normaliser)
    if is_canonical is None:
        return _one_by_one(kind, [texts, *rows[1:]], given)
    sure = is_canonical(texts)
    rest = pc.invert(sure)
    slow = _one_by_one(kind, [column.filter(rest) for column in (texts, *rows[1:])], given)
    nothing = pa.nulls(len(texts), pa.string())
    return NormalisedColumn(
        pc.replace_with_mask(texts, rest, slow.value), pc.replace_with_mask(nothing, rest, slow.junk)
    )


def _one_by_one(kind: Kind, rows: list[Any], given: list[bool]) -> NormalisedColumn:
    if kind.normaliser == "address":  # no hint changes how an address is read
        return NormalisedColumn(*read_by_form(rows[0], lambda text: normalise(kind, text)))
    texts, hints = rows[0].to_pylist(), iter(rows[1:])
    country, scheme, issuer = (next(hints).to_pylist() if has else [None] * len(texts) for has in given)
    found = [normalise(kind, text, country[at], scheme=scheme[at], issuer=issuer[at]) for at, text in enumerate(texts)]
    return NormalisedColumn(
        pa.array([one.value for one in found], pa.string()), pa.array([one.junk for one in found], pa.string())
    )
