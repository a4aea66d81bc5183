"""A server that dies amid a batch job: what was done is whole and stays, and the same command goes on."""

import os
import time
from collections import Counter

import pytest
from tests.support.closing_world import START, Size, build, store_ids
from tests.support.neo4j_server import Server

from ringwatch.db.docket import Docket
from ringwatch.db.neo4j import Neo4jDatabase
from ringwatch.db.neo4j_url import parse_neo4j_url
from ringwatch.db.view import View
from ringwatch.enforcement.carrying import Outcome, Runner
from ringwatch.enforcement.closing import close_plan
from ringwatch.enforcement.lease import TERM_S, Lease
from ringwatch.enforcement.plans import PlanInput, approve_plan, draft_plan, keep_plan
from ringwatch.model.chain import verify
from ringwatch.model.enforcement import Hand, StoreAction
from ringwatch.model.errors import RetryableError

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="kills the server: run by `make test-neo4j`"
)

SIZE = Size(n_stores=60, ring_size=12, n_listings=1)
RINGS = tuple(f"R-{number:06d}" for number in range(5))
FIRST_TWO_BATCHES = 30


def close(server: Server, plan_id: str, *, dies_after: int | None = None) -> Outcome:
    """Carry a plan out as the command does, a minute of real time later, on a server that may die after batches."""
    database = Neo4jDatabase(parse_neo4j_url(server.url), create=False, retry_s=1.0)
    docket, n_left = Docket(database), dies_after

    def dying(_: str, n_done: int, __: int) -> None:
        nonlocal n_left
        if n_left is not None and n_done >= n_left:
            n_left = None
            server.kill()

    try:
        lease = Lease(docket, lambda: time.time() + 3 * TERM_S * (dies_after is None))
        with lease:
            return close_plan(Runner(View(database), docket, Hand("cy", START), lease, progress=dying), plan_id)
    finally:
        database.close()


def test_a_server_that_dies_amid_closing_loses_nothing_and_closes_nothing_twice(ours: Server):
    """Whole batches are done and the rest is not; started again, the same job closes each other store, once."""
    build(ours.url, SIZE)
    database = Neo4jDatabase(parse_neo4j_url(ours.url), create=False, retry_s=1.0)
    view, docket = View(database), Docket(database)
    asked = PlanInput(RINGS, immediate="drill")
    plan = keep_plan(docket, draft_plan(view, docket, asked, Hand("ann", START)), Hand("ann", START))
    approve_plan(view, docket, plan.plan_id, plan.digest, Hand("bo", START))
    with pytest.raises(RetryableError):
        close(ours, plan.plan_id, dies_after=FIRST_TWO_BATCHES)
    database.close()
    ours.start()
    outcome = close(ours, plan.plan_id)
    assert (outcome.already_done, outcome.done[StoreAction.CLOSE]) == (FIRST_TWO_BATCHES, 60 - FIRST_TWO_BATCHES)
    database = Neo4jDatabase(parse_neo4j_url(ours.url), create=False, retry_s=1.0)
    with Docket(database) as again, again.reading() as record:
        entries = list(record.entries())
        assert verify(entries, record.head()) == []
    closed = Counter(sealed.entry.store_id for sealed in entries if sealed.entry.action == "close")
    assert closed == dict.fromkeys(store_ids(SIZE), 1)
