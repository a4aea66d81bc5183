"""Search by the start of a word: over ring ids, seller ids, store ids, names and values, in that order.

Each thing is found once, where it is found first, however many of its names begin so and on whichever page they stand.

Ids are found by their beginning: as it is written, else in upper or lower case. So are values, and where no value
begins so, by any writing that loading takes for the whole of one. Names are found by the beginning of each word asked
for, case and accents aside. A value that is hashed cannot be found by what a person reads of it, and a value that the
asker may not read is not searched at all.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ringwatch.db.cursors import Key, Page, limit_of, make_cursor, page_of, read_cursor
from ringwatch.db.database import Scalar
from ringwatch.db.lens import Lens
from ringwatch.db.rows import SearchHit
from ringwatch.values.normalise import normalise


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str  # as it was written
    id_start: str  # in the case in which ids begin so


_Found = tuple[SearchHit, Key, Key]  # a hit and its key within its stage
_Stage = Callable[[Lens, _Asked, tuple[Key, Key] | None, int], list[_Found]]
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
    if not re.search(r"\w", wanted):
        return Page((), (), has_next=False)
    asked = _Asked(wanted, _id_start(lens, wanted))
    while 0 <= stage < len(_STAGES) and len(hits) < limit:
        found = _STAGES[stage](lens, asked, key, limit - len(hits))
        hits += [(hit, make_cursor("search", stage, *where)) for hit, *where in found]
        stage, key = stage + 1, None
    page = page_of(hits, first, lambda hit: hit[1])
    return Page(tuple(hit for hit, _ in page.rows), page.cursors, page.has_next)


def _by_start(name: str, what: str) -> _Stage:
    """Return the stage that finds ids by their beginning; the last column of the query is the key."""

    def stage(lens: Lens, asked: _Asked, key: tuple[Key, Key] | None, n: int) -> list[_Found]:
        after = str(key[0]) if key else ""
        found = lens.rows(name, {**_range(asked.id_start), "after": after, "n": n})
        keys = [str(row[2] if len(row) > 2 else row[0]) for row in found]  # the id is the key where there is no other
        return [(SearchHit(what, str(row[0]), str(row[1])), key, "") for row, key in zip(found, keys, strict=True)]

    return stage


def _by_name(lens: Lens, asked: _Asked, key: tuple[Key, Key] | None, n: int) -> list[_Found]:
    words = " ".join(f'"{word}"*' for word in re.findall(r"\w+", asked.text))
    params: dict[str, Scalar] = {"words": words, **_range(asked.id_start)}
    after, ask = int(key[0]) if key else 0, n
    new: list[_Found] = []
    while len(new) < n:
        found = lens.rows("search_names", {**params, "after": after, "n": ask})
        new += [(SearchHit("seller", id_, label), holder_n, "") for id_, label, holder_n, is_new in found if is_new]
        if len(found) < ask:
            break
        after, ask = int(found[-1][2]), 2 * ask  # a seller's thousand stores of one name are passed in a few steps
    return new[:n]


def _by_value(lens: Lens, asked: _Asked, key: tuple[Key, Key] | None, n: int) -> list[_Found]:
    after_kind, after_text = (str(part) for part in key or ("", ""))
    met = [str(name) for _, name, _ in lens.rows("kinds")]
    kinds = [kind for kind in met if lens.may_see(kind)]
    params: dict[str, Scalar] = {"kinds": json.dumps(kinds), "after_kind": "", "after_text": "", "n": 1}

    def begins(start: str) -> bool:
        return bool(lens.rows("search_values", {**params, **_range(start)}))

    start = next(filter(begins, _once(_value_starts(lens, asked.text, kinds))), asked.text)
    params |= {**_range(start), "after_kind": after_kind, "after_text": after_text, "n": n}
    found = lens.rows("search_values", params)
    return [(SearchHit("value", f"{kind}:{value}", label), kind, value) for kind, value, label in found]


def _value_starts(lens: Lens, text: str, kinds: Iterable[str]) -> Iterator[str]:
    """Yield what values may begin with where a person writes the text: likeliest first."""
    yield from _cases(text)
    yield re.sub(r"[\s().-]", "", text)  # the first digits of a number in groups
    for kind in kinds:
        yield normalise(lens.registry[kind], text).value or text


def _id_start(lens: Lens, text: str) -> str:
    """Return the text in the first case in which some id begins so; as it is written where none does."""

    def begins(start: str) -> bool:
        return any(stage(lens, _Asked(text, start), None, 1) for stage in _ID_STAGES)

    return next(filter(begins, _once(_cases(text))), text)


def _cases(text: str) -> tuple[str, ...]:
    return text, text.upper(), text.lower()


def _once(texts: Iterable[str]) -> Iterator[str]:
    """Yield each text once, where it comes first."""
    return iter(dict.fromkeys(texts))


def _range(start: str) -> dict[str, Scalar]:
    """Return what bounds all texts that begin so."""
    return {"low": start, "high": start + _PAST_ALL}


_ID_STAGES: tuple[_Stage, ...] = (
    _by_start("search_rings", "ring"),
    _by_start("search_seller_ids", "seller"),
    _by_start("search_store_ids", "seller"),
)
_STAGES: tuple[_Stage, ...] = (*_ID_STAGES, _by_name, _by_value)
