"""The ledger, its verification, and what the marketplace is told, as GraphQL types."""

from datetime import datetime
from typing import Annotated

import strawberry

from ringwatch.api.acting import acting
from ringwatch.api.fields import resolved
from ringwatch.api.pages import USUAL_PAGE, After, First, PageInfo, given, page_info, page_size
from ringwatch.api.plan_lists import from_record
from ringwatch.api.siblings import Asking
from ringwatch.api.states import Fault, MessageState
from ringwatch.db.times import moment_of
from ringwatch.db.view import Page
from ringwatch.model import chain
from ringwatch.model.enforcement import Message
from ringwatch.model.errors import RefusedError
from ringwatch.model.visibility import Act

MOST_VERIFIED = 100_000
"""Entries that a request follows: some five seconds of one core."""


@strawberry.type(description="An entry of the ledger: one thing that was done or refused.")
class LedgerEntry:
    """An entry of the ledger."""

    entry: int = strawberry.field(description="Its number, from 1.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who did it; empty where nobody known did.")
    action: str = strawberry.field(description="What was done, or `refuse`.")
    store_id: str | None = strawberry.field(description="The store that it is about.")
    plan_id: str | None = strawberry.field(description="The plan that it is about.")
    state: str | None = strawberry.field(description="The state of the store from then on; null where it stays.")
    body: str = strawberry.field(description="What the act alone has to say, as JSON.")
    is_drill: bool = strawberry.field(description="Whether the clock could be set by hand.")
    previous: str = strawberry.field(description="The hash of the entry before it.")
    hash: str = strawberry.field(description="Its hash, SHA-256 in hexadecimal.")


@strawberry.type(description="An entry of the ledger in a list.")
class LedgerEntryEdge:
    """An entry of the ledger in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this entry.")
    node: LedgerEntry = strawberry.field(description="The entry.")


@strawberry.type(description="A page of the ledger, first entries first.")
class LedgerEntryConnection:
    """A page of the ledger."""

    edges: list[LedgerEntryEdge] = strawberry.field(description="The entries, each with its cursor.")
    nodes: list[LedgerEntry] = strawberry.field(description="The entries alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.type(description="One fault of the ledger.")
class LedgerFault:
    """One fault of the ledger."""

    entry: int = strawberry.field(description="The number of the entry; of a missing one that which it had.")
    fault: Fault = strawberry.field(description="What is wrong with it.")


@strawberry.type(description="Whether the ledger is as it was written.")
class LedgerVerification:
    """Whether the ledger is as it was written."""

    ok: bool = strawberry.field(description="Whether every entry is as it was written.")
    entries: int = strawberry.field(description="Entries that are there.")
    head: str = strawberry.field(description="The hash of the last entry; keep it where nobody else can write.")
    faults: list[LedgerFault] = strawberry.field(description="What is wrong, ascending by entry; the first 100.")


@strawberry.type(description="What the marketplace is told of one act.")
class OutboxMessage:
    """What the marketplace is told of one act."""

    key: str = strawberry.field(description="The same however often it is sent: the hash of its entry in the ledger.")
    state: MessageState = strawberry.field(description="Where it stands.")
    action: str = strawberry.field(description="What was done.")
    plan_id: str = strawberry.field(description="The plan that was carried out.")
    store_id: str = strawberry.field(description="The store that it is about.")
    attempt_count: int = strawberry.field(description="Rounds in which it was sent.")
    next_at: datetime | None = strawberry.field(description="When it is sent again; null: with the next run.")
    answer: str | None = strawberry.field(description="The last answer; null before the first.")


@strawberry.type(description="A message in a list.")
class OutboxMessageEdge:
    """A message in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this message.")
    node: OutboxMessage = strawberry.field(description="The message.")


@strawberry.type(description="A page of messages, in the order in which they are sent.")
class OutboxMessageConnection:
    """A page of messages."""

    edges: list[OutboxMessageEdge] = strawberry.field(description="The messages, each with its cursor.")
    nodes: list[OutboxMessage] = strawberry.field(description="The messages alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.type(description="What the marketplace was told, and what it was not told yet.")
class Outbox:
    """What the marketplace was told."""

    waiting: int = strawberry.field(description="Messages that are to be sent.")
    delivered: int = strawberry.field(description="Messages that it took.")
    dead: int = strawberry.field(description="Messages that were refused or tried too often.")
    asking: strawberry.Private[Asking]

    @resolved("Messages of a state, in the order in which they are sent.")
    def messages(
        self,
        state: Annotated[MessageState, strawberry.argument(description="Of which state.")] = MessageState.DEAD,
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
    ) -> OutboxMessageConnection:
        """Return a page of messages."""
        size, after = page_size("messages", first), given(after)
        page = from_record(self.asking, lambda record: record.message_page(state, size, after))
        nodes = [_message(row) for row in page.rows]
        edges = [OutboxMessageEdge(cursor=c, node=node) for c, node in zip(page.cursors, nodes, strict=True)]
        return OutboxMessageConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def read_outbox(asking: Asking) -> Outbox:
    """Return what the marketplace was told."""
    counts = from_record(asking, lambda record: record.message_counts())
    sums = {state.value: sum(n for (_, s), n in counts.items() if s is state) for state in MessageState}
    return Outbox(**sums, asking=asking)


def ledger_connection(page: Page[chain.Sealed], after: str | None) -> LedgerEntryConnection:
    """Return a page of the ledger as the schema shows it."""
    nodes = [_entry(row) for row in page.rows]
    edges = [LedgerEntryEdge(cursor=c, node=node) for c, node in zip(page.cursors, nodes, strict=True)]
    return LedgerEntryConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def verify_ledger(asking: Asking) -> LedgerVerification:
    """Return whether the ledger is as it was written; RefusedError where it is too long for a request."""
    with acting(asking, Act.READ), asking.view.record(asking.who) as record:
        head = record.head()
        if head is not None and head.n > MOST_VERIFIED:
            raise RefusedError(
                f"ledger: it has {head.n:,} entries, a request follows {MOST_VERIFIED:,} at most;"
                " verify it with: ringwatch ledger verify"
            )
        rows = list(record.entries())
        found = chain.verify(rows, head)
    return LedgerVerification(
        ok=not found,
        entries=len(rows),
        head=head.hash if head else chain.GENESIS,
        faults=[LedgerFault(entry=finding.n, fault=finding.fault) for finding in found[:100]],
    )


def _entry(row: chain.Sealed) -> LedgerEntry:
    entry = row.entry
    return LedgerEntry(
        entry=row.n,
        at=moment_of(entry.at),
        actor=entry.actor,
        action=entry.action,
        store_id=entry.store_id,
        plan_id=entry.plan_id,
        state=entry.state,
        body=entry.body,
        is_drill=bool(entry.is_drill),
        previous=row.previous,
        hash=row.hash,
    )


def _message(row: Message) -> OutboxMessage:
    return OutboxMessage(
        key=row.key,
        state=row.state,
        action=row.action,
        plan_id=row.plan_id,
        store_id=row.store_id,
        attempt_count=row.n_attempts,
        next_at=row.next_at,
        answer=row.answer or None,
    )
