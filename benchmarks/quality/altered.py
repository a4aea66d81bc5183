"""Snapshots altered on purpose: a hub put in, links hidden, values mistyped, camouflage, a column dealt out anew."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from ringwatch.model.kinds import WRITTEN, Family
from ringwatch.model.snapshot import NEVER, Bools, Ints, Longs, Snapshot

IN_WORDS = 0.5  # share of slips that are in a letter; the rest are in a number
CAMOUFLAGE_USES = 2  # values of honest sellers that each guilty one takes to


def with_hub(snapshot: Snapshot, n_holders: int, random: np.random.Generator) -> Snapshot:
    """Return the market with one more address, that so many sellers of all sorts have goods returned to."""
    seller = np.sort(random.choice(snapshot.n_sellers, min(n_holders, snapshot.n_sellers), replace=False))
    kind = next(number for number, kind in enumerate(snapshot.kinds) if kind.name == "address")
    purpose = snapshot.purposes.index("return") if "return" in snapshot.purposes else -1
    place = int(np.searchsorted(snapshot.value_kind, kind, side="right"))  # the last of its kind
    at = int(snapshot.value_start[place])
    never = np.full(len(seller), NEVER, dtype=np.int32)
    texts = snapshot.value_text
    return replace(
        snapshot,
        value_kind=np.insert(snapshot.value_kind, place, kind).astype(np.int32),
        value_text=pa.concat_arrays([texts[:place], pa.array(["~ a hub put in"]), texts[place:]]),
        value_is_hashed=np.insert(snapshot.value_is_hashed, place, values=False),
        value_is_exempt=np.insert(snapshot.value_is_exempt, place, values=False),
        value_start=np.concatenate((snapshot.value_start[: place + 1], snapshot.value_start[place:] + len(seller))),
        link_seller=np.insert(snapshot.link_seller, at, seller).astype(np.int32),
        link_first_day=np.insert(snapshot.link_first_day, at, never),
        link_last_day=np.insert(snapshot.link_last_day, at, never),
        link_purpose=np.insert(snapshot.link_purpose, at, np.full(len(seller), purpose)).astype(np.int32),
    )


def with_links_hidden(snapshot: Snapshot, share: float, random: np.random.Generator) -> Snapshot:
    """Return the market in which a share of the uses of shared values was never seen."""
    return _with_links(snapshot, snapshot.link_seller, random.random(snapshot.n_links) >= share, as_own=False)


def with_typing_errors(snapshot: Snapshot, share: float, random: np.random.Generator) -> Snapshot:
    """Return the market in which a share of the uses of shared values was mistyped: who did has a value of its own.

    Of addresses and names, of which one slip in two is in a letter of a word, those are kept as they were written.
    """
    kept = random.random(snapshot.n_links) >= share
    mistyped = _with_links(snapshot, snapshot.link_seller, kept, as_own=True)
    value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    is_written = np.array([kind.normaliser in WRITTEN for kind in snapshot.kinds], dtype=np.bool_)
    n_kept = np.bincount(value, kept, snapshot.n_values)
    single = kept & (n_kept[value] == 1)  # whose fellows all mistyped it
    slip = ~kept & (random.random(snapshot.n_links) < IN_WORDS)
    written = np.flatnonzero((single | slip) & is_written[snapshot.value_kind[value]])
    texts = snapshot.value_text.take(pa.array(value[written])).to_pylist()
    texts = [_slipped(text, random) if is_slip else text for text, is_slip in zip(texts, slip[written], strict=True)]
    _, first = np.unique(np.array(texts, dtype=object), return_index=True)
    first = first[np.argsort(snapshot.link_seller[written[first]], kind="stable")]
    at = written[first]
    return replace(
        mistyped,
        own_seller=snapshot.link_seller[at],
        own_kind=snapshot.value_kind[value[at]],
        own_text=pa.array([texts[place] for place in first.tolist()], pa.string()),
        own_first_day=snapshot.link_first_day[at],
        own_last_day=snapshot.link_last_day[at],
        own_purpose=snapshot.link_purpose[at],
        own_is_exempt=np.zeros(len(at), dtype=np.bool_),
    )


def _slipped(text: str, random: np.random.Generator) -> str:
    """Return a text in which one letter of a word is another."""
    places = [at for at, letter in enumerate(text) if letter.isalpha()]
    if not places:
        return text
    at = places[int(random.integers(len(places)))]
    letters = "abcdefghijklmnopqrstuvwxyz".replace(text[at], "")
    return text[:at] + letters[int(random.integers(len(letters)))] + text[at + 1 :]


def with_camouflage(snapshot: Snapshot, is_guilty: Bools, random: np.random.Generator) -> Snapshot:
    """Return the market in which each guilty seller also uses values that honest ones share."""
    of_link = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    n_guilty = np.bincount(of_link, is_guilty[snapshot.link_seller], snapshot.n_values)
    honest = np.flatnonzero(n_guilty == 0)
    seller = np.repeat(np.flatnonzero(is_guilty), CAMOUFLAGE_USES)
    value = random.choice(honest, len(seller)) if len(honest) else honest[:0]
    key = np.unique(value.astype(np.int64) * snapshot.n_sellers + seller[: len(value)])
    return _with_more(snapshot, *np.divmod(key, snapshot.n_sellers))


def with_kinds_permuted(snapshot: Snapshot, kinds: Bools, random: np.random.Generator) -> Snapshot:
    """Return the market in which each of these columns is dealt out anew: a seller has what another one had of it."""
    seller, n_own = snapshot.link_seller.copy(), snapshot.n_own.copy()
    kind = np.repeat(snapshot.value_kind, np.diff(snapshot.value_start))
    for number in np.flatnonzero(kinds).tolist():
        gets = random.permutation(snapshot.n_sellers)
        seller[kind == number] = gets[seller[kind == number]]
        n_own[gets, number] = snapshot.n_own[:, number]
    return _with_links(replace(snapshot, n_own=n_own), seller, np.ones(len(seller), dtype=np.bool_), as_own=False)


def without_family(snapshot: Snapshot, family: Family) -> Snapshot:
    """Return the market in which values of a family say nothing."""
    of_family = np.array([kind.family is family for kind in snapshot.kinds], dtype=np.bool_)
    return replace(snapshot, value_is_exempt=snapshot.value_is_exempt | of_family[snapshot.value_kind])


def without_brands(snapshot: Snapshot) -> Snapshot:
    """Return the market in which nobody tells what brands are listed."""
    none = np.zeros(0, dtype=np.int32)
    return replace(snapshot, listed_seller=none, listed_brand=none)


def _with_more(snapshot: Snapshot, value: Longs, seller: Longs) -> Snapshot:
    """Return the market with more uses of values that are there, of no known day; none may be there already."""
    of_link = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    order = np.lexsort((np.append(snapshot.link_seller, seller), np.append(of_link, value)))

    def column(known: Ints, filler: int) -> Ints:
        return np.append(known, np.full(len(value), filler))[order].astype(np.int32)

    counts = np.diff(snapshot.value_start) + np.bincount(value, minlength=snapshot.n_values)
    return replace(
        snapshot,
        value_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        link_seller=np.append(snapshot.link_seller, seller)[order].astype(np.int32),
        link_first_day=column(snapshot.link_first_day, NEVER),
        link_last_day=column(snapshot.link_last_day, NEVER),
        link_purpose=column(snapshot.link_purpose, -1),
    )


def _with_links(snapshot: Snapshot, seller: Ints, kept: Bools, *, as_own: bool) -> Snapshot:
    """Return the market with the kept links of these sellers; values that fewer than two still share are their own.

    ``as_own``: the links that are not kept become values that their sellers alone have.
    """
    value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    key = value * np.int64(snapshot.n_sellers) + seller
    order = np.lexsort((key, ~kept))  # kept ones first, by value then seller
    order = order[: int(kept.sum())]
    order = order[np.concatenate(([True], key[order][1:] != key[order][:-1]))] if len(order) else order
    n_holders = np.bincount(value[order], minlength=snapshot.n_values)
    is_shared = n_holders > 1
    links = order[is_shared[value[order]]]
    single = order[~is_shared[value[order]]]
    own = np.concatenate((single, np.flatnonzero(~kept))) if as_own else single
    n_own = snapshot.n_own.copy()
    np.add.at(n_own, (seller[own], snapshot.value_kind[value[own]]), 1)
    return replace(
        snapshot,
        n_own=n_own,
        value_kind=snapshot.value_kind[is_shared],
        value_text=snapshot.value_text.filter(is_shared),
        value_is_hashed=snapshot.value_is_hashed[is_shared],
        value_is_exempt=snapshot.value_is_exempt[is_shared],
        value_start=np.concatenate(([0], np.cumsum(n_holders[is_shared]))).astype(np.int64),
        link_seller=seller[links],
        link_first_day=snapshot.link_first_day[links],
        link_last_day=snapshot.link_last_day[links],
        link_purpose=snapshot.link_purpose[links],
    )
