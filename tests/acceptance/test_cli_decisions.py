"""What people decide on the command line: exemptions and limits; and that backup and doctor serve them."""

import sqlite3
from contextlib import closing

import pytest

from ringwatch.model.kinds import EXEMPTION_REASONS


def strongest_value(here) -> tuple[str, str]:
    """Return the kind and text of the value that most members of the surest ring share."""
    ring_id = here("rings", "--json").json["rings"][0]["ring_id"]
    values = [value for value in here("ring", ring_id, "--json").json["values"] if not value["is_hub"]]
    best = max(values, key=lambda value: value["n_holders"])
    return best["kind"], best["value"]


@pytest.mark.usefixtures("own_market")
def test_an_exempt_value_links_nobody_until_it_is_lifted(here):
    """The value that `ring` shows is what `exempt` takes; no later run counts it; once lifted, all is as before."""
    before = here("export", "rings", "--format", "csv", "--output", "-").out
    kind, value = strongest_value(here)
    made = here("exempt", kind, value, "--reason", "agency", "--owner", "ann", "--expires", "2999-01-01", "--json").json
    assert (made["kind"], made["value"], made["reason"]) == (kind, value, "agency")
    listed = here("exemptions", "--json").json["exemptions"]
    assert [(row["kind"], row["value"], row["owner"], row["expires_at"][:4]) for row in listed] == [
        (kind, value, "ann", "2999")
    ]
    assert here("detect").status == 0
    for ring in here("rings", "--json").json["rings"]:
        for part in here("ring", ring["ring_id"], "--json").json["values"]:
            assert (part["kind"], part["value"]) != (kind, value) or part["is_hub"]
    lifted = here("exempt", kind, value, "--lift", "--reason", "agency closed", "--json")
    assert lifted.json["lifted"] is True
    assert here("exemptions", "--json").json == {"exemptions": []}
    assert here("detect").status == 0
    after = here("export", "rings", "--format", "csv", "--output", "-").out
    assert after == before


@pytest.mark.usefixtures("own_market")
def test_suggestions_are_taken_by_exempt_and_never_by_themselves(here):
    """Each names kind, value and a reason that `exempt` takes; nothing is exempt until a person says so."""
    found = here("exemptions", "--suggest", "--json").json["exemptions"]
    assert found
    assert {row["reason"] for row in found} <= set(EXEMPTION_REASONS)
    assert all(row["is_suggestion"] and row["why"] and row["n_holders"] > 3 for row in found)
    assert here("exemptions", "--json").json == {"exemptions": []}
    first = found[0]
    assert here("exempt", first["kind"], first["value"], "--reason", first["reason"]).status == 0
    assert here("exemptions", "--suggest", "--json").json["exemptions"] == found[1:]
    told = here("exemptions", "--suggest").out
    assert "none is applied by itself" in told
    assert found[1]["value"] in told


@pytest.mark.usefixtures("own_market")
def test_settings_are_kept_and_used(here):
    """A changed price on joining outlives the command and changes what a run finds."""
    before = here("export", "rings", "--format", "csv", "--output", "-").out
    assert here("settings", "theta", "20", "--json").json["value"] == 20
    shown = here("settings", "theta", "--json").json
    assert (shown["name"], shown["value"], shown["default"]) == ("theta", 20.0, 2.0)
    assert here("detect", "--json").status == 0
    assert here("export", "rings", "--format", "csv", "--output", "-").out != before


def test_a_backup_is_a_whole_database(here, own_market):
    """The copy answers as the original does, also while a writer holds the original."""
    with sqlite3.connect(own_market.file) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert here("backup", "copy.db", "--json").json["backup"] == "copy.db"
        writer.rollback()
    writer.close()
    original = here("rings", "--json").json
    assert here("rings", "--json", "--database", "sqlite:///copy.db").json == original


@pytest.mark.usefixtures("own_market")
def test_doctor_says_that_all_is_there(here):
    answer = here("doctor", "--json").json
    assert answer["ok"] is True, answer
    assert {"python", "packages", "sqlite", "database"} <= {check["name"] for check in answer["checks"]}


def test_doctor_never_refuses(here):
    """Without a database it says what is missing and what to do, with status 0."""
    done = here("doctor", "--json")
    assert done.status == 0
    assert done.json["ok"] is False
    assert any("ringwatch load" in check["message"] for check in done.json["checks"] if not check["ok"])


@pytest.mark.parametrize(
    "change", ["DROP TABLE member", "PRAGMA user_version = 0"], ids=["without a table", "with a wrong version"]
)
def test_a_database_that_something_else_changed_is_told(here, own_market, change):
    """The doctor sees it, and whoever meets it says what to do: no defect of ours."""
    with closing(sqlite3.connect(own_market.file)) as connection:
        connection.execute(change)
    assert here("doctor", "--json").json["ok"] is False
    done = here("export", "rings", "--format", "csv", "--output", "-")
    assert (done.status, done.out) == (2, "")
    assert "put the last backup in its place" in done.err


def test_a_backup_writes_over_nothing(here, own_market, tmp_path):
    """The database itself, an earlier copy and what is no place for a file are refused, and stay as they are."""
    (tmp_path / "copy.db").write_bytes(b"earlier")
    before = own_market.file.read_bytes()
    for target in ("ringwatch.db", "copy.db", ".", "no/such/copy.db"):
        done = here("backup", target)
        assert (done.status, done.out) == (2, ""), target
    assert own_market.file.read_bytes() == before
    assert (tmp_path / "copy.db").read_bytes() == b"earlier"
    assert {path.name for path in tmp_path.iterdir()} == {"copy.db", "ringwatch.db"}


def test_what_if_says_what_exempting_would_do_and_writes_nothing(here, own_market):
    """Whoever falls out of its rings is in no ring once the value is exempt and detection has run again."""
    kind, value = strongest_value(here)
    before = here("export", "rings", "--format", "csv", "--output", "-").out
    answer = here("what-if", kind, value, "--json").json
    assert (answer["kind"], answer["value"]) == (kind, value)
    assert answer["rings"]
    assert set(answer["rings"][0]) == {"ring_id", "tier_before", "tier_after", "fallen"}
    assert here("rings", "--json").json["run_id"] == own_market.detected.json["run_id"]
    assert here("export", "rings", "--format", "csv", "--output", "-").out == before
    assert here("exempt", kind, value, "--reason", "agency").status == 0
    assert here("detect").status == 0
    tiers = {ring["ring_id"]: ring["tier"] for ring in here("rings", "--json").json["rings"]}
    members = here("export", "rings", "--format", "csv", "--output", "-").out
    for ring in answer["rings"]:
        assert tiers.get(ring["ring_id"]) == ring["tier_after"]
        assert not any(f",{seller_id}," in members for seller_id in ring["fallen"])
