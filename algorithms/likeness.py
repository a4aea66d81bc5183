"""Values that differ by writing, as values of a kind of their own: weaker evidence than the same writing.

Writings that are one thing (see ``writings``) become one value of the kind ``address_like`` or the like, held by
whoever holds any of them. Everything that follows treats it as one more value of the same family, with which the
writings share a voice, so that nothing is counted twice. It is made of the graph alone, anew in each run, so a run
that starts from what the run before left sees such values change as it sees others change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.algorithms.writings import find_alike
from ringwatch.model.kinds import LIKENESS, WRITINGS_MARK, WRITTEN, Kind, likeness_of
from ringwatch.model.snapshot import NEVER, Bools, Ints, Longs, Snapshot

SHOWN_MOST = 8  # writings that the text of a value shows; the rest are counted
HASHED = "hmac:"  # how a value begins whose text was hashed while loading
EVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Likened:
    """A graph with values for what is alike, and how many groups of writings were too large to be compared."""

    snapshot: Snapshot
    n_left_out: int


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds which writing, one row a use; ``writing`` counts in ``texts``, all distinct."""

    texts: pa.Array
    is_exempt: Bools
    writing: Longs
    seller: Ints
    first_day: Ints
    last_day: Ints
    purpose: Ints


@dataclass(frozen=True, slots=True)
class _Values:
    """Values of one new kind, by text, and who holds them, by value then seller."""

    text: list[str]
    is_exempt: Bools
    value: Longs
    seller: Longs
    first_day: Ints
    last_day: Ints
    purpose: Ints


def with_likenesses(snapshot: Snapshot) -> Likened:
    """Return the graph with a value for each group of writings that are alike; once it is there, nothing is added.

    Writings of whose group one is exempt are exempt together. O(words log words).
    """
    if any(kind.normaliser == LIKENESS for kind in snapshot.kinds):
        return Likened(snapshot, 0)
    names = {kind.name for kind in snapshot.kinds}
    new = [(place, likeness_of(kind)) for place, kind in enumerate(snapshot.kinds) if kind.normaliser in WRITTEN]
    new = [(place, kind) for place, kind in new if kind.name not in names]
    found, n_left_out = [], 0
    for place, _ in new:
        held = _held(snapshot, place)
        alike = find_alike(held.texts, is_place=snapshot.kinds[place].normaliser == "address")
        found.append(_values(held, _stars(held, alike.a, alike.b), snapshot.n_sellers))
        n_left_out += alike.n_left_out
    return Likened(_extended(snapshot, [kind for _, kind in new], found), n_left_out)


def notes_on_writings(n_left_out: int) -> tuple[str, ...]:
    """Return what a person should know of groups of writings that were too large to be compared."""
    if not n_left_out:
        return ()
    groups = "1 group" if n_left_out == 1 else f"{n_left_out:,} groups"
    return (f"{groups} of addresses or names that agree but for one word were too large to compare (a limit of cost)",)


def _held(snapshot: Snapshot, kind: int) -> _Held:
    shared = np.flatnonzero((snapshot.value_kind == kind) & ~snapshot.value_is_hashed)
    begin = snapshot.value_start[shared]
    counts = snapshot.value_start[shared + 1] - begin
    link = ranges(begin, counts)
    own = np.flatnonzero(snapshot.own_kind == kind)
    texts = pa.concat_arrays([snapshot.value_text.take(pa.array(shared)), snapshot.own_text.take(pa.array(own))])
    if len(own) and snapshot.own_text[int(own[0])].as_py().startswith(HASHED):  # a kind is hashed as a whole
        own, texts = own[:0], texts[: len(shared)]
    return _Held(
        texts=texts,
        is_exempt=np.concatenate((snapshot.value_is_exempt[shared], snapshot.own_is_exempt[own])),
        writing=np.concatenate((np.repeat(np.arange(len(shared)), counts), len(shared) + np.arange(len(own)))),
        seller=np.concatenate((snapshot.link_seller[link], snapshot.own_seller[own])),
        first_day=np.concatenate((snapshot.link_first_day[link], snapshot.own_first_day[own])),
        last_day=np.concatenate((snapshot.link_last_day[link], snapshot.own_last_day[own])),
        purpose=np.concatenate((snapshot.link_purpose[link], snapshot.own_purpose[own])),
    )


def _stars(held: _Held, a: Longs, b: Longs) -> list[list[int]]:
    """Return groups of writings, each alike to the first of its group: no chain leads from one thing to another.

    The writing with most holders stands first, of equal ones the first by text.
    """
    n_holders = np.bincount(held.writing, minlength=len(held.texts))
    near: dict[int, list[int]] = {}
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    text = dict(zip(near, held.texts.take(pa.array(list(near), pa.int64())).to_pylist(), strict=True))
    ranked = sorted(near, key=lambda writing: (-n_holders[writing], text[writing]))
    rank = {writing: place for place, writing in enumerate(ranked)}
    groups, taken = [], set[int]()
    for first in ranked:
        if first not in taken:
            others = sorted((other for other in near[first] if other not in taken), key=rank.__getitem__)
            taken.update((first, *others))
            if others:
                groups.append([first, *others])
    return groups


def _values(held: _Held, groups: Sequence[Sequence[int]], n_sellers: int) -> _Values:
    """Return the values of groups that two or more sellers hold, and more of them than any one of its writings."""
    of_writing = np.full(len(held.texts), -1, dtype=np.int64)
    for number, writings in enumerate(groups):
        of_writing[list(writings)] = number
    row = np.flatnonzero(of_writing[held.writing] >= 0)
    key = of_writing[held.writing[row]] * max(n_sellers, 1) + held.seller[row]
    row, key = row[np.argsort(key, kind="stable")], np.sort(key)
    starts = first_of_group(key)
    group, seller = np.divmod(key[starts], max(n_sellers, 1))
    most_of_one = np.zeros(len(groups), dtype=np.int64)
    np.maximum.at(
        most_of_one, of_writing[of_writing >= 0], np.bincount(held.writing, minlength=len(held.texts))[of_writing >= 0]
    )
    kept = np.flatnonzero(np.bincount(group, minlength=len(groups)) > most_of_one)
    texts = [_text(held.texts.take(pa.array(list(groups[number]), pa.int64())).to_pylist()) for number in kept.tolist()]
    order = sorted(range(len(kept)), key=texts.__getitem__)
    place = np.full(len(groups), -1, dtype=np.int64)
    place[kept[order]] = np.arange(len(kept))
    first_day, last_day, purpose = _folded(held, row, starts)
    by_value = np.lexsort((seller, place[group]))
    by_value = by_value[place[group[by_value]] >= 0]
    is_exempt = np.array(
        [held.is_exempt[list(groups[number])].any() for number in kept[order].tolist()], dtype=np.bool_
    )
    return _Values(
        text=[texts[at] for at in order],
        is_exempt=is_exempt,
        value=place[group[by_value]],
        seller=seller[by_value],
        first_day=first_day[by_value],
        last_day=last_day[by_value],
        purpose=purpose[by_value],
    )


def _folded(held: _Held, row: Longs, starts: Longs) -> tuple[Ints, Ints, Ints]:
    """Return the earliest first day, the latest last day and the greatest purpose of each run of rows."""
    if not len(starts):
        return held.first_day[:0], held.last_day[:0], held.purpose[:0]
    first = np.minimum.reduceat(np.where(held.first_day == NEVER, EVER, held.first_day)[row], starts)
    last, purpose = (np.maximum.reduceat(column[row], starts) for column in (held.last_day, held.purpose))
    return np.where(first == EVER, NEVER, first).astype(np.int32), last, purpose


def _text(writings: Sequence[str]) -> str:
    """Return how a group of writings is shown.

    >>> _text(["12 | garten leeds", "12 | gartn leeds"])
    '12 | garten leeds ~ 12 | gartn leeds'
    """
    n_more = len(writings) - SHOWN_MOST
    return WRITINGS_MARK.join([*writings[:SHOWN_MOST], *([f"{n_more} more"] if n_more > 0 else [])])


def _extended(snapshot: Snapshot, new: Sequence[Kind], found: Sequence[_Values]) -> Snapshot:
    """Return the graph with values of new kinds among its own, all in their order."""
    kinds = sorted([*snapshot.kinds, *new], key=lambda kind: kind.name)
    place = {kind.name: number for number, kind in enumerate(kinds)}
    old = np.array([place[kind.name] for kind in snapshot.kinds], dtype=np.int32)
    n_own = np.zeros((snapshot.n_sellers, len(kinds)), dtype=np.int32)
    n_own[:, old] = snapshot.n_own
    sizes = [len(one.text) for one in found]
    value_kind = np.concatenate(
        [old[snapshot.value_kind], *(np.full(n, place[kind.name]) for kind, n in zip(new, sizes, strict=True))]
    )
    order = np.argsort(value_kind, kind="stable")
    n_holders = np.concatenate(
        [np.diff(snapshot.value_start), *(np.bincount(one.value, minlength=len(one.text)) for one in found)]
    )
    starts = np.concatenate(([0], np.cumsum(n_holders)))[:-1]
    link = ranges(starts[order], n_holders[order])

    def column(name: str, own: str) -> Ints:
        whole = np.concatenate([getattr(snapshot, name), *(getattr(one, own) for one in found)])
        return whole[link].astype(np.int32)

    exempt = np.concatenate([snapshot.value_is_exempt, *(one.is_exempt for one in found)])
    hashed = np.concatenate([snapshot.value_is_hashed, np.zeros(sum(sizes), dtype=np.bool_)])
    texts = pa.concat_arrays([snapshot.value_text, *(pa.array(one.text, pa.string()) for one in found)])
    return replace(
        snapshot,
        n_own=n_own,
        kinds=tuple(kinds),
        value_kind=value_kind[order].astype(np.int32),
        value_text=texts.take(pa.array(order)),
        value_is_hashed=hashed[order],
        value_is_exempt=exempt[order],
        value_start=np.concatenate(([0], np.cumsum(n_holders[order]))).astype(np.int64),
        link_seller=column("link_seller", "seller"),
        link_first_day=column("link_first_day", "first_day"),
        link_last_day=column("link_last_day", "last_day"),
        link_purpose=column("link_purpose", "purpose"),
        own_kind=old[snapshot.own_kind] if len(old) else snapshot.own_kind,
    )
