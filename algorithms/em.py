"""Learn without labels what sharing tells: a latent class model of three explanations, fitted by EM from priors.

Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977); the linkage form is
Fellegi and Sunter, "A theory for record linkage" (1969), with a third class for neighbours. Sums run over distinct
patterns in their order, so neither the order of rows nor the ids of sellers can move a digit.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from ringwatch.algorithms.codes import BRAND_FEATURE, BRANDS, CLASSES, MISSING, N_FAMILIES, N_FEATURES, N_LEVELS, NONE
from ringwatch.algorithms.features import Patterns
from ringwatch.algorithms.priors import (
    AGAINST_FLOOR,
    FOR_CEILING,
    NEIGHBOUR_PAIRS,
    OPERATOR_PAIRS,
    PRIOR_PAIRS,
    VIRTUAL_SELLERS,
)
from ringwatch.algorithms.weights import CHANCE, NEIGHBOURS, OPERATOR, Shares, Weights, weights_of
from ringwatch.model.snapshot import Floats

TRADE_PRIOR_PAIRS = 100.0  # what the shipped chance of common brands, days and countries weighs as

CONTRAST_ROOM = 0.7  # how far (log) data may move operators and neighbours apart or together in one class


@dataclass(frozen=True, slots=True)
class Learned:
    """Shares of codes and of explanations, as far as learned."""

    shares: Shares
    prior: Floats  # shares of operators, neighbours, chance among all pairs
    n_sellers: int

    @property
    def weights(self) -> Weights:
        """The same in logarithms."""
        return weights_of(self.shares, self.prior)


def start(shares: Shares, n_sellers: int) -> Learned:
    """Return what is believed of a market of that size before its pairs are seen."""
    linked = np.array([OPERATOR_PAIRS, NEIGHBOUR_PAIRS]) * (n_sellers + VIRTUAL_SELLERS)
    return Learned(shares, _prior(linked, n_sellers), n_sellers)


def n_all_pairs(n_sellers: int) -> float:
    """Return the pairs of a market."""
    return n_sellers * (n_sellers - 1) / 2


def _prior(linked: Floats, n_sellers: int) -> Floats:
    share = linked / (n_all_pairs(n_sellers) + n_all_pairs(VIRTUAL_SELLERS))
    return np.concatenate((share, [1 - share.sum()]))


def explain(weights: Weights, codes: np.ndarray) -> Floats:
    """Return the log of prior times likelihood of each row of codes under each explanation, shape (3, n_rows)."""
    by_code = np.ascontiguousarray(weights.of_code.T)
    joint = np.tile(weights.prior, (len(codes), 1))
    for column in codes.T:
        if column.any():  # a feature that is missing everywhere adds nothing
            joint += by_code[column]
    return joint.T


def log_odds(joint: Floats) -> Floats:
    """Return the log-odds of one operator against the two innocent explanations together."""
    odds: Floats = joint[OPERATOR] - np.logaddexp(joint[NEIGHBOURS], joint[CHANCE])
    return odds


def refine(learned: Learned, patterns: Patterns, prior_shares: Shares, n_rounds: int) -> Learned:
    """Return what ``n_rounds`` more rounds of EM learn from the patterns; O(rounds x patterns x features)."""
    occurrences = _occurrences(patterns.codes, prior_shares.of_code.shape[1])
    for _ in range(n_rounds):
        joint = explain(learned.weights, patterns.codes)
        belief = np.exp(joint - logsumexp(joint, axis=0))
        gathered = np.vstack((belief * patterns.weights, belief[CHANCE] * patterns.counts))
        shares = _shares(occurrences @ gathered.T, prior_shares, learned.n_sellers)
        virtual = np.array([OPERATOR_PAIRS, NEIGHBOUR_PAIRS]) * VIRTUAL_SELLERS
        linked = belief[[OPERATOR, NEIGHBOURS]] @ patterns.counts + virtual
        learned = Learned(shares, _prior(linked, learned.n_sellers), learned.n_sellers)
    return learned


def _shares(gathered: Floats, prior: Shares, n_sellers: int) -> Shares:
    """Return shares from what each code gathers: weighted belief in each explanation, and belief in chance."""
    *seen, by_chance = gathered.T
    of_code = np.empty_like(prior.of_code)
    for row in (OPERATOR, NEIGHBOURS, CHANCE):
        weight = TRADE_PRIOR_PAIRS if row == CHANCE else PRIOR_PAIRS
        of_code[row] = _blend(seen[row], prior.of_code[row], prior.features, weight)
    _anchor(of_code, prior)
    _set_chance(of_code, by_chance, prior, n_sellers)
    _bound_trade(of_code, prior)
    of_code[:, MISSING] = 1.0
    return Shares(of_code, prior.features, prior.names, prior.contrast)


def _occurrences(codes: np.ndarray, n_codes: int) -> sparse.csr_array:
    """Return which patterns show each undemoted code; a demoted code counts for the one it was.

    A product with it adds up in the order of the patterns.
    """
    undemoted = np.where(codes >= CLASSES, codes - (codes - CLASSES) % N_LEVELS, codes)
    pattern = np.repeat(np.arange(len(codes)), codes.shape[1])
    places = (undemoted.ravel(), pattern)
    return sparse.coo_array((np.ones(len(pattern)), places), shape=(n_codes, len(codes))).tocsr()


def _blend(seen: Floats, prior: Floats, features: np.ndarray, weight: float) -> Floats:
    """Return shares within each feature, the prior counting as ``weight`` pairs; levels of a class get the same."""
    n_seen = np.bincount(features[1:], seen[1:], N_FEATURES)
    share: Floats = (seen + weight * prior) / (n_seen[features] + weight)
    share[CLASSES:] = np.repeat(share[CLASSES::N_LEVELS], N_LEVELS)
    return share


def _set_chance(of_code: Floats, by_chance: Floats, prior: Shares, n_sellers: int) -> None:
    """Count the chance of a class among all pairs, less those that the other explanations claim.

    The virtual market shares by chance as the priors say.
    """
    all_pairs, virtual = n_all_pairs(n_sellers), n_all_pairs(VIRTUAL_SELLERS)
    chance = (by_chance[CLASSES::N_LEVELS] + virtual * prior.of_code[CHANCE, CLASSES::N_LEVELS]) / (all_pairs + virtual)
    of_code[CHANCE, CLASSES:] = np.repeat(chance, N_LEVELS)
    shared = np.bincount(prior.features[CLASSES::N_LEVELS], chance, N_FAMILIES)[:N_FAMILIES]
    of_code[CHANCE, NONE:BRANDS] = 1.0 - np.minimum(shared, 0.99)


def _anchor(of_code: Floats, prior: Shares) -> None:
    """Keep operators and neighbours what they are called: their contrast stays near the prior one, class by class.

    Without it a market with many agencies and few rings teaches that operators are agencies.
    """
    ours, theirs = of_code[OPERATOR, CLASSES:], of_code[NEIGHBOURS, CLASSES:]
    contrast = prior.of_code[OPERATOR, CLASSES:] / prior.of_code[NEIGHBOURS, CLASSES:]
    of_code[NEIGHBOURS, CLASSES:] = np.maximum(theirs, ours / contrast * np.exp(-CONTRAST_ROOM))


def _bound_trade(of_code: Floats, prior: Shares) -> None:
    """Let brands, days and countries speak against one operator, and for it, only so far."""
    is_trade = prior.features >= BRAND_FEATURE
    for row in (CHANCE, NEIGHBOURS):
        least = of_code[OPERATOR] * np.exp(-FOR_CEILING)
        of_code[row] = np.where(is_trade, np.maximum(of_code[row], least), of_code[row])
        least = of_code[row] * np.exp(AGAINST_FLOOR)
        of_code[OPERATOR] = np.where(is_trade, np.maximum(of_code[OPERATOR], least), of_code[OPERATOR])
