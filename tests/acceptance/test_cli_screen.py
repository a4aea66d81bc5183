"""Screening by the command line, on the small marketplace: every source answers alike, and nothing is written."""

import csv
import gzip
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ringwatch.fixtures import market_folder
from ringwatch.fixtures.marketplace import hidden_cases

HONEST = ("forwarder", "payment_provider", "agency", "dormitory", "office", "market_hall", "carrier", "family")


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of the small marketplace."""
    with gzip.open(market_folder() / f"{table}.csv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def applicants() -> dict[str, dict[str, Any]]:
    """All sellers of the small marketplace as applicants, by id."""
    found = {row["seller_id"]: {**row} for row in rows("sellers")}
    owner = {row["store_id"]: row["seller_id"] for row in rows("stores")}
    for table in ("addresses", "payment_accounts", "identifiers"):
        for row in rows(table):
            holder = row.pop("holder_id")
            found[owner.get(holder, holder)].setdefault(table, []).append(row)
    for row in rows("listings"):
        if row["image_hash"]:
            times = {"first_seen_at": row["listed_at"], "last_seen_at": row["removed_at"]}
            shown = {"kind": "image_hash", "value": row["image_hash"], **times}
            found[owner[row["store_id"]]].setdefault("identifiers", []).append(shown)
    return found


def written(path: Path, told: list[Any]) -> Path:
    """Write applicants as JSON lines; text stands as it is."""
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in told))
    return path


def files_of(url: str) -> dict[str, str]:
    """Return a digest of each file of a database."""
    path = Path(url.removeprefix("sqlite:///"))
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.parent.glob(f"{path.name}*")
        if not file.name.endswith("-shm")
    }


def test_a_folder_is_screened_as_lines_are_and_members_get_the_tier_of_their_ring(here, market, applicants, tmp_path):
    """The whole marketplace applies again: one answer whatever the source, no byte of the database another."""
    before = files_of(market)
    done = here("screen", market_folder(), "--json", "--database", market)
    assert done.status == 0
    of_folder = {one["seller_id"]: one for one in done.json["applicants"]}
    lines = written(tmp_path / "applicants.jsonl", list(applicants.values()))
    of_lines = [json.loads(line) for line in here("screen", lines, "--bulk", "--database", market).out.splitlines()]
    assert [one["seller_id"] for one in of_lines] == list(applicants)
    assert {one["seller_id"]: one for one in of_lines} == of_folder
    assert files_of(market) == before
    exported = here("export", "rings", "--format", "csv", "--output", tmp_path / "rings.csv", "--database", market)
    assert exported.status == 0
    members = list(csv.DictReader((tmp_path / "rings.csv").read_text().splitlines()))
    assert len(members) > 200
    for member in members:
        (match,) = (m for m in of_folder[member["seller_id"]]["matches"] if m["ring_id"] == member["ring_id"])
        assert match["tier"] == member["tier"]
        assert f"{match['link_score']:.6f}" == member["link_score"]
        assert sum(part["score"] for part in match["evidence"]) == pytest.approx(match["log_odds"], abs=1e-6)
    honest = {seller_id for case in HONEST for seller_id in hidden_cases()[case]}
    assert not [seller_id for seller_id in honest if of_folder[seller_id]["advice"] == "refuse"]


def test_a_stranger_with_two_members_values_is_refused_and_returned_rings_are_told(here, market, applicants, tmp_path):
    """What mules share refuses a stranger, what closed sellers hold is their return, a document refuses nobody."""
    cases = hidden_cases()
    mule = {**applicants[cases["mules"][0]], "seller_id": "A-new"}
    given = Counter((i["kind"], i["value"]) for m in cases["mules"] for i in applicants[m]["identifiers"])
    shared = [{"kind": kind, "value": value} for (kind, value), n in given.items() if n > 2]
    now = {(i["kind"], i["value"]) for seller in cases["returned"] for i in applicants[seller]["identifiers"]}
    then = [i for seller in cases["closed_before"] for i in applicants[seller]["identifiers"]]
    left = [{"kind": i["kind"], "value": i["value"]} for i in then if (i["kind"], i["value"]) not in now]
    back = {"seller_id": "A-back", "identifiers": left}
    paper = {"seller_id": "A-paper", "identifiers": [i for i in mule["identifiers"] if i["kind"] == "id_document"]}
    source = written(tmp_path / "new.jsonl", [{"seller_id": "A-new", "identifiers": shared}, back, paper])
    new, returned, lent = here("screen", source, "--json", "--database", market).json["applicants"]
    assert new["advice"] == "refuse"
    assert len(new["matches"][0]["families"]) >= 2
    assert returned["matches"][0]["returned"]
    assert lent["advice"] != "refuse"
    told = here("screen", source, "--database", market)
    assert "Nothing was written" in told.out
    assert new["matches"][0]["ring_id"] in told.out


def test_bad_lines_are_answered_in_place_and_lose_nothing(here, market, monkeypatch, tmp_path):
    """Ten sorts of nonsense between good applicants: each line has its answer, the good ones theirs."""
    flood = {"seller_id": "A-flood", "identifiers": [{"kind": "phone", "value": str(n)} for n in range(10_000)]}
    bad = [
        "{", "[]", "null", '{"seller_id": 7}', '{"seller_id": "x", "addresses": 3}', flood,
        {"seller_id": "x", "identifiers": [{"value": "1"}]}, {"seller_id": "x", "identifiers": [7]},
        {"seller_id": "x", "identifiers": [{"kind": "phone", "value": ["1"]}]},
        {"seller_id": "x", "identifiers": [{"kind": "phone", "value": "1", "first_seen_at": "31/02/2025"}]},
    ]  # fmt: skip
    told = [piece for one in bad for piece in (one, {"seller_id": "A-good", "name": "=cmd|' /C calc'!A0"})]
    source = written(tmp_path / "mixed.jsonl", told)
    done = here("screen", source, "--bulk", "--database", market)
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 0
    assert len(answers) == len(told)
    assert all("error" in answer for answer in answers[::2])
    assert all(answer["advice"] == "allow" for answer in answers[1::2])
    assert "10,000 values, at most 1,000" in answers[10]["error"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(source.read_bytes())))
    assert here("screen", "-", "--bulk", "--database", market).out == done.out


def test_what_cannot_be_screened_ends_as_the_interface_says(here, market, tmp_path):
    """A source that is not there is an input error, an empty folder too; a database without a run is refused."""
    assert here("screen", tmp_path / "nowhere.jsonl", "--database", market).status == 3
    assert here("screen", tmp_path, "--database", market).status == 3
    assert here("screen", "-", "--database", f"sqlite:///{tmp_path / 'none.db'}").status == 2
