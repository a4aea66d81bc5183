"""The command that holds applicants against the rings of the current run."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ringwatch.jobs.answers import chance
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, cell, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.errors import InputError
from ringwatch.model.sentences import kind_words
from ringwatch.model.visibility import Act

if TYPE_CHECKING:
    from ringwatch.api.screening import Screener
    from ringwatch.db.view import View

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A folder of input tables, a file of JSON lines, or - for standard input.",
        show_default=False,
    ),
]
BulkOption = Annotated[bool, typer.Option("--bulk", help="Print one JSON object a line, for any number of applicants.")]

ADVICE_STYLES = {"allow": "green", "review": "yellow", "refuse": "bold red"}
SHOWN_MOST = 3  # values that a person is shown of a match; --json has them all


def screen(
    call: Call, source: SourceArgument, is_bulk: BulkOption = False, secret_key_file: KeyFileOption = None
) -> None:
    """Hold applicants against known, closed and returned rings; nothing is written or remembered."""
    from ringwatch.api.screening import Screener
    from ringwatch.api.watches import read_watch

    with open_run(call) as (view, _):
        key = check_key(view, secret_key_file)
        with call.screen.steps("screen"):
            screener = Screener(read_watch(view, kept_trace(view), now(view)), key)
        with _answers(call, view, screener, source) as answers:
            if is_bulk:
                _print_lines(answers)
                return
            applicants = list(answers)
        call.screen.answer({"applicants": applicants}, lambda drawn: _draw(drawn, call, applicants))


@contextmanager
def _answers(call: Call, view: "View", screener: "Screener", source: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Give the answers to all applicants of a source, read as they are asked for."""
    from ringwatch.api.screening import json_lines

    if source == "-":
        yield screener.lines(json_lines(_lines(sys.stdin.buffer)))
        return
    path = Path(source)
    if path.is_dir():
        yield _of_folder(call, view, screener, path)
        return
    try:
        file = path.open("rb")
    except OSError as failure:
        raise InputError(
            f"{source}: cannot be read ({failure.strerror}), a folder of input tables or a file of JSON lines was"
            " expected; nobody was screened"
        ) from failure
    with file:
        yield screener.lines(json_lines(_lines(file)))


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield lines, of one that is far too long its beginning alone."""
    from ringwatch.api.screening import MOST_LINE_BYTES

    while line := file.readline(MOST_LINE_BYTES + 2):
        yield line
        while len(line) > MOST_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MOST_LINE_BYTES + 2)
            if not line:
                return


def _of_folder(call: Call, view: "View", screener: "Screener", folder: Path) -> Iterator[dict[str, Any]]:
    from ringwatch.algorithms.screening import screen as screen_columns
    from ringwatch.api.screening import AT_ONCE, applicant_line
    from ringwatch.graph_loader.applicants import read_folder

    found = read_folder(folder, view, screener.key)
    if found.n_rejected:
        first = f"; {found.first_reject}" if found.first_reject else ""
        call.screen.warn(f"{folder}: {count(found.n_rejected, 'row')} cannot be read and did not count{first}")
    for part in found.parts(AT_ONCE):
        if isinstance(part, InputError):
            yield {"error": str(part)}
            continue
        yield from map(applicant_line, screen_columns(screener.watch, part))


def _print_lines(answers: Iterator[dict[str, Any]]) -> None:
    import orjson

    for answer in answers:
        sys.stdout.write(orjson.dumps(answer).decode() + "\n")


def _draw(screen: Screen, call: Call, applicants: Sequence[dict[str, Any]]) -> None:
    """Draw what is advised, and for each ring that speaks the values that do."""
    drawn = table("applicant", "advice", "ring", "tier", "#one operator", "because")
    for applicant in applicants:
        if "error" in applicant:
            screen.warn(applicant["error"])
            continue
        advice = applicant["advice"].value
        head = (cell(applicant["seller_id"]), Text(advice, style=ADVICE_STYLES[advice]))
        for match in applicant["matches"] or [None]:
            drawn.add_row(*head, *(_match_cells(match) if match else ("", "", "", "shares nothing with a ring")))
            head = (cell(""), Text(""))
    screen.say(drawn)
    n = sum(applicant.get("advice") == "refuse" for applicant in applicants)
    screen.say("", f"{count(len(applicants), 'applicant')}, {n:,} to be refused. Nothing was written.")
    first = next((match for applicant in applicants for match in applicant.get("matches", ())), None)
    if first:
        screen.suggest("Look into a ring", call.line(f"ring {first['ring_id']}"))


def _match_cells(match: dict[str, Any]) -> tuple[Text, ...]:
    spoken = [part for part in match["evidence"] if part["value"] and part["score"] > 0]
    shown = [f"{kind_words(part['kind'])} {part['value']}" for part in spoken[:SHOWN_MOST]]
    more = f" and {len(spoken) - SHOWN_MOST} more" if len(spoken) > SHOWN_MOST else ""
    ring = f"{match['ring_id']} (returned)" if match["returned"] else match["ring_id"]
    return cell(ring), cell(match["tier"].value), cell(chance(match["link_score"])), cell(", ".join(shown) + more)


SCREEN = Command(
    "screen",
    screen,
    "Read what was found",
    ("ringwatch screen applicants.jsonl", "ringwatch screen applicants.jsonl --bulk"),
    "nobody was remembered; the same command starts anew",
    Act.SCREEN,
)
