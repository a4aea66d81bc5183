"""The pages and the API of a server of this process, as a browser and a program ask them."""

import asyncio
import re
from types import TracebackType
from typing import Any, Self

import httpx

from ringwatch.api.config import ServeConfig
from ringwatch.jobs.clock import now
from ringwatch.web.app import make_app

TOKEN = re.compile(rb'(name="token" value=")[^"]+')


class Site:
    """One visitor of a server, signed in with a key; a context manager."""

    def __init__(self, url: str, key: str) -> None:
        self.key = key
        self.app = make_app(ServeConfig(url, clock=now))
        self._runner = asyncio.Runner()
        self._lifespan = self.app.router.lifespan_context(self.app)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"accept-encoding": "identity"}  # so that equal bytes have equal lengths
        self._http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)

    def __enter__(self) -> Self:
        self._runner.run(self._lifespan.__aenter__())
        token = re.search(r'name="token" value="([^"]+)"', self.get("/sign-in").text)
        assert token
        self.token = token[1]
        assert self.post("/sign-in", key=self.key).status_code == 303
        token = re.search(r'name="token" value="([^"]+)"', self.get("/").text or self.get("/nowhere").text)
        self.token = token[1] if token else ""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._http.aclose())
        self._runner.run(self._lifespan.__aexit__(None, None, None))
        self._runner.close()

    def routes(self) -> list[tuple[str, str]]:
        """Return method and path of all that is served, files left out."""
        routers = [getattr(route, "original_router", None) for route in self.app.routes]
        routes = [*self.app.routes, *(route for router in routers if router for route in router.routes)]
        return [(method, route.path) for route in routes for method in getattr(route, "methods", None) or ()]

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Open an address."""
        return self._runner.run(self._http.get(path, params=params or None))

    def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form of one of our pages."""
        return self._runner.run(self._http.post(path, data={"token": self.token, **form}))

    def ask(self, query: str, **variables: Any) -> httpx.Response:
        """Send a GraphQL request."""
        return self.send("/graphql", {"query": query, "variables": variables})

    def send(self, path: str, body: object) -> httpx.Response:
        """Send JSON as a program does, with the key."""
        headers = {"authorization": f"Bearer {self.key}"}
        return self._runner.run(self._http.post(path, json=body, headers=headers))


def told(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return all that an answer tells, but what every answer has of its own: a form's token, a request's number."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in {"x-request-id", "date"}]
    return answer.status_code, headers, TOKEN.sub(rb"\1", answer.content)
