"""Laws of the positions of a picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ringwatch.algorithms.layout import Sketch, lay_out
from ringwatch.algorithms.packing import pack


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """Draw a graph of sellers, values and stores: values have any links, stores one each."""
    n_core, n_leaves = draw(st.integers(1, 12)), draw(st.integers(0, 8))
    pairs = st.tuples(st.integers(0, n_core - 1), st.integers(0, n_core - 1)).filter(lambda pair: pair[0] < pair[1])
    inner = sorted(draw(st.sets(pairs, max_size=20))) if n_core > 1 else []
    ends = [*inner, *((draw(st.integers(0, n_core - 1)), n_core + leaf) for leaf in range(n_leaves))]
    n = n_core + n_leaves
    half = draw(hnp.arrays(np.float64, (n, 2), elements=st.floats(5, 60)))
    return Sketch(np.array(ends, np.int64).reshape(-1, 2), np.full(len(ends), 1.2), half, np.arange(n) >= n_core)


@given(sketches())
def test_equal_graphs_have_equal_pictures(sketch: Sketch) -> None:
    """The same graph gives the same bytes, and every mark has a place."""
    one = lay_out(sketch)
    assert one.tobytes() == lay_out(sketch).tobytes()
    assert np.isfinite(one).all()


@given(sketches(), st.randoms(use_true_random=False))
def test_what_was_drawn_stays_where_it_was(sketch: Sketch, random) -> None:
    """Marks that were drawn before do not move when others come; the new ones get a place."""
    before = lay_out(sketch)
    n_core = int((~sketch.is_leaf).sum())
    new = random.sample(range(n_core), n_core // 2)
    known = before.copy()
    known[new] = np.nan
    after = lay_out(sketch, known)
    stays = np.setdiff1d(np.arange(len(before)), new)
    assert (after[stays] == before[stays]).all()
    assert np.isfinite(after).all()


@given(sketches())
def test_marks_do_not_lie_on_each_other(sketch: Sketch) -> None:
    """No two marks have the same middle."""
    placed = lay_out(sketch)
    apart = np.abs(placed[:, None] - placed[None, :]).max(axis=2) + np.eye(len(placed)) * 99
    assert (apart > 1).all()


@given(sketches())
def test_where_too_little_was_drawn_a_picture_begins_anew(sketch: Sketch) -> None:
    """Places of fewer than half of the marks count for nothing: the picture is the one of the same graph unknown."""
    core = np.flatnonzero(~sketch.is_leaf)
    known = np.full((len(sketch.is_leaf), 2), np.nan)
    known[core[: (len(core) - 1) // 2]] = 17.0
    assert lay_out(sketch, known).tobytes() == lay_out(sketch).tobytes()


@given(st.lists(st.floats(3, 80), min_size=1, max_size=40), st.data())
def test_rings_stay_where_they_were_on_the_map(radii: list[float], data: st.DataObject) -> None:
    """Discs that did not grow keep their middle when others come, grow or go; and no disc lies on another."""
    before = pack(np.array(radii))
    grown = data.draw(st.lists(st.integers(0, len(radii) - 1), max_size=3, unique=True))
    new = data.draw(st.lists(st.floats(3, 80), max_size=5))
    sizes, known = np.array([*radii, *new]), np.vstack([before, np.full((len(new), 2), np.nan)])
    sizes[grown] *= 0.9  # smaller: there is room
    placed = pack(sizes, known)
    assert np.abs(placed[: len(radii)] - before).max() <= 0.02  # places are told to a hundredth of a pixel
    apart = np.hypot(*(placed[:, None] - placed[None, :]).transpose(2, 0, 1))
    assert (apart + np.eye(len(sizes)) * 1e3 >= sizes[:, None] + sizes[None, :] - 0.02).all()


@given(st.lists(st.floats(3, 80), max_size=60))
def test_rings_lie_beside_each_other(radii: list[float]) -> None:
    """On a map no disc lies on another, the first is in the middle, and equal discs give the same bytes."""
    sizes = np.array(radii, np.float64)
    placed = pack(sizes)
    assert placed.shape == (len(radii), 2)
    assert placed.tobytes() == pack(sizes).tobytes()
    apart = np.hypot(*(placed[:, None] - placed[None, :]).transpose(2, 0, 1))
    room = sizes[:, None] + sizes[None, :] - 0.02  # places are told to a hundredth of a pixel
    assert (apart + np.eye(len(sizes)) * 1e3 >= room).all()
    assert not len(placed) or placed[0].tolist() == [0, 0]
