"""The tier of each membership, by rules that a person can read, and the rule that keeps it from the next surer one."""

from dataclasses import dataclass

import numpy as np

from ringwatch.model.rings import TIERS
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

CLOSE, REVIEW, LEAD = range(len(TIERS))
CLOSE_LEAST = 2.0  # log-odds of a membership that may close a store
REVIEW_LEAST = 0.0  # more likely than not
WEAK_LEAST = 1.0  # log-odds from which who came in as a lead is reviewed all the same
COPIED_LEAST = 1.0  # log-odds from which who shares only photos or texts is reviewed all the same: copycats share one
RING_LEAST = 3  # fewer than three members are no ring that a closure may rest on

SMALL_RING = "the ring has fewer than three members that are more likely in it than not"
NO_NOTICE = "a ring of two is reviewed only where a notice against one of them was upheld"
UNLIKELY = "its membership is less likely than not"
NOT_CORE = "it joined by weak evidence only"
NOT_SURE = f"its log-odds are below {CLOSE_LEAST:g}"
ONE_FAMILY = (
    "fewer than two families of evidence that count tie it to the ring (services and hubs left out; photos, texts and"
    " the place that ships the goods are nothing where one supplier may give them all)"
)
SERVED = "all that ties it to the ring are services, or a few photos or texts, which strangers use too"
FRAGILE = "its membership would fall without one value"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the rules ask of each membership, one row each."""

    log_odds: Floats
    is_weak: Bools  # came in by the weak pass for leads
    n_families: Longs
    is_served: Bools  # all that ties it are services and hubs, or content though that is not much
    is_fragile: Bools
    n_likely: Longs  # members of its ring with log-odds of at least REVIEW_LEAST, itself counted
    n_members: Longs  # of its ring
    ring_has_notice: Bools


def give_tiers(grounds: Grounds) -> tuple[Ints, list[str]]:
    """Return the tier of each membership, as an index into ``TIERS``, and why it is no surer ("" for close).

    The first rule that a membership breaks is the one that is named.
    """
    n = len(grounds.log_odds)
    is_ring = grounds.n_likely >= RING_LEAST
    is_pair = (grounds.n_members == 2) & grounds.ring_has_notice
    review_rules = (
        (grounds.is_weak & (grounds.log_odds < WEAK_LEAST), NOT_CORE),
        (grounds.log_odds < REVIEW_LEAST, UNLIKELY),
        (grounds.is_served, SERVED),
        ((grounds.n_members == 2) & ~grounds.ring_has_notice, NO_NOTICE),
        (~is_ring & ~is_pair, SMALL_RING),
    )
    close_rules = (
        (~is_ring, SMALL_RING),
        (grounds.log_odds < CLOSE_LEAST, NOT_SURE),
        (grounds.n_families < 2, ONE_FAMILY),
        (grounds.is_fragile, FRAGILE),
    )
    below_review, below_close = _first_broken(review_rules, n), _first_broken(close_rules, n)
    tier = np.where(below_review >= 0, LEAD, np.where(below_close >= 0, REVIEW, CLOSE)).astype(np.int32)
    why = [
        review_rules[one][1] if one >= 0 else close_rules[other][1] if other >= 0 else ""
        for one, other in zip(below_review.tolist(), below_close.tolist(), strict=True)
    ]
    return tier, why


def _first_broken(rules: tuple[tuple[Bools, str], ...], n: int) -> Longs:
    broken = np.full(n, -1, dtype=np.int64)
    for place in range(len(rules) - 1, -1, -1):
        broken[rules[place][0]] = place
    return broken


def ring_tiers(tier: Ints, ring: Longs, n_rings: int, n_members: Longs) -> Longs:
    """Return each ring's tier: the surest that three of its members reach (of a ring of two: both), else lead."""
    needed = np.where(n_members == 2, 2, RING_LEAST)
    of_ring = np.full(n_rings, LEAD, dtype=np.int64)
    for limit in (REVIEW, CLOSE):
        n_reaching = np.bincount(ring[tier <= limit], minlength=n_rings)
        of_ring[n_reaching >= needed] = limit
    return of_ring
