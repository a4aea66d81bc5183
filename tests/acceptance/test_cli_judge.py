"""What people decide about rings, on the command line: it binds every later run."""

import pytest


@pytest.mark.usefixtures("own_market")
def test_a_seller_judged_different_stays_out_also_after_a_new_fit(here):
    """The answer gives the id; `ring` shows it; the seller is out after detect, --fit and --from-scratch."""
    ring = here("rings", "--json").json["rings"][0]
    ring_id = ring["ring_id"]
    seller_id = here("ring", ring_id, "--json").json["members"][0]["seller_id"]
    judged = here("judge", ring_id, seller_id, "different", "--reason", "visited", "--owner", "ann", "--json").json
    assert (judged["judgement_ids"], judged["ring_id"], judged["seller_id"]) == (["J-1"], ring_id, seller_id)
    for options in ((), ("--fit",), ("--from-scratch",)):
        assert here("detect", *options).status == 0
        answer = here("ring", ring_id, "--json").json
        assert seller_id not in {member["seller_id"] for member in answer["members"]}
    assert [(row["verdict"], row["owner"]) for row in answer["judgements"]] == [("different", "ann")]
    assert "visited" in here("ring", ring_id).out
    assert here("lineage", ring_id, "--json").json["events"][-1]["event"] == "shrank"
    assert here("judge", ring_id, seller_id, "unsure", "--reason", "another visit").status == 0
    assert here("detect").status == 0
    assert seller_id in {member["seller_id"] for member in here("ring", ring_id, "--json").json["members"]}


@pytest.mark.usefixtures("own_market")
def test_a_dismissed_ring_is_gone_and_a_seller_judged_same_is_explained(here):
    """The judgement is a part of `why`, whose parts still sum to the score."""
    first, second = [ring["ring_id"] for ring in here("rings", "--json").json["rings"][:2]]
    stranger = here("ring", first, "--json").json["members"][0]["seller_id"]
    assert here("judge", first, "dismissed", "--reason", "sister companies").status == 0
    assert here("judge", second, stranger, "same", "--reason", "one warehouse key").status == 0
    assert here("detect").status == 0
    assert first not in {ring["ring_id"] for ring in here("rings", "--json").json["rings"]}
    why = here("why", stranger, second, "--json").json
    assert sum(part["score"] for part in why["evidence"]) == pytest.approx(why["log_odds"], abs=1e-6)
    assert [part["value"] for part in why["evidence"] if part["kind"] == "judgement"] == [""]
    assert "A person judged" in here("why", stranger, second).out
    assert why["tier"] != "close"


def test_what_is_no_judgement_is_refused(here, own_market):
    """Unknown rings and sellers, verdicts that do not fit their subject and empty reasons are status 2."""
    ring_id = here("rings", "--json").json["rings"][0]["ring_id"]
    before = own_market.file.read_bytes()
    for line in (
        ("R-NEVER", "confirmed", "--reason", "x"),
        (ring_id, "nobody", "same", "--reason", "x"),
        (ring_id, "same", "--reason", "x"),
        (ring_id, "S1", "confirmed", "--reason", "x"),
        (ring_id, "S1", "S2", "same", "--reason", "x"),
        (ring_id, "confirmed", "--reason", " "),
        (ring_id, "confirmed"),
        (ring_id, "--reason", "x"),
    ):
        done = here("judge", *line)
        assert (done.status, done.out) == (2, ""), line
        assert done.err
    assert own_market.file.read_bytes() == before
