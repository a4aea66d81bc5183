"""The corpus itself: a case that skips a database, or looks which one it runs on, is no case."""

import ast
from pathlib import Path

import pytest

FORBIDDEN = {"skip", "skipif", "xfail", "importorskip", "param"}
CASE_FILES = sorted(Path(__file__).parent.glob("test_*.py"))


def cases_in(path: Path) -> list[ast.FunctionDef]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


@pytest.mark.parametrize("path", [path for path in CASE_FILES if path != Path(__file__)], ids=lambda path: path.name)
def test_every_case_runs_on_every_database(path: Path):
    """A case takes ``graph`` and holds no way to leave a database out."""
    cases = cases_in(path)
    assert cases
    for case in cases:
        assert "graph" in {argument.arg for argument in case.args.args}, f"{path.name}: {case.name} takes no graph"
        named = {node.attr for node in ast.walk(case) if isinstance(node, ast.Attribute)}
        assert not named & FORBIDDEN, f"{path.name}: {case.name} uses {named & FORBIDDEN}"


def test_there_are_cases():
    """The glob above finds files: without this an empty folder would pass."""
    assert len(CASE_FILES) > 3
