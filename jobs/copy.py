"""The command that moves everything from one database into another, as from a laptop's trial to a server."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.screen import Screen, add_rows, table
from ringwatch.model.visibility import Act

if TYPE_CHECKING:
    from ringwatch.db.copy import Copied

DIFFERS_STATUS = 1

FromOption = Annotated[str, typer.Option("--from", metavar="URL", help="The database to read.", show_default=False)]
ToOption = Annotated[
    str, typer.Option("--to", metavar="URL", help="An empty one, made where it is missing.", show_default=False)
]


def copy(call: Call, source: FromOption, target: ToOption) -> int:
    """Copy all that a database holds into an empty one, and compare both row by row."""
    from ringwatch.db.copy import copy_database

    replace(call, database=source).admit(Act.READ)
    began = time.perf_counter()
    copied = copy_database(source, target)
    seconds = time.perf_counter() - began
    answer = {
        "tables": dict(copied.n_rows),
        "equal": not copied.differing,
        "differing": list(copied.differing),
        "seconds": seconds,
    }
    call.screen.answer(answer, lambda screen: _draw(screen, copied, seconds))
    return DIFFERS_STATUS if copied.differing else 0


def _draw(screen: Screen, copied: "Copied", seconds: float) -> None:
    rows = [(name, n) for name, n in copied.n_rows.items() if n]
    screen.say(add_rows(table("table", "#rows"), rows), "")
    if copied.differing:
        screen.say(
            f"Not the same on both sides: {', '.join(copied.differing)}. Let nobody write there, and copy again."
        )
    else:
        screen.say(f"{sum(copied.n_rows.values()):,} rows in {seconds:,.1f} s, the same on both sides.")


COPY = Command(
    "copy",
    copy,
    "Keep",
    ("ringwatch copy --from sqlite:///ringwatch.db --to neo4j://neo4j@localhost",),
    interrupted="the same command begins the copy anew",
    act=None,
)
