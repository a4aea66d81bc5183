"""Where answers go: one JSON object or text on standard output; progress, warnings and errors on standard error."""

import io
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

LOG_INTERVAL_S = 10.0  # between two lines of progress where no terminal shows a bar
PIPE_WIDTH = 2000  # a table that goes to a file or another program is never folded
TIER_STYLES = {"close": "bold red", "review": "yellow", "lead": "cyan"}

Progress = Callable[[str, int, int], None]
"""Told a step, how much of it is done, and the whole."""


class Screen:
    """Standard output and standard error of one command."""

    def __init__(self, *, is_json: bool) -> None:
        self.is_json = is_json
        # Values come from sellers: no markup, emoji codes or links are read in them.
        self.out = Console(markup=False, highlight=False, emoji=False)
        self.err = Console(stderr=True, markup=False, highlight=False, emoji=False)

    def answer(self, answer: Mapping[str, Any], draw: Callable[["Screen"], None]) -> None:
        """Print the answer as JSON, or have it drawn for a person."""
        if not self.is_json:
            draw(self)
            return
        import orjson

        sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")

    def say(self, *parts: RenderableType) -> None:
        """Print a line or a table for a person; nothing with ``--json``."""
        for part in parts:
            if self.is_json:
                continue
            if isinstance(part, str):
                self.out.print(Text(printable(part)))
            elif isinstance(part, Table) and not self.out.is_terminal:
                if part.box:
                    part.box = part.box.substitute(self.out.options)  # plain characters where no others can be shown
                self.out.file.write(_unfolded(part))
            else:
                self.out.print(part)

    def suggest(self, why: str, line: str) -> None:
        """Print a command to go on with, whole on a line of its own so that it can be copied."""
        if not self.is_json:
            self.say("", f"{why}:")
            self.out.print(Text(f"  {line}", style="bold"), soft_wrap=True)

    def warn(self, message: str) -> None:
        """Print a line on standard error, with ``--json`` too."""
        self.err.print(Text(printable(message)), soft_wrap=True)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """Give a function that moves a bar, or says a line now and then where no terminal is."""
        if not self.err.is_terminal:
            yield self._lines(what)
            return
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with Bar(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda step, done, total: bar.update(task, description=f"{what}: {step}", completed=done, total=total)

    def _lines(self, what: str) -> Progress:
        said_s = time.monotonic()

        def move(step: str, done: int, total: int) -> None:
            nonlocal said_s
            if time.monotonic() - said_s >= LOG_INTERVAL_S:
                said_s = time.monotonic()
                self.warn(f"{what}: {step}" + (f" {done / total:.0%}" if total else ""))

        return move

    @contextmanager
    def steps(self, what: str) -> Iterator[Callable[[str], None]]:
        """Give a function that is told each step as it begins; for work of unknown length."""
        if not self.err.is_terminal:
            lines = self._lines(what)
            yield lambda step: lines(step, 0, 0)
            return
        with self.err.status(Text(what)) as spinner:
            yield lambda step: spinner.update(Text(f"{what}: {step}"))


def _unfolded(drawn: Table) -> str:
    """Return a table as text, one line a row however long, no blanks at the end of lines."""
    wide = Console(file=io.StringIO(), width=PIPE_WIDTH, markup=False, highlight=False, emoji=False)
    with wide.capture() as captured:
        wide.print(drawn)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def table(*headings: str) -> Table:
    """Return an empty table; a heading that starts with ``#`` is of a column of numbers.

    Long ids and values fold, they are never cut: a person copies them into the next command.
    """
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in headings:
        is_number = heading.startswith("#")
        drawn.add_column(
            Text(heading.removeprefix("#")),
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=is_number,
        )
    return drawn


def cell(value: object) -> Text:
    """Return what a cell shows: numbers with thousands separators, tiers in their colour, other text as it is."""
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, int):
        return Text(f"{value:,}")
    if isinstance(value, float):
        return Text(f"{value:.3f}")
    text = printable("" if value is None else str(value))
    return Text(text, style=TIER_STYLES.get(text, ""))


def add_rows(drawn: Table, rows: Iterable[tuple[object, ...]]) -> Table:
    """Fill a table and return it."""
    for row in rows:
        drawn.add_row(*map(cell, row))
    return drawn


def printable(text: str) -> str:
    r"""Return text without what would steer a terminal: control characters and changes of direction are spelt out.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if _is_harmless(c) else c.encode("unicode_escape").decode() for c in text)


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character == "\n" or unicodedata.category(character) == "Zs"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number and its noun.

    >>> count(1, "ring"), count(1200, "seller"), count(2, "entry", "entries")
    ('1 ring', '1,200 sellers', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
