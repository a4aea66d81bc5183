"""Rings with an applicant taken in, cut out of the graph so that each is judged by itself, as a run judges its rings.

Each pair of an applicant and a ring gets sellers and values of its own, so that applicants say nothing of each other.
Beside the members and the applicant stand all others who hold a value of the ring that is no hub: whether a value is a
service depends on them. A seller that is known already and applies again is not among its own fellows.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from ringwatch.algorithms.clusters import Clusters
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import group
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.priors import BIN_EDGES
from ringwatch.algorithms.region import brands_of, links_of
from ringwatch.algorithms.segments import Hashes, ranges, sum_by
from ringwatch.algorithms.watch import Watch
from ringwatch.model.snapshot import NEVER, Bools, Ints, Longs, Snapshot


@dataclass(frozen=True, slots=True)
class Given:
    """What applicants, by row, give that members of rings hold: one row a (row, value), ascending."""

    row: Longs
    value: Longs
    first_day: Ints
    last_day: Ints
    variant: Ints


@dataclass(frozen=True, slots=True)
class Asking:
    """Applicants by row; ``known`` is the number of the seller of the graph that has the same id, -1 for none."""

    seller_ids: tuple[str, ...]
    known: Longs
    seller_hash: Hashes
    country: Ints  # code, -1 where not given
    registered_day: Ints
    has_voice: Bools  # (n, n_families)
    given: Given


@dataclass(frozen=True, slots=True)
class Pairs:
    """Applicants and the rings that they are held against, by row then ring."""

    row: Longs
    ring: Longs

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.row)

    def part(self, begin: int, end: int) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(self.row[begin:end], self.ring[begin:end])


@dataclass(frozen=True, slots=True)
class Admitted:
    """The rings of pairs, numbered as the pairs are; the applicant is the last member of each."""

    facts: Facts
    clusters: Clusters
    levels: Ints


@dataclass(frozen=True, slots=True)
class _Links:
    """Who holds what, by pair, value and seller; ``seller``: one more than any seller's number is the applicant."""

    pair: Longs
    value: Longs
    seller: Longs
    first_day: Ints
    last_day: Ints
    variant: Ints


@dataclass(frozen=True, slots=True)
class _People:
    """The sellers of all pairs, by pair; ``there`` is the number in the graph, -1 where it has none."""

    row: Longs
    is_applicant: Bools
    there: Longs


def take_in(watch: Watch, asking: Asking, pairs: Pairs) -> Admitted:
    """Return the rings as they would be with the applicants. O(links of the rings, log)."""
    known, n = asking.known[pairs.row], watch.facts.snapshot.n_sellers
    seat_pair, seat = _seats(watch, pairs, known)
    links = _links(watch, (asking.given, pairs, known), (seat_pair, seat))
    members = np.concatenate((seat_pair * (n + 1) + seat, np.arange(len(pairs)) * (n + 1) + n))
    key = np.unique(np.concatenate((members, links.pair * (n + 1) + links.seller)))
    pair, seller = np.divmod(key, n + 1)
    people = _People(pairs.row[pair], seller == n, np.where(seller == n, known[pair], seller))
    ring_of = np.full(len(key), -1, dtype=np.int64)
    ring_of[np.searchsorted(key, members)] = np.concatenate((seat_pair, np.arange(len(pairs))))
    facts, levels = _facts(watch, asking, people, links, np.searchsorted(key, links.pair * (n + 1) + links.seller))
    is_weak, is_bound = _ways_in(watch, asking, pairs)
    there = np.maximum(people.there, 0)
    clusters = Clusters(
        groups=group(facts, ring_of),
        is_core=np.zeros(len(key), dtype=np.bool_),
        is_weak=np.where(people.is_applicant, is_weak[pair], watch.is_weak[there]),
        is_bound=np.where(people.is_applicant, is_bound[pair], watch.is_bound[there]),
    )
    return Admitted(facts, clusters, levels)


def _seats(watch: Watch, pairs: Pairs, known: Longs) -> tuple[Longs, Longs]:
    """Return the pair and the number of each member but of an applicant that is one."""
    counts = watch.start[pairs.ring + 1] - watch.start[pairs.ring]
    pair, seller = np.repeat(np.arange(len(pairs)), counts), watch.member[ranges(watch.start[pairs.ring], counts)]
    is_other = seller != known[pair]
    return pair[is_other], seller[is_other]


def _ways_in(watch: Watch, asking: Asking, pairs: Pairs) -> tuple[Bools, Bools]:
    """Say of each applicant whether it has joined by no strong evidence yet, and whether a person put it there."""
    known = asking.known[pairs.row]
    there = np.maximum(known, 0)
    is_own = (known >= 0) & (watch.ring_of[there] == pairs.ring)
    names = [(asking.seller_ids[row], watch.ring_ids[ring]) for row, ring in zip(pairs.row, pairs.ring, strict=True)]
    told = np.array([name in watch.bound for name in names], dtype=np.bool_)
    return ~is_own | watch.is_weak[there], told | (is_own & watch.is_bound[there])


def _links(watch: Watch, whom: tuple[Given, Pairs, Longs], seats: tuple[Longs, Longs]) -> _Links:
    (given, pairs, known), (seat_pair, seat) = whom, seats
    facts, snapshot = watch.facts, watch.facts.snapshot
    link, pair = links_of(facts, seat), np.repeat(seat_pair, facts.seller_start[seat + 1] - facts.seller_start[seat])
    held = np.unique(pair * snapshot.n_values + facts.link_value[link])
    around_pair, around = _links_around(watch, pairs, known, held)
    link, pair = np.concatenate((link, around)), np.concatenate((pair, around_pair))
    given_pair, place = _given(given, pairs, held, snapshot.n_values)
    pair = np.concatenate((pair, given_pair))
    value = np.concatenate((facts.link_value[link], given.value[place]))
    applicant = np.full(len(place), snapshot.n_sellers, dtype=np.int64)
    seller = np.concatenate((snapshot.link_seller[link].astype(np.int64), applicant))
    order = np.lexsort((seller, pair * snapshot.n_values + value))
    return _Links(
        pair=pair[order],
        value=value[order],
        seller=seller[order],
        first_day=np.concatenate((snapshot.link_first_day[link], given.first_day[place]))[order],
        last_day=np.concatenate((snapshot.link_last_day[link], given.last_day[place]))[order],
        variant=np.concatenate((facts.link_variant[link], given.variant[place]))[order],
    )


def _links_around(watch: Watch, pairs: Pairs, known: Longs, held: Longs) -> tuple[Longs, Longs]:
    """Return the links of those who are not of the ring but hold a value of it that is no hub."""
    snapshot = watch.facts.snapshot
    pair, value = np.divmod(held, max(snapshot.n_values, 1))
    is_told = ~is_hub(watch.levels)[value]
    pair, value = pair[is_told], value[is_told]
    counts = snapshot.value_start[value + 1] - snapshot.value_start[value]
    link, pair = ranges(snapshot.value_start[value], counts), np.repeat(pair, counts)
    seller = snapshot.link_seller[link]
    is_outside = (watch.ring_of[seller] != pairs.ring[pair]) & (seller != known[pair])
    return pair[is_outside], link[is_outside]


def _given(given: Given, pairs: Pairs, held: Longs, n_values: int) -> tuple[Longs, Longs]:
    """Return the pair and the place of what applicants give that somebody of the ring holds."""
    begin = np.searchsorted(given.row, pairs.row)
    counts = np.searchsorted(given.row, pairs.row, side="right") - begin
    place, pair = ranges(begin, counts), np.repeat(np.arange(len(pairs)), counts)
    is_held = np.isin(pair * n_values + given.value[place], held)
    return pair[is_held], place[is_held]


def _facts(watch: Watch, asking: Asking, people: _People, links: _Links, link_seller: Longs) -> tuple[Facts, Ints]:
    """Return the facts of all pairs side by side, and the levels of their values."""
    facts, n_values = watch.facts, watch.facts.snapshot.n_values
    key, link_value, n_here = np.unique(links.pair * n_values + links.value, return_inverse=True, return_counts=True)
    value = key % max(n_values, 1)
    n_more, fact_more = _change(watch, asking, people, (key, link_value, links, link_seller))
    n_holders = facts.n_holders[value] + n_more
    snapshot = _snapshot(facts.snapshot, asking, people, (value, n_here, links, link_seller))
    there = np.maximum(people.there, 0)
    part = replace(
        facts,
        snapshot=snapshot,
        n_holders=n_holders,
        holder_bin=np.searchsorted(BIN_EDGES, n_holders, side="right").astype(np.int32),
        is_usable=~snapshot.value_is_exempt & (n_holders >= 2),
        link_value=link_value.astype(np.int64),
        link_variant=links.variant,
        has_voice=np.where(people.is_applicant[:, None], asking.has_voice[people.row], facts.has_voice[there]),
        seller_start=np.searchsorted(np.sort(link_seller), np.arange(len(there) + 1)).astype(np.int64),
        seller_link=np.argsort(link_seller, kind="stable").astype(np.int64),
        seller_key=np.where(people.there >= 0, facts.seller_key[there], np.uint64(0)),
        value_key=facts.value_key[value],
        fact_key=facts.fact_key[value] + fact_more,
    )
    return part, watch.levels[value]


def _change(
    watch: Watch, asking: Asking, people: _People, cut: tuple[Longs, Longs, _Links, Longs]
) -> tuple[Longs, Hashes]:
    """Return how many holders each value has more with the applicant, and what that adds to who they are.

    One that is known and holds the value in the graph is counted there already.
    """
    key, link_value, links, link_seller = cut
    facts, n_values = watch.facts, watch.facts.snapshot.n_values
    of_applicant = np.flatnonzero(people.is_applicant[link_seller])
    row = people.row[link_seller[of_applicant]]
    value = link_value[of_applicant]
    more = np.bincount(value, minlength=len(key)).astype(np.int64)
    hashes = sum_by(value, asking.seller_hash[row], len(key))
    pair_of = np.unique(links.pair)
    applicant = np.flatnonzero(people.is_applicant)[pair_of]
    known = people.there[applicant]
    pair_of, known = pair_of[known >= 0], known[known >= 0]
    held = links_of(facts, known)
    pair = np.repeat(pair_of, facts.seller_start[known + 1] - facts.seller_start[known])
    was = np.isin(key, pair * n_values + facts.link_value[held])
    more[was] -= 1
    own_hash = np.zeros(int(links.pair.max(initial=-1)) + 1, dtype=np.uint64)
    own_hash[pair_of] = watch.seller_hash[known]
    hashes[was] -= own_hash[(key // max(n_values, 1))[was]]
    return more, hashes


def _snapshot(snapshot: Snapshot, asking: Asking, people: _People, cut: tuple[Longs, Longs, _Links, Longs]) -> Snapshot:
    value, n_here, links, link_seller = cut
    there = np.maximum(people.there, 0)
    columns = ("is_closed", "n_stores", "n_listings", "n_upheld", "n_rejected", "n_pending")
    counts: dict[str, Any] = {name: np.where(people.there >= 0, getattr(snapshot, name)[there], 0) for name in columns}
    listed = brands_of(snapshot.listed_seller, snapshot.listed_brand, people.there)
    authorised = brands_of(snapshot.authorised_seller, snapshot.authorised_brand, people.there)
    return replace(
        snapshot,
        **counts,
        seller_ids=snapshot.seller_ids.take(pa.array(there)),
        names=snapshot.names.take(pa.array(there)),
        country=_told(people, asking.country, (snapshot.country, -1)),
        registered_day=_told(people, asking.registered_day, (snapshot.registered_day, NEVER)),
        n_own=np.zeros((len(there), 0), dtype=np.int32),
        value_kind=snapshot.value_kind[value],
        value_text=snapshot.value_text.take(pa.array(value)),
        value_is_hashed=snapshot.value_is_hashed[value],
        value_is_exempt=snapshot.value_is_exempt[value],
        value_start=np.concatenate(([0], np.cumsum(n_here))).astype(np.int64),
        link_seller=link_seller.astype(np.int32),
        link_first_day=links.first_day,
        link_last_day=links.last_day,
        link_purpose=np.full(len(link_seller), -1, dtype=np.int32),
        listed_seller=listed[0],
        listed_brand=listed[1],
        authorised_seller=authorised[0],
        authorised_brand=authorised[1],
    )


def _told(people: _People, applicants: Ints, graph: tuple[Ints, int]) -> Ints:
    """Return what is said of each seller: by the applicant itself, else what the graph knows, else that nothing is."""
    column, nothing = graph
    known = np.where(people.there >= 0, column[np.maximum(people.there, 0)], nothing)
    own = np.where(people.is_applicant, applicants[people.row], nothing)
    told: Ints = np.where(own != nothing, own, known).astype(np.int32)
    return told
