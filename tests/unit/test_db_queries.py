"""The files of queries: each has a whole header, says the truth in it, and runs on the schema as it is."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ringwatch.sql import migrations, query, query_names

NAMES = query_names()


@pytest.fixture
def empty() -> Iterator[sqlite3.Connection]:
    """A database of the newest schema, in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in migrations():
            connection.executescript(script)
        yield connection


@pytest.mark.parametrize("name", NAMES)
def test_a_header_tells_the_parameters_and_columns(empty: sqlite3.Connection, name: str):
    """All parameters of the text and no other, in order where they are marks; the columns by name, in order."""
    asked = query(name)
    assert asked.purpose
    named = set(re.findall(r"(?<!:):([a-z]\w*)", re.sub(r"--.*", "", asked.text)))
    arguments = dict.fromkeys(named, "1") if named else ("1",) * len(asked.params)
    assert named == set(asked.params) if named else asked.text.count("?") == len(asked.params)
    empty.execute("EXPLAIN " + asked.text, arguments)
    if asked.returns and "INSERT" not in asked.text:
        columns = empty.execute(asked.text, arguments).description
        assert tuple(column[0] for column in columns) == asked.returns


@pytest.mark.parametrize(
    "name", [name for name in NAMES if re.match(r"(find|search|ring|member|evidence|sellers)", name)]
)
def test_a_question_of_the_page_scans_no_table(empty: sqlite3.Connection, name: str):
    """Reads that people wait for find their rows by an index; only JSON lists and lists of rings are walked through."""
    asked = query(name)
    plan = empty.execute("EXPLAIN QUERY PLAN " + asked.text, dict.fromkeys(asked.params)).fetchall()
    scans = [str(step[3]) for step in plan if str(step[3]).startswith("SCAN")]
    tables = {"seller", "store", "listing", "value", "uses", "holder", "notice", "evidence", "member"}
    assert not [scan for scan in scans if scan.split()[1] in tables], scans


def test_every_query_is_asked_by_someone():
    """A query that no code names is dead."""
    code = "\n".join(path.read_text("utf-8") for path in Path(__file__).parents[2].glob("db/*.py"))
    made_up = re.compile(r"^(upsert_(seller|store)|(un)?index_(seller|store)_names|retire_|delete_|forget_|find_)")
    assert [name for name in NAMES if f'"{name}"' not in code and not made_up.match(name)] == []


def test_migrations_are_numbered_without_gap(tmp_path: Path):
    (tmp_path / "001_one.sql").write_text("SELECT 1;")
    (tmp_path / "003_three.sql").write_text("SELECT 3;")
    (tmp_path / "README.md").write_text("")
    with pytest.raises(ValueError, match=r"\[1, 3\]"):
        migrations(tmp_path)
    (tmp_path / "002_two.sql").write_text("SELECT 2;")
    assert migrations(tmp_path) == ("SELECT 1;", "SELECT 2;", "SELECT 3;")
