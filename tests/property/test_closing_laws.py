"""Laws of closing, over drawn sequences of commands on a real database, held to a model of a page."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.support.closing_laws import faults_of, read_facts
from tests.support.closing_world import START, Size, build, store_ids
from tests.support.neo4j_server import Server

from ringwatch.db.open import open_docket, open_view, open_writer
from ringwatch.enforcement.appeals import open_appeal, reject_appeal
from ringwatch.enforcement.carrying import Runner
from ringwatch.enforcement.closing import close_due, close_plan
from ringwatch.enforcement.failures import NothingToAppealError
from ringwatch.enforcement.lease import Lease
from ringwatch.enforcement.plans import (
    Draft,
    PlanInput,
    approve_plan,
    draft_plan,
    draft_undo,
    keep_plan,
    reject_plan,
)
from ringwatch.enforcement.undoing import undo_plan
from ringwatch.model.enforcement import STATE_AFTER, Hand, StoreAction
from ringwatch.model.errors import RefusedError
from ringwatch.model.judgements import Judgement, Verdict

SIZE = Size(n_stores=9, ring_size=3, n_listings=1)
RINGS = tuple(f"R-{n:06d}" for n in range(3))
STORES = store_ids(SIZE)
HANDS = ("ann", "bo", "cy")  # any of them may try anything: what must hold does not lean on roles
HARDEST_FIRST = [state.value for state in STATE_AFTER.values()]
NOTICE, APPROVAL = timedelta(days=30), timedelta(days=7)
LONG = bool(os.environ.get("RINGWATCH_TEST_NEO4J_LONG"))


def ring_of(store_id: str) -> str:
    """Return the ring of a store's seller."""
    return RINGS[STORES.index(store_id) // SIZE.ring_size]


def seller_of(store_id: str) -> str:
    """Return the seller of a store."""
    return store_id.replace("st-", "s-")


# ---- the model ----------------------------------------------------------------------------------------------------


@dataclass
class ModelPlan:
    """A plan as the model sees it: stores that it acts on, how far each is, and what it rests on."""

    by: str
    action: str
    stores: dict[str, str]  # store_id: planned, noticed, done or left
    digest: str
    judged: Mapping[str, frozenset[str]]
    is_immediate: bool = False
    undoes: str | None = None
    state: str = "proposed"
    approvals: list[str] = field(default_factory=list)
    expires_at: datetime | None = None
    is_begun: bool = False
    due_at: dict[str, datetime] = field(default_factory=dict)
    inverse: dict[str, str] = field(default_factory=dict)


class Model:
    """What the database must tell: each store's decisions as a pile, plans, and who was judged no part of a ring."""

    def __init__(self) -> None:
        self.piles: dict[str, list[tuple[str, str]]] = {store_id: [] for store_id in STORES}  # (plan_id, state)
        self.plans: dict[str, ModelPlan] = {}
        self.judged: dict[str, frozenset[str]] = dict.fromkeys(RINGS, frozenset())
        self.appeals: dict[str, tuple[str, str]] = {}  # open ones by store: the id, and who opened it

    def state(self, store_id: str) -> str:
        """Return the state of a store: what is on top of its pile."""
        return self.piles[store_id][-1][1] if self.piles[store_id] else "open"

    def may_act(self, store_id: str, action: str) -> bool:
        """Say whether a plan may do that to a store now."""
        is_judged = seller_of(store_id) in self.judged[ring_of(store_id)]
        hard = HARDEST_FIRST[: HARDEST_FIRST.index(STATE_AFTER[StoreAction(action)].value) + 1]
        is_spared = (is_judged and action != "watch") or store_id in self.appeals
        return not is_spared and self.state(store_id) not in hard

    def may_begin(self, plan: ModelPlan, at: datetime) -> bool:
        """Say whether a plan that was not begun still stands; it is void where it does not."""
        is_changed = any(self.judged[ring] != judged for ring, judged in plan.judged.items())
        if is_changed or (plan.expires_at is not None and at >= plan.expires_at):
            plan.state = "void"
        return plan.state != "void"

    def carry(self, plan_id: str, at: datetime) -> None:
        """Carry a closing plan out as far as it is due."""
        plan = self.plans[plan_id]
        plan.is_begun = True
        for store_id, progress in list(plan.stores.items()):
            if progress in {"planned", "noticed"}:
                plan.stores[store_id] = self._step(plan_id, store_id, at)
        self._finish(plan)

    def _step(self, plan_id: str, store_id: str, at: datetime) -> str:
        plan = self.plans[plan_id]
        if not self.may_act(store_id, plan.action):
            return "left"
        if plan.action == "close" and not plan.is_immediate:
            is_new = store_id not in plan.due_at
            if at < plan.due_at.setdefault(store_id, at + NOTICE) or is_new:
                return "noticed"
        self.piles[store_id].append((plan_id, STATE_AFTER[StoreAction(plan.action)].value))
        return "done"

    def undo(self, plan_id: str) -> None:
        """Carry an undo out: of each store the decision on top is taken off, where it is the plan's."""
        plan = self.plans[plan_id]
        plan.is_begun = True
        for store_id, progress in plan.stores.items():
            if progress == "planned":
                is_own = bool(self.piles[store_id]) and self.piles[store_id][-1][0] == plan.undoes
                plan.stores[store_id] = "done" if is_own else "left"
                if is_own:
                    self.piles[store_id].pop()
        undone = self.plans[str(plan.undoes)]
        stands = any(p and p[-1][0] == plan.undoes for p in self.piles.values())
        if undone.state == "done" and not stands:
            undone.state = "undone"
        self._finish(plan)

    @staticmethod
    def _finish(plan: ModelPlan) -> None:
        if plan.state == "approved" and not {"planned", "noticed"} & set(plan.stores.values()):
            plan.state = "done"


# ---- the machine --------------------------------------------------------------------------------------------------

plans = st.integers(0, 15)
hands = st.sampled_from(HANDS)
asked = st.fixed_dictionaries(
    {
        "rings": st.sets(st.sampled_from(RINGS), min_size=1),
        "action": st.sampled_from([StoreAction.CLOSE, StoreAction.CLOSE, StoreAction.SUSPEND, StoreAction.WATCH]),
        "immediate": st.sampled_from(["", "unsafe"]),
    }
)


class Court(RuleBasedStateMachine):
    """Commands by anybody in any order; after each, the database is what the model says, and all laws hold."""

    new_url: Callable[[], str]

    @initialize()
    def begin(self) -> None:
        """Begin with a new database."""
        self.open(type(self).new_url())

    def open(self, url: str) -> None:
        """Open a database where nothing was decided."""
        self.url, self.opened = url, ExitStack()
        self.view, self.docket = map(self.opened.enter_context, (open_view(url), open_docket(url)))
        self.model, self.at = Model(), START

    def teardown(self) -> None:
        """Let go of the database."""
        if hasattr(self, "opened"):
            self.opened.close()

    # proposing and consenting

    @rule(by=hands, asked=asked)
    def propose(self, by: str, asked: Mapping[str, Any]) -> None:
        """A plan acts on the stores that may be acted on, and on no others."""
        self._keep(by, self._draft(by, asked), is_immediate=bool(asked["immediate"]))

    def _draft(self, by: str, asked: Mapping[str, Any]) -> Draft:
        wanted = PlanInput(tuple(sorted(asked["rings"])), asked["action"], immediate=asked["immediate"])
        draft = draft_plan(self.view, self.docket, wanted, Hand(by, self.at))
        acting = {store.store_id for store in draft.stores if store.action is not StoreAction.SPARE}
        within = [store_id for store_id in STORES if ring_of(store_id) in asked["rings"]]
        assert acting == {store_id for store_id in within if self.model.may_act(store_id, asked["action"].value)}
        return draft

    def _keep(self, by: str, draft: Draft, *, is_immediate: bool = True) -> str | None:
        if not draft.acts:
            return None
        plan = keep_plan(self.docket, draft, Hand(by, self.at))
        acting = {s.store_id: "planned" for s in draft.stores if s.action is not StoreAction.SPARE}
        judged = {ring: self.model.judged[ring] for ring in plan.header.get("rings", {})}
        own = ModelPlan(by, plan.header["action"], acting, plan.digest, judged, is_immediate, plan.undoes)
        self.model.plans[plan.plan_id] = own
        return plan.plan_id

    @rule(asked=asked, is_carried=st.booleans())
    def propose_and_approve(self, asked: Mapping[str, Any], is_carried: bool) -> None:
        """The way that most plans go."""
        plan_id = self._keep("ann", self._draft("ann", asked), is_immediate=bool(asked["immediate"]))
        if plan_id is not None:
            self._consent(plan_id)
        if plan_id is not None and is_carried:
            self._carry(plan_id, "cy")

    @rule(by=hands, asked=asked)
    def dry_run(self, by: str, asked: Mapping[str, Any]) -> None:
        """A dry run changes no byte."""
        before = contents(self.url)
        self._draft(by, asked)
        assert contents(self.url) == before

    @precondition(lambda self: self.model.plans)
    @rule(by=hands, of=plans)
    def propose_undo(self, by: str, of: int) -> None:
        """An undo acts on the stores on which the plan's own decision is on top."""
        plan_id = self._named(of, "done")
        if self.model.plans[plan_id].undoes:
            return
        draft = draft_undo(self.docket, plan_id, "wrong", Hand(by, self.at))
        acting = {store.store_id for store in draft.stores if store.action is StoreAction.REOPEN}
        assert acting == {i for i, pile in self.model.piles.items() if pile and pile[-1][0] == plan_id}
        self._keep(by, draft)

    @precondition(lambda self: self.model.plans)
    @rule(by=hands, of=plans, is_right=st.sampled_from([True, True, True, False]))
    def approve(self, by: str, of: int, is_right: bool) -> None:
        """Consent of the proposer, or to another digest, or to what is no more proposed, is refused."""
        plan_id = self._named(of, "proposed")
        plan = self.model.plans[plan_id]
        is_due = plan.state == "proposed" and by != plan.by and is_right and self.model.may_begin(plan, self.at)
        digest = plan.digest if is_right else "0" * 64
        told = self._tried(lambda: approve_plan(self.view, self.docket, plan_id, digest, Hand(by, self.at)))
        assert told == is_due
        if is_due:
            plan.state, plan.expires_at = "approved", self.at + APPROVAL
            plan.approvals.append(by)

    @precondition(lambda self: self.model.plans)
    @rule(by=hands, of=plans)
    def reject(self, by: str, of: int) -> None:
        """A plan that was not begun may be refused by anybody but its proposer."""
        plan_id = self._named(of, "proposed")
        plan = self.model.plans[plan_id]
        is_due = plan.state in {"proposed", "approved"} and not plan.is_begun and by != plan.by
        assert self._tried(lambda: reject_plan(self.docket, plan_id, "no", Hand(by, self.at))) == is_due
        plan.state = "rejected" if is_due else plan.state

    # carrying out

    @precondition(lambda self: self.model.plans)
    @rule(by=hands, of=plans)
    def carry_out(self, by: str, of: int) -> None:
        """What is approved is carried out as far as it is due; all else is refused."""
        self._carry(self._named(of, "approved"), by)

    def _carry(self, plan_id: str, by: str) -> None:
        plan = self.model.plans[plan_id]
        stands = plan.state in {"approved", "done", "undone"}
        is_due = stands and (plan.is_begun or self.model.may_begin(plan, self.at))
        work = undo_plan if plan.undoes else close_plan
        assert self._tried(lambda: self._run(by, work, plan_id)) == is_due
        if is_due and plan.undoes:
            self.model.undo(plan_id)
        elif is_due:
            self.model.carry(plan_id, self.at)

    @rule(by=hands)
    def carry_out_what_is_due(self, by: str) -> None:
        """All plans that were begun go on, first ones first."""
        self._run(by, close_due)
        for plan_id, plan in self.model.plans.items():
            if plan.state == "approved" and plan.is_begun and not plan.undoes:
                self.model.carry(plan_id, self.at)

    @rule(asked=asked)
    def close_and_undo(self, asked: Mapping[str, Any]) -> None:
        """Carried out and undone, every store is as it was before, and so is what may be undone of it."""
        before = {store_id: list(pile) for store_id, pile in self.model.piles.items()}
        plan_id = self._keep("ann", self._draft("ann", {**asked, "immediate": "unsafe"}))
        if plan_id is None:
            return
        self._consent(plan_id)
        self._carry(plan_id, "cy")
        undo_id = self._keep("ann", draft_undo(self.docket, plan_id, "wrong", Hand("ann", self.at)))
        assert undo_id is not None
        self._consent(undo_id)
        self._carry(undo_id, "cy")
        assert self.model.piles == before
        assert self.model.plans[plan_id].state == "undone"

    def _consent(self, plan_id: str) -> None:
        plan = self.model.plans[plan_id]
        approve_plan(self.view, self.docket, plan_id, plan.digest, Hand("bo", self.at))
        plan.state, plan.expires_at = "approved", self.at + APPROVAL
        plan.approvals.append("bo")

    # what else happens

    @rule(days=st.sampled_from([1, 8, 31]))
    def wait(self, days: int) -> None:
        """Let time pass: within an approval, beyond it, beyond a notice."""
        self.at += timedelta(days=days)

    @rule(store_id=st.sampled_from(STORES))
    def judge(self, store_id: str) -> None:
        """Hold a seller to be no part of its ring."""
        judgement = Judgement(ring_of(store_id), seller_of(store_id), Verdict.DIFFERENT, (), "visited")
        with open_writer(self.url) as writer:
            writer.judge(judgement, self.at)
        self.model.judged[ring_of(store_id)] |= {seller_of(store_id)}

    @rule(by=hands, store_id=st.sampled_from(STORES))
    def open_appeal(self, by: str, store_id: str) -> None:
        """A decision that stands may be appealed against, once at a time; no plan changes the store then."""
        opened = self._tried(lambda: open_appeal(self.docket, store_id, "not me", Hand(by, self.at)))
        assert not (opened and store_id in self.model.appeals)
        assert opened or store_id in self.model.appeals or not self.model.piles[store_id]
        if opened:
            with self.docket.reading() as record:
                self.model.appeals[store_id] = (record.appeals()[-1].appeal_id, by)

    @precondition(lambda self: self.model.appeals)
    @rule(by=hands, of=plans)
    def reject_appeal(self, by: str, of: int) -> None:
        """Nobody decides an appeal that they opened; what was decided stands where it is rejected."""
        store_id = sorted(self.model.appeals)[of % len(self.model.appeals)]
        appeal_id, opener = self.model.appeals[store_id]
        rejected = self._tried(lambda: reject_appeal(self.docket, appeal_id, "it is", Hand(by, self.at)))
        assert not (rejected and by == opener)
        if rejected:
            del self.model.appeals[store_id]

    def _named(self, of: int, state: str) -> str:
        """Return a plan: mostly one of a state, the last one first, at times any."""
        last_first = list(reversed(self.model.plans))
        fitting = [plan_id for plan_id in last_first if self.model.plans[plan_id].state == state and of % 4]
        return (fitting or last_first)[of // 4 % len(fitting or last_first)]

    def _run(self, by: str, work: Callable[..., object], *given: str) -> None:
        with Lease(self.docket) as lease:
            work(Runner(self.view, self.docket, Hand(by, self.at), lease), *given)

    @staticmethod
    def _tried(work: Callable[[], object]) -> bool:
        try:
            work()
        except (RefusedError, NothingToAppealError):
            return False
        return True

    @invariant()
    def the_database_is_what_the_model_says(self) -> None:
        """States, plans and progress; the ledger sums up to them, is whole, and is told to the marketplace."""
        if not hasattr(self, "model"):
            return
        facts = read_facts(self.url, STORES)
        assert faults_of(facts) == []
        assert dict(facts.states) == {store_id: self.model.state(store_id) for store_id in STORES}
        assert {i: p.state.value for i, p in facts.plans.items()} == {i: p.state for i, p in self.model.plans.items()}
        for plan_id, plan in self.model.plans.items():
            acting = [store for store in facts.stores[plan_id] if store.action is not StoreAction.SPARE]
            assert {store.store_id: store.progress.value for store in acting} == plan.stores

    @invariant()
    def no_hand_alone_changed_a_store(self) -> None:
        """Whoever proposed what changed a store, another consented to it: so no commands of one key alone do."""
        if not hasattr(self, "model"):
            return
        with self.docket.reading() as record:
            rows = [row.entry for row in record.entries()]
        proposed = {row.plan_id: row.actor for row in rows if row.action == "propose"}
        consented = {(row.plan_id, row.actor) for row in rows if row.action == "approve"}
        for plan_id in {row.plan_id for row in rows if row.state is not None}:
            assert {by for of, by in consented if of == plan_id} - {proposed[plan_id]}


def contents(url: str) -> object:
    """Return what a database's files hold, or on a server all of its nodes and links."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        files = [path, path.with_name(f"{path.name}-wal")]
        return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.exists()]
    from neo4j import GraphDatabase  # noqa: PLC0415 (the driver is slow to import)

    from ringwatch.db.neo4j_url import parse_neo4j_url  # noqa: PLC0415 (as above)

    named = parse_neo4j_url(url)
    with GraphDatabase.driver(named.address, auth=(named.user, named.password), telemetry_disabled=True) as driver:
        nodes = driver.execute_query("MATCH (n) RETURN labels(n), properties(n)", database_=named.database).records
        links = driver.execute_query("MATCH ()-[r]->() RETURN type(r), properties(r)", database_=named.database).records
    return sorted(repr(row.values()) for row in [*nodes, *links])


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A database where nothing was decided, to be copied."""
    with tempfile.TemporaryDirectory() as folder:
        build(f"sqlite:///{folder}/template.db", SIZE)
        yield Path(folder, "template.db")


@pytest.fixture
def new_url(template: Path, tmp_path: Path) -> Callable[[], str]:
    """Give a new copy of it each time."""
    names = iter(range(1_000_000))

    def make() -> str:
        copy = shutil.copy(template, tmp_path / f"court-{next(names)}.db")
        return f"sqlite:///{copy}"

    return make


def play(new_url: Callable[[], str], n_examples: int, n_steps: int) -> None:
    """Draw sequences of commands and hold the database to the model after each command."""
    machine = type("DrawnCourt", (Court,), {"new_url": staticmethod(new_url)})
    run_state_machine_as_test(machine, settings=settings(max_examples=n_examples, stateful_step_count=n_steps))


def test_any_sequence_of_commands(new_url: Callable[[], str]):
    """See ``Court``; `HYPOTHESIS_PROFILE=thorough` draws many more."""
    play(new_url, max(settings().max_examples // 4, 1), 25)


@pytest.mark.skipif(not LONG, reason="takes a minute: run by `make test-neo4j`")
def test_any_sequence_of_commands_on_neo4j(neo4j: Server):
    """The same on a server, shorter."""

    def make() -> str:
        neo4j.empty()
        build(neo4j.url, SIZE, is_new=False)
        return neo4j.url

    play(make, 6, 20)


@settings(max_examples=10)
@given(actions=st.lists(st.sampled_from(list(STATE_AFTER)), min_size=3, max_size=3), order=st.permutations(range(3)))
def test_the_order_of_independent_plans_does_not_matter(
    template: Path, tmp_path_factory: pytest.TempPathFactory, actions: list[StoreAction], order: list[int]
):
    """Plans over rings that share nobody, carried out and one of them undone, in two orders: the same states."""
    states = []
    for turn in (range(3), order):
        url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('court') / 'court.db')}"
        court = Court()
        court.open(url)
        for n in turn:
            wanted = {"rings": {RINGS[n]}, "action": actions[n], "immediate": "unsafe"}
            plan_id = court._keep("ann", court._draft("ann", wanted))
            court._consent(plan_id)
            court._carry(plan_id, "cy")
            if n == 0:
                undo_id = court._keep("ann", draft_undo(court.docket, plan_id, "wrong", Hand("ann", START)))
                court._consent(undo_id)
                court._carry(undo_id, "cy")
        court.the_database_is_what_the_model_says()
        states.append(dict(read_facts(url, STORES).states))
        court.teardown()
    assert states[0] == states[1]
