"""``POST /screen``: one applicant as JSON, or any number as JSON lines, answered line by line."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from ringwatch.api.config import Serving
from ringwatch.api.door import check_acts
from ringwatch.api.graphql_route import JSON, HttpRefusalError, json_response, read_body, who_asks
from ringwatch.api.screening import MOST_LINE_BYTES, Screener, json_lines, screener_for
from ringwatch.api.siblings import Asking
from ringwatch.model.errors import InputError
from ringwatch.model.visibility import Act

LINES = "application/x-ndjson"
LINE_TYPES = frozenset({LINES, "application/jsonl", "application/jsonlines"})
MOST_LINES_BYTES = 32_000_000  # of lines in one request, some twenty thousand applicants: they wait in memory
LINES_AT_ONCE = 200  # that are screened before others have their turn: some tens of milliseconds


def screen_route(serving: Serving) -> APIRouter:
    """Return the route that answers applicants."""
    router = APIRouter()

    @router.post("/screen")
    async def answer(request: Request) -> Response:
        """Answer one applicant, or a stream of them."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in {JSON, *LINE_TYPES}:
            raise HttpRefusalError(415, f"content-type: {kind[:60]!r}, expected {JSON} or {LINES}; nobody was screened")
        screener = await serving.readers.run(lambda: _screener(serving, request.headers.get("authorization")))
        if kind in LINE_TYPES:
            lines = (await read_body(request, MOST_LINES_BYTES)).split(b"\n")
            return StreamingResponse(_answers(serving, screener, lines), media_type=LINES)
        one = _one(await read_body(request, MOST_LINE_BYTES))
        (found,) = await serving.readers.run(partial(_told, screener, one))
        return json_response(found, InputError.http_status if "error" in found else 200)

    return router


def _screener(serving: Serving, authorization: str | None) -> Screener:
    """Let an asker in and return what applicants are held against, for one request."""
    allowed, visitor = who_asks(serving, authorization)
    check_acts(visitor, [Act.SCREEN], allowed.door)
    return screener_for(Asking(allowed.view, visitor, allowed.grounds, allowed.secret_key))


def _one(body: bytes) -> Sequence[object]:
    try:
        return [orjson.loads(body)]
    except orjson.JSONDecodeError as fault:
        return [InputError(f"body: is not JSON in UTF-8 ({fault}); nobody was screened; mend it")]


async def _answers(serving: Serving, screener: Screener, lines: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Yield the answers to the lines of a body, some at a time."""
    for begin in range(0, len(lines), LINES_AT_ONCE):
        told = list(json_lines(lines[begin : begin + LINES_AT_ONCE], begin))
        found = await serving.readers.run(partial(_told, screener, told))
        yield b"".join(orjson.dumps(one) + b"\n" for one in found)


def _told(screener: Screener, told: Sequence[object]) -> list[dict[str, Any]]:
    return list(screener.lines(told))
