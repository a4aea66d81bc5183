"""The application with its pages: everything that the API serves, and the screens over it."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.responses import RedirectResponse

from ringwatch.api.app import make_app as make_api
from ringwatch.api.config import ServeConfig, Serving
from ringwatch.api.console import ImmutableFiles
from ringwatch.web import exports, plans, ring_map, rings, sellers
from ringwatch.web.pages import STATIC, Call, NotFoundError, Pages, Shown
from ringwatch.web.sign_in import add_sign_in
from ringwatch.web.visits import Ticket

Screen = Callable[..., Shown]


def make_app(config: ServeConfig, ticket: Ticket | None = None) -> FastAPI:
    """Return the application over the database that the config names; ``ticket``: a link that signs in, once.

    ConfigError where the database cannot be opened.
    """
    return make_api(config, partial(page_routes, ticket=ticket))


def page_routes(serving: Serving, ticket: Ticket | None = None) -> APIRouter:
    """Return the routes of all pages and of their files."""
    pages, router = Pages(serving, ticket), APIRouter()
    router.mount(pages.static, ImmutableFiles(directory=STATIC))

    def add(path: str, screen: Screen, method: str = "GET") -> None:
        async def route(request: Request) -> Response:
            return await pages.answer(request, partial(_run, screen, pages, dict(request.path_params)))

        router.add_api_route(path, route, methods=[method], include_in_schema=False)

    @router.get("/")
    async def home() -> Response:
        """Lead to the rings."""
        return RedirectResponse("/rings", 307)

    add("/rings", rings.list_rings)
    add("/rings/{ring_id}", rings.show_ring)
    add("/rings/{ring_id}/graph.json", exports.send_graph)
    add("/rings/{ring_id}/picture.svg", exports.send_picture)
    add("/rings/{ring_id}/graph.graphml", exports.send_graphml)
    add("/rings/{ring_id}/members.csv", exports.send_members)
    add("/rings/{ring_id}/judge", rings.judge, "POST")
    add("/rings/{ring_id}/exempt", rings.exempt, "POST")
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
    add("/search", sellers.search)
    add("/paths", sellers.show_paths)
    add_sign_in(router, pages)
    return router


def _run(screen: Screen, pages: Pages, named: dict[str, str], call: Call) -> Shown:
    """Return what a screen shows; an id that no database can hold names nothing."""
    if any("\0" in value for value in named.values()):
        raise NotFoundError
    return screen(pages, call, **named)
