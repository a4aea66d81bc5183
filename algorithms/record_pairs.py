"""Pairs of records that may be one party, and what each pair shows, family by family, as one code a voice."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.alike import Places, likeness
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.names import NamePairs, Names, compare_names, list_name_pairs
from ringwatch.algorithms.record_priors import BIN_EDGES, N_BINS
from ringwatch.algorithms.segments import find_sorted, first_of_group, ranges
from ringwatch.model.kinds import Family, Kind
from ringwatch.model.snapshot import Bools, Ints, Longs

NAME, PLACE = 0, 1
"""Voices that every list has; those of its other kinds follow."""
SPEAKS_WITH = {Family.WEB: Family.NAME, Family.LOGISTICS: Family.PLACE}
"""An agency's name, its name in a column of its own and its web page are one fact, told three times."""

OWN_VOICE = frozenset({Family.IDENTITY, Family.TRADE, Family.OTHER})
"""Families whose kinds are facts of their own: a day of birth says nothing of a passport."""

VALUE_HOLDERS_MOST = 100  # holders of a value whose pairs are listed: a limit of cost
NAME_PAIRS_MOST = 250_000  # record pairs of one pair of names that are listed: a limit of cost
LISTED_SHARE = 0.5  # of the shorter name's words that two names share at least, to be listed by their names

MISSING, NONE = 0, 1
SHARE_EDGES = (0.5, 0.75, 0.95)  # of the shorter name: some words, most, all but a slip
EQUAL_SHARE = 0.9  # of the longer name's too: the same name, written alike
RARITY_EDGES = (3.0, 6.0, 9.0, 12.0)  # nats: a word of every twentieth name, one of four hundred; two, three such
N_RARITIES = len(RARITY_EDGES) + 1
N_NAME_LEVELS = (len(SHARE_EDGES) + 1) * N_RARITIES
CLASSES = 2 + N_NAME_LEVELS
"""Codes of a voice: missing, nothing shared, name levels (share, then rarity), then kind * N_BINS + holder bin, and
last, by holder bin, addresses that are alike."""


@dataclass(frozen=True, slots=True)
class RecordPairs:
    """Pairs of sellers ``a`` < ``b`` and the code that each shows in each voice.

    ``value``: the shared value that stands for the voice, -1 where none does.
    """

    a: Longs
    b: Longs
    codes: Ints  # (n, n_voices)
    value: Longs  # (n, n_voices)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.a)


@dataclass(frozen=True, slots=True)
class Records:
    """Sellers as records to be compared."""

    facts: Facts
    names: Names
    voices: tuple[str, ...]
    families: tuple[Family, ...]  # per voice
    voice: Ints  # per kind
    has_kind: Bools  # (n_sellers, n_kinds)
    places: Places

    @property
    def alike_code(self) -> int:
        """Return the first code of addresses that are alike."""
        return CLASSES + len(self.voice) * N_BINS

    @property
    def n_codes(self) -> int:
        """Return the number of codes of a voice."""
        return self.alike_code + N_BINS


def read_records(facts: Facts, names: Names, places: Places) -> Records:
    """Return the sellers of a snapshot as records."""
    snapshot = facts.snapshot
    has_kind = snapshot.n_own > 0
    has_kind[snapshot.link_seller, snapshot.value_kind[facts.link_value]] = True
    spoken = [_voice(kind) for kind in snapshot.kinds]
    family_of = {Family.NAME.value: Family.NAME, Family.PLACE.value: Family.PLACE} | dict(sorted(spoken))
    voices = tuple(family_of)
    voice = np.array([voices.index(name) for name, _ in spoken], dtype=np.int32)
    return Records(facts, names, voices, tuple(family_of.values()), voice, has_kind, places)


def _voice(kind: Kind) -> tuple[str, Family]:
    family = SPEAKS_WITH.get(kind.family, kind.family)
    return (kind.name if family in OWN_VOICE else family.value), family


def list_record_pairs(records: Records) -> RecordPairs:
    """Return the pairs that share a listed value or agree in their names."""
    facts, n = records.facts, records.facts.snapshot.n_sellers
    listed = np.flatnonzero(facts.is_usable & (facts.n_holders <= VALUE_HOLDERS_MOST))
    by_value, _ = pairs_under(facts.snapshot.value_start, facts.snapshot.link_seller, listed, n)
    groups = np.flatnonzero(records.places.n_holders <= VALUE_HOLDERS_MOST)
    by_likeness, _ = pairs_under(records.places.start, records.places.seller, groups, n)
    keys = np.unique(np.concatenate((by_value, by_likeness, _pairs_by_name(records.names, n))))
    return show_pairs(records, *np.divmod(keys, max(n, 1)))


def pairs_under(start: Longs, member: Ints, groups: Longs, n: int) -> tuple[Longs, Longs]:
    """Return a * n + b of all pairs of ascending members of each group, and the group of each."""
    sizes = np.diff(start)[groups]
    first = ranges(start[groups], sizes)  # each member meets those after it in its group
    n_after = np.repeat(start[groups] + sizes, sizes) - first - 1
    other = ranges(first + 1, n_after)
    key: Longs = np.repeat(member[first].astype(np.int64) * n, n_after) + member[other]
    return key, np.repeat(np.repeat(groups, sizes), n_after)


def is_listed(names: Names) -> Bools:
    """Say of each name whether so few bear it that those who do are listed as pairs."""
    few: Bools = names.n_holders**2 <= 2 * NAME_PAIRS_MOST
    return few


def _pairs_by_name(names: Names, n: int) -> Longs:
    order = np.argsort(names.of_seller, kind="stable")[np.count_nonzero(names.of_seller < 0) :]
    start = np.concatenate(([0], np.cumsum(names.n_holders))).astype(np.int64)
    alike = np.flatnonzero((names.n_holders > 1) & is_listed(names) & (names.total > 0))
    equal, _ = pairs_under(start, order.astype(np.int32), alike, n)
    agreeing = list_name_pairs(names, LISTED_SHARE)
    n_one, n_other = names.n_holders[agreeing.a], names.n_holders[agreeing.b]
    kept = n_one * n_other <= NAME_PAIRS_MOST
    n_one, n_other = n_one[kept], n_other[kept]
    one = np.repeat(ranges(start[agreeing.a[kept]], n_one), np.repeat(n_other, n_one))
    other = ranges(np.repeat(start[agreeing.b[kept]], n_one), np.repeat(n_other, n_one))
    a, b = order[one], order[other]
    return np.concatenate((equal, np.minimum(a, b) * n + np.maximum(a, b)))


def show_pairs(records: Records, a: Longs, b: Longs) -> RecordPairs:
    """Return what pairs of sellers show, sorted by (a, b). O(pairs + values of the pairs)."""
    codes = np.zeros((len(a), len(records.voices)), dtype=np.int32)
    for voice in range(len(records.voices)):
        for kind in np.flatnonzero(records.voice == voice):
            codes[records.has_kind[a, kind] & records.has_kind[b, kind], voice] = NONE
    codes[:, NAME] = _name_codes(records.names, a, b, codes[:, NAME])
    value = np.full(codes.shape, -1, dtype=np.int64)
    _put_values(records, (a, b), codes, value)
    _put_alike(records, (a, b), codes)
    return RecordPairs(a, b, codes, value)


def _name_codes(names: Names, a: Longs, b: Longs, codes: Ints) -> Ints:
    """Names that share little say no more than that names were compared."""
    one, other = names.of_seller[a], names.of_seller[b]
    is_named = (one >= 0) & (other >= 0)
    pairs, of_pair = np.unique(one[is_named] * len(names.total) + other[is_named], return_inverse=True)
    compared = compare_names(names, *np.divmod(pairs, max(len(names.total), 1)))
    coded = codes.copy()
    coded[is_named] = name_levels(compared)[of_pair]
    return coded


def name_levels(pairs: NamePairs) -> Ints:
    """Return the code of each pair of names."""
    share = np.searchsorted(SHARE_EDGES, pairs.share, side="right") + (
        (pairs.share >= SHARE_EDGES[-1]) & (pairs.share_of_longer >= EQUAL_SHARE)
    )
    rarity = np.searchsorted(RARITY_EDGES, pairs.shared, side="right")
    levels: Ints = np.where(share > 0, 2 + (share - 1) * N_RARITIES + rarity, NONE).astype(np.int32)
    return levels


def _put_values(records: Records, pair: tuple[Longs, Longs], codes: Ints, value: Longs) -> None:
    """Let the rarest shared value of each voice stand for it, where the names do not say more."""
    facts = records.facts
    row, shared = shared_values(facts, *pair)
    voice = records.voice[facts.snapshot.value_kind[shared]]
    key = row * len(records.voices) + voice
    order = np.lexsort((facts.snapshot.value_kind[shared], facts.n_holders[shared], key))
    best = order[first_of_group(key[order])]
    row, voice, shared = row[best], voice[best], shared[best]
    is_said = (voice == NAME) & (codes[row, NAME] > NONE)
    row, voice, shared = row[~is_said], voice[~is_said], shared[~is_said]
    value[row, voice] = shared
    codes[row, voice] = value_codes(records)[shared]


def _put_alike(records: Records, pair: tuple[Longs, Longs], codes: Ints) -> None:
    """Let addresses that are alike speak where none is shared."""
    places, n = records.places, max(records.facts.snapshot.n_sellers, 1)
    listed = np.flatnonzero(places.n_holders <= VALUE_HOLDERS_MOST)
    key, group = pairs_under(places.start, places.seller, listed, n)
    order = np.lexsort((places.n_holders[group], key))
    best = order[first_of_group(key[order])]
    place = find_sorted(key[best], np.minimum(*pair) * n + np.maximum(*pair))
    row = np.flatnonzero((place >= 0) & (codes[:, PLACE] <= NONE))
    n_holders = places.n_holders[group[best][place[row]]]
    codes[row, PLACE] = records.alike_code + np.searchsorted(BIN_EDGES, n_holders, side="right")
    row = np.flatnonzero(codes[:, PLACE] == NONE)
    like = likeness(places, pair[0][row], pair[1][row])
    codes[row, PLACE] = NONE + like


def value_codes(records: Records) -> Ints:
    """Return the code of sharing each value."""
    facts = records.facts
    holder_bin = np.searchsorted(BIN_EDGES, facts.n_holders, side="right")
    codes: Ints = (CLASSES + facts.snapshot.value_kind * N_BINS + holder_bin).astype(np.int32)
    return codes


def shared_values(facts: Facts, a: Longs, b: Longs) -> tuple[Longs, Longs]:
    """Return (row of the pair, value) of all values that pairs share, exempt ones left out."""
    n_values = max(facts.snapshot.n_values, 1)
    n_links = np.diff(facts.seller_start)
    held = (
        facts.link_value[facts.seller_link] + facts.snapshot.link_seller[facts.seller_link].astype(np.int64) * n_values
    )
    rows, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for at in range(0, len(a), 200_000):  # pairs at a time, so that memory stays small
        one, other = a[at : at + 200_000], b[at : at + 200_000]
        is_less = n_links[one] <= n_links[other]
        asked, offered = np.where(is_less, one, other), np.where(is_less, other, one)
        row = np.repeat(np.arange(len(one)), n_links[asked])
        value = facts.link_value[facts.seller_link[ranges(facts.seller_start[asked], n_links[asked])]]
        key = offered[row] * n_values + value
        place = np.minimum(np.searchsorted(held, key), max(len(held) - 1, 0))
        hit = (held[place] == key) & facts.is_usable[value] if len(held) else np.zeros(0, np.bool_)
        rows.append(row[hit] + at)
        values.append(value[hit])
    return np.concatenate(rows), np.concatenate(values)


def is_compared(records: Records) -> tuple[Bools, ...]:
    """Return for each voice (n_sellers, n_things): which comparable things each seller has."""
    named = (records.names.of_seller >= 0)[:, None]
    things = [records.has_kind[:, records.voice == voice] for voice in range(len(records.voices))]
    things[NAME] = np.hstack((things[NAME], named))
    return tuple(things)


def count_compared(has: Bools) -> float:
    """Return how many pairs of sellers have some thing in common to compare. O(sellers + patterns²)."""
    if not has.shape[1]:
        return 0.0
    patterns, counts = np.unique(has, axis=0, return_counts=True)
    meets = (patterns.astype(np.int64) @ patterns.T.astype(np.int64)) > 0
    both = float(counts @ (meets @ counts))
    return (both - float(counts[patterns.any(axis=1)].sum())) / 2
