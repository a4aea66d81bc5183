"""What holds of plans, ledger and outbox at every moment, whatever was killed before, and what a command may add."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, repeat

from ringwatch.db.open import open_docket
from ringwatch.enforcement.carrying import BATCH, FIRST_BATCH
from ringwatch.enforcement.cases import read_standings
from ringwatch.model.chain import Head, Sealed, verify
from ringwatch.model.enforcement import Message, MessageState, Plan, PlanState, PlanStore, Progress, StoreAction

MAY_ADD: Mapping[str, set[str]] = {
    "plan": {"propose"},
    "approve": {"approve", "refuse"},
    "close": {"begin", "notice", "close", "finish"},
    "undo": {"begin", "reopen", "finish"},
    "outbox": set(),
}
"""What the ledger may say after a command that it did not say before it."""

TOLD = {"notice", *(str(action) for action in StoreAction)}  # acts that the marketplace is told of
ON_STORES = {*TOLD, "leave"}


@dataclass(frozen=True)
class Facts:
    """All that a database holds of what was decided, in one picture."""

    entries: Sequence[Sealed]
    head: Head | None
    plans: Mapping[str, Plan]
    stores: Mapping[str, Sequence[PlanStore]]
    messages: Sequence[Message]
    states: Mapping[str, str]  # of each store, as the product tells it

    def message_states(self) -> Counter[str]:
        """Count the messages by their state."""
        return Counter(message.state.value for message in self.messages)


def read_facts(url: str, store_ids: Iterable[str]) -> Facts:
    """Return what a database holds."""
    with open_docket(url, is_read=True) as docket, docket.reading() as record:
        plans = {plan.plan_id: plan for plan in record.plans()}
        stores = {plan_id: list(record.plan_stores(plan_id)) for plan_id in plans}
        messages = [message for state in MessageState for message in record.messages(state, 0, 1_000_000)]
        standings = read_standings(record, dict.fromkeys(store_ids, False))
        states = {store_id: standing.state.value for store_id, standing in standings.items()}
        return Facts(list(record.entries()), record.head(), plans, stores, messages, states)


# ---- at every moment ----------------------------------------------------------------------------------------------


def faults_of(facts: Facts) -> list[str]:
    """Return which laws do not hold, none where all do."""
    faults = [f"chain: entry {found.n} {found.fault}" for found in verify(facts.entries, facts.head)]
    told = defaultdict(list)
    for row in facts.entries:
        if row.entry.store_id is None or row.entry.action in ON_STORES:
            told[row.entry.plan_id, row.entry.store_id].append(row.entry.action)
    for plan in facts.plans.values():
        faults += _faults_of_plan(plan, told[plan.plan_id, None])
        for store in facts.stores[plan.plan_id]:
            expected, found = expected_acts(plan, store), told.pop((plan.plan_id, store.store_id), [])
            if expected != found:
                faults.append(f"{plan.plan_id} {store.store_id} is {store.progress}, and the ledger tells {found}")
    faults += [f"{key}: an act without a plan that says so" for key in told if key[1] is not None]
    return [*faults, *_faults_of_states(facts), *_faults_of_messages(facts)]


def expected_acts(plan: Plan, store: PlanStore) -> list[str]:
    """Return what the ledger tells of a store of a plan, by how far it is."""
    if store.action is StoreAction.SPARE or store.progress is Progress.PLANNED:
        return []
    if store.progress is Progress.LEFT:
        return ["notice", "leave"] if store.due_at else ["leave"]
    needs_notice = store.action is StoreAction.CLOSE and not plan.header["immediate"]
    return ["notice"] * needs_notice + [store.action.value] * (store.progress is Progress.DONE)


def _faults_of_plan(plan: Plan, told: Sequence[str]) -> list[str]:
    expected = ["propose", *["approve"] * len(plan.approvals), *["begin"] * bool(plan.begun_at)]
    ends = {PlanState.VOID: "void", PlanState.REJECTED: "reject", PlanState.DONE: "finish", PlanState.UNDONE: "finish"}
    expected += [ends[plan.state]] if plan.state in ends else []
    is_alone = plan.state is PlanState.APPROVED and not set(plan.approvals) - {plan.proposed_by}
    faults = [f"{plan.plan_id}: approved by nobody else"] if is_alone else []
    return faults if list(told) == expected else [*faults, f"{plan.plan_id} is {plan.state}, the ledger tells {told}"]


def _faults_of_states(facts: Facts) -> list[str]:
    """The sum over the ledger is the states."""
    summed = dict.fromkeys(facts.states, "open")
    for row in facts.entries:
        if row.entry.store_id is not None and row.entry.state is not None:
            summed[row.entry.store_id] = row.entry.state
    return [
        f"{i}: is {facts.states.get(i)}, the ledger sums up to {s}"
        for i, s in summed.items()
        if facts.states.get(i) != s
    ]


def _faults_of_messages(facts: Facts) -> list[str]:
    """The marketplace is told of each act that concerns it once, under the hash of its entry."""
    expected = Counter(row.hash for row in facts.entries if row.entry.action in TOLD)
    found = Counter(message.key for message in facts.messages)
    return [f"{n} acts without their message" for n in [(expected - found).total()] if n] + [
        f"{n} messages without their act" for n in [(found - expected).total()] if n
    ]


# ---- from one moment to the next ----------------------------------------------------------------------------------


def faults_between(before: Facts, after: Facts, command: str) -> list[str]:
    """Return what one command lost or added that it may not, however often it was started and killed."""
    faults = [] if list(after.entries[: len(before.entries)]) == list(before.entries) else ["the ledger lost entries"]
    new = [row.entry for row in after.entries[len(before.entries) :]]
    added = {entry.action for entry in new}
    faults += [f"{command} added {action}" for action in sorted(added - MAY_ADD[command])]
    for plan_id, plan in before.plans.items():
        now = after.plans.get(plan_id)
        if now is None or (now.digest, now.header, now.proposed_by) != (plan.digest, plan.header, plan.proposed_by):
            faults.append(f"{plan_id}: is no more what was proposed")
    delivered = {message.key for message in before.messages if message.state is MessageState.DELIVERED}
    still = {message.key for message in after.messages if message.state is MessageState.DELIVERED}
    return faults + [f"{n} messages are no longer delivered" for n in [len(delivered - still)] if n]


def faults_of_parts(n_acts: Sequence[int], n_all: int) -> list[str]:
    """Return where a batch was kept in part: ``n_acts`` were kept by each start of a command, of ``n_all``.

    A start that closes passes over what is done; one that gives notice comes once more to those that have theirs.
    """
    faults, n_left = [], n_all
    for n in n_acts:
        sizes = chain(_doubled(FIRST_BATCH, BATCH), repeat(BATCH))
        sums = {0, n_left, *(s for s, _ in zip(accumulate(sizes), range(n_all), strict=False))}
        if n not in sums and n + n_all - n_left not in sums:
            faults.append(f"a start kept {n} of {n_left} acts, which is no whole number of batches")
        n_left -= n
    return faults


def _doubled(first: int, last: int) -> Iterable[int]:
    while first < last:
        yield first
        first *= 2
