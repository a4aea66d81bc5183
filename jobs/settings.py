"""The command that shows and changes limits kept in the database."""

from typing import Annotated

import typer

from ringwatch.db.settings import SETTINGS, value_of
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.screen import add_rows, table
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import Act


def settings(
    call: Call,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The setting; all where left out.")] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="Its new value.")] = None,
) -> None:
    """Show the limits kept in the database, or change one."""
    from ringwatch.db.open import open_view, open_writer

    if name is not None and name not in SETTINGS:
        raise ConfigError(
            f"setting {name}: there is none of that name, expected {', '.join(SETTINGS)}; nothing was changed"
        )
    if name is not None and value is not None:
        text = str(SETTINGS[name].parse(value))
        call = call.admit(Act.SET)
        with open_view(call.url) as view:
            at = now(view)
        with open_writer(call.url, actor=call.doer) as writer:
            writer.change_setting(name, text, at)
    shown = [SETTINGS[name]] if name else list(SETTINGS.values())
    with open_view(call.url) as view:
        lines = [
            {"name": s.name, "value": value_of(view, s), "default": s.default, "meaning": s.meaning} for s in shown
        ]
    drawn = add_rows(table("setting", "#value", "#default", "meaning"), (tuple(line.values()) for line in lines))
    call.screen.answer({"settings": lines} if name is None else lines[0], lambda screen: screen.say(drawn))


SETTINGS_COMMAND = Command("settings", settings, "Keep", ("ringwatch settings", "ringwatch settings theta 2.5"))
