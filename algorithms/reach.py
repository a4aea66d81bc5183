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


def counting_ties(facts: Facts, levels: Ints, standing: Standing, is_service: Bools) -> Ties:
    """Return the hits that count."""
    hits = standing.hits
    counts = np.array([family in COUNTING_FAMILIES for family in FAMILIES])
    is_apart = ((hits.code - CLASSES) // N_LEVELS) % 2 == 1
    kept = counts[facts.value_family[hits.value]] & (hits.strength >= LEAST_STRENGTH)
    kept &= ~is_service & ~is_apart & ~is_hub(levels)[hits.value] & ~facts.value_is_likeness[hits.value]
    is_supplied = (hits.voice == CONTENT) | ((hits.voice == PLACE) & (variant_of(hits.code) != REGISTERED))
    return Ties(hits.row[kept], hits.value[kept], hits.voice[kept], is_supplied[kept])


def count_families(ties: Ties, n_rows: int) -> Longs:
    """Return how many families that speak apart tie each candidate; what one supplier may account for alone is none."""
    has = np.zeros((n_rows, N_FAMILIES), dtype=np.bool_)
    has[ties.row, ties.voice] = True
    is_more = np.bincount(ties.row[~ties.is_supplied], minlength=n_rows) > 0
    return np.where(is_more, has.sum(axis=1), 0)


def count_upheld_near(groups: Groups, standing: Standing, ties: Ties, is_upheld: Bools) -> tuple[Longs, Longs]:
    """Return for each member how many with an upheld notice are near it, and how many are: itself and all tied to it.

    O(sum of squared holders), as for listing pairs.
    """
    ring = standing.candidates.ring
    shape = (len(ring), len(groups.uses.key))
    use = find_sorted(groups.uses.key, ties.value * max(groups.n, 1) + ring[ties.row])
    uses = sparse.csr_array((np.ones(len(use), dtype=np.int32), (ties.row, use)), shape=shape)
    near = (uses @ uses.T + sparse.eye_array(len(ring), dtype=np.int32)).sign()
    n_upheld, n_near = near @ is_upheld.astype(np.int32), near @ np.ones(len(ring), dtype=np.int32)
    return n_upheld.astype(np.int64), n_near.astype(np.int64)


def reach_infringing(groups: Groups, standing: Standing, ties: Ties, is_upheld: Bools) -> Bools:
    """Say of each member (one row each) whether two families tie it to the infringing part of its ring.

    That part is who has an upheld notice and, step by step, whoever two families tie to it.
    """
    ring = standing.candidates.ring
    key = ties.value * max(groups.n, 1) + ring[ties.row]
    uses = find_sorted(groups.uses.key, key)
    reached = np.zeros(len(ring), dtype=np.bool_)
    for _ in range(REACH_ROUNDS):
        infringes = is_upheld | reached
        n_infringing = np.bincount(uses, infringes[ties.row], len(groups.uses.key))
        leads = n_infringing[uses] > infringes[ties.row]
        led = Ties(ties.row[leads], ties.value[leads], ties.voice[leads], ties.is_supplied[leads])
        now = count_families(led, len(ring)) >= 2
        if np.array_equal(now, reached):
            break
        reached = now
    return reached
