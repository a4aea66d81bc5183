"""Requests to a server of this process, as actors of its database."""

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.jobs.clock import now


class Client:
    """Asks one server, as who is named in ``keys``, by a key itself, or without one; a context manager."""

    def __init__(self, url: str, keys: dict[str, str] | None = None, host: str = "127.0.0.1") -> None:
        self.keys = keys or {}
        app = make_app(ServeConfig(url, host, anyone=True, clock=now))
        self._runner = asyncio.Runner()
        self._lifespan = app.router.lifespan_context(app)
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")

    def __enter__(self) -> Self:
        self._runner.run(self._lifespan.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._http.aclose())
        self._runner.run(self._lifespan.__aexit__(None, None, None))
        self._runner.close()

    def post(self, role: str | None, query: str, **variables: Any) -> httpx.Response:
        """Send one request."""
        headers = {"authorization": f"Bearer {self.keys.get(role, role)}"} if role else {}
        body = {"query": query, "variables": variables}
        return self._runner.run(self._http.post("/graphql", json=body, headers=headers))

    def ask(self, role: str | None, query: str, **variables: Any) -> Any:
        """Return what the one root field of a query answered."""
        answer = self.post(role, query, **variables).json()
        assert "errors" not in answer, answer
        (found,) = answer["data"].values()
        return found

    def code(self, role: str | None, query: str, **variables: Any) -> tuple[int, str]:
        """Return status and code of the first error."""
        answer = self.post(role, query, **variables)
        return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]
