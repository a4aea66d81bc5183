"""Junk values found as degree outliers: far more holders than the other values of their kind let one expect.

The numbers of holders of a kind's values are taken as log-normal. The least number that is an outlier is looked for
from below, each value judged by those with fewer holders, so that outliers do not hide each other (Hawkins,
Identification of outliers, 1980, on masking).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from scipy.special import ndtri

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.segments import ranges
from ringwatch.model.rings import Hub, HubGround
from ringwatch.model.snapshot import Bools, Floats, Longs

OUTLIERS = "junk_holders"  # what a fit keeps the borders under
EXPECTED_MOST = 0.01  # so few values of so many holders are expected by chance: one market in a hundred shows one
PRIOR_VALUES = 20.0  # as many values are believed in before any is seen ...
PRIOR_LOG = (1.0, 0.7)  # ... of this mean and deviation of log holders: 2.7, and twice or half of it in most
ALONE_SHARE = 0.9  # as many of a placeholder's holders have no other value of the kind as of all who have one, nearly


def outlier_borders(facts: Facts) -> dict[str, int]:
    """Return for each kind that is shared the number of holders from which a value is an outlier. O(values log)."""
    kinds = facts.snapshot.kinds
    of_kind = (facts.n_holders[facts.snapshot.value_kind == kind] for kind in range(len(kinds)))
    return {kind.name: outlier_border(n) for kind, n in zip(kinds, of_kind, strict=True) if len(n)}


def outlier_border(n_holders: Longs) -> int:
    """Return the least number of holders that is an outlier among these, each at least 2.

    >>> outlier_border(np.array([2] * 90 + [3] * 9 + [4])), outlier_border(np.array([2] * 90 + [3] * 9 + [400]))
    (8, 8)
    """
    logs = np.sort(np.log(n_holders))
    n_below = np.arange(len(logs) + 1) + PRIOR_VALUES
    mean, deviation = PRIOR_LOG
    total = np.concatenate(([0.0], np.cumsum(logs))) + PRIOR_VALUES * mean
    squares = np.concatenate(([0.0], np.cumsum(logs**2))) + PRIOR_VALUES * (mean**2 + deviation**2)
    spread = np.sqrt(squares / n_below - (total / n_below) ** 2)
    border = total / n_below - float(ndtri(EXPECTED_MOST / len(logs))) * spread
    first = np.flatnonzero(logs >= border[:-1])  # the first value that those below it do not let one expect
    return ceil(float(np.exp(border[first[0] if len(first) else -1])))


def junk_notes(hubs: Sequence[Hub]) -> tuple[str, ...]:
    """Return what a person should know of the junk among a run's hubs; the values themselves may be personal.

    >>> junk_notes([Hub("phone", "+49000", 90, "", HubGround.JUNK)])
    ('1 value looks like a placeholder (phone 1) and joins nobody; see: ringwatch exemptions --suggest',)
    """
    kinds = Counter(hub.kind for hub in hubs if hub.ground is HubGround.JUNK)
    n = kinds.total()
    if not n:
        return ()
    looks = "1 value looks like a placeholder" if n == 1 else f"{n} values look like placeholders"
    joins = "joins" if n == 1 else "join"
    by_kind = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    return (f"{looks} ({by_kind}) and {joins} nobody; see: ringwatch exemptions --suggest",)


def find_junk(facts: Facts, borders: Mapping[str, int], candidates: Longs) -> Bools:
    """Say of each candidate value whether it is a placeholder: an outlier whose holders have no other of its kind.

    A warehouse has as many holders, but they have addresses of their own beside it. O(links) a kind.
    """
    snapshot = facts.snapshot
    is_junk = np.zeros(len(candidates), dtype=np.bool_)
    outliers = np.flatnonzero(is_outlier(facts, borders)[candidates])
    for kind in np.unique(snapshot.value_kind[candidates[outliers]]).tolist():
        places = outliers[snapshot.value_kind[candidates[outliers]] == kind]
        n_values = _n_values_of_kind(facts, kind)
        usual = _share_alone(n_values[n_values > 0])
        begin, counts = snapshot.value_start[candidates[places]], facts.n_holders[candidates[places]]
        is_alone = n_values[snapshot.link_seller[ranges(begin, counts)]] == 1
        of_holders = np.add.reduceat(is_alone, np.cumsum(counts) - counts, dtype=np.int64) / counts
        is_junk[places] = of_holders >= ALONE_SHARE * usual
    return is_junk


def is_outlier(facts: Facts, borders: Mapping[str, int]) -> Bools:
    """Say of each value whether it has as many holders as the border of its kind, or more."""
    border = np.array([borders.get(kind.name, np.inf) for kind in facts.snapshot.kinds])
    outlier: Bools = facts.n_holders >= border[facts.snapshot.value_kind]
    return outlier


def _n_values_of_kind(facts: Facts, kind: int) -> Longs:
    """Return how many values of a kind each seller holds, shared or not."""
    snapshot = facts.snapshot
    is_of_kind = snapshot.value_kind[facts.link_value] == kind
    shared = np.bincount(snapshot.link_seller[is_of_kind], minlength=snapshot.n_sellers)
    n_values: Longs = (shared + snapshot.n_own[:, kind]).astype(np.int64)
    return n_values


def _share_alone(n_values: Longs | Floats) -> float:
    return float((n_values == 1).mean())
