"""Servers that are none, too old or stuck, told by the command: one line and its status, no word of the password."""

import os
import subprocess
import sys

import pytest
from tests.support.bolt_stub import Talk, calling_itself, closing, refusing, silent, speaking_http, stub_server

from ringwatch.jobs.failures import explain
from ringwatch.model.errors import RingwatchError


def told_of(talk: Talk, scheme: str = "neo4j") -> tuple[int, str]:
    """Open a server that talks so, and return the status and the line of what comes of it."""
    from ringwatch.db.open import open_view  # noqa: PLC0415 (the driver is slow to import)

    with stub_server(talk) as port, pytest.raises(RingwatchError) as raised:
        open_view(f"{scheme}://neo4j:s3cret@127.0.0.1:{port}/neo4j")
    return explain(raised.value)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
@pytest.mark.parametrize(
    ("talk", "status", "said"),
    [
        (closing, 4, "cannot be reached, or went away"),
        (speaking_http, 4, "cannot be reached, or went away"),
        (refusing, 2, "no Neo4j, or one that is too old, expected Neo4j 5.26 or newer"),
        (calling_itself("Neo4j/4.4.30"), 2, "no Neo4j, or one that is too old, expected Neo4j 5.26 or newer"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_in_one_line(talk: Talk, status: int, said: str, scheme: str):
    """What cannot be mended by waiting is status 2; what can, 4."""
    found, line = told_of(talk, scheme)
    assert (found, said in line) == (status, True), line
    assert "\n" not in line.strip()
    assert "s3cret" not in line


def test_a_server_that_hangs_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch):
    """It takes the connection and says nothing."""
    monkeypatch.setattr("ringwatch.db.neo4j.ACQUIRE_S", 1.0)
    assert told_of(silent)[0] == 4


def test_the_command_line_ends_so():
    """As a process: the line on standard error, nothing on standard output."""
    with stub_server(refusing) as port:
        command = [sys.executable, "-m", "ringwatch.jobs", "rings", "--database", f"neo4j://neo4j@127.0.0.1:{port}"]
        environment = {**os.environ, "RINGWATCH_PASSWORD": "s3cret"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1)
    assert "too old" in done.stderr
    assert "s3cret" not in done.stderr
