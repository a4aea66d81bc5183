"""How much an answer may hold: fields that a query would make the server fill in, counted before it runs.

A page of n rows multiplies what is asked of each row by n. Other lists count by a size that is usual for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from ringwatch.api.pages import LARGEST_PAGE, USUAL_PAGE

MAX_COST = 100_000
"""Fields that one answer may hold: about a second of one core, a page of 100 rings with 20 members and their values."""

USUAL_SIZES: Mapping[str, int] = MappingProxyType(
    {
        "Ring.evidence": 20,
        "RingMemberEdge.evidence": 10,
        "Why.evidence": 10,
        "Query.screen": 20,
        "ScreenedApplicant.matches": 2,
        "ScreenMatch.evidence": 10,
        "Query.paths": 5,
        "RingLineage.versions": 5,
        "RingVersion.members": 10,
        "PlanStore.values": 5,
        "Store.decisions": 10,
        "Notice.files": 3,
        "Query.reporters": 100,
        "Casework.entries": 10,
        "Casework.flags": 2,
        "Query.flags": 20,
        "Plan.undoes": 1,
        "__Schema.types": 40,
        "__Schema.directives": 8,
        "__Type.fields": 6,
        "__Type.possibleTypes": 2,
    }
)
"""Rows that a list without pages usually has."""

DEAR: Mapping[str, int] = MappingProxyType(
    {
        "Query.whyNot": 5_000,
        "Query.paths": 10_000,
        "Query.screen": 25_000,
        "Query.whatIf": 25_000,
        "Query.ledgerVerification": 50_000,
        "Query.store": 1_000,
        "Query.statement": 1_000,
        "Query.replay": 60_000,
        "Query.notices": 1_000,
        "Query.reporters": 5_000,
        "Mutation.fileNotice": 10_000,
        "Mutation.upholdAppeal": 60_000,
        "Mutation.proposePlan": 25_000,
        "Mutation.proposeUndo": 25_000,
        "Mutation.approvePlan": 25_000,
        "Mutation.closePlan": 60_000,
        "Mutation.closeDue": 60_000,
        "Mutation.undoPlan": 60_000,
    }
)
"""Fields that are worked out anew, and how many read ones take as long: three of what-if are the most in one answer.

Of those that carry plans out, or judge the graph anew, one is: each works as long as a request may.
"""

OTHER_SIZE = 3
"""Rows of a list that is not named above: arguments, values of an enum, interfaces."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Fields to fill in: ``fixed`` once, ``per_row`` for each row of the connection that the selection set is of."""

    fixed: int = 0
    per_row: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Return the cost of both."""
        return Cost(self.fixed + other.fixed, self.per_row + other.per_row)


class Costing:
    """Counts one document under one set of variables; each fragment once, so O(nodes of the document)."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, object]) -> None:
        self.schema = schema
        self.variables = variables
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self.reads_variables = False
        self._known: dict[str, Cost] = {}

    def operation(self, node: OperationDefinitionNode) -> int:
        """Return the cost of an operation of a valid document."""
        root = self.schema.get_root_type(node.operation)
        self.defaults = {v.variable.name.value: v.default_value for v in node.variable_definitions or ()}
        return self._set(node.selection_set, root).fixed if root else 0

    def _set(self, node: SelectionSetNode, parent: GraphQLNamedType) -> Cost:
        return sum((self._selection(selection, parent) for selection in node.selections), Cost())

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType) -> Cost:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return self._set(node.selection_set, self.schema.type_map[condition.name.value] if condition else parent)
        assert isinstance(node, FieldNode)  # noqa: S101 (the third and last kind of selection, for the type checker)
        return self._field(node, parent)

    def _fragment(self, name: str) -> Cost:
        if name not in self._known:
            node = self.fragments[name]
            self._known[name] = self._set(node.selection_set, self.schema.type_map[node.type_condition.name.value])
        return self._known[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> Cost:
        field = self.schema.get_field(parent, node.name.value)  # type: ignore[arg-type]  # leaves have no selections
        kind = get_named_type(field.type) if field else None
        if field is None or kind is None or node.selection_set is None or is_leaf_type(kind):
            return Cost(1)
        inner = self._set(node.selection_set, kind)
        if kind.name.endswith("Connection"):
            return Cost(1 + inner.fixed + self._page_size(node) * inner.per_row)
        name = f"{parent.name}.{node.name.value}"
        own = DEAR.get(name, 1)
        if not is_list_type(get_nullable_type(field.type)):
            return Cost(own + inner.fixed)
        if parent.name.endswith("Connection"):
            return Cost(1, 1 + inner.fixed)
        size = USUAL_SIZES.get(name, OTHER_SIZE)
        return Cost(own + size * (1 + inner.fixed))

    def _page_size(self, node: FieldNode) -> int:
        """Return how many rows a page holds at most; what is no number is refused later and counts as the largest."""
        given = next((argument.value for argument in node.arguments or () if argument.name.value == "first"), None)
        size = self._number(given)
        if size is None:
            return USUAL_PAGE
        return min(max(size, 0), LARGEST_PAGE) if isinstance(size, int) else LARGEST_PAGE

    def _number(self, node: ValueNode | None) -> object:
        """Return what a value is worth under the variables; None for null and for what was not given."""
        if isinstance(node, VariableNode):
            self.reads_variables = True
            name = node.name.value
            return self.variables[name] if name in self.variables else self._number(self.defaults.get(name))
        if isinstance(node, IntValueNode):
            return int(node.value)
        return None if node is None or isinstance(node, NullValueNode) else LARGEST_PAGE


def check_cost(cost: int) -> None:
    """Raise a GraphQLError with a code where the answer would hold more than ``MAX_COST`` fields."""
    if cost > MAX_COST:
        raise GraphQLError(
            f"query: the answer may hold {cost} fields, expected at most {MAX_COST}; ask for smaller pages or less",
            extensions={"code": "QUERY_TOO_COSTLY"},
        )
