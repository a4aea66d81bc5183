"""Casework over GraphQL on both databases: noted, assigned, flagged and answered, by who may and who saw it all."""

from datetime import UTC, datetime

import pytest
from tests.support import partner_world
from tests.support.graphql_client import Client
from tests.support.partner_world import AT, OTHER, OWN, leaks, seller

from ringwatch.db.open import open_docket, open_writer
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.model.enforcement import Hand
from ringwatch.model.visibility import ActorRole

RING = "R-canary-shared"
CASEWORK = """{ring(ringId:"R-canary-shared"){casework{state assignee version
  entries{number act said text actor sellerId}
  flags{flagId brandId sellerId text answer answerText}}}}"""
NOTE = (
    "mutation($i:AddNoteInput!){addNote(input:$i){__typename ...on CaseSuccess{entry{number}} ...on UserError{code}}}"
)
ASSIGN = (
    "mutation($i:AssignInput!){assign(input:$i){__typename ...on CaseSuccess{entry{number}} ...on UserError{code}}}"
)
JUDGE = "mutation($i:JudgeInput!){judge(input:$i){__typename ...on UserError{code}}}"
FLAG = """mutation($i:FlagInput!){flag(input:$i){__typename ...on UserError{code message}
  ...on FlagSuccess{flag{flagId ringId sellerId listingId text answer}}}}"""
ANSWER = "mutation($i:AnswerFlagInput!){answerFlag(input:$i){__typename ...on UserError{code}}}"
FLAGS = "{flags{flagId brandId ringId sellerId listingId text answer answerText}}"
SIGHT = "{rings{nodes{ringId members{nodes{sellerId}}}}}"


@pytest.fixture
def client(graph):
    """A server over the world of two partners, with a key of an investigator, an approver and both partners."""
    with graph.writer() as writer:
        partner_world.fill(writer)
        writer.change_setting("max_flags_a_day", "4", AT)
    wanted = {
        "investigator": ActorInput("ann", ActorRole.INVESTIGATOR),
        "approver": ActorInput("bob", ActorRole.APPROVER),
        "own": ActorInput("nord", ActorRole.PARTNER, OWN),
        "other": ActorInput("zeph", ActorRole.PARTNER, OTHER),
    }
    with open_docket(graph.url) as docket:
        keys = {name: add_actor(docket, actor, Hand("", AT))[1] for name, actor in wanted.items()}
    with Client(graph.url, keys) as asking:
        yield asking


def casework(client: Client) -> dict:
    return client.post("investigator", CASEWORK).json()["data"]["ring"]["casework"]


def told(client: Client, who: str, query: str, **given: object) -> dict:
    """Send a mutation and return its payload."""
    (payload,) = client.post(who, query, i=given).json()["data"].values()
    return payload


def test_whoever_saw_less_is_told(graph, client):  # noqa: ARG001 (every case takes it)
    """Notes, assignments and verdicts name the version that was seen; after an unseen one they change nothing."""
    before = casework(client)
    assert (before["state"], before["assignee"], before["version"]) == ("OPEN", None, 1)
    seen = {"expectedVersion": before["version"]}
    assert told(client, "investigator", NOTE, ringId=RING, text=" port ", **seen)["entry"] == {"number": 3}
    for query, given in (
        (NOTE, {"ringId": RING, "text": "late"}),
        (ASSIGN, {"ringId": RING, "state": "DONE"}),
        (JUDGE, {"ringId": RING, "verdict": "DISMISSED", "reason": "late"}),
    ):
        conflict = {"__typename": "ConflictError", "code": "CONFLICT"}
        assert told(client, "investigator", query, **given, **seen) == conflict
    assert told(client, "approver", ASSIGN, ringId=RING, state="IN_WORK", assignee="bob", expectedVersion=3)["entry"]
    assert told(client, "investigator", NOTE, sellerId=seller(2), text="of one")["entry"] == {"number": 5}
    after = casework(client)
    assert (after["state"], after["assignee"], after["version"]) == ("IN_WORK", "bob", 5)
    assert [(e["number"], e["act"], e["text"], e["actor"]) for e in after["entries"]] == [
        (5, "NOTE", "of one", "ann"), (4, "ASSIGN", "", "bob"), (3, "NOTE", "port", "ann"),
        (1, "JUDGE", "canary verdict", None),
    ]  # fmt: skip


def test_what_cannot_be_written_is_told(graph, client):  # noqa: ARG001 (as above)
    for who, query, given, code in (
        ("investigator", NOTE, {"ringId": RING, "text": "  "}, "INVALID_DECISION"),
        ("investigator", NOTE, {"ringId": RING, "text": "x" * 4001}, "INVALID_DECISION"),
        ("investigator", NOTE, {"text": "of nothing"}, "INVALID_DECISION"),
        ("investigator", NOTE, {"ringId": "R-none", "text": "x"}, "RING_NOT_FOUND"),
        ("investigator", NOTE, {"sellerId": "nobody", "text": "x"}, "SELLER_NOT_FOUND"),
        ("investigator", ASSIGN, {"ringId": RING, "state": "DONE", "assignee": "nord"}, "INVALID_DECISION"),
        ("investigator", ANSWER, {"flagId": "F-99", "answer": "NO_CASE", "text": "x"}, "FLAG_NOT_FOUND"),
        ("own", FLAG, {"subject": "nf-1", "text": ""}, "INVALID_DECISION"),
        ("own", FLAG, {"subject": "nf-1", "text": "x" * 2001}, "INVALID_DECISION"),
    ):
        assert told(client, who, query, **given)["code"] == code
    for who, query in (("own", NOTE), ("own", CASEWORK), ("investigator", FLAG), ("approver", ANSWER)):
        refused = client.post(who, query, i={"text": "x", "subject": "x", "flagId": "F-1", "answer": "NO_CASE"}).json()
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_a_partner_flags_what_it_sees_and_reads_the_answer(graph, client):
    """A ring, a seller and a listing under the names it is shown; nothing else; and each reads its own flags alone."""
    node = client.post("own", SIGHT).json()["data"]["rings"]["nodes"][0]
    ring, member = node["ringId"], node["members"]["nodes"][0]["sellerId"]
    sent = [client.post("own", FLAG, i={"subject": s, "text": f"ours {s}"}) for s in (ring, member, "nf-1")]
    for other in (RING, seller(1), "L-canary-1", "S-0"):  # what is hidden and what is not there look the same
        answer = told(client, "own", FLAG, subject=other, text="x")
        assert answer["__typename"] == "NotInSightError"
        assert answer["message"].replace(other, "") == "flag: nothing that you are shown is called ''; nothing was kept"
    assert told(client, "other", FLAG, subject="nf-1", text="x")["__typename"] == "NotInSightError"
    shown = client.post("investigator", "{flags(unanswered:true){flagId text sellerId}}").json()["data"]["flags"]
    assert [flag["text"] for flag in shown] == ["ours nf-1", f"ours {member}", f"ours {ring}"]
    assert all((flag["sellerId"] or "S-canary").startswith("S-canary") for flag in shown)
    given = {"flagId": shown[0]["flagId"], "answer": "TAKEN_UP", "text": "thank you"}
    assert told(client, "investigator", ANSWER, **given)["__typename"] == "CaseSuccess"
    read = client.post("own", FLAGS)
    assert [(f["flagId"], f["answer"], f["answerText"], f["listingId"]) for f in read.json()["data"]["flags"]] == [
        ("F-3", "TAKEN_UP", "thank you", "nf-1"), ("F-2", None, None, None), ("F-1", None, None, None),
    ]  # fmt: skip
    for answer in (*sent, read):
        assert leaks(answer.content) == []
        assert "ann" not in answer.text
    assert client.post("other", FLAGS).json()["data"] == {"flags": []}
    assert told(client, "own", FLAG, subject="nf-2", text="fourth")["__typename"] == "FlagSuccess"
    assert told(client, "own", FLAG, subject="nf-2", text="fifth")["code"] == "TOO_MANY_FLAGS"
    with open_writer(graph.url) as writer:
        writer.change_setting("max_flags_a_day", "50", datetime.now(UTC))
