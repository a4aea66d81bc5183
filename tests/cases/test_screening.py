"""Screening reads the same rings out of both databases, values that one member alone holds included."""

import pytest

from ringwatch.algorithms.detect import detect_and_trace
from ringwatch.api.prepared import Grounds
from ringwatch.api.screening import Screener
from ringwatch.db.decided import ExemptionInput
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import DetectConfig
from ringwatch.model.visibility import FULL

MEMBERS = [f"m{n}" for n in range(5)]
HONEST = [f"h{n:02d}" for n in range(30)]
SHARED = {
    "phone": "+8613800138001",
    "device": "dev-4f1c",
    "account": "DE44500105175407324931",
    "email": "sales@nordkap-handel.de",
}
HOLDERS = {"phone": (0, 1, 2, 4), "device": (0, 1, 3, 4), "account": (0, 2, 3), "email": (1, 2, 3)}


def use(holder: str, kind: str, value: str) -> dict[str, str]:
    return {"holder_id": holder, "kind": kind, "value": value}


@pytest.fixture
def screener(graph):
    """Load a ring of five among thirty strangers, detect, and return what makes a screener and the run."""
    sellers = [{"seller_id": seller, "country": "CN"} for seller in [*MEMBERS, *HONEST]]
    stores = [{"store_id": f"st-{seller}", "seller_id": seller} for seller in MEMBERS]
    uses = [use(f"st-m{n}", kind, value) for kind, value in SHARED.items() for n in HOLDERS[kind]]
    uses += [use(seller, "wechat", f"wx_{seller}9") for seller in [*MEMBERS, *HONEST]]
    uses += [use(seller, "ip", "88.77.66.55") for seller in [*MEMBERS[:2], *HONEST]]
    notices = [{"notice_id": f"n{m}", "brand_id": "B", "store_id": f"st-{m}", "outcome": "upheld"} for m in MEMBERS[:3]]
    brands = [{"brand_id": "B", "name": "Nordfell"}]
    graph.load({"sellers": sellers, "stores": stores, "uses": uses, "notices": notices, "brands": brands})
    with graph.writer() as writer, graph.view() as view:
        found, trace = detect_and_trace(view.snapshot(FULL, graph.now), DetectConfig(), as_of=graph.now)
        writer.save_run("run-1", found, graph.now)
    (ring,) = found.rings
    assert [member.seller_id for member in ring.members] == MEMBERS
    grounds = Grounds(lambda _: graph.now, lambda _: trace)

    def ask(view, seller_id: str, *values: tuple[str, str]):
        identifiers = [{"kind": kind, "value": value} for kind, value in values if kind != "account"]
        accounts = [{"account": value} for kind, value in values if kind == "account"]
        told = {"seller_id": seller_id, "identifiers": identifiers, "payment_accounts": accounts}
        (answer,) = Screener(grounds.watch(view)).lines([told])
        return answer

    return ask, ring


def test_members_strangers_and_what_was_decided(graph, screener):
    """A member gets its tier, a stranger is refused, a hub and an honest value join nobody; decisions bind at once."""
    ask, ring = screener
    with graph.view() as view:
        held = [(kind, value) for kind, value in SHARED.items() if 0 in HOLDERS[kind]]
        own = ask(view, "m0", *held, ("wechat", "wx_m09"), ("ip", "88.77.66.55"))
        (match,) = own["matches"]
        assert match["tier"] == ring.members[0].tier
        assert match["log_odds"] == pytest.approx(ring.members[0].log_odds, abs=1e-9)
        assert match["infringement_score"] == pytest.approx(ring.members[0].infringement_score, abs=1e-9)
        stranger = ask(view, "new", *SHARED.items())
        assert stranger["advice"] == "refuse"
        assert stranger["matches"][0]["families"] == ["access", "contact", "payout"]
        assert ask(view, "new", ("ip", "88.77.66.55"), ("wechat", "wx_h019"))["matches"] == []
        alone = ask(view, "new", ("wechat", "wx_m19"))
        assert alone["advice"] != "refuse"
        shown = [p for m in alone["matches"] for p in m["evidence"] if p["value"]]
        assert [(p["value"], p["n_holders"], p["sellers"]) for p in shown] in ([], [("wx_m19", 2, ["m1"])])
        with graph.writer() as writer:
            writer.exempt(ExemptionInput("phone", SHARED["phone"], SHARED["phone"], "family"), graph.now)
        exempt = ask(view, "new", *SHARED.items())
        assert SHARED["phone"] not in [p["value"] for m in exempt["matches"] for p in m["evidence"]]
        with graph.writer() as writer:
            writer.judge(Judgement(ring.ring_id, "new", Verdict.DIFFERENT, tuple(MEMBERS), "another"), graph.now)
        assert ask(view, "new", *SHARED.items())["matches"] == []
        assert ask(view, "newer", *SHARED.items())["matches"]
        with graph.writer() as writer:
            writer.judge(Judgement(ring.ring_id, "", Verdict.DISMISSED, tuple(MEMBERS), "a family"), graph.now)
        assert ask(view, "newer", *SHARED.items()) == {"seller_id": "newer", "advice": "allow", "matches": []}
