"""The same rows in another order, in other files or under a key give the same rings, byte by byte."""

import csv
import gzip
import random
from pathlib import Path

from ringwatch.fixtures import market_folder

KEY_VARIABLE = "RINGWATCH_SECRET_KEY_FILE"


def shuffle_tables(folder: Path, seed: int) -> None:
    """Write the small marketplace with rows and columns in another order and each table in two files."""
    folder.mkdir()
    shuffle = random.Random(seed)  # noqa: S311 (an order of rows, no secret)
    for source in sorted(market_folder().glob("*.csv.gz")):
        with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = list(rows[0])
        shuffle.shuffle(columns)
        shuffle.shuffle(rows)
        name = source.name.removesuffix(".csv.gz")
        for part, chunk in (("a", rows[: len(rows) // 3]), ("b", rows[len(rows) // 3 :])):
            with (folder / f"{name}-{part}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(chunk)


def rings_csv(here, *where: object) -> str:
    return here("export", "rings", "--format", "csv", "--output", "-", *where).out


def test_shuffled_and_split_files_give_the_same_export(here, market, tmp_path):
    shuffle_tables(tmp_path / "shuffled", seed=7)
    assert here("load", "shuffled").status == 0
    assert here("detect").status == 0
    assert rings_csv(here) == rings_csv(here, "--database", market)


def test_a_key_changes_no_ring(here, market, tmp_path):
    """Hashed values link as plain ones do, and no key or another one opens nothing."""
    (tmp_path / "key").write_bytes(b"k" * 32)
    (tmp_path / "other").write_bytes(b"o" * 32)
    assert here("load", market_folder(), "--secret-key-file", "key").status == 0
    assert here("detect").status == 0
    assert rings_csv(here) == rings_csv(here, "--database", market)
    ring_id = here("rings", "--json").json["rings"][0]["ring_id"]
    ring = here("ring", ring_id, "--json", **{KEY_VARIABLE: "key"}).json
    personal = [value for value in ring["values"] if value["kind"] in {"phone", "account", "device"}]
    assert personal
    assert all(value["value"].startswith("hmac:") for value in personal)
    kind, value = personal[0]["kind"], personal[0]["value"]
    for key in ((), ("--secret-key-file", "other")):
        for command in (("ring", ring_id), ("exempt", kind, value, "--reason", "agency"), ("load", market_folder())):
            done = here(*command, *key)
            assert (done.status, done.out) == (2, ""), done.err
            assert "secret key" in done.err
    assert here("exempt", kind, value, "--reason", "agency", "--secret-key-file", "key").status == 0


def test_a_plain_writing_finds_its_hash(here, tmp_path):
    """A person exempts the phone as it is written on paper; the database keeps the hash of what it means."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sellers.csv").write_text("seller_id,country\na,DE\nb,DE\n", encoding="utf-8")
    uses = "holder_id,kind,value\na,phone,040 12345678\nb,phone,+49 40 12345678\n"
    (tmp_path / "data" / "identifiers.csv").write_text(uses, encoding="utf-8")
    (tmp_path / "key").write_bytes(b"k" * 32)
    assert here("load", "data", "--secret-key-file", "key").status == 0
    made = here(
        "exempt", "phone", "+49 (40) 1234-5678", "--reason", "office", "--secret-key-file", "key", "--json"
    ).json
    listed = here("exemptions", "--secret-key-file", "key", "--json").json["exemptions"]
    assert [row["value"] for row in listed] == [made["value"]]
    shown = here("exemptions", "--secret-key-file", "key").out
    assert "•••" in shown
    assert made["value"] not in shown
    assert made["value"].startswith("hmac:")
    assert b"12345678" not in (tmp_path / "ringwatch.db").read_bytes()
