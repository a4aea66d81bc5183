"""What a run leaves for the next one: what it found on the way, and digests that show what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ringwatch.algorithms.clusters import STEPS, is_clustered
from ringwatch.algorithms.crowds import Crowds, crowds_of, strong_ties
from ringwatch.algorithms.facts import Facts, own_keys
from ringwatch.algorithms.incremental import Memory, Touched, World, with_crowds
from ringwatch.algorithms.learn import JUDGEMENTS, Judged, Model
from ringwatch.algorithms.region import holders_of, values_of
from ringwatch.algorithms.segments import Hashes, first_of_group, hash_texts, mix, sum_by
from ringwatch.model.rings import DetectConfig
from ringwatch.model.snapshot import Bools, Ints, Longs, Snapshot


@dataclass(frozen=True, slots=True)
class Trace:
    """A memory that outlives its snapshot: sellers and values by hashes of what names them, with digests of their data.

    The order is that of the snapshot.
    """

    way: str  # names how was judged: model, settings, version
    seller_id: Hashes
    seller_digest: Hashes  # all that is said of a seller itself, its links included
    seller_key: Hashes  # what of it breaks ties for others
    country: Ints  # codes of that snapshot
    value_id: Hashes
    value_digest: Hashes  # who uses it when and for what, and whether it is exempt
    n_holders: Ints
    is_usable: Bools
    memory: Memory


def trace_of(facts: Facts, way: str, memory: Memory) -> Trace:
    """Return the trace of a run. O(links)."""
    snapshot = facts.snapshot
    seller_id, value_id = hash_texts(snapshot.seller_ids), value_ids(snapshot)
    link = _link_digests(snapshot)
    used = sum_by(snapshot.link_seller, mix(link + value_id[facts.link_value]), snapshot.n_sellers)
    holders = sum_by(facts.link_value, mix(link + seller_id[snapshot.link_seller]), snapshot.n_values)
    return Trace(
        way=way,
        seller_id=seller_id,
        seller_digest=mix(used + _own_digests(facts)),
        seller_key=own_keys(snapshot),
        country=snapshot.country,
        value_id=value_id,
        value_digest=holders,
        n_holders=facts.n_holders.astype(np.int32),
        is_usable=facts.is_usable,
        memory=memory,
    )


def way_of(model: Model, config: DetectConfig) -> str:
    """Return a name for the way of judging; memories of another way are worth nothing.

    It does not tell versions of the code apart: whoever keeps a trace keeps the version beside it.
    """
    said = [len(STEPS), config, model.tie_rates, model.upheld_rate]
    arrays = (model.weights.of_code, model.weights.prior, model.weights.contrast)
    return sha256(repr(said).encode() + b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]


def remember(world: World, judged: Judged, trail: Sequence[Longs], waits: Bools) -> Memory:
    """Return the memory of a whole run."""
    n_tied = np.full(len(judged.levels), -1, dtype=np.int64)
    n_tied[judged.ties.value] = judged.ties.n_tied
    ties = strong_ties(judged.pairs, judged.shown, world.model.weights.ratio)
    crowds = crowds_of(world.facts, ties, world.config.max_pair_holders)
    n_tied = with_crowds(world, n_tied, crowds, np.arange(len(n_tied), dtype=np.int64))
    return Memory(judged.rounds, n_tied, tuple(trail), waits, np.zeros(len(n_tied), dtype=np.bool_), crowds)


def value_ids(snapshot: Snapshot) -> Hashes:
    """Return a hash of kind and text of each value."""
    kind = np.array([crc32(kind.name.encode()) for kind in snapshot.kinds], dtype=np.uint64)
    own = mix(kind)[snapshot.value_kind] if snapshot.n_values else np.zeros(0, np.uint64)
    return mix(own + hash_texts(snapshot.value_text))


def _link_digests(snapshot: Snapshot) -> Hashes:
    purpose = np.array([crc32(text.encode()) for text in (*snapshot.purposes, "")], dtype=np.uint64)
    digest = purpose[snapshot.link_purpose]  # the last one answers for -1
    for day in (snapshot.link_first_day, snapshot.link_last_day):
        digest = mix(digest + day.astype(np.int64).view(np.uint64))
    return digest


def _own_digests(facts: Facts) -> Hashes:
    """Return a digest of all columns of sellers but the country, whose codes are of one snapshot alone."""
    snapshot = facts.snapshot
    bits = facts.has_voice @ (1 << np.arange(facts.has_voice.shape[1], dtype=np.int64))
    digest = np.zeros(snapshot.n_sellers, dtype=np.uint64)
    counts = (snapshot.n_stores, snapshot.n_listings, snapshot.n_upheld, snapshot.n_rejected, snapshot.n_pending)
    for column in (snapshot.registered_day, snapshot.is_closed, bits, *counts):
        digest = mix(digest + column.astype(np.int64).view(np.uint64))
    brand = mix(np.array([crc32(brand_id.encode()) for brand_id in snapshot.brand_ids], dtype=np.uint64))
    for seller, code, salt in (
        (snapshot.listed_seller, snapshot.listed_brand, 1),
        (snapshot.authorised_seller, snapshot.authorised_brand, 2),
    ):
        digest = digest + sum_by(seller, mix(brand[code] + np.uint64(salt)), snapshot.n_sellers)
    return digest


def to_bytes(trace: Trace) -> bytes:
    """Return a trace as bytes, equal for equal traces: some forty for each seller and for each shared value."""
    memory, labels = trace.memory, trace.memory.trail[-1]
    clustered = np.flatnonzero(is_clustered(labels))
    arrays = {name: getattr(trace, name) for name in _COLUMNS}
    arrays |= {f"round {n}": levels.astype(np.int8) for n, levels in enumerate(memory.rounds)}
    arrays |= {f"step {n}": labels[clustered].astype(np.int32) for n, labels in enumerate(memory.trail)}
    arrays |= {"clustered": clustered.astype(np.int32), "n_tied": memory.n_tied.astype(np.int32)}
    arrays |= {f"crowd {name}": getattr(memory.crowds, name).astype(np.int32) for name in _CROWD_COLUMNS}
    arrays |= {"waits": memory.waits, "serves": memory.serves, "way": np.frombuffer(trace.way.encode(), np.uint8)}
    kept = BytesIO()
    np.savez(kept, **arrays)
    return kept.getvalue()


def from_bytes(kept: bytes) -> Trace | None:
    """Return a trace that was kept, None of bytes that are none of this version's."""
    try:
        with np.load(BytesIO(kept), allow_pickle=False) as arrays:
            return _unpacked(arrays)
    except (KeyError, ValueError, EOFError, BadZipFile):
        return None


def _unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> Trace:
    clustered = arrays["clustered"]
    trail = []
    for n in range(len(STEPS)):
        labels = np.arange(len(arrays["seller_id"]), dtype=np.int64)
        labels[clustered] = arrays[f"step {n}"]
        trail.append(labels)
    rounds = tuple(arrays[f"round {n}"].astype(np.int32) for n in range(JUDGEMENTS))
    crowds = Crowds(*(arrays[f"crowd {name}"].astype(np.int64) for name in _CROWD_COLUMNS))
    n_tied = arrays["n_tied"].astype(np.int64)
    memory = Memory(rounds, n_tied, tuple(trail), arrays["waits"], arrays["serves"], crowds)
    columns: dict[str, Any] = {name: arrays[name] for name in _COLUMNS}
    return Trace(way=bytes(arrays["way"]).decode(), memory=memory, **columns)


_CROWD_COLUMNS = ("value", "a", "b", "tying")
_COLUMNS = ("seller_id", "seller_digest", "seller_key", "country", "value_id", "value_digest", "n_holders", "is_usable")


@dataclass(frozen=True, slots=True)
class Difference:
    """A memory in the numbers of the graph now, and what changed since it was made."""

    memory: Memory
    touched: Touched
    crowded: Longs  # values of so many holders, now and before, that others are told their number alone


def compare(old: Trace, new: Trace, world: World) -> Difference:
    """Return what changed between two traces; ``new`` is of the world now, its memory not looked at. O(n log n)."""
    facts = world.facts
    seller, value = _find(old.seller_id, new.seller_id), _find(old.value_id, new.value_id)
    own_changed = _differ(old.seller_digest, new.seller_digest, seller) | _country_differs(old, new, seller)
    key_changed = np.flatnonzero(_differ(old.seller_key, new.seller_key, seller) & (seller >= 0))
    was_usable, n_before = _carry(old.is_usable, value), _carry(old.n_holders, value)
    is_changed = _differ(old.value_digest, new.value_digest, value) | (was_usable != new.is_usable)
    is_near, was_near = (n <= world.most_holders for n in (new.n_holders, n_before))
    turned = np.flatnonzero(is_changed & ((was_usable != new.is_usable) | (is_near != was_near)))
    sellers = np.union1d(np.flatnonzero(own_changed), holders_of(facts, turned))
    near_key_changed = values_of(facts, key_changed)
    values = np.union1d(np.flatnonzero(is_changed), near_key_changed[is_near[near_key_changed]])
    crowded = np.flatnonzero(is_changed & ~is_near & ~was_near)
    numbers = (_inverse(seller, len(old.seller_id)), _inverse(value, len(old.value_id)))
    memory = replace(_carried(old.memory, seller, value), crowds=_renumbered(old.memory.crowds, *numbers))
    return Difference(memory, Touched(sellers.astype(np.int64), values.astype(np.int64)), crowded)


def _find(old: Hashes, new: Hashes) -> Longs:
    """Return where each new hash stands in the old ones, -1 where it does not."""
    if np.array_equal(old, new):
        return np.arange(len(new), dtype=np.int64)
    if not len(old):
        return np.full(len(new), -1, dtype=np.int64)
    order = np.argsort(old)
    place = order[np.minimum(np.searchsorted(old, new, sorter=order), len(old) - 1)]
    return np.where(old[place] == new, place, -1)


def _differ(old: Hashes, new: Hashes, place: Longs) -> Bools:
    """Say of each new one whether it is new or its digest is another now."""
    if not len(old):
        return np.ones(len(new), dtype=np.bool_)
    differs: Bools = (place < 0) | (old[place] != new)
    return differs


def _country_differs(old: Trace, new: Trace, place: Longs) -> Bools:
    """Say where the countries of two snapshots, codes of which may be others, do not go one to one."""
    known = np.flatnonzero(place >= 0)
    width = int(new.country.max(initial=0)) + 2  # codes begin at -1
    pairs = (old.country[place[known]].astype(np.int64) + 1) * width + new.country[known] + 1
    distinct, of_pair, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    is_usual = np.zeros(len(distinct), dtype=np.bool_)
    was, now = set[int](), set[int]()
    for row in np.argsort(-counts, kind="stable").tolist():
        before, after = (code - 1 for code in divmod(int(distinct[row]), width))
        is_usual[row] = before not in was and after not in now and (before < 0) == (after < 0)
        was |= {before} if is_usual[row] else set()
        now |= {after} if is_usual[row] else set()
    differs = np.zeros(len(place), dtype=np.bool_)
    differs[known] = ~is_usual[of_pair.ravel()]
    return differs


def _carried(memory: Memory, seller: Longs, value: Longs) -> Memory:
    """Return a memory in other numbers; who is new is alone, and a value that is new stands at level 0."""
    rounds = tuple(_carry(levels, value) for levels in memory.rounds)
    trail = tuple(_relabelled(labels, seller) for labels in memory.trail)
    n_tied, waits = _carry(memory.n_tied, value), _carry(memory.waits, seller)
    return Memory(rounds, n_tied, trail, waits, _carry(memory.serves, value), memory.crowds)


def _inverse(place: Longs, n_old: int) -> Longs:
    """Return where each old one stands now, -1 where it is gone."""
    now = np.full(n_old, -1, dtype=np.int64)
    now[place[place >= 0]] = np.flatnonzero(place >= 0)
    return now


def _renumbered(crowds: Crowds, seller: Longs, value: Longs) -> Crowds:
    """Return crowds in the numbers of today; pairs of which one or what ties them is gone are left out."""
    now = Crowds(value[crowds.value], seller[crowds.a], seller[crowds.b], value[crowds.tying])
    is_there = (now.value >= 0) & (now.a >= 0) & (now.b >= 0) & (now.tying >= 0)
    return now.rows(is_there)


def _carry(column: npt.NDArray[Any], place: Longs) -> npt.NDArray[Any]:
    """Return a column in other numbers, 0 for what is new."""
    if not len(column):
        return np.zeros(len(place), dtype=column.dtype)
    return np.where(place >= 0, column[place], 0).astype(column.dtype)


def _relabelled(labels: Longs, seller: Longs) -> Longs:
    """Return old labels in new numbers, each cluster named by the least of its members that are there."""
    n = len(seller)
    if n == len(labels) and np.array_equal(seller, np.arange(n)):
        return labels
    now = np.arange(n, dtype=np.int64)
    known = np.flatnonzero(seller >= 0)
    was = labels[seller[known]] if len(labels) else known
    order = np.argsort(was, kind="stable")
    starts = first_of_group(was[order])
    now[known[order]] = np.repeat(known[order][starts], np.diff(np.append(starts, len(was))))
    return now
