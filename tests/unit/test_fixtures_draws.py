"""Numbers that made marketplaces are drawn from."""

import numpy as np
import pytest

from ringwatch.fixtures.draws import chance, counters, heavy_sizes, mix, pick, popular, sample


def test_mixed_bits_never_change() -> None:
    """Equal number and salt give equal bits for ever: texts of committed data are made from them."""
    assert mix([0, 1, 2], 7).tolist() == mix([0, 1, 2], 7).tolist()
    assert mix([0], 0).tolist() == [16294208416658607535]  # first output of SplitMix64 from state 0
    assert len(np.unique(mix(np.arange(10_000), 3))) == 10_000


def test_picks_and_chances_are_even() -> None:
    """Every choice comes up about as often as every other, whatever the salt."""
    for salt in (0, 1, 99):
        tally = np.bincount(pick(np.arange(60_000), salt, 6), minlength=6)
        assert np.abs(tally - 10_000).max() < 500  # five standard deviations
        assert abs(chance(np.arange(60_000), salt).mean() - 0.5) < 0.01


def test_counters_start_anew() -> None:
    """Each length counts from zero; lengths of zero leave nothing."""
    assert counters([2, 0, 3]).tolist() == [0, 1, 0, 1, 2]
    assert counters([]).tolist() == []


@pytest.mark.parametrize("total", [0, 2, 3, 10, 5_000])
def test_group_sizes_fill_the_total(total: int) -> None:
    """Sizes stay within their limits, and sum to the total or less than one group below it."""
    sizes = heavy_sizes(np.random.default_rng(1), total, 3, 200, 2.1)
    assert sizes.sum() <= total
    assert total < 3 or sizes.sum() > total - 200
    assert len(sizes) == 0 or (sizes.min() >= 3 and sizes.max() <= 200)


def test_group_sizes_have_a_heavy_tail() -> None:
    """Most groups are small, and a few are very large."""
    sizes = heavy_sizes(np.random.default_rng(1), 50_000, 3, 200, 2.1)
    assert np.median(sizes) <= 8
    assert sizes.max() > 150


def test_popular_picks_follow_zipf() -> None:
    """The most popular is taken about twice as often as the second."""
    tally = np.bincount(popular(np.random.default_rng(1), 100_000, 50, 1.0), minlength=50)
    assert tally[0] / tally[1] == pytest.approx(2.0, rel=0.1)


def test_sample_is_distinct() -> None:
    """A sample holds no member twice, and all of them where more are asked for."""
    pool = np.arange(20, dtype=np.int32)
    assert len(set(sample(np.random.default_rng(1), pool, 8).tolist())) == 8
    assert sorted(sample(np.random.default_rng(1), pool, 99).tolist()) == pool.tolist()
    assert len(sample(np.random.default_rng(1), pool, -1)) == 0
