"""One GraphQL document for each field of a schema, so that every field can be asked by every role."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

Fields = GraphQLObjectType | GraphQLInterfaceType
May = Callable[[str, str], bool]
"""Says whether a field of a type may be asked."""


def questions(schema: GraphQLSchema, given: Mapping[str, str], may: May) -> Iterator[tuple[str, str, str]]:
    """Yield type, field and a document that asks it, by ways that one may go where there are any.

    ``given``: literals of arguments by name.
    """
    for name, (before, after) in _ways(schema, given, may).items():
        kind = schema.type_map[name]
        assert isinstance(kind, Fields)
        for field_name, field in kind.fields.items():
            yield name, field_name, f"{before}{_call(field_name, field, given)}{_leaves(field)}{after}"


def _ways(schema: GraphQLSchema, given: Mapping[str, str], may: May) -> dict[str, tuple[str, str]]:
    """Return for each type that has fields what stands before and behind a field of it, the shortest first."""
    found: dict[str, tuple[str, str]] = {}
    queue: deque[tuple[GraphQLNamedType, str, str]] = deque()
    others: deque[tuple[GraphQLNamedType, str, str]] = deque()
    for root, word in ((schema.query_type, "query"), (schema.mutation_type, "mutation")):
        if root is not None:
            queue.append((root, f"{word}{{", "}"))
    while queue or others:
        kind, before, after = (queue or others).popleft()
        if kind.name in found:
            continue
        if isinstance(kind, Fields):
            found[kind.name] = before, after
            for name, field in kind.fields.items():
                inner = get_named_type(field.type)
                if not is_leaf_type(inner):
                    way = inner, f"{before}{_call(name, field, given)}{{", f"}}{after}"
                    (queue if may(kind.name, name) else others).append(way)
        one_of = schema.get_possible_types(kind) if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType) else ()
        seen_as = kind.interfaces if isinstance(kind, GraphQLObjectType) else ()
        queue.extend((one, f"{before}...on {one.name}{{", f"}}{after}") for one in (*one_of, *seen_as))
    return found


def _leaves(field: GraphQLField) -> str:
    return "" if is_leaf_type(get_named_type(field.type)) else "{__typename}"


def _call(name: str, field: GraphQLField, given: Mapping[str, str]) -> str:
    asked = [
        f"{argument}:{given.get(argument) or _literal(told.type)}"
        for argument, told in field.args.items()
        if argument in given or isinstance(told.type, GraphQLNonNull)
    ]
    return f"{name}({','.join(asked)})" if asked else name


def _literal(kind: object) -> str:
    """Return some literal of an input type."""
    if isinstance(kind, GraphQLNonNull):
        return _literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{_literal(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        needed = {name: told for name, told in kind.fields.items() if isinstance(told.type, GraphQLNonNull)}
        return f"{{{','.join(f'{name}:{_literal(told.type)}' for name, told in needed.items())}}}"
    return {"Int": "1", "Float": "1.0", "Boolean": "true"}.get(getattr(kind, "name", ""), '"x"')
