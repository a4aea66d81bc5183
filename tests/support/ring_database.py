"""A small real database with hand-made rings, written the way a load and a run write theirs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pyarrow as pa

from ringwatch.db.open import open_writer
from ringwatch.model.rings import Detection, Evidence, Fit, Member, Ring, RingValue, Role, Tier
from ringwatch.model.tables import BATCH_SCHEMAS

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def seller_ids(ring: int, n: int) -> list[str]:
    """Return the ids of the members of a ring, ascending."""
    return [f"S{ring:03d}-{place:04d}" for place in range(n)]


def make_ring(number: int, n_members: int, tier: Tier) -> Ring:
    """Return a ring whose members share one phone number and, every second one, one account."""
    ids = tuple(seller_ids(number, n_members))
    phone, account = f"+4930{number:07d}", f"DE{number:020d}"
    holders = ids[::2]

    def member(place: int, seller_id: str) -> Member:
        parts = [Evidence("phone", "contact", phone, n_members + 1, tuple(i for i in ids if i != seller_id), 3.5)]
        if seller_id in holders:
            fellows = tuple(i for i in holders if i != seller_id)
            parts.insert(0, Evidence("account", "payout", account, len(holders), fellows, 6.25))
        parts.append(Evidence("prior", "other", "", 0, (), -2.0))
        role = Role.CORE if seller_id in holders else Role.EXTENDED
        return Member(seller_id, tier, role, 0.99 - place / 10_000, 4.0, 0.8, tuple(parts), why_not_closer="")

    values = (
        RingValue("account", "payout", account, len(holders), is_hub=False),
        RingValue("phone", "contact", phone, n_members + 1, is_hub=False),
    )
    members = tuple(member(place, seller_id) for place, seller_id in enumerate(ids))
    return Ring(f"R{number:03d}", tier, 0.99 - number / 1_000, 0.5 + number / 1_000, members, values)


def fill(url: str, sizes: list[int]) -> list[Ring]:
    """Write sellers and rings of the given sizes, and one seller that is in none; return the rings in usual order."""
    tiers = (Tier.CLOSE, Tier.REVIEW, Tier.LEAD)
    rings = [make_ring(number, size, tiers[number % 3]) for number, size in enumerate(sizes)]
    rings.sort(key=lambda ring: (tiers.index(ring.tier), -ring.link_score, ring.ring_id))
    members = [member for ring in rings for member in ring.members]
    sellers = [*sorted(member.seller_id for member in members), "S-alone"]
    with open_writer(url, create=True) as writer:
        load = writer.begin_load("hand", AT, full=False)
        rows = [{"seller_id": i, "name": f"Trading {i}", "country": "DE"} for i in sellers]
        writer.write(load, "sellers", table("sellers", rows))
        rows = [{"store_id": f"st-{i}", "seller_id": i} for i in sellers]
        writer.write(load, "stores", table("stores", rows))
        rows = [
            {"holder_id": member.seller_id, "kind": part.kind, "value": part.value, "display": part.value}
            for member in members
            for part in member.evidence
            if part.value
        ]
        writer.write(load, "uses", table("uses", rows))
        writer.finish_load(load, AT)
        writer.save_run("run-1", Detection(tuple(rings), (), Fit(len(sellers)), AT), AT)
    return rings


def table(name: str, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Return rows as a batch of a table."""
    schema = BATCH_SCHEMAS[name]
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)
