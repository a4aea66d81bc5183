"""Stores and what was decided about each, as GraphQL types."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from ringwatch.api.fields import resolved
from ringwatch.api.ids import global_id
from ringwatch.api.plan_lists import Plans, histories_of, plans_by_id
from ringwatch.api.plans import Plan, plan_of_row
from ringwatch.api.rings import Node, Seller, seller_of_id
from ringwatch.api.siblings import Asking, Once, Sellers
from ringwatch.api.states import StoreState
from ringwatch.enforcement.histories import Decision, History
from ringwatch.model import enforcement as model


class DecidingPlans:
    """The plans of decisions that stand in one list, read when the first one asks for it."""

    def __init__(self, asking: Asking, decisions: Sequence[Decision]) -> None:
        self._asking = asking
        ids = sorted({decision.plan_id for decision in decisions if decision.plan_id})
        self._rows: Once[str, model.Plan] = Once(ids, lambda ids: plans_by_id(asking, ids))
        self._siblings: Plans | None = None

    def get(self, plan_id: str) -> Plan | None:
        """Return a plan as the schema shows it."""
        if self._siblings is None:
            self._siblings = Plans(self._asking, list(self._rows.found.values()))
        row = self._rows.get(plan_id)
        return plan_of_row(row, self._siblings) if row else None


@strawberry.type(description="Something that was decided about a store, as the ledger has it.")
class StoreDecision:
    """Something that was decided about a store."""

    entry: int = strawberry.field(description="The number of its entry in the ledger.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who did it.")
    action: str = strawberry.field(description="What was done: notice, close, suspend, watch, leave, reopen ...")
    plan_id: str | None = strawberry.field(description="The plan that was carried out.")
    ring_id: str | None = strawberry.field(description="The ring that the plan looked at.")
    ring_version: int | None = strawberry.field(description="The version of the ring that the plan froze.")
    run_id: str | None = strawberry.field(description="The run that the plan looked at.")
    reason: str | None = strawberry.field(description="Why.")
    plans: strawberry.Private[DecidingPlans]

    @resolved("The plan that was carried out.")
    def plan(self) -> Plan | None:
        """Return the plan that was carried out."""
        return self.plans.get(self.plan_id) if self.plan_id else None


@strawberry.type(description="A seller's shop: how it stands, and all that was decided about it.")
class Store(Node):
    """A store."""

    store_id: str = strawberry.field(description="The store's own id.")
    name: str | None = strawberry.field(description="Its name as loaded.")
    seller_id: str = strawberry.field(description="The own id of its seller.")
    listing_count: int = strawberry.field(description="Listings that stand in it.")
    state: StoreState = strawberry.field(description="What was decided about it last.")
    decisions: list[StoreDecision] = strawberry.field(description="What was decided about it, first ones first.")
    sellers: strawberry.Private[Sellers]

    @resolved("Its seller.")
    def seller(self) -> Seller:
        """Return its seller."""
        return seller_of_id(self.seller_id, self.sellers)


def find_store(asking: Asking, store_id: str) -> Store | None:
    """Return a store by its own id."""
    found = histories_of(asking, [store_id]).get(store_id)
    return _store(asking, found) if found else None


def _store(asking: Asking, found: History) -> Store:
    row, plans = found.store, DecidingPlans(asking, found.decisions)
    return Store(
        id=strawberry.ID(global_id("Store", row.store_id)),
        store_id=row.store_id,
        name=row.name,
        seller_id=row.seller_id,
        listing_count=row.n_listings,
        state=found.standing.shown,
        decisions=[_decision(decision, plans) for decision in found.decisions],
        sellers=Sellers(asking, [row.seller_id]),
    )


def _decision(made: Decision, plans: DecidingPlans) -> StoreDecision:
    return StoreDecision(
        entry=made.entry,
        at=made.at,
        actor=made.actor,
        action=made.action,
        plan_id=made.plan_id,
        ring_id=made.ring_id,
        ring_version=made.ring_version,
        run_id=made.run_id,
        reason=made.reason,
        plans=plans,
    )
