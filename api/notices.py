"""Notices of brands and their reporters, as GraphQL types and as what can be asked."""

from datetime import datetime
from typing import Annotated

import strawberry

from ringwatch.api.fields import describe_enum, resolved
from ringwatch.api.pages import USUAL_PAGE, After, First, PageInfo, given, page_info, page_size
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking
from ringwatch.db.view import Page
from ringwatch.model import notices as model
from ringwatch.model import reporters
from ringwatch.model.errors import RefusedError
from ringwatch.model.notices import NoticeKind, NoticeState
from ringwatch.model.visibility import Act

describe_enum(
    NoticeState,
    "NoticeState",
    "How a notice stands.",
    {
        "FILED": "It is to be decided.",
        "UPHELD": "What it says is so.",
        "REJECTED": "What it says is not so.",
        "WITHDRAWN": "The brand took it back.",
        "COUNTERED": "The seller says otherwise; the listing stands again when it is due, unless the brand goes on.",
    },
)
describe_enum(
    NoticeKind,
    "NoticeKind",
    "What a notice rests on.",
    {"NOTICE": "What somebody saw.", "TEST_BUY": "A test buy.", "CUSTOMS_SEIZURE": "A seizure by the customs."},
)


@strawberry.type(description="A complaint of a brand about a listing or a store, loaded or filed here.")
class Notice:
    """A notice."""

    notice_id: str = strawberry.field(description="The notice's own id.")
    brand_id: str = strawberry.field(description="The brand whose it is.")
    listing_id: str | None = strawberry.field(description="The listing that it is about; null: the store itself.")
    store_id: str | None = strawberry.field(description="The store, to a partner by its pseudonym.")
    kind: str = strawberry.field(description="What it rests on: notice, test_buy, customs_seizure, counter_notice.")
    state: NoticeState = strawberry.field(description="How it stands.")
    filed_at: datetime | None = strawberry.field(description="When it was filed.")
    due_at: datetime | None = strawberry.field(
        description="When it is to be decided, or, once countered, when its listing stands again."
    )
    duplicate_of: str | None = strawberry.field(description="The notice that said the same and was open.")
    throttled: bool = strawberry.field(description="Whether its reporter attacks a rival, so that it is due later.")
    same_text: int = strawberry.field(description="Notices of the brand with its text, 0 for fewer than ten.")
    text: str = strawberry.field(description="What the brand says.")
    files: list[str] = strawberry.field(description="SHA-256 of its files, in hexadecimal.")
    reason: str = strawberry.field(description="Why the last step was taken.")
    loaded: bool = strawberry.field(description="Whether it was loaded; then it is decided where it came from.")


@strawberry.type(description="A notice in a list.")
class NoticeEdge:
    """A notice in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this notice.")
    node: Notice = strawberry.field(description="The notice.")


@strawberry.type(description="A page of notices, those that are due first.")
class NoticeConnection:
    """A page of notices."""

    edges: list[NoticeEdge] = strawberry.field(description="The notices, each with its cursor.")
    nodes: list[Notice] = strawberry.field(description="The notices alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.type(description="How far the notices of a brand were right so far.")
class Reporter:
    """A brand as a reporter."""

    brand_id: str = strawberry.field(description="The brand.")
    filed: int = strawberry.field(description="Notices of it, test buys and seizures too.")
    upheld: int = strawberry.field(description="Those that were upheld.")
    rejected: int = strawberry.field(description="Those that were rejected, or countered and let stand.")
    reliability: float = strawberry.field(description="Share that was right, 0 to 1: few count little, old ones less.")
    throttled: bool = strawberry.field(description="Whether it attacks a rival: its plain notices are decided later.")
    target: str | None = strawberry.field(description="The seller whom it attacks, to a partner by its pseudonym.")


@strawberry.type(description="What can be asked about notices.")
class NoticeQuery:
    """What can be asked about notices."""

    @resolved("Notices, those that are due first; a partner reads those of its own brand.", Act.LOOK)
    def notices(
        self,
        info: Info,
        state: Annotated[NoticeState | None, strawberry.argument(description="Only those that stand so.")] = None,
        overdue: Annotated[bool, strawberry.argument(description="Only those that nobody decided in time.")] = False,
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
    ) -> NoticeConnection:
        """Return a page of notices."""
        asking, after = info.context, given(after)
        overdue_at = moment(asking) if overdue else None
        size = page_size("notices", first)
        query = model.NoticeQuery(state, overdue_at, asking.who.brand_id, first=size, after=after)
        return _connection(asking.view.notices(asking.who, query), after)

    @resolved("How far the notices of each brand were right so far; a partner reads of its own.", Act.LOOK)
    def reporters(self, info: Info) -> list[Reporter]:
        """Return all reporters, by brand."""
        asking = info.context
        return [_reporter(row) for row in asking.view.reporters(asking.who, moment(asking))]


def moment(asking: Asking) -> datetime:
    """Return the moment that counts. RefusedError where nobody keeps the clock here."""
    if asking.bench is None:
        raise RefusedError("server: no clock is kept here; ask on the command line")
    return asking.bench.clock()


def notice_of_row(row: model.NoticeRow) -> Notice:
    """Return a notice as the schema shows it."""
    return Notice(
        notice_id=row.notice_id,
        brand_id=row.brand_id,
        listing_id=row.listing_id,
        store_id=row.store_id,
        kind=row.kind,
        state=row.state,
        filed_at=row.filed_at,
        due_at=row.due_at,
        duplicate_of=row.duplicate_of,
        throttled=row.is_throttled,
        same_text=row.n_same_text,
        text=row.text,
        files=list(row.digests),
        reason=row.reason,
        loaded=row.is_loaded,
    )


def _connection(page: Page[model.NoticeRow], after: str | None) -> NoticeConnection:
    nodes = [notice_of_row(row) for row in page.rows]
    edges = [NoticeEdge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)]
    return NoticeConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def _reporter(row: reporters.Reporter) -> Reporter:
    return Reporter(
        brand_id=row.brand_id,
        filed=row.filed,
        upheld=row.upheld,
        rejected=row.rejected,
        reliability=row.reliability,
        throttled=row.throttled,
        target=row.target_id,
    )
