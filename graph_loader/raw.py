"""What reading hands on: columns of text that know their file and line, and the rows that could not be read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Lines = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows of one batch that are rejected for one reason; ``values`` (string array) may be missing."""

    lines: Lines
    column: str
    values: pa.Array | None
    reason: str
    is_cascaded: bool = False  # rejected only because the row that it speaks of was


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows of one file as read, nothing interpreted: ``columns`` by the file's own names, ``faults`` beside them.

    Text files give string columns; Parquet may also give timestamps (UTC) and floats. Null means empty.
    """

    lines: Lines
    columns: Mapping[str, pa.Array]
    faults: tuple[Fault, ...] = ()

    def __len__(self) -> int:
        """Count the rows that could be read."""
        return len(self.lines)


Advance = Callable[[int], None]
"""Told how many bytes of the file are read by now."""


@dataclass(slots=True)
class Sieve:
    """Drops rows of a batch; each row is dropped once, for the first reason."""

    lines: Lines
    keep: Mask = field(init=False)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep every row at first."""
        self.keep = np.ones(len(self.lines), dtype=np.bool_)

    def drop(self, bad: Mask, column: str, values: pa.Array | None, reason: str) -> None:
        """Drop the rows of ``bad`` that are still there."""
        fresh = bad & self.keep
        if fresh.any():
            shown = None if values is None else values.filter(pa.array(fresh))
            self.faults.append(Fault(self.lines[fresh], column, shown, reason))
            self.keep &= ~fresh


def with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each chunk and whether it is the last; one empty last chunk where there is none."""
    held = b""
    for chunk in chunks:
        if held:
            yield held, False
        held = chunk
    yield held, True
