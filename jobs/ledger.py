"""The commands that prove what was done: verify the chain of the ledger, or write it out for others to verify."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.files import write_whole
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.model.chain import GENESIS, Head, Sealed, head_line, line_of
from ringwatch.model.chain import verify as verify_chain

if TYPE_CHECKING:
    from ringwatch.model.chain import Finding

BROKEN_STATUS = 1

OutputOption = Annotated[Path, typer.Option("--output", metavar="FILE", help="The file to write.", show_default=False)]


def verify(call: Call) -> int:
    """Follow the chain of the ledger and name every entry that was changed, taken away, put in or moved."""
    rows, head = _read(call)
    found = verify_chain(rows, head)
    answer = {
        "ok": not found,
        "entries": len(rows),
        "head": head.hash if head else GENESIS,
        "faults": [{"entry": finding.n, "fault": finding.fault} for finding in found],
    }
    call.screen.answer(answer, lambda screen: _draw(screen, answer, found))
    return BROKEN_STATUS if found else 0


def export(call: Call, output: OutputOption) -> None:
    """Write the ledger to a file that a script without the rest of Ringwatch verifies."""
    rows, head = _read(call)
    head = head or Head(0, GENESIS)
    write_whole(output, "".join(f"{line}\n" for line in [head_line(head), *map(line_of, rows)]).encode())
    answer = {"entries": len(rows), "head": head.hash, "output": str(output)}
    script = Path(__file__).parents[1] / "model" / "chain.py"
    why = f"{count(len(rows), 'entry', 'entries')}. Verify them anywhere with a copy of one file of Ringwatch"
    call.screen.answer(answer, lambda screen: screen.suggest(why, f"python {script} {output}"))


def _read(call: Call) -> tuple[list[Sealed], Head | None]:
    from ringwatch.db.open import open_docket

    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        return list(record.entries()), record.head()


def _draw(screen: Screen, answer: dict[str, Any], found: "list[Finding]") -> None:
    entries = count(answer["entries"], "entry", "entries")
    if found:
        rows = ((finding.n, finding.fault.value) for finding in found)
        screen.say(add_rows(table("#entry", "fault"), rows), "", f"{entries}; the ledger is not as it was written.")
    else:
        screen.say(f"{entries}, each as it was written. Head: {answer['head']}")


_PANEL = ""
COMMANDS = (
    Command("verify", verify, _PANEL, ("ringwatch ledger verify",)),
    Command("export", export, _PANEL, ("ringwatch ledger export --output ledger.jsonl",)),
)
