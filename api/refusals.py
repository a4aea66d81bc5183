"""What a client is told when something went wrong: one place, one shape, no inner workings.

Every error that leaves through GraphQL or plain HTTP has ``message`` and ``extensions.code``. Codes of our own errors
come from the error tree of the vocabulary; whatever is not on the list below is kept in the log and told as
INTERNAL_SERVER_ERROR with the name under which the log has it.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError, VariableDefinitionNode

from ringwatch.model.errors import RetryableError, RingwatchError

MAX_ERRORS = 5
"""Errors in one answer; a client mends the first ones first."""

MAX_MESSAGE = 500
"""Characters of a message: it may quote what the client sent."""

CODES = frozenset(
    {
        "BAD_USER_INPUT",
        "FORBIDDEN",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_TOO_COSTLY",
        "QUERY_TOO_LARGE",
        "UNAUTHENTICATED",
        "UNAVAILABLE",
    }
)
"""Codes under which a message may leave as it is."""

Told = dict[str, Any]

_log = logging.getLogger("ringwatch.api")


def tell_errors(errors: Sequence[GraphQLError]) -> list[Told]:
    """Return errors of a GraphQL request as the client may see them, ``MAX_ERRORS`` at most."""
    return [tell_error(error) for error in errors[:MAX_ERRORS]]


def tell_error(error: GraphQLError) -> Told:
    """Return one error of a GraphQL request as the client may see it, where it happened included."""
    told = _tell(error)
    if error.locations:
        told["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        told["path"] = list(error.path)
    return told


def tell(message: str, code: str) -> Told:
    """Return an error in the shape that GraphQL gives errors."""
    return {"message": message[:MAX_MESSAGE], "extensions": {"code": code}}


def tell_ours(error: RingwatchError) -> Told:
    """Return one of our own errors as the client may see it.

    An error that has a cause is about the machinery (a locked file, a broken disk) and may name it: that stays here.
    """
    if isinstance(error, RetryableError) or error.__cause__ is not None:
        _log.warning("read failed: %s", error)
        return tell(
            "database: it cannot be used just now; what was done before is kept, nothing is done twice; try again",
            RetryableError.code,
        )
    if error.code not in CODES:
        return _tell_defect(error)
    return tell(str(error), error.code)


def _tell(error: GraphQLError) -> Told:
    cause = error.original_error
    if isinstance(cause, RingwatchError):
        return tell_ours(cause)
    code = _code_of(error)
    is_ours = cause is None or isinstance(cause, GraphQLError)
    if code in CODES and is_ours:
        return tell(error.message, code)
    return _tell_defect(cause or error)


def _code_of(error: GraphQLError) -> str | None:
    """Return the code of an error, by what raised it where it has none; None for a defect.

    What graphql-core says before it runs a query (no path yet) is about the query; what it says later is about us.
    """
    given = (error.extensions or {}).get("code")
    if given is not None:
        return str(given)
    if error.path:
        return None
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    nodes: Sequence[object] = error.nodes or ()
    is_variable = any(isinstance(node, VariableDefinitionNode) for node in nodes)
    return "BAD_USER_INPUT" if is_variable else "GRAPHQL_VALIDATION_FAILED"


def _tell_defect(error: BaseException) -> Told:
    name = secrets.token_hex(4)
    _log.error("defect %s", name, exc_info=error)
    return tell(
        f"server: an unexpected error happened; it is in the server's log under {name}; tell whoever runs it",
        RingwatchError.code,
    )


def is_request_error(data: object, errors: Sequence[GraphQLError] | None) -> bool:
    """Say whether nothing was run: the document or its variables were refused."""
    return data is None and bool(errors) and not any(error.path for error in errors or ())
