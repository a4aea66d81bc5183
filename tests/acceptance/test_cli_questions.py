"""Questions beyond what a run keeps: why a seller is not in a ring, and how two sellers are connected."""

import math

import pytest


@pytest.fixture
def ask(here, market):
    """Ask the small marketplace, and return the JSON answer."""

    def asked(*arguments: str):
        done = here(*arguments, "--database", market, "--json")
        assert done.status == 0, done.err
        return done.json

    return asked


def members(ask, place: int) -> tuple[str, list[str]]:
    """Return a ring by its place in the list, and its members."""
    ring_id = ask("rings")["rings"][place]["ring_id"]
    return ring_id, [member["seller_id"] for member in ask("ring", ring_id)["members"]]


def test_why_not_sums_as_why_does_and_says_what_is_missing(ask):
    ring_id, _ = members(ask, 0)
    _, others = members(ask, 1)
    answer = ask("why-not", others[0], ring_id)
    assert math.isclose(sum(part["score"] for part in answer["evidence"]), answer["log_odds"], abs_tol=1e-6)
    assert answer["link_score"] == pytest.approx(1 / (1 + math.exp(-answer["log_odds"])))
    assert answer["tier"] is None
    assert any("its own" in text for text in answer["missing"])


def test_why_not_of_a_member_leads_to_why(here, market, ask):
    ring_id, ids = members(ask, 0)
    done = here("why-not", ids[0], ring_id, "--database", market)
    assert done.status == 2
    assert f"ringwatch why {ids[0]} {ring_id}" in done.err


def test_why_not_reads_as_words(here, market, ask):
    ring_id, _ = members(ask, 0)
    _, others = members(ask, 1)
    said = here("why-not", others[0], ring_id, "--database", market).out
    assert "is not in ring" in said
    assert "What would be needed:" in said


def test_paths_are_chains_strongest_first_and_disjoint(ask):
    """Each leads from the one to the other; no value and no seller between the ends stands in two of them."""
    _, ids = members(ask, 0)
    paths = ask("path", ids[0], ids[-1])["paths"]
    assert paths
    scores = [path["score"] for path in paths]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    between, values = [], []
    for path in paths:
        steps = path["steps"]
        assert (steps[0]["seller_id"], steps[-1]["next_seller_id"]) == (ids[0], ids[-1])
        inner = [step["next_seller_id"] for step in steps[:-1]]
        assert inner == [step["seller_id"] for step in steps[1:]]
        between += inner
        values += [(step["kind"], step["value"]) for step in steps]
    assert len(between) == len(set(between))
    assert len(values) == len(set(values))


def test_a_path_back_is_as_strong(ask):
    _, ids = members(ask, 0)
    there = ask("path", ids[0], ids[-1])["paths"]
    back = ask("path", ids[-1], ids[0])["paths"]
    assert back[0]["score"] == pytest.approx(there[0]["score"])


def test_strangers_have_no_path(here, tmp_path):
    """Two sellers that share nothing, and a seller with itself: an empty list, in words too."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sellers.csv").write_text("seller_id\na\nb\n", encoding="utf-8")
    assert here("load", "data").status == here("detect").status == 0
    assert here("path", "a", "b", "--json").json == {"paths": []}
    assert here("path", "a", "a", "--json").json == {"paths": []}
    assert "No chain" in here("path", "a", "b").out
    assert "the same seller" in here("path", "a", "a").out
