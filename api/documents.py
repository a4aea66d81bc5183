"""Documents made ready to run: parsed, held against the limits, validated, priced, their acts named. Each text once.

The order matters: the limits come before validation, which compares fields pairwise and would be slow on what they
refuse. Only documents that passed are kept, so that refused ones never push them out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.utils.operation import get_first_operation

from ringwatch.api.cost import MAX_COST, Costing, check_cost
from ringwatch.api.limits import Limits, check_limits
from ringwatch.api.refusals import MAX_ERRORS
from ringwatch.api.roles import Gathering, acts_of_schema
from ringwatch.model.visibility import Act

KEPT_DOCUMENTS = 128
"""Documents kept ready; a parsed one of the largest size takes about 1 MB."""

OPEN_RULES = tuple(specified_rules)
CLOSED_RULES = (*OPEN_RULES, NoSchemaIntrospectionCustomRule)


class RefusedDocument(Exception):  # noqa: N818 (it is an answer to a client, not an error of ours)
    """A document that will not run, and why; ``node`` is None where it could not be read or is too large."""

    def __init__(self, errors: list[GraphQLError], node: DocumentNode | None = None) -> None:
        super().__init__(errors[0].message)
        self.errors = errors
        self.node = node


@dataclass(slots=True)
class ReadyDocument:
    """A document that may run; ``costs`` remembers the cost of operations that depends on no variable.

    ``acts``: what a role must allow for each operation.
    """

    node: DocumentNode
    costs: dict[str | None, int] = field(default_factory=dict)
    acts: dict[str | None, frozenset[Act]] = field(default_factory=dict)


class Documents:
    """Makes documents ready for one schema; safe to use from several threads at once."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, may_introspect: bool) -> None:
        self.schema = schema
        self.limits = limits
        self.may_introspect = may_introspect
        self._acts_of_fields = acts_of_schema(schema)
        self.ready = lru_cache(KEPT_DOCUMENTS)(self._make_ready)

    def cost(self, document: ReadyDocument, name: str | None, variables: Mapping[str, object]) -> int:
        """Return how many fields the answer of an operation may hold; 0 where there is no such operation."""
        if name in document.costs:
            return document.costs[name]
        operation = _operation(document.node, name)
        costing = Costing(self.schema, document.node, variables)
        cost = costing.operation(operation) if operation else 0
        if not costing.reads_variables and operation is not None:
            document.costs[name] = cost
        return cost

    def acts(self, document: ReadyDocument, name: str | None) -> frozenset[Act]:
        """Return what a role must allow for an operation; nothing where there is no such operation."""
        if name not in document.acts:
            operation = _operation(document.node, name)
            gathering = Gathering(self.schema, self._acts_of_fields, document.node)
            document.acts[name] = gathering.operation(operation) if operation else frozenset()
        return document.acts[name]

    def _make_ready(self, text: str) -> ReadyDocument:
        limits = self.limits
        try:
            node = parse(
                text,
                max_lexical_tokens=limits.tokens,
                max_comments=limits.comments,
                max_source_length=limits.characters,
            )
            check_limits(node, limits)
        except GraphQLError as error:
            raise RefusedDocument([error]) from None
        rules = OPEN_RULES if self.may_introspect else CLOSED_RULES
        errors = validate(self.schema, node, rules, max_errors=MAX_ERRORS, hide_suggestions=not self.may_introspect)
        if errors:
            raise RefusedDocument(errors, node)
        return ReadyDocument(node)


class ReadyDocuments(SchemaExtension):
    """Puts ready documents in the place of parsing and validation, and says in each answer what it cost."""

    def __init__(self, documents: Documents) -> None:
        super().__init__()
        self._documents = documents
        self._document: ReadyDocument | None = None
        self._errors: list[GraphQLError] = []
        self._cost: int | None = None

    def on_parse(self) -> Iterator[None]:
        """Take the document from those that are ready."""
        try:
            self._document = self._documents.ready(self.execution_context.query or "")
            self.execution_context.graphql_document = self._document.node
        except RefusedDocument as refused:
            if refused.node is None:
                raise refused.errors[0] from None
            self.execution_context.graphql_document = refused.node
            self._errors = refused.errors
        yield

    def on_validate(self) -> Iterator[None]:
        """Hand on what validation found, or hold the operation against the role of who asks, and price it."""
        context = self.execution_context
        context.pre_execution_errors = self._errors
        if self._document is not None:
            check_name(self._document.node, context._provided_operation_name)  # noqa: SLF001 (the public one guesses)
            context.context.check(self._documents.acts(self._document, context.operation_name))
            self._cost = self._documents.cost(self._document, context.operation_name, context.variables or {})
            check_cost(self._cost)
        yield

    def get_results(self) -> dict[str, object]:
        """Return what the operation cost, for ``extensions`` of the answer."""
        return {} if self._cost is None else {"cost": {"fields": self._cost, "limit": MAX_COST}}


def check_name(document: DocumentNode, name: str | None) -> None:
    """Raise a GraphQLError where a document holds several operations and none of them is named."""
    if name is None and sum(isinstance(node, OperationDefinitionNode) for node in document.definitions) > 1:
        raise GraphQLError(
            "operationName: the document holds several operations, expected the name of the one to run",
            extensions={"code": "BAD_USER_INPUT"},
        )


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    if name is None:
        return get_first_operation(document)
    named = (d for d in document.definitions if isinstance(d, OperationDefinitionNode) and d.name)
    return next((d for d in named if d.name and d.name.value == name), None)
