"""What all pages have in common: who looks, one moment of the database, a template, and errors that read well."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, urlencode

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from ringwatch.api.config import Serving
from ringwatch.api.console import digest_of
from ringwatch.api.prepared import wall_clock
from ringwatch.api.siblings import Asking
from ringwatch.db.view import View
from ringwatch.model.errors import RefusedError, RingwatchError, UnauthenticatedError
from ringwatch.model.sentences import kind_words
from ringwatch.model.visibility import Act, Visibility
from ringwatch.web.drawing import shorten
from ringwatch.web.visits import COOKIE, Ticket, Visit, Visits

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
LARGEST_FORM_BYTES = 64 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"

Form = dict[str, str]
Kept = TypeVar("Kept")


# Control characters, marks that turn text around, and what takes no room. The two joiners (U+200C, U+200D) stay:
# Persian, Hindi and emoji are written with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
LONGEST_NAME = 90  # characters; sellers have names of ten thousand


def show_plainly(value: Any) -> Any:  # noqa: ANN401 (a template prints what it likes)
    """Return what a template prints, with signs that turn the text around it made visible.

    >>> show_plainly("abc\u202edef")
    'abc\ufffddef'
    """
    return type(value)(_UNSEEN.sub("\ufffd", value)) if isinstance(value, str) and _UNSEEN.search(value) else value


class NotFoundError(Exception):
    """What an address names is not there, or is not for who asks: both look alike."""


class SeeOther(Exception):  # noqa: N818 (no error: where a form leads to)
    """A form was taken; the browser goes on to ``url``."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a screen needs it: who looks, at which moment of the database, and what was typed."""

    view: View
    visit: Visit
    serving: Serving
    params: Mapping[str, list[str]]
    form: Form = field(default_factory=dict)

    def param(self, name: str) -> str:
        """Return a parameter of the address, "" where it is not there."""
        return self.params.get(name, [""])[0]

    def asking(self) -> Asking:
        """Return the same request as the API's answers take it."""
        serving = self.serving
        return Asking(
            self.view,
            self.visit.visitor,
            serving.grounds,
            serving.secret_key,
            serving.desk,
            serving.bench,
            serving.door,
        )

    def check(self, act: Act) -> None:
        """Let the visitor through to an act; raises as ``api.door.check_acts`` does."""
        self.asking().check([act])


Shown = str | Response
Screen = Callable[[Call], Shown]


class Pages:
    """Answers requests for pages on the threads that answer everything else."""

    def __init__(self, serving: Serving, ticket: Ticket | None = None) -> None:
        self.serving = serving
        self.visits = Visits(serving.door, ticket)
        self.static = f"/static/{digest_of(STATIC)}-web"
        self._kept: dict[str, tuple[object, Any]] = {}
        self._env = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=show_plainly,
        )
        self._env.filters |= {
            "kind_words": kind_words,
            "path": partial(quote, safe=""),
            "name": partial(shorten, most=LONGEST_NAME),
            "score": "{:.2f}".format,
        }
        self._env.globals |= {"static": self.static, "urlencode": urlencode}

    def figures(self, call: Call) -> Mapping[str, int]:
        """Return how much there is of everything, as counted when a load last began or ended, or a run was made."""
        return self.kept("figures", call, call.view.counts)

    def kept(self, name: str, call: Call, ask: Callable[[Visibility], Kept]) -> Kept:
        """Return what reads the whole database, asked anew where a load began or ended since, or a run was made."""
        view, who = call.view, call.visit.who
        key = who, view.run(who), view.load_mark(who)
        found = self._kept.get(name)
        if found is None or found[0] != key:
            found = self._kept[name] = key, ask(who)
        answer: Kept = found[1]
        return answer

    def render(self, name: str, call: Call, **shown: Any) -> str:  # noqa: ANN401 (what a template shows is its own)
        """Return a page; ``shown`` are the names that its template uses."""
        return self._env.get_template(name).render(visit=call.visit, query=call.param("q"), **shown)

    def draw(self, name: str, **shown: Any) -> str:  # noqa: ANN401 (as above)
        """Return a file that is no page."""
        return self._env.get_template(name).render(**shown)

    def macros(self, name: str) -> Any:  # noqa: ANN401 (a template's module has the names that it defines)
        """Return the macros of a template."""
        return self._env.get_template(name).module

    async def answer(self, request: Request, screen: Screen, act: Act = Act.READ) -> Response:
        """Return the page of a screen, or the page that says why there is none.

        ``act``: what the screen is for. Those who read have pages of their own, those who look through a lens have
        theirs, and whoever signed in is shown that there is nothing.
        """
        form = await read_form(request) if request.method == "POST" else {}
        return await self.serving.readers.run(partial(self._answer, request, (screen, act), form))

    async def home_of(self, request: Request) -> str:
        """Return where a visitor begins; whoever must sign in learns it there."""
        try:
            visit = await self.serving.readers.run(partial(self.visits.admit, request.cookies.get(COOKIE)))
        except UnauthenticatedError:
            return "/rings"
        return visit.home

    def _answer(self, request: Request, asked: tuple[Screen, Act], form: Form) -> Response:
        screen, act = asked
        cookie = request.cookies.get(COOKIE)
        try:
            visit = self.visits.admit(cookie)
        except UnauthenticatedError:
            return _to_sign_in(request)
        with self.serving.view.at_one_moment() as now:
            call = Call(now, visit, self.serving, parse_qs(request.url.query), form)
            try:
                if act is (Act.READ if visit.who.lens else Act.LOOK):
                    raise NotFoundError  # noqa: TRY301 (answered as every address is that leads nowhere)
                call.check(act)
                if request.method == "POST":
                    self.visits.check_form(cookie, form.get("token", ""))
                shown = screen(call)
                response = HTMLResponse(shown) if isinstance(shown, str) else shown
            except SeeOther as led:
                response = RedirectResponse(led.url, 303)
            except NotFoundError:
                response = self.problem(call, 404, "Nothing is here", "No page has this address, or it is not for you.")
            except UnauthenticatedError:
                response = _to_sign_in(request)
            except RingwatchError as error:
                response = self.problem(call, error.http_status, "That did not work", str(error))
        if cookie is None:
            self.visits.keep(visit, response, is_https=request.url.scheme == "https")
        return response

    def now(self, view: View) -> datetime:
        """Return the moment that counts for this server."""
        return self.serving.desk.clock(view) if self.serving.desk else wall_clock(view)

    def problem(self, call: Call, status: int, title: str, message: str) -> Response:
        """Return the page that says what went wrong."""
        return HTMLResponse(self.render("problem.html", call, title=title, message=message), status)


def _to_sign_in(request: Request) -> Response:
    """Lead to the page that asks for a key, and from there back."""
    is_read = request.method == "GET"
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "") if is_read else "/rings"
    return RedirectResponse(f"/sign-in?{urlencode({'next': address})}", 303)


async def read_form(request: Request) -> Form:
    """Return the fields of a form. RefusedError where it is none of ours: too large, or of another type."""
    if request.headers.get("content-type", "").partition(";")[0] != FORM_TYPE:
        return {}
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            raise RefusedError(
                f"form: is larger than {LARGEST_FORM_BYTES // 1024} KiB; nothing was done; say it shorter"
            )
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    return {name: values[0] for name, values in fields.items()}
