"""Closing linked stores, on the command line: proposed by one, approved by another, done once, undone exactly."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from ringwatch.fixtures import market_folder

START = "2026-12-01T12:00:00Z"
AFTER_NOTICE = "2027-01-02T12:00:00Z"


@dataclass(frozen=True)
class Desk:
    """The command line, with a key of each role."""

    here: Any
    keys: dict[str, str]

    def __call__(self, role: str, *line: object, at: str = START) -> Any:
        """Run a command as an actor, at a moment."""
        return self.here(*line, "--json", RINGWATCH_KEY=self.keys[role], RINGWATCH_CLOCK=at)

    def propose(self, *line: object) -> Any:
        """Return the answer of `plan`."""
        return self("investigator", "plan", *line).json

    def approve(self, plan: Any, role: str = "approver") -> Any:
        """Approve a plan as it was answered."""
        return self(role, "approve", plan["plan_id"], "--digest", plan["digest"])

    def state(self, store_id: str) -> str:
        """Return the state of a store."""
        return self("operator", "store", store_id).json["state"]


@pytest.fixture
def desk(here, own_market) -> Desk:
    with closing(sqlite3.connect(own_market.file, isolation_level=None)) as database:
        database.execute("INSERT INTO setting VALUES ('is_drill', '1')")
    roles = {name: name.rstrip("2") for name in ("investigator", "approver", "approver2", "operator")}
    keys = {}
    for name, role in roles.items():
        keys[name] = here("actor", "add", name, "--role", role, "--json", RINGWATCH_CLOCK=START).json["key"]
    return Desk(here, keys)


def honest_sellers() -> set[str]:
    lines = (market_folder() / "labels.csv").read_text("utf-8").splitlines()[1:]
    return {seller for seller, ring in (line.split(",")[:2] for line in lines) if not ring}


def acting(plan: Any) -> set[str]:
    return {store["store_id"] for store in plan["stores"] if store["action"] != "spare"}


def test_a_plan_is_closed_after_its_notice_and_undone_exactly(desk):
    """Notice first, then closing, both once; the undo gives back the state before and is harmless twice."""
    plan = desk.propose("--tier", "close")
    stores = acting(plan)
    assert stores
    assert not {s["seller_id"] for s in plan["stores"] if s["store_id"] in stores} & honest_sellers()
    assert all(store["reasons"] for store in plan["stores"])
    assert plan["expected_wrongful"]["low"] <= plan["expected_wrongful"]["mean"] <= plan["expected_wrongful"]["high"]
    assert desk.approve(plan).json["state"] == "approved"
    before = {store_id: desk.state(store_id) for store_id in sorted(stores)[:3]}
    noticed = desk("operator", "close", plan["plan_id"])
    assert (noticed.status, noticed.json["closed"], noticed.json["waiting"]) == (0, 0, len(stores))
    assert desk("operator", "close", "--due").json["waiting"] == len(stores)
    closed = desk("operator", "close", "--due", at=AFTER_NOTICE)
    assert (closed.status, closed.json["closed"], closed.json["plan_id"]) == (0, len(stores), None)
    again = desk("operator", "close", plan["plan_id"], at=AFTER_NOTICE).json
    assert (again["closed"], again["already_done"]) == (0, len(stores))
    one = min(stores)
    assert desk.state(one) == "closed"
    undo = desk("investigator", "plan", "--undo", plan["plan_id"], "--reason", "wrong", at=AFTER_NOTICE).json
    assert desk("operator", "undo", undo["plan_id"], at=AFTER_NOTICE).status == 5
    assert desk("approver", "approve", undo["plan_id"], "--digest", undo["digest"], at=AFTER_NOTICE).status == 0
    undone = desk("operator", "undo", undo["plan_id"], at=AFTER_NOTICE).json
    assert (undone["undoes"], undone["restored"], undone["left_alone"]) == (plan["plan_id"], len(stores), [])
    again = desk("operator", "undo", undo["plan_id"], at=AFTER_NOTICE).json
    assert (again["restored"], again["already_done"]) == (0, len(stores))
    assert {store_id: desk.state(store_id) for store_id in before} == before
    told = [decision["action"] for decision in desk("operator", "store", one).json["decisions"]]
    assert told == ["notice", "close", "reopen"]
    assert {p["state"] for p in desk("operator", "plans").json["plans"]} == {"undone", "done"}
    assert desk("operator", "ledger", "verify").json["ok"]


def test_four_eyes_and_the_digest_bind(desk):
    """No key closes a store alone; what is refused is in the ledger and changes nothing."""
    plan = desk.propose("--tier", "close", "--immediate", "sells unsafe goods")
    plan_id, digest = plan["plan_id"], plan["digest"]
    assert desk("operator", "close", plan_id).status == 5
    assert desk("approver", "approve", plan_id, "--digest", "0" * 64).status == 5
    for role, line in (
        ("investigator", ("approve", plan_id, "--digest", digest)),
        ("operator", ("approve", plan_id, "--digest", digest)),
        ("approver", ("plan", "--tier", "close")),
        ("approver", ("close", plan_id)),
        ("investigator", ("close", plan_id)),
    ):
        assert desk(role, *line).status == 5, line
    assert desk.here("plan", "--tier", "close", RINGWATCH_CLOCK=START).status == 5
    assert desk.approve(plan).status == 0
    assert desk.approve(plan, "approver2").status == 5
    assert desk("operator", "close", plan_id).json["closed"] == len(acting(plan))
    assert desk("approver", "reject", plan_id, "--reason", "late").status == 5
    with closing(sqlite3.connect("ringwatch.db")) as database:
        n_refused = database.execute("SELECT count(*) FROM ledger WHERE action = 'refuse'").fetchone()[0]
    assert n_refused == 10


def test_what_changed_voids_a_plan_and_says_what(desk):
    """A judgement after the approval; an approval that ran out; nothing is closed then."""
    plan = desk.propose("--tier", "close", "--immediate", "unsafe")
    assert desk.approve(plan).status == 0
    one = next(store for store in plan["stores"] if store["action"] == "close")
    judged = ("judge", one["ring_id"], one["seller_id"], "different", "--reason", "visited")
    assert desk("investigator", *judged).status == 0
    refused = desk("operator", "close", plan["plan_id"])
    assert refused.status == 5
    assert one["ring_id"] in refused.err
    assert "judgements" in refused.err
    second = desk.propose("--tier", "close")
    spared = next(store for store in second["stores"] if store["store_id"] == one["store_id"])
    assert (spared["action"], spared["reasons"][0][:6]) == ("spare", "judged")
    assert desk.approve(second).status == 0
    late = desk("operator", "close", second["plan_id"], at=AFTER_NOTICE)
    assert late.status == 5
    assert "ran out" in late.err
    assert {row["state"] for row in desk("operator", "plans").json["plans"]} == {"void"}


def test_each_store_is_judged_anew_when_it_is_due(desk):
    """One that was judged no part of its ring after the notice is left and named; the rest are closed."""
    plan = desk.propose("--tier", "close")
    assert desk.approve(plan).status == 0
    assert desk("operator", "close", plan["plan_id"]).status == 0
    one = next(store for store in plan["stores"] if store["action"] == "close")
    judged = ("judge", one["ring_id"], one["seller_id"], "different", "--reason", "visited")
    assert desk("investigator", *judged).status == 0
    closed = desk("operator", "close", "--due", at=AFTER_NOTICE).json
    assert {row["store_id"] for row in closed["left"]} >= {one["store_id"]}
    assert closed["closed"] == len(acting(plan)) - len(closed["left"])
    assert desk.state(one["store_id"]) == "open"


def test_limits_bound_a_run_and_a_day(desk):
    """A run stops with status 1 and goes on later; two approvers lift the limits."""
    assert desk("approver", "settings", "max_closures_a_run", 2).status == 0
    plan = desk.propose("--tier", "close", "--immediate", "unsafe", "--max-stores", "2")
    assert len(acting(plan)) == 2
    assert desk.approve(plan).json["state"] == "approved"
    assert desk("operator", "close", plan["plan_id"]).json["closed"] == 2
    larger = desk.propose("--tier", "close", "--immediate", "unsafe", "--max-stores", "3")
    assert desk.approve(larger).json["state"] == "proposed"
    assert desk("operator", "close", larger["plan_id"]).status == 5
    assert desk.approve(larger, "approver2").json["state"] == "approved"
    assert desk("operator", "close", larger["plan_id"]).json["closed"] == 3
    assert desk("approver", "settings", "max_closures_a_run", 1000).status == 0
    assert desk("approver", "settings", "max_closures_a_day", 6).status == 0
    third = desk.propose("--tier", "close", "--immediate", "unsafe", "--max-stores", "3")
    assert desk.approve(third).status == 0
    stopped = desk("operator", "close", third["plan_id"])
    assert (stopped.status, stopped.json["closed"]) == (1, 1)
    assert "limit" in stopped.json["stopped_by"]
    assert desk("operator", "close", third["plan_id"], at="2026-12-02T13:00:00Z").json["closed"] == 2


def test_a_dry_run_changes_no_byte_and_a_plan_of_nothing_is_not_kept(desk, own_market):
    before = own_market.file.read_bytes()
    dry = desk.propose("--tier", "close", "--dry-run")
    assert (dry["plan_id"], bool(acting(dry))) == (None, True)
    assert own_market.file.read_bytes() == before
    nothing = desk.propose("--tier", "lead")
    assert (nothing["plan_id"], nothing["state"], acting(nothing)) == (None, None, set())
    assert all(store["reasons"] for store in nothing["stores"])
    assert desk("investigator", "plans").json == {"plans": []}
    assert desk.propose("--tier", "close")["digest"] == dry["digest"]


def test_wrong_use_says_what_is_wrong(desk):
    for role, line in (
        ("investigator", ("plan",)),
        ("investigator", ("plan", "--ring", "R-NEVER")),
        ("investigator", ("plan", "--tier", "close", "--min-infringement", "0.1")),
        ("investigator", ("plan", "--tier", "close", "--action", "spare")),
        ("investigator", ("plan", "--undo", "P-9", "--reason", "x")),
        ("investigator", ("plan", "--undo", "P-9")),
        ("investigator", ("plan", "--undo-store", "nowhere", "--reason", "x")),
        ("approver", ("approve", "P-9", "--digest", "x")),
        ("operator", ("close",)),
        ("operator", ("close", "P-9")),
        ("operator", ("undo", "P-9")),
        ("operator", ("store", "nowhere")),
    ):
        done = desk(role, *line)
        assert (done.status, done.out) == (2, ""), line
