"""What somebody asks to file, held against what is there and what they may see, before it is filed."""

from collections.abc import Sequence
from dataclasses import dataclass

from ringwatch.db.view import View
from ringwatch.enforcement.failures import NoticeTargetNotFoundError, OtherBrandError
from ringwatch.model.notices import NoticeDraft, NoticeKind
from ringwatch.model.sentences import names
from ringwatch.model.visibility import Visibility


@dataclass(frozen=True, slots=True)
class NoticeWish:
    """A notice as it is asked for: against a listing or, where that is None, a store, by the ids that are shown."""

    listing_id: str | None
    store_id: str | None
    kind: NoticeKind
    text: str = ""
    digests: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """The listing or store."""
        return self.listing_id or self.store_id or ""


def check_brand(who: Visibility, brand_id: str) -> None:
    """Raise OtherBrandError where a partner files for another brand than its own."""
    if who.brand_id not in {None, brand_id}:
        raise OtherBrandError(
            f"brand {brand_id}: partners file for their own brand alone, expected {who.brand_id}; nothing was filed"
        )


def drafts_of(
    view: View, who: Visibility, brand_id: str, wishes: Sequence[NoticeWish]
) -> tuple[list[NoticeDraft], list[int]]:
    """Return the drafts of wishes that name something, and the places of those that name nothing.

    What somebody may not see is as if it were not there.
    """
    listings = [wish.listing_id for wish in wishes if wish.listing_id]
    stores = [wish.store_id for wish in wishes if wish.store_id and not wish.listing_id]
    known = view.notice_targets(who, listings, stores)
    drafts, missing = [], []
    for place, wish in enumerate(wishes):
        target = known.get(wish.named)
        if target is None or (target[0] is None) != (wish.listing_id is None):
            missing.append(place)
        else:
            drafts.append(NoticeDraft(brand_id, *target, wish.kind, wish.text, wish.digests))
    return drafts, missing


def all_drafts_of(view: View, who: Visibility, brand_id: str, wishes: Sequence[NoticeWish]) -> list[NoticeDraft]:
    """Return the drafts of all wishes. NoticeTargetNotFoundError where one of them names nothing."""
    drafts, missing = drafts_of(view, who, brand_id, wishes)
    if missing:
        named = names([wishes[place].named for place in missing])
        raise NoticeTargetNotFoundError(
            f"notice against {named}: no such listing or store stands; nothing was filed; ids count as written"
        )
    return drafts
