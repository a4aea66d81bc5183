"""`detect` again: what changed is worked out anew, and what comes out is what a whole run would give."""

import csv
from pathlib import Path

import pytest

from ringwatch.db import export


def rings(here) -> str:
    """Return the rings as they are exported."""
    return here("export", "rings", "--format", "csv", "--output", "-").out


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    """Write a table of a folder to load."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def answers(here) -> list[object]:
    """Return all that is told of the rings, but for what names the run."""
    listed = here("rings", "--json").json["rings"]
    return [listed, *(here("ring", ring["ring_id"], "--json").json for ring in listed[:40])]


@pytest.mark.usefixtures("own_market")
def test_nothing_new_changes_nothing(here):
    """A second run is incremental, says so, and gives the same rings."""
    before = rings(here)
    again = here("detect", "--json").json
    assert (again["incremental"], again["fitted"]) == (True, False)
    assert rings(here) == before


@pytest.mark.usefixtures("own_market")
def test_new_links_exemptions_and_judgements_give_what_a_whole_run_gives(here, tmp_path, monkeypatch):
    """Then every ring is found anew with the fit that is kept: the same bytes, and the same in every answer.

    The incremental run begins with the picture of the graph that the run before left, also in so small a market.
    """
    monkeypatch.setattr(export, "KEPT_LEAST", 0)
    assert here("detect", "--from-scratch", "--json").status == 0
    assert len(list(tmp_path.glob("*-picture"))) == 1
    listed = here("rings", "--json").json["rings"]
    one, other = (here("ring", ring["ring_id"], "--json").json for ring in listed[:2])
    sellers = [ring["members"][0]["seller_id"] for ring in (one, other)]
    shared = [
        {"holder_id": seller, "kind": kind, "value": f"{kind}-new", "first_seen_at": "2025-01-01"}
        for seller in [*sellers, "S-NEW"]
        for kind in ("device", "wechat")
    ]
    write(tmp_path / "more", "sellers", [{"seller_id": "S-NEW", "name": "New", "country": "CN"}])
    write(tmp_path / "more", "identifiers", shared)
    assert here("load", "more").status == 0
    value = next(value for value in one["values"] if not value["is_hub"])
    assert here("exempt", value["kind"], value["value"], "--reason", "office").status == 0
    last = other["members"][-1]["seller_id"]
    assert here("judge", other["ring_id"], last, "different", "--reason", "another street").status == 0
    with monkeypatch.context() as patch:
        patch.setattr(export, "read_picture", None)  # reading the whole graph would fail
        found = here("detect", "--json").json
    assert found["incremental"] is True
    incremental, told = rings(here), answers(here)
    whole = here("detect", "--from-scratch", "--json").json
    assert whole["incremental"] is False
    assert rings(here) == incremental
    assert answers(here)[1:] == told[1:]
    same = ("rings", "rings_by_tier", "sellers_in_rings", "hubs", "notes")
    assert {name: found[name] for name in same} == {name: whole[name] for name in same}


@pytest.mark.usefixtures("own_market")
def test_a_new_fit_is_no_beginning_for_what_was_found_with_the_old_one(here):
    """With --fit all is found anew; the run after that is incremental again, and settings that changed ask for all."""
    assert here("detect", "--fit", "--json").json["incremental"] is False
    assert here("detect", "--json").json["incremental"] is True
