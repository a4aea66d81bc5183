"""Laws of learning: what each code gathers is what counting it pattern by pattern gives, digit by digit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.algorithms.codes import CLASSES, N_LEVELS
from ringwatch.algorithms.em import _occurrences

N_CODES = CLASSES + 4 * N_LEVELS
ROWS = st.lists(st.lists(st.integers(0, N_CODES - 1), min_size=3, max_size=3), min_size=1, max_size=20)


@given(ROWS, st.integers(0, 2**32 - 1))
def test_a_product_gathers_what_counting_gathers(rows: list[list[int]], seed: int) -> None:
    """In the order of the patterns, demoted codes counted for what they were; nothing is said of what is missing."""
    belief = np.random.default_rng(seed).random((len(rows), 2))
    counted = np.zeros((N_CODES, 2))
    for codes, believed in zip(rows, belief, strict=True):
        for code in codes:
            counted[code - (code - CLASSES) % N_LEVELS if code >= CLASSES else code] += believed
    gathered = _occurrences(np.array(rows, dtype=np.int32), N_CODES) @ belief
    once = np.array([max(codes.count(code) for codes in rows) <= 1 for code in range(N_CODES)])
    assert np.allclose(gathered, counted)
    undoubled = once & (counted.sum(axis=1) > 0)
    undoubled[CLASSES:] = False
    assert np.array_equal(gathered[undoubled], counted[undoubled])
