"""What can be asked about closing stores, and about who asks."""

from typing import Annotated

import strawberry

from ringwatch.api.appealing import replay_value
from ringwatch.api.appeals import AppealConnection, Replay, appeal_connection
from ringwatch.api.fields import resolved
from ringwatch.api.ledgers import (
    LedgerEntryConnection,
    LedgerVerification,
    Outbox,
    ledger_connection,
    read_outbox,
    verify_ledger,
)
from ringwatch.api.pages import USUAL_PAGE, After, First, given, page_size
from ringwatch.api.plan_lists import Plans, from_record
from ringwatch.api.plans import Plan, PlanConnection, plan_connection, plan_of_row
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking
from ringwatch.api.statements import Statement, find_statement
from ringwatch.api.states import ActorRole, AppealState, PlanState
from ringwatch.api.stores import Store, find_store
from ringwatch.model.visibility import Act

StoreId = Annotated[str, strawberry.argument(description="The store's own id.")]


@strawberry.type(description="Who asks.")
class Viewer:
    """Who asks."""

    name: str | None = strawberry.field(
        description="The actor's name; null where the database asks nobody who they are."
    )
    role: ActorRole | None = strawberry.field(description="What the actor may do; null where nobody is known.")
    brand_id: str | None = strawberry.field(description="The brand through whose lens a partner reads.")


@strawberry.type(description="What can be asked about closing stores.")
class ClosingQuery:
    """What can be asked about closing stores."""

    @resolved("Who asks, by the key that was sent.", Act.SIGN_IN)
    def viewer(self, info: Info) -> Viewer:
        """Return who asks."""
        actor = info.context.visitor.actor
        if actor is None:
            return Viewer(name=None, role=None, brand_id=None)
        return Viewer(name=actor.name, role=actor.role, brand_id=actor.brand_id)

    @resolved("Plans, first ones first.", Act.READ)
    def plans(
        self,
        info: Info,
        state: Annotated[PlanState | None, strawberry.argument(description="Only plans of this state.")] = None,
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
    ) -> PlanConnection:
        """Return a page of plans."""
        asking, size, after = info.context, page_size("plans", first), given(after)
        return plan_connection(asking, from_record(asking, lambda record: record.plan_page(state, size, after)), after)

    @resolved("One plan; null if there is none of that id.", Act.READ)
    def plan(
        self, info: Info, plan_id: Annotated[str, strawberry.argument(description="The plan's own id.")]
    ) -> Plan | None:
        """Return one plan."""
        return find_plan(info.context, plan_id)

    @resolved("One store and all that was decided about it; null if none of that id was loaded.", Act.READ)
    def store(self, info: Info, store_id: StoreId) -> Store | None:
        """Return one store."""
        return find_store(info.context, store_id)

    @resolved(
        "What a seller is told of the last decision about a store, or of a plan's; null for an unknown store.", Act.READ
    )
    def statement(
        self,
        info: Info,
        store_id: StoreId,
        plan_id: Annotated[str | None, strawberry.argument(description="Of this plan's decision.")] = None,
    ) -> Statement | None:
        """Return what a seller is told."""
        return find_statement(info.context, store_id, plan_id)

    @resolved(
        "What would not stand if a value were innocent: rings, plans, past closures; nothing is changed.", Act.READ
    )
    def replay(
        self,
        info: Info,
        kind: Annotated[str, strawberry.argument(description="What the value is: phone, address ...")],
        value: Annotated[str, strawberry.argument(description="The value, in any usual writing.")],
    ) -> Replay:
        """Return what would not stand."""
        return replay_value(info.context, kind, value)

    @resolved("Appeals of sellers, first ones first.", Act.READ)
    def appeals(
        self,
        info: Info,
        state: Annotated[AppealState | None, strawberry.argument(description="Only appeals of this state.")] = None,
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
    ) -> AppealConnection:
        """Return a page of appeals."""
        asking, size, after = info.context, page_size("appeals", first), given(after)
        return appeal_connection(from_record(asking, lambda record: record.appeal_page(state, size, after)), after)

    @resolved("Entries of the ledger, first ones first.", Act.READ)
    def ledger_entries(
        self,
        info: Info,
        store_id: Annotated[str | None, strawberry.argument(description="Only entries about this store.")] = None,
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
    ) -> LedgerEntryConnection:
        """Return a page of the ledger."""
        asking, size, after = info.context, page_size("ledgerEntries", first), given(after)
        return ledger_connection(from_record(asking, lambda record: record.ledger_page(store_id, size, after)), after)

    @resolved("Whether the ledger is as it was written: its chain is followed from end to end.", Act.READ)
    def ledger_verification(self, info: Info) -> LedgerVerification:
        """Verify the ledger."""
        return verify_ledger(info.context)

    @resolved("What the marketplace was told of what was done, and what it was not told yet.", Act.READ)
    def outbox(self, info: Info) -> Outbox:
        """Return what the marketplace was told."""
        return read_outbox(info.context)


def find_plan(asking: Asking, plan_id: str) -> Plan | None:
    """Return a plan by its own id."""
    row = from_record(asking, lambda record: record.plan(plan_id))
    return plan_of_row(row, Plans(asking, [row])) if row else None
