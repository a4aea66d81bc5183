"""Where rings lie on the map: the first in the middle, each next one as near to it as there is room."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEP = 0.3  # of a ring's own radius between two places that are tried: finer finds little more room
STRETCH = 1.55  # width to height of the stage


def pack(radii: Floats, known: Floats | None = None) -> Floats:
    """Return the middles of circles of these radii, float64 (n, 2), none on another, in the order given.

    ``known`` (n, 2): where circles were before, NaN for new ones; those that still have room there stay, the first
    given before the others. Each other one is put on the first free place of a spiral that begins where the last one of
    its size found room, so equal radii give equal maps. A grid tells who lies near: some ten places are tried for a
    circle where sizes are alike.
    """
    board = _Board(2 * float(np.median(radii)) if len(radii) else 1.0)
    reached: dict[int, float] = {}  # by the size, in powers of root two: how far out the spiral had to go
    places: list[tuple[float, float]] = [(math.nan, math.nan)] * len(radii)
    for n, (x, y) in enumerate(known.tolist() if known is not None else ()):
        if not math.isnan(x) and board.is_free(x, y, float(radii[n])):
            board.put(x, y, float(radii[n]))
            places[n] = (x, y)
    for n, radius in enumerate(radii.tolist()):
        if not math.isnan(places[n][0]):
            continue
        size = math.ceil(2 * math.log2(radius))
        begin = max((out for other, out in reached.items() if other <= size), default=0.0)
        reached[size], place = board.find_room(begin, radius)
        board.put(*place, radius)
        places[n] = place
    return np.round(np.asarray(places, np.float64).reshape(-1, 2), 2)


class _Board:
    """Circles that were put already, by the cells of a grid that they touch."""

    def __init__(self, cell: float) -> None:
        self._cell = cell
        self._cells: dict[tuple[int, int], list[tuple[float, float, float]]] = {}

    def put(self, x: float, y: float, radius: float) -> None:
        """Put a circle."""
        for cell in self._touched(x, y, radius):
            self._cells.setdefault(cell, []).append((x, y, radius))

    def find_room(self, begin: float, radius: float) -> tuple[float, tuple[float, float]]:
        """Return the first place of the spiral where a circle lies on no other, and how far out it is."""
        angle = begin * math.pi / radius
        while True:
            out = radius * angle / math.pi
            x, y = STRETCH**0.5 * out * math.cos(angle), out / STRETCH**0.5 * math.sin(angle)
            if self.is_free(x, y, radius):
                return out, (x, y)
            angle += STEP * radius / max(out, radius)

    def is_free(self, x: float, y: float, radius: float) -> bool:
        """Say whether a circle there would lie on no other."""
        return all(
            (x - other_x) ** 2 + (y - other_y) ** 2 >= (radius + other) ** 2
            for cell in self._touched(x, y, radius)
            for other_x, other_y, other in self._cells.get(cell, ())
        )

    def _touched(self, x: float, y: float, radius: float) -> Iterator[tuple[int, int]]:
        for column in range(math.floor((x - radius) / self._cell), math.floor((x + radius) / self._cell) + 1):
            for row in range(math.floor((y - radius) / self._cell), math.floor((y + radius) / self._cell) + 1):
                yield column, row
