"""Search by the start of a word: over ring ids, seller ids, store ids, names and values, in that order.

Each thing is found once, where it is found first, however many of its names begin so and on whichever page they stand.

Ids and values are found by their beginning, upper and lower case apart, as they are kept; names by the beginning of
each word asked for, case and accents aside. A value that is hashed cannot be found by what a person reads of it, and a
value that the asker may not read is not searched at all.
"""

import json
import re
from collections.abc import Callable

from ringwatch.db.cursors import Key, Page, limit_of, make_cursor, page_of, read_cursor
from ringwatch.db.database import Scalar
from ringwatch.db.lens import Lens
from ringwatch.db.rows import SearchHit

_Found = tuple[SearchHit, Key, Key]  # a hit and its key within its stage
_Stage = Callable[[Lens, str, tuple[Key, Key] | None, int], list[_Found]]
_PAST_ALL = "\U0010ffff"  # sorts after every text that goes on from the one before it


def search(lens: Lens, text: str, first: int, after: str | None) -> Page[SearchHit]:
    """Return hits of all stages, one stage after the other; nothing for text without a letter or digit."""
    wanted = text.strip().replace("\0", "")
    limit = limit_of(first)
    if after is None:
        stage, key = 0, None
    else:
        place, *parts = read_cursor(after, "search", (int, (int, str), str))
        stage, key = int(place), (parts[0], parts[1])
    hits: list[tuple[SearchHit, str]] = []
    while re.search(r"\w", wanted) and 0 <= stage < len(_STAGES) and len(hits) < limit:
        found = _STAGES[stage](lens, wanted, key, limit - len(hits))
        hits += [(hit, make_cursor("search", stage, *where)) for hit, *where in found]
        stage, key = stage + 1, None
    page = page_of(hits, first, lambda hit: hit[1])
    return Page(tuple(hit for hit, _ in page.rows), page.cursors, page.has_next)


def _by_start(name: str, what: str) -> _Stage:
    """Return the stage that finds ids by their beginning; the last column of the query is the key."""

    def stage(lens: Lens, text: str, key: tuple[Key, Key] | None, n: int) -> list[_Found]:
        after = str(key[0]) if key else ""
        found = lens.rows(name, {"low": text, "high": text + _PAST_ALL, "after": after, "n": n})
        keys = [str(row[2] if len(row) > 2 else row[0]) for row in found]  # the id is the key where there is no other
        return [(SearchHit(what, str(row[0]), str(row[1])), key, "") for row, key in zip(found, keys, strict=True)]

    return stage


def _by_name(lens: Lens, text: str, key: tuple[Key, Key] | None, n: int) -> list[_Found]:
    words = " ".join(f'"{word}"*' for word in re.findall(r"\w+", text))
    params: dict[str, Scalar] = {"words": words, "low": text, "high": text + _PAST_ALL}
    after, ask = int(key[0]) if key else 0, n
    new: list[_Found] = []
    while len(new) < n:
        found = lens.rows("search_names", {**params, "after": after, "n": ask})
        new += [(SearchHit("seller", id_, label), holder_n, "") for id_, label, holder_n, is_new in found if is_new]
        if len(found) < ask:
            break
        after, ask = int(found[-1][2]), 2 * ask  # a seller's thousand stores of one name are passed in a few steps
    return new[:n]


def _by_value(lens: Lens, text: str, key: tuple[Key, Key] | None, n: int) -> list[_Found]:
    after_kind, after_text = (str(part) for part in key or ("", ""))
    met = [str(name) for _, name, _ in lens.rows("kinds")]
    params: dict[str, Scalar] = {
        "kinds": json.dumps([kind for kind in met if lens.may_see(kind)]),
        "low": text,
        "high": text + _PAST_ALL,
        "after_kind": after_kind,
        "after_text": after_text,
        "n": n,
    }
    found = lens.rows("search_values", params)
    return [(SearchHit("value", f"{kind}:{value}", label), kind, value) for kind, value, label in found]


_STAGES: tuple[_Stage, ...] = (
    _by_start("search_rings", "ring"),
    _by_start("search_seller_ids", "seller"),
    _by_start("search_store_ids", "seller"),
    _by_name,
    _by_value,
)
