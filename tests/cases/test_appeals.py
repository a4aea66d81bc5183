"""Appeals and replay on both databases: what would not stand is what a run without it spares, and is undone exactly."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cases.test_closing import Court

from ringwatch.algorithms.detect import detect_and_trace
from ringwatch.algorithms.questions import CurrentRun
from ringwatch.db.decided import ExemptionInput
from ringwatch.db.open import open_docket
from ringwatch.enforcement.appeals import open_appeal, reject_appeal, uphold_appeal
from ringwatch.enforcement.cases import read_cases, read_standings
from ringwatch.enforcement.closing import close_due, close_plan
from ringwatch.enforcement.plans import PlanInput, approve_plan, draft_plan
from ringwatch.enforcement.replay import Replay, Today, replay
from ringwatch.enforcement.rules import reasons_to_spare
from ringwatch.enforcement.undoing import undo_plan
from ringwatch.model.chain import verify
from ringwatch.model.enforcement import Hand, PlanState, StoreAction
from ringwatch.model.errors import ConfigError, RefusedError
from ringwatch.model.judgements import Verdict
from ringwatch.model.kinds import REGISTRY
from ringwatch.model.rings import DetectConfig, Detection
from ringwatch.model.visibility import FULL
from ringwatch.values.pivots import Pivot

RING = "abcdef"
HELD = (
    ("account", "DE1", "abcde"),
    ("phone", "+49401", "bcdef"),
    ("device", "dev1", "acdf"),
    ("email", "x@y.example", "abf"),
    ("device", "dev2", "bce"),
)
PHONE = ("phone", "+49401")


class Market(Court):
    """A court whose ring is found, in a market of honest sellers, some of whom share a device with one other."""

    def __init__(self, graph) -> None:
        super().__init__(graph)
        self.n_runs = 0
        honest = [f"h{n:02d}" for n in range(60)]
        ids = [*RING, *honest]
        uses = [(holder, kind, value) for kind, value, holders in HELD for holder in holders]
        for n, holder in enumerate(honest):
            uses += [(holder, "phone", f"+4950{n}"), (holder, "account", f"DE9{n}"), (holder, "device", f"d{n}")]
        uses += [(honest[n + more], "device", f"pair{n}") for n in range(0, 60, 10) for more in (0, 1)]
        listed = [{"listing_id": f"{s}9", "store_id": f"st-{s}", "brand": "Acme"} for s in ids]
        bought = {"brand_id": "b1", "kind": "test_buy", "outcome": "upheld"}
        graph.load(
            {
                "brands": [{"brand_id": "b1", "name": "Acme"}],
                "sellers": [{"seller_id": s} for s in ids],
                "stores": [{"store_id": f"st-{s}", "seller_id": s} for s in ids],
                "listings": listed,
                "uses": [{"holder_id": holder, "kind": kind, "value": value} for holder, kind, value in uses],
                "notices": [{"notice_id": f"n{s}", "listing_id": f"{s}9", **bought} for s in RING],
            }
        )
        self.find()

    def find(self) -> None:
        """Detect and keep what was found."""
        with self.graph.view() as view:
            snapshot, fit = view.snapshot(FULL, self.at), view.fit(FULL)
            earlier = {row.seller_id: row.ring_id for row in view.all_members(FULL)}
            judgements = [row.judgement for row in view.judgements(FULL)]
        known = {"fit": fit, "earlier": earlier, "judgements": judgements}
        self.found, self.trace = detect_and_trace(snapshot, DetectConfig(), as_of=self.at, **known)
        self.keep(self.found)

    def keep(self, detection: Detection) -> None:
        """Make a detection the current run."""
        with self.graph.writer() as writer:
            self.n_runs += 1
            writer.save_run(f"run-{self.n_runs}", detection, self.at)

    def plan(self, **asked) -> str:
        """Have a plan over the ring approved."""
        with self.graph.view() as view, open_docket(self.graph.url) as docket:
            wanted = PlanInput((self.ring_id,), **{"immediate": "unsafe", **asked})
            return self.approved(draft_plan(view, docket, wanted, Hand("ann", self.at)))

    @property
    def ring_id(self) -> str:
        """The ring that the sellers are in."""
        return next(ring.ring_id for ring in self.found.rings if ring.members[0].seller_id == "a")

    def today(self, view, docket) -> Today:
        """Return what a replay judges by."""
        found = self.found
        ring_of = {member.seller_id: ring.ring_id for ring in found.rings for member in ring.members}
        tiers = {ring.ring_id: ring.tier for ring in found.rings}
        judgements = [row.judgement for row in view.judgements(FULL)]
        return Today(view, docket, CurrentRun(DetectConfig(), found.fit, ring_of, tiers, judgements, self.trace))

    def replay(self, value):
        """Ask what would not stand without a value."""
        with self.graph.view() as view, open_docket(self.graph.url, is_read=True) as docket:
            return replay(self.today(view, docket), value, Hand("ann", self.at))

    def appeal(self, store_id: str) -> str:
        """Open an appeal and return its id."""
        with open_docket(self.graph.url) as docket:
            return open_appeal(docket, store_id, "mine", Hand("ann", self.at)).appeal_id

    def uphold(self, appeal_id: str, value=None):
        """Uphold an appeal."""
        pivot = None if value is None else Pivot(REGISTRY[value[0]], value[1], value[1])
        with self.graph.view() as view, open_docket(self.graph.url) as docket:
            return uphold_appeal(self.today(view, docket), appeal_id, "wrong", pivot, Hand("bo", self.at))

    def spared(self) -> set[str]:
        """Return the sellers of the ring whom the rules do not let close by the current run."""
        with self.graph.view() as view:
            ring_of = view.ring_of(FULL, RING)
            cases = read_cases(view, sorted(set(ring_of.values())), self.at)
        return {s for s in RING if s not in ring_of or reasons_to_spare(cases[ring_of[s]], s)}

    def approve_and_undo(self, plan_id: str):
        """Have an undo approved by who upheld the appeal, and carry it out."""
        with self.graph.view() as view, open_docket(self.graph.url) as docket:
            with docket.reading() as record:
                plan = record.plan(plan_id)
            approve_plan(view, docket, plan_id, plan.digest, Hand("bo", self.at))
        return self.run(undo_plan, plan_id)

    def shown(self, store_id: str) -> str:
        """Return the state that people read of a store."""
        with open_docket(self.graph.url) as docket, docket.reading() as record:
            return read_standings(record, {store_id: False})[store_id].shown.value


@pytest.fixture
def market(graph) -> Market:
    return Market(graph)


@pytest.mark.parametrize("value", [("account", "DE1"), PHONE, ("email", "x@y.example")])
def test_a_replay_names_what_a_run_without_the_value_would_spare(graph, market, value):
    """Of what was closed; asked again when the value is exempt, it names the same. Nothing is written."""
    closing = market.plan()
    assert market.run(close_plan, closing).done[StoreAction.CLOSE] == 5
    with open_docket(graph.url) as docket, docket.reading() as record:
        before = record.head()
        asked = market.replay(value)
    with open_docket(graph.url) as docket, docket.reading() as record:
        assert record.head() == before
    with graph.writer() as writer:
        writer.exempt(ExemptionInput(*value, value[1], "agency"), market.at)
    market.find()
    fallen = market.spared() & set("abcde")
    assert fallen
    assert sellers(asked) == fallen
    assert sellers(market.replay(value)) == fallen
    assert asked.ring_ids == (market.ring_id,)


def sellers(asked: Replay) -> set[str]:
    return {store.body["seller_id"] for store in asked.closures}


def test_who_is_in_no_ring_any_more_is_judged_by_what_the_plan_froze(graph, market):  # noqa: ARG001 (every case takes it)
    """Two families that count have to be left of its grounds; a value that it never rested on fells nothing."""
    market.run(close_plan, market.plan())
    market.keep(replace(market.found, rings=()))
    market.found, market.trace = replace(market.found, rings=()), None
    assert sellers(market.replay(PHONE)) == set("cde")
    assert sellers(market.replay(("device", "dev1"))) == set()


def test_open_plans_that_rest_on_the_value_are_named(graph, market):  # noqa: ARG001 (as above)
    """One that was proposed is void with it, one whose notices run leaves stores; what carries nobody changes none."""
    noticed = market.plan(immediate="")
    market.run(close_plan, noticed)
    assert market.replay(PHONE).open_plans == (noticed,)
    proposed = market.plan(action=StoreAction.SUSPEND)
    assert market.replay(PHONE).open_plans == (noticed, proposed)
    assert market.replay(("device", "dev2")).open_plans == ()
    with pytest.raises(ConfigError, match="no two sellers share it"):
        market.replay(("device", "dev3"))


def test_an_upheld_appeal_undoes_what_leaned_on_the_value_whichever_plan_did_it(graph, market):
    """One undo plan over all of them, in the name of who opened the appeal; its store alone reads reinstated."""
    plans = [market.plan(max_stores=2), market.plan()]
    for plan_id in plans[:1]:
        market.run(close_plan, plan_id)
    second = market.plan()
    assert market.run(close_plan, second).done[StoreAction.CLOSE] == 3
    upheld = market.uphold(market.appeal("st-a"), ("account", "DE1"))
    assert sellers(upheld.replay) == set("abcde")
    with graph.view() as view, open_docket(graph.url) as docket, docket.reading() as record:
        undo = record.plan(upheld.undo_plan_id)
        assert (undo.proposed_by, undo.undoes) == ("ann", f"{plans[0]}, {second}")
        given = view.exemptions(FULL, market.at)
        assert [(row.kind, row.value, row.reason, row.owner) for row in given] == [("account", "DE1", "appeal", "bo")]
    assert market.approve_and_undo(undo.plan_id).done[StoreAction.REOPEN] == 5
    assert set(market.states().values()) == {"open"}
    assert [market.shown(f"st-{s}") for s in "ab"] == ["reinstated", "open"]
    with open_docket(graph.url) as docket, docket.reading() as record:
        assert {record.plan(plan_id).state for plan_id in (plans[0], second)} == {PlanState.UNDONE}
        assert verify(record.entries(), record.head()) == []


def test_a_link_that_is_innocent_keeps_its_store_open_when_the_notice_is_over(graph, market):
    """The seller is judged different; too many upheld appeals hold the plan until the share is raised."""
    noticed = market.plan(immediate="")
    assert market.run(close_plan, noticed).waiting == 5
    upheld, waiting = market.appeal("st-a"), market.appeal("st-b")
    found = market.uphold(upheld)
    assert found.undo_plan_id is None
    assert market.ring_id in found.replay.ring_ids
    with graph.view() as view:
        (row,) = view.judgements(FULL)
    assert (row.judgement.seller_id, row.judgement.verdict, row.judgement.owner) == ("a", Verdict.DIFFERENT, "bo")
    market.at += timedelta(days=31)
    held = market.run(close_due)
    assert held.done[StoreAction.CLOSE] == 0
    assert held.stopped_by.startswith(f"brake: 1 of 5 stores of {noticed} won")
    with graph.writer() as writer:
        writer.set_setting("appeal_share", "0.5")
    outcome = market.run(close_due)
    assert outcome.stopped_by is None
    assert {store_id for store_id, _ in outcome.left} >= {"st-a", "st-b"}
    assert (market.shown("st-a"), market.shown("st-b")) == ("open", "appealed")
    with open_docket(graph.url) as docket:
        bo = Hand("bo", market.at)
        assert reject_appeal(docket, waiting, "no proof", bo).state.value == "rejected"
        for appeal_id in (upheld, waiting):
            with pytest.raises(RefusedError, match=r"was \w+ by bo"):
                reject_appeal(docket, appeal_id, "late", bo)
        own = open_appeal(docket, "st-c", "mine", bo)
        with pytest.raises(RefusedError, match="you opened it"):
            reject_appeal(docket, own.appeal_id, "mine", bo)


def test_an_appealed_store_is_given_back_though_more_speaks_against_it(graph, market):  # noqa: ARG001 (as above)
    """Upheld by a value that fells other stores alone: its own store is in the undo all the same."""
    market.run(close_plan, market.plan())
    upheld = market.uphold(market.appeal("st-b"), ("email", "x@y.example"))
    assert sellers(upheld.replay) == set("ab")


def test_detection_sees_what_was_closed_here_and_what_was_given_back(graph, market):
    """A store counts as closed from its closing by a plan on, whatever was loaded of it, and no more after the undo."""
    closing = market.plan()
    market.run(close_plan, closing)
    with graph.view() as view:
        snapshot = view.snapshot(FULL, market.at)
    is_closed = dict(zip(snapshot.seller_ids.to_pylist(), snapshot.is_closed.tolist(), strict=True))
    assert {seller_id for seller_id, closed in is_closed.items() if closed} == set("abcde")
    undone = market.approved(market.draft_undo(closing))
    market.run(undo_plan, undone)
    with graph.view() as view:
        assert not view.snapshot(FULL, market.at).is_closed.any()
