"""The application with its pages: everything that the API serves, and the screens over it."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.responses import RedirectResponse

from ringwatch.api.app import make_app as make_api
from ringwatch.api.config import ServeConfig, Serving
from ringwatch.api.console import ImmutableFiles
from ringwatch.web import exports, rings, sellers
from ringwatch.web.pages import STATIC, Call, NotFoundError, Pages, Shown
from ringwatch.web.sign_in import add_sign_in

Screen = Callable[..., Shown]


def make_app(config: ServeConfig) -> FastAPI:
    """Return the application over the database that the config names. ConfigError where it cannot be opened."""
    return make_api(config, page_routes)


def page_routes(serving: Serving) -> APIRouter:
    """Return the routes of all pages and of their files."""
    pages, router = Pages(serving), APIRouter()
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
    add("/sellers/{seller_id:path}", sellers.show_seller)
    add("/search", sellers.search)
    add("/paths", sellers.show_paths)
    add_sign_in(router, pages)
    return router


def _run(screen: Screen, pages: Pages, named: dict[str, str], call: Call) -> Shown:
    """Return what a screen shows; an id that no database can hold names nothing."""
    if any("\0" in value for value in named.values()):
        raise NotFoundError
    return screen(pages, call, **named)
