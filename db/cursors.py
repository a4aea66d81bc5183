"""Cursors of keyset pages: opaque text that says after which row, in which order, a page continues."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ringwatch.model.errors import ConfigError

Key = str | int | float
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of rows in a total order; ``cursors[i]`` continues after row i; cursors are opaque text."""

    rows: tuple[Row, ...]
    cursors: tuple[str, ...]
    has_next: bool


def make_cursor(order: str, *key: Key) -> str:
    """Return the cursor of a row: the name of the order and the row's key in it.

    >>> read_cursor(make_cursor("size", -12, "R7"), "size", (int, str))
    (-12, 'R7')
    """
    return base64.urlsafe_b64encode(json.dumps([order, *key]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, order: str, kinds: Sequence[type | tuple[type, ...]]) -> tuple[Key, ...]:
    """Return the key that a cursor holds. Raises ConfigError for anything that ``make_cursor`` did not make for it."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):  # unreadable as ASCII, as base64 or as JSON
        found = None
    is_right = (
        isinstance(found, list)
        and len(found) == len(kinds) + 1
        and found[0] == order
        and all(
            isinstance(part, kind) and not isinstance(part, bool) for part, kind in zip(found[1:], kinds, strict=True)
        )
    )
    if not is_right:
        raise ConfigError(
            f"after: {cursor[:40]!r} is not a cursor of this list in this order; pass one that the list returned"
        )
    return tuple(found[1:])


def page_of(rows: Sequence[Row], first: int | None, cursor_of: Callable[[Row], str]) -> Page[Row]:
    """Return the page of the first rows; ``rows`` holds one more than ``first`` where there is a next page."""
    kept = tuple(rows if first is None else rows[:first])
    return Page(kept, tuple(cursor_of(row) for row in kept), len(rows) > len(kept))


def limit_of(first: int | None) -> int:
    """Return how many rows to fetch for a page: one more than asked, so that it is known whether more follow.

    Raises ConfigError for a negative number.
    """
    if first is None:
        return -1  # SQL: no limit
    if first < 0:
        raise ConfigError(f"first: {first} is negative, expected 0 or more")
    return first + 1
