"""Which writings are one address or one name, and which never are."""

import pyarrow as pa
import pytest

from ringwatch.algorithms.writings import GROUP_MOST, find_alike

BASE = "88 room:1203 200000 | n pudong rd shanghai zhongshan"


def is_alike(one: str, other: str, *, is_place: bool = True) -> bool:
    """Say whether two writings are found to be one."""
    return len(find_alike(pa.array([one, other]), is_place=is_place).a) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 | garten leeds", "12 | gartn leeds"),
        ("12 | garten leeds", "12 | graten leeds"),
        ("12 | garten leeds", "12 | garten leeds rd"),
        ("88 | pudong shanghai zhongshan", "88 | pudong shan shanghai zhong"),
        ("88 | pudong shanghai zhongshan", "88 | shanghai zhongshan"),
        ("88 200000 | shanghai zhongshan", "88 | shanghai zhongshan"),
        ("128 bldg:7 room:1203 | 汕头潮南区云溪路", "128 bldg:7 room:1203 | 汕头潮南区云奚路"),
    ],
)
def test_a_slip_a_left_out_word_or_another_border_of_words_is_a_way_of_writing(one: str, other: str) -> None:
    """Whichever of the two comes first."""
    assert is_alike(one, other)
    assert is_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15 | zhongshan shanghai", "51 | zhongshan shanghai"),
        ("12 21 | garten leeds", "21 12 | garten leeds"),
        ("88 room:1203 | zhongshan shanghai", "88 room:1302 | zhongshan shanghai"),
        ("88 room:1203 | zhongshan shanghai", "88 | zhongshan shanghai"),
        ("88 bldg:5 | zhongshan shanghai", "88 room:5 | zhongshan shanghai"),
        ("88 | n zhongshan shanghai", "88 | s zhongshan shanghai"),
        ("88 200000 | shanghai zhongshan", "88 200001 | shanghai zhongshan"),
        ("12 | garten leeds", "12 | garten york"),
        ("12 | hill leeds", "12 | mill leeds"),
        ("12 | garten", "12 | gartn"),
        ("| garten leeds", "| gartn leeds"),
        ("128 room:1203 | 汕头潮南区东溪路", "128 room:1203 | 汕头潮南区西溪路"),
        ("garten leeds 12", "gartn leeds 12"),
    ],
)
def test_another_house_room_side_town_or_street_is_another_address(one: str, other: str) -> None:
    """However like the rest is; and where no house number is told, nothing is said."""
    assert not is_alike(one, other)


def test_names_are_alike_by_form_order_and_slips_in_long_words_only() -> None:
    """Short words that differ in a letter are other people."""
    assert is_alike("xinhua wholesale trading ltd", "trading xinhua wholesael", is_place=False)
    assert is_alike("xin hua trading", "xinhua trading ltd", is_place=False)
    assert not is_alike("chen xiaoling", "chen xiaolin", is_place=False)
    assert not is_alike("xinhua trading 8", "xinhua trading 9", is_place=False)
    assert not is_alike("xinhua trading", "xinhua trading yiwu", is_place=False)


def test_groups_that_are_too_large_are_counted_and_not_compared() -> None:
    """One street that is written in very many ways costs no square."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [f"12 | leeds street{one}{other}ly" for one in letters for other in letters if one < other]
    texts = texts[: GROUP_MOST + 1]
    found = find_alike(pa.array(texts), is_place=True)
    assert len(found.a) == 0
    assert found.n_left_out == 1
    assert len(find_alike(pa.array(texts[:-1]), is_place=True).a) > 0


def test_order_of_writings_does_not_matter() -> None:
    """The same pairs of texts come out."""
    texts = [BASE, BASE.replace("pudong ", ""), BASE.replace("zhongshan", "zhongshna"), BASE.replace("1203", "1302")]

    def pairs(given: list[str]) -> set[frozenset[str]]:
        found = find_alike(pa.array(given), is_place=True)
        return {frozenset((given[a], given[b])) for a, b in zip(found.a.tolist(), found.b.tolist(), strict=True)}

    assert pairs(texts) == pairs(texts[::-1])
    assert len(pairs(texts)) == 2
    assert len(find_alike(pa.array([], pa.string()), is_place=True).a) == 0
