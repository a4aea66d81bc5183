"""The small marketplace that is committed is the one that the generator makes."""

import gzip
from pathlib import Path

import pyarrow.parquet as pq

from ringwatch.fixtures import market_folder
from ringwatch.fixtures.generate import WorldConfig, csv_text, generate, make_market, write_folder, write_market
from ringwatch.fixtures.marketplace import small_market
from ringwatch.fixtures.tables import TABLES


def test_the_committed_marketplace_is_what_the_generator_makes() -> None:
    """Every committed file holds the bytes that the fixed seed gives, and nothing else lies beside them."""
    files = {path.name: path for path in market_folder().iterdir()}
    assert set(files) == {"labels.csv" if name == "labels" else f"{name}.csv.gz" for name in TABLES}
    for name, table in small_market().items():
        path = files.get(f"{name}.csv") or files[f"{name}.csv.gz"]
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert text == csv_text(table), f"{path.name} is not what `make fixtures` makes"


def test_the_committed_marketplace_is_small() -> None:
    """It takes less than a megabyte of a checkout and of the wheel."""
    assert sum(path.stat().st_size for path in market_folder().iterdir()) < 1_000_000


def test_a_folder_holds_the_tables(tmp_path: Path) -> None:
    """Tables written and read again are the same, however they are written."""
    config = WorldConfig(200, 1)
    tables = generate(config)
    write_folder(tables, tmp_path / "csv")
    write_folder(tables, tmp_path / "parquet", "parquet")
    write_market(make_market(config), tmp_path / "parts", "csv")
    for name, table in tables.items():
        assert pq.read_table(tmp_path / "parquet" / f"{name}.parquet").equals(table)
        assert (tmp_path / "csv" / f"{name}.csv").read_bytes() == csv_text(table)
        assert (tmp_path / "parts" / f"{name}.csv").read_bytes() == csv_text(table)
