"""Proposals that are sent again: under a key of the sender's own they are one, however often they arrive."""

import hashlib

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.enforcement.plans import Draft, find_plan, write_plan
from ringwatch.model.enforcement import Hand, Plan

MOST_KEY_CHARACTERS = 200  # a UUID has 36


def proposed_before(record: Record, hand: Hand, key: str) -> Draft | None:
    """Return the plan that an actor proposed under a key, with its stores as proposed; None where none was."""
    plan_id = record.setting(_name(hand, key))
    if plan_id is None:
        return None
    plan = find_plan(record, plan_id)
    return Draft(plan, tuple(record.plan_stores(plan_id)))


def keep_once(docket: Docket, draft: Draft, hand: Hand, key: str) -> Plan:
    """Keep a plan as proposed, unless one was under the same key meanwhile, and return that which is kept."""

    def keep(record: Record) -> Plan:
        known = proposed_before(record, hand, key)
        if known is not None:
            return known.plan
        plan = write_plan(record, draft, hand)
        record.set_setting(_name(hand, key), plan.plan_id)
        return plan

    return docket.transact(keep)


def _name(hand: Hand, key: str) -> str:
    """Return the name under which a key is remembered: an actor's own, as long as any."""
    digest = hashlib.sha256(f"{hand.actor}\n{key}".encode()).hexdigest()
    return f"proposal {digest}"
