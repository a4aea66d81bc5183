"""How far figures may be off because other rings could have been met: 95 % intervals over drawn rings.

Whole rings are drawn, never pairs or members, which hang together (Efron and Tibshirani, An Introduction to the
Bootstrap, 1993, chapter 8). Each true ring and each honest seller counts a number of times drawn from Poisson(1), which
is drawing with replacement for many units (Hanley and MacGibbon 2006).
"""

import numpy as np

from ringwatch.algorithms.figures import Measured, figures

DRAWS_MOST = 500  # the ends of an interval then move by a tenth of its width from seed to seed
DRAWS_LEAST = 100
CELLS_MOST = 30_000_000  # cells looked at in all draws: some seconds
ENDS = (2.5, 97.5)  # percentiles


def intervals(measured: Measured, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of each figure by name; the same seed gives the same. O(draws * cells)."""
    sample, random = measured.sample, np.random.default_rng(seed)
    n_cells = len(sample.cell_size) + len(sample.member_unit) + 1
    n_draws = max(DRAWS_LEAST, min(DRAWS_MOST, CELLS_MOST // n_cells))
    drawn = [
        figures(
            measured,
            random.poisson(1.0, len(sample.unit_size)).astype(np.float64),
            float(random.poisson(sample.n_alone)),
        )
        for _ in range(n_draws)
    ]
    ends = {name: np.percentile([one[name] for one in drawn], ENDS) for name in drawn[0]}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}
