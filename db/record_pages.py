"""The record in pages, as people read it, and for many at once."""

import json
from collections.abc import Iterable, Mapping

from ringwatch.db.cursors import Page, limit_of, make_cursor, page_of, read_cursor
from ringwatch.db.database import Params
from ringwatch.db.record import Record, plan_of_row, plan_store_of_row
from ringwatch.model.chain import Sealed
from ringwatch.model.enforcement import Appeal, AppealState, Message, MessageState, Plan, PlanState, PlanStore


class PagedRecord(Record):
    """The record, with pages of what grows: in the order in which it came, each with the cursors that go on."""

    def plan_page(self, state: PlanState | None, first: int, after: str | None = None) -> Page[Plan]:
        """Return plans of a state or all, first ones first."""
        params: Params = {"after": _number(after, "plans"), "state": state, "n": limit_of(first)}
        found = [plan_of_row(row) for row in self._session.rows("plan_page", params)]
        return page_of(found, first, lambda plan: make_cursor("plans", int(plan.plan_id.removeprefix("P-"))))

    def plan_store_page(self, plan_id: str, first: int, after: str | None = None) -> Page[PlanStore]:
        """Return stores of a plan, in its order."""
        params: Params = {"plan_id": plan_id, "after": _number(after, "plan_stores", -1), "n": limit_of(first)}
        found = [plan_store_of_row(row) for row in self._session.rows("plan_stores", params)]
        return plan_store_page(found, first)

    def plan_stores_of(self, plan_ids: Iterable[str], first: int) -> Mapping[str, Page[PlanStore]]:
        """Return the first page of stores of each plan, as ``plan_store_page`` gives it; unknown ids have no entry."""
        found: dict[str, list[PlanStore]] = {}
        params: Params = {"ids": json.dumps(sorted(set(plan_ids))), "n": limit_of(first)}
        for row in self._session.rows("plan_stores_of", params):
            found.setdefault(row[0], []).append(plan_store_of_row(row))
        return {plan_id: plan_store_page(rows, first) for plan_id, rows in found.items()}

    def ledger_page(self, store_id: str | None, first: int, after: str | None = None) -> Page[Sealed]:
        """Return entries of the ledger in order, those about one store where one is named."""
        number = _number(after, "ledger")
        if store_id is None:
            found = self.entries_after(number, limit_of(first))
        else:
            found = [row for row in self.store_entries([store_id]).get(store_id, []) if row.n > number]
            found = found[: limit_of(first)]
        return page_of(found, first, lambda row: make_cursor("ledger", row.n))

    def appeal_page(self, state: AppealState | None, first: int, after: str | None = None) -> Page[Appeal]:
        """Return appeals of a state or all, first ones first. O(all appeals): sellers write them by hand."""
        number = _number(after, "appeals")
        found = [a for a in self.appeals() if state in {None, a.state} and int(a.appeal_id.removeprefix("A-")) > number]
        return page_of(found[: limit_of(first)], first, _appeal_cursor)

    def message_page(self, state: MessageState, first: int, after: str | None = None) -> Page[Message]:
        """Return messages of a state, in the order in which they are sent."""
        found = self.messages(state, _number(after, "messages"), limit_of(first))
        return page_of(found, first, lambda message: make_cursor("messages", message.n))


def plan_store_page(rows: list[PlanStore], first: int) -> Page[PlanStore]:
    """Return a page of stores of a plan; ``rows`` as in ``page_of``."""
    return page_of(rows, first, lambda store: make_cursor("plan_stores", store.position))


def stores_after(stores: Iterable[PlanStore], first: int, after: str | None) -> Page[PlanStore]:
    """Return a page of stores that are kept nowhere, in order of their position: those of a plan that is worked out."""
    position = _number(after, "plan_stores", -1)
    return plan_store_page([s for s in stores if position < s.position <= position + limit_of(first)], first)


def _appeal_cursor(appeal: Appeal) -> str:
    return make_cursor("appeals", int(appeal.appeal_id.removeprefix("A-")))


def _number(after: str | None, order: str, before_all: int = 0) -> int:
    """Return the number that a cursor holds; ConfigError for one of another list."""
    return before_all if after is None else int(read_cursor(after, order, (int,))[0])
