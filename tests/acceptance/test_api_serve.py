"""The server as a process: it says when it answers, ends in order, and refuses what would show too much."""

import json
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest
from tests.support.api_server import COMMAND, START_S, running_server
from tests.support.ring_database import fill

from ringwatch.api.config import ServeConfig
from ringwatch.api.serve import check_host, listen
from ringwatch.model.errors import ConfigError, RetryableError


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('serve')}/rings.db"
    fill(url, [3, 4])
    return url


def test_it_answers_and_ends_with_status_0(database: str, tmp_path: Path) -> None:
    """From the line on it answers; told to stop it ends with status 0, and its log lines are JSON."""
    with running_server(database, tmp_path / "log", "--log-format", "json") as server:
        assert httpx.get(f"{server.url}/livez").status_code == 200
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        foreign = httpx.get(f"{server.url}/graphql", headers={"host": "evil.example"})
        assert (foreign.status_code, "evil" in foreign.text) == (421, False)
        answer = httpx.post(f"{server.url}/graphql", json={"query": "{rings{nodes{ringId}}}", "variables": {"x": "pw"}})
        assert [ring["ringId"] for ring in answer.json()["data"]["rings"]["nodes"]] == ["R000", "R001"]
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(START_S) == 0
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    requests = [(line["method"], line["path"], line["status"]) for line in lines if line["event"] == "request"]
    assert requests == [
        ("GET", "/livez", 200),
        ("GET", "/readyz", 200),
        ("GET", "-", 421),
        ("POST", "/graphql", 200),
    ]
    assert all({"at", "level", "request_id", "ms"} <= line.keys() for line in lines)
    assert "ringId" not in server.log.read_text()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 (it is refused)
def test_other_addresses_need_anyones_consent(database: str, host: str) -> None:
    """While no actor exists, an address that others reach is refused unless the person says that anyone may ask."""
    with pytest.raises(ConfigError, match="--anyone"):
        check_host(ServeConfig(database, host=host))
    assert check_host(ServeConfig(database, host=host, anyone=True)) is False


def test_the_command_says_why_it_refuses(database: str) -> None:
    """The refusal is a message and status 2, never a traceback."""
    command = [COMMAND, "serve", "--database", database, "--host", "0.0.0.0"]  # noqa: S104 (it is refused)
    done = subprocess.run(command, capture_output=True, text=True, timeout=START_S, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--anyone" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_addresses_need_no_consent(database: str, host: str) -> None:
    """Whoever is at the machine may read the database anyway."""
    assert check_host(ServeConfig(database, host=host)) is True


def test_a_taken_port_is_told() -> None:
    """A port that is in use is an error that names it and says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RetryableError, match=f"--port {port}: .*--port 0"):
            listen("127.0.0.1", port)
    with pytest.raises(ConfigError, match="--host"):
        listen("no such host", 0)
