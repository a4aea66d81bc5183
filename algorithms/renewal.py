"""A run that starts from what the run before left: rings are found anew where something changed, and only there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Unpack

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from ringwatch.algorithms.changes import Past, trace_changes
from ringwatch.algorithms.detect import Known
from ringwatch.algorithms.facts import notes_on_cost, prepare
from ringwatch.algorithms.hub_report import HubCase, write_hubs
from ringwatch.algorithms.incremental import World
from ringwatch.algorithms.judgements import without_parted
from ringwatch.algorithms.learn import model_of
from ringwatch.algorithms.likeness import notes_on_writings, with_likenesses
from ringwatch.algorithms.memory import Difference, Trace, compare, trace_of, way_of
from ringwatch.algorithms.outliers import is_outlier, junk_notes
from ringwatch.algorithms.part import Part, judge_part
from ringwatch.algorithms.records import is_judged_as_records
from ringwatch.algorithms.region import values_of
from ringwatch.algorithms.report import in_order, write_rings
from ringwatch.model.judgements import Judgement
from ringwatch.model.rings import DetectConfig, Detection, Hub, Renewal, Ring
from ringwatch.model.snapshot import Longs, Snapshot


@dataclass(frozen=True, slots=True)
class Before:
    """What the run before left."""

    trace: Trace
    hubs: Sequence[Hub]


@dataclass(frozen=True, slots=True)
class _Names:
    """The rings before, in the numbers of sellers now."""

    ring_of: Longs  # per seller: number of its ring, -1 where in none
    bonds: Longs  # per seller: number of all that rings before and judgements hold together, -1 for none
    asked: Longs  # sellers of whom people judged, and those who were in a ring with one who is gone
    gone: Mapping[str, str]  # the ring_id of each seller_id that is not there any more


def renew(
    snapshot: Snapshot, config: DetectConfig, before: Before, *, as_of: datetime, **known: Unpack[Known]
) -> tuple[Renewal, Trace] | None:
    """Return what became of the rings since the run before, and what the next run may start from.

    Exactly what ``detect`` finds with the same fit. None where it was judged another way then: with other settings,
    weights or another version, or as a list of records.
    """
    fit = known.get("fit")
    if fit is None or is_judged_as_records(snapshot, fit):
        return None
    likened = with_likenesses(snapshot)
    facts = prepare(likened.snapshot)
    model = model_of(facts, fit)
    way = way_of(model, config)
    if before.trace.way != way:
        return None
    (known.get("progress") or _ignore)("find what changed")
    earlier, judgements = known.get("earlier") or {}, known.get("judgements", ())
    names = _names(snapshot, earlier, judgements)
    world = World(facts, model, config, names.bonds)
    now = trace_of(facts, way, before.trace.memory)
    difference = compare(before.trace, now, world)
    (known.get("progress") or _ignore)("judge what changed")
    touched = replace(difference.touched, asked=names.asked)
    part = judge_part(world, difference.memory, touched, judgements, earlier)
    renewal = _written(world, part, names, known, as_of)
    hubs = _hubs(world, part, names, difference, before.hubs)
    notes = notes_on_cost(facts, config.max_pair_holders) + junk_notes(hubs)
    notes += notes_on_writings(likened.n_left_out) + part.notes
    renewal = replace(renewal, hubs=hubs, notes=notes, n_holders=_counts(world, difference.crowded))
    return renewal, replace(now, memory=part.reworked.memory)


def renewed(before: Detection, renewal: Renewal) -> Detection:
    """Return the whole of a detection after a renewal."""
    kept = (_recounted(ring, renewal.n_holders) for ring in before.rings if ring.ring_id not in renewal.replaced)
    rings = in_order([*kept, *renewal.rings])
    return Detection(rings, renewal.hubs, renewal.fit, renewal.as_of, renewal.notes, renewal.events)


def _recounted(ring: Ring, counts: Mapping[tuple[str, str], int]) -> Ring:
    """Return a ring with numbers of holders as they are now."""
    if not any((value.kind, value.value) in counts for value in ring.values):
        return ring
    values = tuple(replace(v, n_holders=counts.get((v.kind, v.value), v.n_holders)) for v in ring.values)
    members = tuple(
        replace(
            member,
            evidence=tuple(
                replace(part, n_holders=counts.get((part.kind, part.value), part.n_holders)) for part in member.evidence
            ),
        )
        for member in ring.members
    )
    return replace(ring, values=values, members=members)


def _names(snapshot: Snapshot, earlier: Mapping[str, str], judgements: Sequence[Judgement]) -> _Names:
    """Return who was with whom, and whom judgements bring together."""
    sellers = list(earlier)
    place = _places(snapshot, sellers)
    ring_ids, ring = np.unique(np.array(list(earlier.values()), dtype=object), return_inverse=True)
    ring_of = np.full(snapshot.n_sellers, -1, dtype=np.int64)
    ring_of[place[place >= 0]] = ring[place >= 0]
    gone = {sellers[row]: earlier[sellers[row]] for row in np.flatnonzero(place < 0).tolist()}
    number = {ring_id: n for n, ring_id in enumerate(ring_ids.tolist())}
    # also what a newer judgement took the place of: its work is to be undone
    judged = [_places(snapshot, sorted({*one.members, one.seller_id})) for one in judgements]
    group = [np.full(len(found), len(number) + n) for n, found in enumerate(judged)]
    of_today = [np.flatnonzero(ring_of == number.get(one.ring_id, -2)) for one in judgements]
    group += [np.full(len(found), len(number) + n) for n, found in enumerate(of_today)]
    node = np.concatenate([place, *judged, *of_today])
    held = np.concatenate([ring, *group])[node >= 0]
    asked = np.concatenate([np.zeros(0, np.int64), *judged])
    left = np.isin(ring_of, np.array([number[ring_id] for ring_id in set(gone.values())], dtype=np.int64))
    asked = np.union1d(asked[asked >= 0], np.flatnonzero(left))
    bonds = _joined(node[node >= 0], held, snapshot.n_sellers)
    return _Names(ring_of, bonds, asked.astype(np.int64), gone)


def _joined(sellers: Longs, groups: Longs, n_sellers: int) -> Longs:
    """Return the number of what holds each seller together where groups that share one are one, -1 for none."""
    bonds = np.full(n_sellers, -1, dtype=np.int64)
    if len(sellers):
        used, place = np.unique(sellers, return_inverse=True)
        n_nodes = len(used) + int(groups.max()) + 1
        edges = sparse.coo_array((np.ones(len(place), np.int8), (place, len(used) + groups)), shape=(n_nodes, n_nodes))
        bonds[used] = connected_components(edges, directed=False)[1][: len(used)]
    return bonds


def _places(snapshot: Snapshot, seller_ids: Sequence[str]) -> Longs:
    found = pc.index_in(pa.array(seller_ids, pa.string()), value_set=snapshot.seller_ids)
    return np.asarray(pc.fill_null(found, -1), dtype=np.int64)


def _written(world: World, part: Part, names: _Names, known: Known, as_of: datetime) -> Renewal:
    """Return the rings of a part, named and with what became of them."""
    earlier, fit = known.get("earlier") or {}, known.get("fit")
    core = world.facts.snapshot.seller_ids.take(part.reworked.core).to_pylist()
    concerned = {seller_id: earlier[seller_id] for seller_id in core if seller_id in earlier} | dict(names.gone)
    replaced = frozenset(concerned.values())
    parted = without_parted(earlier, known.get("judgements", ()))
    mine = {seller_id: parted[seller_id] for seller_id in concerned if seller_id in parted}
    rings = write_rings(part.outcome, mine, part.rings, set(parted.values()) - replaced)
    groups, snapshot = part.outcome.clusters.groups, part.outcome.facts.snapshot
    around = snapshot.seller_ids.filter(pa.array(np.isin(groups.ring_of, part.closed))).to_pylist()
    of_around = {seller_id: earlier[seller_id] for seller_id in around if seller_id in earlier}
    closed_around = write_rings(part.outcome, of_around, part.closed) if len(part.closed) else ()
    closed = set(snapshot.seller_ids.filter(pa.array(snapshot.is_closed)).to_pylist())
    past = Past(concerned | of_around, known.get("closed_rings", ()))
    events = trace_changes([*rings, *closed_around], past, closed)
    if fit is None:
        raise ValueError("a renewal needs the fit that is kept")
    return Renewal(replaced, rings, {}, (), fit, as_of, (), events)


def _counts(world: World, values: Longs) -> dict[tuple[str, str], int]:
    snapshot = world.facts.snapshot
    kinds = [snapshot.kinds[kind].name for kind in snapshot.value_kind[values]]
    texts = snapshot.value_text.take(values).to_pylist()
    return dict(zip(zip(kinds, texts, strict=True), world.facts.n_holders[values].tolist(), strict=True))


def _hubs(world: World, part: Part, names: _Names, difference: Difference, before: Collection[Hub]) -> tuple[Hub, ...]:
    """Return all values that join nothing: written anew where what is told of the value may have changed.

    That are all outliers in any case: what is usual in the market decides whether they look like placeholders.
    """
    snapshot, memory = world.facts.snapshot, part.reworked.memory
    ring_of = names.ring_of.copy()
    of_part = part.outcome.clusters.groups.ring_of[part.reworked.region.places_of(part.reworked.core)]
    ring_of[part.reworked.core] = np.where(of_part >= 0, of_part + names.ring_of.max(initial=-1) + 1, -1)
    most = world.config.max_pair_holders
    case = HubCase(world.facts, world.model, memory.rounds[-1], memory.n_tied, memory.serves, ring_of, most)
    is_anew = np.zeros(snapshot.n_values, dtype=np.bool_)
    for values in (part.reworked.judged_values, values_of(world.facts, part.reworked.core), difference.crowded):
        is_anew[values] = True
    is_anew |= (memory.n_tied != difference.memory.n_tied) | is_outlier(world.facts, world.model.junk_holders)
    values = case.values
    known = {(hub.kind, hub.value): hub for hub in before}
    kinds = [snapshot.kinds[kind].name for kind in snapshot.value_kind[values]]
    texts = snapshot.value_text.take(values).to_pylist()
    is_known = np.array([key in known for key in zip(kinds, texts, strict=True)], dtype=np.bool_)
    anew = iter(write_hubs(case, values[is_anew[values] | ~is_known]))
    return tuple(
        known[kind, text] if is_kept else next(anew)
        for kind, text, is_kept in zip(kinds, texts, (~is_anew[values] & is_known).tolist(), strict=True)
    )


def _ignore(_step: str) -> None:
    """Tell nobody."""
