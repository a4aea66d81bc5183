"""Plans carried out on both databases: refusals, one runner, exact undo, what others did since, copies."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.closing_laws import faults_of, read_facts

from ringwatch.db.copy import copy_database
from ringwatch.db.open import make_anew, open_docket
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.enforcement.carrying import Outcome, Runner
from ringwatch.enforcement.cases import read_standings
from ringwatch.enforcement.closing import close_due, close_plan
from ringwatch.enforcement.lease import TERM_S, Lease
from ringwatch.enforcement.outbox import Answer, deliver
from ringwatch.enforcement.plans import PlanInput, approve_plan, draft_plan, draft_undo, keep_plan
from ringwatch.enforcement.undoing import undo_plan
from ringwatch.model.chain import verify
from ringwatch.model.enforcement import Hand, Message, MessageState, PlanState, StoreAction
from ringwatch.model.errors import RefusedError, RetryableError
from ringwatch.model.rings import Detection, Evidence, Fit, Member, Ring, Role, Tier
from ringwatch.model.visibility import ActorRole

SELLERS = "abcde"
OF_TWO_FAMILIES = (("account", "payout", "DE1"), ("phone", "contact", "+49401"))


def member(seller_id: str, evidence=OF_TWO_FAMILIES, tier=Tier.CLOSE, infringement=0.9, *, is_fragile=False) -> Member:
    parts = tuple(Evidence(kind, family, value, 5, (), 3.0) for kind, family, value in evidence)
    return Member(seller_id, tier, Role.CORE, 0.99, 4.6, infringement, parts, is_fragile)


class Court:
    """A database with one ring, and short ways to decide about its stores."""

    def __init__(self, graph) -> None:
        self.graph = graph
        self.at = graph.now
        stores = [{"store_id": f"st-{s}", "seller_id": s} for s in SELLERS]
        listings = [{"listing_id": f"{s}{n}", "store_id": f"st-{s}"} for s in SELLERS for n in range(2)]
        graph.load({"sellers": [{"seller_id": s} for s in SELLERS], "stores": stores, "listings": listings})
        with open_docket(graph.url) as docket:
            for name, role in (("ann", "investigator"), ("bo", "approver"), ("cy", "operator")):
                add_actor(docket, ActorInput(name, ActorRole(role)), Hand("owner", self.at))

    def detect(self, *members: Member) -> None:
        """Keep a run whose one ring has these members."""
        ring = Ring("R1", Tier.CLOSE, 0.99, 0.9, members, ())
        with self.graph.writer() as writer:
            writer.save_run(f"run-{members!r:.9}", Detection((ring,), (), Fit(5), self.at), self.at)

    def approved(self, draft) -> str:
        """Keep a plan, have it approved, and return its id."""
        with self.graph.view() as view, open_docket(self.graph.url) as docket:
            plan = keep_plan(docket, draft, Hand("ann", self.at))
            approve_plan(view, docket, plan.plan_id, plan.digest, Hand("bo", self.at))
        return plan.plan_id

    def draft(self, **asked):
        """Work out a plan over the ring."""
        given = {"immediate": "unsafe", **asked}
        with self.graph.view() as view, open_docket(self.graph.url) as docket:
            return draft_plan(view, docket, PlanInput(("R1",), **given), Hand("ann", self.at))

    def draft_undo(self, plan_id: str):
        """Work out the undo of a plan."""
        with open_docket(self.graph.url) as docket:
            return draft_undo(docket, plan_id, "wrong", Hand("ann", self.at))

    def run(self, work, *given) -> Outcome:
        """Carry something out as a runner that has the lease."""
        with self.graph.view() as view, open_docket(self.graph.url) as docket, Lease(docket) as lease:
            return work(Runner(view, docket, Hand("cy", self.at), lease), *given)

    def states(self) -> dict[str, str]:
        """Return the state of every store."""
        with open_docket(self.graph.url) as docket, docket.reading() as record:
            found = read_standings(record, {f"st-{s}": False for s in SELLERS})
        return {store_id: standing.state.value for store_id, standing in found.items()}


@pytest.fixture
def court(graph) -> Court:
    return Court(graph)


def test_every_rule_spares_a_store_and_says_so(graph, court):  # noqa: ARG001 (every case takes it)
    one_family = (("account", "payout", "DE1"), ("card", "payout", "x"))
    identity = (("id_document", "identity", "P1"),)
    members = (
        member("a", one_family),
        member("b", identity),
        member("c", tier=Tier.REVIEW, infringement=0.2),
        member("d", is_fragile=True),
        member("e"),
    )
    court.detect(*members)
    bodies = {store.body["seller_id"]: store.body for store in court.draft().stores}
    expected = {"a": "family", "b": "identity document", "c": "tier review", "d": "fragile"}
    for seller_id, told in expected.items():
        assert bodies[seller_id]["action"] == "spare"
        assert told in "; ".join(bodies[seller_id]["reasons"])
    assert "infringement score 0.20" in "; ".join(bodies["c"]["reasons"])
    assert (bodies["e"]["action"], bodies["e"]["n_listings"]) == ("close", 2)


def test_close_then_undo_is_the_state_before(graph, court):
    """Also of stores that another plan watched before, which may be undone then; it is told what to put back."""
    court.detect(*map(member, SELLERS))
    watching = court.approved(court.draft(action=StoreAction.WATCH, max_stores=2))
    assert court.run(close_plan, watching).done[StoreAction.WATCH] == 2
    before = court.states()
    assert sorted(before.values()) == ["open"] * 3 + ["watched"] * 2
    closing = court.approved(court.draft())
    assert court.run(close_plan, closing).done[StoreAction.CLOSE] == 5
    assert set(court.states().values()) == {"closed"}
    undoing = court.approved(court.draft_undo(closing))
    assert court.run(undo_plan, undoing).done[StoreAction.REOPEN] == 5
    assert court.run(undo_plan, undoing).already_done == 5
    assert court.states() == before
    with open_docket(graph.url) as docket, docket.reading() as record:
        assert verify(record.entries(), record.head()) == []
        assert record.plan(closing).state is PlanState.UNDONE
        told = [message for message in record.messages(MessageState.WAITING, 0, 100) if message.plan_id == undoing]
    assert len({message.key for message in told}) == 5
    assert '"listings":["a0","a1"]' in told[0].body
    unwatching = court.approved(court.draft_undo(watching))
    assert court.run(undo_plan, unwatching).done[StoreAction.REOPEN] == 2
    assert set(court.states().values()) == {"open"}


def test_an_undo_leaves_what_others_decided_since(graph, court):  # noqa: ARG001 (every case takes it)
    """Suspended by one plan and closed by the next: the undo of the first changes nothing."""
    court.detect(*map(member, "abc"))
    first = court.approved(court.draft(action=StoreAction.SUSPEND))
    court.run(close_plan, first)
    undoing = court.approved(court.draft_undo(first))
    court.run(close_plan, court.approved(court.draft(max_stores=1)))
    outcome = court.run(undo_plan, undoing)
    assert outcome.done[StoreAction.REOPEN] == 2
    assert [(store_id, reason) for store_id, reason in outcome.left] == [
        ("st-a", "another decision followed, which stays")
    ]
    assert court.states()["st-a"] == "closed"


def test_one_runner_at_a_time_and_a_dead_one_is_followed_within_seconds(graph, court):
    """Who stood still longer than the lease lasts has lost it, and closes nothing more."""
    court.detect(*map(member, SELLERS))
    plan_id = court.approved(court.draft())
    time_s = 1_000.0
    with open_docket(graph.url) as docket, graph.view() as view:
        dead = Lease(docket, lambda: time_s)
        dead.__enter__()
        with pytest.raises(RetryableError, match="another runner"):
            Lease(docket, lambda: time_s).__enter__()
        time_s += TERM_S + 1
        with Lease(docket, lambda: time_s):
            pass
        with pytest.raises(RetryableError, match="took its place"):
            close_plan(Runner(view, docket, Hand("cy", court.at), dead), plan_id)
    assert set(court.states().values()) == {"open"}
    assert court.run(close_plan, plan_id).done[StoreAction.CLOSE] == 5


def test_one_key_alone_closes_nothing(graph, court):
    """Neither by proposing and approving, nor by a plan whose approvals are forged to hold its proposer."""
    court.detect(*map(member, SELLERS))
    draft = court.draft()
    with graph.view() as view, open_docket(graph.url) as docket:
        plan = keep_plan(docket, draft, Hand("ann", court.at))
        with pytest.raises(RefusedError, match="your own"):
            approve_plan(view, docket, plan.plan_id, plan.digest, Hand("ann", court.at))
        forged = replace(plan, state=PlanState.APPROVED, approvals=("ann",))
        docket.transact(lambda record: record.set_plan(forged))
    with pytest.raises(RefusedError, match="no other than its proposer"):
        court.run(close_plan, plan.plan_id)
    assert set(court.states().values()) == {"open"}


def test_what_runs_over_its_notice_is_closed_once(graph, court, tmp_path: Path):
    """A copy carries actors, plans, decisions, outbox and the chain, and goes on from there; so does a copy back."""
    court.detect(*map(member, SELLERS))
    plan_id = court.approved(court.draft(immediate=""))
    assert court.run(close_plan, plan_id).waiting == 5
    assert court.run(close_due).waiting == 5
    copied = f"sqlite:///{tmp_path / 'copy.db'}"
    assert copy_database(graph.url, copied).differing == ()
    source, court.graph = court.graph, type(graph)(copied)
    court.at += timedelta(days=30)
    assert court.run(close_due).done[StoreAction.CLOSE] == 5
    assert court.run(close_due).done[StoreAction.CLOSE] == 0
    stores = [f"st-{s}" for s in SELLERS]
    before = read_facts(copied, stores)
    make_anew(source.url)
    assert copy_database(copied, source.url).differing == ()
    after = read_facts(source.url, stores)
    assert (faults_of(after), after) == ([], before)
    court.graph = source
    assert court.run(undo_plan, court.approved(court.draft_undo(plan_id))).done[StoreAction.REOPEN] == 5
    assert faults_of(read_facts(source.url, stores)) == []


def test_messages_are_sent_until_they_are_answered(graph, court):
    """Under their own keys; refused ones are given up until a replay, silent ones wait their time."""
    court.detect(*map(member, SELLERS))
    court.run(close_plan, court.approved(court.draft()))
    refusing = Answer(is_delivered=False, is_refused=True, text="HTTP 422")
    taking = Answer(is_delivered=True, is_refused=False, text="HTTP 200")
    heard: list[str] = []

    def send(message: Message) -> Answer:
        heard.append(message.key)
        return refusing if message.store_id == "st-b" else taking

    hand = Hand("cy", court.at)
    with open_docket(graph.url) as docket:
        told = deliver(docket, hand, send)
        assert (told.delivered, told.dead, told.waiting) == (4, 1, 0)
        assert deliver(docket, hand, send).delivered == 0
        assert deliver(docket, hand, lambda _: taking, is_replay=True).delivered == 1
        with docket.reading() as record:
            assert {state for _, state in record.message_counts()} == {MessageState.DELIVERED}
            assert sorted(heard) == sorted(row.hash for row in record.entries() if row.entry.action == "close")


def test_of_each_store_what_follows_a_message_that_waits_waits_too(graph, court):
    """Closed and opened again while the marketplace was away: later it hears of each store in that order."""
    court.detect(*map(member, SELLERS))
    closing = court.approved(court.draft())
    court.run(close_plan, closing)
    silent = Answer(is_delivered=False, is_refused=False, text="TimeoutError")
    taking = Answer(is_delivered=True, is_refused=False, text="HTTP 200")
    with open_docket(graph.url) as docket:
        away = deliver(docket, Hand("cy", court.at), lambda _: silent)
        assert (away.delivered, away.waiting, away.failing) == (0, 5, 5)
    court.run(undo_plan, court.approved(court.draft_undo(closing)))
    heard: list[tuple[str, str]] = []

    def send(message: Message) -> Answer:
        heard.append((message.store_id, message.action))
        return taking

    with open_docket(graph.url) as docket:
        held = deliver(docket, Hand("cy", court.at), send)
        assert held.delivered == sum(action == "close" for _, action in heard) * 2
        later = deliver(docket, Hand("cy", court.at + timedelta(hours=1)), send)
        assert held.delivered + later.delivered == len(heard) == 10
    for seller in SELLERS:
        assert [action for store_id, action in heard if store_id == f"st-{seller}"] == ["close", "reopen"]


def test_time_that_is_over_ends_a_round_and_a_run(graph, court):
    """Nothing more is sent or begun then, what was done is kept, and the next run goes on from there."""
    court.detect(*map(member, SELLERS))
    plan_id = court.approved(court.draft())
    taking = Answer(is_delivered=True, is_refused=False, text="HTTP 200")
    heard: list[str] = []

    def send(message: Message) -> Answer:
        heard.append(message.key)
        return taking

    hand = Hand("cy", court.at)
    with graph.view() as view, open_docket(graph.url) as docket, Lease(docket) as lease:
        runner = Runner(view, docket, hand, lease, send, lambda: len(heard) >= 2)
        outcome = close_plan(runner, plan_id)
        assert (outcome.done[StoreAction.CLOSE], outcome.remaining, outcome.stopped_by) == (5, 0, None)
        n_heard = len(heard)  # those that were on their way may still be told
        assert deliver(docket, hand, send).delivered == 5 - n_heard
        assert n_heard >= 2
