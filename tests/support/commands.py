"""Commands as processes that may be killed: started as a person starts them, or forked from one that is warm."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

WARM = [
    *(
        "ringwatch.jobs.cli",
        "ringwatch.enforcement.closing",
        "ringwatch.enforcement.outbox",
        "ringwatch.enforcement.plans",
    ),
    *("ringwatch.db.open", "rich.table", "orjson"),
]


@dataclass(frozen=True)
class Told:
    """How a process ended: its status, negative where it was killed, and what it printed."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Running:
    """A command that runs; what it prints goes into two files of a folder of its own."""

    wait: Callable[[float | None], int | None]
    kill: Callable[[], None]
    folder: "tempfile.TemporaryDirectory[str]"

    def has_ended(self, within_s: float = 0.0) -> bool:
        """Say whether it ended by itself or otherwise, now or within some seconds."""
        return self.wait(within_s) is not None

    def told(self) -> Told:
        """Wait for its end and return it."""
        status = self.wait(None)
        out, err = (Path(self.folder.name, name).read_text("utf-8") for name in ("out", "err"))
        self.folder.cleanup()
        return Told(-1 if status is None else status, out, err)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command: what the person at the machine has set for it is left out."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RINGWATCH_")} | dict(own)


def start_process(line: Sequence[str], own: Mapping[str, str]) -> Running:
    """Start the command as a person does."""
    folder = tempfile.TemporaryDirectory()
    with Path(folder.name, "out").open("wb") as out, Path(folder.name, "err").open("wb") as err:
        command = [sys.executable, "-m", "ringwatch.jobs", *line]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment(own))

    def wait(timeout_s: float | None) -> int | None:
        try:
            return process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    return Running(wait, process.kill, folder)


def forking() -> Callable[[Sequence[str], Mapping[str, str]], Running]:
    """Return what starts the command in a process forked from one that has imported it: the same, a second sooner."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WARM)
    return lambda line, own: _fork(context, line, own)


def _fork(context: ForkServerContext, line: Sequence[str], own: Mapping[str, str]) -> Running:
    folder = tempfile.TemporaryDirectory()
    process: Any = context.Process(target=_run, args=(list(line), environment(own), folder.name))
    process.start()

    def wait(timeout_s: float | None) -> int | None:
        process.join(timeout_s)
        status: int | None = process.exitcode
        return status

    return Running(wait, process.kill, folder)


def _run(line: list[str], own: dict[str, str], folder: str) -> None:
    """Be the command, in a process of its own: its output, its environment and its end."""
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT), number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8") for number in (1, 2))  # noqa: PTH123, SIM115 (as long as the process)
    os.environ.clear()
    os.environ.update(own)
    sys.argv = ["ringwatch", *line]
    from ringwatch.jobs.cli import main  # noqa: PLC0415 (it is imported where the process was forked from)

    main()
