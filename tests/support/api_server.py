"""The real server, as a person starts it, for tests that talk to it over a socket."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("ringwatch"))
START_S = 60  # a busy machine imports slowly


@dataclass(frozen=True)
class Running:
    """A server that answers; ``log`` is the file that it writes standard error to."""

    url: str
    process: "subprocess.Popen[str]"
    log: Path


@contextmanager
def running_server(database: str, log: Path, *options: str) -> Iterator[Running]:
    """Serve a database on a free port until the block ends."""
    command = [COMMAND, "serve", "--database", database, "--port", "0", *options]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.fullmatch(r"ringwatch serves (http://\S+)\n", line)
            assert found, f"{line!r} {log.read_text()}"
            yield Running(found[1], process, log)
        finally:
            process.terminate()
            process.wait(START_S)
