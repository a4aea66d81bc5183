"""What a document may ask for at most: measured in one linear pass, before anything else looks at it.

Fragments make short documents long: a chain of fragments that each spread the next one twice doubles with every link.
So each fragment is measured once, and spreading it adds its measure: O(nodes of the document) whatever it expands to.
Only a document that keeps within the caps is validated, and validation has a step that compares fields pairwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one document, counted after fragments are written out where they are spread."""

    tokens: int = 1_500  # the largest ready-made query of the console has under 200
    comments: int = 100  # the parser keeps comments, and the cap on tokens does not count them
    characters: int = 65_536  # one long string is one token
    depth: int = 16  # the introspection query that every client library sends is 15 deep
    aliases: int = 15
    root_fields: int = 20
    selections: int = 2_000
    directives: int = 20
    operations: int = 10
    definitions: int = 100  # validation compares fragments pairwise
    per_set: int = 120  # validation compares the fields of a set pairwise
    pairs: int = 4_000  # of one response name in one place: what validation really compares


@dataclass(frozen=True, slots=True)
class Measure:
    """How large a selection set is once every fragment in it is written out."""

    depth: int = 0
    selections: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Measure") -> "Measure":
        """Return the measure of both standing in one selection set."""
        return Measure(
            max(self.depth, other.depth),
            self.selections + other.selections,
            self.aliases + other.aliases,
            self.directives + other.directives,
        )


class Measurer:
    """Measures selection sets of one document, each fragment once; ``n_visits`` counts the selections looked at."""

    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self.limits = limits
        self.n_visits = 0
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._known: dict[str, Measure | None] = {}  # None while the fragment is being measured

    def fragment(self, name: str) -> Measure:
        """Return the measure of a fragment; one that is not there is empty and left to validation."""
        if name not in self._known:
            node = self.fragments.get(name)
            self._known[name] = None
            self._known[name] = self.selection_set(node.selection_set) if node else Measure()
        known = self._known[name]
        if known is None:
            raise _refusal(f'the fragment "{name}" spreads itself; take the circle out')
        return known

    def has_measured(self, name: str) -> bool:
        """Say whether the fragment was met yet."""
        return name in self._known

    def selection_set(self, node: SelectionSetNode | None, level: int = 0) -> Measure:
        """Return the measure of a selection set that lies ``level`` sets deep in its definition."""
        if node is None:
            return Measure()
        _hold("levels", level, self.limits.depth)
        _hold("selections in one set", len(node.selections), self.limits.per_set)
        total = Measure()
        for selection in node.selections:
            total = total.beside(self._selection(selection, level))
        return total

    def _selection(self, node: SelectionNode, level: int) -> Measure:
        self.n_visits += 1
        own = Measure(selections=1, directives=len(node.directives or ()))
        if isinstance(node, FragmentSpreadNode):
            return own.beside(self.fragment(node.name.value))
        if isinstance(node, InlineFragmentNode):
            return own.beside(self.selection_set(node.selection_set, level + 1))
        assert isinstance(node, FieldNode)  # noqa: S101 (the third and last kind of selection, for the type checker)
        inner = self.selection_set(node.selection_set, level + 1)
        here = Measure(inner.depth + 1, inner.selections, inner.aliases + (node.alias is not None), inner.directives)
        return own.beside(here)


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise a GraphQLError with a code where the document asks for more than the caps allow.

    A fragment that no operation spreads, or that has the name of another, is refused too: validation would look at it,
    and nothing here measures it.
    O(nodes of the document + ``limits.operations`` x ``limits.selections``).
    """
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    _hold("operations and fragments", len(document.definitions), limits.definitions)
    _hold("operations", len(operations), limits.operations)
    measurer = Measurer(document, limits)
    if len(measurer.fragments) + len(operations) < len(document.definitions):
        raise GraphQLError(
            "query: two fragments have one name, or a type is defined; expected operations and fragments"
        )
    for operation in operations:
        _check_operation(operation, measurer)
    for name, fragment in measurer.fragments.items():
        if not measurer.has_measured(name):
            raise GraphQLError(f'query: the fragment "{name}" is never spread; take it out', fragment)
        _hold("directives", _count_own_directives(fragment), limits.directives)


def _check_operation(operation: OperationDefinitionNode, measurer: Measurer) -> None:
    limits = measurer.limits
    try:
        measure = measurer.selection_set(operation.selection_set)
    except RecursionError:
        raise _refusal("fragments lie too deep in fragments") from None
    _hold("levels", measure.depth, limits.depth)
    _hold("selections", measure.selections, limits.selections)
    _hold("aliases", measure.aliases, limits.aliases)
    _hold("directives", measure.directives + _count_own_directives(operation), limits.directives)
    # from here on writing fragments out is cheap: the selections are counted
    _hold("root fields", sum(1 for _ in _fields(operation.selection_set, measurer)), limits.root_fields)
    _hold("pairs of fields under one name", _count_pairs(operation.selection_set, measurer), limits.pairs)


def _count_own_directives(node: OperationDefinitionNode | FragmentDefinitionNode) -> int:
    variables = node.variable_definitions or ()
    return len(node.directives or ()) + sum(len(variable.directives or ()) for variable in variables)


def _fields(node: SelectionSetNode, measurer: Measurer) -> Iterator[FieldNode]:
    """Yield the fields of a selection set, those of its fragments too; at most ``limits.selections`` steps."""
    for selection in node.selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _fields(selection.selection_set, measurer)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value in measurer.fragments:
            yield from _fields(measurer.fragments[selection.name.value].selection_set, measurer)


def _count_pairs(node: SelectionSetNode, measurer: Measurer) -> int:
    """Count pairs of fields that answer under one name in one place, all levels together."""
    total, level = 0, [[node]]
    while level:
        below = []
        for sets in level:
            by_name: dict[str, list[FieldNode]] = {}
            for field in (field for one in sets for field in _fields(one, measurer)):
                by_name.setdefault((field.alias or field.name).value, []).append(field)
            total += sum(len(same) * (len(same) - 1) // 2 for same in by_name.values())
            below += [[f.selection_set for f in same if f.selection_set] for same in by_name.values()]
        level = [sets for sets in below if sets]
    return total


def _hold(what: str, count: int, cap: int) -> None:
    if count > cap:
        raise _refusal(f"{count} {what} (fragments written out where they are spread), expected at most {cap}")


def _refusal(text: str) -> GraphQLError:
    return GraphQLError(f"query: {text}; ask in smaller parts", extensions={"code": "QUERY_TOO_LARGE"})
