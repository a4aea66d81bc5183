"""The main job as a person does it: load, detect, look, ask why, export, decide, keep a copy."""

import csv
import json
import math
from pathlib import Path

import networkx as nx
import pytest

from ringwatch.fixtures import market_folder

TIERS = ("close", "review", "lead")


def test_loading_says_what_was_read(loaded_market):
    """Without options the source is the folder's name and every table is counted."""
    loaded = loaded_market.loaded.json
    assert loaded["source"] == market_folder().name
    assert loaded["tables"]["sellers"] == {"read": 2000, "rejected": 0}
    assert loaded["read"] == sum(table["read"] for table in loaded["tables"].values())
    assert loaded["rejects_file"] is None
    assert not loaded_market.file.with_name("rejects.csv").exists()


def test_detecting_says_what_was_found(loaded_market):
    found = loaded_market.detected.json
    assert found["fitted"] is True
    assert found["rings"] == sum(found["rings_by_tier"].values()) > 0
    assert list(found["rings_by_tier"]) == list(TIERS)


def test_a_second_run_keeps_fit_and_ring_ids(here, own_market):
    before = here("export", "rings", "--format", "csv", "--output", "-").out
    second = here("detect", "--from-scratch", "--json").json
    assert second["fitted"] is second["incremental"] is False
    assert second["run_id"] != own_market.detected.json["run_id"]
    assert here("export", "rings", "--format", "csv", "--output", "-").out == before


def test_rings_come_surest_first(here, market):
    rings = here("rings", "--database", market, "--json").json["rings"]
    keys = [(TIERS.index(ring["tier"]), -ring["link_score"], ring["ring_id"]) for ring in rings]
    assert keys == sorted(keys)
    close = here("rings", "--tier", "close", "--database", market, "--json").json["rings"]
    assert close == [ring for ring in rings if ring["tier"] == "close"]


def test_a_ring_shows_members_and_values(here, market):
    ring_id = here("rings", "--database", market, "--json").json["rings"][0]["ring_id"]
    ring = here("ring", ring_id, "--database", market, "--json").json
    ids = [member["seller_id"] for member in ring["members"]]
    assert ids == sorted(ids)
    assert ring["link_score"] == pytest.approx(sum(m["link_score"] for m in ring["members"]) / len(ids))
    assert {"kind", "family", "value", "n_holders", "is_hub"} == set(ring["values"][0])
    said = here("ring", ring_id, "--database", market).out
    assert all(seller_id in said for seller_id in ids)


def test_why_sums_to_the_score(here, market):
    """Evidence of every member of the surest ring sums to its log-odds, and those give its link score."""
    ring_id = here("rings", "--database", market, "--json").json["rings"][0]["ring_id"]
    for member in here("ring", ring_id, "--database", market, "--json").json["members"][:5]:
        why = here("why", member["seller_id"], ring_id, "--database", market, "--json").json
        assert math.isclose(sum(part["score"] for part in why["evidence"]), why["log_odds"], abs_tol=1e-6)
        assert why["link_score"] == pytest.approx(1 / (1 + math.exp(-why["log_odds"])))
        assert why["link_score"] == member["link_score"]
        assert why["families"]


def test_why_reads_as_sentences(here, market):
    ring_id = here("rings", "--database", market, "--json").json["rings"][0]["ring_id"]
    seller_id = here("ring", ring_id, "--database", market, "--json").json["members"][0]["seller_id"]
    said = here("why", seller_id, ring_id, "--database", market).out
    assert f"Seller {seller_id} in ring {ring_id}" in said
    assert "Same " in said
    assert "in all" in said


def test_evaluation_is_that_of_the_csv_export(here, market, tmp_path: Path):
    """The figures rest on the very rows that the CSV export writes."""
    labels = market_folder() / "labels.csv"
    outcome = here("evaluate", "--labels", labels, "--database", market, "--json").json
    assert here("export", "rings", "--format", "csv", "--output", "rings.csv", "--database", market).status == 0
    with (tmp_path / "rings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = labels.read_text(encoding="utf-8").splitlines()
    truth = {row["seller_id"]: row["ring"] for row in csv.DictReader(lines)}
    for tier in TIERS:
        caught = [row for row in rows if row["tier"] == tier and not truth[row["seller_id"]]]
        assert outcome["honest_caught"][tier] == len(caught)
    assert outcome["rings"] == len({row["ring_id"] for row in rows})
    assert outcome["sellers"] == len(truth)
    assert 0 < outcome["pairwise"]["f1"] <= 1


def test_csv_is_ordered_and_each_seller_stands_once(here, market):
    text = here("export", "rings", "--format", "csv", "--output", "-", "--database", market).out
    lines = text.splitlines()
    assert lines[0] == "ring_id,tier,seller_id,role,link_score,infringement_score"
    rows = list(csv.DictReader(lines))
    keys = [(row["ring_id"], row["seller_id"]) for row in rows]
    assert keys == sorted(keys)
    assert len({row["seller_id"] for row in rows}) == len(rows)
    assert all(len(row["link_score"].partition(".")[2]) == 6 for row in rows)


def test_json_export_holds_rings_as_ring_gives_them(here, market):
    exported = json.loads(here("export", "rings", "--format", "json", "--output", "-", "--database", market).out)
    listed = here("rings", "--database", market, "--json").json
    assert exported["run_id"] == listed["run_id"]
    assert [ring["ring_id"] for ring in exported["rings"]] == [ring["ring_id"] for ring in listed["rings"]]
    ring_id = listed["rings"][0]["ring_id"]
    assert exported["rings"][0] == here("ring", ring_id, "--database", market, "--json").json


def test_graphml_opens_in_networkx(here, market, tmp_path: Path):
    """Sellers and values are the two sides, every edge joins one of each, every exported seller is there."""
    assert here("export", "rings", "--format", "graphml", "--output", "r.graphml", "--database", market).status == 0
    graph = nx.read_graphml(tmp_path / "r.graphml")
    kinds = nx.get_node_attributes(graph, "kind")
    assert set(kinds.values()) == {"seller", "value"}
    assert all({kinds[one], kinds[other]} == {"seller", "value"} for one, other in graph.edges)
    labels = {graph.nodes[node]["label"] for node, kind in kinds.items() if kind == "seller"}
    exported = here("export", "rings", "--format", "csv", "--output", "-", "--database", market).out
    assert labels == {row["seller_id"] for row in csv.DictReader(exported.splitlines())}
    assert all("ring_id" in graph.nodes[node] for node in graph)


def test_an_export_replaces_a_file_and_leaves_no_draft(here, market, tmp_path: Path):
    (tmp_path / "rings.csv").write_text("old", encoding="utf-8")
    assert here("export", "rings", "--format", "csv", "--output", "rings.csv", "--database", market).status == 0
    assert (tmp_path / "rings.csv").read_text(encoding="utf-8").startswith("ring_id,")
    assert [path.name for path in tmp_path.iterdir()] == ["rings.csv"]


def test_the_default_database_is_named_by_the_environment(here, market):
    assert here("rings", "--json", RINGWATCH_DATABASE=market).json["rings"]


def test_options_of_every_command_stand_anywhere(here, market):
    """Before the command's name, after it, after its arguments: the same answer."""
    after = here("rings", "--database", market, "--json")
    assert here("--database", market, "--json", "rings").json == after.json
    ring_id = after.json["rings"][0]["ring_id"]
    assert here("ring", "--json", ring_id, "--database", market).json["ring_id"] == ring_id
