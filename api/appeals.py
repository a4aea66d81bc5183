"""Appeals, as GraphQL types."""

from datetime import datetime

import strawberry

from ringwatch.api.pages import PageInfo, page_info
from ringwatch.api.states import AppealState
from ringwatch.db.view import Page
from ringwatch.model import enforcement as model


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
