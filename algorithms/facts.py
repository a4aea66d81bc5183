"""A snapshot made ready for detection: which values may speak, what each link is for, who holds which family."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from ringwatch.algorithms.priors import (
    BIN_EDGES,
    FAMILIES,
    N_VARIANTS,
    REGISTERED,
    SPEAKS_WITH,
    UNSAID,
    WORKED,
    WORKED_PURPOSES,
)
from ringwatch.algorithms.segments import Hashes, hash_texts, mix, sum_by
from ringwatch.model.kinds import LIKENESS, Family
from ringwatch.model.snapshot import Bools, Ints, Longs, Snapshot

KEY_HOLDERS = 60  # values of more holders tell nobody apart, and whole markets would hang on them


@dataclass(frozen=True, slots=True)
class Facts:
    """What detection asks of a snapshot, worked out once; arrays by kind, value, link or seller."""

    snapshot: Snapshot
    kind_family: Ints  # per kind, code in FAMILIES
    kind_voice: Ints  # per kind, the family it speaks with: see SPEAKS_WITH
    n_holders: Longs  # per value
    holder_bin: Ints  # per value
    is_usable: Bools  # per value: no exemption speaks for it
    link_value: Longs  # per link
    link_variant: Ints  # per link: UNSAID, REGISTERED or WORKED
    has_voice: Bools  # (n_sellers, n_families): holds some value that speaks with it, shared or not
    seller_start: Longs  # CSR by seller: links of seller s are seller_link[seller_start[s]:seller_start[s + 1]]
    seller_link: Longs
    seller_key: Hashes  # tells sellers apart by structure alone: no id, no text
    value_key: Hashes  # the same of values
    fact_key: Hashes  # per value: equal where the holders are equal; made of their ids, so it orders nothing

    @property
    def value_family(self) -> Ints:
        """Family code of each value."""
        return self.kind_family[self.snapshot.value_kind]

    @property
    def value_is_likeness(self) -> Bools:
        """Say of each value whether it stands for several writings."""
        is_likeness = np.array([kind.normaliser == LIKENESS for kind in self.snapshot.kinds], dtype=np.bool_)
        return is_likeness[self.snapshot.value_kind] if len(is_likeness) else np.zeros(0, dtype=np.bool_)

    @property
    def value_voice(self) -> Ints:
        """Code of the family that each value speaks with."""
        return self.kind_voice[self.snapshot.value_kind]


def prepare(snapshot: Snapshot) -> Facts:
    """Return the facts of a snapshot. O(links)."""
    n_holders = np.diff(snapshot.value_start)
    link_value = np.repeat(np.arange(snapshot.n_values, dtype=np.int64), n_holders)
    by_seller = np.argsort(snapshot.link_seller, kind="stable")
    n_links = np.bincount(snapshot.link_seller, minlength=snapshot.n_sellers)
    kind_family = np.array([FAMILIES.index(kind.family) for kind in snapshot.kinds], dtype=np.int32)
    voice_of = np.array([FAMILIES.index(SPEAKS_WITH.get(name, name)) for name in FAMILIES], dtype=np.int32)
    kind_voice = voice_of[kind_family]
    is_usable = ~snapshot.value_is_exempt & (n_holders >= 2)
    seller_key, value_key = _structure_keys(snapshot, link_value, is_usable & (n_holders <= KEY_HOLDERS))
    return Facts(
        snapshot=snapshot,
        kind_family=kind_family,
        kind_voice=kind_voice,
        n_holders=n_holders,
        holder_bin=np.searchsorted(BIN_EDGES, n_holders, side="right").astype(np.int32),
        is_usable=is_usable,
        link_value=link_value,
        link_variant=_variants(snapshot, kind_family, link_value),
        has_voice=_has_voice(snapshot, kind_voice, link_value),
        seller_start=np.concatenate(([0], np.cumsum(n_links))).astype(np.int64),
        seller_link=by_seller.astype(np.int64),
        seller_key=seller_key,
        value_key=value_key,
        fact_key=sum_by(link_value, hash_texts(snapshot.seller_ids)[snapshot.link_seller], snapshot.n_values),
    )


def notes_on_cost(facts: Facts, n_most: int) -> tuple[str, ...]:
    """Return what a person should know of values that list no pairs because more than ``n_most`` sellers hold them."""
    n_left_out = int((facts.is_usable & (facts.n_holders > n_most)).sum())
    if not n_left_out:
        return ()
    values, verb = ("1 value", "lists") if n_left_out == 1 else (f"{n_left_out:,} values", "list")
    return (f"{values} that more than {n_most} sellers use {verb} no pairs (a limit of cost)",)


def kind_variant(facts: Facts) -> Ints:
    """Return kind and variant of each link as one number."""
    kinds: Ints = facts.snapshot.value_kind[facts.link_value] * N_VARIANTS + facts.link_variant
    return kinds


def _variants(snapshot: Snapshot, kind_family: Ints, link_value: Longs) -> Ints:
    """Only places tell apart what they are used for; the purpose of an account is its scheme."""
    names = [*snapshot.purposes, ""]  # the last one answers for -1
    of_purpose = np.array(
        [WORKED if name in WORKED_PURPOSES else REGISTERED if name == "registered" else UNSAID for name in names],
        dtype=np.int32,
    )
    is_place = kind_family[snapshot.value_kind[link_value]] == FAMILIES.index(Family.PLACE)
    return np.where(is_place, of_purpose[snapshot.link_purpose], UNSAID).astype(np.int32)


def _has_voice(snapshot: Snapshot, kind_voice: Ints, link_value: Longs) -> Bools:
    has = np.zeros((snapshot.n_sellers, len(FAMILIES)), dtype=np.bool_)
    for kind, voice in enumerate(kind_voice):
        has[:, voice] |= snapshot.n_own[:, kind] > 0
    has[snapshot.link_seller, kind_voice[snapshot.value_kind[link_value]]] = True
    return has


def _structure_keys(snapshot: Snapshot, link_value: Longs, tells_apart: Bools) -> tuple[Hashes, Hashes]:
    """Hash sellers and values by their nearest neighbourhood, so that ties need no id.

    One round of Weisfeiler and Leman's refinement and no more: what is farther away may change without a trace here.
    """
    kind_names = np.array([crc32(kind.name.encode()) for kind in snapshot.kinds], dtype=np.uint64)
    value_key = mix(kind_names)[snapshot.value_kind] if snapshot.n_values else np.zeros(0, np.uint64)
    own = own_keys(snapshot)
    told = tells_apart[link_value]
    value, seller = link_value[told], snapshot.link_seller[told]
    value_key = value_key + sum_by(value, mix(own[seller]), snapshot.n_values)
    link_time = mix(snapshot.link_first_day[told].astype(np.int64).view(np.uint64))
    link_time = mix(link_time + snapshot.link_last_day[told].astype(np.int64).view(np.uint64))
    return mix(own + sum_by(seller, mix(value_key[value] + link_time), snapshot.n_sellers)), value_key


def own_keys(snapshot: Snapshot) -> Hashes:
    """Return a hash of what tells sellers apart by themselves: when they came, whether they sell and were caught."""
    key = np.zeros(snapshot.n_sellers, dtype=np.uint64)
    for column in (snapshot.registered_day, snapshot.n_listings > 0, snapshot.n_upheld > 0):
        key = mix(key + column.astype(np.int64).view(np.uint64))
    return key
