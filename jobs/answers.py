"""The commands that read the current run: rings, one ring, and why a seller is in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.reading import find_member, find_ring, open_run
from ringwatch.jobs.screen import Screen, add_rows, cell, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.rings import Evidence, Role, Tier, families_for
from ringwatch.model.sentences import describe, kind_words
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import MemberRow, RingRow, View

RingArgument = Annotated[str, typer.Argument(metavar="RING_ID", help="A ring of the current run.", show_default=False)]
SellerArgument = Annotated[str, typer.Argument(metavar="SELLER_ID", help="A seller, as loaded.", show_default=False)]

Displays = Mapping[tuple[str, str], str]
"""What a person reads in place of a (kind, value) that is kept as a hash."""

TERMINAL_ROWS = 200  # more rings scroll by unread; a pipe, --json and export have them all

TIER_MEANINGS = {
    Tier.CLOSE: "surely one operator",
    Tier.REVIEW: "probably one operator, a person decides",
    Tier.LEAD: "perhaps one operator, a trace to follow",
}


def rings(
    call: Call,
    tier: Annotated[Tier | None, typer.Option("--tier", help="Only rings of this tier.", show_default=False)] = None,
) -> None:
    """List the rings of the current run, surest first."""
    from ringwatch.db.view import RingQuery

    with open_run(call) as (view, run):
        found = view.rings(FULL, RingQuery(tiers=(tier,) if tier else ())).rows
    answer = {"run_id": run.run_id, "rings": [ring_line(ring) for ring in found]}
    n_shown = TERMINAL_ROWS if call.screen.out.is_terminal else None
    call.screen.answer(answer, lambda screen: draw_rings(screen, call, found, n_shown))


def ring_line(ring: "RingRow") -> dict[str, Any]:
    """Return a ring as `rings` lists it."""
    return {
        "ring_id": ring.ring_id,
        "tier": ring.tier,
        "n_sellers": ring.n_sellers,
        "link_score": ring.link_score,
        "infringement_score": ring.infringement_score,
    }


def draw_rings(screen: Screen, call: Call, found: Sequence["RingRow"], n_shown: int | None = None) -> None:
    """Draw rings as a table, and the command that opens the first."""
    if not found:
        screen.say("No rings. Either no operator runs several of these sellers, or nothing that links them was loaded.")
        return
    drawn = table("ring", "tier", "#sellers", "#link score", "#infringement score")
    shown = found[:n_shown]
    rows = ((r.ring_id, r.tier.value, r.n_sellers, r.link_score, r.infringement_score) for r in shown)
    screen.say(add_rows(drawn, rows))
    more = f" (the first {len(shown):,} are shown)" if len(shown) < len(found) else ""
    screen.suggest(f"{count(len(found), 'ring')}{more}. Look into one", call.line(f"ring {found[0].ring_id}"))


def ring(call: Call, ring_id: RingArgument, secret_key_file: KeyFileOption = None) -> None:
    """Show one ring: its members and the values that they share."""
    with open_run(call) as (view, _):
        check_key(view, secret_key_file)
        found = find_ring(call, view, ring_id)
        answer = ring_object(view, found)
        displays = view.displays(FULL, [(value["kind"], value["value"]) for value in answer["values"]])
    call.screen.answer(answer, lambda screen: draw_ring(screen, call, answer, displays))


def judgement_lines(view: "View", ring_id: str) -> list[dict[str, Any]]:
    """Return the judgements of a ring and of sellers and it, oldest first, as `ring` lists them."""
    return [
        {
            "judgement_id": row.judgement_id,
            "seller_id": row.judgement.seller_id or None,
            "verdict": row.judgement.verdict,
            "reason": row.judgement.reason,
            "owner": row.judgement.owner,
            "made_at": row.made_at.isoformat(),
        }
        for row in view.judgements(FULL)
        if row.judgement.ring_id == ring_id
    ]


def ring_object(view: "View", found: "RingRow") -> dict[str, Any]:
    """Return a ring with its members, values and judgements, as `ring` and the JSON export give it."""
    return {
        "ring_id": found.ring_id,
        "tier": found.tier,
        "link_score": found.link_score,
        "infringement_score": found.infringement_score,
        "members": [member_line(member) for member in view.members(FULL, found.ring_id).rows],
        "values": [
            {"kind": v.kind, "family": v.family, "value": v.value, "n_holders": v.n_holders, "is_hub": v.is_hub}
            for v in view.ring_values(FULL, found.ring_id)
        ],
        "judgements": judgement_lines(view, found.ring_id),
    }


def member_line(member: "MemberRow") -> dict[str, Any]:
    """Return a member as `ring` lists it."""
    return {
        "seller_id": member.seller_id,
        "tier": member.tier,
        "role": member.role,
        "link_score": member.link_score,
        "infringement_score": member.infringement_score,
    }


def draw_ring(screen: Screen, call: Call, answer: dict[str, Any], displays: Displays) -> None:
    """Draw a ring for a person; hashed values are shown masked."""
    tier = Tier(answer["tier"])
    head = Text.assemble("Ring ", (answer["ring_id"], "bold"), ": ", cell(tier.value), f", {TIER_MEANINGS[tier]}")
    screen.say(head)
    screen.say(f"link score {answer['link_score']:.3f}, infringement score {answer['infringement_score']:.3f}", "")
    members = table("seller", "tier", "role", "#link score", "#infringement score")
    rows = (
        (m["seller_id"], m["tier"].value, m["role"].value, m["link_score"], m["infringement_score"])
        for m in answer["members"]
    )
    screen.say(add_rows(members, rows))
    if answer["values"]:
        screen.say("", add_rows(table("shared value", "kind", "#sellers", ""), _value_rows(answer["values"], displays)))
    if any(value["is_hub"] for value in answer["values"]):
        screen.say("", "hub: its holders have little else in common, so it joins nobody by itself.")
    for judged in answer["judgements"]:
        by = f", {judged['owner']}" if judged["owner"] else ""
        screen.say("", f"Judged {judged['verdict']}: {judged['seller_id'] or 'the ring'} ({judged['reason']}{by})")
    say_masked(screen, displays)
    next_line = call.line(f"why {answer['members'][0]['seller_id']} {answer['ring_id']}")
    screen.suggest(f"{count(len(answer['members']), 'seller')}. Ask why one is in it", next_line)


def say_masked(screen: Screen, displays: Displays) -> None:
    """Say how to come by the text of masked values, where there are some."""
    if displays:
        screen.say("", "Values with dots are masked; --json gives the text that exempt and what-if take.")


def _value_rows(values: Sequence[dict[str, Any]], displays: Displays) -> Iterator[tuple[object, ...]]:
    for value in values:
        shown = displays.get((value["kind"], value["value"]), value["value"])
        yield shown, kind_words(value["kind"]), value["n_holders"], "hub" if value["is_hub"] else ""


def why(call: Call, seller_id: SellerArgument, ring_id: RingArgument, secret_key_file: KeyFileOption = None) -> None:
    """Say why a seller is in a ring: each part of its score in words, for and against."""
    with open_run(call) as (view, _):
        check_key(view, secret_key_file)
        member = find_member(call, view, ring_id, seller_id)
        evidence = view.evidence(FULL, ring_id, [seller_id]).get(seller_id, ())
        displays = displays_of(view, evidence)
    answer = why_object(member, evidence)
    call.screen.answer(answer, lambda screen: draw_why(screen, member, evidence, displays))


def displays_of(view: "View", evidence: Sequence[Evidence]) -> Displays:
    """Return what a person reads in place of the hashes among some evidence."""
    return view.displays(FULL, [(part.kind, part.value) for part in evidence if part.value])


def why_object(member: "MemberRow", evidence: Sequence[Evidence]) -> dict[str, Any]:
    """Return a membership with the parts that its score is the sum of."""
    return {
        "seller_id": member.seller_id,
        "ring_id": member.ring_id,
        "tier": member.tier,
        "link_score": member.link_score,
        "log_odds": member.log_odds,
        "evidence": [evidence_line(part) for part in evidence],
        "families": families_for(evidence),
    }


def evidence_line(part: Evidence) -> dict[str, Any]:
    """Return one part of a score as every answer gives it."""
    return {
        "kind": part.kind,
        "family": part.family,
        "value": part.value,
        "n_holders": part.n_holders,
        "sellers": list(part.sellers),
        "score": part.score,
    }


def draw_why(screen: Screen, member: "MemberRow", evidence: Sequence[Evidence], displays: Displays) -> None:
    """Draw a membership and its parts in words."""
    head = Text.assemble("Seller ", (member.seller_id, "bold"), " in ring ", (member.ring_id, "bold"), ": ")
    screen.say(head.append_text(cell(member.tier.value)).append(f", {TIER_MEANINGS[member.tier]}"))
    screen.say(f"Run by the operator of the ring with a probability of {chance(member.link_score)}.", "")
    draw_parts(screen, evidence, member.log_odds, displays)
    if member.why_not_closer:
        screen.say("", f"Why not a surer tier: {member.why_not_closer}.")
    if member.role is Role.OVERLAP:
        screen.say("", "It stands between this ring and another one, as an accountant or an agent of both does.")
    if member.is_fragile:
        screen.say("", "Fragile: without one of these values it would not be in the ring.")
    say_masked(screen, displays)


def chance(probability: float) -> str:
    """Return a probability as a person says it; nothing found in data is certain.

    >>> chance(0.99999), chance(0.5), chance(1e-9)
    ('more than 99.9 %', '50.0 %', 'less than 0.1 %')
    """
    if 0.001 <= probability <= 0.999:
        return f"{100 * probability:.1f} %"
    return "more than 99.9 %" if probability > 0.5 else "less than 0.1 %"


def draw_parts(screen: Screen, evidence: Sequence[Evidence], log_odds: float, displays: Displays) -> None:
    """Draw parts of a score as sentences with their points, and the sum; parts of no weight below it."""
    parts = [replace(part, value=displays.get((part.kind, part.value), part.value)) for part in evidence]
    drawn = table("#points", "because")
    for part in sorted((part for part in parts if part.score), key=lambda part: -part.score):
        style = "green" if part.score > 0 else "red"
        drawn.add_row(Text(f"{part.score:+.2f}", style=style), cell(describe(part)))
    drawn.add_section()
    drawn.add_row(Text(f"{log_odds:+.2f}", style="bold"), Text("in all"))
    screen.out.print(drawn)  # sentences fold, also in a pipe
    screen.say("", "Every 0.7 points for it double the odds; every 0.7 points against it halve them.")
    silent = [part for part in parts if not part.score]
    if silent:
        screen.say("", "Shared too, and not counted (a stronger tie of its family is, or it joins nobody):")
        screen.say(*(f"  {kind_words(part.kind)} {part.value}, {part.n_holders:,} sellers" for part in silent))


_PANEL = "Read what was found"
RINGS = Command("rings", rings, _PANEL, ("ringwatch rings --tier close",))
RING = Command("ring", ring, _PANEL, ("ringwatch ring RING_ID",))
WHY = Command("why", why, _PANEL, ("ringwatch why SELLER_ID RING_ID",))
