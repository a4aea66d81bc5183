"""Threads that answer: the loop goes on meanwhile, and not everybody may wait."""

import asyncio
import threading

import pytest

from ringwatch.api.readers import MAX_WAITING, Readers
from ringwatch.model.errors import RetryableError


def test_the_loop_goes_on_and_the_queue_is_bounded() -> None:
    """While a read takes its time other tasks run; who finds too many waiting is told to come back."""

    async def story() -> None:
        readers, gate = Readers(1), threading.Event()
        waiting = [asyncio.create_task(readers.run(gate.wait)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)  # runs, although the one thread is held up
        with pytest.raises(RetryableError, match="waiting"):
            await readers.run(gate.wait)
        gate.set()
        assert all(await asyncio.gather(*waiting))
        assert await readers.run(threading.current_thread) is not threading.main_thread()
        readers.close()

    asyncio.run(story())


def test_what_a_read_raises_comes_back() -> None:
    """An error on a thread is raised where it is waited for, and gives its place back."""

    async def story() -> None:
        readers = Readers(1)
        for _ in range(MAX_WAITING + 1):
            with pytest.raises(ZeroDivisionError):
                await readers.run(lambda: 1 // 0)
        readers.close()

    asyncio.run(story())
