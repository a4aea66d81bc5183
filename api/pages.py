"""Pages of a connection: how many rows, after which cursor, and what a client is told about where it stands."""

from typing import Annotated, Any

import strawberry

from ringwatch.db.view import Page
from ringwatch.model.errors import ConfigError

USUAL_PAGE = 20
LARGEST_PAGE = 100

First = Annotated[int | None, strawberry.argument(description="Rows in the page, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="Cursor of the row after which the page begins.")]


@strawberry.type(description="Where a page stands in its connection.")
class PageInfo:
    """Where a page stands in its connection."""

    has_next_page: bool = strawberry.field(description="Whether rows follow; continue with `after: endCursor`.")
    has_previous_page: bool = strawberry.field(description="Whether rows stand before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first row, null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last row, null on an empty page.")


def page_size(where: str, first: int | None) -> int:
    """Return how many rows are asked for; raises ConfigError outside 1 to ``LARGEST_PAGE``.

    >>> page_size("rings", None)
    20
    """
    size = USUAL_PAGE if first is None else first
    if not 1 <= size <= LARGEST_PAGE:
        raise ConfigError(
            f"{where}: first is {size}, expected 1 to {LARGEST_PAGE}; ask for pages and go on with `after: endCursor`"
        )
    return size


def given(cursor: str | None) -> str | None:
    """Return a cursor that may have been left out."""
    return None if cursor is strawberry.UNSET else cursor


def page_info(page: Page[Any], after: str | None) -> PageInfo:
    """Return where a page stands that was asked for with ``after``."""
    cursors = page.cursors
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
