"""What an answer may hold: counted from the document, before anything runs."""

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.api.cost import MAX_COST, check_cost
from ringwatch.api.documents import Documents
from ringwatch.api.limits import Limits
from ringwatch.api.schema import make_schema

DOCUMENTS = Documents(make_schema(Limits(), may_introspect=True).core, Limits(), may_introspect=True)


def cost(text: str, **variables: object) -> int:
    """Return the cost of a document."""
    return DOCUMENTS.cost(DOCUMENTS.ready(text), None, variables)


def test_page_sizes_multiply() -> None:
    """A page of n rows costs n times what is asked of each, through every level."""
    # rings + 5 x (row + its id + members + 4 x (row + node + sellerId))
    assert cost("{rings(first:5){edges{node{id members(first:4){edges{node{sellerId}}}}}}}") == 1 + 1 + 5 * (
        1 + 1 + 1 + (1 + 1 + 4 * (1 + 1 + 1))
    )


@given(st.integers(1, 100), st.integers(1, 100))
def test_a_page_size_counts_wherever_it_stands(rows: int, members: int) -> None:
    """Law: a number, a variable and a variable's default cost the same; edges and nodes do as well."""
    plain = cost(f"{{rings(first:{rows}){{nodes{{members(first:{members}){{nodes{{id}}}}}}}}}}")
    given_ = cost("query($r:Int,$m:Int){rings(first:$r){nodes{members(first:$m){nodes{id}}}}}", r=rows, m=members)
    default = cost(
        f"query($r:Int={rows},$m:Int={members}){{rings(first:$r){{nodes{{members(first:$m){{nodes{{id}}}}}}}}}}"
    )
    edges = cost(f"{{rings(first:{rows}){{nodes{{members(first:{members}){{edges{{cursor}}}}}}}}}}")
    assert plain == given_ == default == edges


@given(st.integers(0, 5))
def test_fragments_change_no_cost(n: int) -> None:
    """Law: what is asked costs the same written out and in fragments."""
    fields = ["id", "tier", "evidence{kind}", "members{nodes{id}}", "linkScore"][:n]
    parts = "".join(f"fragment F{i} on Ring{{{field}}}" for i, field in enumerate(fields))
    spreads = " ".join(f"...F{i}" for i in range(n))
    assert cost(f"{{rings{{nodes{{ringId {spreads}}}}}}}{parts}") == cost(
        f"{{rings{{nodes{{ringId {' '.join(fields)}}}}}}}"
    )


def test_unset_and_null_count_as_the_usual_page() -> None:
    """No page size, null and a variable not given count as 20 rows; more than 100 as 100, for it is refused anyway."""
    usual = cost("{rings{nodes{id}}}")
    assert usual == cost("{rings(first:null){nodes{id}}}") == cost("query($n:Int){rings(first:$n){nodes{id}}}")
    assert usual == cost("{rings(first:20){nodes{id}}}")
    assert cost("{rings(first:2000000){nodes{id}}}") == cost("{rings(first:100){nodes{id}}}")


def test_deep_lists_are_refused_and_usual_ones_are_not() -> None:
    """Three pages of a hundred in each other are too much; a hundred rings with twenty members each are not."""
    deep = "{rings(first:100){nodes{members(first:100){nodes{ring{members(first:100){nodes{id}}}}}}}}"
    with pytest.raises(GraphQLError) as refused:
        check_cost(cost(deep))
    assert refused.value.extensions == {"code": "QUERY_TOO_COSTLY"}
    usual = "{rings(first:100){nodes{id evidence{kind value} members{edges{tier node{sellerId name} evidence{kind}}}}}}"
    assert cost(usual) <= MAX_COST
