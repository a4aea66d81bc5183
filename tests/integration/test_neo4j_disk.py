"""A server whose disk is full, and one whose database is read-only: told by the command line, and got over."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.neo4j_server import NoServerError, Server, docker_answers, jar_server
from tests.support.programs import MARKET, Detect, Terminal

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)

SMALL = {"db.tx_log.rotation.size": "1m", "db.tx_log.preallocate": "false"}  # else a log of 256 MB is reserved
DISK_BYTES = 64 << 20
LEFT_BYTES = 200 << 10  # less than one load writes
OPEN_TORN = "internal.dbms.tx_log.fail_on_corrupted_log_files=false\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of our own, not started, on a disk of its own."""
    if os.environ.get("RINGWATCH_TEST_NEO4J") or docker_answers():
        pytest.skip("only a server of jars can be put on a disk of its own")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk of its own can be made by root only")
    try:
        made = jar_server(disk, SMALL)
        try:
            yield made
        finally:
            made.end()
    except NoServerError as reason:
        pytest.fail(str(reason))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_read_only_database_and_a_full_disk_are_told_and_got_over(server: Server, tmp_path: Path):
    """Each command says so in one line with its status; with space again and the torn log's end cut, all is as before.

    Neo4j tears the log of its transactions where the disk ends, and opens the database with ``OPEN_TORN`` alone.
    """
    server.start()
    terminal = Terminal(server.url, tmp_path / "a")
    assert terminal.run("settings").status == 2  # nothing was loaded yet
    assert terminal.take(MARKET)[0].status == 0
    assert terminal.take(Detect(True))[0].status == 0
    rings = terminal.export()
    server.stop()

    settings = tmp_path / "disk" / "conf" / "neo4j.conf"
    writable = settings.read_text("utf-8")
    settings.write_text(f"{writable}server.databases.read_only=neo4j\n", encoding="utf-8")
    server.start()
    assert terminal.export() == rings
    refused = terminal.run("detect")
    assert refused.status == 2
    assert "read-only" in refused.answer
    assert "server.databases.read_only" in refused.answer
    server.stop()

    settings.write_text(writable, encoding="utf-8")
    server.start()
    filler = tmp_path / "disk" / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(filler.parent).free - LEFT_BYTES))
    told = [terminal.run("detect", "--fit") for _ in range(5)]
    told.append(terminal.run("rings"))
    assert [one.status for one in told[-2:]] == [4, 4], told
    for one in told:
        assert one.status in (0, 4)
        assert one.status == 0 or ("full disk" in one.answer and len(one.answer.splitlines()) == 1)
    server.stop()

    filler.unlink()
    settings.write_text(writable + OPEN_TORN, encoding="utf-8")
    server.start()
    assert terminal.export() == rings
    server.stop()
    settings.write_text(writable, encoding="utf-8")
    server.start()
    assert terminal.take(Detect(True))[0].status == 0
    assert terminal.export() == rings
