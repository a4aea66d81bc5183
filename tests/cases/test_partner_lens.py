"""Through a partner's eyes: what is in sight, under which names, and that nothing else can be told from it."""

import dataclasses
import math
from operator import attrgetter

import pytest
from tests.support import partner_world
from tests.support.partner_world import (
    AT,
    OTHER,
    OWN,
    everything,
    leaks,
    other_listing,
    own_listing,
    seller,
    store,
    tables,
)

from ringwatch.alliance.lens import visibility_of
from ringwatch.db.open import open_docket
from ringwatch.db.settings import PSEUDONYM_KEY
from ringwatch.db.view import ORDERS, Hidden, RingQuery
from ringwatch.model.enforcement import Actor
from ringwatch.model.errors import RefusedError
from ringwatch.model.rings import Role, Tier
from ringwatch.model.visibility import FULL, ActorRole, Visibility


def partner(graph, brand_id: str = OWN) -> Visibility:
    actor = Actor("p", ActorRole.PARTNER, brand_id, "", "", "", AT)
    with open_docket(graph.url) as docket:
        return visibility_of(actor, docket)


@pytest.fixture
def world(graph):
    with graph.writer() as writer:
        partner_world.fill(writer)
    return graph


def test_a_partner_sees_the_rings_that_list_its_brand(world):
    """However the listing writes the brand; its listings in full; members, stores and values under other names."""
    who = partner(world)
    with world.view() as view:
        rings = view.rings(who, RingQuery()).rows
        assert [(ring.tier, ring.n_sellers, ring.link_score) for ring in rings] == [
            (Tier.CLOSE, 3, 0.9),
            (Tier.REVIEW, 2, 0.9),
        ]
        listings = view.own_listings(who, rings[0].ring_id)
        assert [row.listing_id for row in listings] == ["nf-1", "nf-2", "nf-3"]
        assert attrgetter("title", "url")(listings[0]) == ("Nordfell parka 1", "https://market.example/1")
        assert listings[2].removed_at == AT
        members = view.members(who, rings[0].ring_id).rows
        assert {row.seller_id for row in listings} < {member.seller_id for member in members}
        stores = view.stores_of(who, [member.seller_id for member in members])
        assert {row.store_id for row in listings} <= {row.store_id for row in stores}
        assert {member.role for member in members} <= {Role.CORE, Role.EXTENDED}
        assert view.hidden(who, rings[0].ring_id) == Hidden(n_listings=3, n_brands=0)
        assert view.hidden(who, rings[1].ring_id) == Hidden(0, 0)
        values = view.ring_values(who, rings[0].ring_id)
        assert {value.kind for value in values} == {"phone", "account", "address", "image_hash", "other:loyalty_card"}
        assert {value.n_holders for value in values} == {3}


def test_nothing_that_a_partner_is_told_holds_what_it_may_not_see(world):
    """Nor does a brand that nobody lists, or that is not there, see anything at all."""
    who = partner(world)
    with world.view() as view:
        told = everything(view, who)
        shown = {name: repr(answer) for name, answer in told.items()}
        assert {name: found for name, answer in shown.items() if (found := leaks(answer.encode()))} == {}
        assert "nf-1" in shown["search"]
        nobody = everything(view, partner(world, "no such brand"))
        assert nobody["rings"]["tier"].rows == ()
        assert nobody["counts"] == {"rings": 0, "sellers": 0, "stores": 0, "listings": 0}


def test_the_names_of_two_partners_cannot_be_joined(world):
    """Nothing that names something in a ring of both stands in what both are told; and each name is lasting."""
    names = []
    with world.view() as view:
        for brand_id in (OWN, OTHER, OWN):
            who = partner(world, brand_id)
            rings = view.rings(who, RingQuery()).rows
            members = [m.seller_id for ring in rings for m in view.members(who, ring.ring_id).rows]
            stores = [row.store_id for row in view.stores_of(who, members)]
            values = [value.value for ring in rings for value in view.ring_values(who, ring.ring_id)]
            names.append({*(ring.ring_id for ring in rings), *members, *stores, *values})
    assert names[0] == names[2]
    assert names[0].isdisjoint(names[1])


def test_what_is_hidden_and_what_is_not_there_are_answered_alike(world):
    """A ring and a seller of others, one's own by their real ids, another partner's pseudonyms, and nonsense."""
    who = partner(world)
    with world.view() as view:
        theirs = partner(world, OTHER)
        ring = view.rings(theirs, RingQuery()).rows[0].ring_id
        member = view.members(theirs, ring).rows[0].seller_id
        for name in ("R-canary-other", "R-canary-shared", ring, "ring-aaaaaaaaaa", ""):
            assert view.ring(who, name) is None
            assert view.members(who, name).rows == ()
            assert view.evidence(who, name) == {}
            assert view.ring_values(who, name) == ()
            assert view.own_listings(who, name) == []
            assert view.hidden(who, name) == Hidden(0, 0)
            assert view.behind(who, name) is None
            assert view.rings_by_id(who, [name]) == {}
            assert view.search(who, name, 5).rows == ()
        for name in (seller(4), seller(1), member, "seller-aaaaaaaaaa"):
            assert view.sellers(who, [name]) == {}
            assert view.ring_of(who, [name]) == {}
            assert list(view.stores_of(who, [name])) == []
            assert view.behind(who, name) is None


def test_a_pseudonym_leads_back_to_what_is_behind_it(world):
    """For what is kept of a partner's act; a listing of its own goes by its own id."""
    who = partner(world)
    with world.view() as view:
        ring = view.rings(who, RingQuery()).rows[0].ring_id
        listing = view.own_listings(who, ring)[0]
        assert view.behind(who, ring) == ("ring", "R-canary-shared")
        assert view.behind(who, listing.store_id) == ("store", store(1))
        assert view.behind(who, listing.seller_id) == ("seller", seller(1))
        assert view.behind(who, "nf-1") == ("listing", "nf-1")
        assert view.behind(who, "L-canary-1") is None
        assert view.behind(FULL, ring) is None


def test_fewer_than_three_things_of_others_change_nothing(graph):
    """What a partner is told stays the same where others' listings come and go below the bucket; at it, it tells so."""
    few = tables()
    few["listings"] = [row for row in few["listings"] if row["listing_id"].startswith("nf-")]
    with graph.writer() as writer:
        partner_world.fill(writer, few)
    told = []
    for extra in ([], [other_listing(1, store(6), "Canaryotter"), other_listing(2, store(1), None)]):
        graph.load({"listings": extra})
        with graph.view() as view:
            told.append(repr(everything(view, partner(graph))))
    assert told[0] == told[1]
    graph.load({"listings": [other_listing(n, store(6), "Canaryotter") for n in (3, 4)]})
    with graph.view() as view:
        assert repr(everything(view, partner(graph))) != told[0]


def shown(rows):
    """Return rows of rings or members as they are written: scores that partners are not shown are equal to nothing."""
    assert all(math.isnan(row.infringement_score) for row in rows)
    return [repr(row) for row in rows]


def test_pages_follow_each_other_in_every_order(world):
    """Rings, members and hits page by page are those of one page; a page ends with a cursor made of what is shown."""
    who = partner(world)
    with world.view() as view:
        for order in ORDERS:
            first = view.rings(who, RingQuery(order=order, first=1))
            rest = view.rings(who, RingQuery(order=order, after=first.cursors[0]))
            assert first.has_next
            assert shown(first.rows + rest.rows) == shown(view.rings(who, RingQuery(order=order)).rows)
        ring = view.rings(who, RingQuery(tiers=(Tier.CLOSE,), min_sellers=3)).rows[0].ring_id
        page = view.members(who, ring, 2)
        following = view.members(who, ring, 2, page.cursors[-1])
        assert shown(page.rows + following.rows) == shown(view.members(who, ring).rows)
        hits = view.search(who, "ring-", 1)
        assert hits.rows + view.search(who, "ring-", 9, hits.cursors[0]).rows == view.search(who, "ring-", 9).rows


def test_the_secret_is_made_once_and_shown_to_nobody(world):
    """Also not to who sees everything; and another database has another."""
    keys = {partner(world).lens.key for _ in range(2)}
    assert len(keys) == 1
    assert keys.isdisjoint({partner(world, OTHER).lens.key})
    assert keys.pop().hex() not in repr(partner(world))
    with world.view() as view, pytest.raises(RefusedError):
        view.setting(dataclasses.replace(FULL, role=ActorRole.PARTNER), PSEUDONYM_KEY)
    with world.view() as view:
        assert view.setting(FULL, PSEUDONYM_KEY) is None


def test_a_listing_of_the_brand_brings_a_ring_into_sight_and_its_end_takes_it_out(world):
    """At once, without another run; a notice of the brand does not."""
    notice = {"notice_id": "n", "brand_id": OWN, "store_id": store(4), "kind": "notice", "outcome": "upheld"}
    world.load({"notices": [notice]})
    who = partner(world)
    with world.view() as view:
        assert len(view.rings(who, RingQuery()).rows) == 2
        world.load({"listings": [own_listing(5, store(4), "nfl")]}, source="more", full=True)
        assert len(view.rings(who, RingQuery()).rows) == 3
        world.load({"listings": [own_listing(6, store(1), "nfl")]}, source="more", full=True)
        assert len(view.rings(who, RingQuery()).rows) == 2
