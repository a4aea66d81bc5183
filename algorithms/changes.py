"""What became of each ring since the run before: born, grew, shrank, merged, split, dissolved, closed, returned.

Follows the events of evolving groups in Palla, Barabasi and Vicsek, Quantifying social group evolution, Nature 446
(2007), with the names that ``lineage.name_rings`` gave: the group that goes on under a name is the same ring.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringwatch.model.kinds import COUNTING_FAMILIES
from ringwatch.model.rings import Change, Ring, RingEvent

PART_LEAST = 2  # one seller that moved makes no ring part of another
N_NAMED = 5  # sellers that a reason names before it counts
RETURN_FAMILIES = 2  # families in which a new ring shares values with a closed one: as many as a closure needs


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of earlier runs: the ring_id of each seller_id, and which rings had all of their stores closed."""

    ring_of: Mapping[str, str]
    closed_rings: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Passage:
    """The rings before and after, and how many sellers went from each to each."""

    before: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    successors: Mapping[str, tuple[str, ...]]  # rings that took in a part of an earlier ring, most sellers first
    sources: Mapping[str, tuple[str, ...]]  # earlier rings of which a ring took in a part, ascending


def trace_changes(rings: Sequence[Ring], past: Past, closed_sellers: Collection[str]) -> tuple[RingEvent, ...]:
    """Return the events of all rings, those of earlier runs included, by ring_id; a ring that stayed has none.

    Of one ring losses come before gains. O(members).
    """
    passage = _passage(rings, past.ring_of)
    events = [*_gone(passage), *_born(passage), *_resized(passage)]
    events += _closings(rings, past, closed_sellers)
    events += _returns_under_new_names(rings, passage, closed_sellers)
    return tuple(sorted(events, key=lambda event: event.ring_id))  # stable: the order within a ring stays


def _passage(rings: Sequence[Ring], ring_of: Mapping[str, str]) -> _Passage:
    before: dict[str, list[str]] = {}
    for seller_id, ring_id in ring_of.items():
        before.setdefault(ring_id, []).append(seller_id)
    after = {ring.ring_id: tuple(member.seller_id for member in ring.members) for ring in rings}
    moved = Counter((ring_of[s], ring_id) for ring_id, members in after.items() for s in members if s in ring_of)
    parts = sorted((pair for pair, n in moved.items() if n >= PART_LEAST), key=lambda pair: (-moved[pair], pair))
    successors: dict[str, list[str]] = {}
    sources: dict[str, list[str]] = {}
    for old, new in parts:
        if old != new:
            successors.setdefault(old, []).append(new)
            sources.setdefault(new, []).append(old)
    return _Passage(
        {ring_id: tuple(sorted(sellers)) for ring_id, sellers in before.items()},
        after,
        {old: tuple(news) for old, news in successors.items()},
        {new: tuple(sorted(olds)) for new, olds in sources.items()},
    )


def _gone(passage: _Passage) -> Iterator[RingEvent]:
    """Yield what became of rings whose name is not there any more."""
    for ring_id, sellers in passage.before.items():
        if ring_id in passage.after:
            continue
        heirs = passage.successors.get(ring_id, ())
        if not heirs:
            change, reason = Change.DISSOLVED, "no two of its sellers are in one ring any more"
        elif len(heirs) == 1:
            change, reason = Change.MERGED, f"its sellers are in ring {heirs[0]} now"
        else:
            change, reason = Change.SPLIT, f"its sellers are in the rings {_row(heirs)} now"
        yield RingEvent(ring_id, change, tuple(sorted(heirs)), len(sellers), 0, reason)


def _born(passage: _Passage) -> Iterator[RingEvent]:
    for ring_id, sellers in passage.after.items():
        if ring_id in passage.before:
            continue
        sources = passage.sources.get(ring_id, ())
        reason = f"{len(sellers)} sellers were found to be run by one operator"
        if sources:
            reason = f"{len(sellers)} sellers, some of them from {_rings(sources)}"
        yield RingEvent(ring_id, Change.BORN, sources, 0, len(sellers), reason)


def _resized(passage: _Passage) -> Iterator[RingEvent]:
    """Yield losses, then gains, of rings that went on."""
    for ring_id in passage.before.keys() & passage.after.keys():
        was, now = passage.before[ring_id], passage.after[ring_id]
        left, joined = sorted(set(was) - set(now)), sorted(set(now) - set(was))
        n_kept = len(was) - len(left)
        if left:
            heirs = tuple(sorted(passage.successors.get(ring_id, ())))
            to = f"; others are in {_rings(heirs)} now" if heirs else ""
            change = Change.SPLIT if heirs else Change.SHRANK
            yield RingEvent(ring_id, change, heirs, len(was), n_kept, f"{_named(left)} left it{to}")
        if joined:
            sources = passage.sources.get(ring_id, ())
            absorbed = tuple(old for old in sources if old not in passage.after)
            origin = f", some from {_rings(sources)}" if sources else ""
            change = Change.MERGED if absorbed else Change.GREW
            reason = f"{_named(joined)} joined it{origin}"
            yield RingEvent(ring_id, change, absorbed or sources, n_kept, len(now), reason)


def _closings(rings: Sequence[Ring], past: Past, closed_sellers: Collection[str]) -> Iterator[RingEvent]:
    """Yield which rings have all of their stores closed since now, and which of those before have an open one."""
    for ring in rings:
        open_ids = [member.seller_id for member in ring.members if member.seller_id not in closed_sellers]
        n, was_closed = len(ring.members), ring.ring_id in past.closed_rings
        if not open_ids and not was_closed:
            yield RingEvent(ring.ring_id, Change.CLOSED, (), n, n, "all stores of its sellers are closed")
        elif open_ids and was_closed:
            new = [seller_id for seller_id in open_ids if past.ring_of.get(seller_id) != ring.ring_id]
            who = f"new sellers share its values: {_named(new)}" if new else f"{_named(open_ids)} are open again"
            yield RingEvent(ring.ring_id, Change.RETURNED, (), n, n, f"its stores were closed, and {who}")


def _returns_under_new_names(
    rings: Sequence[Ring], passage: _Passage, closed_sellers: Collection[str]
) -> Iterator[RingEvent]:
    """Yield which new rings share values, in two families, with a ring whose stores are all closed."""
    closed_of: dict[tuple[str, str], list[str]] = {}
    is_closed = {r.ring_id: all(member.seller_id in closed_sellers for member in r.members) for r in rings}
    for ring in rings:
        for value in ring.values:
            if is_closed[ring.ring_id] and not value.is_hub and value.family in COUNTING_FAMILIES:
                closed_of.setdefault((value.kind, value.value), []).append(ring.ring_id)
    for ring in rings:
        if ring.ring_id in passage.before or is_closed[ring.ring_id]:
            continue
        shared: dict[str, set[str]] = {}
        for value in ring.values:
            for closed in closed_of.get((value.kind, value.value), ()):
                shared.setdefault(closed, set()).add(value.family)
        found = tuple(sorted(closed for closed, families in shared.items() if len(families) >= RETURN_FAMILIES))
        if found:
            n, reason = len(ring.members), f"it shares values with {_rings(found)}, whose stores are closed"
            yield RingEvent(ring.ring_id, Change.RETURNED, found, n, n, reason)


def _rings(ring_ids: Sequence[str]) -> str:
    return f"ring {ring_ids[0]}" if len(ring_ids) == 1 else f"the rings {_row(ring_ids)}"


def _row(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _named(seller_ids: Sequence[str]) -> str:
    """Return sellers by id, many of them by number.

    >>> _named(["a"]), _named(list("abcdefg"))
    ('a', 'a, b, c, d, e and 2 others')
    """
    n_more = len(seller_ids) - N_NAMED
    shown = list(seller_ids[:N_NAMED])
    if n_more > 0:
        shown.append(f"{n_more} other{'s' if n_more > 1 else ''}")
    return shown[0] if len(shown) == 1 else _row(shown)
