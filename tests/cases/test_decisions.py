"""Decisions over GraphQL: what is kept, what is answered where it cannot be, and who is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from ringwatch.api.config import Serving
from ringwatch.api.door import Visitor
from ringwatch.api.graphql_route import Asked, run_query
from ringwatch.api.limits import Limits
from ringwatch.api.mutations import ExemptionReason
from ringwatch.api.prepared import Grounds
from ringwatch.api.readers import Readers
from ringwatch.api.schema import make_schema
from ringwatch.api.siblings import Desk
from ringwatch.db.open import open_writer
from ringwatch.model.judgements import Verdict
from ringwatch.model.kinds import EXEMPTION_REASONS
from ringwatch.model.rings import Detection, Fit, Member, Ring, Role, Tier
from ringwatch.model.visibility import FULL, ActorRole, Visibility

SCHEMA = make_schema(Limits(), may_introspect=True)
KEPT = "__typename ...on JudgeSuccess{judgementId ringId sellerId verdict reason owner madeAt}"
JUDGE = f"mutation($i:JudgeInput!){{judge(input:$i){{{KEPT} ...on UserError{{code message}}}}}}"
EXEMPT = (
    "mutation($i:ExemptInput!){exempt(input:$i){__typename ...on ExemptSuccess{kind value reason owner expiresAt}"
    "...on UserError{code message}}}"
)
LIFT = (
    "mutation($i:LiftExemptionInput!){liftExemption(input:$i){__typename"
    " ...on LiftExemptionSuccess{kind value reason} ...on UserError{code message}}}"
)

Ask = Callable[..., Any]


@pytest.fixture
def ask(graph) -> Ask:
    """A database with one ring of three, and a way to ask it; errors come back as codes."""
    graph.load({"sellers": [{"seller_id": seller_id} for seller_id in "abcd"]})
    members = tuple(Member(s, Tier.LEAD, Role.CORE, 0.5, 0.0, 0.5, ()) for s in "abc")
    ring = Ring("R1", Tier.LEAD, 0.5, 0.5, members, ())
    with graph.writer() as writer:
        writer.save_run("run-1", Detection((ring,), (), Fit(4), graph.now), graph.now)

    def asked(query: str, who: Visibility = FULL, *, is_local: bool = True, **given: object) -> Any:
        desk = Desk(partial(open_writer, graph.url), lambda _: graph.now) if is_local else None
        readers = Readers(1)
        with graph.view() as view:
            result = run_query(
                SCHEMA, Asked(query, {"i": given}, None), Serving(view, readers, Grounds(), None, desk), Visitor(who)
            )
        readers.close()
        if result.errors:
            return result.errors[0].original_error.code
        (found,) = result.data.values()
        return found

    return asked


def test_a_verdict_is_kept_with_the_members_of_then(graph, ask):
    """Of a ring, and of a seller that is in none and a ring; the answer names what was kept."""
    told = ask(JUDGE, ringId="R1", verdict="CONFIRMED", reason="test buys", owner="ann")
    assert told == {
        "__typename": "JudgeSuccess", "judgementId": "J-1", "ringId": "R1", "sellerId": None, "verdict": "CONFIRMED",
        "reason": "test buys", "owner": "ann", "madeAt": graph.now.isoformat(),
    }  # fmt: skip
    assert ask(JUDGE, ringId="R1", sellerId="d", verdict="SAME", reason="seen")["judgementId"] == "J-2"
    with graph.view() as view:
        first, second = (row.judgement for row in view.judgements(FULL))
    assert (first.ring_id, first.seller_id, first.verdict, first.members) == (
        "R1",
        "",
        Verdict.CONFIRMED,
        ("a", "b", "c"),
    )
    assert (second.seller_id, second.verdict, second.owner) == ("d", Verdict.SAME, None)


def test_what_cannot_be_judged_is_an_answer_and_keeps_nothing(graph, ask):
    for expected, given in (
        ("RingNotFoundError", {"ringId": "R9", "verdict": "CONFIRMED", "reason": "x"}),
        ("SellerNotFoundError", {"ringId": "R1", "sellerId": "nobody", "verdict": "SAME", "reason": "x"}),
        ("InvalidDecisionError", {"ringId": "R1", "verdict": "SAME", "reason": "x"}),
        ("InvalidDecisionError", {"ringId": "R1", "sellerId": "a", "verdict": "DISMISSED", "reason": "x"}),
        ("InvalidDecisionError", {"ringId": "R1", "verdict": "CONFIRMED", "reason": " "}),
    ):
        told = ask(JUDGE, **given)
        assert told["__typename"] == expected
        assert "nothing was changed" in told["message"]
    with graph.view() as view:
        assert view.judgements(FULL) == ()


def test_a_value_is_exempt_until_it_is_lifted(graph, ask):
    """In any usual writing; twice renews; an end without a zone is UTC."""
    given = {"kind": "phone", "value": "0049 40 123456", "reason": "AGENCY", "owner": "ann", "note": "an agent"}
    told = ask(EXEMPT, **given, expiresAt="2999-01-01T00:00:00")
    end = datetime(2999, 1, 1, tzinfo=UTC)
    assert told == {
        "__typename": "ExemptSuccess", "kind": "phone", "value": "+4940123456", "reason": "AGENCY", "owner": "ann",
        "expiresAt": end.isoformat(),
    }  # fmt: skip
    with graph.view() as view:
        (row,) = view.exemptions(FULL, graph.now)
    assert (row.value, row.reason, row.owner, row.note, row.expires_at) == (
        "+4940123456",
        "agency",
        "ann",
        "an agent",
        end,
    )
    assert ask(EXEMPT, kind="phone", value="+49 40 123456", reason="OFFICE")["expiresAt"] is None
    lifted = ask(LIFT, kind="phone", value="+49 40 123456", reason="they closed")
    assert lifted == {
        "__typename": "LiftExemptionSuccess", "kind": "phone", "value": "+4940123456", "reason": "they closed",
    }  # fmt: skip
    with graph.view() as view:
        assert view.exemptions(FULL, graph.now) == []
    assert ask(LIFT, kind="phone", value="+49 40 123456", reason="again")["code"] == "NOT_EXEMPT"


def test_what_cannot_be_exempt_is_an_answer_and_keeps_nothing(graph, ask):
    phone = {"kind": "phone", "value": "+4940123456"}
    for query, expected, given in (
        (EXEMPT, "INVALID_VALUE", {"kind": "horoscope", "value": "leo", "reason": "FAMILY"}),
        (EXEMPT, "INVALID_VALUE", {"kind": "phone", "value": "n/a", "reason": "FAMILY"}),
        (EXEMPT, "INVALID_DECISION", {**phone, "reason": "FAMILY", "expiresAt": "2001-01-01T00:00:00Z"}),
        (LIFT, "INVALID_VALUE", {"kind": "horoscope", "value": "leo", "reason": "x"}),
        (LIFT, "INVALID_DECISION", {**phone, "reason": ""}),
    ):  # fmt: skip
        assert ask(query, **given)["code"] == expected
    with graph.view() as view:
        assert view.exemptions(FULL, graph.now) == []


def test_only_who_may_decide_decides(graph, ask):
    """A server that others reach, other roles, and personal kinds for who may not see them: refused, nothing kept."""
    masked = Visibility(ActorRole.INVESTIGATOR, personal_values=False)
    phone = {"kind": "phone", "value": "+4940123456", "reason": "AGENCY"}
    judged = {"ringId": "R1", "verdict": "CONFIRMED", "reason": "x"}
    assert ask(JUDGE, is_local=False, **judged) == "FORBIDDEN"
    assert ask(EXEMPT, is_local=False, **phone) == "FORBIDDEN"
    assert ask(LIFT, is_local=False, **{**phone, "reason": "x"}) == "FORBIDDEN"
    for role in (ActorRole.OPERATOR, ActorRole.APPROVER):
        assert ask(JUDGE, Visibility(role), **judged) == "FORBIDDEN"
        assert ask(EXEMPT, Visibility(role), **phone) == "FORBIDDEN"
    assert ask(EXEMPT, masked, **phone) == "FORBIDDEN"
    assert ask(LIFT, masked, **{**phone, "reason": "x"}) == "FORBIDDEN"
    assert (
        ask(EXEMPT, masked, kind="address", value="12 Dock Road", reason="FORWARDER")["__typename"] == "ExemptSuccess"
    )
    assert ask(JUDGE, masked, **judged)["__typename"] == "JudgeSuccess"
    with graph.view() as view:
        assert [row.kind for row in view.exemptions(FULL, graph.now)] == ["address"]


def test_reasons_of_the_schema_are_those_of_every_door(graph):  # noqa: ARG001 (every case takes it)
    assert tuple(reason.value for reason in ExemptionReason) == EXEMPTION_REASONS
