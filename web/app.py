"""The application with its pages: everything that the API serves, and the screens over it."""

from collections.abc import Callable
from functools import partial
from inspect import isawaitable

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from ringwatch.api.app import make_app as make_api
from ringwatch.api.config import ServeConfig, Serving
from ringwatch.api.console import ImmutableFiles
from ringwatch.model.visibility import Act
from ringwatch.web import casework, compare, exports, partner, plans, ring_map, rings, sellers
from ringwatch.web.events import Newsroom, send_events
from ringwatch.web.pages import STATIC, Call, NotFoundError, Pages, Shown
from ringwatch.web.sign_in import add_sign_in
from ringwatch.web.visits import COOKIE, Ticket

Screen = Callable[..., Shown]

NOT_FOUND = 404
PARTNERS: tuple[tuple[str, Screen], ...] = (
    ("", partner.list_rings),
    ("/{ring_id}", partner.show_ring),
    ("/{ring_id}/graph.json", exports.send_graph),
    ("/{ring_id}/picture.svg", exports.send_picture),
    ("/{ring_id}/graph.graphml", exports.send_graphml),
    ("/{ring_id}/members.csv", exports.send_members),
    ("/{ring_id}/listings.csv", exports.send_listings),
)
"""What a partner can open: all that it reads comes through its lens, also where the screen is the investigators'."""


def make_app(config: ServeConfig, ticket: Ticket | None = None) -> FastAPI:
    """Return the application over the database that the config names; ``ticket``: a link that signs in, once.

    ConfigError where the database cannot be opened.
    """
    pages: list[Pages] = []

    def routes(serving: Serving) -> APIRouter:
        pages.append(Pages(serving, ticket))
        return page_routes(pages[0])

    app = make_api(config, routes)
    tell = app.exception_handlers[HTTPException]

    async def tell_http(request: Request, error: Exception) -> Response:
        """Show who browses the page of what is not there, the same as of what is hidden; tell programs in JSON."""
        if isinstance(error, HTTPException) and error.status_code == NOT_FOUND and COOKIE in request.cookies:
            return await pages[0].answer(request, partial(partner.missing, pages[0]), Act.SIGN_IN)
        told = tell(request, error)
        return await told if isawaitable(told) else told

    app.exception_handlers[HTTPException] = tell_http
    return app


def page_routes(pages: Pages) -> APIRouter:
    """Return the routes of all pages and of their files."""
    router = APIRouter()
    router.mount(pages.static, ImmutableFiles(directory=STATIC))

    def add(path: str, screen: Screen, method: str = "GET", act: Act = Act.READ) -> None:
        async def route(request: Request) -> Response:
            return await pages.answer(request, partial(_run, screen, pages, dict(request.path_params)), act)

        router.add_api_route(path, route, methods=[method], include_in_schema=False)

    @router.get("/")
    async def home(request: Request) -> Response:
        """Lead to the rings, a partner to its own."""
        return RedirectResponse(await pages.home_of(request), 307)

    newsroom = Newsroom(pages.serving)

    @router.get("/events", include_in_schema=False)
    async def events(request: Request) -> Response:
        """Tell an open page what becomes newer."""
        return await send_events(pages, newsroom, request)

    add("/rings", rings.list_rings)
    add("/rings/{ring_id}", rings.show_ring)
    add("/rings/{ring_id}/graph.json", exports.send_graph)
    add("/rings/{ring_id}/compare", compare.compare)
    add("/rings/{ring_id}/picture.svg", exports.send_picture)
    add("/rings/{ring_id}/graph.graphml", exports.send_graphml)
    add("/rings/{ring_id}/members.csv", exports.send_members)
    add("/rings/{ring_id}/judge", rings.judge, "POST")
    add("/rings/{ring_id}/exempt", rings.exempt, "POST")
    add("/rings/{ring_id}/note", casework.write_ring_note, "POST")
    add("/rings/{ring_id}/assign", casework.assign, "POST")
    add("/flags/{flag_id}/answer", casework.answer_flag, "POST")
    add("/sellers/{seller_id:path}/note", casework.write_seller_note, "POST")
    add("/sellers/{seller_id:path}", sellers.show_seller)
    add("/map", ring_map.show_map)
    add("/map/rings.json", ring_map.send_map)
    add("/plans", plans.list_plans)
    add("/plans", plans.propose, "POST")
    add("/plans/new", plans.draft)
    add("/plans/{plan_id}", plans.show_plan)
    add("/plans/{plan_id}/approve", plans.approve, "POST")
    add("/plans/{plan_id}/reject", plans.reject, "POST")
    add("/plans/{plan_id}/undo", plans.undo, "POST")
    for path, screen in PARTNERS:
        add(f"{partner.HOME}{path}", screen, act=Act.LOOK)
    add(f"{partner.HOME}/{{ring_id}}/flag", partner.flag, "POST", Act.LOOK)
    add("/search", sellers.search)
    add("/paths", sellers.show_paths)
    add_sign_in(router, pages)
    return router


def _run(screen: Screen, pages: Pages, named: dict[str, str], call: Call) -> Shown:
    """Return what a screen shows; an id that no database can hold names nothing."""
    if any("\0" in value for value in named.values()):
        raise NotFoundError
    return screen(pages, call, **named)
