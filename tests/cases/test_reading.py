"""What reads answer beside rings: counts, known ids, sellers, settings, exemptions."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from ringwatch.db.writer import ExemptionInput
from ringwatch.model.visibility import FULL

PHONE = {"kind": "phone", "value": "+4915112345678"}
TABLES = {
    "brands": [{"brand_id": "b", "name": "B"}],
    "sellers": [{"seller_id": "a", "name": "Anna", "country": "DE"}, {"seller_id": "c"}],
    "stores": [{"store_id": "a1", "seller_id": "a"}, {"store_id": "a2", "seller_id": "a"}],
    "listings": [{"listing_id": "l1", "store_id": "a1"}, {"listing_id": "l2", "store_id": "a2"}],
    "uses": [{"holder_id": "a1", **PHONE}, {"holder_id": "c", **PHONE}, {"holder_id": "c", **PHONE, "value": "+491"}],
    "authorisations": [{"brand_id": "b", "seller_id": "c"}],
    "notices": [{"notice_id": "n", "brand_id": "b", "store_id": "a1"}],
    "exemptions": [{**PHONE, "reason": "office"}],
}


def test_counts_say_what_stands(graph):
    graph.load(TABLES)
    with graph.view() as view:
        assert view.counts(FULL) == {
            "sellers": 2, "stores": 2, "listings": 2, "values": 2, "uses": 3, "brands": 1, "authorisations": 1,
            "notices": 1, "exemptions": 1, "rings": 0,
        }  # fmt: skip


def test_loading_twice_changes_no_count(graph):
    graph.load(TABLES)
    with graph.view() as view:
        before = view.counts(FULL)
        graph.load(TABLES)
        assert view.counts(FULL) == before


@pytest.mark.parametrize(
    ("table", "known"),
    [("sellers", ["a", "c"]), ("stores", ["a1", "a2"]), ("listings", ["l1"]), ("brands", ["b"]), ("notices", ["n"])],
)
def test_known_ids_answer_in_the_order_of_the_question(graph, table, known):
    """Ids of another table, case and spaces apart, are not known."""
    graph.load(TABLES)
    asked = ["zz", *known, "A", "a ", "l9", known[0]]
    with graph.view() as view:
        found = view.known_ids(FULL, table, pa.array(asked))
        none = view.known_ids(FULL, table, pa.array([], pa.string()))
    assert found.tolist() == [id_ in known for id_ in asked]
    assert (found.dtype, len(none)) == (np.bool_, 0)


def test_stores_are_found_by_their_sellers(graph):
    """Stores of the sellers that are named, by their own id, with the listings that stand in them."""
    graph.load(TABLES)
    with graph.view() as view:
        found = view.stores_of(FULL, ["a", "zz", "c"])
        assert view.stores_of(FULL, []) == []
    assert [(row.store_id, row.seller_id, row.is_closed, row.n_listings) for row in found] == [
        ("a1", "a", False, 1),
        ("a2", "a", False, 1),
    ]


def test_sellers_are_found_by_id(graph):
    graph.load(TABLES)
    with graph.view() as view:
        found = view.sellers(FULL, ["a", "zz", "a1", "c"])
    assert set(found) == {"a", "c"}
    assert (found["a"].name, found["a"].n_stores, found["a"].n_listings, found["c"].n_stores) == ("Anna", 2, 2, 0)


def test_settings_are_kept_and_replaced(graph):
    with graph.writer() as writer:
        writer.set_setting("is_demo", "1")
        writer.set_setting("is_demo", "0")
    with graph.view() as view:
        assert (view.setting(FULL, "is_demo"), view.setting(FULL, "other")) == ("0", None)


def exempt(graph, **others):
    with graph.writer() as writer:
        writer.exempt(ExemptionInput(**{**PHONE, "display": "+49 151", "reason": "family", **others}), graph.now)


def reasons(graph, later: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    with graph.view() as view:
        return [(row.value, row.reason) for row in view.exemptions(FULL, graph.now + later)]


def test_an_exemption_is_in_force_until_it_expires(graph):
    exempt(graph, expires_at=graph.now + timedelta(days=1))
    assert reasons(graph) == [(PHONE["value"], "family")]
    assert reasons(graph, timedelta(days=1)) == []


def test_an_exempted_value_is_marked_in_the_snapshot(graph):
    graph.load({**TABLES, "exemptions": []})
    exempt(graph, kind="phone")
    exempt(graph, kind="email")
    with graph.view() as view:
        assert view.snapshot(FULL, graph.now).value_is_exempt.tolist() == [True]


def test_an_exemption_is_renewed_not_doubled(graph):
    exempt(graph)
    exempt(graph, reason="office", owner="kim")
    assert reasons(graph) == [(PHONE["value"], "office")]


def test_a_lifted_exemption_stays_lifted_when_its_file_is_loaded_again(graph):
    """A person's later word beats the old file; only a person brings the exemption back."""
    graph.load(TABLES)
    with graph.writer() as writer:
        assert writer.lift_exemption(**PHONE, reason="wrong", at=graph.now)
        assert not writer.lift_exemption(**PHONE, reason="wrong", at=graph.now)
    graph.load(TABLES)
    assert reasons(graph) == []
    exempt(graph)
    assert reasons(graph) == [(PHONE["value"], "family")]


def test_the_greatest_display_of_a_value_stands_in_any_order(graph):
    """Within a batch, over batches and over loads; a value that people read as it is kept has none."""
    graph.load({**TABLES, "uses": [{"holder_id": "a", **PHONE, "display": shown} for shown in ("b", "d", "c")]})
    graph.load({"uses": [{"holder_id": "c", **PHONE, "display": "a"}, {"holder_id": "c", **PHONE, "value": "+491"}]})
    pairs = [("phone", PHONE["value"]), ("phone", "+491"), ("phone", "+492")]
    with graph.view() as view:
        assert view.displays(FULL, pairs) == {("phone", PHONE["value"]): "d"}
