"""What tests start ends with them and leaves no folder, however they end; no Neo4j is needed to see it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.folders import held_folder, remove_orphans
from tests.support.processes import ends, is_running

ROOT = Path(__file__).parents[2]
OWNER = """
import json, os, subprocess, sys, time
from tests.support.folders import held_folder
from tests.support.neo4j_server import HERE, removal
folder, lock = held_folder("kept-")
keep = [sys.executable, str(HERE / "keeper.py"), json.dumps(["sleep", "600"]), json.dumps(removal(folder))]
keeper = subprocess.Popen(
    keep, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, pass_fds=[lock]
)
forked = os.fork()  # as multiprocessing does: it has the other end of the keeper's standard input too
if forked:
    print(keeper.pid, int(keeper.stdout.readline()), forked, folder, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to look for processes")
def test_a_killed_owner_takes_the_command_and_its_folder_along(tmp_path: Path):
    """Also where what ends test runs politely is ignored, and a forked process lives on."""
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen([sys.executable, "-c", OWNER], env=environment, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        keeper, command, forked, home = owner.stdout.readline().split()
        try:
            os.kill(int(keeper), signal.SIGTERM)
            time.sleep(0.2)
            assert is_running(int(keeper))
            assert is_running(int(command))
            remove_orphans(tmp_path, "kept-", young_s=0)
            assert Path(home).exists()
            owner.send_signal(signal.SIGKILL)
            assert ends(lambda: is_running(int(command)))
            assert ends(Path(home).exists)
        finally:
            os.kill(int(forked), signal.SIGKILL)


def test_a_folder_that_nobody_holds_is_removed_by_who_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Held folders, young ones and those of other names stay."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    orphan, lock = held_folder("mine-")
    os.close(lock)
    young, lock = held_folder("mine-")
    os.close(lock)
    other = shutil.copytree(orphan, tmp_path / "another")
    old = time.time() - 3600
    held, lock = held_folder("mine-")
    for folder in (orphan, other, held):
        os.utime(folder / ".held", (old, old))
    newest, last = held_folder("mine-")
    assert set(tmp_path.iterdir()) == {young, other, held, newest}
    os.close(lock)
    os.close(last)
