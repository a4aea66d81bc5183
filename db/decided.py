"""What people say of values and rings, written in a transaction that is open; decisions bind every later run."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ringwatch.db.database import Scalar, Session
from ringwatch.db.times import micros
from ringwatch.model.casework import CaseEntry, ConflictError, Subject
from ringwatch.model.enforcement import Hand
from ringwatch.model.judgements import Judgement
from ringwatch.model.rings import Change, RingEvent

_HANDING = frozenset({Change.SPLIT, Change.MERGED})


@dataclass(frozen=True, slots=True)
class ExemptionInput:
    """What `exempt` writes; ``value`` canonical (hashed where the database is)."""

    kind: str
    value: str
    display: str
    reason: str
    owner: str | None = None
    note: str | None = None
    expires_at: datetime | None = None


def write_exemption(session: Session, exemption: ExemptionInput, at: datetime) -> None:
    """Make or renew an exemption."""
    params: dict[str, Scalar] = {
        "kind": exemption.kind,
        "value": exemption.value,
        "display": exemption.display,
        "reason": exemption.reason,
        "owner": exemption.owner,
        "note": exemption.note,
        "expires_at": None if exemption.expires_at is None else micros(exemption.expires_at),
        "made_at": micros(at),
    }
    session.write("exempt", params)


def write_lift(session: Session, value: tuple[str, str], reason: str, at: datetime) -> bool:
    """Take the exemption of a value (kind, text) back; False where there was none."""
    params: dict[str, Scalar] = {"kind": value[0], "value": value[1], "reason": reason, "at": micros(at)}
    return session.write("lift_exemption", params) > 0


def write_judgement(session: Session, judgement: Judgement, at: datetime) -> str:
    """Keep a judgement and return its id."""
    params: dict[str, Scalar] = {
        "ring_id": judgement.ring_id,
        "seller_id": judgement.seller_id,
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "owner": judgement.owner,
        "made_at": micros(at),
        "member_ids": json.dumps(judgement.members),
    }
    return judgement_id_of(int(session.ints("insert_judgement", params)[0, 0]))


def judgement_id_of(n: int) -> str:
    """Return what a judgement is called outside the database.

    >>> judgement_id_of(7)
    'J-7'
    """
    return f"J-{n}"


def write_case(session: Session, draft: CaseEntry, hand: Hand) -> CaseEntry:
    """Keep an entry and return it with its number, who wrote it and when."""
    n = int(session.ints("last_case")[0, 0]) + 1
    entry = replace(draft, n=n, actor=hand.actor, at=hand.at)
    session.write_rows("insert_case_entry", [_case_row(entry, micros(hand.at))])
    if entry.about.ring_id:
        session.write_rows("insert_case_ring", [(entry.about.ring_id, n)])
    return entry


def check_seen(session: Session, about: Subject, seen: int | None) -> None:
    """Raise ConflictError where there are entries about a thing after the number ``seen``; None is not looked at."""
    if seen is None:
        return
    newer = session.rows("newer_case_entries", about_params(about, seen))
    if newer:
        raise ConflictError(
            f"version {seen}: another wrote or decided about it since (entry {newer[-1][0]}); nothing was changed;"
            " read what was done and decide again"
        )


def hand_on(session: Session, events: Iterable[RingEvent]) -> None:
    """Let what was said of rings be about their parts too, where a run split or merged them.

    Whoever took in two sellers or more of a ring takes over all that was said of it until then. O(entries handed on).
    """
    heirs = {event.ring_id: event.ring_ids for event in events if event.change in _HANDING and _is_source(event)}
    if not heirs:
        return
    asked = sorted(heirs.keys() | {heir for found in heirs.values() for heir in found})
    known = {(ring_id, int(n)) for ring_id, n in session.rows("case_numbers", {"ids": json.dumps(asked)})}
    handed = {(heir, n) for ring_id, n in known for heir in heirs.get(ring_id, ())} - known
    if handed:
        session.write_rows("insert_case_ring", sorted(handed))


def _is_source(event: RingEvent) -> bool:
    """Say whether a ring gave sellers away: one that is no more, or was split; one that took others in did not."""
    return event.change is Change.SPLIT or event.n_sellers == 0


def about_params(about: Subject, seen: int) -> dict[str, Scalar]:
    """Return the parameters of ``newer_case_entries``."""
    kind, value = about.value
    return {"after": seen, "ring_id": about.ring_id, "seller_id": about.seller_id, "kind": kind, "value": value}


def _case_row(entry: CaseEntry, at: int) -> tuple[Scalar, ...]:
    about = entry.about
    subject = (about.ring_id, about.seller_id, about.listing_id, *about.value)
    who = (entry.actor, entry.brand_id)
    return (entry.n, entry.act.value, *subject, *who, entry.said, entry.text, entry.assignee, entry.answers, at)
