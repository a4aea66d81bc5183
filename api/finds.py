"""What a search found, as GraphQL types."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from ringwatch.api.pages import PageInfo, page_info
from ringwatch.api.rings import Ring, Seller, ring_of_row, seller_of_id
from ringwatch.api.siblings import Asking, Rings, Sellers
from ringwatch.db.view import Page, SearchHit

UNDECLARED = "other:"
"""How the name of a kind begins that nobody declared."""


@strawberry.type(description="Something that sellers can share: a phone number, an account, an address.")
class Value:
    """A value that sellers can share."""

    kind: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="The value, masked where you may not see it.")


SearchResult = Annotated[Seller | Ring | Value, strawberry.union("SearchResult", description="What a search can find.")]


@strawberry.type(description="One thing that was found.")
class SearchEdge:
    """One thing that was found."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this one.")
    label: str = strawberry.field(description="What a person reads in a list of results.")
    node: SearchResult = strawberry.field(description="What was found.")


@strawberry.type(description="A page of what was found, each thing once, best first.")
class SearchConnection:
    """A page of what was found."""

    edges: list[SearchEdge] = strawberry.field(description="What was found, with labels and cursors.")
    nodes: list[SearchResult] = strawberry.field(description="What was found alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def search_connection(asking: Asking, page: Page[SearchHit], after: str | None) -> SearchConnection:
    """Return a page of hits as the schema shows it."""
    nodes = _nodes(asking, page.rows)
    edges = [
        SearchEdge(cursor=cursor, label=hit.label, node=node)
        for hit, cursor, node in zip(page.rows, page.cursors, nodes, strict=True)
    ]
    return SearchConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=page_info(page, after))


def _nodes(asking: Asking, hits: Sequence[SearchHit]) -> list[Seller | Ring | Value]:
    sellers = Sellers(asking, [hit.id for hit in hits if hit.what == "seller"])
    ring_ids = [hit.id for hit in hits if hit.what == "ring"]
    rows = asking.view.rings_by_id(asking.who, ring_ids) if ring_ids else {}
    rings = Rings(asking, list(rows.values()))

    def node(hit: SearchHit) -> Seller | Ring | Value:
        if hit.what == "seller":
            return seller_of_id(hit.id, sellers)
        if hit.what == "ring":
            return ring_of_row(rows[hit.id], rings)
        return value_of_id(hit.id)

    return [node(hit) for hit in hits]


def value_of_id(text: str) -> Value:
    """Return the value that ``KIND:VALUE`` names; an undeclared kind has a colon of its own.

    >>> value_of_id("phone:+4930123"), value_of_id("other:horoscope:leo:12")
    (Value(kind='phone', value='+4930123'), Value(kind='other:horoscope', value='leo:12'))
    """
    undeclared = UNDECLARED if text.startswith(UNDECLARED) else ""
    kind, _, value = text.removeprefix(undeclared).partition(":")
    return Value(kind=undeclared + kind, value=value)
