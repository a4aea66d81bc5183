"""What people decide about stores: the door to it, over either database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from ringwatch.db.database import Database
from ringwatch.db.record import Record

T = TypeVar("T")


class Docket:
    """Reads and transactions on ``Record``. Made by ``db.open.open_docket(url)``; a context manager."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @contextmanager
    def reading(self) -> Iterator[Record]:
        """Open a picture of what was decided."""
        with self._database.reading() as session:
            yield Record(session)

    def transact(self, work: Callable[[Record], T]) -> T:
        """Return what ``work`` returns; what it wrote is kept then, all of it, or nothing where it raises.

        Writers take turns. ``work`` may be run again from its beginning, so it changes nothing but the record.
        """
        return self._database.transact(lambda session: work(Record(session)))
