"""Where plans are worked out and carried out for requests: one at a time, on what is newest, in bounded time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from ringwatch.db.docket import Docket
from ringwatch.db.view import View
from ringwatch.model.errors import RetryableError

MOST_STORES = 5_000  # of a plan that a request works on: reading the rings of so many takes seconds
MOST_SELLERS = 100_000  # of a graph that a request judges anew: a run of the parts that a value touches, ten seconds
REQUEST_S = 10.0  # then no further batch is begun and nothing more is sent: clients and proxies wait half a minute


@dataclass(frozen=True, slots=True)
class Bench:
    """The database as plans need it. ``clock`` gives the moment that counts for it."""

    view: View
    docket: Docket
    clock: Callable[[], datetime]
    _turn: Lock = field(default_factory=Lock)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one request at a time work on plans; RetryableError for a second one."""
        if not self._turn.acquire(blocking=False):
            raise RetryableError("server: another plan is being worked on; nothing was done; try again in a second")
        try:
            yield
        finally:
            self._turn.release()
