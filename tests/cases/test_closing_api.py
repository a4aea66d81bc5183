"""Plans over GraphQL on both databases: proposed, approved, closed and undone; lists read with few calls."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from tests.cases.test_closing import SELLERS, Court, member
from tests.support.graphql_client import Client

from ringwatch.db.open import open_docket
from ringwatch.db.record_pages import PagedRecord
from ringwatch.enforcement.access import rotate_key
from ringwatch.model.enforcement import Hand

PROPOSE = """mutation{proposePlan(input:{ringIds:["R1"],immediate:"unsafe"}){
  ...on ProposePlanSuccess{planId digest} ...on UserError{message}}}"""
APPROVE = """mutation($i:ApprovePlanInput!){approvePlan(input:$i){
  ...on ApprovePlanSuccess{plan{state approvals}} ...on UserError{message}}}"""
CLOSE = """mutation($i:ClosePlanInput!){closePlan(input:$i){
  ...on ClosePlanSuccess{closed alreadyDone plan{state}} ...on UserError{message}}}"""
PROPOSE_UNDO = """mutation($i:ProposeUndoInput!){proposeUndo(input:$i){
  ...on ProposeUndoSuccess{planId digest} ...on UserError{message}}}"""
UNDO = """mutation($i:UndoPlanInput!){undoPlan(input:$i){
  ...on UndoPlanSuccess{restored alreadyDone plan{undoes{planId state}}} ...on UserError{message}}}"""
PLANS = """{plans(first:20){nodes{planId state undoes{planId}
  stores(first:20){nodes{storeId state progress values{kind value} seller{name ring{ringId}}}}}}}"""
STORE = '{store(storeId:"st-a"){state decisions{actor action reason plan{planId}} seller{sellerId}}}'


@pytest.fixture
def client(graph):
    """A server over one ring of five stores, with a key of each role."""
    court = Court(graph)
    court.detect(*map(member, SELLERS))
    with open_docket(graph.url) as docket:
        roles = {"investigator": "ann", "approver": "bo", "operator": "cy"}
        keys = {role: rotate_key(docket, name, Hand("owner", court.at))[1] for role, name in roles.items()}
    with Client(graph.url, keys) as asking:
        yield asking


def consented(client: Client, plan: dict[str, str]) -> str:
    """Have a plan approved and return its id."""
    approved = client.ask("approver", APPROVE, i={"planId": plan["planId"], "digest": plan["digest"]})
    assert approved["plan"] == {"state": "APPROVED", "approvals": ["bo"]}
    return plan["planId"]


def test_a_plan_goes_its_way(graph, client):  # noqa: ARG001 (every case takes it)
    plan_id = consented(client, client.ask("investigator", PROPOSE))
    done = {"closed": 5, "alreadyDone": 0, "plan": {"state": "DONE"}}
    assert client.ask("operator", CLOSE, i={"planId": plan_id}) == done
    assert client.ask("operator", CLOSE, i={"planId": plan_id}) == {**done, "closed": 0, "alreadyDone": 5}
    assert client.ask("operator", STORE)["state"] == "CLOSED"
    undo = client.ask("investigator", PROPOSE_UNDO, i={"planId": plan_id, "reason": "wrong"})
    undone = client.ask("operator", UNDO, i={"planId": consented(client, undo)})
    assert undone == {"restored": 5, "alreadyDone": 0, "plan": {"undoes": [{"planId": plan_id, "state": "UNDONE"}]}}
    store = client.ask("operator", STORE)
    assert (store["state"], store["seller"]["sellerId"]) == ("OPEN", "a")
    assert [(d["actor"], d["action"], d["plan"]["planId"]) for d in store["decisions"]] == [
        ("cy", "close", plan_id), ("cy", "reopen", undo["planId"]),
    ]  # fmt: skip
    assert client.ask("operator", "{ledgerVerification{ok faults{entry}}}") == {"ok": True, "faults": []}


def test_a_proposal_that_is_sent_again_is_one(graph, client):  # noqa: ARG001 (every case takes it)
    """Under a key of one actor, whatever it asks for then, also when the plan went its way since; of undos too."""
    keyed = PROPOSE.replace('immediate:"unsafe"', 'immediate:"unsafe",idempotencyKey:"k"')
    plan = client.ask("investigator", keyed)
    assert client.ask("investigator", keyed) == plan
    assert client.ask("investigator", PROPOSE)["planId"] != plan["planId"]
    client.ask("operator", CLOSE, i={"planId": consented(client, plan)})
    assert client.ask("investigator", keyed) == plan
    undo = {"planId": plan["planId"], "reason": "wrong", "idempotencyKey": "u"}
    assert client.ask("investigator", PROPOSE_UNDO, i=undo) == client.ask("investigator", PROPOSE_UNDO, i=undo)
    assert "characters" in client.ask("investigator", keyed.replace('"k"', '""'))["message"]
    assert len(client.ask("operator", "{plans{nodes{planId}}}")["nodes"]) == 3


def test_a_list_of_plans_is_read_with_few_calls(graph, client, monkeypatch):  # noqa: ARG001 (every case takes it)
    """However many plans and stores stand in it: their stores, states, sellers and undone plans are read at once."""
    plan_id = consented(client, client.ask("investigator", PROPOSE))
    client.ask("operator", CLOSE, i={"planId": plan_id})
    for _ in range(6):
        client.ask("investigator", PROPOSE_UNDO, i={"planId": plan_id, "reason": "wrong"})
    calls: Counter[str] = Counter()

    def counting(name: str, read: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **options: Any) -> Any:
            calls[name] += 1
            return read(*given, **options)

        return call

    for name in ("plan_page", "plan_stores_of", "plans_by_id", "stores", "store_entries", "appeals", "plan_store_page"):
        monkeypatch.setattr(PagedRecord, name, counting(name, getattr(PagedRecord, name)))
    plans = client.ask("operator", PLANS)["nodes"]
    assert len(plans) == 7
    assert {store["state"] for plan in plans for store in plan["stores"]["nodes"]} == {"CLOSED"}
    assert [plan["undoes"] for plan in plans] == [[]] + [[{"planId": plan_id}]] * 6
    assert max(calls.values()) <= 2, calls
