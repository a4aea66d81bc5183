"""Appeals, as GraphQL types."""

from datetime import datetime

import strawberry

from ringwatch.api.pages import PageInfo, page_info
from ringwatch.api.states import AppealState
from ringwatch.db.view import Page
from ringwatch.enforcement import replay
from ringwatch.model import enforcement as model
from ringwatch.values.pivots import Pivot


@strawberry.type(description="What a seller says against a decision on a store, and what was decided on it.")
class Appeal:
    """An appeal."""

    appeal_id: str = strawberry.field(description="The appeal's own id.")
    store_id: str = strawberry.field(description="The store that it is about.")
    plan_id: str | None = strawberry.field(description="The plan that it is against.")
    text: str = strawberry.field(description="What the seller says.")
    state: AppealState = strawberry.field(description="Where it stands.")
    opened_by: str = strawberry.field(description="Who wrote it down.")
    opened_at: datetime = strawberry.field(description="When.")
    decided_by: str | None = strawberry.field(description="Who decided on it.")
    decided_at: datetime | None = strawberry.field(description="When.")
    reason: str | None = strawberry.field(description="Why it was decided so.")


@strawberry.type(description="An appeal in a list.")
class AppealEdge:
    """An appeal in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this appeal.")
    node: Appeal = strawberry.field(description="The appeal.")


@strawberry.type(description="A page of appeals, first ones first.")
class AppealConnection:
    """A page of appeals."""

    edges: list[AppealEdge] = strawberry.field(description="The appeals, each with its cursor.")
    nodes: list[Appeal] = strawberry.field(description="The appeals alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def appeal_connection(page: Page[model.Appeal], after: str | None) -> AppealConnection:
    """Return a page of appeals as the schema shows it."""
    nodes = [appeal_of_row(row) for row in page.rows]
    edges = [AppealEdge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)]
    return AppealConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def appeal_of_row(row: model.Appeal) -> Appeal:
    """Return an appeal as the schema shows it."""
    return Appeal(
        appeal_id=row.appeal_id,
        store_id=row.store_id,
        plan_id=row.plan_id,
        text=row.text,
        state=row.state,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )


@strawberry.type(description="What would not stand if a value, or a seller's link to its ring, were innocent.")
class Replay:
    """What would not stand."""

    kind: str | None = strawberry.field(description="What the value is; null where it is the link.")
    value: str | None = strawberry.field(description="The value as the database keeps it; null where it is the link.")
    ring_ids: list[str] = strawberry.field(description="Rings of the current run that would not be as they are.")
    open_plan_ids: list[str] = strawberry.field(description="Plans that are not carried out and would not stand.")
    past_closures: list[str] = strawberry.field(description="Ids of stores that would not have been closed, ascending.")


def replay_of(value: Pivot | None, found: replay.Replay) -> Replay:
    """Return what would not stand as the schema shows it."""
    return Replay(
        kind=value.kind.name if value else None,
        value=value.text if value else None,
        ring_ids=list(found.ring_ids),
        open_plan_ids=list(found.open_plans),
        past_closures=sorted({store.store_id for store in found.closures}),
    )
