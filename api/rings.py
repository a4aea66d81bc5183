"""Rings, their members, the sellers behind them and the evidence, as GraphQL types."""

from collections.abc import Sequence

import strawberry

from ringwatch.api.case_types import Casework, casework_of
from ringwatch.api.fields import finite, resolved
from ringwatch.api.ids import global_id
from ringwatch.api.lineages import RingLineage, lineage_of
from ringwatch.api.pages import USUAL_PAGE, After, First, PageInfo, given, page_info, page_size
from ringwatch.api.siblings import Asking, Memberships, Rings, Sellers
from ringwatch.api.tiers import Role, Tier
from ringwatch.db.view import Lineage, MemberRow, Page, RingRow
from ringwatch.model import rings as model
from ringwatch.model.casework import Case

Info = strawberry.Info[Asking, None]


@strawberry.interface(description="Anything that `node` finds again by its global id.")
class Node:
    """Anything that ``node`` finds again."""

    id: strawberry.ID = strawberry.field(description="Opaque global id; pass it to `node`.")


@strawberry.type(description="One reason to believe a link: a shared value, or what is known of a seller by itself.")
class Evidence:
    """One reason to believe a link."""

    kind: str = strawberry.field(
        description="What the value is (`phone`, `account`, `address` ...), or what else speaks (`prior`, `size` ...)."
    )
    family: str = strawberry.field(description="Group of kinds that counts as one independent source of evidence.")
    value: str = strawberry.field(description="The shared value, masked where you may not see it; empty if none is.")
    holder_count: int = strawberry.field(description="Sellers that hold the value, in the ring and outside of it.")
    score: float = strawberry.field(description="Log-odds (natural logarithm) that this part adds to the link.")


@strawberry.type(description="A party that trades: a registered account.")
class Seller(Node):
    """A seller, whose columns are read together with those of its siblings."""

    seller_id: str = strawberry.field(description="The marketplace's own id.")
    siblings: strawberry.Private[Sellers]

    @resolved("Name as registered.")
    def name(self) -> str | None:
        """Return the name as registered."""
        row = self.siblings.rows.get(self.seller_id)
        return row.name if row else None

    @resolved("Country as registered, ISO 3166-1 alpha-2.")
    def country(self) -> str | None:
        """Return the country as registered."""
        row = self.siblings.rows.get(self.seller_id)
        return row.country if row else None

    @resolved("Stores of this seller.")
    def store_count(self) -> int:
        """Return the number of stores."""
        row = self.siblings.rows.get(self.seller_id)
        return row.n_stores if row else 0

    @resolved("Listings in the stores of this seller.")
    def listing_count(self) -> int:
        """Return the number of listings."""
        row = self.siblings.rows.get(self.seller_id)
        return row.n_listings if row else 0

    @resolved("The ring that the seller is in; null if it is in none.")
    def ring(self) -> "Ring | None":
        """Return the ring that the seller is in."""
        found = self.siblings.ring_of(self.seller_id)
        return ring_of_row(*found) if found else None


@strawberry.type(description="A seller's membership of a ring.")
class RingMemberEdge:
    """A membership."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this member.")
    node: Seller = strawberry.field(description="The seller.")
    tier: Tier = strawberry.field(description="How strong this membership is.")
    role: Role = strawberry.field(description="How the seller belongs to the ring.")
    link_score: float = strawberry.field(description="How surely it is run by the ring's operator, 0 to 1.")
    infringement_score: float | None = strawberry.field(description="How surely it sells counterfeits, 0 to 1.")
    is_fragile: bool = strawberry.field(description="Whether it would fall out if one single value were removed.")
    why_not_closer: str | None = strawberry.field(description="The rule that keeps it from the next surer tier.")
    key: strawberry.Private[tuple[str, str]]
    siblings: strawberry.Private[Memberships]

    @resolved("Why it is believed, strongest part first; the scores sum to its log-odds.")
    def evidence(self) -> list[Evidence]:
        """Return the parts of the link score."""
        return evidence_of(self.siblings.evidence.get(self.key) or ())


@strawberry.type(description="A page of the members of a ring, by seller id.")
class RingMemberConnection:
    """A page of members."""

    edges: list[RingMemberEdge] = strawberry.field(description="Memberships, with what is particular to each.")
    nodes: list[Seller] = strawberry.field(description="The sellers alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.type(description="Sellers that are believed to be run by one operator.")
class Ring(Node):
    """A ring of the current run."""

    ring_id: str = strawberry.field(description="The ring's own id, which stays while its members stay.")
    tier: Tier = strawberry.field(description="The surest tier that three of its members reach.")
    seller_count: int = strawberry.field(description="Members.")
    link_score: float = strawberry.field(description="How surely the members are one operator, 0 to 1.")
    infringement_score: float | None = strawberry.field(description="How surely they sell counterfeits, 0 to 1.")
    siblings: strawberry.Private[Rings]

    @resolved("Members, ascending by seller id.")
    def members(self, first: First = USUAL_PAGE, after: After = strawberry.UNSET) -> RingMemberConnection:
        """Return a page of members."""
        after = given(after)
        page, memberships = self.siblings.members(self.ring_id, page_size("members", first), after)
        return member_connection(page, memberships, after)

    @resolved(
        "Values that members share, strongest first, the 100 strongest at most; a score here sums what the value adds"
        " over the members. All parts stand at `members { edges { evidence } }`."
    )
    def evidence(self) -> list[Evidence]:
        """Return the values that members share."""
        return evidence_of(self.siblings.evidence.get(self.ring_id) or ())

    @resolved("Where the work on the ring stands: state, assignee, notes, decisions, and flags of partners.")
    def casework(self) -> Casework:
        """Return where the work on the ring stands."""
        return casework_of(self.siblings.cases.get(self.ring_id) or Case())

    @resolved("What became of the ring in each run, and what it was.")
    def lineage(self) -> RingLineage:
        """Return what became of the ring."""
        return lineage_of(self.siblings.lineages.get(self.ring_id) or Lineage(self.ring_id, (self.ring_id,), ()))


@strawberry.type(description="A ring in a list.")
class RingEdge:
    """A ring in a list."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on behind this ring.")
    node: Ring = strawberry.field(description="The ring.")


@strawberry.type(description="A page of rings.")
class RingConnection:
    """A page of rings."""

    edges: list[RingEdge] = strawberry.field(description="Rings with their cursors.")
    nodes: list[Ring] = strawberry.field(description="The rings alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def ring_of_row(row: RingRow, siblings: Rings) -> Ring:
    """Return a ring as the schema shows it."""
    return Ring(
        id=strawberry.ID(global_id("Ring", row.ring_id)),
        ring_id=row.ring_id,
        tier=row.tier,
        seller_count=row.n_sellers,
        link_score=row.link_score,
        infringement_score=finite(row.infringement_score),
        siblings=siblings,
    )


def ring_connection(asking: Asking, page: Page[RingRow], after: str | None) -> RingConnection:
    """Return a page of rings as the schema shows it."""
    siblings = Rings(asking, page.rows)
    nodes = [ring_of_row(row, siblings) for row in page.rows]
    edges = [RingEdge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)]
    return RingConnection(edges=edges, nodes=nodes, page_info=page_info(page, after))


def member_connection(page: Page[MemberRow], siblings: Memberships, after: str | None) -> RingMemberConnection:
    """Return a page of members as the schema shows it."""
    edges = [_member_edge(row, cursor, siblings) for row, cursor in zip(page.rows, page.cursors, strict=True)]
    return RingMemberConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=page_info(page, after))


def seller_of_id(seller_id: str, siblings: Sellers) -> Seller:
    """Return a seller as the schema shows it; nothing is read yet."""
    return Seller(id=strawberry.ID(global_id("Seller", seller_id)), seller_id=seller_id, siblings=siblings)


def evidence_of(parts: Sequence[model.Evidence]) -> list[Evidence]:
    """Return evidence as the schema shows it."""
    return [
        Evidence(kind=part.kind, family=part.family, value=part.value, holder_count=part.n_holders, score=part.score)
        for part in parts
    ]


def _member_edge(row: MemberRow, cursor: str, siblings: Memberships) -> RingMemberEdge:
    return RingMemberEdge(
        cursor=cursor,
        node=seller_of_id(row.seller_id, siblings.sellers),
        tier=row.tier,
        role=row.role,
        link_score=row.link_score,
        infringement_score=finite(row.infringement_score),
        is_fragile=row.is_fragile,
        why_not_closer=row.why_not_closer or None,
        key=(row.ring_id, row.seller_id),
        siblings=siblings,
    )
