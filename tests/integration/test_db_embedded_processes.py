"""Several processes on one embedded database: readers beside a writer, writers killed, copies made meanwhile."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringwatch.db.backup import back_up
from ringwatch.db.open import open_view
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

NOW = datetime(2025, 3, 1, tzinfo=UTC)
SCRIPT = Path(__file__).parent.parent / "support" / "steady_writer.py"
N_BATCHES = 12


@contextmanager
def steady_writer(url: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A writing process, killed at the end of the block at the latest."""
    command = [sys.executable, str(SCRIPT), url, str(N_BATCHES), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def facts(url: str) -> tuple[dict[str, int], list[str], list[int], list[str]]:
    with open_view(url) as view:
        found = view.snapshot(FULL, NOW)
        names = [hit.id for hit in view.search(FULL, "shop", 10_000).rows]
        counts = dict(view.counts(FULL))
    return counts, found.value_text.to_pylist(), found.link_seller.tolist(), names


def test_a_killed_load_leaves_whole_batches_and_the_same_load_completes_it(tmp_path: Path):
    """Killed without warning at three places: what was acknowledged is there, and nothing is half there.

    The rerun of the same load gives the graph of a load that nobody killed.
    """
    clean, killed = (f"sqlite:///{tmp_path}/{name}.db" for name in ("clean", "killed"))
    with steady_writer(clean) as process:
        assert process.wait(120) == 0
    for n_acknowledged in (1, 5, 9):
        with steady_writer(killed) as process:
            for _ in range(n_acknowledged):
                assert process.stdout is not None
                last = int(process.stdout.readline())
            process.kill()
        counts, values, sellers, _ = facts(killed)
        assert counts["values"] >= 40 * last
        assert counts["uses"] == len(sellers) == 2 * len(values) == 2 * counts["values"]
        assert counts["uses"] <= counts["sellers"]
    with steady_writer(killed) as process:
        assert process.wait(120) == 0
    assert facts(killed) == facts(clean)


def test_readers_see_whole_batches_and_whole_runs_while_another_process_writes(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/graph.db"
    with steady_writer(url, "runs") as process:
        assert process.stdout is not None
        process.stdout.readline()
        with open_view(url) as view:
            seen = set()
            for line in process.stdout:
                found = view.snapshot(FULL, NOW)
                assert found.n_links == 2 * found.n_values
                runs = {member.ring_id.partition("-")[0] for member in view.all_members(FULL)}
                assert len(runs) == 1 or not line.startswith("run")
                seen |= runs
                if line.startswith("run") and int(line.split()[1]) >= 5:
                    break
    assert len(seen) > 1


def test_a_copy_made_while_another_process_writes_is_whole(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/graph.db"
    with steady_writer(url, "runs") as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        size = back_up(url, tmp_path / "copy.db")
        assert process.poll() is None
    assert size == (tmp_path / "copy.db").stat().st_size
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    counts, values, sellers, _ = facts(f"sqlite:///{tmp_path}/copy.db")
    assert counts["values"] >= 3 * 40
    assert len(sellers) == 2 * len(values)


def test_a_copy_never_takes_the_place_of_a_file(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/graph.db"
    with steady_writer(url) as process:
        assert process.wait(120) == 0
    (tmp_path / "notes.txt").write_text("mine")
    for target, told in (
        (tmp_path / "notes.txt", "there already"),
        (tmp_path / "graph.db", "there already"),
        (tmp_path, "there already"),
        (tmp_path / "no" / "copy.db", "cannot be written"),
    ):
        with pytest.raises(ConfigError, match=told):
            back_up(url, target)
    with pytest.raises(ConfigError, match="neo4j-admin") as told_of:
        back_up("neo4j://ann:s3cret@h:7687/neo4j", tmp_path / "copy.db")
    assert "s3cret" not in str(told_of.value)
    with pytest.raises(ConfigError, match="no such database"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["graph.db", "notes.txt"]
