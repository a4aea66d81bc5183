"""What a server is made with: the settings a person gives, and what its routes share."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ringwatch.algorithms.memory import Trace
from ringwatch.api.bench import Bench
from ringwatch.api.door import Door
from ringwatch.api.prepared import Grounds, no_trace, wall_clock
from ringwatch.api.readers import Readers
from ringwatch.api.siblings import Desk
from ringwatch.db.view import View


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """How to serve. ``allowed_hosts`` empty: any name in the Host header."""

    database: str
    host: str = "127.0.0.1"
    port: int = 8000
    anyone: bool = False
    log_format: str = "text"
    has_metrics: bool = False
    n_threads: int = 5  # three for questions and one for plans, so that one is free for reads of milliseconds
    allowed_hosts: frozenset[str] = frozenset()
    max_body_bytes: int = 256 * 1024
    secret_key: bytes | None = field(default=None, repr=False)  # of a database whose values are hashed
    clock: Callable[[View], datetime] = wall_clock
    read_trace: Callable[[View], Trace | None] = no_trace

    @property
    def is_local(self) -> bool:
        """Say whether only this machine reaches the server.

        >>> ServeConfig("sqlite:///ringwatch.db").is_local, ServeConfig("sqlite:///ringwatch.db", "0.0.0.0").is_local
        (True, False)
        """
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Serving:
    """What the routes of one server share."""

    view: View
    readers: Readers
    grounds: Grounds
    secret_key: bytes | None = field(default=None, repr=False)
    desk: Desk | None = None  # None: nothing can be decided here
    bench: Bench | None = None  # None: no store can be decided on here
    door: Door | None = None  # None: whoever asks sees all, as on a database without actors
