"""People's verdicts laid over the rings that were found: they bind, whatever the evidence says.

A verdict is about a group of sellers, the members when it was given. A ring is that group where it shares at least
half of the members of the smaller of the two, the rule by which rings keep their names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.algorithms.clusters import Clusters
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import group, number_groups
from ringwatch.algorithms.lineage import CONTAINED_SHARE
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.snapshot import Bools, Floats, Longs

BOUND_LEAST = 4.0  # log-odds of who is bound in: a person who looked errs about once in fifty
SPEAKS_LEAST = 1.0  # what a verdict adds where the evidence is as sure by itself, so that it can be seen
SAME_GROUP = 0.5  # Jaccard index from which a ring is the group that was dismissed, not one that changed by half


@dataclass(frozen=True, slots=True)
class Bound:
    """Rings with people's verdicts laid over them, and what is to be said of that."""

    clusters: Clusters
    notes: tuple[str, ...] = ()


def bind(facts: Facts, clusters: Clusters, judgements: Sequence[Judgement], earlier: Mapping[str, str]) -> Bound:
    """Return the rings as the verdicts want them; ``judgements`` oldest first, the newest of each subject counts.

    Dismissed groups are taken apart, confirmed ones are put together, then single sellers are put in and last taken
    out: who was judged different is in no ring that is the group of then or the ring of that name (``earlier``) now.
    O(sellers) a judgement; without judgements nothing is touched.
    """
    in_force = newest(judgements)
    if not in_force:
        return Bound(clusters)
    binding = _Binding(facts.snapshot.seller_ids, clusters.groups.ring_of)
    notes = [note for judged in in_force if (note := binding.dismiss(judged))]
    for judged in in_force:
        binding.confirm(judged)
    for judged in in_force:
        binding.put_in(judged)
    today: dict[str, list[str]] = {judged.ring_id: [] for judged in in_force}
    for seller_id, ring_id in earlier.items():
        if ring_id in today:
            today[ring_id].append(seller_id)
    while any(binding.take_out(judged, today[judged.ring_id]) for judged in in_force):
        pass  # who is taken out leaves a smaller ring, which may be a group that it was not before
    ring_of, is_bound = binding.outcome()
    bound = Clusters(group(facts, ring_of), clusters.is_core, clusters.is_weak & ~is_bound, is_bound)
    return Bound(bound, tuple(notes))


def newest(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the newest judgement of each subject (a ring, or a seller and a ring), oldest first.

    >>> one = Judgement("R1", "s1", Verdict.SAME, ("s2", "s3"), "seen")
    >>> newest([one, Judgement("R1", "s1", Verdict.UNSURE, ("s2", "s3"), "not so sure")])[0].verdict.value
    'unsure'
    """
    last = {(judged.ring_id, judged.seller_id): place for place, judged in enumerate(judgements)}
    return [judgements[place] for place in sorted(last.values())]


def without_parted(earlier: Mapping[str, str], judgements: Sequence[Judgement]) -> Mapping[str, str]:
    """Return the earlier ring_id of each seller but of those judged different from it, who hand no name on."""
    parted = {(j.seller_id, j.ring_id) for j in newest(judgements) if j.verdict is Verdict.DIFFERENT}
    return {s: ring_id for s, ring_id in earlier.items() if (s, ring_id) not in parted} if parted else earlier


def judged_parts(is_bound: Bools, log_odds: Floats) -> Floats:
    """Return what a verdict adds to the log-odds of each membership: up to 4, at least 1; 0 where none binds it."""
    return np.where(is_bound, np.maximum(BOUND_LEAST - log_odds, SPEAKS_LEAST), 0.0)


class _Binding:
    """The ring of each seller while verdicts are laid over it one by one; -1 where in none."""

    def __init__(self, seller_ids: pa.Array, ring_of: Longs) -> None:
        self._seller_ids = seller_ids
        self._ring_of = ring_of.copy()
        self._bound_to = np.full(len(ring_of), -1, dtype=np.int64)

    def dismiss(self, judged: Judgement) -> str:
        """Take a dismissed group apart, or return what is to be said where it is there and has changed too much."""
        if judged.verdict is not Verdict.DISMISSED:
            return ""
        members = self._numbers(judged.members)
        ring, n_common = self._home(members)
        if ring < 0:
            return ""
        n_ring = int((self._ring_of == ring).sum())
        if n_common >= SAME_GROUP * (n_ring + len(judged.members) - n_common):
            self._ring_of[self._ring_of == ring] = -1
            return ""
        return f"ring {judged.ring_id} was dismissed and has changed by more than half since: it is shown again"

    def confirm(self, judged: Judgement) -> None:
        """Put the members of a confirmed ring into one, where most of them are."""
        members = self._numbers(judged.members)
        if judged.verdict is Verdict.CONFIRMED and len(members) > 1:
            ring, _ = self._home(members)
            self._place(members, ring if ring >= 0 else int(self._ring_of.max()) + 1)

    def put_in(self, judged: Judgement) -> None:
        """Put a seller into the ring that is the group it was judged same with, where there is one."""
        if judged.verdict is not Verdict.SAME:
            return
        seller, members = self._numbers([judged.seller_id]), self._others(judged, judged.members)
        ring, n_common = self._home(members)
        if ring >= 0 and len(seller) and n_common >= CONTAINED_SHARE * min(self._n_beside(ring, seller), len(members)):
            self._place(seller, ring)

    def take_out(self, judged: Judgement, today: Sequence[str]) -> bool:
        """Take a seller out of a ring that is the group it was judged different from, of then or of today."""
        seller = self._numbers([judged.seller_id])
        if judged.verdict is not Verdict.DIFFERENT or not len(seller) or self._ring_of[seller[0]] < 0:
            return False
        ring = int(self._ring_of[seller[0]])
        n_beside = self._n_beside(ring, seller)
        for sellers in (judged.members, today):
            members = self._others(judged, sellers)
            n_common = int((self._ring_of[members] == ring).sum())
            if n_common and n_common >= CONTAINED_SHARE * min(n_beside, len(members)):
                self._place(seller, -1)
                return True
        return False

    def outcome(self) -> tuple[Longs, Bools]:
        """Return the ring of each seller, numbered anew, and who is where it is by a verdict."""
        alone = self._ring_of.max(initial=-1) + 1 + np.arange(len(self._ring_of))
        labels = np.unique(np.where(self._ring_of < 0, alone, self._ring_of), return_inverse=True)[1]
        ring_of = number_groups(labels.astype(np.int64))
        return ring_of, (self._bound_to >= 0) & (self._bound_to == self._ring_of) & (ring_of >= 0)

    def _place(self, sellers: Longs, ring: int) -> None:
        self._ring_of[sellers] = ring
        self._bound_to[sellers] = ring

    def _home(self, members: Longs) -> tuple[int, int]:
        """Return the ring that holds most of some sellers and how many, (-1, 0) where none holds any."""
        rings, counts = np.unique(self._ring_of[members][self._ring_of[members] >= 0], return_counts=True)
        return (int(rings[counts.argmax()]), int(counts.max())) if len(rings) else (-1, 0)

    def _n_beside(self, ring: int, seller: Longs) -> int:
        return int((self._ring_of == ring).sum() - (self._ring_of[seller] == ring).sum())

    def _others(self, judged: Judgement, seller_ids: Sequence[str]) -> Longs:
        return self._numbers([seller_id for seller_id in seller_ids if seller_id != judged.seller_id])

    def _numbers(self, seller_ids: Sequence[str]) -> Longs:
        """Return the numbers of sellers that are there."""
        found = pc.index_in(pa.array(seller_ids, pa.string()), value_set=self._seller_ids)
        return np.asarray(found.drop_null(), dtype=np.int64)
