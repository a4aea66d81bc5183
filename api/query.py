"""The root of the schema: what can be asked. Each resolver calls the view and hands its rows on."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import strawberry

from ringwatch.api import answers
from ringwatch.api.answers import Path, WhatIf, Why
from ringwatch.api.case_types import MOST_ENTRIES, Flag, flag_of
from ringwatch.api.closing_query import ClosingQuery, find_plan
from ringwatch.api.fields import describe_enum, resolved
from ringwatch.api.finds import SearchConnection, search_connection
from ringwatch.api.ids import split_global_id
from ringwatch.api.lineages import RingLineage, lineage_of
from ringwatch.api.notices import NoticeQuery
from ringwatch.api.pages import USUAL_PAGE, After, First, given, page_size
from ringwatch.api.rings import Info, Node, Ring, RingConnection, Seller, ring_connection, ring_of_row, seller_of_id
from ringwatch.api.screens import Applicant, ScreenedApplicant, screen_applicants
from ringwatch.api.siblings import Asking, Rings, Sellers
from ringwatch.api.stores import find_store
from ringwatch.api.tiers import Tier
from ringwatch.db.view import RingQuery
from ringwatch.model.visibility import Act

SellerId = Annotated[str, strawberry.argument(description="The seller's own id.")]
RingId = Annotated[str, strawberry.argument(description="The ring's own id.")]


class RingOrderField(StrEnum):
    """What a list of rings is sorted by; each value is the name under which the view knows it."""

    TIER = "tier"
    LINK_SCORE = "link"
    INFRINGEMENT_SCORE = "infringement"
    SELLER_COUNT = "size"
    PRIORITY = "priority"


describe_enum(
    RingOrderField,
    "RingOrderField",
    "What a list of rings is sorted by, the greatest first; equals by tier, then by ring id.",
    {
        "TIER": "By tier, surest first, then by link score: the usual order.",
        "LINK_SCORE": "By how surely the members are one operator.",
        "INFRINGEMENT_SCORE": "By how surely the members sell counterfeits.",
        "SELLER_COUNT": "By the number of members.",
        "PRIORITY": "By what is to be won: infringement score times the root of the number of members.",
    },
)


@strawberry.input(description="How a list of rings is sorted.")
class RingOrder:
    """How a list of rings is sorted."""

    field: RingOrderField = strawberry.field(description="What it is sorted by.")


@strawberry.input(description="Which rings are listed; all that is given must hold.")
class RingFilter:
    """Which rings are listed."""

    tiers: list[Tier] | None = strawberry.field(default=strawberry.UNSET, description="Only rings of these tiers.")
    min_sellers: int | None = strawberry.field(
        default=strawberry.UNSET, description="Only rings of so many members or more."
    )


@strawberry.type(description="What can be asked.")
class Query(ClosingQuery, NoticeQuery):
    """What can be asked."""

    @resolved("The ring, seller, plan or store behind a global id; null if there is none.", Act.LOOK)
    def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Global id, from any `id`.")],  # noqa: A002 (the name that the Relay convention fixes)
    ) -> Node | None:
        """Return the object behind a global id."""
        found = split_global_id(id)
        if found is None:
            return None
        kind, key = found
        if info.context.who.lens is not None and kind not in IN_A_LENS:
            return None
        return FINDERS[kind](info.context, key)

    @resolved("Rings of the current run, surest tier first unless `orderBy` says otherwise.", Act.LOOK)
    def rings(
        self,
        info: Info,
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
        filter: Annotated[  # noqa: A002 (fixed by the interface)
            RingFilter | None, strawberry.argument(description="Which rings; all if null.")
        ] = strawberry.UNSET,
        order_by: Annotated[RingOrder | None, strawberry.argument(description="In which order.")] = strawberry.UNSET,
    ) -> RingConnection:
        """Return a page of rings."""
        asking, after = info.context, given(after)
        wanted = filter or RingFilter()
        query = RingQuery(
            tiers=tuple(wanted.tiers or ()),
            min_sellers=wanted.min_sellers or 0,
            order=order_by.field.value if order_by else "tier",
            first=page_size("rings", first),
            after=after,
        )
        return ring_connection(asking, asking.view.rings(asking.who, query), after)

    @resolved("One ring of the current run; null if there is none of that id.", Act.LOOK)
    def ring(
        self, info: Info, ring_id: Annotated[str, strawberry.argument(description="The ring's own id.")]
    ) -> Ring | None:
        """Return one ring."""
        return find_ring(info.context, ring_id)

    @resolved("One seller; null if there is none of that id.", Act.LOOK)
    def seller(
        self, info: Info, seller_id: Annotated[str, strawberry.argument(description="The marketplace's own id.")]
    ) -> Seller | None:
        """Return one seller."""
        return find_seller(info.context, seller_id)

    @resolved(
        "What became of a ring and what it was, also of one that is no more; null if no run ever gave that id.",
        Act.READ,
    )
    def lineage(self, info: Info, ring_id: RingId) -> RingLineage | None:
        """Return what became of a ring."""
        found = info.context.view.lineage(info.context.who, ring_id)
        return lineage_of(found) if found else None

    @resolved("Why a seller is in a ring; null if it is not in it.", Act.READ)
    def why(self, info: Info, seller_id: SellerId, ring_id: RingId) -> Why | None:
        """Return why a seller is in a ring."""
        return answers.why(info.context, seller_id, ring_id)

    @resolved(
        "Why a seller is not in a ring, and what would be needed; null if it is in it, or either is unknown.", Act.READ
    )
    def why_not(self, info: Info, seller_id: SellerId, ring_id: RingId) -> Why | None:
        """Return why a seller is not in a ring."""
        return answers.why_not(info.context, seller_id, ring_id)

    @resolved(
        "Chains of shared values from one seller to another, strongest first; they share nothing in between.", Act.READ
    )
    def paths(
        self,
        info: Info,
        from_: Annotated[str, strawberry.argument(name="from", description="The seller to begin with.")],
        to: Annotated[str, strawberry.argument(description="The seller to reach.")],
        first: Annotated[int | None, strawberry.argument(description="Chains, 1 to 5.")] = 3,
    ) -> list[Path]:
        """Return chains of shared values."""
        return answers.paths(info.context, from_, to, first)

    @resolved("What would become of rings if a value did not count; nothing is changed.", Act.READ)
    def what_if(
        self,
        info: Info,
        kind: Annotated[str, strawberry.argument(description="What the value is: phone, address ...")],
        value: Annotated[str, strawberry.argument(description="The value, in any usual writing.")],
    ) -> WhatIf:
        """Return what would become of rings."""
        return answers.what_if(info.context, kind, value)

    @resolved("Holds applicants against the rings of the current run; nothing is written or remembered.", Act.SCREEN)
    def screen(
        self,
        info: Info,
        applicants: Annotated[list[Applicant], strawberry.argument(description="Who asks to be let in, at most 100.")],
    ) -> list[ScreenedApplicant]:
        """Return what is said of each applicant, in their order."""
        return screen_applicants(info.context, applicants)

    @resolved(
        "Flags of partners with their answers, newest first, 100 at most; a partner reads those of its own brand.",
        Act.LOOK,
    )
    def flags(
        self,
        info: Info,
        unanswered: Annotated[bool, strawberry.argument(description="Only those that nobody answered.")] = False,
    ) -> list[Flag]:
        """Return flags."""
        found = info.context.view.flags(info.context.who)
        wanted = [flag for flag in found if not (unanswered and flag.answer)]
        return [flag_of(flag) for flag in reversed(wanted[-MOST_ENTRIES:])]

    @resolved("Sellers, rings and values in which a word begins with the text, best first.", Act.LOOK)
    def search(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="The start of a word, or an id.")],
        first: First = USUAL_PAGE,
        after: After = strawberry.UNSET,
    ) -> SearchConnection:
        """Return a page of what was found."""
        asking, after = info.context, given(after)
        page = asking.view.search(asking.who, text, page_size("search", first), after)
        return search_connection(asking, page, after)


def find_ring(asking: Asking, ring_id: str) -> Ring | None:
    """Return a ring by its own id."""
    row = asking.view.ring(asking.who, ring_id)
    return ring_of_row(row, Rings(asking, [row])) if row else None


def find_seller(asking: Asking, seller_id: str) -> Seller | None:
    """Return a seller by its own id."""
    siblings = Sellers(asking, [seller_id])
    return seller_of_id(seller_id, siblings) if siblings.rows.get(seller_id) else None


FINDERS: Mapping[str, Callable[[Asking, str], Node | None]] = MappingProxyType(
    {"Ring": find_ring, "Seller": find_seller, "Plan": find_plan, "Store": find_store}
)
"""How the object behind a global id is found; the kinds are those of ``ids.KINDS``."""
IN_A_LENS = frozenset({"Ring", "Seller"})
"""The kinds of objects that partners find."""
