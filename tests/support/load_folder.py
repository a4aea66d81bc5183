"""Load a folder of made files into a database of its own and look at the outcome."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ringwatch.db.open import open_view, open_writer
from ringwatch.graph_loader.load import LoadConfig, LoadReport, load_folder
from ringwatch.model.errors import RingwatchError
from ringwatch.model.visibility import FULL

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SELLERS = b"seller_id,name,country\ns1,One,GB\ns2,Two,DE\n"


@dataclass(frozen=True)
class Outcome:
    """What a load gave: a report or an error, and the rejects that it wrote."""

    report: LoadReport | None
    error: RingwatchError | None
    rejects: list[tuple[str, ...]] | None
    counts: Mapping[str, int] = field(default_factory=dict)


def put(folder: Path, files: Mapping[str, bytes | None]) -> Path:
    """Write files into a folder (None: make a folder of that name) and return it."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            path.mkdir()
        else:
            path.write_bytes(data)
    return folder


def url_of(place: Path) -> str:
    """Return the URL of the database of a place."""
    return f"sqlite:///{place / 'ringwatch.db'}"


def load(folder: Path, place: Path, config: LoadConfig | None = None) -> Outcome:
    """Load a folder into the database of a place; all but our own errors goes through."""
    config = replace(config or LoadConfig("shop"), rejects=place / "rejects.csv")
    report, error = None, None
    with open_writer(url_of(place), create=True) as writer, open_view(url_of(place)) as view:
        try:
            report = load_folder(folder, writer, view, config, NOW)
        except RingwatchError as caught:
            error = caught
        counts = view.counts(FULL)
    rejects = None
    if config.rejects.exists():
        with config.rejects.open(encoding="utf-8", newline="") as file:
            rejects = [tuple(row) for row in csv.reader(file)][1:]
    return Outcome(report, error, rejects, counts)
