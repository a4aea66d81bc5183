"""The commands that say who may act on a database: whoever owns the database may run them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.access import moment_of, owner_name
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import ActorRole

if TYPE_CHECKING:
    from ringwatch.db.docket import Docket
    from ringwatch.model.enforcement import Actor, Hand

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The actor.", show_default=False)]


def add(
    call: Call,
    name: NameArgument,
    role: Annotated[ActorRole, typer.Option("--role", help="What the actor may do.", show_default=False)],
    brand: Annotated[str | None, typer.Option("--brand", metavar="BRAND_ID", help="A partner's own brand.")] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE", help="When the key ends by itself (ISO 8601).")
    ] = None,
) -> None:
    """Make a person or a program known, and show its key this once."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import ActorInput, add_actor

    wanted = ActorInput(name, role, brand, _parse_expiry(expires))
    with open_docket(call.url) as docket:
        actor, key = add_actor(docket, wanted, owner_hand(docket))
    _show_key(call, actor, key)


def rotate(call: Call, name: NameArgument) -> None:
    """Give an actor another key, and show it this once; the former is good no more."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import rotate_key

    with open_docket(call.url) as docket:
        actor, key = rotate_key(docket, name, owner_hand(docket))
    _show_key(call, actor, key)


def revoke(call: Call, name: NameArgument) -> None:
    """Take the key of an actor back; what the actor did stays in the ledger."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import revoke_key

    with open_docket(call.url) as docket:
        actor = revoke_key(docket, name, owner_hand(docket))
    call.screen.answer(actor_line(actor), lambda screen: screen.say(f"The key of {name} is good no more."))


def list_actors(call: Call) -> None:
    """List who may act on this database."""
    from ringwatch.db.open import open_docket

    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        actors = record.actors()
    call.screen.answer({"actors": [actor_line(actor) for actor in actors]}, lambda screen: _draw(screen, call, actors))


def owner_hand(docket: "Docket") -> "Hand":
    """Return who is at the terminal, and the moment that counts for the database."""
    from ringwatch.model.enforcement import Hand

    return Hand(owner_name(), moment_of(docket))


def actor_line(actor: "Actor") -> dict[str, Any]:
    """Return what the answers tell of an actor."""
    return {
        "actor": actor.name,
        "role": actor.role,
        "brand_id": actor.brand_id,
        "key_prefix": actor.key_prefix,
        "added_by": actor.added_by,
        "added_at": actor.added_at.isoformat(),
        "expires_at": actor.expires_at.isoformat() if actor.expires_at else None,
        "revoked_at": actor.revoked_at.isoformat() if actor.revoked_at else None,
    }


def _show_key(call: Call, actor: "Actor", key: str) -> None:
    def draw(screen: Screen) -> None:
        screen.say(f"{actor.name}, {actor.role.value}. The key is shown this once:", "", key, "")
        screen.say("Keep it in a file that nobody else reads, and name that with --key-file; or in $RINGWATCH_KEY.")

    call.screen.answer({**actor_line(actor), "key": key}, draw)


def _draw(screen: Screen, call: Call, actors: "list[Actor]") -> None:
    if not actors:
        line = call.line("actor add NAME --role investigator")
        screen.suggest("No actor: the database belongs to whoever is at the terminal. Add the first one", line)
        return
    rows = ((a.name, a.role.value, a.brand_id, a.key_prefix, _end(a)) for a in actors)
    screen.say(add_rows(table("actor", "role", "brand", "key", "until"), rows), "", f"{count(len(actors), 'actor')}.")


def _end(actor: "Actor") -> str:
    if actor.revoked_at:
        return "revoked"
    return actor.expires_at.date().isoformat() if actor.expires_at else "taken back"


def _parse_expiry(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as failure:
        raise ConfigError(
            f"--expires {text!r}: is not an ISO 8601 date such as 2027-01-31; nothing was changed"
        ) from failure
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


_PANEL = ""
# Whoever can open the database file, or holds the password of the server, can do this: the key is what it gives.
COMMANDS = (
    Command("add", add, _PANEL, ("ringwatch actor add ann --role investigator",), act=None),
    Command("list", list_actors, _PANEL, ("ringwatch actor list",), act=None),
    Command("rotate", rotate, _PANEL, ("ringwatch actor rotate ann",), act=None),
    Command("revoke", revoke, _PANEL, ("ringwatch actor revoke ann",), act=None),
)
