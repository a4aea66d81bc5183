"""What becomes of rings if a value did not count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow.compute as pc

from ringwatch.algorithms.detect import Known, Progress, detect, detect_and_trace
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.learn import model_of
from ringwatch.algorithms.likeness import with_likenesses
from ringwatch.algorithms.memory import way_of
from ringwatch.algorithms.questions import CurrentRun
from ringwatch.algorithms.records import is_judged_as_records
from ringwatch.algorithms.renewal import Before, renew
from ringwatch.model.rings import Ring, Tier
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

    No fates where no two sellers share the value or none of them is in a ring. Costs: see ``find_otherwise``.
    """
    snapshot = with_kind(snapshot, run, value[0])
    place = place_of(snapshot, *value)
    if place is None:
        return []
    concerned = {run.ring_of.get(seller_id) for seller_id in holders(snapshot, place)}
    tiers = {ring_id: tier for ring_id, tier in run.tier_of.items() if ring_id in concerned}
    if not tiers:
        return []
    otherwise = find_otherwise(leave_out(snapshot, place), run, as_of, progress)
    return compare(tiers, run.ring_of, _after(run, otherwise))


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What would be found in place of the rings that are ``replaced``, many as they were; all others stay."""

    replaced: frozenset[str]
    rings: tuple[Ring, ...]


def find_otherwise(snapshot: Snapshot, run: CurrentRun, as_of: datetime, progress: Progress | None = None) -> Otherwise:
    """Return the rings of a graph, or by judgements, that are not those the run was of.

    With the run's trace only the rings around what differs are judged, O(links) and little of that; else it is as
    costly as a run with a fit.
    """
    known: Known = {"fit": run.fit, "earlier": run.ring_of, "judgements": run.judgements, "progress": progress}
    renewed = renew(snapshot, run.config, Before(run.trace, ()), as_of=as_of, **known) if run.trace else None
    if renewed is not None:
        return Otherwise(renewed[0].replaced, renewed[0].rings)
    return Otherwise(frozenset(run.tier_of), detect(snapshot, run.config, as_of=as_of, **known).rings)


def leave_trace(snapshot: Snapshot, run: CurrentRun, as_of: datetime) -> CurrentRun:
    """Return the run with its trace, worked out anew where it left none of use: many questions are quick then."""
    if is_judged_as_records(snapshot, run.fit):
        return run
    way = way_of(model_of(prepare(with_likenesses(snapshot).snapshot), run.fit), run.config)
    if run.trace is not None and run.trace.way == way:
        return run
    known: Known = {"fit": run.fit, "earlier": run.ring_of, "judgements": run.judgements}
    return replace(run, trace=detect_and_trace(snapshot, run.config, as_of=as_of, **known)[1])


@dataclass(frozen=True, slots=True)
class After:
    """Rings as they would be: the tier of each, and who is in one."""

    tier_of: Mapping[str, Tier]
    sellers: Collection[str]


def _after(run: CurrentRun, otherwise: Otherwise) -> After:
    """Return all rings as they would be: those in the place of others, and the rest as they are."""
    kept = {ring_id: tier for ring_id, tier in run.tier_of.items() if ring_id not in otherwise.replaced}
    stayed = {seller_id for seller_id, ring_id in run.ring_of.items() if ring_id in kept}
    anew = {ring.ring_id: ring.tier for ring in otherwise.rings}
    return After({**kept, **anew}, stayed.union(m.seller_id for ring in otherwise.rings for m in ring.members))


def with_kind(snapshot: Snapshot, run: CurrentRun, kind: str) -> Snapshot:
    """Return the graph with the values that differ in writing alone, where a kind is one of those that they make."""
    if kind in {known.name for known in snapshot.kinds} or is_judged_as_records(snapshot, run.fit):
        return snapshot
    return with_likenesses(snapshot).snapshot


def place_of(snapshot: Snapshot, kind: str, text: str) -> int | None:
    """Return the number of a value, None where no two sellers share it."""
    kinds = [known.name for known in snapshot.kinds]
    if kind not in kinds:
        return None
    has_text = pc.equal(snapshot.value_text, text).to_numpy(zero_copy_only=False)
    found = np.flatnonzero((snapshot.value_kind == kinds.index(kind)) & has_text)
    return int(found[0]) if len(found) else None


def holders(snapshot: Snapshot, place: int) -> list[str]:
    """Return the sellers that use a value."""
    start, end = snapshot.value_start[place : place + 2]
    found: list[str] = snapshot.seller_ids.take(snapshot.link_seller[start:end]).to_pylist()
    return found


def leave_out(snapshot: Snapshot, place: int) -> Snapshot:
    """Return the graph in which the value is exempt."""
    exempt = snapshot.value_is_exempt.copy()
    exempt[place] = True
    return replace(snapshot, value_is_exempt=exempt)


def compare(tiers: Mapping[str, Tier], ring_of: Mapping[str, str], without: After) -> list[Fate]:
    """Return what became of the rings of ``tiers`` (ring_id -> tier), of a run that gave ``ring_of``."""
    fallen: dict[str, list[str]] = {ring_id: [] for ring_id in tiers}
    for seller_id, ring_id in sorted(ring_of.items()):
        if ring_id in fallen and seller_id not in without.sellers:
            fallen[ring_id].append(seller_id)
    return [
        Fate(ring_id, tier, without.tier_of.get(ring_id), tuple(fallen[ring_id])) for ring_id, tier in tiers.items()
    ]
