"""Exemptions that the current run suggests: values that look innocent, each with its reason. A person decides."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.rings import Hub
from ringwatch.model.sentences import kind_words
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import View
    from ringwatch.jobs.answers import Displays

TERMINAL_ROWS = 50  # more suggestions scroll by unread; a pipe and --json have them all


def suggest_exemptions(call: Call, secret_key_file: Path | None) -> None:
    """List the values that look innocent and are not exempt, most holders first; nothing is changed."""
    with open_run(call) as (view, _):
        check_key(view, secret_key_file)
        found = _suggested(view)
        displays = view.displays(FULL, [(hub.kind, hub.value) for hub in found])
    answer = {"exemptions": [_line(hub) for hub in found]}
    call.screen.answer(answer, lambda screen: _draw(screen, call, found, displays))


def _suggested(view: "View") -> list[Hub]:
    exempt = {(row.kind, row.value) for row in view.exemptions(FULL, now(view))}
    return [hub for hub in view.hubs(FULL) if hub.exempt_as and (hub.kind, hub.value) not in exempt]


def _line(hub: Hub) -> dict[str, Any]:
    return {
        "kind": hub.kind,
        "value": hub.value,
        "reason": hub.exempt_as,
        "is_suggestion": True,
        "ground": hub.ground,
        "why": hub.reason,
        "n_holders": hub.n_holders,
    }


def _draw(screen: Screen, call: Call, found: Sequence[Hub], displays: "Displays") -> None:
    if not found:
        screen.say("No value of the current run looks innocent that is not exempt already.")
        return
    shown = found[:TERMINAL_ROWS] if screen.out.is_terminal else found
    drawn = table("kind", "value", "#sellers", "reason", "why")
    rows = (
        (kind_words(h.kind), displays.get((h.kind, h.value), h.value), h.n_holders, h.exempt_as, h.reason)
        for h in shown
    )
    screen.say(add_rows(drawn, rows), "")
    more = f" (the first {len(shown):,} are shown)" if len(shown) < len(found) else ""
    screen.say(f"{count(len(found), 'suggestion')}{more}; none is applied by itself. They link nobody as it is;")
    screen.say("an exemption also takes them out of every score.")
    first = found[0]
    line = f'{first.kind} "{displays.get((first.kind, first.value), first.value)}"'
    screen.suggest("See what hangs on one", call.line(f"what-if {line}"))
