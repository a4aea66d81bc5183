"""The house keeps its shape: rooms import one way, functions and files stay small, docs lead somewhere."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
ROOMS = sorted(path.name for path in (ROOT / "src" / "ringwatch").iterdir() if path.is_symlink())
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
NESTERS = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)


@dataclass(frozen=True)
class Function:
    """One function of ours and its measures, docstring left out."""

    where: str
    n_lines: int
    n_parameters: int
    depth: int


def nesting(node: ast.AST, depth: int = 0) -> int:
    """Return how deep blocks stand in blocks; an ``elif`` is no deeper than its ``if``."""
    deepest = depth
    for name, field in ast.iter_fields(node):
        for child in field if isinstance(field, list) else [field]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            is_elif = name == "orelse" and isinstance(child, ast.If) and len(field) == 1
            deepest = max(deepest, nesting(child, depth + (isinstance(child, NESTERS) and not is_elif)))
    return deepest


def functions() -> Iterator[Function]:
    """Yield every function and method of the rooms."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                has_doc = ast.get_docstring(node) is not None
                doc = node.body[0].end_lineno - node.body[0].lineno + 1 if has_doc else 0
                args = node.args
                named = [a for a in args.posonlyargs + args.args + args.kwonlyargs if a.arg not in {"self", "cls"}]
                yield Function(
                    f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
                    node.end_lineno - node.lineno + 1 - doc,
                    len(named),
                    nesting(node),
                )


FUNCTIONS = list(functions())


def test_every_room_is_one_link() -> None:
    """Each room of the house is a top-level folder behind one link of the same name."""
    for room in ROOMS:
        link = ROOT / "src" / "ringwatch" / room
        assert link.readlink() == Path("../..") / room


def test_functions_are_short() -> None:
    """Median at most 8 lines, 95th percentile at most 35, none above 80."""
    lengths = np.array([function.n_lines for function in FUNCTIONS])
    longest = max(FUNCTIONS, key=lambda function: function.n_lines)
    assert np.median(lengths) <= 8
    assert np.percentile(lengths, 95) <= 35
    assert longest.n_lines <= 80, longest.where


def test_functions_take_few_parameters() -> None:
    """At most five parameters, then a frozen config; commands are exempt: their parameters are the command line."""
    many = [f.where for f in FUNCTIONS if f.n_parameters > 5 and not f.where.startswith("jobs/")]
    assert many == []


def test_blocks_nest_three_deep_at_most() -> None:
    """No block stands more than three blocks deep."""
    assert [f.where for f in FUNCTIONS if f.depth > 3] == []


def test_files_are_small() -> None:
    """95 files in 100 hold at most 350 lines."""
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES]
    assert np.percentile(lengths, 95) <= 350


def test_rooms_import_from_the_right_only() -> None:
    """The import contracts of pyproject.toml hold."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def module_name(path: Path) -> str:
    """Return the import name of a file of ours."""
    parts = ("ringwatch", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """Return the modules of ours that a file imports when it is loaded (imports inside functions do not count)."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ringwatch"):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("ringwatch")}
    return found


def drawn_arrows() -> set[tuple[str, str]]:
    """Return who imports whom in the picture of the page of architecture."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = re.sub(r"\[[^\]]*\]", "", page.partition("flowchart RL\n")[2].partition("```")[0])
    sides = [line.split("-->") for line in picture.splitlines() if "-->" in line]
    return {(a.strip(), b.strip()) for left, right in sides for a in left.split("&") for b in right.split("&")}


def test_the_picture_of_the_rooms_is_the_code() -> None:
    """Every arrow that is drawn is an import, and every import goes along arrows that are drawn."""
    imported = set()
    for path in FILES:
        room, text = path.relative_to(ROOT).parts[0], path.read_text(encoding="utf-8")
        named = re.findall(r"^\s*(?:from|import) ringwatch\.(\w+)", text, re.MULTILINE)
        imported |= {(room, other) for other in named if other != room}
    drawn = drawn_arrows()
    assert {room for arrow in drawn for room in arrow} == set(ROOMS)
    assert drawn <= imported
    reached = drawn
    while farther := {(a, c) for a, b in reached for b_, c in drawn if b == b_} - reached:
        reached = reached | farther
    assert imported <= reached


def test_no_import_cycles() -> None:
    """No file of ours imports itself through others."""
    names = {module_name(path): path for path in FILES}
    graph = {name: imports_of(path) & names.keys() - {name} for name, path in names.items()}
    done: set[str] = set()
    while ready := {name for name in graph.keys() - done if graph[name] <= done}:
        done |= ready
    assert sorted(graph.keys() - done) == []


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("[!.]*/*.md")])


def third_parties() -> set[str]:
    """Return the distributions that files of ours import, also inside functions."""
    of_module = packages_distributions()
    nodes = [node for path in FILES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    tops = {module.partition(".")[0] for module in modules} - {"ringwatch"}
    return {distribution.lower() for top in tops for distribution in of_module.get(top, ())}


def names_in(requirements: Iterable[str]) -> set[str]:
    """Return the distributions that requirements name, extras left out."""
    return {re.split(r"[^\w.-]", text)[0].lower() for text in requirements if "extra ==" not in text}


PROMISED = {"igraph", "networkx", "pandas"}  # installed for those who read exports in a notebook: docs/decisions.md


def test_what_is_installed_is_what_is_used() -> None:
    """Each dependency is imported or promised, and each import is of one, or of what one of them stands on."""
    declared = names_in(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"])
    below = {name for dependency in declared for name in names_in(requires(dependency) or ())}
    assert declared - PROMISED <= third_parties()
    assert declared >= PROMISED
    assert third_parties() <= declared | below


def test_locks_name_no_host_and_no_path() -> None:
    """Requirements hold names, versions, markers and hashes only, each with a hash."""
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"://|--index-url|--find-links|--extra-index|file:", text), path.name
        pinned = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^\S+==.*\n\s+--hash", text, re.MULTILINE))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_in_docs_lead_somewhere(path: Path) -> None:
    """Every relative link of a page of docs names a file that is there."""
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"


def test_a_commit_is_checked_by_what_make_check_runs() -> None:
    """The hooks of pre-commit, all stages together, are the parts of `make check`, in their order."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    parts = re.search(r"^check: (.*?) ##", makefile, re.MULTILINE)
    hooks = re.findall(r"entry: make (.*)", (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert parts is not None
    assert hooks == parts[1].split()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_tables_in_docs_are_whole(path: Path) -> None:
    """Every table begins with a head and a rule, and each of its rows has as many cells as the head."""
    lines = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE).split("\n")
    n_cells = 0
    for above, line, below in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if not line.startswith("|"):
            continue
        if not above.startswith("|"):
            assert re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", below), line
            n_cells = len(re.findall(r"(?<!\\)\|", line))
        assert len(re.findall(r"(?<!\\)\|", line)) == n_cells, line


def test_make_lists_every_target_that_docs_name() -> None:
    """A `make TARGET` named in the docs is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in PAGES:
        named = set(re.findall(r"`make ([a-z0-9-]+)", path.read_text(encoding="utf-8")))
        assert named <= targets, path.name


def test_no_path_closes_a_store_but_through_the_ledger_that_asks_for_an_approved_plan() -> None:
    """One statement writes entries, one method runs it, and that one asks for the approval first."""
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in FILES}
    assert [name for name, text in texts.items() if "insert_ledger_entry" in text] == ["db/record.py"]
    assert [name for name, text in texts.items() if "_check_approved" in text] == ["db/record.py"]
    append = texts["db/record.py"].partition("def append")[2].partition("\n    def ")[0]
    assert append.index("self._check_approved(") < append.index('"insert_ledger_entry"')
    assert [name for name, text in texts.items() if "STATE_AFTER[" in text] == [
        "enforcement/closing.py",
        "enforcement/plans.py",
    ]
    queries = [path for room in ("sql", "cypher") for path in (ROOT / room).rglob(f"*.{room}")]
    found = {path.name for path in queries if path.parent.name != "schema" and writes_ledger(bare(path))}
    assert found == {"insert_ledger_entry.sql", "insert_ledger_entry.cypher", "ledger.cypher"}  # the last: a copy's
    constants = {
        (name, node.value)
        for name, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    begins = re.compile(r"\s*(insert|update|delete|replace|create|merge|match|unwind|drop|alter|with)\b", re.IGNORECASE)
    assert [name for name, value in constants if begins.match(value) and writes_ledger(value)] == []
    fillers = [name for name, text in texts.items() if re.search(r"\w\.fill_table\(", text)]
    assert set(fillers) <= {"db/copy.py", "db/embedded.py"}  # the latter hands on; a copy is into what is empty


def bare(path: Path) -> str:
    """Return a query without its comments."""
    return re.sub(r"^\s*(--|//).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def writes_ledger(text: str) -> bool:
    """Say whether a statement that names the ledger has a word of writing, however it is written."""
    is_named = re.search(r"\bledger\b|:\s*`?LedgerEntry", text, re.IGNORECASE)
    words = r"\b(insert|update|delete|replace|create|merge|set|remove|drop|alter|truncate)\b"
    return bool(is_named and re.search(words, text, re.IGNORECASE))


def test_whatever_writes_to_the_ledger_is_noticed() -> None:
    """The search above is not led astray by blanks, case, quotes or another word for writing."""
    for text in (
        'insert  or replace\n into "ledger" VALUES (1)',
        "REPLACE INTO ledger VALUES (1)",
        "UPDATE main.[ledger] SET state = 'closed'",
        "MATCH (x : `LedgerEntry`) SET x.state = 'closed'",
        "MERGE (:LedgerEntry {n: 1})",
        "MATCH (x:LedgerEntry)\nDETACH DELETE x",
        "DROP TRIGGER x; delete from ledger",
    ):
        assert writes_ledger(text), text
    assert not writes_ledger("SELECT state, at FROM ledger WHERE n > :after")
