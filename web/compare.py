"""A ring as of two runs: what came, what went and what stayed, on one picture, in a table, and version by version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ringwatch.db.view import EventRow, PastRun, VersionRow
from ringwatch.web.drawing import Drawing, Link, Mark, RingFacts
from ringwatch.web.pages import Call, NotFoundError, Pages
from ringwatch.web.past import asked_run, past_facts
from ringwatch.web.places import places_of
from ringwatch.web.rings_drawn import drawn

MOST_VERSIONS = 12  # small pictures in a row; of more the newest
ADDED, REMOVED, KEPT = "added", "removed", "kept"


@dataclass(frozen=True, slots=True)
class Moment:
    """A ring as of a run; without members where the run had none of that id."""

    run: PastRun
    version: int
    facts: RingFacts
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed; texts are "" where there is nothing to say."""

    what: str
    name: str
    change: str
    before: str = ""
    after: str = ""


def compare(pages: Pages, call: Call, ring_id: str) -> str:
    """Return the page that compares a ring as of two runs; NotFoundError where neither had it."""
    lineage = call.view.lineage(call.visit.who, ring_id)
    if lineage is None or not lineage.versions:
        raise NotFoundError
    versions = lineage.versions
    low, high = _asked(call, versions)
    before, after = (see_moment(call, ring_id, run) for run in (low, high))
    if not (before.version or after.version):
        raise NotFoundError
    return pages.render(
        "compare.html",
        call,
        ring_id=ring_id,
        before=before,
        after=after,
        drawing=overlaid(before, after),
        differences=differences(before.facts, after.facts),
        events=_between(lineage.events, low, high),
        versions=versions,
        small=[(v, see_moment(call, ring_id, _run(call, v.run_id)).drawing) for v in versions[-MOST_VERSIONS:]],
    )


def _asked(call: Call, versions: Sequence[VersionRow]) -> tuple[PastRun, PastRun]:
    """Return the runs that the address names, the older one first; else those of the last two versions."""
    former = versions[max(len(versions) - 2, 0)]
    runs = [
        asked_run(call, name) or _run(call, version.run_id)
        for name, version in (("from", former), ("to", versions[-1]))
    ]
    low, high = sorted(runs, key=lambda run: run.n)
    return low, high


def _run(call: Call, run_id: str) -> PastRun:
    run = call.view.past_run(call.visit.who, run_id)
    if run is None:
        raise NotFoundError
    return run


def see_moment(call: Call, ring_id: str, run: PastRun) -> Moment:
    """Return a ring as of a run, drawn without stores: those are known as of today alone."""
    found = call.view.ring_at(call.visit.who, ring_id, run)
    if found is None:
        nothing = RingFacts(ring_id, (), {}, (), {}, (), {})
        return Moment(run, 0, nothing, drawn(nothing))
    facts = replace(past_facts(call.view, call.visit.who, found), stores=())
    known = places_of(call.serving, call.view, ring_id, found.since.n) if found.is_whole else {}
    return Moment(run, found.since.n, facts, drawn(facts, known))


def overlaid(before: Moment, after: Moment) -> Drawing:
    """Return one picture of both: what stayed stands where it is now, what went where it was.

    Marks and links say by their class whether they were added, removed or kept. A value that is drawn together with
    other ones than before has stayed all the same.
    """
    was, now = _things(before.facts), _things(after.facts)
    marks = [_classed(mark, KEPT if mark.key in was else ADDED) for mark in after.drawing.marks]
    marks += [_classed(mark, REMOVED) for mark in before.drawing.marks if mark.key not in now]
    number = {mark.key: n for n, mark in enumerate(marks)}
    links = {ends: (link, KEPT if ends in was else ADDED) for ends, link in _ends(after.drawing).items()}
    gone = {ends: (link, REMOVED) for ends, link in _ends(before.drawing).items() if ends not in now}
    classed = [
        replace(link, one=number[one], other=number[other], what=f"{link.what} {change}")
        for (one, other), (link, change) in {**gone, **links}.items()
        if one in number and other in number
    ]
    boxes = [moment.drawing.box for moment in (before, after) if moment.drawing.marks]
    return Drawing(tuple(marks), tuple(classed), _around(boxes))


def _things(facts: RingFacts) -> set[object]:
    """Return keys of the marks that all sellers and values would have, and the pairs of them that are linked."""
    sellers = {f"seller:{member.seller_id}" for member in facts.members}
    held = facts.holders()
    values = {f"value:{value.kind}:{value.value}" for value in facts.values}
    pairs = {(f"seller:{s}", f"value:{kind}:{value}") for (kind, value), of in held.items() for s in of}
    return {*sellers, *values, *pairs}


def _ends(drawing: Drawing) -> Mapping[tuple[str, str], Link]:
    return {(drawing.marks[link.one].key, drawing.marks[link.other].key): link for link in drawing.links}


def _classed(mark: Mark, change: str) -> Mark:
    badge = {ADDED: "+", REMOVED: "−"}.get(change, "")  # noqa: RUF001 (a minus sign, as wide as the plus)
    return replace(mark, classes=f"{mark.classes} {change}", spoken=f"{change}: {mark.spoken}", badge=badge)


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    left, top = (min(box[n] for box in boxes) for n in (0, 1))
    right, bottom = (max(box[n] + box[n + 2] for box in boxes) for n in (0, 1))
    return (left, top, right - left, bottom - top)


def differences(before: RingFacts, after: RingFacts) -> list[Difference]:
    """Return what changed: sellers that joined and left, tiers and scores that moved, values that came and went."""
    was, now = ({m.seller_id: m for m in facts.members} for facts in (before, after))
    names = {i: row.name or i for facts in (before, after) for i, row in facts.sellers.items()}
    found = []
    for seller_id in sorted(was.keys() | now.keys()):
        told = [
            f"{m.tier.value}, {m.link_score:.2f} / {m.infringement_score:.2f}" if m else ""
            for m in (was.get(seller_id), now.get(seller_id))
        ]
        if told[0] != told[1]:
            change = ADDED if not told[0] else REMOVED if not told[1] else "changed"
            found.append(Difference("seller", names.get(seller_id, seller_id), change, *told))
    return found + _values(before, after)


def _values(before: RingFacts, after: RingFacts) -> list[Difference]:
    was, now = ({(v.kind, v.value): v for v in facts.values} for facts in (before, after))
    found = []
    for key in sorted(was.keys() | now.keys()):
        told = [
            f"{'hub, ' if value.is_hub else ''}{len(facts.holders().get(key, ()))} members" if value else ""
            for facts, value in ((before, was.get(key)), (after, now.get(key)))
        ]
        if told[0] != told[1]:
            change = ADDED if not told[0] else REMOVED if not told[1] else "changed"
            shown = (after if key in now else before).shown(key)
            found.append(Difference(key[0], shown, change, *told))
    return found


def _between(events: Sequence[EventRow], low: PastRun, high: PastRun) -> list[EventRow]:
    return [row for row in events if low.at < row.at <= high.at]
