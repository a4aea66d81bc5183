"""One runner at a time, by a lease in the database: who dies lets go of it within seconds."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Self

from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.model.errors import RetryableError

SETTING = "runner_lease"
TERM_S = 20.0  # of real time, on a drill database too; each batch renews it and takes a second or two


class Lease:
    """The right to change stores; every transaction that does asks ``hold`` first, so that one who lost it stops."""

    def __init__(self, docket: Docket, real_clock: Callable[[], float] = time.time) -> None:
        self._docket = docket
        self._clock = real_clock
        self._holder = secrets.token_hex(8)
        self._until_s = 0.0

    def __enter__(self) -> Self:
        self._docket.transact(self._take)
        return self

    def __exit__(self, *_: object) -> None:
        self._docket.transact(self._let_go)

    def hold(self, record: Record) -> None:
        """Renew the lease in a transaction; RetryableError where another runner took it meanwhile."""
        if not self._is_held(record):
            raise RetryableError(
                "close: this runner stood still and another took its place; what it did is kept; try again"
            )
        self._take(record)

    def renew(self) -> None:
        """Renew the lease where it is half over and still held: telling the marketplace may take long."""
        if self._until_s - self._clock() < TERM_S / 2:
            self._docket.transact(lambda record: self._take(record) if self._is_held(record) else None)

    def _is_held(self, record: Record) -> bool:
        holder: str = json.loads(record.setting(SETTING) or '["", 0]')[0]
        return holder == self._holder

    def _take(self, record: Record) -> None:
        holder, until_s = json.loads(record.setting(SETTING) or '["", 0]')
        now_s = self._clock()
        if holder != self._holder and now_s < until_s <= now_s + TERM_S:  # further off: the clock went back since
            raise RetryableError(
                "close: another runner is at work, expected one at a time; nothing was done; try again when it is done,"
                f" or in {TERM_S:g} seconds where it died"
            )
        self._until_s = self._clock() + TERM_S
        record.set_setting(SETTING, json.dumps([self._holder, self._until_s]))

    def _let_go(self, record: Record) -> None:
        if self._is_held(record):
            record.set_setting(SETTING, json.dumps(["", 0]))
