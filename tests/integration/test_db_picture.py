"""The picture of the graph beside an embedded database: what cannot be used is not used, and nothing depends on it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ringwatch.db import export
from ringwatch.db.open import make_anew, open_view, open_writer
from ringwatch.model.tables import BATCH_SCHEMAS
from ringwatch.model.visibility import FULL

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keep_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "KEPT_LEAST", 0)


def load(path: Path, *sellers: str, value: str) -> str:
    """Load sellers who share a phone; return the database's URL."""
    url = f"sqlite:///{path}"
    rows = {
        "sellers": [{"seller_id": seller} for seller in sellers],
        "uses": [{"holder_id": seller, "kind": "phone", "value": value, "display": value} for seller in sellers],
    }
    with open_writer(url, create=True) as writer:
        number = writer.begin_load("shop", NOW, full=False)
        for table, found in rows.items():
            writer.write(number, table, pa.Table.from_pylist(found, schema=BATCH_SCHEMAS[table]))
        writer.finish_load(number, NOW)
    return url


def keep(url: str) -> None:
    """Leave a picture beside the database."""
    with open_view(url) as view, open_writer(url) as writer:
        writer.keep_picture(view.read_graph(FULL, NOW).picture)


def shared(url: str) -> dict[str, int]:
    """Return the shared values and how many hold each."""
    with open_view(url) as view:
        found = view.snapshot(FULL, NOW)
    counts = (found.value_start[1:] - found.value_start[:-1]).tolist()
    return dict(zip(found.value_text.to_pylist(), counts, strict=True))


def is_used(url: str) -> bool:
    """Whether a reading begins with the picture: such a one is too young to be kept again."""
    with open_view(url) as view:
        return view.read_graph(FULL, NOW).picture is None


def test_a_picture_is_used_until_it_is_damaged_or_gone(tmp_path: Path):
    """Cut off at any place or deleted, it is as if it had never been there."""
    url, file = load(tmp_path / "graph.db", "a", "b", value="+1"), tmp_path / "graph.db-picture"
    keep(url)
    assert is_used(url)
    whole = file.read_bytes()
    for size in (0, 7, len(whole) // 2, len(whole) - 9):
        file.write_bytes(whole[:size])
        assert not is_used(url)
        assert shared(url) == {"+1": 2}
    file.unlink()
    assert shared(url) == {"+1": 2}


def test_a_backup_that_is_put_back_takes_no_picture_of_later(tmp_path: Path):
    """The picture of what the backup does not hold is left alone, also after a load with the same number."""
    path = tmp_path / "graph.db"
    url = load(path, "a", "b", value="+1")
    shutil.copy(path, tmp_path / "backup.db")
    load(path, "c", "d", value="+2")
    keep(url)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", path)
    load(path, "e", "f", "g", value="+3")
    assert shared(url) == {"+1": 2, "+3": 3}


def test_a_database_made_anew_leaves_no_picture(tmp_path: Path):
    """What was in the former one is gone with it."""
    url = load(tmp_path / "graph.db", "a", "b", value="+1")
    keep(url)
    make_anew(url)
    assert not (tmp_path / "graph.db-picture").exists()
    assert shared(url) == {}


def test_where_no_picture_can_be_written_nothing_else_fails(tmp_path: Path):
    """Something else lies in its place."""
    url = load(tmp_path / "graph.db", "a", "b", value="+1")
    (tmp_path / "graph.db-picture").mkdir()
    keep(url)
    assert shared(url) == {"+1": 2}
    assert sorted(file.name for file in tmp_path.iterdir() if "picture" in file.name) == ["graph.db-picture"]
