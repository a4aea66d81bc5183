"""Appeals and replay on the command line: what is innocent is told, undone by four eyes, and written once."""

import getpass
import sqlite3
from contextlib import closing

import pytest
from tests.acceptance.test_cli_closing import Desk, acting, desk

__all__ = ["desk"]


@pytest.fixture
def closed(desk: Desk) -> dict[str, str]:
    """Close all that may be closed, and return the seller of each closed store."""
    plan = desk.propose("--tier", "close", "--immediate", "unsafe")
    assert desk.approve(plan).status == 0
    assert desk("operator", "close", plan["plan_id"]).json["closed"] == len(acting(plan))
    return {s["store_id"]: s["seller_id"] for s in plan["stores"] if s["action"] == "close"}


def closable(desk: Desk) -> set[str]:
    """Return the sellers whom the rules let close now, closed or not."""
    found = set()
    for ring in desk("operator", "rings").json["rings"]:
        for member in desk("operator", "ring", ring["ring_id"]).json["members"]:
            if member["tier"] == "close" and member["infringement_score"] >= 0.5:
                found.add(member["seller_id"])
    return found


def carrying_value(desk: Desk, store_id: str, seller_id: str) -> str:
    """Return the value that speaks loudest for a closed seller."""
    decided = desk("operator", "store", store_id).json["decisions"]
    why = desk("operator", "why", seller_id, decided[0]["ring_id"]).json
    part = max((part for part in why["evidence"] if part["value"]), key=lambda part: part["score"])
    return f"{part['kind']}:{part['value']}"


def test_a_replay_tells_what_a_run_without_the_value_would_spare_and_writes_nothing(desk: Desk, closed, own_market):
    """The closures named are those whose sellers a run with the value exempt holds closable no more."""
    store_id, seller_id = min(closed.items())
    value = carrying_value(desk, store_id, seller_id)
    before = own_market.file.read_bytes()
    done = desk("investigator", "replay", "--value", value)
    assert done.status == 0, done.err
    asked = done.json
    assert own_market.file.read_bytes() == before
    assert (asked["value"], asked["undo_plan_id"], asked["open_plans"]) == (value, None, [])
    kind, _, text = value.partition(":")
    assert desk("investigator", "exempt", kind, text, "--reason", "warehouse").status == 0
    assert desk("operator", "detect").status == 0
    still = closable(desk)
    assert set(asked["past_closures"]) == {s for s, seller in closed.items() if seller not in still}
    assert asked["past_closures"]
    again = desk("investigator", "replay", "--value", value).json
    assert again["past_closures"] == asked["past_closures"]


def test_an_upheld_appeal_proposes_what_gives_the_stores_back(desk: Desk, closed):
    """The undo is in the name of who opened the appeal; the appealed store is reinstated, the others are as before."""
    store_id, seller_id = min(closed.items())
    opened = desk("investigator", "appeal", "open", store_id, "--text", "that is our forwarder").json
    assert opened == {"appeal_id": "A-1", "store_id": store_id, "state": "open"}
    assert desk.state(store_id) == "appealed"
    value = carrying_value(desk, store_id, seller_id)
    line = ("appeal", "uphold", "A-1", "--reason", "it is one", "--value", value)
    assert desk("investigator", *line).status == 5
    upheld = desk("approver", *line).json
    assert (upheld["state"], upheld["value"], store_id in upheld["past_closures"]) == ("upheld", value, True)
    (undo,) = desk("approver", "plans", "--state", "proposed").json["plans"]
    assert (undo["plan_id"], undo["proposed_by"]) == (upheld["undo_plan_id"], "investigator")
    assert desk.approve(undo).status == 0
    assert desk("operator", "undo", undo["plan_id"]).json["restored"] == len(upheld["past_closures"])
    states = {restored: desk.state(restored) for restored in upheld["past_closures"]}
    assert states.pop(store_id) == "reinstated"
    assert set(states.values()) <= {"open"}
    told = [decision["action"] for decision in desk("operator", "store", store_id).json["decisions"]]
    assert told == ["close", "appeal", "uphold appeal", "reopen"]
    exempt = desk("investigator", "exemptions").json["exemptions"]
    assert ("approver", "appeal") in {(row["owner"], row["reason"]) for row in exempt}
    assert desk("operator", "ledger", "verify").json["ok"]


def test_who_acts_stands_in_the_ledger_whoever_answers_for_it(desk: Desk, own_market):
    """A decision is its key's holder's, unless --owner names who answers for it; the ledger names the holder."""
    ring_id = desk("operator", "rings").json["rings"][0]["ring_id"]
    judged = ("judge", ring_id, "confirmed", "--reason", "seen")
    assert desk("investigator", *judged).json["owner"] == "investigator"
    assert desk("investigator", *judged, "--owner", "team 7").json["owner"] == "team 7"
    exempt = ("exempt", "phone", "+49 40 123456", "--reason")
    assert desk("investigator", *exempt, "agency").json["owner"] == "investigator"
    assert desk("investigator", *exempt, "closed", "--lift").status == 0
    assert desk("approver", "settings", "theta", "2.5").status == 0
    assert desk("operator", "settings", "theta", "2").status == 5
    with closing(sqlite3.connect(own_market.file)) as database:
        rows = database.execute(
            "SELECT actor, action FROM ledger WHERE action NOT IN ('add actor', 'refuse')"
        ).fetchall()
    owner = f"owner {getpass.getuser()}"
    expected = [(owner, "load"), (owner, "finish load"), (owner, "detect")]
    expected += [("investigator", action) for action in ("judge", "judge", "exempt", "lift exemption")]
    assert rows == [*expected, ("approver", "change setting")]
    assert desk("operator", "ledger", "verify").json["ok"]


def test_wrong_use_of_appeals_says_what_is_wrong(desk: Desk, closed):
    """Each with its status, in one line; nothing is written but the refusal."""
    one, two = sorted(closed)[:2]
    spared = next(s["store_id"] for s in desk.propose("--tier", "lead")["stores"])
    assert desk("investigator", "appeal", "open", one, "--text", "mine").status == 0
    assert desk("investigator", "appeal", "open", two, "--text", "mine").status == 0
    assert desk("approver", "appeal", "reject", "A-2", "--reason", "no proof").json["state"] == "rejected"
    for role, status, line in (
        ("investigator", 2, ("open", "nowhere", "--text", "x")),
        ("investigator", 2, ("open", two, "--text", " ")),
        ("investigator", 5, ("open", one, "--text", "again")),
        ("investigator", 5, ("open", spared, "--text", "nothing was done")),
        ("operator", 5, ("open", two, "--text", "x")),
        ("approver", 5, ("open", two, "--text", "x")),
        ("approver", 2, ("uphold", "A-9", "--reason", "x")),
        ("approver", 5, ("uphold", "A-2", "--reason", "late")),
        ("approver", 5, ("reject", "A-2", "--reason", "late")),
        ("approver", 2, ("reject", "A-1", "--reason", "")),
        ("approver", 2, ("uphold", "A-1", "--reason", "x", "--value", "phone")),
        ("approver", 2, ("uphold", "A-1", "--reason", "x", "--value", "pone:+4940")),
        ("approver", 2, ("uphold", "A-1", "--reason", "x", "--value", "email:nobody@nowhere.example")),
        ("approver", 2, ("uphold", "A-1", "--reason", "x", "--value", "other:thing")),
    ):
        done = desk(role, "appeal", *line)
        assert (done.status, done.out, done.err.count("\n")) == (status, "", 1), (line, done.err)
    for value in ("phone", "email:nobody@nowhere.example", "other:line_id:nobody"):
        assert desk("investigator", "replay", "--value", value).status == 2
    assert [row["state"] for row in desk("operator", "appeal", "list").json["appeals"]] == ["open", "rejected"]
