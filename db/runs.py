"""A whole run of detection kept at once."""

import hashlib
import json
from bisect import insort
from collections.abc import Iterator
from datetime import datetime

import orjson

from ringwatch.db.database import Database, Scalar, Step
from ringwatch.db.times import micros
from ringwatch.model.rings import TIERS, Detection, Evidence, Fit, Hub, Ring, RingEvent

_FORGET = tuple(
    f"delete_{table}"
    for table in ("evidence", "evidence_holders", "ring_value", "member", "ring", "hub", "run", "fits")
)
"""Statements that clear the run before, in an order that breaks no reference."""


def save_run(database: Database, run_id: str, detection: Detection, at: datetime) -> None:
    """Replace the current run by this one; readers see the one or the other, whole."""
    with database.reading() as session:
        n_sellers = int(session.ints("n_sellers")[0, 0])
    database.replace_run(run_id, _FORGET, _steps(run_id, detection, at, n_sellers))


def _steps(run_id: str, detection: Detection, at: datetime, n_sellers: int) -> Iterator[Step]:
    fit, digest = detection.fit, fit_digest(detection.fit)
    yield "insert_fit", [(digest, fit.n_sellers, fit_text(fit))]
    notes = json.dumps(detection.notes)
    yield "insert_run", [(run_id, micros(detection.as_of), micros(at), digest, n_sellers, notes)]
    yield "insert_run_log", [(run_id, micros(at), digest, n_sellers, len(detection.rings))]
    yield "insert_ring_event", (_event_row(run_id, *placed) for placed in enumerate(detection.events))
    rings = sorted(detection.rings, key=lambda ring: ring.ring_id)
    yield "insert_ring_birth", ((ring.ring_id, run_id, micros(at)) for ring in rings)
    yield "insert_ring_version", (_version_row(run_id, ring) for ring in rings)
    yield "insert_ring", map(_ring_row, rings)
    yield "insert_member", (row for ring in rings for row in _member_rows(ring))
    yield "insert_ring_value", (row for ring in rings for row in _value_rows(ring))
    yield from _evidence_steps(rings)
    yield "insert_hub", {(hub.kind, hub.value): _hub_row(hub) for hub in detection.hubs}.values()


def fit_text(fit: Fit) -> str:
    """Return what a fit learned as JSON: equal fits, equal text; numbers come back bit by bit."""
    return json.dumps(dict(fit.tables), sort_keys=True, separators=(",", ":"))


def fit_digest(fit: Fit) -> str:
    """Return the name of a fit: SHA-256 over all that it holds, as 16 hexadecimal digits."""
    return hashlib.sha256(f"{fit.n_sellers}\n{fit_text(fit)}".encode()).hexdigest()[:16]


def _event_row(run_id: str, position: int, event: RingEvent) -> tuple[Scalar, ...]:
    counts = (event.n_sellers_before, event.n_sellers)
    ring_ids = json.dumps(event.ring_ids)
    return (run_id, position, event.ring_id, event.change.value, ring_ids, *counts, event.reason)


def _hub_row(hub: Hub) -> tuple[Scalar, ...]:
    return (hub.kind, hub.value, hub.n_holders, hub.reason, hub.ground.value, hub.exempt_as)


def _ring_row(ring: Ring) -> tuple[Scalar, ...]:
    return (ring.ring_id, TIERS.index(ring.tier), len(ring.members), ring.link_score, ring.infringement_score)


def _version_row(run_id: str, ring: Ring) -> tuple[Scalar, ...]:
    scores = (ring.link_score, ring.infringement_score)
    members = [
        (m.seller_id, TIERS.index(m.tier), m.role.value, m.link_score, m.infringement_score) for m in ring.members
    ]
    kept = orjson.dumps(members).decode()
    return (ring.ring_id, run_id, TIERS.index(ring.tier), len(members), *scores, evidence_digest(ring), kept)


def evidence_digest(ring: Ring) -> str:
    """Return the name of all that a ring rests on: its members' evidence and the values that they share.

    Numbers of holders are left out: one more stranger at a forwarder makes no other ring. Where they tell, scores move.
    """
    evidence = [
        (member.seller_id, [(part.kind, part.value, part.sellers, part.score) for part in member.evidence])
        for member in ring.members
    ]
    values = [(value.kind, value.value, value.is_hub) for value in ring.values]
    return hashlib.blake2b(orjson.dumps((evidence, values)), digest_size=8).hexdigest()


def _member_rows(ring: Ring) -> Iterator[tuple[Scalar, ...]]:
    for member in ring.members:
        scores = (member.link_score, member.log_odds, member.infringement_score)
        key = (ring.ring_id, member.seller_id, TIERS.index(member.tier), member.role.value)
        yield (*key, *scores, int(member.is_fragile), member.why_not_closer)


def _value_rows(ring: Ring) -> Iterator[tuple[Scalar, ...]]:
    for position, value in enumerate(ring.values):
        yield (ring.ring_id, position, value.kind, value.family, value.value, value.n_holders, int(value.is_hub))


def _evidence_steps(rings: list[Ring]) -> Iterator[Step]:
    """Yield the steps that keep evidence.

    Members that hold one value share one group of holders, or a big ring would cost its square.
    """
    groups: dict[tuple[str, ...], int] = {}
    rows: list[tuple[Scalar, ...]] = []
    for ring in rings:
        for member in ring.members:
            for position, part in enumerate(member.evidence):
                group = groups.setdefault(_holders(part, member.seller_id), len(groups) + 1)
                key = (ring.ring_id, member.seller_id, position)
                rows.append((*key, part.kind, part.family, part.value, part.n_holders, part.score, group))
    yield "insert_evidence_holders", ((n, json.dumps(ids)) for ids, n in groups.items())
    yield "insert_evidence", rows


def _holders(part: Evidence, seller_id: str) -> tuple[str, ...]:
    """Return the member and its fellows, ascending; none where there are no fellows."""
    if not part.sellers:
        return ()
    holders = list(part.sellers)
    insort(holders, seller_id)
    return tuple(holders)
