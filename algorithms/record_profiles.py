"""Groups of records whose profiles are one: a telling word in all their names, and most of what they share with others.

No pair shows it: of two hundred patents of "Gloeilampenfab Philips" hardly one names an inventor of a given patent of
"Koninklijke Philips Electronics", but two inventors of three are the same people. Only kinds of which a group has many
values can tell so much; who has one address and one phone has no profile.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, triu
from scipy.sparse.csgraph import connected_components

from ringwatch.algorithms.alike import Places
from ringwatch.algorithms.names import Vocabulary
from ringwatch.algorithms.record_pairs import PLACE, Records
from ringwatch.model.kinds import Family
from ringwatch.model.snapshot import Bools, Floats, Longs

SHARED_LEAST = 3  # values of one kind that two groups share: fewer say nothing of a profile
SHARED_SHARE = 0.5  # ... of those of the group that has fewer
CORE_SHARE = 0.5  # of the members that are named: a word that so many hold is the group's
TELLING_LEAST = 2.0  # nats of the words of both: of fewer than every seventh group
TELLING_SHARE = 0.3  # ... of the weight of the shorter name
HOLDERS_MOST = 25  # of a value that tells of a profile: what many hold is a topic or a town


@dataclass(frozen=True, slots=True)
class Joined:
    """Groups of records before and after those of one profile were joined: equal labels are one group."""

    part: Longs  # per record: its group before
    whole: Longs  # per record: its group after
    kind: Longs  # per record: the kind that joined its group to another, -1 where none did


def join_profiles(records: Records, labels: Longs, parties: Vocabulary) -> Joined:
    """Return the groups in which those of one profile are one. O(sum over values of groups²)."""
    roots, group = np.unique(labels, return_inverse=True)
    n = len(roots)
    a, b, by = _alike_in_values(records, group, n)
    weight = np.array([parties.weight(word) for word in records.names.texts])
    kept = _have_word(_core(records, group), weight, (a, b)) & ~_contradict(records, group, (a, b))
    a, b, by = a[kept], b[kept], by[kept]
    _, part = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)
    first, kind = np.full(n, len(labels), dtype=np.int64), np.full(n, len(records.voice), dtype=np.int64)
    np.minimum.at(first, part, roots)
    np.minimum.at(kind, part[a], by)
    kind[kind == len(records.voice)] = -1
    return Joined(labels, first[part][group], kind[part][group])


def _held(group: Longs, value: Longs, shape: tuple[int, int]) -> csr_array:
    keys = np.unique(group * shape[1] + value)
    row, column = np.divmod(keys, max(shape[1], 1))
    return csr_array((np.ones(len(keys)), (row, column)), shape=shape)


def _alike_in_values(records: Records, group: Longs, n: int) -> tuple[Longs, Longs, Longs]:
    """Return pairs of groups that share most values of some kind, each once, and the first such kind."""
    facts = records.facts
    kind, values = facts.snapshot.value_kind, facts.link_value
    listed = facts.is_usable & (facts.n_holders <= HOLDERS_MOST)
    pairs, kinds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for one in range(len(records.voice)):
        mine = (listed & (kind == one))[values]
        held = _held(group[facts.snapshot.link_seller[mine]], values[mine], (n, facts.snapshot.n_values))
        n_held = np.asarray(held.sum(axis=1)).ravel()
        both = triu(held @ held.T, 1, format="coo")
        fewest = np.minimum(n_held[both.row], n_held[both.col])
        is_one = (both.data >= SHARED_LEAST) & (both.data >= SHARED_SHARE * fewest)
        pairs.append(both.row[is_one].astype(np.int64) * n + both.col[is_one])
        kinds.append(np.full(is_one.sum(), one, dtype=np.int64))
    keys, first = np.unique(np.concatenate(pairs), return_index=True)
    a, b = np.divmod(keys, max(n, 1))
    return a, b, np.concatenate(kinds)[first]


def count_parties(records: Records, labels: Longs) -> Vocabulary:
    """Return in how many groups each word is a core word, of how many groups that are named."""
    group = np.unique(labels, return_inverse=True)[1]
    core = _core(records, group)
    n_holding = np.asarray(core.sum(axis=0)).ravel().astype(np.int64)
    n_named = len(np.unique(group[records.names.of_seller >= 0]))
    held = np.flatnonzero(n_holding).tolist()
    return Vocabulary(n_named, {records.names.texts[word]: int(n_holding[word]) for word in held})


def _core(records: Records, group: Longs) -> csr_array:
    """Return (n_groups, n_words): 1 where most of a group's names hold a word."""
    names, n = records.names, int(group.max(initial=-1)) + 1
    named = np.flatnonzero(names.of_seller >= 0)
    shape = (n, len(names.total))
    of_name = csr_array((np.ones(len(named)), (group[named], names.of_seller[named])), shape=shape)
    holding = (of_name @ names.words).tocoo()
    n_named = np.bincount(group[named], minlength=n)
    is_core = holding.data >= CORE_SHARE * n_named[holding.row]
    places = (holding.row[is_core], holding.col[is_core])
    return csr_array((np.ones(len(places[0])), places), shape=holding.shape)


def _have_word(core: csr_array, weight: Floats, pair: tuple[Longs, Longs]) -> Bools:
    """Say which pairs of groups hold telling words in most of their names, the same in both."""
    weighted = core.multiply(weight[None, :]).tocsr()
    total = np.asarray(weighted.sum(axis=1)).ravel()
    shared: Floats = np.asarray(weighted[pair[0]].multiply(core[pair[1]]).sum(axis=1)).ravel()
    shorter = np.minimum(total[pair[0]], total[pair[1]])
    told: Bools = (shared >= TELLING_LEAST) & (shared >= TELLING_SHARE * shorter)
    return told


def _contradict(records: Records, group: Longs, pair: tuple[Longs, Longs]) -> Bools:
    """Say which pairs of groups both have a place, or a document of one sort, and none in common."""
    facts, n = records.facts, int(group.max(initial=-1)) + 1
    against = np.zeros(len(pair[0]), dtype=np.bool_)
    for voice, family in enumerate(records.families):
        if family not in (Family.PLACE, Family.IDENTITY):
            continue
        has = np.bincount(group, records.has_kind[:, records.voice == voice].any(axis=1), n) > 0
        mine = (records.voice[facts.snapshot.value_kind] == voice)[facts.link_value]
        seller, value = facts.snapshot.link_seller[mine].astype(np.int64), facts.link_value[mine]
        if voice == PLACE:
            seller, value = _with_alike(records.places, seller, value, facts.snapshot.n_values)
        width = int(value.max(initial=0)) + 1
        held = _held(group[seller], value, (n, width))
        common = np.asarray(held[pair[0]].multiply(held[pair[1]]).sum(axis=1)).ravel()
        against |= has[pair[0]] & has[pair[1]] & (common == 0)
    return against


def _with_alike(places: Places, seller: Longs, value: Longs, n_values: int) -> tuple[Longs, Longs]:
    group = np.repeat(np.arange(len(places.start) - 1), np.diff(places.start)) + n_values
    return np.concatenate((seller, places.seller.astype(np.int64))), np.concatenate((value, group))
