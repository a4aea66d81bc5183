"""Closing over GraphQL: what the command line does, by the same rules, with the same answers."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from tests.support.graphql_client import Client

from ringwatch.api import bench, notes

START, AFTER_NOTICE = "2026-12-01T12:00:00Z", "2027-01-02T12:00:00Z"
STORES = "storeId sellerId ringId action reasons listingCount"
COUNTS = "closed suspended watched waiting failed alreadyDone remaining stoppedBy left{storeId reason}"
ERROR = "__typename ...on UserError{code message}"
PAGE = "pageInfo{hasNextPage endCursor}"


def mutation(name: str, fields: str) -> str:
    """Return a mutation that takes one input and answers with these fields or why not."""
    kind = name[0].upper() + name[1:]
    return f"mutation($i:{kind}Input!){{{name}(input:$i){{{ERROR} ...on {kind}Success{{{fields}}}}}}}"


PROPOSE = mutation(
    "proposePlan",
    f"""planId digest state proposedBy storeCount listingCount expectedWrongful{{mean low high}} approversOfOneHand
    stores(first:100){{nodes{{{STORES} state seller{{name}}}}}} plan{{planId state}}""",
)
UNDO_OF = mutation("proposeUndo", f"planId digest stores{{nodes{{{STORES}}}}} plan{{undoes{{planId}}}}")
APPROVE = mutation("approvePlan", "plan{state approvals expiresAt}")
REJECT = mutation("rejectPlan", "plan{state note}")
CLOSE = mutation("closePlan", f"{COUNTS} plan{{state}}")
UNDO = mutation("undoPlan", "plan{state undoes{planId state}} restored alreadyDone remaining leftAlone{storeId reason}")
OPEN = mutation("openAppeal", "appeal{appealId storeId state}")
UPHOLD = mutation("upholdAppeal", "replay{ringIds openPlanIds pastClosures} undoPlan{planId proposedBy undoes{planId}}")
REJECT_APPEAL = mutation("rejectAppeal", "appeal{state}")
REPLAY = "query($kind:String!,$value:String!){replay(kind:$kind,value:$value){ringIds openPlanIds pastClosures}}"
VALUES_OF = '{plan(planId:"P-1"){stores(first:1){nodes{values{kind value}}}}}'
DUE = f"mutation{{closeDue{{{COUNTS}}}}}"
PLANS = f"""query($s:PlanState,$a:String){{plans(state:$s,first:1,after:$a){{
  nodes{{planId state stores{{nodes{{storeId}}}}}} {PAGE}}}}}"""
STORES_OF = f"query($p:String!,$a:String){{plan(planId:$p){{stores(first:100,after:$a){{nodes{{{STORES}}} {PAGE}}}}}}}"
STORE = """query($s:String!){store(storeId:$s){storeId sellerId state
  decisions{at actor action planId ringId ringVersion runId reason plan{state}}}}"""
ENTRIES = f"""query($s:String,$a:String){{ledgerEntries(storeId:$s,first:100,after:$a){{
  nodes{{entry actor action body}} {PAGE}}}}}"""
VERIFY = "{ledgerVerification{ok entries head faults{entry fault}}}"
OUTBOX = f"{{outbox{{waiting delivered dead messages(state:WAITING,first:100){{nodes{{key action storeId}} {PAGE}}}}}}}"
CAMEL = {"store_id": "storeId", "seller_id": "sellerId", "ring_id": "ringId", "n_listings": "listingCount"}


@pytest.fixture
def court(here, own_market, monkeypatch) -> Iterator[Client]:
    """A drill database with an actor of each role."""
    with closing(sqlite3.connect(own_market.file, isolation_level=None)) as database:
        database.execute("INSERT INTO setting VALUES ('is_drill', '1')")
    monkeypatch.setenv("RINGWATCH_CLOCK", START)
    roles = {name: name.rstrip("2") for name in ("investigator", "approver", "approver2", "operator")}
    keys = {n: here("actor", "add", n, "--role", role, "--json").json["key"] for n, role in roles.items()}
    with Client("sqlite:///ringwatch.db", keys) as client:
        yield client


def refusals() -> list[dict[str, Any]]:
    with closing(sqlite3.connect("ringwatch.db")) as database:
        found = database.execute("SELECT body FROM ledger WHERE action = 'refuse' ORDER BY n").fetchall()
    return [json.loads(body) for (body,) in found]


def approve(court: Client, plan: Any, role: str = "approver") -> Any:
    return court.ask(role, APPROVE, i={"planId": plan["planId"], "digest": plan["digest"]})


def acting(court: Client, plan_id: str = "P-1") -> list[dict[str, Any]]:
    """Return the stores of a plan that it does not spare, page by page."""
    found: list[dict[str, Any]] = []
    after, has_next = None, True
    while has_next:
        page = court.ask("operator", STORES_OF, p=plan_id, a=after)["stores"]
        found += [store for store in page["nodes"] if store["action"] != "SPARE"]
        after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return found


def test_a_plan_is_closed_after_its_notice_and_undone_exactly(court, monkeypatch):
    """As on the command line: notice first, then closing, both once; the undo gives back the state before."""
    plan = court.ask("investigator", PROPOSE, i={"tier": "CLOSE"})
    assert plan["plan"] == {"planId": "P-1", "state": "PROPOSED"}
    stores = [store["storeId"] for store in acting(court)]
    assert approve(court, plan)["plan"] == {
        "state": "APPROVED", "approvals": ["approver"], "expiresAt": "2026-12-08T12:00:00+00:00",
    }  # fmt: skip
    first = court.ask("operator", CLOSE, i={"planId": "P-1"})
    assert (first["waiting"], first["closed"], first["remaining"]) == (len(stores), 0, 0)
    monkeypatch.setenv("RINGWATCH_CLOCK", AFTER_NOTICE)
    assert court.ask("operator", DUE)["closed"] == len(stores)
    again = court.ask("operator", CLOSE, i={"planId": "P-1"})
    assert (again["closed"], again["alreadyDone"], again["plan"]["state"]) == (0, len(stores), "DONE")
    store = court.ask("approver", STORE, s=stores[0])
    assert store["state"] == "CLOSED"
    assert [(d["action"], d["plan"]["state"], d["ringVersion"]) for d in store["decisions"]] == [
        ("notice", "DONE", 1), ("close", "DONE", 1),
    ]  # fmt: skip
    undo = court.ask("investigator", UNDO_OF, i={"planId": "P-1", "reason": "wrong"})
    assert undo["plan"] == {"undoes": [{"planId": "P-1"}]}
    assert approve(court, undo)["plan"]["state"] == "APPROVED"
    undone = court.ask("operator", UNDO, i={"planId": "P-2"})
    assert (undone["restored"], undone["leftAlone"]) == (len(stores), [])
    assert undone["plan"] == {"state": "DONE", "undoes": [{"planId": "P-1", "state": "UNDONE"}]}
    again = court.ask("operator", UNDO, i={"planId": "P-2"})
    assert (again["restored"], again["alreadyDone"]) == (0, len(stores))
    assert court.ask("operator", STORE, s=stores[0])["state"] == "OPEN"
    outbox = court.ask("operator", OUTBOX)
    assert (outbox["waiting"], outbox["delivered"], outbox["dead"]) == (3 * len(stores), 0, 0)
    assert [message["action"] for message in outbox["messages"]["nodes"]] == ["notice"] * 100
    assert outbox["messages"]["pageInfo"]["hasNextPage"]
    verified = court.ask("operator", VERIFY)
    assert (verified["ok"], verified["faults"]) == (True, [])
    entries = court.ask("operator", ENTRIES, s=stores[0])["nodes"]
    assert [entry["action"] for entry in entries] == ["notice", "close", "reopen"]


def test_both_doors_answer_the_same(court, here):
    """The same plan, digest and stores by either; what one did the other tells."""
    told = here("plan", "--tier", "close", "--dry-run", "--json", RINGWATCH_KEY=court.keys["investigator"]).json
    asked = court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "dryRun": True})
    assert (asked["planId"], asked["plan"], asked["digest"]) == (None, None, told["digest"])
    assert (asked["expectedWrongful"], asked["listingCount"]) == (told["expected_wrongful"], told["n_listings"])
    assert asked["approversOfOneHand"] == told["approvers_of_one_hand"]
    stores = [
        {**{CAMEL.get(key, key): value for key, value in store.items()}, "action": store["action"].upper()}
        for store in told["stores"]
    ]
    assert [{key: store[key] for key in STORES.split()} for store in asked["stores"]["nodes"]] == stores[:100]
    assert court.ask("investigator", PLANS)["nodes"] == []
    plan = court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "immediate": "unsafe", "maxStores": 3})
    line = ("approve", plan["planId"], "--digest", plan["digest"], "--json")
    assert here(*line, RINGWATCH_KEY=court.keys["approver"]).json["state"] == "approved"
    assert court.ask("operator", CLOSE, i={"planId": plan["planId"]})["closed"] == 3
    one = acting(court)[0]["storeId"]
    shell = here("store", one, "--json", RINGWATCH_KEY=court.keys["operator"]).json
    web = court.ask("operator", STORE, s=one)
    assert web["state"] == shell["state"].upper()
    names = {
        "at": "at",
        "actor": "actor",
        "action": "action",
        "planId": "plan_id",
        "ringId": "ring_id",
        "runId": "run_id",
        "reason": "reason",
    }
    assert [{key: d[key] for key in names} for d in web["decisions"]] == [
        {key: d[name] for key, name in names.items()} for d in shell["decisions"]
    ]
    verified = here("ledger", "verify", "--json", RINGWATCH_KEY=court.keys["operator"]).json
    assert court.ask("operator", VERIFY) == verified
    assert here("outbox", "--json", RINGWATCH_KEY=court.keys["operator"]).json["waiting"] == 3


def test_expected_failures_are_types_of_the_payload(court):
    """And stand in the ledger where a rule refused, as on the command line."""
    plan = court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "immediate": "unsafe"})
    plan_id, digest = plan["planId"], plan["digest"]
    for role, query, given, code in (
        ("investigator", PROPOSE, {"ringIds": ["R-NEVER"]}, "RING_NOT_FOUND"),
        ("investigator", PROPOSE, {"tier": "CLOSE", "minInfringement": 0.1}, "INVALID_PLAN"),
        ("investigator", PROPOSE, {"tier": "CLOSE", "action": "SPARE"}, "INVALID_PLAN"),
        ("investigator", PROPOSE, {"tier": "CLOSE", "maxStores": -1}, "INVALID_PLAN"),
        ("investigator", PROPOSE, {}, "INVALID_PLAN"),
        ("investigator", PROPOSE, {"tier": "CLOSE", "ringIds": ["R"]}, "INVALID_PLAN"),
        ("investigator", UNDO_OF, {"planId": "P-9", "reason": "x"}, "PLAN_NOT_FOUND"),
        ("investigator", UNDO_OF, {"planId": plan_id, "reason": " "}, "INVALID_PLAN"),
        ("investigator", UNDO_OF, {"storeId": "nowhere", "reason": "x"}, "NOTHING_TO_UNDO"),
        ("investigator", UNDO_OF, {"reason": "x"}, "INVALID_PLAN"),
        ("approver", APPROVE, {"planId": "P-9", "digest": "x"}, "PLAN_NOT_FOUND"),
        ("approver", APPROVE, {"planId": plan_id, "digest": "0" * 64}, "DIGEST_MISMATCH"),
        ("operator", CLOSE, {"planId": "P-9"}, "PLAN_NOT_FOUND"),
        ("operator", CLOSE, {"planId": plan_id}, "PLAN_NOT_APPROVED"),
        ("operator", UNDO, {"planId": plan_id}, "WRONG_KIND_OF_PLAN"),
        ("approver", APPROVE, {"planId": plan_id, "digest": digest}, None),
        ("approver2", APPROVE, {"planId": plan_id, "digest": digest}, "PLAN_NOT_PROPOSED"),
        ("operator", CLOSE, {"planId": plan_id}, None),
        ("approver", REJECT, {"planId": plan_id, "reason": "late"}, "PLAN_NOT_PROPOSED"),
        ("operator", UNDO, {"planId": "P-9"}, "PLAN_NOT_FOUND"),
    ):  # fmt: skip
        assert court.ask(role, query, i=given).get("code") == code, (query, given)
    assert [refusal["act"] for refusal in refusals()] == [
        "decide on a plan", "carry out a plan", "carry out a plan", "decide on a plan", "decide on a plan",
    ]  # fmt: skip
    undo = court.ask("investigator", UNDO_OF, i={"planId": plan_id, "reason": "x"})
    approve(court, undo)
    assert court.ask("operator", CLOSE, i={"planId": undo["planId"]})["code"] == "WRONG_KIND_OF_PLAN"


def test_an_appeal_is_heard(court, here):
    """Opened by one, upheld by another, which proposes the undo of what falls; the same as on the command line."""
    plan = court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "immediate": "unsafe", "maxStores": 3})
    store = acting(court)[0]
    said = {"storeId": store["storeId"], "text": "it is my own shop"}
    assert court.ask("investigator", OPEN, i={**said, "storeId": "nowhere"})["code"] == "STORE_NOT_FOUND"
    approve(court, plan)
    court.ask("operator", CLOSE, i={"planId": "P-1"})
    assert court.code("approver", OPEN, i=said) == (200, "FORBIDDEN")
    opened = court.ask("investigator", OPEN, i=said)["appeal"]
    assert opened == {"appealId": "A-1", "storeId": store["storeId"], "state": "OPEN"}
    assert court.ask("investigator", OPEN, i=said)["code"] == "APPEAL_OPEN"
    told = court.ask(
        "operator", "query($s:String!){statement(storeId:$s){planId text(language:ZH)}}", s=said["storeId"]
    )
    line = ("reasons", said["storeId"], "--language", "zh")
    assert told == {"planId": "P-1", "text": here(*line, RINGWATCH_KEY=court.keys["operator"]).out}
    assert court.ask("operator", '{statement(storeId:"nowhere"){planId}}') is None
    value = court.ask("operator", VALUES_OF)["stores"]["nodes"][0]["values"][0]
    asked = court.ask("investigator", REPLAY, **value)
    replayed = here(
        "replay", "--value", f"{value['kind']}:{value['value']}", "--json", RINGWATCH_KEY=court.keys["operator"]
    )
    assert asked == {
        "ringIds": replayed.json["rings"], "openPlanIds": replayed.json["open_plans"],
        "pastClosures": replayed.json["past_closures"],
    }  # fmt: skip
    reason = {"appealId": "A-1", "reason": "a family"}
    assert court.ask("approver", UPHOLD, i={**reason, "kind": "phone"})["code"] == "INVALID_APPEAL"
    assert court.ask("approver", UPHOLD, i={**reason, "appealId": "A-9"})["code"] == "APPEAL_NOT_FOUND"
    upheld = court.ask("approver", UPHOLD, i=reason)
    assert upheld["undoPlan"] == {"planId": "P-2", "proposedBy": "investigator", "undoes": [{"planId": "P-1"}]}
    assert store["storeId"] in upheld["replay"]["pastClosures"]
    assert court.ask("approver", REJECT_APPEAL, i=reason)["code"] == "APPEAL_NOT_OPEN"
    appeals = court.ask("operator", "{appeals(state:UPHELD){nodes{appealId decidedBy reason}}}")["nodes"]
    assert appeals == [{"appealId": "A-1", "decidedBy": "approver", "reason": "a family"}]


def test_what_changed_voids_a_plan(court, here):
    plan = court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "immediate": "unsafe"})
    approve(court, plan)
    one = acting(court)[0]
    judged = ("judge", one["ringId"], one["sellerId"], "different", "--reason", "visited")
    assert here(*judged, RINGWATCH_KEY=court.keys["investigator"]).status == 0
    refused = court.ask("operator", CLOSE, i={"planId": plan["planId"]})
    assert refused["code"] == "PLAN_VOID"
    assert "judgements" in refused["message"]
    assert court.ask("operator", '{plan(planId:"P-1"){state note}}')["state"] == "VOID"
    assert court.ask("operator", STORE, s=one["storeId"])["state"] == "OPEN"


def test_lists_go_on_by_cursors(court):
    """Plans by state and page, with the stores of each read at once; entries of the ledger to the end."""
    for n in range(3):
        court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "maxStores": n + 1})
    court.ask("approver", REJECT, i={"planId": "P-2", "reason": "no"})
    found, after = [], None
    while True:
        page = court.ask("operator", PLANS, s="PROPOSED", a=after)
        found += [plan["planId"] for plan in page["nodes"]]
        assert all(len(plan["stores"]["nodes"]) == 20 for plan in page["nodes"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == ["P-1", "P-3"]
    node = court.ask("operator", '{plan(planId:"P-1"){id}}')["id"]
    again = court.ask("operator", "query($i:ID!){node(id:$i){...on Plan{planId}}}", i=node)
    assert again == {"planId": "P-1"}
    entries = court.ask("operator", ENTRIES)
    assert [entry["entry"] for entry in entries["nodes"]] == list(range(1, len(entries["nodes"]) + 1))
    assert court.ask("operator", ENTRIES, a=entries["pageInfo"]["endCursor"])["nodes"] == []
    wrong = 'query{plans(after:"x"){nodes{planId}}}'
    assert court.code("operator", wrong) == (200, "BAD_USER_INPUT")
    assert court.code("operator", "{plans(first:101){nodes{planId}}}") == (200, "BAD_USER_INPUT")
    for unknown in ('{plan(planId:"P-9"){planId}}', '{store(storeId:"nowhere"){storeId}}'):
        assert court.ask("operator", unknown) is None


def test_a_request_works_in_bounded_time(court, monkeypatch):
    """It does one batch and says what is left; asked again it goes on; what is too large for it is not begun."""
    plan = court.ask("investigator", PROPOSE, i={"tier": "CLOSE", "immediate": "unsafe"})
    approve(court, plan)
    n = len(acting(court))
    monkeypatch.setattr("ringwatch.api.closing.REQUEST_S", -1.0)
    first = court.ask("operator", CLOSE, i={"planId": "P-1"})
    assert (first["closed"], first["remaining"], first["stoppedBy"][:5]) == (10, n - 10, "time:")
    second = court.ask("operator", DUE)
    assert (second["closed"], second["remaining"]) == (min(10, n - 10), max(n - 20, 0))
    for name in ("acting", "closing"):
        monkeypatch.setattr(f"ringwatch.api.{name}.MOST_STORES", 5)
    assert court.ask("operator", DUE)["stoppedBy"].startswith("size: P-1 ")
    for role, query, given in (
        ("investigator", PROPOSE, {"tier": "CLOSE"}),
        ("investigator", UNDO_OF, {"planId": "P-1", "reason": "x"}),
        ("operator", CLOSE, {"planId": "P-1"}),
    ):
        assert court.ask(role, query, i=given)["code"] == "PLAN_TOO_LARGE"
    assert bench.REQUEST_S <= 10


def test_the_key_and_the_role_are_asked_for(court):
    """No key, an unknown one: 401. The wrong role: FORBIDDEN. Both in the ledger, a flood of them counted."""
    given = {"i": {"tier": "CLOSE"}}
    for key in (None, "rw_nobody"):
        answer = court.post(key, PROPOSE, **given)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert court.code("approver", PROPOSE, **given) == (200, "FORBIDDEN")
    assert court.code("investigator", DUE) == (200, "FORBIDDEN")
    assert [refusal["act"] for refusal in refusals()] == ["sign in", "sign in", "propose a plan", "carry out a plan"]
    for _ in range(notes.AT_ONCE + 20):
        assert court.code("rw_nobody", VERIFY) == (401, "UNAUTHENTICATED")
    assert len(refusals()) == 2 + notes.AT_ONCE
    assert court.code("approver", DUE) == (200, "FORBIDDEN")  # each hand has a share of its own
    assert len(refusals()) == 3 + notes.AT_ONCE


def test_planning_takes_a_key_always(here, own_market):  # noqa: ARG001 (they make the database and its folder)
    """Also on a database without actors, from this machine."""
    with Client("sqlite:///ringwatch.db") as nobody:
        assert nobody.code(None, PROPOSE, i={"tier": "CLOSE"}) == (401, "UNAUTHENTICATED")
        assert nobody.code(None, DUE) == (401, "UNAUTHENTICATED")
        assert nobody.ask(None, "{viewer{name role}}") == {"name": None, "role": None}
        assert nobody.ask(None, PLANS)["nodes"] == []
