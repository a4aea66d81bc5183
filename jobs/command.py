"""A command of the command line: a function that takes a ``Call`` first, then its own arguments.

The options that every command takes (``--database``, ``--json``, ``--debug``) are written once, here, and reach the
function as its ``Call``.
"""

import functools
import inspect
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ringwatch.jobs.access import admit_to, owner_name
from ringwatch.jobs.failures import INTERRUPTED_STATUS
from ringwatch.jobs.screen import Screen
from ringwatch.model.visibility import Act

DEFAULT_DATABASE = "sqlite:///ringwatch.db"

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help=f"The database; else $RINGWATCH_DATABASE, else {DEFAULT_DATABASE}.",
        show_default=False,
        rich_help_panel="Every command",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object instead of text.", rich_help_panel="Every command"),
]
DebugOption = Annotated[
    bool,
    typer.Option("--debug", help="Show a traceback where something fails.", rich_help_panel="Every command"),
]
ActorKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        metavar="FILE",
        help="Your key, where the database has actors; else $RINGWATCH_KEY.",
        show_default=False,
        rich_help_panel="Every command",
    ),
]
KeyFileOption = Annotated[
    Path | None,
    typer.Option(
        "--secret-key-file",
        metavar="FILE",
        help="Key of the hashed personal values; else $RINGWATCH_SECRET_KEY_FILE.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Call:
    """What every command is called with: which database, and where its answer goes."""

    database: str | None  # as given; None where the default is meant
    screen: Screen
    key_file: Path | None = None  # the key of who runs it
    actor: str | None = None  # who runs it, None where the database asks nobody

    def admit(self, act: Act) -> "Call":
        """Return the call with who runs it; RefusedError where they may not do that."""
        actor = admit_to(self.url, self.key_file, act)
        return replace(self, actor=actor.name) if actor else self

    @property
    def url(self) -> str:
        """The database that is meant."""
        return self.database or os.environ.get("RINGWATCH_DATABASE") or DEFAULT_DATABASE

    @property
    def doer(self) -> str:
        """Who the ledger says runs it: the actor, else whoever is at the terminal."""
        return self.actor or owner_name()

    @property
    def shown_url(self) -> str:
        """The database as messages name it: without its password."""
        from ringwatch.db.open import without_password

        return without_password(self.url)

    def line(self, arguments: str) -> str:
        """Return a command line on the same database as this one, to be shown as the next step."""
        return (
            f"ringwatch {arguments} --database {shlex.quote(self.shown_url)}"
            if self.database
            else f"ringwatch {arguments}"
        )


@dataclass(frozen=True, slots=True)
class Command:
    """A function and how it stands on the command line.

    ``examples`` are whole lines; ``panel`` is the heading under which the list of commands shows it; ``interrupted``
    says what holds after Ctrl-C and how to go on; ``act`` is what a role must allow, None where the function asks.
    """

    name: str
    function: Callable[..., int | None]
    panel: str
    examples: tuple[str, ...]
    interrupted: str = "nothing was changed; the same command starts anew"
    act: Act | None = Act.READ

    def join(self, app: typer.Typer) -> None:
        """Add the command to the command line."""
        doc = inspect.cleandoc(self.function.__doc__ or "")
        heading = "Example:" if len(self.examples) == 1 else "Examples:"
        text = f"{doc}\n\n\b\n" + "\n".join([heading, *(f"  {line}" for line in self.examples)])
        app.command(self.name, help=text, short_help=doc.splitlines()[0], rich_help_panel=self.panel)(self._entry())

    def _entry(self) -> Callable[..., int]:
        """Return the function that typer calls: own arguments first, then the options of every command."""
        own = list(inspect.signature(self.function, eval_str=True).parameters.values())[1:]
        shared = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, default, annotation in (
                ("database", None, DatabaseOption),
                ("is_json", False, JsonOption),
                ("is_debug", False, DebugOption),
                ("key_file", None, ActorKeyOption),
                ("context", None, typer.Context),
            )
        ]

        def entry(**given: Any) -> int:  # noqa: ANN401 (typer hands over what was declared)
            return self._run(_call(given), given)

        parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + shared
        functools.update_wrapper(entry, self.function)
        entry.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # (read by inspect)
        entry.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return entry

    def _run(self, call: Call, arguments: dict[str, Any]) -> int:
        try:
            admitted = call.admit(self.act) if self.act else call
            return self.function(admitted, **arguments) or 0
        except KeyboardInterrupt:
            call.screen.warn(f"ringwatch: interrupted; {self.interrupted}")
            return INTERRUPTED_STATUS


def _call(given: dict[str, Any]) -> Call:
    """Take the options of every command out of what was given; those before the command's name count too."""
    above = _contexts_above(given.pop("context"))
    database = given.pop("database") or next(filter(None, (context.params["database"] for context in above)), None)
    is_json = given.pop("is_json") or any(context.params["is_json"] for context in above)
    key_file = given.pop("key_file") or next(filter(None, (context.params["key_file"] for context in above)), None)
    given.pop("is_debug")  # read where the process ends, for a failure may come before a command is known
    return Call(database, Screen(is_json=is_json), key_file)


def _contexts_above(context: typer.Context) -> list[Any]:
    """Return the contexts of the groups that a command stands in, the nearest first."""
    above, parent = [], context.parent
    while parent is not None:
        above.append(parent)
        parent = parent.parent
    return above
