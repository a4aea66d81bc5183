"""Plans and the stores in them, as GraphQL types."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from ringwatch.api.fields import resolved
from ringwatch.api.ids import global_id
from ringwatch.api.pages import USUAL_PAGE, After, First, PageInfo, given, page_info, page_size
from ringwatch.api.plan_lists import Plans, PlanStores, undone_ids
from ringwatch.api.rings import Node, Seller, seller_of_id
from ringwatch.api.siblings import Asking
from ringwatch.api.states import PlanState, Progress, StoreAction, StoreState
from ringwatch.api.tiers import Tier
from ringwatch.db.record_pages import stores_after
from ringwatch.db.view import Page
from ringwatch.enforcement.plans import Draft
from ringwatch.model import enforcement as model
from ringwatch.model import rings


@strawberry.type(description="How many closures of a plan are expected to be wrong.")
class ExpectedWrongful:
    """How many closures of a plan are expected to be wrong."""

    mean: float = strawberry.field(description="Expected stores closed wrongly.")
    low: float = strawberry.field(description="The lower end of an interval of 95 %.")
    high: float = strawberry.field(description="The upper end of it.")


@strawberry.type(description="A value that spoke for a seller when the plan was made.")
class PlanValue:
    """A value that spoke for a seller."""

    kind: str = strawberry.field(description="What the value is.")
    value: str = strawberry.field(description="The value as the database keeps it.")


@strawberry.type(description="A store in a plan: what was proposed, frozen, and what became of it.")
class PlanStore:
    """A store in a plan."""

    store_id: str = strawberry.field(description="The store's own id.")
    seller_id: str = strawberry.field(description="The own id of its seller.")
    ring_id: str = strawberry.field(description="The ring that the plan looked at.")
    action: StoreAction = strawberry.field(description="What is to happen to it.")
    reasons: list[str] = strawberry.field(description="Why; of a spared store every rule that spares it.")
    listing_count: int = strawberry.field(description="Listings that stand in it.")
    tier: Tier | None = strawberry.field(description="How strong the seller's membership was; null in an undo.")
    link_score: float | None = strawberry.field(
        description="How surely it was of the ring's operator; null in an undo."
    )
    infringement_score: float | None = strawberry.field(description="How surely it sold counterfeits; null in an undo.")
    families: list[str] = strawberry.field(description="Families of evidence that count towards a closure.")
    values: list[PlanValue] = strawberry.field(description="Values that spoke for the seller, by kind then value.")
    progress: Progress = strawberry.field(description="How far the plan is with it.")
    due_at: datetime | None = strawberry.field(description="When its notice is over; null before it was given.")
    note: str | None = strawberry.field(description="Why it was left as it is, where it was.")
    siblings: strawberry.Private[PlanStores]

    @resolved("Its seller.")
    def seller(self) -> Seller:
        """Return its seller."""
        return seller_of_id(self.seller_id, self.siblings.sellers)

    @resolved("How the store stands now; null where it is in no load any more.")
    def state(self) -> StoreState | None:
        """Return how it stands now."""
        found = self.siblings.histories.get(self.store_id)
        return found.standing.shown if found else None


@strawberry.type(description="A store of a plan in a list.")
class PlanStoreEdge:
    """A store of a plan in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this store.")
    node: PlanStore = strawberry.field(description="The store.")


@strawberry.type(description="A page of the stores of a plan, in its order.")
class PlanStoreConnection:
    """A page of stores."""

    edges: list[PlanStoreEdge] = strawberry.field(description="The stores, each with its cursor.")
    nodes: list[PlanStore] = strawberry.field(description="The stores alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.type(description="What is to happen to stores: proposed by one, approved by another, never changed.")
class Plan(Node):
    """A plan that is kept."""

    plan_id: str = strawberry.field(description="The plan's own id.")
    digest: str = strawberry.field(description="Names all that is proposed; an approval names it again.")
    state: PlanState = strawberry.field(description="Where it stands.")
    action: StoreAction = strawberry.field(description="What it does to the stores that it does not spare.")
    run_id: str | None = strawberry.field(description="The run whose rings it looked at; null for an undo.")
    ring_ids: list[str] = strawberry.field(description="The rings that it looked at; none for an undo.")
    min_infringement: float | None = strawberry.field(
        description="The infringement score it asks for; null for an undo."
    )
    immediate: str | None = strawberry.field(description="Why no notice is given; null where it is.")
    reason: str | None = strawberry.field(description="Why it undoes another; null where it undoes none.")
    proposed_by: str = strawberry.field(description="Who proposed it.")
    proposed_at: datetime = strawberry.field(description="When.")
    approvals: list[str] = strawberry.field(description="Who approved it, first ones first.")
    approvers_of_one_hand: list[str] = strawberry.field(
        description="Approvers whom the same hand made known as the proposer: four eyes bind keys, not their owner."
    )
    expires_at: datetime | None = strawberry.field(
        description="By when it has to be begun; null before it is approved."
    )
    begun_at: datetime | None = strawberry.field(description="When it was first carried out; null before that.")
    note: str | None = strawberry.field(description="Why it is void or was rejected.")
    store_count: int = strawberry.field(description="Stores in it, the spared ones too.")
    closing_count: int = strawberry.field(description="Stores that it closes.")
    listing_count: int = strawberry.field(description="Listings in the stores that it does not spare.")
    expected_wrongful: ExpectedWrongful = strawberry.field(description="How many closures are expected to be wrong.")
    siblings: strawberry.Private[Plans]
    undone_ids: strawberry.Private[tuple[str, ...]]

    @resolved("The plans that this one undoes, first ones first; none for one that closes.")
    def undoes(self) -> "list[Plan]":
        """Return the plans that this one undoes."""
        found = [row for row in map(self.siblings.undone.get, self.undone_ids) if row]
        siblings = Plans(self.siblings.asking, found)
        return [plan_of_row(row, siblings) for row in found]

    @resolved("Stores in it, in its order.")
    def stores(self, first: First = USUAL_PAGE, after: After = strawberry.UNSET) -> PlanStoreConnection:
        """Return a page of its stores."""
        after = given(after)
        page, siblings = self.siblings.stores(self.plan_id, page_size("stores", first), after)
        return plan_store_connection(page, siblings, after)


@strawberry.type(description="A plan in a list.")
class PlanEdge:
    """A plan in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this plan.")
    node: Plan = strawberry.field(description="The plan.")


@strawberry.type(description="A page of plans, first ones first.")
class PlanConnection:
    """A page of plans."""

    edges: list[PlanEdge] = strawberry.field(description="The plans, each with its cursor.")
    nodes: list[Plan] = strawberry.field(description="The plans alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.interface(
    description="What was worked out as a plan, and kept unless it is a dry run or spares every store."
)
class Proposal:
    """What was worked out as a plan."""

    plan_id: str | None = strawberry.field(description="The plan's own id; null where it was not kept.")
    digest: str = strawberry.field(description="Names all that is proposed; an approval names it again.")
    state: PlanState | None = strawberry.field(
        description="Where it stands: PROPOSED; null where it spares every store."
    )
    proposed_by: str = strawberry.field(description="Who proposed it.")
    store_count: int = strawberry.field(description="Stores in it, the spared ones too.")
    listing_count: int = strawberry.field(description="Listings in the stores that it does not spare.")
    expected_wrongful: ExpectedWrongful = strawberry.field(description="How many closures are expected to be wrong.")
    approvers_of_one_hand: list[str] = strawberry.field(
        description="Approvers whom the same hand made known as the proposer."
    )
    draft: strawberry.Private[Draft]
    asking: strawberry.Private[Asking]

    @resolved("Stores in it, in its order.")
    def stores(self, first: First = USUAL_PAGE, after: After = strawberry.UNSET) -> PlanStoreConnection:
        """Return a page of its stores."""
        after = given(after)
        page = stores_after(self.draft.stores, page_size("stores", first), after)
        return plan_store_connection(page, PlanStores(self.asking, page.rows), after)


def plan_of_row(row: model.Plan, siblings: Plans) -> Plan:
    """Return a plan as the schema shows it."""
    header = row.header
    return Plan(
        id=strawberry.ID(global_id("Plan", row.plan_id)),
        plan_id=row.plan_id,
        digest=row.digest,
        state=row.state,
        action=StoreAction(header["action"]),
        run_id=header.get("run_id"),
        ring_ids=list(header.get("rings", {})),
        min_infringement=header.get("min_infringement"),
        immediate=header.get("immediate") or None,
        reason=header.get("reason"),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approvals=list(row.approvals),
        approvers_of_one_hand=header.get("approvers_of_one_hand", []),
        expires_at=row.expires_at,
        begun_at=row.begun_at,
        note=row.note or None,
        store_count=header["n_stores"],
        closing_count=header["n_closing"],
        listing_count=header["n_listings"],
        expected_wrongful=ExpectedWrongful(**header["expected_wrongful"]),
        siblings=siblings,
        undone_ids=undone_ids(row),
    )


def plan_connection(asking: Asking, page: Page[model.Plan], after: str | None) -> PlanConnection:
    """Return a page of plans as the schema shows it."""
    siblings = Plans(asking, page.rows)
    nodes = [plan_of_row(row, siblings) for row in page.rows]
    edges = [PlanEdge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)]
    return PlanConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def plan_store_connection(page: Page[model.PlanStore], siblings: PlanStores, after: str | None) -> PlanStoreConnection:
    """Return a page of stores of a plan as the schema shows it."""
    nodes = [_store(row, siblings) for row in page.rows]
    edges = [PlanStoreEdge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)]
    return PlanStoreConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def _store(row: model.PlanStore, siblings: PlanStores) -> PlanStore:
    body = row.body
    return PlanStore(
        store_id=row.store_id,
        seller_id=body["seller_id"],
        ring_id=body["ring_id"],
        action=row.action,
        reasons=list(body["reasons"]),
        listing_count=body["n_listings"],
        tier=rings.Tier(body["tier"]) if "tier" in body else None,
        link_score=body.get("link_score"),
        infringement_score=body.get("infringement_score"),
        families=list(body.get("families", ())),
        values=_values(body.get("values", ())),
        progress=row.progress,
        due_at=row.due_at,
        note=row.note or None,
        siblings=siblings,
    )


def _values(found: Sequence[Sequence[Any]]) -> list[PlanValue]:
    return [PlanValue(kind=kind, value=value) for kind, value in found]
