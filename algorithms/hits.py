"""Values that a seller shares with the members of a ring."""

from dataclasses import dataclass, fields

import numpy as np

from ringwatch.algorithms.codes import N_FAMILIES, class_code
from ringwatch.algorithms.facts import KEY_HOLDERS, Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.priors import APART_DAYS, N_VARIANTS, REGISTERED, UNSAID, WORKED
from ringwatch.algorithms.segments import find_sorted, first_of_group, ranges
from ringwatch.algorithms.weights import Weights
from ringwatch.model.snapshot import NEVER, Bools, Floats, Ints, Longs

OUTSIDE_HOLDERS = 5  # of fewer holders one stranger is no sign
OUTSIDE_EDGES = np.array([0.6, 0.4, 0.25])  # share of holders in the ring below which a value loses a level, two, three


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sellers held against rings, one row each."""

    seller: Longs
    ring: Longs

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.seller)


@dataclass(frozen=True, slots=True)
class _Found:
    """Values that a candidate shares with members of the ring."""

    row: Longs
    link: Longs
    value: Longs
    use: Longs  # the row of Groups.uses
    voice: Ints
    code: Ints
    strength: Floats


@dataclass(frozen=True, slots=True)
class Hits(_Found):
    """The same, sorted by candidate, voice and falling strength."""

    is_best: Bools  # stands for its voice; a value that tells nothing stands for none
    second: Longs  # of a best hit: the strongest hit of its voice of another fact, -1 where there is none


def is_member_of(groups: Groups, candidates: Candidates) -> Longs:
    """Return 1 where a candidate is a member of the ring it is held against, 0 elsewhere."""
    member: Longs = (groups.ring_of[candidates.seller] == candidates.ring).astype(np.int64)
    return member


def find_hits(facts: Facts, groups: Groups, levels: Ints, weights: Weights, candidates: Candidates) -> Hits:
    """Return what each candidate shares with members other than itself, exempt values left out."""
    n_links = np.diff(facts.seller_start)[candidates.seller]
    row = np.repeat(np.arange(len(candidates), dtype=np.int64), n_links)
    link = facts.seller_link[ranges(facts.seller_start[candidates.seller], n_links)]
    use = find_sorted(groups.uses.key, facts.link_value[link] * max(groups.n, 1) + candidates.ring[row])
    is_used = use >= 0
    row, link, use = row[is_used], link[is_used], use[is_used]
    is_member = is_member_of(groups, candidates)[row]
    is_hit = groups.uses.n_members[use] > is_member
    row, link, use, is_member = row[is_hit], link[is_hit], use[is_hit], is_member[is_hit]
    value = facts.link_value[link]
    kind_variant = facts.snapshot.value_kind[value] * N_VARIANTS + _variant(facts, groups, link, use, is_member)
    is_apart = _is_apart(facts, groups, link, use, is_member)
    level = np.maximum(levels[value], _outside_level(facts, groups, value, use, is_member))
    code = class_code(kind_variant, facts.holder_bin[value], is_apart, level)
    return _ordered(facts, _Found(row, link, value, use, facts.value_voice[value], code, weights.ratio[code]))


def _outside_level(facts: Facts, groups: Groups, value: Longs, use: Longs, is_member: Longs) -> Ints:
    """Return how far each value is judged down for holders outside the ring: an operator would have them all."""
    n_holders = facts.n_holders[value]
    inside = (groups.uses.n_members[use] + 1 - is_member) / n_holders  # the candidate counts as one of them
    return np.where(n_holders >= OUTSIDE_HOLDERS, np.searchsorted(-OUTSIDE_EDGES, -inside), 0).astype(np.int32)


def _ordered(facts: Facts, hits: _Found) -> Hits:
    """Return the hits in order, with those that stand for their voice."""
    fact = facts.fact_key[hits.value]
    group = hits.row * N_FAMILIES + hits.voice
    tie = np.where(facts.n_holders[hits.value] > KEY_HOLDERS, np.uint64(0), fact)  # who else uses a hub changes nothing
    order = np.lexsort((tie, facts.value_key[hits.value], hits.code, -hits.strength, group))
    starts = first_of_group(group[order])
    is_best = np.zeros(len(order), dtype=np.bool_)
    is_best[starts] = hits.strength[order][starts] > 0
    second = np.full(len(order), -1, dtype=np.int64)
    first_of = np.repeat(starts, np.diff(np.append(starts, len(order))))
    is_likeness = facts.value_is_likeness[hits.value][order]  # whatever is wrong with a writing is so with its like
    other = np.flatnonzero((fact[order] != fact[order][first_of]) & ~is_likeness & ~is_likeness[first_of])
    best_of_other, first_other = np.unique(first_of[other], return_index=True)
    second[best_of_other] = np.where(hits.strength[order][other[first_other]] > 0, other[first_other], -1)
    columns = {field.name: getattr(hits, field.name)[order] for field in fields(hits)}
    return Hits(**columns, is_best=is_best, second=second)


def _variant(facts: Facts, groups: Groups, link: Longs, use: Longs, is_member: Longs) -> Ints:
    own = facts.link_variant[link]
    n_fellows = groups.uses.n_members[use] - is_member
    n_worked = groups.uses.n_worked[use] - is_member * (own == WORKED)
    n_registered = groups.uses.n_registered[use] - is_member * (own == REGISTERED)
    both = np.where((own == REGISTERED) & (n_registered == n_fellows), REGISTERED, UNSAID)
    return np.where((own == WORKED) | (n_worked > 0), WORKED, both).astype(np.int32)


def _is_apart(facts: Facts, groups: Groups, link: Longs, use: Longs, is_member: Longs) -> Ints:
    """Say where the fellows' use, taken together, lies more than APART_DAYS days from the candidate's own."""
    first, last = facts.snapshot.link_first_day[link], facts.snapshot.link_last_day[link]
    least, latest = groups.uses.first_day[use], groups.uses.last_day[use]
    fellows_first = np.where((is_member > 0) & (first == least[:, 0]), least[:, 1], least[:, 0])
    fellows_last = np.where((is_member > 0) & (last == latest[:, 0]), latest[:, 1], latest[:, 0])
    after = (first != NEVER) & (first - fellows_last > APART_DAYS)
    before = (last != NEVER) & (fellows_first - last > APART_DAYS)
    is_content = facts.value_family[facts.link_value[link]] == CONTENT
    is_apart: Ints = ((after | before) & ~is_content).astype(np.int32)
    return is_apart
