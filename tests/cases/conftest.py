"""Every case runs on every database: a case takes ``graph``, which is one empty database of each in turn."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ringwatch.db.open import open_view, open_writer
from ringwatch.db.view import View
from ringwatch.db.writer import Writer
from ringwatch.model.tables import BATCH_SCHEMAS, WRITE_ORDER

DATABASES = ("embedded", "neo4j")
NOW = datetime(2025, 3, 1, tzinfo=UTC)


class Graph:
    """One database, and short ways to fill it and to read it."""

    now = NOW

    def __init__(self, url: str) -> None:
        self.url = url
        with self.writer(create=True):
            pass

    @contextmanager
    def writer(self, create: bool = False) -> Iterator[Writer]:
        """Open it for writing."""
        with open_writer(self.url, create=create) as writer:
            yield writer

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open it for reading."""
        with open_view(self.url) as view:
            yield view

    def load(
        self, tables: Mapping[str, Sequence[Mapping[str, Any]]], source: str = "shop", full: bool = False
    ) -> Mapping[str, int]:
        """Load rows in one batch a table, and return what a full load retired."""
        with self.writer() as writer:
            load = writer.begin_load(source, NOW, full)
            for table in WRITE_ORDER:
                if table in tables:
                    writer.write(load, table, self.batch(table, tables[table]))
            return writer.finish_load(load, NOW)

    @staticmethod
    def batch(table: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
        """Rows as a batch; where a use does not say how people read its value, they read the value."""
        shown = [{"display": row["value"], **row} if "value" in row else row for row in rows]
        return pa.Table.from_pylist(shown, schema=BATCH_SCHEMAS[table])


@pytest.fixture(params=DATABASES)
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Graph:
    if request.param == "neo4j":
        return Graph(request.getfixturevalue("neo4j_url"))
    return Graph(f"sqlite:///{tmp_path / 'graph.db'}")
