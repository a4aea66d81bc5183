"""What a document may ask for at most: the linear measure, and that nothing slow comes before it."""

from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.api.cost import MAX_COST
from ringwatch.api.documents import Documents, RefusedDocument
from ringwatch.api.limits import Limits, Measure, Measurer, check_limits
from ringwatch.api.schema import make_schema

WIDE = Limits(depth=10_000, selections=10**9, aliases=10**9, directives=10**9, pairs=10**9, root_fields=10**9)
CORE = make_schema(Limits(), may_introspect=True).core
FIELDS = ("a", "b", "x: a", "y: b @include(if: true)", "c { a }", "z: c { ... on T { b @skip(if: false) } }")


@st.composite
def fragment_dags(draw: st.DrawFn, n_most: int = 6) -> str:
    """Draw a document whose fragments spread later ones only, all of them reached, some many times."""
    n = draw(st.integers(1, n_most))
    bodies = []
    for place in range(n):
        parts = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3))
        later = draw(st.lists(st.integers(place + 1, n - 1), max_size=3)) if place + 1 < n else []
        must = [place + 1] if place + 1 < n else []
        spreads = [f"...F{i}" if draw(st.booleans()) else f"c {{ ...F{i} }}" for i in [*must, *later]]
        bodies.append(f"fragment F{place} on T {{ {' '.join(draw(st.permutations([*parts, *spreads])))} }}")
    return " ".join(["{ ...F0 c { ...F0 } }", *draw(st.permutations(bodies))])


def naive(node: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode]) -> Measure:
    """Measure by writing every fragment out."""
    depth = selections = aliases = directives = 0
    for selection in node.selections if node else ():
        if isinstance(selection, FragmentSpreadNode):
            inner = naive(fragments[selection.name.value].selection_set, fragments)
        else:
            inner = naive(selection.selection_set, fragments)
        is_field = isinstance(selection, FieldNode)
        depth = max(depth, inner.depth + is_field)
        selections += 1 + inner.selections
        aliases += inner.aliases + (is_field and selection.alias is not None)
        directives += inner.directives + len(selection.directives or ())
        assert is_field or isinstance(selection, FragmentSpreadNode | InlineFragmentNode)
    return Measure(depth, selections, aliases, directives)


def count_selections(node: SelectionSetNode | None) -> int:
    """Count selections as written."""
    return sum(1 + count_selections(getattr(s, "selection_set", None)) for s in (node.selections if node else ()))


@given(fragment_dags())
def test_measure_equals_writing_out(text: str) -> None:
    """Law: measuring each fragment once gives what writing every fragment out gives."""
    document = parse(text)
    measurer = Measurer(document, WIDE)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    assert measurer.selection_set(operation.selection_set) == naive(operation.selection_set, measurer.fragments)


@given(fragment_dags(n_most=20))
def test_measure_looks_at_each_selection_once(text: str) -> None:
    """Law: however often fragments are spread, no selection of the document is looked at twice."""
    document = parse(text)
    measurer = Measurer(document, WIDE)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    measurer.selection_set(operation.selection_set)
    assert measurer.n_visits == sum(count_selections(node.selection_set) for node in document.definitions)


def chain(n: int) -> str:
    """Return a short document that doubles with each of its n fragments."""
    links = "".join(f"fragment F{i} on Query{{...F{i + 1} ...F{i + 1}}}" for i in range(n))
    return f"{{...F0}}{links}fragment F{n} on Query{{__typename}}"


LARGE = {
    "a chain of fragments": chain(20),
    "aliases": "{" + " ".join(f"a{i}:__typename" for i in range(16)) + "}",
    "directives": "{__typename " + "@skip(if:false)" * 21 + "}",
    "directives on an operation": "query " + "@skip(if:false)" * 21 + "{__typename}",
    "directives on a variable": "query($a:Int " + "@skip(if:false)" * 21 + "){__typename}",
    "directives on a fragment": "{...F} fragment F on Query " + "@skip(if:false)" * 21 + "{__typename}",
    "one field again and again": '{ring(ringId:"R"){' + "tier " * 91 + "}}",
    "one list again and again": '{ring(ringId:"R"){' + "members{nodes{sellerId}} " * 85 + "}}",
    "root fields": "{" + "__typename " * 21 + "}",
    "root fields in a fragment": "{...F}fragment F on Query{" + "__typename " * 21 + "}",
    "selections in one set": "{rings{nodes{" + "... on Ring{id}" * 121 + "}}}",
    "levels": "{rings{nodes{" + "members{nodes{ring{" * 5 + "id" + "}}}" * 5 + "}}}",
    "operations": "".join(f"query Q{i}{{__typename}}" for i in range(11)),
    "definitions": "query Q{...F0}" + "".join(f"fragment F{i} on Query{{...F{i + 1}}}" for i in range(101)),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE.keys())
def test_too_much_is_refused(text: str) -> None:
    """A document over a cap is refused with a code, before validation."""
    with pytest.raises(GraphQLError) as refused:
        check_limits(parse(text), Limits())
    assert refused.value.extensions == {"code": "QUERY_TOO_LARGE"}


NEVER_MEASURED = {
    "a fragment never spread": "{__typename} fragment F on Query{__typename}",
    "two fragments of one name": "{...F} fragment F on Query{__typename} fragment F on Query{__typename}",
    "a type": "{__typename} type T{a:Int}",
    "fragments in a circle": "{...A} fragment A on Query{...B} fragment B on Query{...A}",
}


@pytest.mark.parametrize("text", NEVER_MEASURED.values(), ids=NEVER_MEASURED.keys())
def test_what_cannot_be_measured_is_refused(text: str) -> None:
    """Whatever validation would look at was measured before."""
    with pytest.raises(GraphQLError):
        check_limits(parse(text), Limits())


@pytest.mark.parametrize("text", [*LARGE.values(), *NEVER_MEASURED.values()])
def test_refused_documents_are_never_validated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: validation, which compares fields pairwise, never sees a document over the caps."""
    monkeypatch.setattr("ringwatch.api.documents.validate", lambda *_, **__: pytest.fail("it was validated"))
    documents = Documents(CORE, Limits(), may_introspect=True)
    with pytest.raises(RefusedDocument):
        documents.ready(text)


@pytest.mark.parametrize(
    "text", ["{" + "a " * 1_500 + "}", "#\n" * 101 + "{a}", '{ring(ringId:"' + "a" * 65_536 + '"){id}}', "{" * 1_000]
)
def test_parser_stops_early(text: str) -> None:
    """More tokens, comments or characters than the caps allow are refused while they are read."""
    documents = Documents(CORE, Limits(), may_introspect=True)
    with pytest.raises(RefusedDocument) as refused:
        documents.ready(text)
    assert refused.value.node is None


def test_documents_are_made_ready_once() -> None:
    """A document that passed is kept; one that was refused never takes its place."""
    documents = Documents(CORE, Limits(), may_introspect=True)
    first = documents.ready("{__typename}")
    for number in range(300):
        with pytest.raises(RefusedDocument):
            documents.ready(f"{{f{number}}}")
    assert documents.ready("{__typename}") is first


def test_introspection_only_where_it_is_open() -> None:
    """The usual introspection query keeps within the caps; where the schema is closed it is refused, without hints."""
    Documents(CORE, Limits(), may_introspect=True).ready(get_introspection_query())
    closed = Documents(CORE, Limits(), may_introspect=False)
    with pytest.raises(RefusedDocument, match="introspection"):
        closed.ready(get_introspection_query())
    with pytest.raises(RefusedDocument) as refused:
        closed.ready("{ring(ringId:1){tierr}}")
    assert "Did you mean" not in str([error.message for error in refused.value.errors])


def test_ready_made_queries_of_the_console_pass() -> None:
    """Every query that the console offers keeps within the caps and fits the schema."""
    static = Path(make_schema.__code__.co_filename).parent / "static"
    texts = (static / "ready-queries.js").read_text("utf-8").split("`")[1::2]
    texts += [(static / "schema-pages.js").read_text("utf-8").split("`")[1]]
    assert len(texts) >= 6
    documents = Documents(CORE, Limits(), may_introspect=True)
    for text in texts:
        ready = documents.ready(text)
        assert documents.cost(ready, None, {}) <= 100_000


def test_the_page_of_docs_names_the_limits() -> None:
    """The limits that the docs promise are the ones that are held."""
    limits = Limits()
    rows = [
        [limits.tokens, limits.characters, limits.comments],
        [limits.depth],
        [limits.selections, limits.per_set],
        [limits.root_fields, limits.aliases, limits.directives],
        [limits.operations, limits.definitions],
        [limits.pairs],
        [MAX_COST],
    ]
    page = (Path(__file__).parents[2] / "docs" / "graphql.md").read_text("utf-8")
    shown = [
        line.rsplit("|", 2)[1].strip() for line in page.split("| | at most |")[1].split("\n\n")[0].splitlines()[2:]
    ]
    assert shown == [", ".join(f"{number:,}" for number in row) for row in rows]
