"""What a partner explores: the rings that list its brand, and of each the part that is its own."""

from collections.abc import Sequence
from urllib.parse import urlencode

from ringwatch.alliance.flags import LONGEST_FLAG
from ringwatch.api.case_mutations import raise_flag
from ringwatch.db.view import RingRow, SearchHit
from ringwatch.model.casework import Flag
from ringwatch.model.rings import Tier
from ringwatch.model.visibility import Act
from ringwatch.web.pages import Call, NotFoundError, Pages, SeeOther
from ringwatch.web.past import find_ring, read_facts
from ringwatch.web.rings import PAGE, SHOWN_KINDS, TIER_WORDS, asked_rings, value_lines
from ringwatch.web.rings_drawn import drawn

HOME = "/partner/rings"
ORDERS = {"tier": "Tier", "link": "One operator", "size": "Sellers"}
"""What a partner's list can be sorted by: the orders of ``web.rings`` by what it is not shown are left out."""
MOST_HITS = 50


def list_rings(pages: Pages, call: Call) -> str:
    """Return the rings that list the partner's brand, or what a text finds among them."""
    view, who, text = call.view, call.visit.who, call.param("q").strip()
    asked = asked_rings(call, PAGE, ORDERS)
    page = view.rings(who, asked)
    kept = [("tier", tier.value) for tier in asked.tiers] + [("min", str(asked.min_sellers))] * bool(asked.min_sellers)
    following = urlencode([*kept, ("sort", asked.order), ("after", page.cursors[-1])]) if page.has_next else ""
    hits = list(view.search(who, text, MOST_HITS).rows) if text else []
    found = _found(call, hits)
    if len(found) == 1 and text:
        raise SeeOther(found[0][1])
    return pages.render(
        "partner_rings.html",
        call,
        rings=page.rows,
        parts=view.own_parts(who, [ring.ring_id for ring in page.rows]),
        kinds=_kinds(call, page.rows),
        counts=view.counts(who),
        run=view.run(who),
        brand=view.own_brand(who),
        asked=asked,
        orders={name: (words, urlencode([*kept, ("sort", name)])) for name, words in ORDERS.items()},
        following=following,
        all_tiers=list(Tier),
        tier_words=TIER_WORDS,
        text=text,
        found=found,
    )


def _kinds(call: Call, rings: Sequence[RingRow]) -> dict[str, list[str]]:
    evidence = call.view.ring_evidence(call.visit.who, [ring.ring_id for ring in rings], SHOWN_KINDS)
    return {ring_id: list(dict.fromkeys(part.kind for part in parts)) for ring_id, parts in evidence.items()}


def _found(call: Call, hits: Sequence[SearchHit]) -> list[tuple[SearchHit, str]]:
    """Return hits with their addresses; a seller stands on the page of its ring."""
    ring_of = call.view.ring_of(call.visit.who, [hit.id for hit in hits if hit.what == "seller"])
    return [
        (hit, f"{HOME}/{ring_of[hit.id]}#seller:{hit.id}" if hit.what == "seller" else f"{HOME}/{hit.id}")
        for hit in hits
    ]


def show_ring(pages: Pages, call: Call, ring_id: str) -> str:
    """Return the partner's part of a ring: its picture, what is in it as tables, and what was hidden and why."""
    view, who = call.view, call.visit.who
    ring = find_ring(view, who, ring_id)
    facts = read_facts(view, who, ring_id)
    stores: dict[str, list[str]] = {}
    for store in facts.stores:
        stores.setdefault(store.seller_id, []).append(store.store_id)
    return pages.render(
        "partner_ring.html",
        call,
        ring=ring,
        tier_words=TIER_WORDS[ring.tier],
        facts=facts,
        drawing=drawn(facts),
        lines=value_lines(facts),
        stores=stores,
        n_own={store.store_id: store.n_listings for store in facts.stores},
        listings=view.own_listings(who, ring_id),
        hidden=view.hidden(who, ring_id),
        run=view.run(who),
        flags=_flags(call, ring_id),
        longest=LONGEST_FLAG,
    )


def _flags(call: Call, ring_id: str) -> list[Flag]:
    """Return the brand's own flags on a ring and its part of it, newest first."""
    return [flag for flag in reversed(call.view.flags(call.visit.who)) if flag.entry.about.ring_id == ring_id]


def flag(_: Pages, call: Call, ring_id: str) -> str:
    """Keep a flag on the ring or something in it that the partner is shown, and lead back to the ring."""
    call.check(Act.FLAG)
    ring = find_ring(call.view, call.visit.who, ring_id)
    raise_flag(call.asking(), call.form.get("subject", "") or ring.ring_id, call.form.get("text", ""))
    raise SeeOther(f"{HOME}/{ring.ring_id}#flags")


def missing(_: Pages, __: Call) -> str:
    """Raise NotFoundError: what an address that leads nowhere shows."""
    raise NotFoundError
