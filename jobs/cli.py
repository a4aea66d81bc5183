"""The command ``ringwatch``: all commands under one root, and the one place that ends the process."""

import os
import sys
from dataclasses import dataclass
from typing import Annotated, Any

import typer

import ringwatch
from ringwatch.jobs import (
    actor,
    answers,
    appeal,
    backup,
    close,
    copy,
    demo,
    detect,
    doctor,
    evaluate,
    exemptions,
    export,
    judge,
    ledger,
    lineage,
    load,
    notice,
    outbox,
    plan,
    questions,
    reasons,
    screening,
    serve,
    settings,
    what_if,
)
from ringwatch.jobs.command import ActorKeyOption, Command, DatabaseOption, DebugOption, JsonOption
from ringwatch.jobs.failures import say_failure

COMMANDS: tuple[Command, ...] = (
    demo.DEMO,
    load.LOAD,
    detect.DETECT,
    answers.RINGS,
    answers.RING,
    answers.WHY,
    questions.WHY_NOT,
    questions.PATH,
    screening.SCREEN,
    what_if.WHAT_IF,
    lineage.LINEAGE,
    lineage.CHANGES,
    judge.JUDGE,
    exemptions.EXEMPT,
    exemptions.EXEMPTIONS,
    evaluate.EVALUATE,
    plan.PLAN,
    plan.PLANS,
    plan.APPROVE,
    plan.REJECT,
    close.CLOSE,
    close.UNDO,
    close.STORE,
    reasons.REASONS,
    appeal.REPLAY,
    outbox.OUTBOX,
    notice.NOTICES,
    notice.REPORTERS,
    serve.SERVE,
    backup.BACKUP,
    copy.COPY,
    settings.SETTINGS_COMMAND,
    doctor.DOCTOR,
)


SHAPE: dict[str, Any] = {
    "no_args_is_help": True,
    "rich_markup_mode": "rich",
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


def _say_version(is_asked: bool) -> None:
    if is_asked:
        sys.stdout.write(f"ringwatch {ringwatch.__version__}\n")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="Print the version and end.", callback=_say_version, is_eager=True)
]


def ringwatch_command(
    database: DatabaseOption = None,
    is_json: JsonOption = False,
    is_debug: DebugOption = False,
    key_file: ActorKeyOption = None,
    version: VersionOption = False,
) -> None:
    """Find the sellers that one operator runs, and say why.

    Start with `ringwatch demo`, or with `ringwatch load FOLDER` and then `ringwatch detect`.
    """


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one word, with the line of help of that word."""

    name: str
    help: str
    panel: str
    commands: tuple[Command, ...]

    def join(self, app: typer.Typer) -> None:
        """Add the group to the command line."""
        # without a sub-command it says so, as every wrong use does: with --json no help may stand on standard output
        group = typer.Typer(name=self.name, help=self.help, **{**SHAPE, "no_args_is_help": False})
        group.callback()(group_command)
        for command in self.commands:
            command.join(group)
        app.add_typer(group, rich_help_panel=self.panel)


GROUPS = (
    Group("export", "Write what was found to a file.", "Read what was found", (export.EXPORT_RINGS,)),
    Group("actor", "Say who may act on this database.", "Close", actor.COMMANDS),
    Group("appeal", "Hear what sellers say against a decision, and decide on it.", "Close", appeal.COMMANDS),
    Group("notice", "File a brand's notices, and decide on them.", "Alliance", notice.COMMANDS),
    Group("ledger", "Verify what was done, or write it to a file.", "Close", ledger.COMMANDS),
    Group("webhook", "Say where the marketplace is told.", "Close", outbox.COMMANDS),
)


def group_command(
    database: DatabaseOption = None,
    is_json: JsonOption = False,
    is_debug: DebugOption = False,
    key_file: ActorKeyOption = None,
) -> None:
    """Take the options of every command before the name of a sub-command."""


def build_app() -> typer.Typer:
    """Return the command line with all its commands."""
    app = typer.Typer(name="ringwatch", pretty_exceptions_enable=False, **SHAPE)
    app.callback()(ringwatch_command)
    for command in COMMANDS:
        command.join(app)
    for group in GROUPS:
        group.join(app)
    return app


def main() -> None:
    """Run the command that the process was started with and end the process with its status."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller (`>&-`): nobody wants to read it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 (as long as the process)
        getattr(sys, name).reconfigure(errors="backslashreplace")  # a terminal's encoding may be poor
    try:
        status = build_app()(prog_name="ringwatch", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone away (`| head`): nobody is left to tell, and the flush at exit must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except Exception as failure:  # noqa: BLE001 (the last catch: every failure ends as one line and a status)
        status = say_failure(failure, is_debug="--debug" in sys.argv)
    sys.exit(status)
