"""Which families of evidence tie a member, and whether they lead to the part of its ring that infringes."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ringwatch.algorithms.codes import CLASSES, N_FAMILIES, N_LEVELS, variant_of
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import CONTENT
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.hubs import is_hub
from ringwatch.algorithms.membership import Standing
from ringwatch.algorithms.priors import FAMILIES, REGISTERED
from ringwatch.algorithms.segments import find_sorted
from ringwatch.model.kinds import COUNTING_FAMILIES, Family
from ringwatch.model.snapshot import Bools, Ints, Longs

PLACE = FAMILIES.index(Family.PLACE)  # a warehouse's waybills speak with it
LEAST_STRENGTH = 1.0  # log ratio from which a shared value counts as a family's evidence
FELLOWS_LEAST = 2  # fellows that a member is tied to, for its ring's notices to be held against it
REACH_ROUNDS = 20  # a chain longer than this is no part of one ring's core


@dataclass(frozen=True, slots=True)
class Ties:
    """Hits that count towards the two families.

    Of a counting family, strong, at the same time, no service, no hub, and no mere likeness of writings.
    """

    row: Longs
    value: Longs
    voice: Ints
    is_supplied: Bools  # may come from whoever supplies the goods: photos, texts, the place that ships them

    def where(self, mask: Bools) -> "Ties":
        """Return the ties of the mask."""
        return Ties(self.row[mask], self.value[mask], self.voice[mask], self.is_supplied[mask])


def counting_ties(facts: Facts, levels: Ints, standing: Standing, is_service: Bools) -> Ties:
    """Return the hits that count."""
    hits = standing.hits
    counts = np.array([family in COUNTING_FAMILIES for family in FAMILIES])
    is_apart = ((hits.code - CLASSES) // N_LEVELS) % 2 == 1
    kept = counts[facts.value_family[hits.value]] & (hits.strength >= LEAST_STRENGTH)
    kept &= ~is_service & ~is_apart & ~is_hub(levels)[hits.value] & ~facts.value_is_likeness[hits.value]
    is_supplied = (hits.voice == CONTENT) | ((hits.voice == PLACE) & (variant_of(hits.code) != REGISTERED))
    return Ties(hits.row[kept], hits.value[kept], hits.voice[kept], is_supplied[kept])


def independent(facts: Facts, levels: Ints, ties: Ties) -> Ties:
    """Return the ties that speak for a closure, those that say one thing twice under one voice.

    A value that its holders speak against at all is no witness by itself: where goods come from one supplier its photos
    and its warehouse are left out, and an agency's phone and machine, held by the same clients, are one fact.
    """
    is_doubted = levels[ties.value] > 0
    ties = ties.where(~(ties.is_supplied & is_doubted))
    doubted = np.flatnonzero(levels[ties.value] > 0)
    order = doubted[np.lexsort((ties.voice[doubted], facts.fact_key[ties.value[doubted]], ties.row[doubted]))]
    row, fact = ties.row[order], facts.fact_key[ties.value[order]]
    start = np.flatnonzero(np.append(True, (row[1:] != row[:-1]) | (fact[1:] != fact[:-1]))[: len(order)])
    voice = ties.voice.copy()
    voice[order] = np.repeat(ties.voice[order[start]], np.diff(np.append(start, len(order))))
    return Ties(ties.row, ties.value, voice, ties.is_supplied)


def count_families(ties: Ties, n_rows: int) -> Longs:
    """Return how many families that speak apart tie each candidate; what one supplier may account for alone is none."""
    has = np.zeros((n_rows, N_FAMILIES), dtype=np.bool_)
    has[ties.row, ties.voice] = True
    is_more = np.bincount(ties.row[~ties.is_supplied], minlength=n_rows) > 0
    return np.where(is_more, has.sum(axis=1), 0)


def count_upheld_near(next_to: sparse.csr_array, is_upheld: Bools) -> tuple[Longs, Longs]:
    """Return for each member how many with an upheld notice are near it, and how many are.

    Near are all that are tied to it and those that are tied to these: the few next to it alone tell too little.
    O(sum over members of those tied to their fellows).
    """
    near = (next_to @ next_to).sign()
    n_upheld, n_near = near @ is_upheld.astype(np.int32), near @ np.ones(len(is_upheld), dtype=np.int32)
    return n_upheld.astype(np.int64), n_near.astype(np.int64)


def find_next_to(groups: Groups, standing: Standing, ties: Ties) -> sparse.csr_array:
    """Return 1 where a member (row) is tied to another (column), and where it is itself."""
    ring = standing.candidates.ring
    use = find_sorted(groups.uses.key, ties.value * max(groups.n, 1) + ring[ties.row])
    ones, shape = np.ones(len(use), dtype=np.int32), (len(ring), len(groups.uses.key))
    uses = sparse.csr_array((ones, (ties.row, use)), shape=shape)
    return (uses @ uses.T + sparse.eye_array(len(ring), dtype=np.int32)).sign().tocsr()


def reach_infringing(
    groups: Groups, standing: Standing, ties: Ties, next_to: sparse.csr_array, is_upheld: Bools
) -> Bools:
    """Say of each member (one row each) whether two families tie it to the infringing part of its ring.

    That part is who has an upheld notice and, step by step, whoever two families tie to it. Who is tied to one fellow
    alone is not reached: what two share of phones and machines, a relative shares too.
    """
    ring = standing.candidates.ring
    key = ties.value * max(groups.n, 1) + ring[ties.row]
    uses = find_sorted(groups.uses.key, key)
    n_fellows = np.diff(next_to.indptr) - 1
    reached = np.zeros(len(ring), dtype=np.bool_)
    for _ in range(REACH_ROUNDS):
        infringes = is_upheld | reached
        n_infringing = np.bincount(uses, infringes[ties.row], len(groups.uses.key))
        leads = n_infringing[uses] > infringes[ties.row]
        now = count_families(ties.where(leads), len(ring)) >= 2
        now &= n_fellows >= FELLOWS_LEAST
        if np.array_equal(now, reached):
            break
        reached = now
    return reached
