"""GraphQL and the command line answer the same questions alike, on the small marketplace."""

import asyncio
from typing import Any

import httpx
import pytest

from ringwatch.algorithms.paths import find_paths
from ringwatch.algorithms.questions import hold_against, judge_graph
from ringwatch.algorithms.what_if import find_fates
from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig, Serving
from ringwatch.api.door import Visitor
from ringwatch.api.graphql_route import Asked, run_query
from ringwatch.api.grounds import read_current_run
from ringwatch.api.limits import Limits
from ringwatch.api.prepared import Grounds, wall_clock
from ringwatch.api.readers import Readers
from ringwatch.api.schema import make_schema
from ringwatch.db.open import open_view
from ringwatch.model.visibility import FULL, ActorRole, Visibility

PARTS = "sellerId ringId tier linkScore logOdds families missing evidence{kind family value holderCount sellers score}"
WHY = f"query($s:String!,$r:String!){{why(sellerId:$s,ringId:$r){{{PARTS}}}}}"
WHY_NOT = f"query($s:String!,$r:String!){{whyNot(sellerId:$s,ringId:$r){{{PARTS}}}}}"
PATHS = (
    "query($a:String!,$b:String!,$n:Int){paths(from:$a,to:$b,first:$n){score steps{sellerId kind value nextSellerId}}}"
)
WHAT_IF = "query($k:String!,$v:String!){whatIf(kind:$k,value:$v){kind value rings{ringId tierBefore tierAfter fallen}}}"
MASKED = Visibility(ActorRole.INVESTIGATOR, personal_values=False)


class Asker:
    """Asks one database through one application, and through the command line."""

    def __init__(self, url: str, here) -> None:
        self.url, self.here = url, here
        self.app = make_app(ServeConfig(url))

    def errors(self, query: str, **variables: object) -> Any:
        """Return the whole answer."""

        async def post() -> Any:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                answer = await client.post("/graphql", json={"query": query, "variables": variables})
                return answer.json()

        return asyncio.run(post())

    def ask(self, query: str, **variables: object) -> Any:
        """Return the one field that was asked for."""
        answer = self.errors(query, **variables)
        assert "errors" not in answer, answer
        (found,) = answer["data"].values()
        return found

    def say(self, *arguments: str) -> Any:
        """Return what the command line answers."""
        done = self.here(*arguments, "--database", self.url, "--json")
        assert done.status == 0, done.err
        return done.json


@pytest.fixture
def asker(market: str, here) -> Asker:
    """The small marketplace, asked both ways."""
    return Asker(market, here)


def snake(answer: Any) -> Any:
    """Return an answer of GraphQL in the names of the command line."""
    names = {"holderCount": "n_holders"}
    if isinstance(answer, list):
        return [snake(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    tiers = {"tier", "tierBefore", "tierAfter"}
    lowered = {key: value.lower() if key in tiers and value else value for key, value in answer.items()}
    return {
        names.get(key) or "".join(f"_{c.lower()}" if c.isupper() else c for c in key): snake(value)
        for key, value in lowered.items()
    }


def test_both_say_alike_why_and_why_not(asker: Asker):
    """Law: the answers are equal, number for number; what is no question of one kind is null."""
    rings = [ring["ring_id"] for ring in asker.say("rings")["rings"]][:3]
    members = [asker.say("ring", ring_id)["members"][0]["seller_id"] for ring_id in rings]
    for seller_id, ring_id, other in zip(members, rings, [*rings[1:], rings[0]], strict=True):
        said = asker.say("why", seller_id, ring_id)
        assert snake(asker.ask(WHY, s=seller_id, r=ring_id)) == {**said, "missing": []}
        assert snake(asker.ask(WHY_NOT, s=seller_id, r=other)) == asker.say("why-not", seller_id, other)
        assert asker.ask(WHY, s=seller_id, r=other) is None
        assert asker.ask(WHY_NOT, s=seller_id, r=ring_id) is None


LINEAGE = (
    "query($r:String!){lineage(ringId:$r){ringId current"
    " events{runId at ringId event ringIds sellerCountBefore sellerCount reason}"
    " versions{version runId at tier sellerCount linkScore infringementScore evidenceDigest"
    " members{sellerId tier role linkScore infringementScore}}}}"
)
OF_RINGS = LINEAGE.replace("query($r:String!){lineage(ringId:$r)", "{rings(first:3){nodes{lineage", 1) + "}}"


def test_both_tell_the_same_lineage(asker: Asker):
    """One ring by its id, and rings in a list; an id that never was is null."""
    rings = [ring["ring_id"] for ring in asker.say("rings")["rings"]][:3]
    said = [asker.say("lineage", ring_id) for ring_id in rings]
    assert all(told["events"] and told["versions"][0]["members"] for told in said)
    assert [lowered(snake(asker.ask(LINEAGE, r=ring_id))) for ring_id in rings] == said
    assert [lowered(snake(node["lineage"])) for node in asker.ask(OF_RINGS)["nodes"]] == said
    assert asker.ask(LINEAGE, r="R-NEVER") is None


def lowered(answer: Any) -> Any:
    """Return a lineage with enums as the command line writes them."""
    names = {"seller_count": "n_sellers", "seller_count_before": "n_sellers_before"}
    if isinstance(answer, list):
        return [lowered(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        names.get(key, key): value.lower() if key in {"event", "role", "tier"} else lowered(value)
        for key, value in answer.items()
    }


def test_the_library_says_the_same(asker: Asker, market: str):
    """Why, why not, paths, what if and lineage asked of the functions themselves: the same numbers."""
    with open_view(market) as view:
        run = read_current_run(view)
        at = wall_clock(view)
        snapshot = view.snapshot(FULL, at)
        graph = judge_graph(snapshot, run)
        ring_id, other = list(run.tier_of)[:2]
        one, another = (row.seller_id for row in view.members(FULL, ring_id).rows[:2])
        value = view.ring_values(FULL, ring_id)[0]
        why = view.evidence(FULL, ring_id, [one])[one]
        held = hold_against(graph, one, other)
        chains = find_paths(graph, one, another)
        fates = find_fates(snapshot, run, (value.kind, value.value), at)
        versions = view.lineage(FULL, ring_id).versions
    assert [part["score"] for part in asker.say("why", one, ring_id)["evidence"]] == [part.score for part in why]
    said = asker.say("why-not", one, other)
    assert (said["log_odds"], said["missing"]) == (held.log_odds, list(held.missing))
    assert [(part["kind"], part["value"], part["score"]) for part in said["evidence"]] == [
        (part.kind, part.value, part.score) for part in held.evidence
    ]
    assert [path["score"] for path in asker.say("path", one, another)["paths"]] == [chain.score for chain in chains]
    assert [
        (f["ring_id"], f["tier_after"], f["fallen"]) for f in asker.say("what-if", value.kind, value.value)["rings"]
    ] == [(fate.ring_id, fate.tier_after, list(fate.fallen)) for fate in fates]
    assert [v["evidence_digest"] for v in asker.say("lineage", ring_id)["versions"]] == [
        version.evidence_digest for version in versions
    ]


def test_both_find_the_same_paths(asker: Asker):
    rings = [ring["ring_id"] for ring in asker.say("rings")["rings"]][:3]
    for ring_id in rings:
        ids = [member["seller_id"] for member in asker.say("ring", ring_id)["members"]]
        said = asker.say("path", ids[0], ids[-1])["paths"]
        assert said
        assert snake(asker.ask(PATHS, a=ids[0], b=ids[-1], n=5)) == said
        assert snake(asker.ask(PATHS, a=ids[0], b=ids[-1], n=1)) == said[:1]


def test_both_see_the_same_without_a_value(asker: Asker):
    """For values of two rings: tiers before and after and who falls are the same, also the second time."""
    rings = [ring["ring_id"] for ring in asker.say("rings")["rings"]][:2]
    for ring_id in rings:
        value = asker.say("ring", ring_id)["values"][0]
        said = asker.say("what-if", value["kind"], value["value"])
        assert ring_id in [fate["ring_id"] for fate in said["rings"]]
        assert snake(asker.ask(WHAT_IF, k=value["kind"], v=value["value"])) == said
        assert snake(asker.ask(WHAT_IF, k=value["kind"], v=value["value"])) == said


def test_what_is_not_there_and_what_cannot_be(asker: Asker):
    """Unknown ids are null or empty; an unknown kind, too many chains and too dear a query are refused with a code."""
    ring_id = asker.say("rings")["rings"][0]["ring_id"]
    assert asker.ask(WHY, s="nobody", r=ring_id) is None
    assert asker.ask(WHY_NOT, s="nobody", r=ring_id) is None
    assert asker.ask(WHY_NOT, s="S0000001", r="nothing") is None
    assert asker.ask(PATHS, a="nobody", b="S0000001") == []
    assert asker.ask(WHAT_IF, k="phone", v="+4930000111")["rings"] == []
    many = "{" + " ".join(f'w{i}: whatIf(kind:"phone",value:"+4930000{i}11"){{kind}}' for i in range(5)) + "}"
    for code, query, variables in (
        ("BAD_USER_INPUT", WHAT_IF, {"k": "horoscope", "v": "leo"}),
        ("BAD_USER_INPUT", PATHS, {"a": "S0000001", "b": "S0000002", "n": 6}),
        ("QUERY_TOO_COSTLY", many, {}),
    ):
        assert asker.errors(query, **variables)["errors"][0]["extensions"]["code"] == code


def test_personal_values_are_masked(market: str):
    """Who may not see personal values reads masks in every answer, and is refused what would tell who uses one."""
    schema = make_schema(Limits(), may_introspect=True)
    with open_view(market) as view:
        serving = Serving(view, Readers(1), Grounds())

        def asked(query: str, who: Visibility = MASKED, **variables: object) -> Any:
            return run_query(schema, Asked(query, variables, None), serving, Visitor(who))

        full = Visibility(ActorRole.INVESTIGATOR)
        members = view.all_members(full)
        personal = {
            (member, part.value)
            for member in members
            for part in view.evidence(full, member.ring_id, [member.seller_id])[member.seller_id]
            if part.value and view.registry(full)[part.kind].is_personal
        }
        member, value = min(personal, key=lambda pair: (pair[0].seller_id, pair[1]))
        fellow = next(m for m in members if m.ring_id == member.ring_id and m.seller_id != member.seller_id)
        other = next(m for m in members if m.ring_id != member.ring_id)
        for query, variables in (
            (WHY, {"s": member.seller_id, "r": member.ring_id}),
            (WHY_NOT, {"s": other.seller_id, "r": member.ring_id}),
            (PATHS, {"a": member.seller_id, "b": fellow.seller_id, "n": 5}),
        ):
            told = asked(query, **variables)
            assert not told.errors
            assert not any(f"'{value}'" in str(told.data) for _, value in personal)
        assert f"'{value}'" in str(asked(WHY, full, s=member.seller_id, r=member.ring_id).data)
        refused = asked(WHAT_IF, k="phone", v="+4930000111")
        assert "personal" in refused.errors[0].message
        serving.readers.close()
