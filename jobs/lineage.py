"""The commands that tell what became of rings from run to run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import EventRow, Lineage, VersionRow

AnyRingArgument = Annotated[
    str, typer.Argument(metavar="RING_ID", help="A ring of any run, also one that is no more.", show_default=False)
]
SinceOption = Annotated[
    str, typer.Option("--since", metavar="RUN_ID", help="A run; what later runs changed is told.", show_default=False)
]


def lineage(call: Call, ring_id: AnyRingArgument) -> None:
    """Say what became of a ring, and what it was: born, grew, shrank, merged, split, dissolved, closed, returned."""
    with open_run(call) as (view, _):
        found = view.lineage(FULL, ring_id)
    if found is None:
        raise ConfigError(f"ring {ring_id}: no run ever gave that id; list the rings with: {call.line('rings')}")
    answer = {
        "ring_id": ring_id,
        "current": list(found.current),
        "events": [event_line(row) for row in found.events],
        "versions": [_version_line(row) for row in found.versions],
    }
    call.screen.answer(answer, lambda screen: _draw_lineage(screen, call, found))


def event_line(row: "EventRow") -> dict[str, Any]:
    """Return one event as every answer gives it."""
    return {
        "run_id": row.run_id,
        "at": row.at.isoformat(),
        "ring_id": row.event.ring_id,
        "event": row.event.change,
        "ring_ids": list(row.event.ring_ids),
        "n_sellers_before": row.event.n_sellers_before,
        "n_sellers": row.event.n_sellers,
        "reason": row.event.reason,
    }


def _version_line(row: "VersionRow") -> dict[str, Any]:
    return {
        "version": row.n,
        "run_id": row.run_id,
        "at": row.at.isoformat(),
        "tier": row.tier,
        "n_sellers": len(row.members),
        "link_score": row.link_score,
        "infringement_score": row.infringement_score,
        "evidence_digest": row.evidence_digest,
        "members": [
            {
                "seller_id": member.seller_id,
                "tier": member.tier,
                "role": member.role,
                "link_score": member.link_score,
                "infringement_score": member.infringement_score,
            }
            for member in row.members
        ],
    }


def _draw_lineage(screen: Screen, call: Call, found: "Lineage") -> None:
    head = Text.assemble("Ring ", (found.ring_id, "bold"))
    if found.current == (found.ring_id,):
        screen.say(head.append(" is a ring of the current run."), "")
    elif found.current:
        screen.say(head.append(f" is no more; its sellers are in {', '.join(found.current)}."), "")
    else:
        screen.say(head.append(" is no more, and no ring holds its sellers."), "")
    drawn = table("when", "what", "#sellers before", "#after", "why")
    screen.say(add_rows(drawn, ((f"{row.at:%Y-%m-%d %H:%M}", *_words(row)) for row in found.events)))
    if found.versions:
        drawn = table("version", "since", "tier", "#sellers", "#link score", "#infringement score", "evidence")
        screen.say("", add_rows(drawn, map(_version_words, found.versions)))
        screen.say("A version is kept where members, tiers, scores or evidence changed; --json has its members.")
    if found.current:
        screen.suggest("Look into it", call.line(f"ring {found.current[0]}"))


def _words(row: "EventRow") -> tuple[object, ...]:
    event = row.event
    return (event.change.value, event.n_sellers_before, event.n_sellers, event.reason)


def _version_words(row: "VersionRow") -> tuple[object, ...]:
    scores = (row.link_score, row.infringement_score)
    return (row.n, f"{row.at:%Y-%m-%d %H:%M}", row.tier.value, len(row.members), *scores, row.evidence_digest)


def changes(call: Call, since: SinceOption) -> None:
    """List what became of rings in all runs after one."""
    with open_run(call) as (view, run):
        found = view.changes(FULL, since)
    answer = {"since": since, "run_id": run.run_id, "changes": [event_line(row) for row in found]}
    call.screen.answer(answer, lambda screen: _draw_changes(screen, call, found))


def _draw_changes(screen: Screen, call: Call, found: Sequence["EventRow"]) -> None:
    if not found:
        screen.say("No ring changed since that run.")
        return
    drawn = table("when", "ring", "what", "#sellers before", "#after", "why")
    rows = ((f"{row.at:%Y-%m-%d %H:%M}", row.event.ring_id, *_words(row)) for row in found)
    screen.say(add_rows(drawn, rows))
    screen.suggest(f"{count(len(found), 'change')}. Follow one ring", call.line(f"lineage {found[0].event.ring_id}"))


_PANEL = "Read what was found"
LINEAGE = Command("lineage", lineage, _PANEL, ("ringwatch lineage RING_ID",))
CHANGES = Command("changes", changes, _PANEL, ("ringwatch changes --since RUN_ID",))
