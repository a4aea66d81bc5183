"""What loading does to the graph, whichever database keeps it."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from ringwatch.model.errors import ConfigError, InputError, RetryableError
from ringwatch.model.kinds import REGISTRY, Exclusivity, Family, Kind
from ringwatch.model.snapshot import NEVER
from ringwatch.model.visibility import FULL

EARLY, LATE = datetime(1969, 7, 20, 20, 17, tzinfo=UTC), datetime(2024, 5, 1, 23, 59, tzinfo=UTC)


def day(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=1)


def use(holder_id: str, value: str = "+4915112345678", **others):
    return {"holder_id": holder_id, "kind": "phone", "value": value, **others}


SELLERS = [{"seller_id": seller_id} for seller_id in "abc"]


def snapshot(graph):
    with graph.view() as view:
        return view.snapshot(FULL, graph.now)


def links(graph) -> list[tuple[str, str]]:
    found = snapshot(graph)
    values = [v for v in range(found.n_values) for _ in range(found.value_start[v], found.value_start[v + 1])]
    sellers = found.seller_ids.to_pylist()
    return [(found.value_text[v].as_py(), sellers[s]) for v, s in zip(values, found.link_seller.tolist(), strict=True)]


def test_a_value_of_a_store_counts_for_its_seller(graph):
    stores = [{"store_id": "b1", "seller_id": "b"}]
    graph.load({"sellers": SELLERS, "stores": stores, "uses": [use("a"), use("b1"), use("b")]})
    assert links(graph) == [("+4915112345678", "a"), ("+4915112345678", "b")]


def test_a_value_of_one_seller_alone_is_counted_only(graph):
    graph.load({"sellers": SELLERS, "uses": [use("a"), use("b", "+491"), use("b", "+492")]})
    found = snapshot(graph)
    assert (found.n_values, found.n_own.tolist()) == (0, [[1], [2], [0]])


def test_an_unfinished_load_is_completed_by_the_same_rows(graph):
    """Whatever an interrupted load wrote, the same rows loaded again give the graph of one load."""
    marks = []
    with graph.view() as view:
        marks.append(view.load_mark(FULL))
    with graph.writer() as writer:
        load = writer.begin_load("shop", graph.now, full=True)
        writer.write(load, "sellers", graph.batch("sellers", SELLERS[:2]))
        other = writer.begin_load("files", LATE, full=False)
    with graph.view() as view:
        assert [(one.source, one.begun_at) for one in view.open_loads(FULL)] == [("shop", graph.now), ("files", LATE)]
        marks.append(view.load_mark(FULL))
    graph.load({"sellers": SELLERS, "uses": [use("a"), use("c")]}, full=True)
    with graph.writer() as writer:
        writer.finish_load(other, graph.now)
    with graph.view() as view:
        assert view.open_loads(FULL) == []
        marks.append(view.load_mark(FULL))
    assert [mark[1] for mark in marks] == [0, 2, 0]
    assert len(set(marks)) == 3
    assert links(graph) == [("+4915112345678", "a"), ("+4915112345678", "c")]


def test_a_load_that_was_taken_over_writes_nothing_more(graph):
    with graph.writer() as writer:
        former = writer.begin_load("shop", graph.now, full=False)
        writer.begin_load("shop", graph.now, full=False)
        with pytest.raises(RetryableError, match="another load"):
            writer.write(former, "sellers", graph.batch("sellers", SELLERS))
        with pytest.raises(ConfigError, match="no such load"):
            writer.write(99, "sellers", graph.batch("sellers", SELLERS))
    with graph.view() as view:
        assert view.counts(FULL)["sellers"] == 0


def test_within_a_load_the_greatest_of_each_column_stands_in_any_order_and_split(graph):
    rows = [
        {"seller_id": "a", "name": "Anna", "country": None},
        {"seller_id": "a", "name": None, "country": "DE"},
        {"seller_id": "a", "name": "Bert", "country": "CN"},
    ]
    graph.load({"sellers": [{"seller_id": "a", "name": "Zoe", "status": "open"}]})
    for order in itertools.permutations(rows):
        for cut in range(len(rows) + 1):
            with graph.writer() as writer:
                load = writer.begin_load("shop", graph.now, full=False)
                for part in (order[:cut], order[cut:]):
                    writer.write(load, "sellers", graph.batch("sellers", part))
                writer.finish_load(load, graph.now)
            with graph.view() as view:
                seller = view.sellers(FULL, ["a"])["a"]
            assert (seller.name, seller.country, seller.status) == ("Bert", "DE", "open")


def test_a_later_load_updates_and_what_it_does_not_give_stays(graph):
    graph.load({"sellers": [{"seller_id": "a", "name": "Zoe", "country": "DE"}]})
    graph.load({"sellers": [{"seller_id": "a", "name": "Anna"}]})
    with graph.view() as view:
        assert (view.sellers(FULL, ["a"])["a"].name, view.sellers(FULL, ["a"])["a"].country) == ("Anna", "DE")


def test_the_earliest_first_and_the_latest_last_day_stand(graph):
    """Also over loads and sources, and before 1970."""
    graph.load({"sellers": SELLERS, "uses": [use("a", first_seen_at=LATE, last_seen_at=EARLY), use("b")]})
    graph.load({"uses": [use("a", first_seen_at=EARLY, last_seen_at=LATE)]}, source="other")
    found = snapshot(graph)
    assert found.link_first_day.tolist() == [day(EARLY), NEVER]
    assert found.link_last_day.tolist() == [day(LATE), NEVER]


def test_purposes_are_kept_by_code_and_the_greatest_stands(graph):
    graph.load({"sellers": SELLERS, "uses": [use("a", purpose="return"), use("b"), use("c", purpose="registered")]})
    graph.load({"uses": [use("c", purpose="warehouse")]}, source="other")
    found = snapshot(graph)
    assert found.purposes == ("registered", "return", "warehouse")
    assert found.link_purpose.tolist() == [1, -1, 2]


def test_a_full_load_retires_what_it_does_not_see_until_seen_again(graph):
    everything = {
        "sellers": SELLERS,
        "stores": [{"store_id": "a1", "seller_id": "a"}],
        "listings": [{"listing_id": "l1", "store_id": "a1"}],
        "uses": [use("a1"), use("b"), use("c")],
    }
    graph.load(everything)
    retired = graph.load({"sellers": SELLERS, "uses": [use("b"), use("c")]}, full=True)
    assert dict(retired) == {"stores": 1, "listings": 1, "uses": 1, "authorisations": 0}
    assert links(graph) == [("+4915112345678", "b"), ("+4915112345678", "c")]
    assert snapshot(graph).n_stores.tolist() == snapshot(graph).n_listings.tolist() == [0, 0, 0]
    graph.load(everything, full=True)
    assert len(links(graph)) == 3
    assert snapshot(graph).n_listings.tolist() == [1, 0, 0]


def test_a_full_load_takes_nothing_from_another_source(graph):
    graph.load({"sellers": SELLERS, "uses": [use("a"), use("b")]}, source="one")
    graph.load({"uses": [use("a"), use("c")]}, source="two")
    graph.load({"sellers": SELLERS, "uses": []}, source="one", full=True)
    assert links(graph) == [("+4915112345678", "a"), ("+4915112345678", "c")]


def test_a_reference_to_nothing_stops_the_batch(graph):
    """The message names the table, the id and what it should have been; nothing of the batch is written."""
    with pytest.raises(InputError, match="uses: 'zz' is not among the holders"):
        graph.load({"sellers": SELLERS, "uses": [use("a"), use("zz")]})
    with pytest.raises(InputError, match="stores: 'zz' is not among the sellers"):
        graph.load({"stores": [{"store_id": "s", "seller_id": "zz"}]})
    with graph.view() as view:
        assert (view.counts(FULL)["uses"], view.counts(FULL)["stores"], view.counts(FULL)["sellers"]) == (0, 0, 3)


def test_sellers_and_stores_share_one_name_space(graph):
    graph.load({"sellers": SELLERS, "stores": [{"store_id": "s", "seller_id": "a"}]})
    with pytest.raises(InputError, match="'s' is the id of a store already"):
        graph.load({"sellers": [{"seller_id": "s"}]})
    with pytest.raises(InputError, match="'b' is the id of a seller already"):
        graph.load({"stores": [{"store_id": "b", "seller_id": "a"}]})


@pytest.mark.parametrize(
    "text",
    [
        'quo"te',
        "back\\slash",
        "new\nline",
        "\u202e right",
        "\U0001d538stral \U0001f3ea",
        "'; DROP TABLE seller; --",
        " ",
    ],
)
def test_any_text_comes_back_as_it_went_in(graph, text):
    uses = [use("a", text), use(text + "2", text)]
    graph.load({"sellers": [{"seller_id": "a", "name": text}, {"seller_id": text + "2"}], "uses": uses})
    with graph.view() as view:
        assert view.sellers(FULL, ["a"])["a"].name == text
        assert view.snapshot(FULL, graph.now).value_text.to_pylist() == [text]


def test_a_nul_in_a_key_is_refused(graph):
    """Two keys that differ after a NUL would be one to a database that ends texts there."""
    with pytest.raises(InputError, match="NUL"):
        graph.load({"sellers": [{"seller_id": "a\0b"}]})


def test_kinds_that_nobody_declared_are_met_while_loading(graph):
    graph.load({"sellers": SELLERS, "uses": [{**use("a"), "kind": "other:horoscope"}]})
    with graph.view() as view:
        assert view.registry(FULL)["other:horoscope"].family is Family.OTHER
        assert "other:horoscope" in view.registry(FULL)
        assert set(view.registry(FULL).kinds) == {*REGISTRY.kinds, "other:horoscope"}


def test_a_declared_kind_is_kept_and_replaced(graph):
    mine = Kind("line_id", Family.CONTACT, "handle", Exclusivity.PERSONAL, ("agency",), is_personal=True)
    with graph.writer() as writer:
        writer.declare_kinds([Kind("line_id", Family.WEB, "token", Exclusivity.SHARED)])
        writer.declare_kinds([mine])
    graph.load({"sellers": SELLERS, "uses": [{**use("a"), "kind": "line_id"}]})
    with graph.view() as view:
        assert view.registry(FULL)["line_id"] == mine


def test_brands_are_matched_by_id_name_or_alias_whenever_they_come(graph):
    """NFKC and case aside; a listing loaded before its brand is matched too."""
    listings = [
        {"listing_id": str(i), "store_id": "a1", "brand": brand}
        for i, brand in enumerate(["\uff2eORDFELL", "b-2", "kronos watches", "nobody", None])
    ]
    stores = [{"store_id": "a1", "seller_id": "a"}]
    graph.load({"sellers": SELLERS, "stores": stores, "listings": listings})
    brands = [
        {"brand_id": "b-1", "name": "Nordfell"},
        {"brand_id": "b-2", "name": "Other"},
        {"brand_id": "b-3", "name": "Kronos", "aliases": "KW; Kronos Watches"},
    ]
    graph.load({"brands": brands, "authorisations": [{"brand_id": "b-2", "seller_id": "c", "valid_to": EARLY}]})
    graph.load({"authorisations": [{"brand_id": "b-3", "seller_id": "b", "valid_from": EARLY}]})
    found = snapshot(graph)
    assert found.brand_ids == ("b-1", "b-2", "b-3")
    assert (found.listed_seller.tolist(), found.listed_brand.tolist()) == ([0, 0, 0], [0, 1, 2])
    assert (found.authorised_seller.tolist(), found.authorised_brand.tolist()) == ([1], [2])
    assert found.n_listings.tolist() == [5, 0, 0]


def test_notices_count_once_each_by_outcome(graph):
    notices = [
        {"notice_id": "1", "brand_id": "b", "listing_id": "l", "outcome": "upheld"},
        {"notice_id": "2", "brand_id": "b", "store_id": "a1", "kind": "test_buy", "outcome": "upheld"},
        {"notice_id": "3", "brand_id": "b", "store_id": "a1", "kind": "counter_notice", "outcome": "upheld"},
        {"notice_id": "4", "brand_id": "b", "store_id": "a1", "outcome": "withdrawn"},
        {"notice_id": "5", "brand_id": "b", "store_id": "a1"},
        {"notice_id": "6", "brand_id": "b"},
    ]
    graph.load(
        {
            "brands": [{"brand_id": "b", "name": "B"}],
            "sellers": SELLERS,
            "stores": [{"store_id": "a1", "seller_id": "a"}],
            "listings": [{"listing_id": "l", "store_id": "a1"}],
            "notices": notices,
        }
    )
    found = snapshot(graph)
    assert (found.n_upheld[0], found.n_rejected[0], found.n_pending[0]) == (2, 1, 1)
    graph.load({"notices": [{**notices[4], "outcome": "upheld"}]})
    assert (snapshot(graph).n_upheld[0], snapshot(graph).n_pending[0]) == (3, 0)


def test_a_seller_is_closed_by_its_status_or_with_its_last_store(graph):
    stores = [
        {"store_id": "b1", "seller_id": "b", "status": "Suspended"},
        {"store_id": "b2", "seller_id": "b", "closed_at": EARLY},
        {"store_id": "c1", "seller_id": "c", "status": "closed"},
        {"store_id": "c2", "seller_id": "c"},
    ]
    graph.load({"sellers": [{"seller_id": "a", "status": "banned"}, *SELLERS[1:]], "stores": stores})
    assert snapshot(graph).is_closed.tolist() == [True, True, False]


def test_a_store_may_move_to_another_seller_with_its_values(graph):
    graph.load({"sellers": SELLERS, "stores": [{"store_id": "s", "seller_id": "a"}], "uses": [use("s"), use("c")]})
    graph.load({"stores": [{"store_id": "s", "seller_id": "b"}]})
    assert links(graph) == [("+4915112345678", "b"), ("+4915112345678", "c")]


def test_an_empty_batch_is_no_fault(graph):
    with graph.writer() as writer:
        load = writer.begin_load("shop", graph.now, full=True)
        for table in ("sellers", "stores", "listings", "uses", "brands", "authorisations", "notices", "exemptions"):
            assert writer.write(load, table, graph.batch(table, [])) == 0
        writer.finish_load(load, graph.now)
    assert snapshot(graph).n_sellers == 0
