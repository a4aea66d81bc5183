"""A marketplace that is told of acts: it honours keys, and fails, is slow, answers twice or hangs up as a seed says."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = ("fails", "is slow", "answers twice", "hangs up", "takes it and hangs up", "is busy")
NO_FAULTS: tuple[str, ...] = ()
_TWICE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * 2
_STATUS = {"fails": 500, "is busy": 429}


@dataclass
class Marketplace:
    """What it was told, and what it did: each key is acted on once, however often it is heard.

    ``share``: of the messages that a fault of ``faults`` is drawn for, by seed, key and turn; ``on_message`` is called
    with the number of messages heard so far, before any answer.
    """

    seed: int
    share: float = 0.3
    faults: Sequence[str] = FAULTS
    on_message: Callable[[int], None] = field(default=lambda _: None)
    slow_s: float = 1.0
    bodies: dict[str, bytes] = field(default_factory=dict)  # what was acted on, by key, first one first
    heard: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    gone: threading.Event = field(default_factory=threading.Event)

    def hear(self, key: str, body: bytes) -> str:
        """Take a message in, unless it is lost on the way, and return which fault befalls it, "" for none."""
        with self.lock:
            self.heard[key] += 1
            fault = self._draw(key)
            self.drawn[fault] += 1
            if fault not in {"fails", "is busy", "hangs up"} and self.bodies.setdefault(key, body) != body:
                self.complaints.append(f"key {key[:12]} came with two bodies")
            n_heard = self.heard.total()
        self.on_message(n_heard)
        return fault

    def _draw(self, key: str) -> str:
        """Draw a fault that depends on nothing but the seed, the key and how often it was heard."""
        drawn = hashlib.sha256(f"{self.seed} {key} {self.heard[key]}".encode()).digest()
        is_faulty = int.from_bytes(drawn[:4], "big") < self.share * 2**32
        return self.faults[drawn[4] % len(self.faults)] if is_faulty and self.faults else ""

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Listen on the loopback address and give the URL."""
        server = _Server(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook"
        finally:
            self.gone.set()
            server.shutdown()
            thread.join()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64  # as many as knock at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever sends is killed in the middle of it."""


def _handler(market: Marketplace) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            n_bytes = int(self.headers["Content-Length"])
            body = self.rfile.read(n_bytes)
            if len(body) < n_bytes:  # whoever sends it was killed amid it: no server takes half a message
                self.close_connection = True
                return
            fault = market.hear(self.headers["Idempotency-Key"], body)
            if fault == "is slow":
                market.gone.wait(market.slow_s)
            self.close_connection = True
            if fault == "answers twice":
                self.wfile.write(_TWICE)
            elif fault not in {"hangs up", "takes it and hangs up"}:
                self.send_response(_STATUS.get(fault, 200))
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
