"""Every command has the same options, an example, and an end that says what holds."""

import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from ringwatch.jobs.cli import COMMANDS
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.export import EXPORT_RINGS
from ringwatch.jobs.failures import INTERRUPTED_STATUS
from ringwatch.jobs.screen import Screen

ALL = (*COMMANDS, EXPORT_RINGS)


def named(command: Command) -> str:
    return command.name


@pytest.mark.parametrize("command", ALL, ids=named)
def test_every_command_takes_the_options_of_every_command(command: Command):
    names = set(inspect.signature(command._entry()).parameters)
    assert {"database", "is_json", "is_debug"} <= names


@pytest.mark.parametrize("command", ALL, ids=named)
def test_every_command_says_what_it_does_and_shows_how(command: Command):
    """One line of help that ends as a sentence, and examples that start with the command."""
    first = inspect.getdoc(command.function).splitlines()[0]
    assert first.endswith(".")
    assert command.examples
    assert all(line.startswith("ringwatch ") and command.name in line for line in command.examples)
    assert max(map(len, command.examples)) <= 76


@pytest.mark.parametrize("command", ALL, ids=named)
def test_an_interrupted_command_says_what_holds_and_how_to_go_on(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)  # away from a database that somebody made beside the tests

    def interrupted(_: Call) -> None:
        raise KeyboardInterrupt

    call = Call(None, Screen(is_json=True))
    assert replace(command, function=interrupted)._run(call, {}) == INTERRUPTED_STATUS
    told = capsys.readouterr()
    assert told.out == ""
    assert command.interrupted in told.err


def test_the_next_command_names_the_same_database_without_its_password():
    """Only where the database was named on the command line; the default needs no naming."""
    screen = Screen(is_json=False)
    assert Call(None, screen).line("rings") == "ringwatch rings"
    assert Call("sqlite:///a b.db", screen).line("rings") == "ringwatch rings --database 'sqlite:///a b.db'"
    assert "s3cret" not in Call("neo4j://ann:s3cret@host/db", screen).line("rings")
