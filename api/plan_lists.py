"""What plans and stores of one list need, read for all of them when the first one asks for it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from ringwatch.api.siblings import Asking, Once, Sellers
from ringwatch.db.record_pages import PagedRecord
from ringwatch.db.view import Page
from ringwatch.enforcement.histories import History, read_histories
from ringwatch.model.enforcement import Plan, PlanStore

Found = TypeVar("Found")


def from_record(asking: Asking, read: Callable[[PagedRecord], Found]) -> Found:
    """Return what is read of the record, at the moment of the answer."""
    with asking.view.record(asking.who) as record:
        return read(record)


class Plans:
    """Plans that stand in one list."""

    def __init__(self, asking: Asking, rows: Sequence[Plan]) -> None:
        self.asking = asking
        self._ids = [row.plan_id for row in rows]
        self._first_pages: dict[int, tuple[Mapping[str, Page[PlanStore]], PlanStores]] = {}
        undone = [plan_id for row in rows for plan_id in undone_ids(row)]
        self.undone: Once[str, Plan] = Once(undone, partial(plans_by_id, asking))

    def stores(self, plan_id: str, first: int, after: str | None) -> "tuple[Page[PlanStore], PlanStores]":
        """Return a page of stores of one plan; the first pages of all plans of the list are read together."""
        if after is not None:
            page = from_record(self.asking, lambda record: record.plan_store_page(plan_id, first, after))
            return page, PlanStores(self.asking, page.rows)
        if first not in self._first_pages:
            pages = from_record(self.asking, lambda record: record.plan_stores_of(self._ids, first))
            rows = [row for page in pages.values() for row in page.rows]
            self._first_pages[first] = (pages, PlanStores(self.asking, rows))
        pages, siblings = self._first_pages[first]
        return pages.get(plan_id) or Page((), (), has_next=False), siblings


class PlanStores:
    """Stores of plans that stand in one list."""

    def __init__(self, asking: Asking, rows: Sequence[PlanStore]) -> None:
        self.sellers = Sellers(asking, list(dict.fromkeys(row.body["seller_id"] for row in rows)))
        self.histories: Once[str, History] = Once(
            list(dict.fromkeys(row.store_id for row in rows)), partial(histories_of, asking)
        )


def undone_ids(row: Plan) -> tuple[str, ...]:
    """Return the ids of the plans that a plan undoes, first ones first."""
    return tuple((row.undoes or "").split(", ")) if row.undoes else ()


def plans_by_id(asking: Asking, plan_ids: Sequence[str]) -> Mapping[str, Plan]:
    """Return plans by their ids; unknown ids have no entry."""
    return from_record(asking, lambda record: record.plans_by_id(plan_ids))


def histories_of(asking: Asking, store_ids: Sequence[str]) -> Mapping[str, History]:
    """Return what was decided about stores, by their ids; unknown ids have no entry."""
    return from_record(asking, lambda record: read_histories(record, store_ids))
