"""What people say of values and rings, written in a transaction that is open; it binds every later run."""

import json
from dataclasses import dataclass
from datetime import datetime

from ringwatch.db.database import Scalar, Session
from ringwatch.db.times import micros
from ringwatch.model.judgements import Judgement


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
