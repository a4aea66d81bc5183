"""The rings of a run made ready for those who ask to be let in: who holds what, found by kind and text."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.algorithms.facts import Facts, prepare
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.judgements import newest
from ringwatch.algorithms.learn import Model
from ringwatch.algorithms.priors import FAMILIES, SPEAKS_WITH
from ringwatch.algorithms.questions import JudgedGraph
from ringwatch.algorithms.record_questions import was_of_records
from ringwatch.algorithms.segments import Hashes, hash_texts, mix
from ringwatch.algorithms.tiers import NOT_CORE
from ringwatch.model.errors import ConfigError
from ringwatch.model.judgements import Verdict
from ringwatch.model.kinds import WRITINGS_MARK, Registry
from ringwatch.model.snapshot import Bools, Ints, Longs, Snapshot

Bond = tuple[str, str]
"""A seller_id and a ring_id."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of a run besides its graph. ``countries``: the code of each country in the snapshot."""

    registry: Registry
    countries: Mapping[str, int]
    returned: Collection[str]  # ring_ids whose stores were all closed once
    closed: frozenset[str]  # seller_ids all of whose stores are closed
    why_not_closer: Mapping[str, str]  # by seller_id


@dataclass(frozen=True, slots=True)
class Index:
    """Values that members of rings hold, by hash of kind and text, ascending; ``value`` is the number of each."""

    key: Hashes
    value: Longs
    text: pa.Array


@dataclass(frozen=True, slots=True)
class Watch:
    """The rings of a run. Members of ring r are member[start[r]:start[r + 1]], ascending.

    In ``facts`` are also the values that a member of a ring holds alone, after all others.
    """

    facts: Facts
    levels: Ints
    model: Model
    ring_ids: tuple[str, ...]
    ring_of: Longs  # per seller, -1 for none
    start: Longs
    member: Longs
    index: Index
    leads: Bools  # per value: no hub, not exempt
    seller_hash: Hashes
    by_hash: Longs  # sellers in the order of their hashes
    is_weak: Bools  # per seller
    is_bound: Bools  # per seller: by a person's verdict
    parted: frozenset[Bond]
    bound: frozenset[Bond]
    dismissed: frozenset[str]
    known: RunFacts

    def numbers_of(self, seller_ids: pa.Array) -> Longs:
        """Return the number of each seller, -1 where there is none of that id. O(ids log sellers)."""
        if not len(self.by_hash):
            return np.full(len(seller_ids), -1, dtype=np.int64)
        key = hash_texts(seller_ids)
        place = np.searchsorted(self.seller_hash, key, sorter=self.by_hash)
        seller = self.by_hash[np.minimum(place, len(self.by_hash) - 1)]
        is_same = pc.equal(self.facts.snapshot.seller_ids.take(pa.array(seller)), seller_ids)
        return np.where(is_same.to_numpy(zero_copy_only=False), seller, -1)

    def voice_of(self, kind: str) -> int:
        """Return the code of the family that values of a kind speak with."""
        family = self.known.registry[kind].family
        return FAMILIES.index(SPEAKS_WITH.get(family, family))


def make_watch(graph: JudgedGraph, known: RunFacts) -> Watch:
    """Return the rings of a run to screen against. O(links), and a sort of the values that members hold.

    The snapshot's ``own_*`` name all that members hold alone. ConfigError where the run was of a list of records.
    """
    run = graph.run
    if was_of_records(run.fit):
        raise ConfigError(
            "screen: the current run is of a list of records, a market with rings was expected; nobody was screened;"
            " load sellers with what they share, and run detection"
        )
    ring_ids = tuple(sorted(set(run.ring_of.values())))
    ring_of = _ring_of(graph.facts.snapshot, run.ring_of, ring_ids)
    facts = prepare(_with_own(graph.facts.snapshot, ring_of))
    seller_hash = hash_texts(facts.snapshot.seller_ids)
    levels = np.zeros(facts.snapshot.n_values, dtype=np.int32)
    levels[: len(graph.levels)] = graph.levels
    member = np.argsort(ring_of, kind="stable")[np.count_nonzero(ring_of < 0) :]
    weak = [seller_id for seller_id, why in known.why_not_closer.items() if why == NOT_CORE]
    judged = newest(run.judgements)
    confirmed = [s for j in judged if j.verdict is Verdict.CONFIRMED for s in j.members if s in run.ring_of]
    bound = {(j.seller_id, j.ring_id) for j in judged if j.verdict is Verdict.SAME}
    held = [s for s, ring_id in bound if run.ring_of.get(s) == ring_id] + confirmed
    return Watch(
        facts=facts,
        levels=levels,
        model=graph.model,
        ring_ids=ring_ids,
        ring_of=ring_of,
        start=np.searchsorted(ring_of[member], np.arange(len(ring_ids) + 1)),
        member=member,
        index=_index(facts, ring_of),
        leads=~facts.snapshot.value_is_exempt & ~is_hub(levels),
        seller_hash=seller_hash,
        by_hash=np.argsort(seller_hash, kind="stable"),
        is_weak=_named(facts.snapshot, weak),
        is_bound=_named(facts.snapshot, held),
        parted=frozenset((j.seller_id, j.ring_id) for j in judged if j.verdict is Verdict.DIFFERENT),
        bound=frozenset(bound),
        dismissed=frozenset(j.ring_id for j in judged if j.verdict is Verdict.DISMISSED),
        known=known,
    )


def _ring_of(snapshot: Snapshot, rings: Mapping[str, str], ring_ids: tuple[str, ...]) -> Longs:
    ring_of = np.full(snapshot.n_sellers, -1, dtype=np.int64)
    place = _numbers_of(snapshot, list(rings))
    ring = pc.index_in(pa.array(list(rings.values()), pa.string()), pa.array(ring_ids, pa.string()))
    ring_of[place[place >= 0]] = np.asarray(ring, dtype=np.int64)[place >= 0]
    return ring_of


def _numbers_of(snapshot: Snapshot, seller_ids: Sequence[str]) -> Longs:
    found = pc.index_in(pa.array(seller_ids, pa.string()), value_set=snapshot.seller_ids)
    return np.asarray(pc.fill_null(found, -1), dtype=np.int64)


def _named(snapshot: Snapshot, seller_ids: Sequence[str]) -> Bools:
    is_named = np.zeros(snapshot.n_sellers, dtype=np.bool_)
    place = _numbers_of(snapshot, seller_ids)
    is_named[place[place >= 0]] = True
    return is_named


def _with_own(snapshot: Snapshot, ring_of: Longs) -> Snapshot:
    """Return the graph in which what a member of a ring holds alone is a value too, of one holder."""
    own = np.flatnonzero(ring_of[snapshot.own_seller] >= 0)
    taken = pa.array(own)

    def both(whole: Ints, part: Ints) -> Ints:
        return np.concatenate((whole, part[own])).astype(whole.dtype)

    return replace(
        snapshot,
        value_kind=both(snapshot.value_kind, snapshot.own_kind),
        value_text=pa.concat_arrays([snapshot.value_text, snapshot.own_text.take(taken)]),
        value_is_hashed=np.append(snapshot.value_is_hashed, np.zeros(len(own), dtype=np.bool_)),
        value_is_exempt=np.append(snapshot.value_is_exempt, snapshot.own_is_exempt[own]),
        value_start=np.append(snapshot.value_start, snapshot.n_links + 1 + np.arange(len(own))),
        link_seller=both(snapshot.link_seller, snapshot.own_seller),
        link_first_day=both(snapshot.link_first_day, snapshot.own_first_day),
        link_last_day=both(snapshot.link_last_day, snapshot.own_last_day),
        link_purpose=both(snapshot.link_purpose, snapshot.own_purpose),
    )


def _index(facts: Facts, ring_of: Longs) -> Index:
    """Return the values that members hold by what they are called; those of likeness by each writing that they show."""
    snapshot = facts.snapshot
    held = np.unique(facts.link_value[ring_of[snapshot.link_seller] >= 0])
    is_likeness = facts.value_is_likeness[held]
    alike = held[is_likeness]
    split = pc.split_pattern(snapshot.value_text.take(pa.array(alike)), WRITINGS_MARK)
    of_writing = np.asarray(pc.list_parent_indices(split), dtype=np.int64)
    value = np.concatenate((held[~is_likeness], alike[of_writing]))
    texts = pa.concat_arrays([snapshot.value_text.take(pa.array(held[~is_likeness])), pc.list_flatten(split)])
    key = keys_of([kind.name for kind in snapshot.kinds], snapshot.value_kind[value], texts)
    order = np.argsort(key, kind="stable")
    return Index(key[order], value[order], texts.take(pa.array(order)))


def keys_of(kinds: Sequence[str], kind: Ints, texts: pa.Array) -> Hashes:
    """Return a hash of each value by its kind, a place in ``kinds``, and its text."""
    names = mix(np.array([crc32(name.encode()) for name in kinds], dtype=np.uint64))
    return mix((names[kind] if len(kinds) else np.zeros(0, dtype=np.uint64)) + hash_texts(texts))
