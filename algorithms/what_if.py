"""What becomes of rings if a value did not count."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow.compute as pc

from ringwatch.algorithms.detect import Known, Progress, detect
from ringwatch.algorithms.questions import CurrentRun
from ringwatch.model.rings import Detection, Tier
from ringwatch.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a ring without a value; ``tier_after`` is None where the ring is no more."""

    ring_id: str
    tier_before: Tier
    tier_after: Tier | None
    fallen: tuple[str, ...]  # sellers of it that would be in no ring, ascending


def find_fates(
    snapshot: Snapshot, run: CurrentRun, value: tuple[str, str], as_of: datetime, progress: Progress | None = None
) -> list[Fate]:
    """Return the fate of every ring with a member that uses the value (kind, text), in the order of ``tier_of``.

    No fates where no two sellers share the value or none of them is in a ring; else as costly as a run with a fit.
    """
    place = place_of(snapshot, *value)
    if place is None:
        return []
    concerned = {run.ring_of.get(seller_id) for seller_id in _holders(snapshot, place)}
    tiers = {ring_id: tier for ring_id, tier in run.tier_of.items() if ring_id in concerned}
    if not tiers:
        return []
    graph = _leave_out(snapshot, place)
    known: Known = {"fit": run.fit, "earlier": run.ring_of, "judgements": run.judgements, "progress": progress}
    without = detect(graph, run.config, as_of=as_of, **known)
    return compare(tiers, run.ring_of, without)


def place_of(snapshot: Snapshot, kind: str, text: str) -> int | None:
    """Return the number of a value, None where no two sellers share it."""
    kinds = [known.name for known in snapshot.kinds]
    if kind not in kinds:
        return None
    has_text = pc.equal(snapshot.value_text, text).to_numpy(zero_copy_only=False)
    found = np.flatnonzero((snapshot.value_kind == kinds.index(kind)) & has_text)
    return int(found[0]) if len(found) else None


def _holders(snapshot: Snapshot, place: int) -> list[str]:
    start, end = snapshot.value_start[place : place + 2]
    holders: list[str] = snapshot.seller_ids.take(snapshot.link_seller[start:end]).to_pylist()
    return holders


def _leave_out(snapshot: Snapshot, place: int) -> Snapshot:
    """Return the graph in which the value is exempt."""
    exempt = snapshot.value_is_exempt.copy()
    exempt[place] = True
    return replace(snapshot, value_is_exempt=exempt)


def compare(tiers: Mapping[str, Tier], ring_of: Mapping[str, str], without: Detection) -> list[Fate]:
    """Return what became of the rings of ``tiers`` (ring_id -> tier), of a run that gave ``ring_of``."""
    tier_after = {ring.ring_id: ring.tier for ring in without.rings}
    still = {member.seller_id for ring in without.rings for member in ring.members}
    fallen: dict[str, list[str]] = {ring_id: [] for ring_id in tiers}
    for seller_id, ring_id in sorted(ring_of.items()):
        if ring_id in fallen and seller_id not in still:
            fallen[ring_id].append(seller_id)
    return [Fate(ring_id, tier, tier_after.get(ring_id), tuple(fallen[ring_id])) for ring_id, tier in tiers.items()]
