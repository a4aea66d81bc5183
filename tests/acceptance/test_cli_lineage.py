"""What became of a ring, on the command line: a ring that is taken apart by an exemption and comes back."""

import pytest
from tests.acceptance.test_cli_decisions import strongest_value


@pytest.mark.usefixtures("own_market")
def test_changes_since_a_run_tell_what_an_exemption_did(here):
    """Each change is told once, with its reason; a run in which nothing changed tells none; the first gave them all."""
    first = here("detect", "--json").json["run_id"]
    assert here("changes", "--since", first, "--json").json == {"since": first, "run_id": first, "changes": []}
    assert "No ring changed" in here("changes", "--since", first).out
    ring_id = here("rings", "--json").json["rings"][0]["ring_id"]
    born = here("lineage", ring_id, "--json").json
    assert (born["ring_id"], born["current"], born["events"][0]["event"]) == (
        ring_id,
        [ring_id],
        "born",
    )
    before = {ring["ring_id"]: ring["n_sellers"] for ring in here("rings", "--json").json["rings"]}
    kind, value = strongest_value(here)
    assert here("exempt", kind, value, "--reason", "agency").status == 0
    second = here("detect", "--json").json["run_id"]
    after = {ring["ring_id"]: ring["n_sellers"] for ring in here("rings", "--json").json["rings"]}
    told = here("changes", "--since", first, "--json").json
    assert (told["since"], told["run_id"]) == (first, second)
    sizes = dict(before)
    for change in told["changes"]:
        assert change["run_id"] == second
        assert change["reason"]
        assert change["n_sellers_before"] == sizes.get(change["ring_id"], 0)
        sizes[change["ring_id"]] = change["n_sellers"]
    assert {ring_id: n for ring_id, n in sizes.items() if n} == after
    assert here("changes", "--since", first).out.count("\n") >= len(told["changes"])


@pytest.mark.usefixtures("own_market")
def test_an_id_that_is_no_more_answers_and_one_that_never_was_is_refused(here):
    """An unknown ring or run is status 2, with a line that says how to find one."""
    assert here("settings", "theta", "20").status == 0
    gone = [ring["ring_id"] for ring in here("rings", "--json").json["rings"]]
    assert here("detect").status == 0
    left = {ring["ring_id"] for ring in here("rings", "--json").json["rings"]}
    gone = [ring_id for ring_id in gone if ring_id not in left]
    assert gone
    for ring_id in gone[:3]:
        answer = here("lineage", ring_id, "--json").json
        assert set(answer["current"]) <= left
        assert answer["events"][-1]["event"] in {"merged", "split", "dissolved"}
        assert "is no more" in here("lineage", ring_id).out
    for line in (("lineage", "R-NEVER"), ("changes", "--since", "run-never")):
        done = here(*line)
        assert (done.status, done.out) == (2, "")
        assert "no " in done.err
