"""The corpus itself: a case that skips a database, or looks which one it runs on, is no case."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ringwatch.db.embedded import EmbeddedDatabase
from ringwatch.db.neo4j import Neo4jDatabase
from ringwatch.db.open import open_database

HERE = Path(__file__).parent
DATABASES = {"embedded": EmbeddedDatabase, "neo4j": Neo4jDatabase}
CASE_FILES = sorted(path for path in HERE.glob("test_*.py") if path != Path(__file__))
WAYS_OUT = {"skip", "skipif", "xfail", "importorskip", "fail", "exit", "param", "request", "getfixturevalue"}
TELLTALES = ("neo4j", "embedded", "sqlite", "bolt", "cypher", "sql")


def arguments_of(function: ast.FunctionDef) -> set[str]:
    """Return the names of what a function takes."""
    return {argument.arg for argument in function.args.args}


def rest_on_graph(tree: ast.Module) -> set[str]:
    """Return ``graph`` and the fixtures of a file that are made of it, or of one that is, in the order of the file."""
    names = {"graph"}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list and names & arguments_of(node):
            names.add(node.name)
    return names


def ways_out(text: str) -> list[str]:
    """What in a file of cases could leave one database out, or tell them apart; to hand a URL on is neither."""
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    on_graph = rest_on_graph(tree)
    handed_on = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Call) for part in node.args}
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Attribute):
            names = ["skip" if node.attr == "url" and id(node) not in handed_on else node.attr]
        elif isinstance(node, ast.Name):
            names = [node.id]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names = [f"import {getattr(node, 'module', '')} {alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            names = [node.value]
        found += [
            name
            for name in names
            if name in WAYS_OUT or any(telltale in name.lower().split("_") for telltale in TELLTALES)
            or ("import" in name and any(telltale in name for telltale in TELLTALES))
        ]  # fmt: skip
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found += [] if on_graph & arguments_of(node) else [f"{node.name} takes no graph"]
    return found


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.name)
def test_no_case_leaves_a_database_out(path: Path):
    """A case takes ``graph`` or what its file makes of it; nothing there can skip one or tell which one it is."""
    assert ways_out(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "def test_a(): pass",
        "def test_a(graph):\n    pytest.skip('not there')",
        "pytestmark = pytest.mark.skipif(True, reason='')",
        "def test_a(graph):\n    assert not graph.url.startswith('n')",
        "def test_a(graph):\n    assert 'n' in graph.url",
        "def test_a(graph):\n    assert is_neo4j(graph.url)",
        "def test_a(graph, request): pass",
        "def test_a(graph, neo4j_url): pass",
        "def test_a(graph):\n    assert 'Neo4j' not in type(graph).__name__ or 'neo4j'",
        "from ringwatch.db.embedded import EmbeddedDatabase",
        "import sqlite3",
        "@pytest.mark.parametrize('graph', ['embedded'], indirect=True)\ndef test_a(graph): pass",
    ],
)
def test_a_case_that_leaves_a_database_out_is_seen(text: str):
    """The check above sees what it is there for."""
    assert ways_out(text)


def test_every_case_is_collected_for_every_database():
    """What pytest collects of each case is the same number of runs on each database, and on no other."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "-p", "no:cacheprovider", *CASE_FILES]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    runs = [line.partition("[") for line in done.stdout.splitlines() if "::" in line]
    found = Counter((case, params.removesuffix("]").split("-")[0]) for case, _, params in runs)
    cases = {case for case, _ in found}
    assert len(cases) > 60
    assert {database for _, database in found} == set(DATABASES)
    for case in cases:
        assert len({found[case, database] for database in DATABASES}) == 1, case


def test_a_case_runs_on_the_database_that_it_says(graph, request: pytest.FixtureRequest):
    """The two names stand for two databases."""
    database = open_database(graph.url, create=False)
    try:
        assert type(database) is DATABASES[request.node.callspec.params["graph"]]
    finally:
        database.close()
