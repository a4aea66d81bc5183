"""An open page is told of a newer run and of what others write: server-sent events, from one look at the database.

However many pages are open, one task looks once a second whether anything is newer; only then is anything else read.
What is sent holds numbers, ids of rings and words of ours, never a value, a name or a text that somebody wrote.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.parse import quote

import orjson
from fastapi import Request, Response
from starlette.responses import StreamingResponse

from ringwatch.api.config import Serving
from ringwatch.db.times import moment_of
from ringwatch.db.view import EventRow, Lineage, View
from ringwatch.model.casework import CaseAct, Subject
from ringwatch.model.errors import RefusedError, RetryableError, RingwatchError
from ringwatch.model.rings import Change
from ringwatch.model.visibility import FULL, MAY, Act, Visibility
from ringwatch.web.pages import Call, NotFoundError, Pages
from ringwatch.web.visits import COOKIE

POLL_S = 1.0  # a person who reads does not notice a second
KEEP_S = 15.0  # proxies drop a connection on which nothing comes for half a minute
LONGEST_S = 15 * 60.0  # then the browser asks anew, with the cookie that it has by then
RETRY_MS = 5_000
MOST_LISTENERS = 200  # of one process; each is a socket, a task and a few hundred bytes

WROTE = {
    CaseAct.NOTE: "note",
    CaseAct.ASSIGN: "assignment",
    CaseAct.JUDGE: "judgement",
    CaseAct.EXEMPT: "exemption",
    CaseAct.LIFT: "lifted exemption",
    CaseAct.FLAG: "flag of a partner",
    CaseAct.ANSWER: "answer to a flag",
}


class NoPageError(RefusedError):
    """No page of that ring is shown to who asks, as if there were none."""

    http_status = 404


@dataclass(frozen=True, slots=True)
class News:
    """What a page is told, and where to read it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class OpenPage:
    """An open page: the ring that it shows, the newest entry that it has, and when the run that it shows was kept."""

    ring_id: str
    seen: int
    since: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """Who has a page open. ``told``: the last thing that it was told, waiting to be sent."""

    who: Visibility
    page: OpenPage
    told: asyncio.Queue[News] = field(default_factory=partial(asyncio.Queue, 1))

    def tell(self, news: News) -> None:
        """Put news in the place of what was not sent yet."""
        if self.told.full():
            self.told.get_nowait()
        self.told.put_nowait(news)


class Newsroom:
    """Those who listen, and the one task that looks for them; for one event loop."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    def join(self, listener: Listener, ending: asyncio.Event) -> None:
        """Tell a listener what becomes newer. RetryableError where too many listen."""
        if len(self._listeners) >= MOST_LISTENERS:
            raise RetryableError(f"events: {MOST_LISTENERS} pages listen already; open this one again later")
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look(ending))

    def leave(self, listener: Listener) -> None:
        """Tell a listener nothing more; the task ends by itself once nobody listens."""
        self._listeners.discard(listener)

    async def _look(self, ending: asyncio.Event) -> None:
        known: object = None
        looked_at: set[Listener] = set()
        while self._listeners and not ending.is_set():
            with suppress(RingwatchError):  # the database is away: look again
                state = await self._serving.readers.run(partial(_state, self._serving.view))
                now = self._listeners - looked_at if state == known else set(self._listeners)
                await self._tell(now)
                known, looked_at = state, self._listeners & (looked_at | now)
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), POLL_S)

    async def _tell(self, listeners: set[Listener]) -> None:
        if not listeners:
            return
        for listener, news in await self._serving.readers.run(partial(_all_news, self._serving.view, listeners)):
            listener.tell(news)


def _state(view: View) -> object:
    """Return what changes whenever anything that pages are told of does."""
    run = view.run(FULL)
    return run and run.run_id, view.case_version(FULL)


def _all_news(view: View, listeners: Iterable[Listener]) -> list[tuple[Listener, News]]:
    found = [(listener, news_of(view, listener.who, listener.page)) for listener in listeners]
    return [(listener, news) for listener, news in found if news is not None]


def news_of(view: View, who: Visibility, page: OpenPage) -> News | None:
    """Return what became newer than a page, None where nothing did."""
    lineage = view.lineage(who, page.ring_id)
    told = [] if lineage is None else _changes(lineage, page.since)
    entries = view.newer_entries(who, Subject(page.ring_id), page.seen)
    if entries:
        counts = Counter(WROTE[entry.act] for entry in entries)
        words = (f"{what} (x{n})" if n > 1 else what for what, n in counts.items())
        told.append(f"Newer about this ring: {', '.join(words)}")
    heirs = lineage.current if lineage else ()
    place = heirs[0] if len(heirs) == 1 else page.ring_id
    return News(". ".join(told), f"/rings/{quote(place, safe='')}") if told else None


def _changes(lineage: Lineage, since: datetime) -> list[str]:
    """Return what newer runs made of a ring, in words."""
    if lineage.ring_id not in lineage.current:
        heirs = " and ".join(lineage.current)
        return [f"A newer run has no such ring any more{f'; its sellers are in {heirs} now' if heirs else ''}"]
    words = [_word(row) for row in lineage.events if row.at > since]
    is_newer = any(version.at > since for version in lineage.versions)
    return [f"A newer run changed this ring: {', '.join(words) or 'what it rests on'}"] if words or is_newer else []


def _word(row: EventRow) -> str:
    event = row.event
    n = abs(event.n_sellers - event.n_sellers_before)
    return f"{event.change.value} by {n}" if n and event.change in {Change.GREW, Change.SHRANK} else event.change.value


async def send_events(pages: Pages, newsroom: Newsroom, request: Request) -> Response:
    """Return the stream of what becomes newer than an open page: the address names it as `ring`, `seen` and `since`.

    401, 403 or 404 as the page itself answers; 503 where too many listen.
    """
    params, cookie, ending = request.query_params, request.cookies.get(COOKIE), request.app.state.ending
    ring_id, numbers = params.get("ring", ""), [params.get(name, "") for name in ("seen", "since")]
    try:
        who = await pages.serving.readers.run(partial(_admitted, pages, cookie, ring_id))
        if not all(text.isascii() and text.isdecimal() and len(text) < 17 for text in numbers):
            return Response(status_code=400)
        listener = Listener(who, OpenPage(ring_id, int(numbers[0]), moment_of(int(numbers[1]))))
        newsroom.join(listener, ending)
    except NoPageError:
        return await pages.answer(request, _missing, Act.SIGN_IN)
    except RingwatchError as error:
        return Response(status_code=error.http_status)

    async def may_stay() -> bool:
        return await pages.serving.readers.run(partial(_may_stay, pages, cookie, ring_id))

    stream = _stream(newsroom, listener, ending, may_stay)
    return StreamingResponse(stream, media_type="text/event-stream")


def _missing(_: Call) -> str:
    """Raise NotFoundError: what an address that leads nowhere shows."""
    raise NotFoundError


def _admitted(pages: Pages, cookie: str | None, ring_id: str) -> Visibility:
    """Return who asks, where they may see the ring; RefusedError as the page answers."""
    visit = pages.visits.admit(cookie)
    if visit.who.role not in MAY[Act.READ] or pages.serving.view.lineage(visit.who, ring_id) is None:
        raise NoPageError("events: no page of that ring is for you")
    return visit.who


def _may_stay(pages: Pages, cookie: str | None, ring_id: str) -> bool:
    """Say whether who listens may go on: a key that was taken back ends it."""
    try:
        _admitted(pages, cookie, ring_id)
    except RefusedError:
        return False
    except RetryableError:
        return True  # the database is away: look again
    return True


async def _stream(
    newsroom: Newsroom, listener: Listener, ending: asyncio.Event, may_stay: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    """Yield news as they come, and comments between them, until the server ends or the listener may not stay."""
    until = time.monotonic() + LONGEST_S
    end = asyncio.create_task(ending.wait())
    try:
        yield f"retry: {RETRY_MS}\n\n".encode()
        while time.monotonic() < until and not ending.is_set():
            news = asyncio.create_task(listener.told.get())
            await asyncio.wait({news, end}, timeout=KEEP_S, return_when=asyncio.FIRST_COMPLETED)
            if news.done():
                yield b"event: news\ndata: " + orjson.dumps(news.result()) + b"\n\n"
                continue
            news.cancel()
            if ending.is_set() or not await may_stay():
                return
            yield b": still here\n\n"
    finally:
        end.cancel()
        newsroom.leave(listener)
