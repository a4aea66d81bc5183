"""Values judged by their holders: does anything else tie the holders to each other?

A household's address or a ring's account has holders whom other families tie too; a forwarder's or an agency's has
not. The judgement only ever demotes: a bonus would pay those who copy a ring's photos.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ringwatch.algorithms.codes import BRAND_FEATURE, HUB_LEVEL
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import Shown
from ringwatch.algorithms.pairs import Pairs
from ringwatch.algorithms.segments import ranges
from ringwatch.algorithms.weights import Weights
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

JUDGED_HOLDERS = 4  # of fewer holders too little is known to judge
TIE_STRENGTH = 3.0  # log ratio from which a shared value of another family ties two holders
SAME_FACT = 0.5  # overlap of holders (Jaccard) from which two values are one fact and do not speak for each other
TIE_RATES = (0.6, 0.05)  # share of holders that another family ties: one operator's value, anybody's
RATE_PRIOR = 200.0  # holders that those rates weigh as while they are learned
RATE_ROUNDS = 20
LIKENESS_MOST = 4.0  # a likeness in trade does not save a value whose many holders nothing else ties
DEMOTION_EDGES = (0.5, 1.5, 3.0, 5.0)  # log ratios from which a value stands at the next level


@dataclass(frozen=True, slots=True)
class TieCounts:
    """Of each value that is judged: how many holders it has and how many of them another family ties to a fellow."""

    value: Longs
    n_holders: Longs
    n_tied: Longs


def count_ties(facts: Facts, pairs: Pairs, shown: Shown, weights: Weights) -> TieCounts:
    """Return the ties within every listed value of at least four holders. O(meetings x families)."""
    tie_value, tie_meeting = _ties(facts, pairs, shown, weights)
    is_tied = np.zeros(facts.snapshot.n_links, dtype=np.bool_)
    is_tied[pairs.link_a[tie_meeting]] = True
    is_tied[pairs.link_b[tie_meeting]] = True
    del tie_value
    is_listed = np.zeros(facts.snapshot.n_values, dtype=np.bool_)
    is_listed[pairs.value] = True
    judged = np.flatnonzero(is_listed & (facts.n_holders >= JUDGED_HOLDERS))
    n_tied = np.bincount(facts.link_value, is_tied, facts.snapshot.n_values).astype(np.int64)
    return TieCounts(judged, facts.n_holders[judged], n_tied[judged])


def _ties(facts: Facts, pairs: Pairs, shown: Shown, weights: Weights) -> tuple[Longs, Longs]:
    """Return (value that ties, meeting whose value is spoken for) wherever a value of another family ties a pair."""
    best_code = shown.codes[shown.best_pair, shown.best_family]
    is_strong = weights.ratio[best_code] >= TIE_STRENGTH
    pair, family = shown.best_pair[is_strong], shown.best_family[is_strong]
    value = pairs.value[shown.best_meeting[is_strong]]
    n_meetings = np.diff(pairs.start)[pair]
    meeting = ranges(pairs.start[pair], n_meetings)
    tying = np.repeat(value, n_meetings)
    spoken_for = pairs.value[meeting]
    is_other = facts.value_voice[spoken_for] != np.repeat(family, n_meetings)
    is_other &= facts.n_holders[spoken_for] >= JUDGED_HOLDERS
    tying, meeting = tying[is_other], meeting[is_other]
    is_new = overlap_of_holders(facts, pairs.value[meeting], tying) < SAME_FACT
    return tying[is_new], meeting[is_new]


def overlap_of_holders(facts: Facts, one: Longs, other: Longs) -> Floats:
    """Return the Jaccard overlap of the holders of each two values."""
    if not len(one):
        return np.zeros(0)
    key = one * facts.snapshot.n_values + other
    distinct, row = np.unique(key, return_inverse=True)
    left, right = np.divmod(distinct, facts.snapshot.n_values)
    shape = (facts.snapshot.n_values, facts.snapshot.n_sellers)
    ones = np.ones(facts.snapshot.n_links, dtype=np.int32)
    held = sparse.csr_array((ones, facts.snapshot.link_seller, facts.snapshot.value_start), shape=shape)
    n_common = np.asarray((held[left] * held[right]).sum(axis=1))
    n_union = facts.n_holders[left] + facts.n_holders[right] - n_common
    overlap: Floats = (n_common / n_union)[row]
    return overlap


def learn_tie_rates(ties: TieCounts) -> tuple[float, float]:
    """Return the two rates of a mixture of one operator's and anybody's values, by EM from ``TIE_RATES``."""
    cells, counts = np.unique(np.column_stack((ties.n_holders, ties.n_tied)), axis=0, return_counts=True)
    n_holders, n_tied = cells[:, 0], cells[:, 1]
    high, low = TIE_RATES
    for _ in range(RATE_ROUNDS):
        odds = np.exp(np.clip(_log_ratio(n_holders, n_tied, (high, low)), -30, 30))
        ours = counts * odds / (1 + odds)
        theirs = counts - ours
        high = (TIE_RATES[0] * RATE_PRIOR + ours @ n_tied) / (RATE_PRIOR + ours @ n_holders)
        low = (TIE_RATES[1] * RATE_PRIOR + theirs @ n_tied) / (RATE_PRIOR + theirs @ n_holders)
        high, low = max(float(high), 0.3), min(float(low), 0.2)  # two kinds of values, never one
    return high, low


def _log_ratio(n_holders: Longs, n_tied: Longs, rates: tuple[float, float]) -> Floats:
    high, low = rates
    ratio: Floats = n_tied * np.log(high / low) + (n_holders - n_tied) * np.log((1 - high) / (1 - low))
    return ratio


def trade_likeness(facts: Facts, pairs: Pairs, shown: Shown, weights: Weights) -> Floats:
    """Return for each listed value how far its holders trade like one operator's stores rather than like neighbours.

    The log ratio of common brands, days between registrations and countries, summed over the holders, each with the
    mean of its fellows, and halved, as holders repeat each other.
    """
    of_pair = weights.contrast[shown.codes[:, BRAND_FEATURE:]].sum(axis=1)
    total = np.bincount(pairs.value, of_pair[pairs.meeting_pair], facts.snapshot.n_values)
    alike: Floats = total / np.maximum(facts.n_holders - 1, 1)
    return alike


def judge(ties: TieCounts, rates: tuple[float, float], n_values: int, alike: Floats | None = None) -> Ints:
    """Return the level of each value: 0 where its holders are tied or too few, up to the last for a hub.

    With ``alike`` (see ``trade_likeness``) holders that trade like one operator's make up for some that are not tied,
    and those who trade like strangers condemn the value though they are tied: an agency's clients share its contacts.
    """
    levels = np.zeros(n_values, dtype=np.int32)
    ratio = _log_ratio(ties.n_holders, ties.n_tied, rates)
    if alike is not None:
        trade = alike[ties.value]
        ratio = np.minimum(ratio + np.minimum(trade, LIKENESS_MOST), trade)
    levels[ties.value] = np.searchsorted(DEMOTION_EDGES, -np.minimum(ratio, 0.0))
    return levels


def is_hub(levels: Ints) -> Bools:
    """Say of each value whether it was judged down so far that it joins nothing."""
    hubs: Bools = levels >= HUB_LEVEL
    return hubs
