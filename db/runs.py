"""Runs of detection kept at once: whole ones, and those that change a part of the one before."""

import hashlib
import json
from base64 import b64decode, b64encode
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import orjson

from ringwatch.db.database import Database, Note, Scalar, Session, Step
from ringwatch.db.ring_contents import pack_ring
from ringwatch.db.times import micros
from ringwatch.model.rings import TIERS, Detection, Evidence, Fit, Hub, Renewal, Ring, RingEvent

_FORGET = tuple(
    f"delete_{table}"
    for table in ("evidence", "evidence_holders", "ring_value", "member", "ring", "hub", "trace", "run", "fits")
)
"""Statements that clear the run before, in an order that breaks no reference."""


@dataclass(frozen=True, slots=True)
class Change:
    """A run that changes a part of the one that is current, ``former_id``."""

    run_id: str
    former_id: str
    at: datetime
    n_rings: int


_TRACE_BYTES = 750_000  # of a part of a trace: a million characters


@dataclass(frozen=True, slots=True)
class Run:
    """A run that takes the place of the one before; ``note`` tells of it in the transaction that makes it current."""

    run_id: str
    at: datetime
    note: Note


def save_run(database: Database, run: Run, detection: Detection, trace: bytes) -> None:
    """Replace the current run by this one; readers see the one or the other, whole."""
    with database.reading() as session:
        n_sellers = int(session.ints("n_sellers")[0, 0])
    steps = chain(_steps(run.run_id, detection, run.at, n_sellers), [("insert_trace", _trace_rows(trace))])
    database.replace_run(run.run_id, _FORGET, steps, run.note)


def save_renewal(database: Database, change: Change, renewal: Renewal, trace: bytes, note: Note) -> bool:
    """Change the current run where a renewal changed it, at one moment; False where another run is current now."""
    with database.reading() as session:
        n_sellers = int(session.ints("n_sellers")[0, 0])
    params: dict[str, Scalar] = {
        "run_id": change.run_id,
        "former_id": change.former_id,
        "as_of": micros(renewal.as_of),
        "finished_at": micros(change.at),
        "n_sellers": n_sellers,
        "notes": json.dumps(renewal.notes),
    }

    def steps(session: Session) -> Iterator[Step]:
        yield from _renewal_steps(session, change, renewal, trace)
        note(session)

    return database.renew_run(params, steps)


def _renewal_steps(session: Session, change: Change, renewal: Renewal, trace: bytes) -> Iterator[Step]:
    """Yield the rows of a renewal, and clear between them those that they take the place of."""
    run_id: dict[str, Scalar] = {"run_id": change.run_id}
    for name in ("evidence", "ring_value", "member", "ring"):
        yield f"forget_{name}", [(ring_id,) for ring_id in sorted(renewal.replaced)]
    if renewal.n_holders:
        counts = json.dumps([[*value, n] for value, n in sorted(renewal.n_holders.items())])
        session.write("recount_evidence", {"counts": counts} | run_id)
        session.write("recount_ring_values", {"counts": counts} | run_id)
    session.write("forget_holders", run_id)
    n_holders = int(session.ints("last_holders", run_id)[0, 0])
    n_sellers, digest = int(session.ints("n_sellers")[0, 0]), fit_digest(renewal.fit)
    yield "insert_run_log", [(change.run_id, micros(change.at), digest, n_sellers, change.n_rings)]
    yield "insert_ring_event", (_event_row(change.run_id, *placed) for placed in enumerate(renewal.events))
    yield from _ring_steps(change.run_id, change.at, renewal.rings, n_holders)
    session.write("forget_hubs", run_id)
    yield "insert_hub", {(hub.kind, hub.value): _hub_row(hub) for hub in renewal.hubs}.values()
    session.write("forget_trace", run_id)
    yield "insert_trace", _trace_rows(trace)


def _trace_rows(trace: bytes) -> Iterator[tuple[Scalar, ...]]:
    for part, start in enumerate(range(0, len(trace), _TRACE_BYTES)):
        yield (part, b64encode(trace[start : start + _TRACE_BYTES]).decode())


def read_trace(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a trace as it was kept, empty where there is none."""
    return b"".join(b64decode(data) for (data,) in rows)


def _steps(run_id: str, detection: Detection, at: datetime, n_sellers: int) -> Iterator[Step]:
    fit, digest = detection.fit, fit_digest(detection.fit)
    yield "insert_fit", [(digest, fit.n_sellers, fit_text(fit))]
    notes = json.dumps(detection.notes)
    yield "insert_run", [(run_id, micros(detection.as_of), micros(at), digest, n_sellers, notes)]
    yield "insert_run_log", [(run_id, micros(at), digest, n_sellers, len(detection.rings))]
    yield "insert_ring_event", (_event_row(run_id, *placed) for placed in enumerate(detection.events))
    yield from _ring_steps(run_id, at, detection.rings, 0)
    yield "insert_hub", {(hub.kind, hub.value): _hub_row(hub) for hub in detection.hubs}.values()


def _ring_steps(run_id: str, at: datetime, found: Iterable[Ring], n_holders: int) -> Iterator[Step]:
    """Yield the rows of rings; groups of holders are numbered from ``n_holders`` on."""
    rings = sorted(found, key=lambda ring: ring.ring_id)
    yield "insert_ring_birth", ((ring.ring_id, run_id, micros(at)) for ring in rings)
    yield "insert_ring_version", (_version_row(run_id, ring) for ring in rings)
    yield "insert_ring_content", ((ring.ring_id, run_id, pack_ring(ring)) for ring in rings)
    yield "insert_ring", map(_ring_row, rings)
    yield "insert_member", (row for ring in rings for row in _member_rows(ring))
    yield "insert_ring_value", (row for ring in rings for row in _value_rows(ring))
    yield from _evidence_steps(rings, n_holders)


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


def _evidence_steps(rings: list[Ring], n_holders: int) -> Iterator[Step]:
    """Yield the steps that keep evidence.

    Members that hold one value share one group of holders, or a big ring would cost its square.
    """
    groups: dict[tuple[str, ...], int] = {}
    rows: list[tuple[Scalar, ...]] = []
    for ring in rings:
        for member in ring.members:
            for position, part in enumerate(member.evidence):
                group = groups.setdefault(_holders(part, member.seller_id), n_holders + len(groups) + 1)
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
