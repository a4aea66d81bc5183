"""Notices: filed, decided step by step, beside those that were loaded; what they say in a score; what partners see."""

from datetime import timedelta

import pytest
from tests.support import partner_world
from tests.support.graphql_client import Client
from tests.support.partner_world import AT, OTHER, OWN, leaks, own_listing, store
from tests.support.triggers import is_forbidden

from ringwatch.alliance.lens import visibility_of
from ringwatch.db.copy import copy_database
from ringwatch.db.open import open_docket
from ringwatch.db.view import RingQuery
from ringwatch.enforcement.access import ActorInput, add_actor
from ringwatch.enforcement.failures import InvalidNoticeError, NoticeNotFoundError, NoticeStateError
from ringwatch.enforcement.notices import NoticeDecision, decide_notice, file_notices
from ringwatch.model.enforcement import Actor, Hand
from ringwatch.model.notices import NoticeAct, NoticeDraft, NoticeKind, NoticeQuery, NoticeState
from ringwatch.model.visibility import FULL, ActorRole

ANN = Hand("ann", AT)
DIGEST = "a" * 64
DATED = {"notice_id": "loaded-dated", "kind": "test_buy"}


@pytest.fixture
def market(graph):
    """Two brands, three sellers with a store and two listings each; one notice of each outcome was loaded."""
    outcomes = ("pending", "upheld", "rejected", "withdrawn")
    graph.load(
        {
            "brands": [{"brand_id": "B1", "name": "Nordfell"}, {"brand_id": "B2", "name": "Otter"}],
            "sellers": [{"seller_id": f"s{n}"} for n in range(3)],
            "stores": [{"store_id": f"st{n}", "seller_id": f"s{n}"} for n in range(3)],
            "listings": [{"listing_id": f"l{n}{i}", "store_id": f"st{n}"} for n in range(3) for i in "ab"],
            "notices": [
                {"notice_id": f"loaded-{outcome}", "brand_id": "B2", "store_id": "st2", "outcome": outcome}
                for outcome in outcomes
            ] + [{**DATED, "brand_id": "B2", "listing_id": "l2a", "filed_at": AT}],
        }
    )  # fmt: skip
    return graph


def draft(listing_id: str | None, **given) -> NoticeDraft:
    store_id = f"st{listing_id[1]}" if listing_id else given.pop("store_id")
    return NoticeDraft("B1", listing_id, store_id, **given)


def file(graph, *drafts: NoticeDraft, at=AT) -> tuple[str, ...]:
    with open_docket(graph.url) as docket:
        return file_notices(docket, drafts[0].brand_id, drafts, Hand("ann", at))


def decide(graph, notice_id: str, act: NoticeAct, at=AT, brand_id: str | None = None) -> None:
    with open_docket(graph.url) as docket:
        decide_notice(docket, NoticeDecision(notice_id, act, f"so I {act.value}", brand_id), Hand("bob", at))


def state(graph, notice_id: str) -> NoticeState:
    with graph.view() as view:
        return view.notices(FULL, NoticeQuery(notice_ids=(notice_id,))).rows[0].state


def sides(graph) -> dict[str, tuple[int, int, int]]:
    """Upheld, rejected and pending notices against each seller, as detection reads them."""
    with graph.view() as view:
        snapshot = view.snapshot(FULL, graph.now)
    counts = zip(snapshot.n_upheld, snapshot.n_rejected, snapshot.n_pending, strict=True)
    return dict(zip(snapshot.seller_ids.to_pylist(), (tuple(map(int, found)) for found in counts), strict=True))


def test_a_notice_comes_back_whole_and_its_acts_stand_in_the_ledger(market):
    """What was filed is read back as it was with its clock; each act has its entry with who did it and why."""
    (first,) = file(market, draft("l0a", kind=NoticeKind.TEST_BUY, text="bought: fälschung", digests=(DIGEST,)))
    (second,) = file(market, draft(None, store_id="st1"))
    assert (first, second) == ("B1-N1", "B1-N2")
    with market.view() as view:
        rows = {row.notice_id: row for row in view.notices(FULL, NoticeQuery(brand_id="B1")).rows}
    told = rows[first]
    assert (told.listing_id, told.store_id, told.kind, told.state) == ("l0a", "st0", "test_buy", "filed")
    assert (told.filed_at, told.due_at, told.text) == (AT, AT + timedelta(hours=24), "bought: fälschung")
    assert (told.digests, told.duplicate_of, told.is_loaded, told.is_throttled) == ((DIGEST,), None, False, False)
    assert (rows[second].listing_id, rows[second].store_id) == (None, "st1")
    decide(market, first, NoticeAct.UPHOLD)
    decide(market, first, NoticeAct.COUNTER, AT + timedelta(hours=1))
    with market.view() as view:
        (countered,) = view.notices(FULL, NoticeQuery(notice_ids=(first,))).rows
    assert (countered.state, countered.due_at) == ("countered", AT + timedelta(days=15, hours=1))
    assert countered.reason == "so I counter"
    with open_docket(market.url) as docket, docket.reading() as record:
        entries = [sealed.entry for sealed in record.entries()][-4:]
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("ann", "file notice"), ("ann", "file notice"), ("bob", "uphold notice"), ("bob", "counter notice"),
    ]  # fmt: skip
    assert "so I counter" in entries[-1].body


def test_loaded_notices_stand_beside_filed_ones(market):
    """With their outcome as their state, due a day after they were filed; decided where they came from alone."""
    (own,) = file(market, draft("l0a"))
    with market.view() as view:
        rows = view.notices(FULL, NoticeQuery()).rows
        assert {row.notice_id: row.state.value for row in rows} == {
            own: "filed", "loaded-dated": "filed", "loaded-pending": "filed", "loaded-rejected": "rejected",
            "loaded-upheld": "upheld", "loaded-withdrawn": "withdrawn",
        }  # fmt: skip
        assert [row.notice_id for row in rows[:2]] == [own, "loaded-dated"]  # what is due first; undated ones last
        assert rows[2].due_at is None
        late = view.notices(FULL, NoticeQuery(overdue_at=AT + timedelta(hours=24, seconds=1))).rows
        assert [row.notice_id for row in late] == [own, "loaded-dated"]
        assert view.notices(FULL, NoticeQuery(overdue_at=AT + timedelta(hours=24))).rows == ()
        paged, after = [], None
        while True:
            page = view.notices(FULL, NoticeQuery(first=2, after=after))
            paged += page.rows
            if not page.has_next:
                break
            after = page.cursors[-1]
        assert paged == list(rows)
    with pytest.raises(NoticeStateError, match="was loaded"):
        decide(market, "loaded-pending", NoticeAct.UPHOLD)


def test_a_filed_notice_speaks_as_a_loaded_one_does(market):
    """Upheld, rejected and undecided alike; withdrawn says nothing, countered nothing against the seller."""
    before = sides(market)
    assert before == {"s0": (0, 0, 0), "s1": (0, 0, 0), "s2": (1, 2, 2)}
    (one,) = file(market, draft("l0a"))
    (two,) = file(market, draft(None, store_id="st1"))
    assert sides(market) == before | {"s0": (0, 0, 1), "s1": (0, 0, 1)}
    decide(market, one, NoticeAct.UPHOLD)
    decide(market, two, NoticeAct.REJECT)
    assert sides(market) == before | {"s0": (1, 0, 0), "s1": (0, 1, 0)}
    with market.view() as view:
        assert [(row.store_id, row.listing_id, row.n) for row in view.upheld(FULL, ["s0", "s1"])] == [("st0", "l0a", 1)]
    decide(market, one, NoticeAct.COUNTER)
    assert sides(market)["s0"] == (0, 0, 1)
    decide(market, one, NoticeAct.WITHDRAW)
    assert sides(market)["s0"] == (0, 0, 0)


def test_duplicates_are_named_and_follow_the_first(market):
    """Same brand, listing or store, and kind while one is open; decided with it, and no second voice in a score."""
    first, same, other_kind = file(market, draft("l0a"), draft("l0a"), draft("l0a", kind=NoticeKind.TEST_BUY))
    (again,) = file(market, draft("l0a"))
    with market.view() as view:
        rows = {row.notice_id: row.duplicate_of for row in view.notices(FULL, NoticeQuery(brand_id="B1")).rows}
    assert rows == {first: None, same: first, other_kind: None, again: first}
    decide(market, again, NoticeAct.WITHDRAW)
    decide(market, first, NoticeAct.UPHOLD)
    assert [state(market, name).value for name in (first, same, again, other_kind)] == [
        "upheld", "upheld", "withdrawn", "filed",
    ]  # fmt: skip
    assert sides(market)["s0"] == (1, 0, 1)
    (fresh,) = file(market, draft("l0a"))
    with market.view() as view:
        assert view.notices(FULL, NoticeQuery(notice_ids=(fresh,))).rows[0].duplicate_of is None
    with open_docket(market.url) as docket:
        loaded = NoticeDraft("B2", None, "st2")
        (beside,) = file_notices(docket, "B2", [loaded], ANN)
    with market.view() as view:
        assert view.notices(FULL, NoticeQuery(notice_ids=(beside,))).rows[0].duplicate_of == "loaded-pending"


def test_pasted_texts_are_named(market):
    """A text in ten notices or more of a brand, in whatever case and blanks, is told with each of them."""
    file(market, *[draft(f"l{n}{i}", text="Fake  bag", kind=k) for n in range(3) for i in "ab" for k in NoticeKind][:9])
    with market.view() as view:
        assert {row.n_same_text for row in view.notices(FULL, NoticeQuery(brand_id="B1")).rows} == {0}
    file(market, draft(None, store_id="st0", text=" fake BAG"), draft(None, store_id="st1", text="another"))
    with market.view() as view:
        told = [row.n_same_text for row in view.notices(FULL, NoticeQuery(brand_id="B1")).rows]
    assert sorted(told) == [0] + [10] * 10


def test_what_cannot_be_is_refused_and_nothing_is_written(market):
    """No brand, no draft, a digest that is none, no reason, no such notice, another brand's, a step that is late."""

    def written() -> int:
        with open_docket(market.url) as docket, docket.reading() as record:
            return sum(1 for _ in record.entries())

    (own,) = file(market, draft("l0a"))
    before = written()
    with open_docket(market.url) as docket:
        for brand, drafts in (
            ("B9", [NoticeDraft("B9", None, "st1")]),
            ("B1", []),
            ("B1", [draft("l1a"), draft("l1b", digests=("no digest",))]),
            ("B1", [draft("l1a", text="x" * 4001)]),
        ):
            with pytest.raises(InvalidNoticeError):
                file_notices(docket, brand, drafts, ANN)
        with pytest.raises(InvalidNoticeError):
            decide_notice(docket, NoticeDecision(own, NoticeAct.UPHOLD, "  "), ANN)
    for brand_id, name in (("B2", own), (None, "B1-N9"), ("B1", "loaded-pending")):
        with pytest.raises(NoticeNotFoundError, match="there is none of that id"):
            decide(market, name, NoticeAct.WITHDRAW, brand_id=brand_id)
    decide(market, own, NoticeAct.COUNTER)
    with pytest.raises(NoticeStateError, match="go on"):
        decide(market, own, NoticeAct.UPHOLD, AT + timedelta(days=15))
    assert written() == before + 1
    decide(market, own, NoticeAct.UPHOLD, AT + timedelta(days=15, seconds=-1))  # the brand goes on


def test_reporters_are_rated_and_who_attacks_a_rival_is_named(market):
    """Five rejected against one seller without a test buy: named, and its next notices are marked and due later."""
    for place, listing in enumerate(("l0a", "l0b", "l0a", "l0b", "l0a")):
        (notice,) = file(market, draft(listing, text=f"fake {place}"))
        decide(market, notice, NoticeAct.REJECT)
    with market.view() as view:
        b1, b2 = view.reporters(FULL, AT)
    assert (b1.filed, b1.upheld, b1.rejected, b1.target_id, b1.throttled) == (5, 0, 5, "s0", True)
    assert b1.reliability == pytest.approx(3 / 9)
    assert (b2.brand_id, b2.filed, b2.upheld, b2.rejected, b2.throttled) == ("B2", 5, 1, 1, False)
    (late, proof) = file(market, draft("l1a"), draft("l1b", kind=NoticeKind.TEST_BUY))
    with market.view() as view:
        rows = {row.notice_id: row for row in view.notices(FULL, NoticeQuery(notice_ids=(late, proof))).rows}
    assert (rows[late].is_throttled, rows[late].due_at) == (True, AT + timedelta(days=7))
    assert (rows[proof].is_throttled, rows[proof].due_at) == (False, AT + timedelta(days=1))
    file(market, draft("l0a", kind=NoticeKind.TEST_BUY))
    with market.view() as view:
        assert not view.reporters(FULL, AT)[0].throttled


def test_notices_are_copied_and_never_changed(market, tmp_path):
    """A copy holds notices and steps row by row; neither can be changed or erased."""
    (own,) = file(market, draft("l0a", text="größer"), draft("l0a"))[:1]
    decide(market, own, NoticeAct.UPHOLD)
    copied = copy_database(market.url, f"sqlite:///{tmp_path / 'copy.db'}")
    assert (copied.differing, copied.n_rows["filing"], copied.n_rows["filing_step"]) == ((), 2, 4)
    for table, column in (("filing", "text"), ("filing_step", "reason")):
        for act in (f"UPDATE {table} SET {column} = ''", f"DELETE FROM {table}"):
            assert is_forbidden(tmp_path / "copy.db", act)


@pytest.fixture
def world(graph):
    with graph.writer() as writer:
        rows = partner_world.tables()
        rows["listings"].append(own_listing(9, store(5), "Nordfell"))  # outside of the rings in sight
        partner_world.fill(writer, rows)
    return graph


def partner(graph, brand_id: str = OWN):
    actor = Actor("p", ActorRole.PARTNER, brand_id, "", "", "", AT)
    with open_docket(graph.url) as docket:
        return visibility_of(actor, docket)


def test_a_partner_files_against_what_it_sees_and_sees_its_own(world):
    """Its listings by their ids, stores by pseudonyms; nothing hidden is named, told of or counted."""
    who = partner(world)
    with world.view() as view:
        shown = view.own_listings(who, view.rings(who, RingQuery()).rows[0].ring_id)[0].store_id
        asked = ["nf-1", "nf-9", "L-canary-10", "nothing"], [shown, store(1), store(4), "nothing"]
        targets = view.notice_targets(who, *asked)
        assert targets == {"nf-1": ("nf-1", store(1)), "nf-9": ("nf-9", store(5)), shown: targets[shown]}
    drafts = [NoticeDraft(OWN, *target, text="fake") for target in targets.values()]
    with open_docket(world.url) as docket:
        file_notices(docket, OWN, drafts, ANN)
        file_notices(docket, OTHER, [NoticeDraft(OTHER, None, store(1), text="canary")], ANN)
    with world.view() as view:
        rows = view.notices(who, NoticeQuery()).rows
        assert {(row.brand_id, row.listing_id) for row in rows} == {(OWN, "nf-1"), (OWN, "nf-9"), (OWN, None)}
        assert not leaks(repr(rows).encode())
        assert view.notices(who, NoticeQuery(notice_ids=(f"{OTHER}-N1", "canary-1"))).rows == ()
        (own,) = view.reporters(who, AT)
        assert (own.brand_id, own.filed, own.reliability) == (OWN, 3, 0.75)
        before = repr((rows, own))
    with open_docket(world.url) as docket:
        file_notices(docket, OTHER, [NoticeDraft(OTHER, None, store(2))] * 3, ANN)
        for n in range(1, 4):
            decide_notice(docket, NoticeDecision(f"{OTHER}-N{n}", NoticeAct.REJECT, "canary"), ANN) if n < 3 else None
    with world.view() as view:
        assert repr((view.notices(who, NoticeQuery()).rows, *view.reporters(who, AT))) == before
        assert view.reporters(partner(world, "no notices"), AT)[0].filed == 0


FILE = """mutation($i:FileNoticeInput!){fileNotice(input:$i){
  ...on FileNoticeSuccess{notices{noticeId brandId listingId storeId kind state files}} ...on UserError{code}}}"""
ACT = """mutation($i:DecideNoticeInput!){%sNotice(input:$i){
  ...on NoticeSuccess{notice{noticeId state reason}} ...on UserError{code}}}"""
LIST = """query($s:NoticeState,$o:Boolean!,$a:String){notices(state:$s,overdue:$o,first:1,after:$a){
  nodes{noticeId storeId} pageInfo{hasNextPage endCursor}}}"""


def test_notices_over_graphql(world):
    """Filed by a partner for its brand and withdrawn, decided by an investigator; each role gets what it may."""
    keys = {}
    with open_docket(world.url) as docket:
        for role, brand in ((ActorRole.INVESTIGATOR, None), (ActorRole.APPROVER, None), (ActorRole.PARTNER, OWN)):
            keys[role.value] = add_actor(docket, ActorInput(role.value, role, brand), Hand("owner", AT))[1]
    listing = {"brandId": OWN, "kind": "TEST_BUY", "listingIds": ["nf-1"], "files": [DIGEST]}
    with Client(world.url, keys) as client:
        (own,) = client.ask("partner", FILE, i=listing)["notices"]
        assert own["storeId"].startswith("store")
        assert own | {"storeId": ""} == {
            "noticeId": "NF-N1", "brandId": OWN, "listingId": "nf-1", "storeId": "", "kind": "test_buy",
            "state": "FILED", "files": [DIGEST],
        }  # fmt: skip
        codes = [
            client.ask("partner", FILE, i=listing | given)["code"]
            for given in (
                {"listingIds": ["L-canary-10"]}, {"listingIds": ["nothing"]}, {"brandId": OTHER}, {"files": ["x"]},
                {"listingIds": []},
            )
        ]  # fmt: skip
        assert codes == [
            "NOTICE_TARGET_NOT_FOUND", "NOTICE_TARGET_NOT_FOUND", "OTHER_BRAND", "INVALID_NOTICE", "INVALID_NOTICE",
        ]  # fmt: skip
        asked = {"noticeId": "NF-N1", "reason": "a fake"}
        for verb in ("uphold", "reject", "counter"):
            assert client.code("partner", ACT % verb, i=asked) == (200, "FORBIDDEN")
            assert client.code("approver", ACT % verb, i=asked) == (200, "FORBIDDEN")
        done = {"notice": {"noticeId": "NF-N1", "state": "UPHELD", "reason": "a fake"}}
        assert client.ask("investigator", ACT % "uphold", i=asked) == done
        assert client.ask("investigator", ACT % "uphold", i=asked) == {"code": "NOTICE_STATE"}
        other = {"brandId": OTHER, "kind": "NOTICE", "storeId": store(1)}
        assert client.ask("investigator", FILE, i=other)["notices"][0]["noticeId"] == f"{OTHER}-N1"
        for name in (f"{OTHER}-N1", "NF-N7", "canary-1"):
            hidden = {"noticeId": name, "reason": "x"}
            assert client.ask("partner", ACT % "withdraw", i=hidden) == {"code": "NOTICE_NOT_FOUND"}
        withdrawn = client.ask("partner", ACT % "withdraw", i=asked)
        assert withdrawn["notice"]["state"] == "WITHDRAWN"
        page = client.ask("partner", LIST, s="WITHDRAWN", o=False)
        assert ([row["noticeId"] for row in page["nodes"]], page["pageInfo"]["hasNextPage"]) == (["NF-N1"], False)
        assert client.ask("investigator", LIST, o=False)["pageInfo"]["hasNextPage"]
        told = "{reporters{brandId filed throttled target}}"
        assert client.ask("partner", told) == [{"brandId": OWN, "filed": 1, "throttled": False, "target": None}]
        assert [row["brandId"] for row in client.ask("approver", told)] == [OTHER, OWN]
