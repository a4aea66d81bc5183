"""The tests' own server: which one is taken, that it answers on the loopback address alone, and that it always ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import neo4j_server as support
from tests.support.neo4j_server import NoServerError, Server, docker_create, made_server, named_server, version
from tests.support.processes import ends, is_running

ROOT = Path(__file__).parents[2]
OWNED = """
import time
def test_that_is_killed(neo4j, capfd):
    with capfd.disabled():
        print("server", neo4j.pid, neo4j.port, neo4j.home, flush=True)
    time.sleep(600)
"""
NEEDS_LONG = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)


def fake_docker(folder: Path, script: str) -> str:
    """Put a `docker` first on the path and return the path."""
    folder.mkdir()
    docker = folder / "docker"
    docker.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    docker.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_a_server_that_is_named_is_taken_before_all_others():
    """Nothing of it is ours to start, kill or change."""
    server = named_server("neo4j://ann:s3cret@db.example:7688/rings")
    assert (server.user, server.password, server.host, server.port, server.database) == (
        "ann", "s3cret", "db.example", 7688, "rings"
    )  # fmt: skip
    assert not server.is_ours
    assert named_server("bolt://ann:s3cret@db:1").database == "neo4j"
    with pytest.raises(NoServerError, match="RINGWATCH_TEST_NEO4J is not"):
        named_server("db.example:7687")


def test_docker_is_taken_where_an_engine_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The container listens on the loopback address, and its start, kill and removal are docker's."""
    monkeypatch.setenv("PATH", fake_docker(tmp_path / "bin", f'echo "$@" >> {tmp_path}/asked'))
    server = made_server(tmp_path, {"server.databases.read_only": "neo4j"})
    made = (tmp_path / "asked").read_text("utf-8").splitlines()
    assert made[0] == "info"
    assert f"--publish 127.0.0.1:{server.port}:7687" in made[1]
    assert f"--env NEO4J_AUTH=neo4j/{server.password}" in made[1]
    assert "--env NEO4J_server_databases_read__only=neo4j" in made[1]
    assert made[1].endswith(f"neo4j:{version()}")
    assert {command[0] for command in (server.command, server.kill_command, server.clean_up[0])} == {"docker"}
    assert len(set(docker_create("n", 1, "p", {})) & {"docker", "create"}) == 2


def test_jars_are_taken_where_docker_has_no_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An engine that cannot fetch the image is no reason to go without; with nothing left, both reasons are told."""
    monkeypatch.setenv("PATH", fake_docker(tmp_path / "bin", '[ "$1" = info ] || { echo no route >&2; exit 1; }'))
    monkeypatch.setattr(support, "jar_server", lambda home, _: Server("127.0.0.1", 1, "p", home=home))
    assert made_server(tmp_path, {}).home == tmp_path

    def none(*_):
        raise NoServerError("mvn is not installed")

    monkeypatch.setattr(support, "jar_server", none)
    with pytest.raises(NoServerError, match=r"no route\nmvn is not installed"):
        made_server(tmp_path, {})


@pytest.mark.parametrize("must", ["", "1"])
def test_without_a_server_one_loud_line_says_how_to_get_one(tmp_path: Path, must: str):
    """Tests that need one are skipped, or fail where nothing may be skipped."""
    bare = tmp_path / "bin"
    bare.mkdir()
    environment = {
        "PATH": str(bare), "HOME": str(tmp_path), "RINGWATCH_REQUIRE_ALL": must, "PYTHONPATH": os.pathsep.join(sys.path)
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/cases/test_displays.py", "-k", "neo4j", "-p", "no:cacheprovider"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if "NEO4J TESTS DO NOT RUN" in line]
    if must:
        assert done.returncode == 1
        assert "2 errors" in done.stdout
        assert told
    else:
        assert done.returncode == 0
        assert "2 skipped" in done.stdout
        assert len(told) == 1
        for way in ("RINGWATCH_TEST_NEO4J=", "Docker", "apt install maven"):
            assert way in told[0]


def test_the_server_listens_on_the_loopback_address_only(neo4j: Server):
    """Nobody in the network reaches a server with test data and a short life."""
    if not neo4j.is_ours:
        pytest.skip("the server that RINGWATCH_TEST_NEO4J names is not ours to look at")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        outward.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
        address = outward.getsockname()[0]
    assert address != "127.0.0.1"
    with socket.create_connection(("127.0.0.1", neo4j.port), 5):
        pass
    with pytest.raises(OSError), socket.create_connection((address, neo4j.port), 5):  # noqa: PT011 (refused or no route)
        pass


@NEEDS_LONG
def test_no_server_outlives_the_tests_not_even_killed_ones(tmp_path: Path):
    """A run of pytest is killed outright: within seconds its server is gone, and so is the folder."""
    if os.environ.get("RINGWATCH_TEST_NEO4J") or not Path("/proc").is_dir():
        pytest.skip("needs a server of our own, and /proc to look for it")
    (tmp_path / "test_owned.py").write_text(OWNED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        told = next(line for line in run.stdout if "server " in line)
        pid, port, home = told.partition("server ")[2].split()
        assert is_running(int(pid))
        run.send_signal(signal.SIGKILL)
    assert ends(lambda: is_running(int(pid)) or Path(home).exists(), 90)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(port)), 5)


@NEEDS_LONG
def test_a_server_that_does_not_start_shows_the_end_of_its_log(monkeypatch: pytest.MonkeyPatch):
    """A setting that no server knows stops it; the reason is in the error, and nothing stays behind."""
    if shutil.which("mvn") is None:
        pytest.skip("only to a server of jars can a wrong setting be given")
    monkeypatch.delenv("RINGWATCH_TEST_NEO4J", raising=False)
    monkeypatch.setattr(support, "docker_answers", lambda: False)
    homes: list[Path] = []
    make = support.jar_server

    def noted(home, settings):
        homes.append(home)
        return make(home, settings)

    monkeypatch.setattr(support, "jar_server", noted)
    unknown = {"server.no.such.setting": "1"}
    with pytest.raises(NoServerError, match=r"server\.no\.such\.setting"), support.neo4j_server(unknown):
        pass
    assert not homes[0].exists()
