"""How surely a ring, and each of its members, sells counterfeits: from notices alone, never from links."""

import numpy as np
from scipy.special import betaln, expit

from ringwatch.algorithms.priors import UPHELD_RING
from ringwatch.model.snapshot import Bools, Floats, Longs, Snapshot

RATE_PRIOR = (1.0, 49.0)  # a market without notices is believed to have two upheld in a hundred sellers
CLOSABLE_FACTOR = 0.5  # log Bayes factor of a ring that the score's border of 0.5 stands for
OWN_UPHELD = 1.0  # what an upheld notice of its own adds for a member
OWN_REJECTED = -0.5  # what notices against it that all failed take away
UNREACHED_MOST = -0.1  # a member that the infringing part does not reach by two families stays below the border


def market_rate(snapshot: Snapshot) -> float:
    """Return the share of sellers with an upheld notice, held off 0 by a prior."""
    n_upheld = int((snapshot.n_upheld > 0).sum())
    return (n_upheld + RATE_PRIOR[0]) / (snapshot.n_sellers + sum(RATE_PRIOR))


def log_bayes_factor(n_upheld: Longs, n_members: Longs, rate: float) -> Floats:
    """Return how much likelier k of n members with an upheld notice are in an infringing ring than anywhere.

    log of BetaBinomial(k; n, 1.2, 4) / Binomial(k; n, rate); the ways to choose the k cancel.

    >>> log_bayes_factor(np.array([0, 3]), np.array([10, 10]), 0.03).round(1).tolist()
    [-1.2, 3.9]
    """
    one, other = UPHELD_RING
    ring = betaln(n_upheld + one, n_members - n_upheld + other) - betaln(one, other)
    anywhere = n_upheld * np.log(rate) + (n_members - n_upheld) * np.log1p(-rate)
    factor: Floats = ring - anywhere
    return factor


def ring_score(factor: Floats) -> Floats:
    """Return the infringement score of a ring's log Bayes factor; 0.5 where a closure may begin."""
    scores: Floats = expit(factor - CLOSABLE_FACTOR)
    return scores


def member_score(snapshot: Snapshot, seller: Longs, factor: Floats, reaches: Bools) -> Floats:
    """Return the infringement score of each member: the evidence about its ring (``factor``) and its own notices.

    Who is not tied to the infringing part of the ring by two families stays below 0.5 whatever the ring did.
    """
    upheld, failed = snapshot.n_upheld[seller] > 0, snapshot.n_rejected[seller] > 0
    own = OWN_UPHELD * upheld + OWN_REJECTED * (failed & ~upheld)
    logit = factor - CLOSABLE_FACTOR + own
    scores: Floats = expit(np.where(reaches, logit, np.minimum(logit, UNREACHED_MOST)))
    return scores
