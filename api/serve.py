"""Running the server: a socket, uvicorn, one line when it answers, and an orderly end."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from types import FrameType

import uvicorn
from fastapi import FastAPI

from ringwatch.api.app import make_app
from ringwatch.api.config import ServeConfig
from ringwatch.api.logs import log_config
from ringwatch.model.errors import ConfigError, RetryableError

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names under which a server on the loopback address is reached."""

GRACE_S = 5  # an answer takes less than that; a client that hangs is not waited for


def serve(config: ServeConfig, say: Callable[[str], None], make: Callable[[ServeConfig], FastAPI] = make_app) -> None:
    """Serve until SIGTERM or Ctrl-C; ``say`` gets ``ringwatch serves http://HOST:PORT`` once the server answers.

    Raises ConfigError where the address may not or cannot be listened on, or the database cannot be opened.
    """
    is_loopback = check_host(config)
    with closing(listen(config.host, config.port)) as sock:
        app = make(replace(config, allowed_hosts=LOOPBACK_HOSTS | {config.host}) if is_loopback else config)
        server = _Server(
            uvicorn.Config(
                app,
                log_config=log_config(config.log_format),
                access_log=False,  # our own line says more, and never a query
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                ws="none",
            ),
            app.state.ending,
            lambda: say(f"ringwatch serves {address_of(sock)}"),
        )
        server.run(sockets=[sock])
    if not server.started:
        raise ConfigError("serve: the server could not be started; the log above says why")


def check_host(config: ServeConfig) -> bool:
    """Say whether the server listens on the loopback address; any other is refused unless ``anyone`` may ask.

    >>> check_host(ServeConfig("sqlite:///ringwatch.db", host="127.0.0.1"))
    True
    """
    if not config.is_local and not config.anyone:
        raise ConfigError(
            f"--host {config.host}: the database has no actor, so whoever reaches that address could read all of it;"
            " expected the loopback address 127.0.0.1; add --anyone if that is what you want"
        )
    return config.is_local


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. ConfigError or RetryableError where it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigError(f"--host {host}: it is no address of this machine ({error}); try 127.0.0.1") from error
    try:
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else a restart waits a minute for the port
        sock.bind(address)
        sock.listen(socket.SOMAXCONN)
    except OSError as error:
        sock.close()
        raise RetryableError(
            f"--port {port}: it cannot be listened on at {host} ({error.strerror}); stop what uses it, or take a free"
            " one with --port 0"
        ) from error
    return sock


def address_of(sock: socket.socket) -> str:
    """Return the address under which a listening socket is reached."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Uvicorn that says when it answers, and ends with status 0 when it is told to stop."""

    def __init__(self, config: uvicorn.Config, ending: asyncio.Event, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End answers that would go on, then all others."""
        self._ending.set()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 (uvicorn passes it)
        """Stop answering; uvicorn's own way would raise the signal once more and end with its status, not with 0."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
