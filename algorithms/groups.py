"""What the members of each ring use, list and are, summed up so that one seller can be held against a whole ring."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.priors import REGISTERED, WORKED
from ringwatch.algorithms.segments import first_of_group
from ringwatch.algorithms.trade import listed_keys
from ringwatch.model.snapshot import NEVER, Ints, Longs

EVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class RingUses:
    """One row a (value, ring) that some member uses, by ``key`` = value * n_rings + ring.

    The earliest and the latest two days are kept, so that a member can be left out of its own ring.
    """

    key: Longs
    start: Longs  # members that use it: member[start[i]:start[i] + n_members[i]]
    member: Ints
    n_members: Longs
    n_registered: Longs
    n_worked: Longs
    first_day: Longs  # (n, 2) ascending
    last_day: Longs  # (n, 2) descending


@dataclass(frozen=True, slots=True)
class Groups:
    """Rings as groups of sellers, numbered 0..n-1; each seller is in one at most."""

    n: int
    ring_of: Longs  # per seller, -1 where in none
    start: Longs  # members of ring r are member[start[r]:start[r + 1]]
    member: Longs
    uses: RingUses
    brand_key: Longs  # ring * n_brands + brand, ascending
    brand_count: Longs  # members that list it
    n_listing: Longs  # per ring: members that list some brand

    @property
    def size(self) -> Longs:
        """Members of each ring."""
        return np.diff(self.start)


def number_groups(labels: Longs) -> Longs:
    """Return the ring of each seller from cluster labels: clusters of two or more are numbered, the rest are -1."""
    sizes = np.bincount(labels, minlength=len(labels))
    number = np.full(len(labels), -1, dtype=np.int64)
    roots = np.flatnonzero(sizes > 1)
    number[roots] = np.arange(len(roots))
    return number[labels] if len(labels) else number


def group(facts: Facts, ring_of: Longs) -> Groups:
    """Return the rings summed up. O(links of members)."""
    n_rings = int(ring_of.max(initial=-1)) + 1
    member = np.argsort(ring_of, kind="stable")[np.count_nonzero(ring_of < 0) :]
    start = np.searchsorted(ring_of[member], np.arange(n_rings + 1))
    width = max(len(facts.snapshot.brand_ids), 1)
    seller, brand = np.divmod(listed_keys(facts.snapshot), width)
    is_in = ring_of[seller] >= 0
    brand_key, brand_count = np.unique(ring_of[seller[is_in]] * width + brand[is_in], return_counts=True)
    listing = np.unique(seller[is_in])
    n_listing = np.bincount(ring_of[listing], minlength=n_rings)
    return Groups(n_rings, ring_of, start, member, _uses(facts, ring_of, n_rings), brand_key, brand_count, n_listing)


def _uses(facts: Facts, ring_of: Longs, n_rings: int) -> RingUses:
    snapshot = facts.snapshot
    ring = ring_of[snapshot.link_seller]
    link = np.flatnonzero((ring >= 0) & facts.is_usable[facts.link_value])
    key = facts.link_value[link] * max(n_rings, 1) + ring[link]
    first = snapshot.link_first_day[link]
    last = np.where(snapshot.link_last_day[link] == NEVER, EVER, snapshot.link_last_day[link])
    order = np.argsort(key, kind="stable")
    starts = first_of_group(key[order])
    row = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(key))))
    variant = facts.link_variant[link][order]
    return RingUses(
        key=key[order][starts],
        start=starts,
        member=snapshot.link_seller[link[order]],
        n_members=np.diff(np.append(starts, len(key))),
        n_registered=np.bincount(row, variant == REGISTERED, len(starts)).astype(np.int64),
        n_worked=np.bincount(row, variant == WORKED, len(starts)).astype(np.int64),
        first_day=_two_least(key, first, starts, EVER),
        last_day=-_two_least(key, -last.astype(np.int64), starts, EVER),
    )


def _two_least(key: Longs, day: Longs | Ints, starts: Longs, beyond: int) -> Longs:
    """Return the two least days of each group, ``beyond`` where there is no second."""
    order = np.lexsort((day, key))
    least = day[order].astype(np.int64)
    has_second = np.diff(np.append(starts, len(key))) > 1
    second = np.where(has_second, least[np.minimum(starts + 1, max(len(key) - 1, 0))], beyond)
    return np.column_stack((least[starts], second))
