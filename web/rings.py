"""The list of rings as a queue, and the page of one ring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from ringwatch.api import answers, decisions
from ringwatch.db.decided import ExemptionInput
from ringwatch.db.view import Lineage, RingQuery, RingRow, View
from ringwatch.model.enforcement import StoreRow
from ringwatch.model.errors import ConfigError, RefusedError
from ringwatch.model.judgements import OF_MEMBERS, OF_RINGS, Judgement, Verdict
from ringwatch.model.kinds import COUNTING_FAMILIES, EXEMPTION_REASONS
from ringwatch.model.rings import RingValue, Tier
from ringwatch.model.sentences import describe
from ringwatch.model.visibility import Act, Visibility
from ringwatch.web.drawing import Drawing, RingFacts, draw, value_row
from ringwatch.web.pages import Call, NotFoundError, Pages, SeeOther
from ringwatch.web.timeline import draw_bars
from ringwatch.web.veil import veil

PAGE = 50
ORDERS = {
    "priority": "Priority",
    "tier": "Tier",
    "link": "One operator",
    "infringement": "Infringement",
    "size": "Sellers",
}
SHOWN_KINDS = 4  # strongest values of a ring whose kinds its row names
KEPT_DRAWINGS = 256  # some 50 KB each

TIER_WORDS = {
    Tier.CLOSE: "surely one operator",
    Tier.REVIEW: "probably one operator, a person decides",
    Tier.LEAD: "perhaps one operator, a trace to follow",
}


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A shared value in the evidence table. ``strength``: the sum of what it adds to the members, in log-odds."""

    value: RingValue
    row: str
    shown: str
    n_members: int
    strength: float
    counts: bool


def list_rings(pages: Pages, call: Call) -> str:
    """Return the queue: rings that pass the filters, those first that most is to be won from."""
    query = asked_rings(call, PAGE)
    view, who = call.view, call.visit.who
    if call.param("q"):
        raise SeeOther(f"/search?{urlencode({'q': call.param('q')})}")
    run = view.run(who)
    page = view.rings(who, query)
    ids = [ring.ring_id for ring in page.rows]
    lineages = view.lineages(who, ids)
    evidence = view.ring_evidence(who, ids, SHOWN_KINDS)
    kinds = {ring_id: list(dict.fromkeys(part.kind for part in parts)) for ring_id, parts in evidence.items()}
    kept = [("tier", tier.value) for tier in query.tiers] + [("min", str(query.min_sellers))] * bool(query.min_sellers)
    following = urlencode([*kept, ("sort", query.order), ("after", page.cursors[-1])]) if page.has_next else ""
    return pages.render(
        "rings.html",
        call,
        rings=page.rows,
        news={ring_id: _news(found) for ring_id, found in lineages.items()},
        kinds=kinds,
        counts=view.counts(who),
        run=run,
        asked=query,
        orders={name: (words, urlencode([*kept, ("sort", name)])) for name, words in ORDERS.items()},
        following=following,
        all_tiers=list(Tier),
        tier_words=TIER_WORDS,
    )


def asked_rings(call: Call, first: int, orders: Mapping[str, str] = ORDERS) -> RingQuery:
    """Return which rings an address asks for; what it names and is none of ours is as if it were not there."""
    tiers = tuple(Tier(name) for name in call.params.get("tier", []) if name in set(Tier))
    order = call.param("sort") if call.param("sort") in orders else next(iter(orders))
    least = int(call.param("min")[:9]) if call.param("min").isdecimal() else 0
    return RingQuery(tiers, least, order, first, call.param("after") or None)


def _news(lineage: Lineage) -> str:
    """Return the last thing that became of a ring, in few words."""
    if not lineage.events:
        return ""
    last = lineage.events[-1]
    grown = last.event.n_sellers - last.event.n_sellers_before
    by = f" {grown:+d}" if last.event.n_sellers_before and grown else ""
    return f"{last.event.change.value}{by} · {last.at:%d %b %Y}"


def show_ring(pages: Pages, call: Call, ring_id: str) -> str:
    """Return the page of a ring: its picture, everything in it as tables, and what can be done about it."""
    view, who = call.view, call.visit.who
    ring = find_ring(view, who, ring_id)
    facts = read_facts(view, who, ring_id)
    lines = value_lines(facts)
    fallen, asked_value = _what_if(call, ring_id)
    return pages.render(
        "ring.html",
        call,
        ring=ring,
        tier_words=TIER_WORDS[ring.tier],
        facts=facts,
        drawing=drawn(facts),
        lines=lines,
        bars=draw_bars(
            (row.registered_at for row in facts.sellers.values()), (store.opened_at for store in facts.stores)
        ),
        stores=_by_seller(facts.stores),
        why={
            m.seller_id: [describe(part) for part in facts.evidence.get(m.seller_id, ()) if part.score]
            for m in facts.members
        },
        lineage=view.lineage(who, ring_id),
        judgements=[row for row in view.judgements(who) if row.judgement.ring_id == ring_id],
        n_open=sum(not store.is_closed for store in facts.stores),
        fallen=fallen,
        chosen=[f"seller:{seller_id}" for seller_id in fallen.fallen] if fallen else [],
        asked_value=asked_value,
        choices=[f"{line.value.kind}:{line.value.value}" for line in lines if not line.value.is_hub],
        may_judge=call.visit.may(Act.JUDGE) and call.serving.desk is not None,
        may_exempt=call.visit.may(Act.EXEMPT) and call.serving.desk is not None,
        exemption_reasons=EXEMPTION_REASONS,
        exempt={(row.kind, row.value) for row in view.exemptions(who, pages.now(view))},
        ring_verdicts=OF_RINGS,
        member_verdicts=OF_MEMBERS,
        run=view.run(who),
    )


def find_ring(view: View, who: Visibility, ring_id: str) -> RingRow:
    """Return a ring of the current run; an id of before leads to what became of it. NotFoundError for any other."""
    ring = view.ring(who, ring_id)
    if ring is None:
        lineage = view.lineage(who, ring_id) if who.lens is None else None
        if lineage is not None and len(lineage.current) == 1:
            raise SeeOther(f"/rings/{quote(lineage.current[0], safe='')}")
        raise NotFoundError
    return ring


def read_facts(view: View, who: Visibility, ring_id: str) -> RingFacts:
    """Return what the page of a ring rests on."""
    members = view.members(who, ring_id).rows
    ids = [member.seller_id for member in members]
    values = view.ring_values(who, ring_id)
    displays = view.displays(who, [(value.kind, value.value) for value in values])
    evidence = view.evidence(who, ring_id)
    sellers, stores, is_masked = view.sellers(who, ids), view.stores_of(who, ids), who.lens is not None
    return RingFacts(ring_id, members, evidence, values, sellers, stores, displays, is_masked)


def value_lines(facts: RingFacts) -> list[ValueLine]:
    """Return the evidence table: what says most first, hubs last."""
    held = facts.holders()
    lines = []
    for value in facts.values:
        of = held.get((value.kind, value.value), {})
        shown = facts.shown((value.kind, value.value))
        row = value_row(value.kind, value.value)
        lines.append(ValueLine(value, row, shown, len(of), sum(of.values()), value.family in COUNTING_FAMILIES))
    return sorted(lines, key=lambda line: (line.value.is_hub, -line.strength, line.value.kind, line.value.value))


def drawn(facts: RingFacts) -> Drawing:
    """Return the picture of a ring, the one that is kept where nothing in it changed."""
    picture = _drawn(_Keyed(orjson.dumps(_told(facts)), facts))
    return veil(picture, facts) if facts.is_masked else picture


@dataclass(frozen=True, slots=True)
class _Keyed:
    """Facts that are equal where the bytes that tell all of them are."""

    key: bytes
    facts: RingFacts = field(compare=False)


def _told(facts: RingFacts) -> dict[str, Any]:
    return {
        "members": list(facts.members),
        "evidence": dict(facts.evidence),
        "values": list(facts.values),
        "names": {seller_id: row.name for seller_id, row in facts.sellers.items()},
        "stores": list(facts.stores),
        "displays": [[*key, text] for key, text in facts.displays.items()],
    }


@lru_cache(KEPT_DRAWINGS)
def _drawn(keyed: _Keyed) -> Drawing:
    return draw(keyed.facts)


def _by_seller(stores: Sequence[StoreRow]) -> dict[str, list[StoreRow]]:
    found: dict[str, list[StoreRow]] = {}
    for store in stores:
        found.setdefault(store.seller_id, []).append(store)
    return found


def _what_if(call: Call, ring_id: str) -> tuple[answers.WhatIfRing | None, str]:
    """Return what would become of the ring without the value that the address names."""
    asked = call.param("innocent")
    if not asked:
        return None, ""
    kind, text = split_value(asked)
    fates = answers.what_if(call.asking(), kind, text)
    return next((fate for fate in fates.rings if fate.ring_id == ring_id), None), asked


def split_value(text: str) -> tuple[str, str]:
    """Return kind and value of KIND:VALUE; a kind of a marketplace's own takes two colons.

    >>> split_value("other:loyalty_card:17"), split_value("phone:+1")
    (('other:loyalty_card', '17'), ('phone', '+1'))
    """
    kind, _, value = text.partition(":")
    if kind == "other":
        name, _, value = value.partition(":")
        kind = f"other:{name}"
    if not value:
        raise ConfigError(f"value {text!r}: expected KIND:VALUE, such as phone:+15550100")
    return kind, value


def judge(_: Pages, call: Call, ring_id: str) -> str:
    """Keep a verdict and lead back to the ring."""
    call.check(Act.JUDGE)
    desk, form = call.serving.desk, call.form
    if desk is None:
        raise RefusedError("judge: nothing can be decided on this server; decide on the command line")
    draft = Judgement(
        ring_id,
        form.get("seller", ""),
        _verdict(form.get("verdict", "")),
        (),
        form.get("reason", ""),
        call.visit.name or None,
    )
    judgement = decisions.complete_judgement(call.view, call.visit.who, draft)
    with desk.open_writer(call.visit.name) as writer:
        writer.judge(judgement, desk.clock(call.view))
    raise SeeOther(f"/rings/{quote(ring_id, safe='')}#judgements")


def exempt(_: Pages, call: Call, ring_id: str) -> str:
    """Call a value innocent from the next run on, and lead back to what that changes."""
    call.check(Act.EXEMPT)
    desk, form = call.serving.desk, call.form
    if desk is None:
        raise RefusedError("exempt: nothing can be decided on this server; decide on the command line")
    kind, text = split_value(form.get("value", ""))
    at, until = desk.clock(call.view), _day(form.get("until", ""))
    draft = ExemptionInput(kind, text, "", form.get("reason", ""), call.visit.name or None, form.get("note"), until)
    exemption = decisions.complete_exemption(call.view, call.visit.who, draft, call.serving.secret_key, at)
    with desk.open_writer(call.visit.name) as writer:
        writer.exempt(exemption, at)
    innocent = urlencode({"innocent": f"{exemption.kind}:{exemption.value}"})
    raise SeeOther(f"/rings/{quote(ring_id, safe='')}?{innocent}")


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        raise ConfigError(f"until {text!r}: expected a date such as 2027-01-31; nothing was changed") from None


def _verdict(text: str) -> Verdict:
    try:
        return Verdict(text)
    except ValueError:
        raise ConfigError(f"verdict {text!r}: expected one of {', '.join(Verdict)}; nothing was changed") from None
