"""Statements of reasons on both databases: what is frozen, from what was loaded, and what stays of it."""

from datetime import timedelta
from pathlib import Path

from tests.cases.test_closing import Court, member

from ringwatch.db.copy import copy_database
from ringwatch.db.open import open_docket
from ringwatch.enforcement.closing import close_plan
from ringwatch.enforcement.plans import draft_undo_of
from ringwatch.enforcement.reasons import render, statement_of
from ringwatch.enforcement.undoing import undo_plan
from ringwatch.model.enforcement import Hand, StoreAction
from ringwatch.model.rings import Detection, Fit
from ringwatch.model.statements import Decision, Format, Language, SharedKind, Statement, UpheldKind

EVIDENCE = (
    ("account", "payout", "DE89370400440532013000"),
    ("phone", "contact", "hmac:" + "ab" * 32),
    ("phone", "contact", "+4940123456"),
    ("address_like", "place", "12 | garten leeds ~ 12 | gartn leeds"),
)


def load_facts(graph) -> None:
    """Load values with their displays, and notices of all sorts and outcomes against stores and listings."""
    uses = [{"holder_id": s, "kind": kind, "value": value} for s in "abcde" for kind, _, value in EVIDENCE[:3]]
    for use in uses:
        use["display"] = "+49 ••• 4821" if use["value"].startswith("hmac") else use["value"]
    stores = [{"store_id": "st-a", "seller_id": "a", "name": "Nord <b>", "opened_at": graph.now}]
    later = graph.now + timedelta(days=3)
    rows = (
        ("n1", "a0", None, "notice", "upheld", graph.now),
        ("n2", "a1", None, "notice", "upheld", later),
        ("n3", None, "st-a", "test_buy", "upheld"),
        ("n4", "a0", "st-b", None, "upheld"),  # the listing says whose it is
        ("n5", None, "st-a", "notice", "rejected"),
        ("n6", None, "st-a", "counter_notice", "upheld"),  # speaks for the seller
        ("n7", None, "st-b", "customs_seizure", "upheld"),
        ("n8", "b0", None, "notice", None),
    )
    keys = ("notice_id", "listing_id", "store_id", "kind", "outcome", "filed_at")
    notices = [{"brand_id": "B", **dict(zip(keys, row, strict=False))} for row in rows]
    graph.load(
        {"brands": [{"brand_id": "B", "name": "Aurora"}], "stores": stores, "uses": uses, "notices": notices},
        source="facts",
    )


def statement(graph, store_id: str, plan_id: str | None = None) -> Statement:
    """Return a statement as it stands."""
    with open_docket(graph.url) as docket, docket.reading() as record:
        return statement_of(record, store_id, plan_id)


def test_a_statement_tells_what_was_loaded_when_the_plan_was_made(graph):
    """Own values masked, hashes by their display, others' writings not at all; upheld complaints by their target."""
    court = Court(graph)
    load_facts(graph)
    court.detect(*(member(s, EVIDENCE) for s in "abcde"))
    court.run(close_plan, court.approved(court.draft()))
    found = statement(graph, "st-a")
    assert found.facts.shared == (
        SharedKind("account", "payout", 1, 5, 5, ("DE89 ••• 3000",)),
        SharedKind("address_like", "place", 1, 5, 5, ()),
        SharedKind("phone", "contact", 2, 5, 5, ("+49 ••• 3456", "+49 ••• 4821")),
    )
    first, last = graph.now.date(), graph.now.date() + timedelta(days=3)
    assert found.facts.upheld == (
        UpheldKind("notice", True, 3, 2, ("a0", "a1"), first, last),
        UpheldKind("test_buy", False, 1, 0, (), None, None),
    )
    assert (found.facts.n_upheld, found.facts.n_upheld_stores) == (5, 2)
    assert (found.facts.n_sellers, found.facts.n_stores, found.n_listings) == (5, 5, 2)
    assert (found.facts.name, found.facts.is_hashed) == ("Nord <b>", True)
    assert found.facts.opened_on == graph.now.date()
    assert (found.decision, found.immediate) == (Decision.CLOSE, "unsafe")
    told = {language: render(found, Format.TEXT, language) for language in Language}
    assert "hashes that cannot be turned back" in " ".join(told[Language.EN].split())
    assert "加密摘要" in told[Language.ZH]
    assert not [text for text in told.values() if "hmac" in text or "gart" in text]


def test_a_statement_is_the_same_after_all_else_changed(graph, tmp_path: Path):
    """After another run, another load and an undo, and in a copy: byte for byte, in every form and language."""
    court = Court(graph)
    load_facts(graph)
    court.detect(*(member(s, EVIDENCE) for s in "abcde"))
    plan_id = court.approved(court.draft())
    court.run(close_plan, plan_id)
    first = statement(graph, "st-b")
    renamed = [{"store_id": "st-b", "seller_id": "b", "name": "Another"}]
    graph.load({"stores": renamed, "listings": [{"listing_id": "b9", "store_id": "st-b"}]}, source="later")
    with graph.writer() as writer:
        writer.save_run("without-rings", Detection((), (), Fit(5), court.at), court.at)
    undo_id = court.approved(court.draft_undo(plan_id))
    court.run(undo_plan, undo_id)
    assert statement(graph, "st-b").decision is Decision.REOPEN
    copied = type(graph)(f"sqlite:///{tmp_path / 'copy.db'}")
    assert copy_database(graph.url, copied.url).differing == ()
    for one in (graph, copied):
        again = statement(one, "st-b", plan_id)
        for form in Format:
            for language in Language:
                assert render(again, form, language) == render(first, form, language)


def test_an_appeal_that_was_upheld_is_told_to_its_own_store_alone(graph):
    """One undo takes back what two plans did; each store is told of the act that its own plan did to it."""
    court = Court(graph)
    court.detect(*map(member, "abcde"))
    suspending = court.approved(court.draft(action=StoreAction.SUSPEND, max_stores=2))
    court.run(close_plan, suspending)
    closing = court.approved(court.draft(min_infringement=0.5, max_stores=5))
    court.run(close_plan, closing)
    with open_docket(graph.url) as docket:
        done = {plan_id: _stores_of(docket, plan_id) for plan_id in (suspending, closing)}
        why = {"undoes": f"{suspending}, {closing}", "reason": "appeal A-1 upheld", "store_id": "st-c"}
        chosen = [done[suspending]["st-a"], done[closing]["st-a"], done[closing]["st-c"]]
        with docket.reading() as record:
            draft = draft_undo_of(record, chosen, why, Hand("ann", court.at))
    court.run(undo_plan, court.approved(draft))
    found = {store_id: statement(graph, store_id) for store_id in ("st-a", "st-c")}
    assert [(one.decision, one.action, one.is_upheld) for one in found.values()] == [
        (Decision.REOPEN, "close", False),
        (Decision.REOPEN, "close", True),
    ]
    assert found["st-a"].state == "suspended"
    assert "An earlier suspension still stands" in render(found["st-a"], Format.TEXT, Language.EN)
    assert "Your appeal was upheld" in render(found["st-c"], Format.TEXT, Language.EN)
    assert statement(graph, "st-a", suspending).decision is Decision.SUSPEND


def _stores_of(docket, plan_id: str):
    with docket.reading() as record:
        return {store.store_id: store for store in record.plan_stores(plan_id)}
