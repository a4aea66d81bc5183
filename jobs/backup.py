"""The command that copies the embedded database while others use it."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from ringwatch.jobs.command import Call, Command

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The copy to write.", show_default=False)]


def backup(call: Call, file: FileArgument) -> None:
    """Copy the database to a file while others read and write it."""
    from ringwatch.db.backup import back_up

    n_bytes = back_up(call.url, file)
    said = f"{file} holds all of {call.shown_url} at one moment ({n_bytes / 1e6:,.1f} MB). Read it"
    line = f"ringwatch rings --database {shlex.quote(f'sqlite:///{file}')}"
    call.screen.answer({"backup": str(file), "bytes": n_bytes}, lambda screen: screen.suggest(said, line))


BACKUP = Command("backup", backup, "Keep", ("ringwatch backup ringwatch-backup.db",))
