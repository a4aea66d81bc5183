"""Threads that answer, so that a slow read never holds up the event loop (``/livez`` answers meanwhile).

A request is answered from end to end on one thread: one hop there and back (about 0.1 ms), no future for each field.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ringwatch.model.errors import RetryableError

Answer = TypeVar("Answer")

MAX_WAITING = 200
"""Requests that may wait for a thread; at 5 ms each the last one waits a quarter of a second on four threads."""


class Readers:
    """A few threads and a bound on how many requests may wait for them."""

    def __init__(self, n_threads: int) -> None:
        self._threads = ThreadPoolExecutor(n_threads, thread_name_prefix="reader")
        self._n_waiting = 0

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Return what ``work`` gives, done on one of the threads. Raises RetryableError where too many wait."""
        if self._n_waiting >= MAX_WAITING:
            raise RetryableError(f"server: {self._n_waiting} requests are waiting already; try again in a second")
        self._n_waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._n_waiting -= 1

    def close(self) -> None:
        """Let the threads finish what they do and end."""
        self._threads.shutdown()
