"""The list of rings as a queue, and the page of one ring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from ringwatch.api import answers, decisions
from ringwatch.api.siblings import desk_of
from ringwatch.db.decided import ExemptionInput
from ringwatch.db.times import micros
from ringwatch.db.view import Lineage, RingQuery
from ringwatch.model.casework import Case, CaseState, FlagAnswer, Subject
from ringwatch.model.enforcement import StoreRow
from ringwatch.model.errors import ConfigError
from ringwatch.model.judgements import OF_MEMBERS, OF_RINGS, Judgement, Verdict
from ringwatch.model.kinds import COUNTING_FAMILIES, EXEMPTION_REASONS
from ringwatch.model.rings import RingValue, Tier
from ringwatch.model.sentences import describe
from ringwatch.model.visibility import Act
from ringwatch.web.casework import Field, Typed, WorkFilter, asked_work, decide, flags_elsewhere, narrow
from ringwatch.web.drawing import Drawing, RingFacts, value_row
from ringwatch.web.pages import Call, Pages, SeeOther, Shown
from ringwatch.web.past import asked_run, draw_seen, lineage_until, pin_of, rings_then, see_ring
from ringwatch.web.timeline import Brush, asked_brush, draw_bars, sparkline

PAGE = 50
ORDERS = {
    "priority": "Priority",
    "tier": "Tier",
    "link": "One operator",
    "infringement": "Infringement",
    "size": "Sellers",
}
SPOKEN_SIZES = 8  # of versions; a longer row nobody listens to
SHOWN_KINDS = 4  # strongest values of a ring whose kinds its row names

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
    past = asked_run(call)
    run = view.run(who)
    work = asked_work(call) if past is None else WorkFilter()
    page = view.rings(who, narrow(call, query, work)) if past is None else rings_then(view, who, past, query)
    ids = [ring.ring_id for ring in page.rows]
    lineages = {ring_id: lineage_until(found, past) for ring_id, found in view.lineages(who, ids).items()}
    evidence = view.ring_evidence(who, ids, SHOWN_KINDS) if past is None else {}
    kinds = {ring_id: list(dict.fromkeys(part.kind for part in parts)) for ring_id, parts in evidence.items()}
    kept = [("run", past.run_id)] if past else []
    kept += [("tier", tier.value) for tier in query.tiers] + [("min", str(query.min_sellers))] * bool(query.min_sellers)
    kept += [("state", work.state)] * bool(work.state) + [("assignee", work.assignee)] * bool(work.assignee)
    kept += [("flagged", "1")] * work.is_flagged
    following = urlencode([*kept, ("sort", query.order), ("after", page.cursors[-1])]) if page.has_next else ""
    return pages.render(
        "rings.html",
        call,
        rings=page.rows,
        news={ring_id: _news(found) for ring_id, found in lineages.items()},
        kinds=kinds,
        growth={ring_id: _growth(found) for ring_id, found in lineages.items()},
        counts=pages.figures(call),
        run=run,
        past=past,
        pin=pin_of(past),
        asked=query,
        work=work,
        cases=view.cases(who, ids),
        no_case=Case(),
        states=list(CaseState),
        colleagues=call.asking().assignable(),
        elsewhere=flags_elsewhere(view, who) if work.is_flagged else [],
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


def _growth(lineage: Lineage | None) -> tuple[str, str]:
    """Return how a ring grew from version to version, as the points of a line and in words."""
    sizes = [len(version.members) for version in lineage.versions] if lineage else []
    return sparkline(sizes), ", ".join(str(size) for size in sizes[-SPOKEN_SIZES:])


def _news(lineage: Lineage | None) -> str:
    """Return the last thing that became of a ring, in few words."""
    if lineage is None or not lineage.events:
        return ""
    last = lineage.events[-1]
    grown = last.event.n_sellers - last.event.n_sellers_before
    by = f" {grown:+d}" if last.event.n_sellers_before and grown else ""
    return f"{last.event.change.value}{by} · {last.at:%d %b %Y}"


def show_ring(pages: Pages, call: Call, ring_id: str) -> str:
    """Return the page of a ring: its picture, everything in it as tables, and what can be done about it."""
    view, who = call.view, call.visit.who
    version, run = view.case_version(who), view.run(who)  # first: what is written meanwhile is newer than what was seen
    seen = see_ring(call, ring_id)
    ring, facts, past = seen.ring, seen.facts, seen.past
    lines = value_lines(facts)
    bars = draw_bars((row.registered_at for row in facts.sellers.values()), (store.opened_at for store in facts.stores))
    brush = asked_brush(call.param("from"), call.param("to"))
    drawing = draw_seen(call, seen)
    gone = left_out(drawing, brush)
    fallen, asked_value = _what_if(call, ring_id) if past is None else (None, "")
    return pages.render(
        "ring.html",
        call,
        ring=ring,
        tier_words=TIER_WORDS[ring.tier],
        facts=facts,
        seen=seen,
        past=past,
        pin=pin_of(past),
        drawing=drawing,
        brush=brush,
        brushed=brush.span(bars),
        gone=gone,
        n_gone=sum(key.startswith("seller:") for key in gone),
        holders={line.row: holders_of(facts, line) for line in lines},
        lines=lines,
        bars=bars,
        stores=_by_seller(facts.stores),
        why={
            m.seller_id: [describe(part) for part in facts.evidence.get(m.seller_id, ()) if part.score]
            for m in facts.members
        },
        lineage=lineage_until(view.lineage(who, ring_id), past),
        version=version,
        case=view.cases(who, [ring_id]).get(ring_id, Case()),
        colleagues=call.asking().assignable(),
        states=list(CaseState),
        answers=list(FlagAnswer),
        may_note=past is None and call.visit.may(Act.NOTE) and call.serving.desk is not None,
        may_answer=past is None and call.visit.may(Act.ANSWER) and call.serving.desk is not None,
        judgements=[row for row in view.judgements(who) if row.judgement.ring_id == ring_id],
        n_open=sum(not store.is_closed for store in facts.stores),
        fallen=fallen,
        chosen=[f"seller:{seller_id}" for seller_id in fallen.fallen] if fallen else [],
        asked_value=asked_value,
        choices=[f"{line.value.kind}:{line.value.value}" for line in lines if not line.value.is_hub],
        may_judge=past is None and call.visit.may(Act.JUDGE) and call.serving.desk is not None,
        may_exempt=past is None and call.visit.may(Act.EXEMPT) and call.serving.desk is not None,
        exemption_reasons=EXEMPTION_REASONS,
        exempt={(row.kind, row.value) for row in view.exemptions(who, pages.now(view))},
        ring_verdicts=OF_RINGS,
        member_verdicts=OF_MEMBERS,
        run=run,
        since=micros(run.finished_at) if run else 0,
    )


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


def left_out(drawing: Drawing, brush: Brush) -> set[str]:
    """Return the keys of marks that the months chosen leave out: values too that no seller shown uses."""
    if not brush.is_set:
        return set()
    gone = {mark.key for mark in drawing.marks if mark.what != "value" and not brush.has(mark.months)}
    used = {link.other for link in drawing.links if drawing.marks[link.one].key not in gone}
    return gone | {mark.key for n, mark in enumerate(drawing.marks) if mark.what == "value" and n not in used}


def holders_of(facts: RingFacts, line: ValueLine) -> list[str]:
    """Return the members that use a value, as keys of their marks."""
    held = facts.holders().get((line.value.kind, line.value.value), {})
    return [f"seller:{seller_id}" for seller_id in held]


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


def judge(pages: Pages, call: Call, ring_id: str) -> Shown:
    """Keep a verdict and lead back to the ring."""
    call.check(Act.JUDGE)
    form, page = call.form, f"/rings/{quote(ring_id, safe='')}"
    verdict, seller_id, reason = _verdict(form.get("verdict", "")), form.get("seller", ""), form.get("reason", "")
    draft = Judgement(ring_id, seller_id, verdict, (), reason, call.visit.name or None)
    judgement = decisions.complete_judgement(call.view, call.visit.who, draft)
    at = desk_of(call.asking()).clock(call.view)
    fields = (
        Field("seller", seller_id),
        Field("verdict", verdict, f"Seller {seller_id} is" if seller_id else "The ring is", _verdicts(seller_id)),
        Field("reason", reason, "Why"),
    )
    typed = Typed(Subject(ring_id, seller_id), f"{page}/judge", fields, f"{page}#judgements")
    return decide(pages, call, typed, lambda writer, seen: writer.judge(judgement, at, seen))


def exempt(pages: Pages, call: Call, ring_id: str) -> Shown:
    """Call a value innocent from the next run on, and lead back to what that changes."""
    call.check(Act.EXEMPT)
    form, page = call.form, f"/rings/{quote(ring_id, safe='')}"
    kind, text = split_value(form.get("value", ""))
    reason, note, until = (form.get(name, "") for name in ("reason", "note", "until"))
    at = desk_of(call.asking()).clock(call.view)
    draft = ExemptionInput(kind, text, "", reason, call.visit.name or None, note, _day(until))
    exemption = decisions.complete_exemption(call.view, call.visit.who, draft, call.serving.secret_key, at)
    value = f"{exemption.kind}:{exemption.value}"
    fields = (
        Field("value", value),
        Field("reason", reason, f"{value} is innocent, it is", EXEMPTION_REASONS),
        Field("note", note, "Note"),
        Field("until", until, "Until, or empty for good"),
    )
    about = Subject(ring_id, value=(exemption.kind, exemption.value))
    typed = Typed(about, f"{page}/exempt", fields, f"{page}?{urlencode({'innocent': value})}")
    return decide(pages, call, typed, lambda writer, seen: writer.exempt(exemption, at, ring_id, seen))


def _verdicts(seller_id: str) -> tuple[str, ...]:
    return OF_MEMBERS if seller_id else OF_RINGS


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
