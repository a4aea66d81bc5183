"""Settings that all tests share."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.support.neo4j_server import HOW, NoServerError, Server, neo4j_server

# No deadline: a slow machine is no broken law. Few examples by default, many on demand (HYPOTHESIS_PROFILE=thorough).
settings.register_profile("default", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

NO_SERVER = pytest.StashKey[str]()
SERVER = pytest.StashKey[Server]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on from a process that runs a part of the tests why there is no server."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["no_server"] = session.config.stash.get(NO_SERVER, "")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over why such a process had no server."""
    if told := getattr(node, "workeroutput", {}).get("no_server"):
        node.config.stash[NO_SERVER] = told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, in one loud line, that the tests of Neo4j did not run, and how they would."""
    if told := terminalreporter.config.stash.get(NO_SERVER, ""):
        terminalreporter.write_line(" ".join(told.split()), red=True, bold=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test the end of the log of the server that it ran on."""
    report = yield
    server = item.config.stash.get(SERVER, None)
    if report.failed and server and {"neo4j", "neo4j_url"} & set(getattr(item, "fixturenames", ())):
        report.sections.append(("Neo4j's log", server.log_tail()))
    return report


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests apart from what the person at the machine has set for the command."""
    for name in [name for name in os.environ if name.startswith("RINGWATCH_") and "TEST" not in name]:
        if name != "RINGWATCH_REQUIRE_ALL":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def neo4j(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Return a real Neo4j, started once; without one the test says how to get it, and fails where it must not skip."""
    serving = neo4j_server()
    try:
        server = serving.__enter__()
    except NoServerError as reason:
        told = HOW.format(why=reason)
        if os.environ.get("RINGWATCH_REQUIRE_ALL"):
            pytest.fail(told, pytrace=False)
        request.config.stash[NO_SERVER] = told
        pytest.skip("there is no Neo4j here: see the last lines")
    request.config.stash[SERVER] = server
    yield server
    serving.__exit__(None, None, None)


@pytest.fixture
def neo4j_url(neo4j: Server) -> str:
    """Return the URL of that server's database, emptied."""
    neo4j.empty()
    return neo4j.url


@pytest.fixture
def ours(neo4j: Server) -> Iterator[Server]:
    """A server that may be killed; it runs again afterwards."""
    if not neo4j.is_ours:
        pytest.skip("the server that RINGWATCH_TEST_NEO4J names is not killed")
    neo4j.empty()
    yield neo4j
    if neo4j.keeper is None:
        neo4j.start()
