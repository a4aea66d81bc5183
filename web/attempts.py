"""How many wrong keys are looked at: so many from one address, so many in all, within a minute."""

import time
from collections import deque
from collections.abc import Callable

from ringwatch.model.errors import RefusedError

WITHIN_S = 60.0
MOST_OF_ONE, MOST_OF_ALL = 10, 100  # keys are not guessed in any number of tries; this keeps the ledger readable


class TooManyKeysError(RefusedError):
    """So many wrong keys were tried that none is looked at for a while."""

    http_status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"sign in: too many wrong keys were tried; nothing was done; try again in {retry_after_s} seconds"
        )
        self.retry_after_s = retry_after_s


class Attempts:
    """The wrong keys of the last minute; no more of them are kept than may be tried."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: deque[tuple[float, str]] = deque(maxlen=MOST_OF_ALL)

    def check(self, address: str) -> None:
        """Raise TooManyKeysError where an address, or all together, tried too many."""
        now = self._clock()
        while self._failures and now - self._failures[0][0] >= WITHIN_S:
            self._failures.popleft()
        own = [at for at, of in self._failures if of == address]
        waits = [self._failures[0][0]] if len(self._failures) >= MOST_OF_ALL else []
        waits += [own[-MOST_OF_ONE]] if len(own) >= MOST_OF_ONE else []
        if waits:
            raise TooManyKeysError(int(max(waits) + WITHIN_S - now) + 1)

    def note(self, address: str) -> None:
        """Count a wrong key."""
        self._failures.append((self._clock(), address))
