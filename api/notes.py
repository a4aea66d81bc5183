"""Refusals over HTTP, kept in the ledger: a few of each who asks, so that a flood fills neither ledger nor threads."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock

from ringwatch.db.docket import Docket
from ringwatch.enforcement.access import note_refusal
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import RingwatchError
from ringwatch.model.visibility import Act

AT_ONCE = 10  # refusals of one hand that are kept one by one: a person who errs is seen whole
REFILL_S = 60.0  # then one a minute, 1,440 a day: what was only counted stands in the next one
PATIENCE_S = 1.0  # an answer waits so long for its entry; a load that holds the database must not hold the answer up

_log = logging.getLogger("ringwatch.api")


@dataclass(slots=True)
class _Share:
    """What one hand may still have kept."""

    left: float
    at_s: float
    n_counted: int = 0


class RefusalNotes:
    """Keeps refusals on a thread of its own; safe to use from several threads at once.

    ``clock``: seconds that only grow. Hands are actors of the database, and "" for all who are none.
    """

    def __init__(self, docket: Docket, clock: Callable[[], float] = time.monotonic) -> None:
        self._docket = docket
        self._clock = clock
        self._lock = Lock()
        self._shares: dict[str, _Share] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="refusals")

    def note(self, hand: Hand, act: Act, message: str) -> None:
        """Keep a refusal in the ledger, or count it where its hand had many; never raises."""
        n_before = self._take(hand.actor)
        if n_before is not None:
            wait([self._thread.submit(self._keep, hand, act, message, n_before)], PATIENCE_S)

    def close(self) -> None:
        """Keep what waits, and end."""
        self._thread.shutdown()

    def _take(self, actor: str) -> int | None:
        """Return how many refusals were only counted since the last that was kept, None where this one is counted."""
        with self._lock:
            now_s = self._clock()
            share = self._shares.setdefault(actor, _Share(AT_ONCE, now_s))
            share.left = min(share.left + (now_s - share.at_s) / REFILL_S, AT_ONCE)
            share.at_s = now_s
            if share.left < 1:
                share.n_counted += 1
                return None
            share.left -= 1
            n_before, share.n_counted = share.n_counted, 0
            return n_before

    def _keep(self, hand: Hand, act: Act, message: str, n_before: int) -> None:
        try:
            note_refusal(self._docket, hand, act, message, n_before)
        except RingwatchError as error:
            _log.warning("a refusal was not noted in the ledger: %s", error)
        except Exception:  # noqa: BLE001 (nobody reads what a thread raises)
            _log.exception("a refusal was not noted in the ledger")
