"""Search: what is found, in which order, page by page; and what is not."""

import pytest

from ringwatch.db.view import SearchHit
from ringwatch.model.rings import Detection, Fit, Member, Ring, Role, Tier
from ringwatch.model.visibility import FULL, ActorRole, Visibility

pytestmark = pytest.mark.usefixtures("filled")

MASKED = Visibility(ActorRole.INVESTIGATOR, personal_values=False)


@pytest.fixture
def filled(graph):
    graph.load(
        {
            "sellers": [
                {"seller_id": "north-1", "name": "Blue Harbour Trading"},
                {"seller_id": "north-2", "name": "Café Müller & Söhne"},
                {"seller_id": "x-9", "name": "North Goods"},
                {"seller_id": "x-10"},
            ],
            "stores": [{"store_id": "north-shop", "seller_id": "x-10", "name": "Lamps of the North"}],
            "uses": [
                {"holder_id": "x-9", "kind": "email", "value": "north@example.com"},
                {"holder_id": "x-9", "kind": "address", "value": "north road 5"},
                {"holder_id": "x-9", "kind": "phone", "value": "hmac:00ff", "display": "+49 ••• 78"},
            ],
        }
    )
    member = Member("x-9", Tier.LEAD, Role.CORE, 0.5, 0.0, 0.0, ())
    with graph.writer() as writer:
        rings = (Ring("north-ring", Tier.LEAD, 0.5, 0.0, (member,), ()),)
        writer.save_run("run", Detection(rings, (), Fit(4), graph.now), graph.now)
    return graph


def found(graph, text: str, who: Visibility = FULL) -> list[tuple[str, str]]:
    with graph.view() as view:
        return [(hit.what, hit.id) for hit in view.search(who, text, 20).rows]


def test_all_that_begins_so_is_found_ids_first(graph):
    assert found(graph, "north") == [
        ("ring", "north-ring"),
        ("seller", "north-1"),
        ("seller", "north-2"),
        ("seller", "x-10"),
        ("seller", "x-9"),
        ("value", "address:north road 5"),
        ("value", "email:north@example.com"),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_pages_tile_the_hits(graph, size):
    with graph.view() as view:
        whole = view.search(FULL, "north", 20)
        hits, after, has_next = [], None, True
        while has_next:
            page = view.search(FULL, "north", size, after)
            hits += page.rows
            after, has_next = page.cursors[-1], page.has_next
    assert tuple(hits) == whole.rows
    assert not whole.has_next


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_a_seller_of_many_stores_is_found_once_over_all_pages(graph, size):
    """By its own id or name, or by the first of its stores; stores of others between them hide nobody."""
    stores = [("many", n) for n in range(9)] + [("one", 9), ("named", 10), ("many", 11), ("last", 12)]
    graph.load(
        {
            "sellers": [{"seller_id": id_} for id_ in ("many", "one", "last")]
            + [{"seller_id": "named", "name": "Quartz House"}, {"seller_id": "quartz-9", "name": "Quartz Nine"}],
            "stores": [{"store_id": f"s{n:02}", "seller_id": id_, "name": "Quartz"} for id_, n in stores]
            + [{"store_id": f"quartz-{n}", "seller_id": "last", "name": "Quartz"} for n in (1, 2)],
        }
    )
    hits, after, has_next = [], None, True
    with graph.view() as view:
        while has_next:
            page = view.search(FULL, "quartz", size, after)
            hits += [hit.id for hit in page.rows]
            after, has_next = page.cursors[-1], page.has_next
    assert hits[:2] == ["quartz-9", "last"]
    assert sorted(hits[2:]) == ["many", "named", "one"]


@pytest.mark.parametrize(
    ("text", "id_"),
    [("harb", "north-1"), ("TRADING blu", "north-1"), ("muller", "north-2"), ("  goods ", "x-9"), ("lamps", "x-10")],
)
def test_names_are_found_by_words_case_and_accents_aside(graph, text, id_):
    assert found(graph, text) == [("seller", id_)]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("NORTH-1", ("seller", "north-1")),
        ("North-Shop", ("seller", "x-10")),
        ("NORTH-R", ("ring", "north-ring")),
        ("A-7", ("seller", "A-7")),
        ("a-7", ("seller", "A-7")),
        ("North@Exam", ("value", "email:north@example.com")),
        ("００33 1-40-12-34-56", ("value", "phone:+33140123456")),  # noqa: RUF001 (full width, as it is typed in China)
        ("+33 (1) 40", ("value", "phone:+33140123456")),
        ("DE89 3704 0044 0532 0130 00", ("value", "account:DE89370400440532013000")),
    ],
)
def test_ids_and_values_are_found_in_another_case_and_writing(graph, text, hit):
    """In upper or lower case throughout; a value also by any whole writing of it that loading would take."""
    graph.load(
        {
            "sellers": [{"seller_id": "A-7"}],
            "uses": [
                {"holder_id": "A-7", "kind": "phone", "value": "+33140123456"},
                {"holder_id": "A-7", "kind": "account", "value": "DE89370400440532013000"},
            ],
        }
    )
    assert found(graph, text) == [hit]


def test_as_it_is_written_comes_before_other_cases(graph):
    """Ids that differ in case alone are ids of different sellers."""
    graph.load({"sellers": [{"seller_id": "NORTH-1"}, {"seller_id": "NORTH-9"}]})
    assert found(graph, "north-1") == [("seller", "north-1")]
    assert found(graph, "NORTH-1") == [("seller", "NORTH-1")]


@pytest.mark.parametrize("text", ["", "  ", '"', "*", "NEAR(", "arbour", "name:x", "AND", "%", "hmac:00f'", "\0", "-"])
def test_text_that_begins_nothing_finds_nothing(graph, text):
    """Nor is any of it read as a language of queries."""
    assert found(graph, text) == []


def test_a_new_name_is_found_and_the_old_one_no_more(graph):
    graph.load({"sellers": [{"seller_id": "north-1", "name": "Red Pier"}, {"seller_id": "x-10", "name": "Xenon"}]})
    assert found(graph, "harbour") == []
    assert found(graph, "pier") == [("seller", "north-1")]
    assert found(graph, "xenon") == [("seller", "x-10")]


def test_personal_values_are_not_searched_for_those_who_may_not_read_them(graph):
    """Or the search would tell letter by letter what the mask hides."""
    assert ("value", "email:north@example.com") not in found(graph, "north", MASKED)
    assert ("value", "address:north road 5") in found(graph, "north", MASKED)
    assert found(graph, "hmac:00", MASKED) == []


def test_a_hashed_value_is_found_by_its_hash_and_read_by_its_display(graph):
    with graph.view() as view:
        assert view.search(FULL, "hmac:00", 5).rows == (SearchHit("value", "phone:hmac:00ff", "+49 ••• 78"),)
