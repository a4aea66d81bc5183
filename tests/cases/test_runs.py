"""Runs of detection: kept whole, read back bit by bit, paged in a total order."""

import math
from dataclasses import replace

import pytest

from ringwatch.db.view import RingQuery
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import Detection, Evidence, Fit, Hub, HubGround, Member, Ring, RingValue, Role, Tier
from ringwatch.model.visibility import FULL, ActorRole, Visibility

pytestmark = pytest.mark.usefixtures("filled")

SELLERS = [f"s{i:02}" for i in range(30)]


def member(seller_id: str, tier: Tier = Tier.CLOSE, score: float = 0.1 + 0.2, fellows: tuple[str, ...] = ()) -> Member:
    parts = (
        Evidence("phone", "contact", "+4915112345678", 7, fellows, 1 / 3),
        Evidence("account", "payout", "hmac:0f", 2, fellows[:1], math.nextafter(1.0, 2.0)),
        Evidence("prior", "other", "", 0, (), -5e-324),
    )
    return Member(seller_id, tier, Role.CORE, score, math.log(3), math.pi / 10, parts, True, "one family only")


def ring(ring_id: str, sellers: list[str], tier: Tier = Tier.CLOSE, score: float = 0.5) -> Ring:
    members = tuple(
        member(seller_id, tier, score, tuple(s for s in sellers if s != seller_id)) for seller_id in sellers
    )
    values = (
        RingValue("phone", "contact", "+4915112345678", 7, False),
        RingValue("ip", "access", "10.0.0.1", 99, True),
    )
    return Ring(ring_id, tier, score, 0.25, members, values)


def detection(graph, *rings: Ring) -> Detection:
    hubs = (Hub("ip", "10.0.0.1", 99, "no second family ties its holders"),)
    return Detection(rings, hubs, Fit(30, {"weights": {"phone": [0.1, 1e-17, 3]}, "note": "ü"}), graph.now)


def save(graph, run_id: str, *rings: Ring) -> None:
    with graph.writer() as writer:
        writer.save_run(run_id, detection(graph, *rings), graph.now)


@pytest.fixture
def filled(graph):
    graph.load({"sellers": [{"seller_id": seller_id} for seller_id in SELLERS]})
    return graph


def test_before_the_first_run_there_is_nothing(graph):
    with graph.view() as view:
        assert view.run(FULL) is None
        assert view.fit(FULL) is None
        assert view.rings(FULL, RingQuery()).rows == ()
        assert view.ring(FULL, "R1") is None
        assert view.evidence(FULL, "R1") == {}


def test_hubs_come_back_whole_most_holders_first(graph):
    """Of the current run alone, with ground and suggestion; those who may not see personal values read masks."""
    hubs = (
        Hub("ip", "10.0.0.1", 7, "another family ties 0", HubGround.HUB, "office"),
        Hub("phone", "+4915112345678", 99, "a placeholder", HubGround.JUNK, "placeholder"),
        Hub("address", "dock", 7, "too many", HubGround.UNLISTED),
    )
    save(graph, "run-1")
    with graph.writer() as writer:
        writer.save_run("run-2", replace(detection(graph), hubs=hubs), graph.now)
    with graph.view() as view:
        assert view.hubs(FULL) == [hubs[1], hubs[2], hubs[0]]
        masked = view.hubs(Visibility(ActorRole.INVESTIGATOR, personal_values=False))
        assert [hub.value for hub in masked] == ["+49 ••• 5678", "dock", "10.0.0.1"]


def test_a_run_comes_back_bit_by_bit(graph):
    """Members, evidence in its order, values, the fit: equal to what was kept, every float to its last bit."""
    kept = ring("R1", SELLERS[:5])
    save(graph, "run-1", kept)
    with graph.view() as view:
        members = view.members(FULL, "R1").rows
        evidence = view.evidence(FULL, "R1")
        for row, whole in zip(members, kept.members, strict=True):
            assert evidence[row.seller_id] == whole.evidence
            again = Member(
                row.seller_id, row.tier, row.role, row.link_score, row.log_odds, row.infringement_score,
                whole.evidence, row.is_fragile, row.why_not_closer,
            )  # fmt: skip
            assert again == whole
        assert view.ring_values(FULL, "R1") == kept.values
        assert view.fit(FULL) == detection(graph).fit
        assert view.run(FULL).run_id == "run-1"
        assert view.run(FULL).n_sellers == len(SELLERS)
        assert list(view.evidence(FULL, "R1", ["s03", "nobody"])) == ["s03"]


def test_the_next_run_takes_the_place_of_the_former_whole(graph):
    save(graph, "run-1", ring("R1", SELLERS[:5]), ring("R2", SELLERS[5:9]))
    save(graph, "run-2", ring("R2", SELLERS[5:8]), ring("R3", SELLERS[9:12]))
    with graph.view() as view:
        assert [row.ring_id for row in view.rings(FULL, RingQuery()).rows] == ["R2", "R3"]
        assert {row.ring_id for row in view.all_members(FULL)} == {"R2", "R3"}
        assert len(view.all_members(FULL)) == 6
        assert view.run(FULL).run_id == "run-2"


def test_a_run_that_fails_leaves_the_former(graph):
    """A ring of a seller that is not there cannot be kept; then nothing of the run is."""
    save(graph, "run-1", ring("R1", SELLERS[:5]))
    with pytest.raises(Exception, match=r"FOREIGN KEY|insert_member placed"):
        save(graph, "run-2", ring("R2", SELLERS[:3]), ring("R3", ["nobody", "noone"]))
    with graph.view() as view:
        assert view.run(FULL).run_id == "run-1"
        assert [row.ring_id for row in view.all_members(FULL)] == ["R1"] * 5


@pytest.mark.parametrize("order", ["tier", "link", "infringement", "size", "priority"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_pages_tile_the_list_in_every_order(graph, order, size):
    """Pages one after the other are the list without pages: nothing twice, nothing left out, ties included."""
    tiers = [Tier.LEAD, Tier.CLOSE, Tier.REVIEW]
    rings = [ring(f"R{i}", SELLERS[: 2 + i % 3], tiers[i % 3], [0.5, 0.1 + 0.2][i % 2]) for i in range(9)]
    save(graph, "run", *rings)
    with graph.view() as view:
        whole = view.rings(FULL, RingQuery(order=order)).rows
        found, after, has_next = [], None, True
        while has_next:
            page = view.rings(FULL, RingQuery(order=order, first=size, after=after))
            found += page.rows
            after, has_next = page.cursors[-1], page.has_next
    assert tuple(found) == whole
    keys = {
        "tier": lambda row: (list(Tier).index(row.tier), -row.link_score, row.ring_id),
        "link": lambda row: (-row.link_score, list(Tier).index(row.tier), row.ring_id),
        "infringement": lambda row: (-row.infringement_score, list(Tier).index(row.tier), row.ring_id),
        "size": lambda row: (-row.n_sellers, list(Tier).index(row.tier), row.ring_id),
        "priority": lambda row: (
            -row.infringement_score * row.infringement_score * row.n_sellers,
            list(Tier).index(row.tier),
            row.ring_id,
        ),
    }
    assert list(whole) == sorted(whole, key=keys[order])


def test_rings_are_filtered_by_tier_and_size(graph):
    save(
        graph, "run", ring("R1", SELLERS[:2]), ring("R2", SELLERS[:4], Tier.LEAD), ring("R3", SELLERS[:5], Tier.REVIEW)
    )
    with graph.view() as view:
        tiers = RingQuery(tiers=(Tier.CLOSE, Tier.LEAD))
        assert [row.ring_id for row in view.rings(FULL, tiers).rows] == ["R1", "R2"]
        assert [row.ring_id for row in view.rings(FULL, RingQuery(min_sellers=4)).rows] == ["R3", "R2"]
        assert view.rings(FULL, replace(tiers, first=1)).has_next
        assert view.rings(FULL, replace(tiers, first=0)).rows == ()


@pytest.mark.parametrize(
    "cursor", ["", "x", "WyJ0aWVyIl0", "é", "W10", "bnVsbA", "A" * 10_000, "WyJsaW5rIiwwLDAsIlIxIl0"]
)
def test_a_cursor_that_is_not_ours_is_refused(graph, cursor):
    """Also the cursor of another order."""
    save(graph, "run", ring("R1", SELLERS[:2]))
    with graph.view() as view:
        with pytest.raises(ConfigError, match="cursor"):
            view.rings(FULL, RingQuery(after=cursor))
        with pytest.raises(ConfigError, match="cursor"):
            view.members(FULL, "R1", 5, cursor)
        with pytest.raises(ConfigError, match="cursor"):
            view.search(FULL, "s", 5, cursor)


def test_an_order_that_is_none_and_a_negative_first_are_refused(graph):
    with graph.view() as view:
        with pytest.raises(ConfigError, match="order: 'age'"):
            view.rings(FULL, RingQuery(order="age"))
        with pytest.raises(ConfigError, match="first: -1"):
            view.members(FULL, "R1", -1)


def test_members_are_paged_by_seller(graph):
    save(graph, "run", ring("R1", SELLERS[:7]))
    with graph.view() as view:
        first = view.members(FULL, "R1", 4)
        rest = view.members(FULL, "R1", 4, first.cursors[-1])
    assert [row.seller_id for row in first.rows + rest.rows] == SELLERS[:7]
    assert (first.has_next, rest.has_next) == (True, False)


def test_a_seller_in_two_rings_belongs_to_the_surer(graph):
    save(graph, "run", ring("R1", SELLERS[:3], score=0.6), ring("R2", SELLERS[2:5], score=0.9))
    with graph.view() as view:
        assert view.ring_of(FULL, [*SELLERS[1:4], "nobody"]) == {"s01": "R1", "s02": "R2", "s03": "R2"}


def test_many_at_once_are_what_one_by_one_is(graph):
    """Rings, first members and evidence of a list of rings: the same as asked for each; unknown ids have no entry."""
    save(graph, "run", ring("R1", SELLERS[:3]), ring("R2", SELLERS[3:9]))
    with graph.view() as view:
        assert view.rings_by_id(FULL, ["R2", "R9"]) == {"R2": view.ring(FULL, "R2")}
        pages = view.members_of(FULL, ["R1", "R2", "R9"], 4)
        assert pages == {ring_id: view.members(FULL, ring_id, 4) for ring_id in ("R1", "R2")}
        parts = view.evidence_of(FULL, [("R1", "s01"), ("R2", "s04"), ("R2", "s01")])
        assert set(parts) == {("R1", "s01"), ("R2", "s04")}
        whole = view.evidence(FULL, "R1")["s01"]
        assert parts["R1", "s01"] == tuple(replace(part, sellers=()) for part in whole)
