"""Headers on every answer, and the log line and counters that every request leaves behind."""

import logging
import secrets
import time
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringwatch.api.graphql_route import refusal_response
from ringwatch.api.metrics import Metrics

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What a page of ours may do: nothing but what this server sends it, and no text turned into markup."""

SECURITY_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": PAGE_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-store",
    }
)
"""Headers of every answer that does not set its own."""

_log = logging.getLogger("ringwatch.access")


class Doorway:
    """ASGI middleware around everything: checks the Host header, adds headers, logs and counts."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: frozenset[str], metrics: Metrics) -> None:
        self.app = app
        self.allowed_hosts = allowed_hosts
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and see its answer out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500
        request_id = secrets.token_hex(8)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                _add_headers(headers, request_id)
                if status == 401:  # the standard wants to be told how to ask
                    headers["www-authenticate"] = "Bearer"
            await send(message)

        app = self.app if self._is_known_host(scope) else _foreign_host
        try:
            await app(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - begun
            self.metrics.count(scope["method"], status, seconds)
            fields = {"method": scope["method"], "path": route_of(scope), "status": status, "request_id": request_id}
            _log.info("request", extra={"fields": {**fields, "ms": round(seconds * 1000, 1)}})

    def _is_known_host(self, scope: Scope) -> bool:
        """Say whether the client reached us by a name of ours: a page elsewhere may point its own name at us."""
        if not self.allowed_hosts:
            return True
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        return host_name(host) in self.allowed_hosts


def route_of(scope: Scope) -> str:
    """Return which of our routes answered, "-" for none: what a client typed may be a name or a phone number.

    >>> route_of({"path": "/sellers/ann@example.org"})
    '-'
    """
    return str(getattr(scope.get("route"), "path", "-"))


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port.

    >>> host_name("localhost:8000"), host_name("[::1]:8000"), host_name("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _add_headers(headers: MutableHeaders, request_id: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers["x-request-id"] = request_id


async def _foreign_host(scope: Scope, receive: Receive, send: Send) -> None:
    message = "host: this server answers on the loopback address only; reach it as localhost or 127.0.0.1"
    await refusal_response(421, message, "BAD_USER_INPUT")(scope, receive, send)
