"""The embedded database on real files: every fault of a disk, a folder or a neighbour is one clear error."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ringwatch.db.embedded import EmbeddedDatabase
from ringwatch.db.migrations import APPLICATION_ID, bring_up_to_date
from ringwatch.db.open import open_view, open_writer
from ringwatch.db.writer import Writer
from ringwatch.model.errors import ConfigError, RetryableError
from ringwatch.model.tables import BATCH_SCHEMAS
from ringwatch.model.visibility import FULL
from ringwatch.sql import migrations

NOW = datetime(2025, 3, 1, tzinfo=UTC)
AS_ROOT = os.geteuid() == 0  # permissions do not bind root: there the command runs as nobody


def sellers(*ids: str) -> pa.Table:
    return pa.Table.from_pylist([{"seller_id": seller_id} for seller_id in ids], schema=BATCH_SCHEMAS["sellers"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one seller."""
    found = tmp_path / "graph.db"
    with open_writer(f"sqlite:///{found}", create=True) as writer:
        writer.write(writer.begin_load("shop", NOW, False), "sellers", sellers("a"))
    return found


def n_sellers(path: Path) -> int:
    with open_view(f"sqlite:///{path}") as view:
        return view.counts(FULL)["sellers"]


def test_a_missing_database_names_the_command_that_makes_one(tmp_path: Path):
    with pytest.raises(ConfigError, match="ringwatch load FOLDER"):
        open_view(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(ConfigError, match="ringwatch load FOLDER"):
        open_writer(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_database(tmp_path: Path):
    with pytest.raises(ConfigError, match="this is a folder"):
        open_view(f"sqlite:///{tmp_path}")
    with pytest.raises(ConfigError, match=r"the folder .* is not there"):
        open_writer(f"sqlite:///{tmp_path}/no/such/graph.db", create=True)


@pytest.mark.parametrize("content", [b"seller_id,name\n" * 100, b"SQLite format 3\0" + b"\xff" * 200])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes):
    other = tmp_path / "sellers.csv"
    other.write_bytes(content)
    for opening in (open_view, open_writer, lambda url: open_writer(url, create=True)):
        with pytest.raises(ConfigError, match="no SQLite database"):
            opening(f"sqlite:///{other}")
    assert other.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE seller (id)")
    before = other.read_bytes()
    for create in (False, True):
        with pytest.raises(ConfigError, match=r"not a database of Ringwatch|belongs to another program"):
            open_writer(f"sqlite:///{other}", create=create)
    assert other.read_bytes() == before


def test_an_empty_file_is_made_a_database_only_where_asked(tmp_path: Path):
    """As a first load leaves it that was killed before it wrote anything."""
    (tmp_path / "graph.db").touch()
    with pytest.raises(ConfigError, match="not a database of Ringwatch"):
        open_view(f"sqlite:///{tmp_path}/graph.db")
    with open_writer(f"sqlite:///{tmp_path}/graph.db", create=True):
        pass
    assert n_sellers(tmp_path / "graph.db") == 0


def test_a_newer_database_says_what_to_do_and_is_left_alone(path: Path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(migrations()) + 1}")
    with pytest.raises(
        ConfigError, match=r"has schema version \d+, this Ringwatch knows versions up to \d+; .*install"
    ):
        open_view(f"sqlite:///{path}")


def test_an_older_database_is_brought_up_to_date_with_its_rows(tmp_path: Path):
    """A made-up later version: its script runs once, on what the versions before it left."""
    later = (
        "ALTER TABLE t ADD COLUMN b TEXT;\nUPDATE t SET b = 'x;y' || a;\n"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN\n SELECT 1;\nEND;"
    )
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as connection:
        bring_up_to_date(connection, tmp_path, ["CREATE TABLE t (a TEXT);"])
        connection.execute("INSERT INTO t VALUES ('1')")
        for _ in range(2):
            bring_up_to_date(connection, tmp_path, ["CREATE TABLE t (a TEXT);", later])
        assert connection.execute("SELECT a, b FROM t").fetchall() == [("1", "x;y1")]
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as connection:
        bring_up_to_date(connection, tmp_path, ["CREATE TABLE t (a TEXT);"])
        with pytest.raises(sqlite3.OperationalError):
            bring_up_to_date(connection, tmp_path, ["CREATE TABLE t (a TEXT);", "CREATE TABLE u (a);\nNONSENSE;"])
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("t",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_two_processes_may_make_one_database_at_once(tmp_path: Path):
    code = "import sys; from ringwatch.db.open import open_writer; open_writer(sys.argv[1], create=True)"
    command = [sys.executable, "-W", "ignore", "-c", code, f"sqlite:///{tmp_path}/graph.db"]
    makers = [subprocess.Popen(command) for _ in range(3)]
    assert [maker.wait(60) for maker in makers] == [0, 0, 0]
    assert n_sellers(tmp_path / "graph.db") == 0


def test_a_damaged_database_says_so(path: Path):
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="damaged"):
        n_sellers(path)


def test_a_locked_database_asks_to_try_again(path: Path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        database = EmbeddedDatabase(path, busy_timeout_s=0.05)
        with Writer(database) as writer, pytest.raises(RetryableError, match="locked"):
            writer.set_setting("a", "b")
        assert n_sellers(path) == 1  # readers read on


def test_a_full_disk_undoes_the_batch_and_keeps_what_was_before(path: Path):
    """SQLite's own limit on pages stands for the disk."""
    database = EmbeddedDatabase(path)
    with database.reading() as session:
        session._connection.execute("PRAGMA max_page_count = 60")
    with Writer(database) as writer:
        load = writer.begin_load("shop", NOW, False)
        with pytest.raises(RetryableError, match="disk is full"):
            writer.write(load, "sellers", sellers(*(f"seller-{i:050}" for i in range(20_000))))
    assert n_sellers(path) == 1


def test_a_file_or_folder_without_permission_is_told(path: Path):
    """In a process of its own, which gives up the powers of root, and in a folder that all may enter."""
    code = (
        "import os, sys\n"
        "from ringwatch.db.open import open_view, open_writer\n"
        "from ringwatch.model.visibility import FULL\n"
        "from ringwatch.model.errors import ConfigError\n"
        "def view(url):\n"
        "    with open_view(url) as one: one.counts(FULL)\n"
        "def write(url):\n"
        "    with open_writer(url) as one: one.set_setting('a', 'b')\n"
        "view(sys.argv[1]), write(sys.argv[1])  # all is imported and read now\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()  # until the permissions are changed\n"
        "if sys.argv[2] == 'drop': os.setuid(65534)\n"
        "for use in (view, write):\n"
        "    try: use(sys.argv[1])\n"
        "    except ConfigError as error: print(error)\n"
    )

    def told(path: Path, mode: int, folder_mode: int) -> str:
        command = [sys.executable, "-W", "ignore", "-c", code, f"sqlite:///{path}", "drop" if AS_ROOT else "stay"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline() == "ready\n"
            path.chmod(mode)
            path.parent.chmod(folder_mode)
            answer, _ = child.communicate("\n")
        path.parent.chmod(0o755)
        path.chmod(0o644)
        assert child.returncode == 0
        return answer

    with tempfile.TemporaryDirectory() as folder:
        moved = Path(shutil.copy(path, folder))
        assert told(moved, 0o000, 0o777).count("check both") == 2
        assert "cannot be written" in told(moved, 0o444, 0o777)
        assert told(moved, 0o644, 0o555).count("\n") >= 1
        assert told(moved, 0o644, 0o000).count("cannot be reached") == 2


def test_one_view_serves_many_threads(path: Path):
    with open_view(f"sqlite:///{path}") as view:
        counts: list[int] = []
        threads = [threading.Thread(target=lambda: counts.append(view.counts(FULL)["sellers"])) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts == [1] * 20
