"""One statement of the embedded database for many rows: what all rows share stands in its text, the rest comes in.

Handing parameters over, nulls above all, costs more than writing the row does; so each counts that is not handed over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ringwatch.db.database import Scalar

ROWS_A_STATEMENT = 32  # half the time of one row a statement; more gain nothing, and few rows are left over

Values: TypeAlias = list[Scalar] | tuple[Scalar, ...]

_MARKS = re.compile(r"\bVALUES (\((?:\?, )*\?\))")


def calls_of(
    text: str, columns: Sequence[Values | Scalar], n_rows: int
) -> Iterator[tuple[str, Iterable[tuple[Scalar, ...]]]]:
    """Yield statements, each with the parameters of its runs, that do in order what ``text`` does run for each row.

    ``text`` has one ``?`` a column; a column that is one plain value stands so in every row.

    >>> for call, params in calls_of("INSERT INTO t VALUES (?, ?)", [["a", "b"], None], 2):
    ...     call, list(params)
    ('INSERT INTO t VALUES (?, NULL)', [('a',), ('b',)])
    """
    place = _MARKS.search(text)
    whole = [column if isinstance(column, (list, tuple)) else [column] * n_rows for column in columns]
    marks = [_mark(column) for column in columns]
    if place is None or "?" not in marks:
        yield text, zip(*whole, strict=True)
        return
    row = f"({', '.join(marks)})"
    lists = [column for column, mark in zip(whole, marks, strict=True) if mark == "?"]
    n_whole = n_rows - n_rows % ROWS_A_STATEMENT
    for first, last, step in ((0, n_whole, ROWS_A_STATEMENT), (n_whole, n_rows, 1)):
        many = ", ".join([row] * step)
        runs = zip(*(column[at:last:step] for at in range(first, first + step) for column in lists), strict=True)
        if first < last:
            yield text[: place.start(1)] + many + text[place.end(1) :], runs


def _mark(column: Values | Scalar) -> str:
    """Return what stands for a column in the text of a statement: itself where it is one null or whole number."""
    if column is None:
        return "NULL"
    return str(int(column)) if isinstance(column, int) else "?"
