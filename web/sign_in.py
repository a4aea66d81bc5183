"""Signing in with a key, and out."""

from functools import partial

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from ringwatch.model.errors import RingwatchError
from ringwatch.web.attempts import TooManyKeysError
from ringwatch.web.pages import Call, Pages, read_form
from ringwatch.web.visits import COOKIE, Visit


def add_sign_in(router: APIRouter, pages: Pages) -> None:
    """Add the routes on which a person signs in and out."""

    @router.get("/sign-in")
    async def ask(request: Request) -> Response:
        """Ask for a key."""
        return await pages.serving.readers.run(partial(_ask, pages, request, "", 200))

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        """Take a key and lead to where the visitor wanted to go."""
        form = await read_form(request)
        return await pages.serving.readers.run(partial(_sign_in, pages, request, form))

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        """Forget the visitor."""
        form = await read_form(request)
        cookie = request.cookies.get(COOKIE)
        pages.visits.check_form(cookie, form.get("token", ""))
        pages.visits.end(cookie)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return response


def _ask(pages: Pages, request: Request, problem: str, status: int) -> Response:
    cookie = request.cookies.get(COOKIE)
    led = pages.visits.use_ticket(request.query_params.get("ticket", "")) if "ticket" in request.query_params else None
    if led is not None:
        return _let_in(pages, request, led, led.home)
    visit = pages.visits.stranger(cookie)
    call = Call(pages.serving.view, visit, pages.serving, {})
    page = pages.render(
        "sign_in.html", call, problem=problem, next=_own_path(request.query_params.get("next", "/rings"))
    )
    response = HTMLResponse(page, status)
    if cookie is None:
        pages.visits.keep(visit, response, is_https=request.url.scheme == "https")
    return response


def _sign_in(pages: Pages, request: Request, form: dict[str, str]) -> Response:
    try:
        pages.visits.check_form(request.cookies.get(COOKIE), form.get("token", ""))
        visit = pages.visits.sign_in(form.get("key", ""), request.client.host if request.client else "")
    except TooManyKeysError as error:
        response = _ask(pages, request, str(error), error.http_status)
        response.headers["retry-after"] = str(error.retry_after_s)
        return response
    except RingwatchError as error:
        return _ask(pages, request, str(error), error.http_status)
    asked = _own_path(form.get("next", ""))
    return _let_in(pages, request, visit, visit.home if asked == "/rings" else asked)


def _let_in(pages: Pages, request: Request, visit: Visit, address: str) -> Response:
    response = RedirectResponse(address, 303)
    pages.visits.keep(visit, response, is_https=request.url.scheme == "https")
    return response


def _own_path(address: str) -> str:
    """Return an address on this server, the rings where it leads elsewhere.

    >>> _own_path("/plans?state=done"), _own_path("//elsewhere.example"), _own_path("https://elsewhere.example")
    ('/plans?state=done', '/rings', '/rings')
    """
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_own else "/rings"
