"""The command lines in the documentation are ones that the program takes."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from ringwatch.jobs.cli import COMMANDS, build_app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "fixtures" / "README.md", *(ROOT / "docs").glob("*.md")]


def command_lines() -> list[tuple[str, str]]:
    """Return page and arguments of each line in a block of shell that calls the program."""
    return [
        (page.name, line[1])
        for page in PAGES
        for block in re.findall(r"```(?:sh|bash|console)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for line in re.finditer(r"^(?:\$ )?(?:\.venv/bin/)?ringwatch (.*)$", block, re.MULTILINE)
    ]


def test_there_are_command_lines():
    assert len(command_lines()) > 5


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_a_documented_line_is_a_command_with_its_options(page: str, line: str):
    """Its command is there, takes each option and gets the arguments it needs; a database is the default one."""
    arguments = shlex.split(line, comments=True)
    command = typer.main.get_command(build_app())
    context = command.make_context("ringwatch", arguments, resilient_parsing=True)
    while hasattr(command, "resolve_command"):
        _, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
        is_group = hasattr(command, "resolve_command")
        context = command.make_context("ringwatch", list(arguments), parent=context, resilient_parsing=is_group)
    assert not context.args, page
    assert "--database" not in line or "sqlite:///ringwatch.db" in line or page != "README.md"


@pytest.mark.parametrize("line", ["rings --teir close", "why S0000001", "export rings --format xml --output -"])
def test_a_wrong_line_would_be_seen(line: str):
    with pytest.raises(typer.TyperException):
        test_a_documented_line_is_a_command_with_its_options("page", line)


EVERYWHERE = {"--database", "--json", "--debug", "--key-file", "--secret-key-file", "--help", "-h"}


def options_of_commands() -> dict[str, set[str]]:
    """Return the options of each command by its name, without those that many take and the page tells once."""
    found: dict[str, set[str]] = {}
    root = typer.main.get_command(build_app())
    groups = [("", root)]
    for name, group in groups:
        for command in group.commands.values():
            if hasattr(command, "commands"):
                groups.append((f"{command.name} ", command))
            else:
                given = {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
                found[name + command.name] = given - EVERYWHERE
    return found


def rows_of_page() -> list[str]:
    """Return how each command is written in the table of commands."""
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    table = page.partition("## Commands")[2].partition("\n## ")[0]
    return re.findall(r"^\| `((?:[^`])+)` \|", table, re.MULTILINE)


def test_the_page_tells_every_command_with_every_option():
    """And no other: what is taken is told, and what is told is taken."""
    taken, told = options_of_commands(), dict.fromkeys(options_of_commands(), frozenset[str]())
    for row in rows_of_page():
        name = max((name for name in taken if f"{row} ".startswith(f"{name} ")), key=len, default="")
        assert name, f"{row}: no such command"
        told[name] |= set(re.findall(r"--[a-z-]+", row))
    assert {name: sorted(options) for name, options in told.items()} == {
        name: sorted(options) for name, options in taken.items()
    }


def test_every_command_shows_an_example_that_it_takes():
    """The examples of ``--help`` are commands with their options."""
    for command in COMMANDS:
        assert command.examples, command.name
        for line in command.examples:
            test_a_documented_line_is_a_command_with_its_options(command.name, line.removeprefix("ringwatch "))
