"""The command that shows the main job on a made-up marketplace: load, detect, and why a seller is in a ring."""

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.actor import actor_line, owner_hand
from ringwatch.jobs.answers import draw_rings, draw_why, ring_line, why_object
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.detect import Outcome, detect_object, draw_detect, find_and_keep
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.jobs.load import DEMO_SOURCE, load_into, load_object
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, count
from ringwatch.jobs.serve import PortOption
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Evidence
from ringwatch.model.visibility import FULL, ActorRole

if TYPE_CHECKING:
    from ringwatch.db.view import MemberRow, RingRow
    from ringwatch.graph_loader.load import LoadReport
    from ringwatch.model.enforcement import Actor

PARTNERS_BRAND = "B0000"  # the first of the made-up marketplace
N_SHOWN = 10  # rings; a screen holds them with the rest of the demo

NoServeOption = Annotated[bool, typer.Option("--no-serve", help="End when the rings are shown; serve no page.")]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo shows of its database; ``actors`` with their keys, which are nowhere else."""

    rings: Sequence["RingRow"]
    member: "MemberRow"
    evidence: Sequence[Evidence]
    actors: Sequence[tuple["Actor", str]]


def demo(call: Call, no_serve: NoServeOption = False, port: PortOption = 8000) -> None:
    """Load a made-up marketplace, find its rings, say why one seller is in one, and serve the page."""
    _make_anew(call)
    report = _load(call)
    outcome = find_and_keep(call)
    shown = _look(call, _add_actors(call))
    answer = {
        "database": call.shown_url,
        "load": load_object(report),
        "detect": detect_object(outcome),
        "rings": [ring_line(ring) for ring in shown.rings],
        "why": why_object(shown.member, shown.evidence),
        "actors": [{**actor_line(actor), "key": key} for actor, key in shown.actors],
    }
    call.screen.answer(answer, lambda screen: _draw(screen, call, (report, outcome, shown)))
    if no_serve:
        call.screen.suggest("Open the page", call.line("serve"))
    else:
        _serve(call, port)


def _make_anew(call: Call) -> None:
    """Put an empty database that is marked as the demo's in the place of what the demo made before.

    Raises:
        ConfigError: there is a database that the demo did not make.
    """
    from ringwatch.db.open import make_anew, open_writer

    if not _may_be_replaced(call):
        raise ConfigError(
            f"{call.shown_url}: was not made by the demo, or not by it alone, so it is left as it is;"
            " name another: ringwatch demo --database sqlite:///demo.db"
        )
    make_anew(call.url)
    with open_writer(call.url, create=True) as writer:
        writer.set_setting("is_demo", "1")


def _may_be_replaced(call: Call) -> bool:
    """Say whether there is no database yet, an empty one, or one that holds what the demo made alone."""
    from ringwatch.db.database import NoDatabaseError
    from ringwatch.db.open import open_view

    try:
        with open_view(call.url) as view:
            is_all_made_up = view.setting(FULL, "is_demo") == "1" and view.setting(FULL, "is_demo_added_to") != "1"
            return is_all_made_up or not view.counts(FULL)["sellers"]
    except NoDatabaseError:
        return True


def _load(call: Call) -> "LoadReport":
    from ringwatch.fixtures import market_folder
    from ringwatch.graph_loader.load import LoadConfig

    rejects = (
        Path(tempfile.gettempdir()) / "ringwatch-demo-rejects.csv"
    )  # there are none; the current folder stays clean
    return load_into(call, market_folder(), LoadConfig(DEMO_SOURCE, rejects=rejects))


def _add_actors(call: Call) -> "list[tuple[Actor, str]]":
    """Make one actor of each role known, so that what needs several people can be practised."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import ActorInput, add_actor

    wanted = [
        ActorInput(f"demo-{role.value}", role, PARTNERS_BRAND if role is ActorRole.PARTNER else None)
        for role in ActorRole
    ]
    with open_docket(call.url) as docket:
        return [add_actor(docket, actor, owner_hand(docket)) for actor in wanted]


def _look(call: Call, actors: "Sequence[tuple[Actor, str]]") -> Shown:
    """Return the rings, and of the surest one a member with its evidence."""
    from ringwatch.db.view import RingQuery

    with open_run(call) as (view, _):
        found = view.rings(FULL, RingQuery()).rows
        member = view.members(FULL, found[0].ring_id).rows[0]
        evidence = view.evidence(FULL, member.ring_id, [member.seller_id])
    return Shown(found, member, evidence.get(member.seller_id, ()), actors)


def _draw(screen: Screen, call: Call, parts: tuple["LoadReport", Outcome, Shown]) -> None:
    report, outcome, shown = parts
    tables = {name: counts.read for name, counts in report.tables.items()}
    _head(screen, "1. Load")
    screen.say(
        f"A made-up marketplace: {count(tables['sellers'], 'seller')}, {count(tables['listings'], 'listing')},"
        f" {count(report.read, 'row')} in all. Its values are kept plain: all of them are made up."
    )
    screen.say("")
    _head(screen, "2. Detect")
    draw_detect(screen, outcome)
    screen.say("")
    _head(screen, "3. Rings")
    draw_rings(screen, call, shown.rings, N_SHOWN)
    screen.say("")
    _head(screen, "4. Why")
    draw_why(screen, shown.member, shown.evidence, {})  # made-up values are never hashed
    screen.say("")
    _head(screen, "5. Close")
    _draw_actors(screen, call, shown.actors)


def _draw_actors(screen: Screen, call: Call, actors: "Sequence[tuple[Actor, str]]") -> None:
    screen.say("One actor of each role was added; their keys are shown this once:", "")
    width = max(len(actor.name) for actor, _ in actors)
    for actor, key in actors:
        screen.out.print(f"  {actor.name:<{width}}  {key}", soft_wrap=True)  # a key is never folded: it is copied
    key = next(key for actor, key in actors if actor.role is ActorRole.INVESTIGATOR)
    line = f"RINGWATCH_KEY={key} {call.line('plan --tier close')}"
    screen.suggest("Propose to close stores; another approves the plan, with a key of its own", line)


def _head(screen: Screen, title: str) -> None:
    screen.out.print(title, style="bold underline")


def _serve(call: Call, port: int) -> None:
    from ringwatch.api.config import ServeConfig
    from ringwatch.api.serve import serve
    from ringwatch.web.app import make_app
    from ringwatch.web.visits import Ticket

    call.screen.say("", "The page opens at the address below; Ctrl-C ends it.")
    say: Any = call.screen.warn if call.screen.is_json else partial(print, flush=True)
    ticket = Ticket(secrets.token_urlsafe(16), f"demo-{ActorRole.INVESTIGATOR.value}")

    def say_ready(line: str) -> None:
        say(line)
        say(f"open it signed in as {ticket.actor}, once: {line.rpartition(' ')[2]}/sign-in?ticket={ticket.secret}")

    serve(
        ServeConfig(call.url, port=port, clock=now, read_trace=kept_trace), say_ready, partial(make_app, ticket=ticket)
    )


DEMO = Command(
    "demo",
    demo,
    "Start",
    ("ringwatch demo", "ringwatch demo --no-serve --database sqlite:///demo.db"),
    interrupted="the same command makes its database anew",
    act=None,
)
