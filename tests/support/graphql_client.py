"""Requests to a server of this process, each over an application of its own as the command makes it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.jobs.clock import now


@dataclass(frozen=True)
class Client:
    """Asks one database, as whom it is told, by ``keys``."""

    url: str
    keys: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"

    def post(self, role: str | None, query: str, **variables: Any) -> httpx.Response:
        """Send one request."""
        return self.post_all(role, [(query, variables)])[0]

    def post_all(self, role: str | None, asked: list[tuple[str, dict[str, Any]]]) -> list[httpx.Response]:
        """Send several requests, one after the other, to one server."""

        async def send() -> list[httpx.Response]:
            app = make_app(ServeConfig(self.url, self.host, anyone=True, clock=now))
            key = self.keys.get(role, role) if role else None
            headers = {"authorization": f"Bearer {key}"} if key else {}
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers)
            async with app.router.lifespan_context(app), client:
                return [await client.post("/graphql", json={"query": q, "variables": v}) for q, v in asked]

        return asyncio.run(send())

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
