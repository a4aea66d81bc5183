"""Pages of what was decided, on both databases: each row once, in order, as if it were one list."""

from collections.abc import Callable
from typing import Any

import pytest

from ringwatch.db.open import open_docket
from ringwatch.db.record_pages import PagedRecord
from ringwatch.db.view import Page
from ringwatch.enforcement.plans import keep_plan, make_draft, reject_plan
from ringwatch.model.enforcement import Appeal, Hand, Message, MessageState, PlanState
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

N_PLANS = 12  # two digits: P-10 comes after P-9


def fill(graph):
    """Write plans made at one moment, with as many stores as their number; every third is rejected."""
    hand, other = Hand("ann", graph.now), Hand("bo", graph.now)
    with open_docket(graph.url) as docket:
        for n in range(1, N_PLANS + 1):
            bodies = [
                {"store_id": f"st-{n}-{k}", "seller_id": "a", "ring_id": "R", "action": "watch", "reasons": [],
                 "n_listings": k, "link_score": 0.9}
                for k in range(n)
            ]  # fmt: skip
            plan = keep_plan(docket, make_draft({"action": "watch", "n": n}, bodies, hand), hand)
            if n % 3 == 0:
                reject_plan(docket, plan.plan_id, "no", other)
        messages = [Message(0, f"key-{n}", "P-1", f"st-{n}", "watch", "{}") for n in range(5)]
        appeals = [Appeal("", f"st-{n}", "P-1", "sorry", "ann", graph.now) for n in range(3)]
        docket.transact(lambda record: record.add_messages(messages))
        for appeal in appeals:
            docket.transact(lambda record, appeal=appeal: record.add_appeal(appeal))


def walk(read: Callable[[str | None], Page[Any]]) -> list[Any]:
    """Return the rows of all pages, each page read after the last cursor of the one before."""
    rows, page = [], read(None)
    while page.has_next:
        rows += page.rows
        page = read(page.cursors[-1])
    return [*rows, *page.rows]


def test_pages_are_the_whole_list(graph):
    """Whatever their size, of plans (also of one state), stores of a plan, entries, messages and appeals."""
    fill(graph)
    with graph.view() as view, view.record(FULL) as record:
        assert isinstance(record, PagedRecord)
        plans, waiting = record.plans(), MessageState.WAITING
        assert [plan.plan_id for plan in plans] == [f"P-{n}" for n in range(1, N_PLANS + 1)]
        for first in (1, 3, 100):
            assert walk(lambda after, first=first: record.plan_page(None, first, after)) == plans
            rejected = walk(lambda after, first=first: record.plan_page(PlanState.REJECTED, first, after))
            assert [plan.plan_id for plan in rejected] == ["P-3", "P-6", "P-9", "P-12"]
            stores = walk(lambda after, first=first: record.plan_store_page("P-12", first, after))
            assert stores == list(record.plan_stores("P-12"))
            entries = list(record.entries())
            assert walk(lambda after, first=first: record.ledger_page(None, first, after)) == entries
            assert len(walk(lambda after, first=first: record.message_page(waiting, first, after))) == 5
            assert walk(lambda after, first=first: record.appeal_page(None, first, after)) == record.appeals()
        with pytest.raises(ConfigError, match="cursor"):
            record.plan_page(None, 3, record.ledger_page(None, 1).cursors[0])


def test_many_at_once_are_as_one_by_one(graph):
    """First pages of stores of several plans, and plans by their ids; what is not there has no entry."""
    fill(graph)
    ids = ["P-1", "P-5", "P-12", "P-99"]
    with graph.view() as view, view.record(FULL) as record:
        pages = record.plan_stores_of(ids, 4)
        assert pages == {plan_id: record.plan_store_page(plan_id, 4) for plan_id in ids[:3]}
        assert record.plans_by_id(ids) == {plan.plan_id: plan for plan in record.plans() if plan.plan_id in ids}
