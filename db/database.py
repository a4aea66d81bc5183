"""The seam under ``View`` and ``Writer``: run a named query with parameters, inside one picture or one transaction.

Each database carries the same query names, parameters and columns; nothing above this seam knows which.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ringwatch.model.errors import ConfigError
from ringwatch.model.snapshot import Ints, Longs

Scalar: TypeAlias = str | int | float | None
Params: TypeAlias = Mapping[str, Scalar]
Row: TypeAlias = tuple[Any, ...]
"""What a query returns: plain values, of the types that its columns have."""

NO_PARAMS: Params = {}

Column: TypeAlias = Any
"""An Arrow array, a NumPy array, or one plain value for every row."""

T = TypeVar("T")


class NoDatabaseError(ConfigError):
    """There is no database of ours at that URL yet; loading makes one."""


class Session(Protocol):
    """One consistent picture (reading) or one transaction (writing)."""

    def rows(self, name: str, params: Params = NO_PARAMS) -> list[Row]:
        """Return the rows of a query."""
        ...

    def ints(self, name: str, params: Params = NO_PARAMS) -> npt.NDArray[np.int64]:
        """Return the rows of a query whose columns are all integers, never null; shape (rows, columns)."""
        ...

    @property
    def picture_path(self) -> Path | None:
        """Where a picture of the graph may be kept (see ``picture_file``), None where there is no such place."""
        ...

    def use_columns(self) -> tuple[Longs, Longs, Ints, Ints, Longs]:
        """Return value number, holder number, first day, last day (``NEVER``: unknown), purpose number (0: none).

        One row for each use that stands, of each source; in any order.
        """
        ...

    def value_kinds(self) -> Longs:
        """Return the number of the kind of every value, in the order of the values' numbers, which begin at 1."""
        ...

    def table_rows(self, name: str) -> Iterator[Row]:
        """Yield all rows of a table of the embedded database's schema, in any order."""
        ...

    def write(self, name: str, params: Params = NO_PARAMS) -> int:
        """Run one writing statement and return how many rows it changed."""
        ...

    def write_rows(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Run a writing statement once for each row, parameters in the order of the query's header."""
        ...

    def write_columns(self, name: str, columns: Sequence[Column], n_rows: int) -> None:
        """Run a writing statement once for each row of columns, which are in the order of the query's header."""
        ...


Step: TypeAlias = tuple[str, Iterable[Sequence[Scalar]]]
"""A writing statement and its rows, which may be a generator."""


Note: TypeAlias = Callable[[Session], None]
"""Writes, in a transaction that is open, that something was done."""


class Database(Protocol):
    """An open database; safe to use from several threads at once."""

    @property
    def rows_a_turn(self) -> int:
        """Return how many rows of a batch are written before other writers get their turn."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """Open a picture of the database at one moment; writers go on meanwhile and are not seen."""
        ...

    def transact(self, work: Callable[[Session], T]) -> T:
        """Return what ``work`` returns; what it wrote is kept then, all of it, or nothing where it raises.

        A database may have to run ``work`` again from its beginning, so it changes nothing but the database.
        """
        ...

    def transact_in_parts(self, work: Callable[[Session], T], n_rows: int) -> T:
        """Return what ``work``, a batch of a load, returns; a database may keep what it writes part by part.

        Others do not write meanwhile. Where it breaks off, the same work done again completes it. Of a first batch of
        many rows a database may put indexes off until ``settle``.
        """
        ...

    def settle(self) -> None:
        """Make what batches put off, so that everything is found fast; harmless where nothing was."""
        ...

    def replace_run(self, run_id: str, forget: Sequence[str], steps: Iterable[Step], note: Note) -> None:
        """Put a run in the place of the one before: readers see the one or the other, whole, at every moment.

        ``forget`` names statements that clear rows of runs before, ``steps`` write those of this one, in order.
        ``note`` writes in the transaction by which readers see it.
        """
        ...

    def renew_run(self, params: Params, steps: Callable[[Session], Iterable[Step]]) -> bool:
        """Make the current run another one that changes a part of it, at one moment; False where it is not current.

        ``params`` are those of the statement ``renew_run``; ``steps`` are written, in order, under ``run_id``.
        """
        ...

    def fill_table(self, name: str, rows: Iterable[Sequence[Scalar]]) -> None:
        """Write rows that ``Session.table_rows`` of any database gave into a table that has none."""
        ...

    def finish_filling(self, run_id: str | None) -> None:
        """Let readers see the run that was filled in, where there is one."""
        ...

    def close(self) -> None:
        """Let go of every connection; harmless twice."""
        ...
