"""A made-up marketplace of two partners in which everything that one of them may not see says so.

Every id, name, text and value that the partner of ``OWN`` may not see holds the word of ``CANARY``, and every number
that it may not see is one of ``CANARY_NUMBERS``. Whatever it is sent must hold neither.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from ringwatch.db.decided import ExemptionInput
from ringwatch.db.view import ORDERS, RingQuery, View
from ringwatch.db.writer import Writer
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import Change, Detection, Evidence, Fit, Hub, Member, Ring, RingEvent, RingValue, Role, Tier
from ringwatch.model.tables import BATCH_SCHEMAS, WRITE_ORDER
from ringwatch.model.visibility import Visibility

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
CANARY = "canary"
CANARY_NUMBERS = re.compile(r"\.(?:987654|387654|876543)|(?<![\w.])(?:91,?734|40,?404)(?!\w)")
"""Scores, by what follows their point; holders and prices, whole: the id of a request has such digits by chance."""
OWN, OTHER, THIRD = "NF", "CANARY-Z", "CANARY-O"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def seller(n: int) -> str:
    """Return the id of a seller."""
    return f"S-canary-{n}"


def store(n: int, which: str = "a") -> str:
    """Return the id of a store of a seller."""
    return f"st-canary-{n}{which}"


def own_listing(n: int, store_id: str, brand: str, **given: Any) -> dict[str, Any]:
    """Return a listing of the partner's brand, of which it sees everything but whose it is."""
    shown = {"title": f"Nordfell parka {n}", "price": 41.5, "currency": "EUR", "url": f"https://market.example/{n}"}
    shown |= {"image_url": f"https://market.example/{n}.jpg", "image_hash": f"00000000000000f{n}", "listed_at": AT}
    return {"listing_id": f"nf-{n}", "store_id": store_id, "brand": brand, **shown, "extra": '{"canary": 1}', **given}


def other_listing(n: int, store_id: str, brand: str | None) -> dict[str, Any]:
    """Return a listing of another brand."""
    told = {"title": f"canary {n}", "price": 40404.0, "url": f"https://canary.example/{n}", "image_hash": f"canary{n}"}
    return {"listing_id": f"L-canary-{n}", "store_id": store_id, "brand": brand, **told}


def tables() -> dict[str, list[dict[str, Any]]]:
    """Return all that is loaded."""
    sellers = [
        {"seller_id": seller(n), "name": f"Canary Trading {n}", "legal_name": f"Canary {n} Ltd", "country": "CN"}
        for n in range(1, 8)
    ]
    stores = [
        {"store_id": store(n, which), "seller_id": seller(n), "name": f"Canary store {n}", "opened_at": AT}
        for n in range(1, 8)
        for which in "ab"
    ]
    listings = [
        own_listing(1, store(1), "Nordfell"),
        own_listing(2, store(1), "NORDFELL"),
        own_listing(3, store(2), "nf", removed_at=AT),
        own_listing(4, store(6), "\N{FULLWIDTH LATIN CAPITAL LETTER N}ordfell"),
        *(other_listing(n, store(1, "b"), "Canaryzephyr") for n in range(2)),
        *(other_listing(n + 10, store(4), "Canaryzephyr") for n in range(4)),
        other_listing(20, store(3), "Canaryotter"),
        other_listing(21, store(7), None),
    ]
    uses = [
        {"holder_id": seller(n), "kind": kind, "value": f"{kind} canary {group}", "display": f"canary {kind}"}
        for group, members in (("A", (1, 2, 3)), ("B", (4, 5)), ("C", (6, 1)))
        for n in members
        for kind in ("phone", "account", "address", "image_hash", "other:loyalty_card")[: 5 if group == "A" else 3]
    ]
    return {
        "brands": [
            {"brand_id": OWN, "name": "Nordfell", "aliases": "Nord Fell;NFL"},
            {"brand_id": OTHER, "name": "Canaryzephyr"},
            {"brand_id": THIRD, "name": "Canaryotter"},
        ],
        "sellers": sellers,
        "stores": stores,
        "listings": listings,
        "uses": uses,
        "authorisations": [{"brand_id": OTHER, "seller_id": seller(1)}],
        "notices": [
            {"notice_id": f"canary-{n}", "brand_id": OTHER, "store_id": store(n), "kind": "notice", "outcome": "upheld"}
            for n in range(1, 5)
        ],
    }


def make_ring(ring_id: str, group: str, members: Sequence[int], tier: Tier) -> Ring:
    """Return a ring whose members share what the tables say."""
    kinds = {"phone": "contact", "account": "payout", "address": "place"}
    if group == "A":
        kinds |= {"image_hash": "content", "other:loyalty_card": "other"}
    ids = tuple(sorted(seller(n) for n in members))

    def member(n: int) -> Member:
        fellows = tuple(i for i in ids if i != seller(n))
        parts = [
            Evidence(kind, family, f"{kind} canary {group}", 91734, fellows, 2.876543 - place)
            for place, (kind, family) in enumerate(kinds.items())
        ]
        parts.append(Evidence("prior", "other", "", 0, (), -2.876543))
        parts.append(Evidence("brands", "trade", "", 0, (), 0.876543))
        role = Role.OVERLAP if n == 1 else Role.CORE
        return Member(seller(n), tier, role, 0.987654, 4.387654, 0.876543, tuple(parts), n == 3, "canary rule")

    values = tuple(
        RingValue(kind, family, f"{kind} canary {group}", 91734, kind == "address") for kind, family in kinds.items()
    )
    return Ring(ring_id, tier, 0.987654, 0.876543, tuple(map(member, sorted(members))), values)


RINGS = (
    make_ring("R-canary-shared", "A", (1, 2, 3), Tier.CLOSE),
    make_ring("R-canary-other", "B", (4, 5), Tier.CLOSE),
    make_ring("R-canary-own", "C", (6, 1), Tier.REVIEW),
)
"""One ring lists both brands, one the other's alone, one the partner's alone but for a member that it shares."""


def fill(writer: Writer, given: Rows | None = None) -> None:
    """Load the tables and keep the rings, with what people decided about them."""
    rows = tables() if given is None else given
    load = writer.begin_load("canary source", AT, full=False)
    for table in WRITE_ORDER:
        if table in rows:
            writer.write(load, table, batch(table, rows[table]))
    writer.finish_load(load, AT)
    event = RingEvent("R-canary-shared", Change.BORN, (), 0, 3, "canary reason")
    hubs = (Hub("phone", "phone canary hub", 91734, "canary office"),)
    writer.save_run("run-1", Detection(RINGS, hubs, Fit(91734), AT, ("canary note",), (event,)), AT)
    members = tuple(member.seller_id for member in RINGS[0].members)
    writer.judge(Judgement("R-canary-shared", "", Verdict.CONFIRMED, members, "canary verdict", "canary judge"), AT)
    writer.exempt(ExemptionInput("phone", "phone canary A", "canary", "family", "canary owner", "canary note"), AT)


def batch(table: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a batch of a table."""
    schema = BATCH_SCHEMAS[table]
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


def everything(view: View, who: Visibility) -> dict[str, object]:
    """All that a partner is told, by the read that tells it."""
    rings = {order: view.rings(who, RingQuery(order=order)) for order in ORDERS}
    names = [ring.ring_id for ring in rings["tier"].rows]
    members = {name: view.members(who, name) for name in names}
    sellers = sorted({m.seller_id for page in members.values() for m in page.rows})
    pairs = [(m.ring_id, m.seller_id) for page in members.values() for m in page.rows]
    one_by_one = [
        (
            view.ring(who, n),
            view.evidence(who, n),
            view.ring_values(who, n),
            view.own_listings(who, n),
            view.hidden(who, n),
        )
        for n in names
    ]
    return {
        "rings": rings, "members": members, "each": one_by_one, "counts": view.counts(who), "run": view.run(who),
        "sellers": view.sellers(who, sellers), "ring_of": view.ring_of(who, sellers),
        "stores_of": view.stores_of(who, sellers), "rings_by_id": view.rings_by_id(who, names),
        "members_of": view.members_of(who, names, 2), "evidence_of": view.evidence_of(who, pairs),
        "ring_evidence": view.ring_evidence(who, names, 3), "displays": view.displays(who, [("phone", "x")]),
        "search": [view.search(who, text, 50) for text in ("ring", "seller", "nordfell", "nf", "parka", "canary", "4")],
    }  # fmt: skip


def leaks(sent: bytes) -> list[str]:
    """Return what stands in bytes that were sent and must not."""
    text = sent.decode("utf-8", "replace").lower()
    return [CANARY] * (CANARY in text) + CANARY_NUMBERS.findall(text)
