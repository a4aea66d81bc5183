"""The web application: GraphQL, the console page, and what tells a supervisor that the server is well."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse

from ringwatch.api.bench import Bench
from ringwatch.api.config import ServeConfig, Serving
from ringwatch.api.console import console_routes
from ringwatch.api.door import Door
from ringwatch.api.graphql_route import HttpRefusalError, graphql_route, json_response, refusal_response
from ringwatch.api.headers import Doorway
from ringwatch.api.limits import Limits
from ringwatch.api.metrics import Metrics
from ringwatch.api.notes import RefusalNotes
from ringwatch.api.prepared import Grounds
from ringwatch.api.readers import Readers
from ringwatch.api.refusals import tell_ours
from ringwatch.api.schema import make_schema
from ringwatch.api.screen_route import screen_route
from ringwatch.api.siblings import Desk
from ringwatch.db.open import open_docket, open_impatient, open_view, open_writer
from ringwatch.model.errors import RingwatchError
from ringwatch.model.visibility import FULL

STATUS_CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 500: "INTERNAL_SERVER_ERROR", 503: "UNAVAILABLE"}
"""Codes of errors by HTTP status; any other status is the client's own doing."""

MESSAGES = {
    404: "nothing is served here; GraphQL is at /graphql",
    405: "this method is not answered here; see the header Allow",
}
"""What is told where the framework says no more than the name of the status."""

SMALLEST_ZIPPED_BYTES = 1_024  # below that the header of the format costs more than it saves
GARBAGE_THRESHOLD = 50_000  # an answer makes thousands of short-lived objects; the usual 700 collects within each


def make_app(config: ServeConfig, pages: Callable[[Serving], APIRouter] | None = None) -> FastAPI:
    """Return the application over the database that the config names, with pages where they are given.

    ConfigError where the database cannot be opened.
    """
    grounds = Grounds(config.clock, config.read_trace)
    desk = Desk(
        lambda actor: open_writer(config.database, actor=actor), config.clock, partial(open_impatient, config.database)
    )
    view, docket = open_view(config.database), open_docket(config.database, is_read=True)
    door = Door(docket, partial(config.clock, view), RefusalNotes(docket), config.is_local)
    bench = Bench(view, docket, door.clock)
    serving = Serving(view, Readers(config.n_threads), grounds, config.secret_key, desk, bench, door)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        gc.collect()
        gc.freeze()  # what is loaded stays: never look at it again
        gc.set_threshold(GARBAGE_THRESHOLD)
        with serving.view, docket:
            yield
            serving.readers.close()
            door.notes.close()

    app = FastAPI(
        title="Ringwatch",
        lifespan=lifespan,
        openapi_url=None,
        exception_handlers={
            HTTPException: _tell_http,
            HttpRefusalError: _tell_refusal,
            RingwatchError: _tell_ours,
            Exception: _tell_defect,
        },
    )
    app.state.ending = asyncio.Event()  # set when the server ends: answers that go on for minutes end then, too
    app.include_router(console_routes(serving))
    app.include_router(graphql_route(serving, make_schema(Limits(), may_introspect=True), config.max_body_bytes))
    app.include_router(screen_route(serving))
    _add_health(app, serving)
    app.include_router(_home() if pages is None else pages(serving))
    if config.has_metrics:
        app.add_api_route("/metrics", lambda: PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4"))
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED_BYTES, compresslevel=5)
    app.add_middleware(Doorway, allowed_hosts=config.allowed_hosts, metrics=metrics)
    return app


def _add_health(app: FastAPI, serving: Serving) -> None:
    @app.api_route("/livez", methods=["GET", "HEAD"])
    async def livez() -> Response:
        """Say that the process answers."""
        return json_response({"status": "ok"})

    @app.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz() -> Response:
        """Say whether the database answers; RetryableError becomes 503."""
        await serving.readers.run(lambda: serving.view.run(FULL))
        return json_response({"status": "ok"})


def _home() -> APIRouter:
    """Return the route of a server without pages."""
    router = APIRouter()

    @router.get("/")
    async def home() -> Response:
        """Lead to the console."""
        return RedirectResponse("/graphql", 307)

    return router


async def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (the handler is registered for it)
    code = STATUS_CODES.get(error.status_code, "BAD_USER_INPUT")
    told = MESSAGES.get(error.status_code, error.detail)
    response = refusal_response(error.status_code, f"{request.method} {request.url.path}: {told}", code)
    response.headers.update(error.headers or {})
    return response


async def _tell_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, HttpRefusalError)  # noqa: S101 (the handler is registered for it)
    return refusal_response(error.status, str(error), error.code)


async def _tell_ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, RingwatchError)  # noqa: S101 (the handler is registered for it)
    told = tell_ours(error)
    is_away = told["extensions"]["code"] == "UNAVAILABLE"
    response = json_response({"errors": [told]}, 503 if is_away else error.http_status)
    if is_away:
        response.headers["retry-after"] = "1"
    return response


async def _tell_defect(_: Request, __: Exception) -> Response:
    return refusal_response(
        500, "server: an unexpected error happened; it is in the server's log", "INTERNAL_SERVER_ERROR"
    )
