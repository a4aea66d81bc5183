"""Made lists of records from file to rings: what is joined is right, and where no record is twice nothing is found."""

from pathlib import Path
from typing import Any

from benchmarks.quality.made_records import ListConfig, make_list
from tests.acceptance.conftest import Run

MAPPING = '[kinds.birth_date]\nfamily = "identity"\nnormaliser = "token"\n'


def measure(ringwatch: Run, config: ListConfig, folder: Path) -> Any:
    """Make, load, detect and evaluate one list."""
    make_list(config, folder)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    ringwatch("load", folder / "input", "--mapping", folder / "mapping.toml", "--json")
    notes = ringwatch("detect", "--json").json["notes"]
    assert any("list of records" in note for note in notes)
    return ringwatch("evaluate", "--labels", folder / "labels.csv", "--json").json


def test_what_is_joined_is_right(ringwatch: Run, tmp_path: Path) -> None:
    """Companies with sisters, offices and agents."""
    found = measure(ringwatch, ListConfig("companies", 500, 0.1, 0.1, seed=11), tmp_path / "list")
    assert found["pairwise"]["precision"] >= 0.95
    assert found["pairwise"]["recall"] >= 0.9


def test_companies_of_which_none_is_twice_are_no_rings(ringwatch: Run, tmp_path: Path) -> None:
    config = ListConfig("companies", 500, 0.1, 0.1, repeated_share=0.0, seed=12)
    assert measure(ringwatch, config, tmp_path / "list")["rings"] == 0
