"""The command lines in the documentation are ones that the program takes."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from ringwatch.jobs.cli import build_app

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
