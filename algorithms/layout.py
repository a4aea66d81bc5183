"""Positions for the picture of a ring: the same graph gives the same bytes, and what was drawn before stays put."""

from dataclasses import dataclass
from itertools import pairwise

import igraph
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

UNIT = 130.0  # pixels of a link of length 1: two marks with their labels and air between
ASPECT = 1.7  # width to height of the stage that a picture is drawn on
MOST_WIDENED = 1.75  # more, and what is near looks far
FAN_RADIUS = 62.0  # from a mark to the leaves around it: clear of its label
FAN_STEP = 0.52  # radians between two leaves
GAP = 4.0  # pixels that stay free between two boxes
ROUNDS = 80  # of pushing boxes apart; most pictures need ten
SETTLED = 0.01  # of a link's length: springs that pull less than that stop; finer moves no crossing away
BLOCK = 64  # links that are crossed with all others at once: some megabytes at a thousand links
SHARE_KNOWN = 0.5  # below that too little was drawn before to build on
STARTS = ((50, 12), (120, 4))  # up to so many marks, so many starts; one above: each costs the cube of the marks
LARGEST_SPRUNG = 600  # marks; above that springs and boxes take seconds, and nobody reads the labels of so many


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is to be drawn.

    ``ends``: int64 (m, 2), the two marks of each link; ``lengths``: (m,), wished lengths in units; ``half``: (n, 2),
    half the width and height of each mark with its label in pixels; ``is_leaf``: (n,), marks with one link that follow
    the mark at its other end.
    """

    ends: Longs
    lengths: Floats
    half: Floats
    is_leaf: Bools


def lay_out(sketch: Sketch, known: Floats | None = None) -> Floats:
    """Return the position of each mark in pixels, float64 (n, 2), around the middle, y downwards.

    ``known`` (n, 2): where marks were drawn before, NaN for new ones. Where at least half of those that are no leaves
    were, they stay where they are and the new ones are put among their neighbours. Springs after Kamada and Kawai
    (1989), from several starts, of which the one with the fewest crossings is taken; O(n^3) for each.
    """
    positions = np.full((len(sketch.is_leaf), 2), np.nan)
    core = np.flatnonzero(~sketch.is_leaf)
    if known is not None and np.isfinite(known[core, 0]).sum() < SHARE_KNOWN * max(len(core), 1):
        known = None
    if known is not None:
        positions[core] = known[core]
        _join_neighbours(sketch, positions, core)
    else:
        positions[core] = _spring(sketch, core)
    _fan_out(sketch, positions)
    is_fixed = np.zeros(len(positions), bool) if known is None else np.isfinite(known[:, 0])
    if known is not None:
        positions[is_fixed] = known[is_fixed]
    return np.round(_push_apart(positions, sketch.half, is_fixed), 2)


def _spring(sketch: Sketch, core: Longs) -> Floats:
    """Return positions of the marks that are no leaves: each connected part by springs, the parts side by side."""
    number = np.full(len(sketch.is_leaf), -1)
    number[core] = np.arange(len(core))
    ends = number[sketch.ends]
    inner = (ends >= 0).all(axis=1)
    graph = igraph.Graph(len(core), ends[inner].tolist())
    lengths = sketch.lengths[inner]
    positions = np.zeros((len(core), 2))
    right = 0.0
    for part in sorted(graph.connected_components(), key=lambda part: (-len(part), part)):
        inside = np.asarray(part)
        own = np.flatnonzero(np.isin(ends[inner][:, 0], inside))
        placed = _widen(_turn(_best_start(graph.induced_subgraph(part), lengths[own])))
        half = sketch.half[core[inside]]
        left = (placed[:, 0] - half[:, 0]).min()
        positions[inside] = placed + np.array([right - left, 0.0])
        right = (positions[inside][:, 0] + half[:, 0]).max() + 4 * GAP
    return positions - (positions.min(axis=0) + positions.max(axis=0)) / 2 if len(core) else positions


def _best_start(graph: igraph.Graph, lengths: Floats) -> Floats:
    """Return the layout with the fewest crossings; edges of an induced subgraph keep the order of their graph."""
    n = graph.vcount()
    if n == 1:
        return np.zeros((1, 2))
    best, fewest = np.zeros((n, 2)), np.inf
    for start in range(next((times for most, times in STARTS if n <= most), 1)):
        order = np.random.default_rng(start).permutation(n) if start else np.arange(n)
        angles = 2 * np.pi * order / n
        circle = np.column_stack((np.cos(angles), np.sin(angles)))
        if n <= LARGEST_SPRUNG:
            found = graph.layout_kamada_kawai(seed=circle.tolist(), weights=lengths.tolist(), epsilon=SETTLED)
        else:
            found = graph.layout_graphopt(seed=(circle * n).tolist(), niter=200)
        placed = _to_scale(np.asarray(found.coords), np.asarray(graph.get_edgelist(), np.int64))
        crossings = _count_crossings(placed, np.asarray(graph.get_edgelist(), np.int64))
        if crossings < fewest:
            best, fewest = placed, crossings
    return best


def _to_scale(positions: Floats, ends: Longs) -> Floats:
    """Scale a picture so that half of its links are longer than the unit, so all rings are drawn at one scale."""
    spans = np.hypot(*(positions[ends[:, 0]] - positions[ends[:, 1]]).T)
    usual = float(np.median(spans)) if len(spans) else 1.0
    scaled: Floats = positions * (UNIT / usual if usual > 0 else UNIT)
    return scaled


def _count_crossings(positions: Floats, ends: Longs) -> int:
    """Count the pairs of links without a mark in common that cross; O(links^2), a block of rows at a time."""
    count, order = 0, np.arange(len(ends))
    a, b = positions[ends[:, 0]], positions[ends[:, 1]]
    for low in range(0, len(ends), BLOCK):
        block = slice(low, low + BLOCK)
        one, other = ends[block, :, None, None], ends[None, None, :, :]
        apart = ~(one[:, 0] == other[:, 0]).any(axis=2) & ~(one[:, 1] == other[:, 0]).any(axis=2)
        c, d = a[block, None], b[block, None]
        across = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
        count += int((across & apart & (order > order[block, None])).sum())
    return count


def _side(start: Floats, end: Floats, point: Floats) -> Floats:
    """Say on which side of lines points lie, by the sign."""
    along, aside = end - start, point - start
    product: Floats = along[..., 0] * aside[..., 1] - along[..., 1] * aside[..., 0]
    return product


def _turn(positions: Floats) -> Floats:
    """Turn the long axis level; of the four ways in which that can be the one with more to the left and above."""
    centred = positions - positions.mean(axis=0)
    if len(positions) < 3:
        return np.column_stack((np.hypot(*centred.T) * np.sign(np.arange(len(centred)) - 0.5), np.zeros(len(centred))))
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned: Floats = centred @ axes[:, ::-1]
    return np.where((turned**3).sum(axis=0) < 0, -1.0, 1.0) * turned


def _widen(positions: Floats) -> Floats:
    """Stretch a picture towards the shape of the stage."""
    width, height = np.ptp(positions, axis=0) + UNIT
    widened: Floats = positions * np.array([min(max(ASPECT * height / width, 1.0), MOST_WIDENED), 1.0])
    return widened


def _join_neighbours(sketch: Sketch, positions: Floats, core: Longs) -> None:
    """Put new marks beside the middle of their neighbours, those with most placed neighbours first."""
    middle = np.nanmean(positions[core], axis=0)
    waiting = [mark for mark in core if np.isnan(positions[mark, 0])]
    while waiting:
        placed = {mark: _placed_neighbours(sketch, positions, mark) for mark in waiting}
        mark = max(waiting, key=lambda mark: (len(placed[mark]), -mark))
        near = positions[placed[mark]].mean(axis=0) if len(placed[mark]) else middle
        outwards = near - middle
        positions[mark] = near + UNIT / 2 * (outwards / np.hypot(*outwards) if outwards.any() else np.array([0.0, 1.0]))
        waiting.remove(mark)


def _placed_neighbours(sketch: Sketch, positions: Floats, mark: int) -> Longs:
    others: Longs = sketch.ends[(sketch.ends == mark).any(axis=1)].sum(axis=1) - mark
    near: Longs = others[np.isfinite(positions[others, 0])]
    return near


def _fan_out(sketch: Sketch, positions: Floats) -> None:
    """Put the leaves of each mark as a fan into the widest free arc around it, ascending by their number."""
    is_leaf_end = sketch.is_leaf[sketch.ends]
    for mark in np.unique(sketch.ends[is_leaf_end[:, ::-1]]):
        own = (sketch.ends == mark).any(axis=1)
        others = sketch.ends[own].sum(axis=1) - mark
        leaves = np.sort(others[sketch.is_leaf[others]])
        towards = positions[others[~sketch.is_leaf[others]]] - positions[mark]
        middle, width = _widest_arc(np.arctan2(towards[:, 1], towards[:, 0]))
        step = min(FAN_STEP, width / (len(leaves) + 1))
        angles = middle + step * (np.arange(len(leaves)) - (len(leaves) - 1) / 2)
        positions[leaves] = positions[mark] + FAN_RADIUS * np.column_stack((np.cos(angles), np.sin(angles)))


def _widest_arc(angles: Floats) -> tuple[float, float]:
    """Return the middle and the width of the widest arc between directions, upwards all around where there is none."""
    if not len(angles):
        return -np.pi / 2, 2 * np.pi
    ordered = np.sort(angles)
    gaps = [(after - before, before) for before, after in pairwise([*ordered, ordered[0] + 2 * np.pi])]
    width, before = max(gaps)
    return float(before + width / 2), float(width)


def _push_apart(positions: Floats, half: Floats, is_fixed: Bools) -> Floats:
    """Move boxes that overlap apart along the way that is shorter on the stage, half each; fixed ones stay."""
    share = np.where(is_fixed, 0.0, 1.0)
    first, second = np.triu_indices(len(half) if len(half) <= LARGEST_SPRUNG else 0, 1)
    free = (share[first] + share[second]) > 0
    first, second = first[free], second[free]
    total = share[first] + share[second]
    room = (half[first] + half[second] + GAP).T
    for _ in range(ROUNDS):
        across, down = positions[:, 0], positions[:, 1]
        delta = across[first] - across[second]
        near = np.flatnonzero(np.abs(delta) < room[0])  # one axis first: few pairs are left for the other
        one, other = first[near], second[near]
        deltas = np.stack((delta[near], down[one] - down[other]))
        over = room[:, near] - np.abs(deltas)
        meets = np.flatnonzero(over[1] > 0)
        if not len(meets):
            break
        one, other, rows = one[meets], other[meets], np.arange(len(meets))
        deltas, over = deltas[:, meets], over[:, meets]
        along = np.where(over[0] <= ASPECT * over[1], 0, 1)
        way = np.where(deltas[along, rows] == 0, -1.0, np.sign(deltas[along, rows]))  # the first goes left or up
        push = way * over[along, rows] / total[near[meets]]
        np.add.at(positions, (one, along), push * share[one])
        np.add.at(positions, (other, along), -push * share[other])
    return positions
