"""Laws of the way from uses to links, against the plain definition; and of cursors."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.db.assemble import Links, Uses, fold_uses
from ringwatch.db.cursors import make_cursor, page_of, read_cursor
from ringwatch.model.snapshot import NEVER

N_SELLERS, N_VALUES, N_KINDS = 4, 6, 2
DAYS = st.just(NEVER) | st.integers(-1000, 30_000)
USE = st.tuples(st.integers(0, N_SELLERS - 1), st.integers(0, N_VALUES - 1), DAYS, DAYS, st.integers(-1, 2))
KIND = np.array([0, 1, 0, 1, 0, 1], dtype=np.int32)


def folded(rows: list[tuple[int, ...]]) -> Links:
    columns = np.array(rows, dtype=np.int32).reshape(-1, 5).T
    return fold_uses(Uses(*columns), N_SELLERS, KIND, N_KINDS)


def plain(rows: list[tuple[int, ...]]) -> tuple[list[tuple[int, ...]], dict[tuple[int, int], int]]:
    """The definition: distinct pairs of shared values with the earliest, latest and greatest; the rest counted."""
    pairs: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for seller, value, *rest in rows:
        pairs.setdefault((value, seller), []).append(tuple(rest))
    holders = {value: {pair[1] for pair in pairs if pair[0] == value} for value, _ in pairs}
    links, own = [], {}
    for (value, seller), found in sorted(pairs.items()):
        if len(holders[value]) == 1:
            own[seller, int(KIND[value])] = own.get((seller, int(KIND[value])), 0) + 1
            continue
        first = min((day for day, _, _ in found if day != NEVER), default=NEVER)
        links.append((value, seller, first, max(day for _, day, _ in found), max(code for _, _, code in found)))
    return links, own


@given(st.lists(USE, max_size=25))
def test_links_are_what_the_definition_says(rows):
    links = folded(rows)
    expected, own = plain(rows)
    columns = (links.shared[links.value], links.seller, links.first_day, links.last_day, links.purpose)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected
    assert {(s, k): int(n) for (s, k), n in np.ndenumerate(links.n_own) if n} == own
    assert sorted(set(links.value.tolist())) == list(range(len(links.shared)))


@given(st.lists(USE, max_size=12).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows + rows[:3]))))
def test_order_and_repetition_of_uses_change_no_link(both):
    for one, other in zip(*(map(np.asarray, vars_of(folded(rows))) for rows in both), strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def vars_of(links: Links) -> list[object]:
    parts = [getattr(part, name) for part in (links, links.own) for name in part.__slots__]
    return [part for part in parts if not isinstance(part, Uses)]


@given(st.lists(st.integers() | st.floats(allow_nan=False) | st.text(), max_size=4), st.text())
def test_a_cursor_gives_its_key_back(key, order):
    """Every float to its last bit, any text."""
    assert read_cursor(make_cursor(order, *key), order, [(int, float, str)] * len(key)) == tuple(key)


@given(st.lists(st.integers(), max_size=9), st.integers(0, 9))
def test_a_page_says_truly_whether_more_follow(rows, first):
    page = page_of(list(itertools.islice(rows, first + 1)), first, str)
    assert list(page.rows) == rows[:first]
    assert page.has_next == (len(rows) > first)
    assert page.cursors == tuple(map(str, page.rows))
