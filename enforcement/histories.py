"""What was decided about stores: every decision, when, by whom, why, and by which plan and ring."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwatch.db.record import Record
from ringwatch.db.times import moment_of
from ringwatch.enforcement.cases import Standing, read_standings
from ringwatch.model.chain import Sealed
from ringwatch.model.enforcement import Plan, StoreRow


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the ledger about a store; ``ring_version`` and ``run_id`` are those that its plan froze."""

    entry: int  # its number in the ledger
    at: datetime
    actor: str
    action: str
    plan_id: str | None
    ring_id: str | None
    ring_version: int | None
    run_id: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class History:
    """A store, how it stands, and all decisions about it, first ones first."""

    store: StoreRow
    standing: Standing
    decisions: tuple[Decision, ...]


def read_histories(record: Record, store_ids: Iterable[str]) -> dict[str, History]:
    """Return what was decided about stores, by their ids; ids of no store that was loaded have no entry."""
    rows = record.stores(store_ids)
    standings = read_standings(record, {store_id: row.is_closed for store_id, row in rows.items()})
    entries = record.store_entries(rows)
    plans = record.plans_by_id(row.entry.plan_id for found in entries.values() for row in found if row.entry.plan_id)
    return {
        store_id: History(
            row, standings[store_id], tuple(_decision(sealed, plans) for sealed in entries.get(store_id, []))
        )
        for store_id, row in rows.items()
    }


def _decision(sealed: Sealed, plans: Mapping[str, Plan]) -> Decision:
    entry, body = sealed.entry, json.loads(sealed.entry.body)
    ring_id = body.get("ring_id")
    plan = plans.get(entry.plan_id or "")
    header = plan.header if plan else {}
    version = header.get("rings", {}).get(ring_id, {}).get("version")
    made = (sealed.n, moment_of(entry.at), entry.actor, entry.action)
    return Decision(*made, entry.plan_id, ring_id, version, header.get("run_id"), body.get("reason"))
