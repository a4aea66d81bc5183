"""A part of a graph cut out for detection: some sellers and what they share, each value with its true holder count."""

from dataclasses import dataclass, replace

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.segments import find_sorted, ranges
from ringwatch.model.snapshot import Bools, Ints, Longs, Snapshot


@dataclass(frozen=True, slots=True)
class Region:
    """Sellers and values by their numbers in the whole graph, ascending, and their facts under numbers of their own.

    A value is *whole* where all of its holders are in the region. ``facts.n_holders`` is the true count of each value;
    ``facts.snapshot.value_start`` counts those in the region, two or more.
    """

    facts: Facts
    sellers: Longs
    values: Longs

    def places_of(self, sellers: Longs) -> Longs:
        """Return the numbers in the region of sellers of the whole graph, -1 where not in it."""
        return find_sorted(self.sellers, sellers)


def cut(facts: Facts, sellers: Longs, values: Bools | None = None) -> Region:
    """Return the region of some sellers (ascending), with the given values alone where ``values`` is given.

    Order is kept: whatever is sorted by number in the whole graph is so here. O(links of the sellers, log).
    """
    link = links_of(facts, sellers)
    if values is not None:
        link = link[values[facts.link_value[link]]]
    link = np.sort(link)
    value, place, n_here = np.unique(facts.link_value[link], return_inverse=True, return_counts=True)
    is_shared = n_here > 1
    link, place = link[is_shared[place]], (np.cumsum(is_shared) - 1)[place[is_shared[place]]]
    value, n_here = value[is_shared], n_here[is_shared]
    seller = np.searchsorted(sellers, facts.snapshot.link_seller[link]).astype(np.int32)
    snapshot = _cut_snapshot(facts.snapshot, (sellers, value, link), n_here, seller)
    n_links = np.bincount(seller, minlength=len(sellers))
    part = replace(
        facts,
        snapshot=snapshot,
        n_holders=facts.n_holders[value],
        holder_bin=facts.holder_bin[value],
        is_usable=facts.is_usable[value],
        link_value=place.astype(np.int64),
        link_variant=facts.link_variant[link],
        has_voice=facts.has_voice[sellers],
        seller_start=np.concatenate(([0], np.cumsum(n_links))).astype(np.int64),
        seller_link=np.argsort(seller, kind="stable").astype(np.int64),
        seller_key=facts.seller_key[sellers],
        value_key=facts.value_key[value],
        fact_key=facts.fact_key[value],
    )
    return Region(part, sellers, value)


def _cut_snapshot(snapshot: Snapshot, kept: tuple[Longs, Longs, Longs], n_here: Longs, link_seller: Ints) -> Snapshot:
    sellers, values, links = kept
    listed_seller, listed_brand = brands_of(snapshot.listed_seller, snapshot.listed_brand, sellers)
    authorised_seller, authorised_brand = brands_of(snapshot.authorised_seller, snapshot.authorised_brand, sellers)
    columns = ("country", "registered_day", "is_closed", "n_stores", "n_listings", "n_upheld", "n_rejected")
    return replace(
        snapshot,
        **{name: getattr(snapshot, name)[sellers] for name in (*columns, "n_pending", "n_own")},
        seller_ids=snapshot.seller_ids.take(sellers),
        names=snapshot.names.take(sellers),
        value_kind=snapshot.value_kind[values],
        value_text=snapshot.value_text.take(values),
        value_is_hashed=snapshot.value_is_hashed[values],
        value_is_exempt=snapshot.value_is_exempt[values],
        value_start=np.concatenate(([0], np.cumsum(n_here))).astype(np.int64),
        link_seller=link_seller,
        link_first_day=snapshot.link_first_day[links],
        link_last_day=snapshot.link_last_day[links],
        link_purpose=snapshot.link_purpose[links],
        listed_seller=listed_seller,
        listed_brand=listed_brand,
        authorised_seller=authorised_seller,
        authorised_brand=authorised_brand,
    )


def brands_of(seller: Ints, brand: Ints, sellers: Longs) -> tuple[Ints, Ints]:
    """Return the brands of some sellers, by their places; a number that no seller has has none."""
    begin = np.searchsorted(seller, sellers)
    counts = np.searchsorted(seller, sellers, side="right") - begin
    return np.repeat(np.arange(len(sellers), dtype=np.int32), counts), brand[ranges(begin, counts)]


def links_of(facts: Facts, sellers: Longs) -> Longs:
    """Return the links of some sellers, seller by seller."""
    begin = facts.seller_start[sellers]
    return facts.seller_link[ranges(begin, facts.seller_start[sellers + 1] - begin)]


def holders_of(facts: Facts, values: Longs) -> Longs:
    """Return the holders of some values, ascending, each once."""
    begin = facts.snapshot.value_start[values]
    holders = facts.snapshot.link_seller[ranges(begin, facts.snapshot.value_start[values + 1] - begin)]
    return np.unique(holders).astype(np.int64)


def values_of(facts: Facts, sellers: Longs) -> Longs:
    """Return the values of some sellers, ascending, each once."""
    return np.unique(facts.link_value[links_of(facts, sellers)])
