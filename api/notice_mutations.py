"""Mutations about notices: filed and withdrawn by a brand, decided and countered by investigators."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import strawberry

from ringwatch.api.acting import as_of_now
from ringwatch.api.fields import resolved
from ringwatch.api.notices import Notice, notice_of_row
from ringwatch.api.rings import Info
from ringwatch.api.siblings import Asking
from ringwatch.api.user_errors import (
    InvalidNoticeError,
    NoticeNotFoundError,
    NoticeStateError,
    NoticeTargetNotFoundError,
    OtherBrandError,
    answered,
)
from ringwatch.db.docket import Docket
from ringwatch.enforcement import failures
from ringwatch.enforcement.notice_drafts import NoticeWish, all_drafts_of, check_brand
from ringwatch.enforcement.notices import NoticeDecision, decide_notice, file_notices
from ringwatch.model import notices as model
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import RefusedError
from ringwatch.model.notices import NoticeAct, NoticeKind
from ringwatch.model.visibility import Act

MOST_LISTINGS = 300  # of one request, as marketplaces take in one complaint; the command line takes thousands


@strawberry.input(description="A notice of a brand against listings, or against a store itself.")
class FileNoticeInput:
    """A notice of a brand."""

    brand_id: str = strawberry.field(description="The brand whose it is; a partner's own.")
    kind: NoticeKind = strawberry.field(description="What it rests on.")
    listing_ids: list[str] = strawberry.field(
        default_factory=list, description="The listings, 300 at most: a notice against each."
    )
    store_id: str | None = strawberry.field(default=None, description="The store, where no listings are named.")
    text: str = strawberry.field(default="", description="What is wrong there.")
    files: list[str] = strawberry.field(default_factory=list, description="SHA-256 of proofs, in hexadecimal.")


@strawberry.input(description="What is done with a notice, and why.")
class DecideNoticeInput:
    """What is done with a notice."""

    notice_id: str = strawberry.field(description="The notice.")
    reason: str = strawberry.field(description="Why, in your own words.")


@strawberry.type(description="Notices that were filed.")
class FileNoticeSuccess:
    """Notices that were filed."""

    notices: list[Notice] = strawberry.field(description="The notices, in the order in which they were named.")


@strawberry.type(description="A notice as it stands from now on.")
class NoticeSuccess:
    """A notice as it stands from now on."""

    notice: Notice = strawberry.field(description="The notice.")


FileNoticePayload = Annotated[
    FileNoticeSuccess | InvalidNoticeError | NoticeTargetNotFoundError | OtherBrandError,
    strawberry.union("FileNoticePayload", description="What became of filing a notice."),
]
DecideNoticePayload = Annotated[
    NoticeSuccess | NoticeNotFoundError | InvalidNoticeError | NoticeStateError,
    strawberry.union("DecideNoticePayload", description="What became of an act on a notice."),
]
Decided = Annotated[DecideNoticeInput, strawberry.argument(description="The notice and why.")]


@strawberry.type(description="What can be done about notices.")
class NoticeMutation:
    """What can be done about notices."""

    @resolved("File a notice against listings, or against a store; a partner for its own brand.", Act.FILE)
    def file_notice(
        self,
        info: Info,
        input: Annotated[FileNoticeInput, strawberry.argument(description="The notice.")],  # noqa: A002 (its usual name)
    ) -> FileNoticePayload:
        """File a notice."""
        return answered(lambda: _file(info.context, input))

    @resolved("Uphold a notice: it speaks in scores from the next run on.", Act.DECIDE_NOTICE)
    def uphold_notice(self, info: Info, input: Decided) -> DecideNoticePayload:  # noqa: A002 (as above)
        """Uphold a notice."""
        return answered(lambda: _decide(info.context, NoticeAct.UPHOLD, input))

    @resolved("Reject a notice: what it says is not so.", Act.DECIDE_NOTICE)
    def reject_notice(self, info: Info, input: Decided) -> DecideNoticePayload:  # noqa: A002 (as above)
        """Reject a notice."""
        return answered(lambda: _decide(info.context, NoticeAct.REJECT, input))

    @resolved("Take a notice back; a partner one of its own brand.", Act.FILE)
    def withdraw_notice(self, info: Info, input: Decided) -> DecideNoticePayload:  # noqa: A002 (as above)
        """Take a notice back."""
        return answered(lambda: _decide(info.context, NoticeAct.WITHDRAW, input))

    @resolved("Enter what a seller says against a notice.", Act.DECIDE_NOTICE)
    def counter_notice(self, info: Info, input: Decided) -> DecideNoticePayload:  # noqa: A002 (as above)
        """Enter a counter-notice."""
        return answered(lambda: _decide(info.context, NoticeAct.COUNTER, input))


def _file(asking: Asking, asked: FileNoticeInput) -> FileNoticeSuccess:
    if bool(asked.listing_ids) == (asked.store_id is not None) or len(asked.listing_ids) > MOST_LISTINGS:
        raise failures.InvalidNoticeError(
            f"notice: expected 1 to {MOST_LISTINGS} listingIds, or a storeId; nothing was filed"
        )
    said = (asked.kind, asked.text, tuple(asked.files))
    wishes = [NoticeWish(listing_id, None, *said) for listing_id in asked.listing_ids]
    with _writing(asking, Act.FILE) as (docket, hand):
        check_brand(asking.who, asked.brand_id)
        drafts = all_drafts_of(
            asking.view, asking.who, asked.brand_id, wishes or [NoticeWish(None, asked.store_id, *said)]
        )
        notice_ids = file_notices(docket, asked.brand_id, drafts, hand)
    return FileNoticeSuccess(notices=_read(asking, notice_ids))


def _decide(asking: Asking, act: NoticeAct, asked: DecideNoticeInput) -> NoticeSuccess:
    needed = Act.FILE if act is NoticeAct.WITHDRAW else Act.DECIDE_NOTICE
    with _writing(asking, needed) as (docket, hand):
        decide_notice(docket, NoticeDecision(asked.notice_id, act, asked.reason, asking.who.brand_id), hand)
    return NoticeSuccess(notice=_read(asking, (asked.notice_id,))[0])


@contextmanager
def _writing(asking: Asking, act: Act) -> Iterator[tuple[Docket, Hand]]:
    """Give the docket, and the hand that acts; what is refused within stands in the ledger."""
    if asking.bench is None or asking.desk is None:
        raise RefusedError(
            "server: whoever asks may read and file nothing here; use the command line, or a server on the loopback"
            " address"
        )
    try:
        yield asking.bench.docket, Hand(asking.visitor.name, asking.bench.clock())
    except RefusedError as refusal:
        if asking.door is not None:
            asking.door.refuse(asking.visitor, act, refusal)
        raise


def _read(asking: Asking, notice_ids: tuple[str, ...]) -> list[Notice]:
    query = model.NoticeQuery(brand_id=asking.who.brand_id, notice_ids=notice_ids)
    rows = as_of_now(asking).view.notices(asking.who, query).rows
    filed = {row.notice_id: row for row in rows if not row.is_loaded}
    return [notice_of_row(filed[notice_id]) for notice_id in notice_ids]
