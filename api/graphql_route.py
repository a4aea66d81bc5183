"""``POST /graphql``: from the body of a request to a result and back, as GraphQL over HTTP has it."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from ringwatch.api.config import Serving
from ringwatch.api.door import ANYONE, Visitor
from ringwatch.api.refusals import is_request_error, tell, tell_errors
from ringwatch.api.schema import Schema
from ringwatch.api.siblings import Asking
from ringwatch.model.errors import UnauthenticatedError

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks: one operation of a document, and its variables."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class HttpRefusalError(Exception):
    """A request that is answered with an HTTP status and one error."""

    def __init__(self, status: int, message: str, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def who_asks(serving: Serving, authorization: str | None) -> tuple[Serving, Visitor]:
    """Return who sent a request, and what may be served to them.

    Of a database without actors nobody knows who asks: it takes decisions from this machine alone.
    UnauthenticatedError where a key is needed and there is none that is good.
    """
    if serving.door is None:
        return serving, ANYONE
    visitor = serving.door.enter(authorization)
    may_decide = visitor.actor is not None or serving.door.is_local
    return (serving if may_decide else replace(serving, desk=None)), visitor


def graphql_route(serving: Serving, schema: Schema, max_body_bytes: int) -> APIRouter:
    """Return the route that answers GraphQL requests."""
    router = APIRouter()

    @router.post("/graphql")
    async def answer(request: Request) -> Response:
        """Answer one GraphQL request."""
        media_type = wanted_media_type(request.headers.get("accept"))
        asked = read_request(request.headers.get("content-type"), await read_body(request, max_body_bytes))
        result = await serving.readers.run(lambda: run_for(request.headers.get("authorization"), asked))
        return response_of(result, media_type)

    def run_for(authorization: str | None, asked: Asked) -> ExecutionResult:
        return run_query(schema, asked, *who_asks(serving, authorization))

    return router


def wanted_media_type(accept: str | None) -> str:
    """Return the media type to answer in; HttpRefusalError (406) where the client takes none of ours.

    >>> wanted_media_type("application/graphql-response+json; charset=utf-8, application/json;q=0.9")
    'application/graphql-response+json'
    """
    ranges = [_read_range(part) for part in (accept or "*/*").split(",")]
    for _, name in sorted((item for item in ranges if item[0] > 0), key=lambda item: -item[0]):
        if name == GRAPHQL_JSON:
            return GRAPHQL_JSON
        if name in {JSON, "application/*", "*/*"}:
            return JSON
    raise HttpRefusalError(406, f"accept: the client takes none of {GRAPHQL_JSON} and {JSON}; ask for one of them")


def _read_range(text: str) -> tuple[float, str]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return float(quality), name
    except ValueError:
        return 0.0, name


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body of a request; HttpRefusalError (413) as soon as it is larger than ``max_bytes``."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HttpRefusalError(413, f"body: more than {max_bytes} bytes; send a shorter query or fewer variables")
    return bytes(body)


def read_request(content_type: str | None, body: bytes) -> Asked:
    """Return what a request asks. Raises HttpRefusalError for what is no GraphQL request in JSON."""
    name = (content_type or "").partition(";")[0].strip().lower()
    if name != JSON:
        raise HttpRefusalError(415, f"content-type: {name[:60]!r}, expected {JSON}; send the query in a JSON object")
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HttpRefusalError(400, "body: it is not JSON in UTF-8; nothing was run") from None
    if isinstance(data, list):
        raise HttpRefusalError(400, "body: a list of requests, expected one JSON object; send them one by one")
    if not isinstance(data, dict):
        raise HttpRefusalError(400, "body: expected a JSON object with the key query; nothing was run")
    query = data.get("query")
    if not isinstance(query, str) or not query.strip():
        raise HttpRefusalError(400, "query: expected the text of a GraphQL document; nothing was run")
    _check_object(data, "extensions")
    return Asked(query, _check_object(data, "variables"), _check_name(data))


def _check_object(data: dict[str, Any], key: str) -> dict[str, Any] | None:
    value = data.get(key)
    if value is not None and not isinstance(value, dict):
        raise HttpRefusalError(400, f"{key}: expected a JSON object or null; nothing was run")
    return value


def _check_name(data: dict[str, Any]) -> str | None:
    name = data.get("operationName")
    if name is not None and not isinstance(name, str):
        raise HttpRefusalError(400, "operationName: expected text or null; nothing was run")
    return name or None


def run_query(schema: Schema, asked: Asked, serving: Serving, visitor: Visitor) -> ExecutionResult:
    """Run one operation to its end on this thread; all its reads see the database at one moment."""
    try:
        with serving.view.at_one_moment() as now:
            asking = Asking(
                now, visitor, serving.grounds, serving.secret_key, serving.desk, serving.bench, serving.door
            )
            return schema.execute_sync(
                asked.query,
                variable_values=asked.variables,
                context_value=asking,
                operation_name=asked.operation_name,
                allowed_operation_types=(OperationType.QUERY, OperationType.MUTATION),
            )
    except CannotGetOperationTypeError:
        raise HttpRefusalError(400, "operationName: the document has no operation of that name") from None
    except InvalidOperationTypeError:
        raise HttpRefusalError(400, "query: only queries and mutations are answered here") from None


def response_of(result: ExecutionResult, media_type: str) -> Response:
    """Return the answer. The key ``data`` is there where the operation was run; plain JSON has status 200.

    But where a key is missing: that is 401, as it is before a request is read.
    """
    was_refused = is_request_error(result.data, result.errors)
    body: dict[str, Any] = {} if was_refused else {"data": result.data}
    if result.errors:
        body["errors"] = tell_errors(result.errors)
    if result.extensions:
        body["extensions"] = result.extensions
    status = 400 if was_refused and media_type == GRAPHQL_JSON else 200
    if any(isinstance(error.original_error, UnauthenticatedError) for error in result.errors or ()):
        status = UnauthenticatedError.http_status
    return json_response(body, status, media_type)


def json_response(body: object, status: int = 200, media_type: str = JSON) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(body), status, media_type=f"{media_type}; charset=utf-8")


def refusal_response(status: int, message: str, code: str) -> Response:
    """Return an HTTP error in the shape that GraphQL gives errors."""
    return json_response({"errors": [tell(message, code)]}, status)
