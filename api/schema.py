"""The schema, and its text: ``python -m ringwatch.api.schema > api/schema.graphql``."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

import strawberry
from graphql import GraphQLError, GraphQLSchema, build_schema
from graphql.utilities import BreakingChange, find_breaking_changes
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateTimeDefinition
from strawberry.types import ExecutionContext

from ringwatch.api.documents import Documents, ReadyDocuments
from ringwatch.api.limits import Limits
from ringwatch.api.mutations import Mutation
from ringwatch.api.query import Query

MOMENT = replace(DateTimeDefinition, description="A moment, ISO 8601: 2027-01-31T12:00:00+00:00; without a zone UTC.")


class Schema(strawberry.Schema):
    """Our schema; errors are logged where they are told (``refusals``), not twice."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here: a client's own errors are no news, and defects are logged under the name told to it."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core knows it."""
        return self._schema


def make_schema(limits: Limits, *, may_introspect: bool) -> Schema:
    """Return the schema with its limits; ``may_introspect`` lets clients read the schema from the server."""
    config = StrawberryConfig(disable_field_suggestions=not may_introspect, scalar_map={datetime: MOMENT})
    schema = Schema(Query, Mutation, config=config)
    documents = Documents(schema.core, limits, may_introspect=may_introspect)
    schema.extensions = (lambda: ReadyDocuments(documents),)
    return schema


def schema_text() -> str:
    """Return the schema in the schema definition language."""
    return make_schema(Limits(), may_introspect=True).as_str() + "\n"


def committed_text() -> str:
    """Return the schema as it was last exported; clients were told of this one."""
    return files(__package__).joinpath("schema.graphql").read_text("utf-8")


def breaking_changes(before: str, after: str) -> Sequence[BreakingChange]:
    """Return what a client of the schema ``before`` would stumble over in the schema ``after``."""
    return find_breaking_changes(build_schema(before), build_schema(after))


if __name__ == "__main__":
    sys.stdout.write(schema_text())
