"""What a membership leans on: would it stand without some one value, and is a value a service used by strangers?"""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.codes import MISSING, NONE
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hubs import is_hub, overlap_of_holders
from ringwatch.algorithms.membership import Standing, explain_membership
from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.algorithms.weights import Weights
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

FRAGILE_BELOW = -1.0  # a membership whose log-odds fall below this without some one value leans on it
CROWD = 6  # holders from which two values with the same holders are one fact, and from which a value can be a service
SERVICE_OVERLAP = 0.7  # overlap of holders from which one value does not vouch for another
SERVICE_TIED = 0.75  # a value is a service where fewer of its holders are tied in by a value of other holders


@dataclass(frozen=True, slots=True)
class Removal:
    """One candidate without one fact that it leans on; ``hit`` is one of its hits."""

    row: Longs
    hit: Longs
    log_odds: Floats


def remove_each(facts: Facts, weights: Weights, standing: Standing) -> Removal:
    """Return what is left of each candidate's log-odds without each fact that stands for one of its families.

    Values of at least six holders that are all the same are one fact and go together.
    """
    hits = standing.hits
    best = np.flatnonzero(hits.is_best)
    fact = np.where(facts.n_holders[hits.value] >= CROWD, facts.fact_key[hits.value], hits.value.astype(np.uint64))
    best = best[np.lexsort((fact[best], hits.row[best]))]
    is_new = (np.diff(hits.row[best], prepend=-1) != 0) | (np.diff(fact[best], prepend=np.uint64(0)) != 0)
    is_new[:1] = True
    removal = np.cumsum(is_new) - 1
    row = hits.row[best[is_new]]
    codes = standing.case.codes[row]
    second = hits.second[best]
    left = np.where(second >= 0, hits.code[second], NONE + hits.voice[best])
    codes[removal, hits.voice[best]] = left
    odds = explain_membership(weights, standing.case.rows(row, codes)).log_odds
    return Removal(row, best[is_new], odds)


def least_without(standing: Standing, removal: Removal) -> tuple[Floats, Longs]:
    """Return for each candidate the least log-odds without some one fact, and the hit that it leans on (-1: none)."""
    least, leant_on = standing.log_odds.copy(), np.full(len(standing.candidates), MISSING - 1, dtype=np.int64)
    order = np.lexsort((removal.log_odds, removal.row))
    first = order[first_of_group(removal.row[order])]
    least[removal.row[first]], leant_on[removal.row[first]] = removal.log_odds[first], removal.hit[first]
    return least, leant_on


def find_services(facts: Facts, groups: Groups, levels: Ints, standing: Standing) -> Bools:
    """Say of each hit of a ring's members whether its value is a service: six or more holders, too few of them tied.

    A holder is tied where it is a member and shares a value of other holders with its ring; content is no service.
    """
    hits = standing.hits
    may_serve = (facts.n_holders[hits.value] >= CROWD) & (facts.value_family[hits.value] != CONTENT)
    asked = np.flatnonzero(may_serve)
    start = first_of_group(hits.row)
    size = np.diff(np.append(start, len(hits.row)))
    place = np.cumsum(np.bincount(start, minlength=len(hits.row)))[asked] - 1 if len(asked) else asked
    witness = ranges(start[place], size[place])
    asked_of = np.repeat(asked, size[place])
    speaks = (hits.value[witness] != hits.value[asked_of]) & ~is_hub(levels)[hits.value[witness]]
    is_likeness = facts.value_is_likeness[hits.value]  # nor do writings and what stands for them vouch for each other
    speaks &= ~is_likeness[witness] & ~(is_likeness[asked_of] & (hits.voice[witness] == hits.voice[asked_of]))
    witness, asked_of = witness[speaks], asked_of[speaks]
    is_other = overlap_of_holders(facts, hits.value[asked_of], hits.value[witness]) < SERVICE_OVERLAP
    is_tied = np.zeros(len(hits.row), dtype=np.bool_)
    is_tied[asked_of[is_other]] = True
    key = hits.value * max(groups.n, 1) + standing.candidates.ring[hits.row]
    _, where = np.unique(key, return_inverse=True)
    n_tied = np.bincount(where, is_tied)[where] if len(key) else np.zeros(0)
    is_service: Bools = may_serve & (n_tied < SERVICE_TIED * facts.n_holders[hits.value])
    return is_service
