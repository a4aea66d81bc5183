"""Evidence in plain words: every part says what is shared, with whom, or what it rests on."""

import pytest

from ringwatch.model.kinds import BUILTIN_KINDS
from ringwatch.model.rings import Evidence
from ringwatch.model.sentences import describe, kind_words, names


@pytest.mark.parametrize("kind", [kind.name for kind in BUILTIN_KINDS])
def test_every_kind_reads_as_words(kind: str):
    assert "_" not in kind_words(kind)


@pytest.mark.parametrize("kind", ["prior", "brands", "registered", "country", "name", "size"])
@pytest.mark.parametrize("score", [-1.0, 1.0])
def test_parts_without_a_value_say_for_or_against(kind: str, score: float):
    """The two directions read differently, and neither is a bare kind."""
    said = describe(Evidence(kind, kind, "", 0, (), score))
    assert said != describe(Evidence(kind, kind, "", 0, (), -score))
    assert said.endswith(".")


def test_many_fellows_are_counted():
    assert names([f"s{n}" for n in range(1203)]) == "s0, s1, s2 and 1,200 others"


def test_a_value_is_shown_as_it_can_be_given_back():
    said = describe(Evidence("account", "payout", "DE89370400440532013000", 2, ("s2",), 5.0))
    assert "DE89370400440532013000" in said
    assert "bank or payment account" in said
