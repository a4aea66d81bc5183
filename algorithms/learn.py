"""Learn the fit of a market, and judge pairs and values with a fit that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from ringwatch.algorithms.codes import N_LEVELS
from ringwatch.algorithms.em import Learned, explain, log_odds, refine, start
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.features import Patterns, Shown, find_patterns, meeting_codes, pair_weights, show
from ringwatch.algorithms.hubs import TIE_RATES, TieCounts, count_ties, judge, learn_tie_rates, trade_likeness
from ringwatch.algorithms.infringement import market_rate
from ringwatch.algorithms.outliers import OUTLIERS, outlier_borders
from ringwatch.algorithms.pairs import Pairs
from ringwatch.algorithms.weights import Weights, prior_shares, shares_from_json, shares_to_json
from ringwatch.model.rings import Fit
from ringwatch.model.snapshot import Floats, Ints

JUDGEMENTS = 2  # times that values are judged: what was found a hub speaks for no other value
ROUNDS = (20, 20, 20)  # EM rounds, after each of which the values are judged by their holders


@dataclass(frozen=True, slots=True)
class Model:
    """All that judging needs: weights of codes, how often holders of both sorts of values are tied, notices."""

    weights: Weights
    tie_rates: tuple[float, float]
    upheld_rate: float  # share of the market's sellers with an upheld notice
    n_sellers: int  # of the market that was learned from
    junk_holders: Mapping[str, int] = field(default_factory=dict)  # by kind: holders that make a value an outlier


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs and values as the model sees them."""

    pairs: Pairs
    levels: Ints  # per value
    ties: TieCounts
    codes: Ints  # per meeting
    shown: Shown
    patterns: Patterns
    log_odds: Floats  # per pair
    rounds: tuple[Ints, ...]  # levels after each judgement, the last of them as above


def learn(facts: Facts, pairs: Pairs) -> Fit:
    """Return the fit of this snapshot. O(EM rounds x patterns + meetings)."""
    prior = prior_shares(facts)
    learned = start(prior, facts.snapshot.n_sellers)
    strength, weights = learned.weights.ratio, pair_weights(facts, pairs)
    levels, rates = np.zeros(facts.snapshot.n_values, dtype=np.int32), TIE_RATES
    for n_rounds in ROUNDS:
        shown = show(facts, pairs, meeting_codes(facts, pairs, levels), strength)
        learned = refine(learned, find_patterns(shown.codes, weights), prior, n_rounds)
        ties = count_ties(facts, pairs, shown, learned.weights)
        rates = learn_tie_rates(ties)
        levels = judge(ties, rates, len(levels))
    return _fit(learned, rates, facts)


def _fit(learned: Learned, rates: tuple[float, float], facts: Facts) -> Fit:
    tables = {
        "shares": shares_to_json(learned.shares),
        "prior": learned.prior.tolist(),
        "tie_rates": list(rates),
        "upheld_rate": market_rate(facts.snapshot),
        OUTLIERS: outlier_borders(facts),
    }
    return Fit(learned.n_sellers, tables)


def model_of(facts: Facts, fit: Fit) -> Model:
    """Return the model that a fit stands for; kinds it has never met weigh as the priors say.

    So does everything where the fit is of a list of records, which taught nothing of markets.
    """
    tables = cast("Mapping[str, Any]", fit.tables)
    if "shares" not in tables:
        shipped = start(prior_shares(facts), fit.n_sellers)
        return Model(shipped.weights, TIE_RATES, market_rate(facts.snapshot), fit.n_sellers)
    shares = shares_from_json(tables["shares"], prior_shares(facts))
    learned = Learned(shares, np.array(tables["prior"]), fit.n_sellers)
    high, low = tables["tie_rates"]
    return Model(
        learned.weights, (high, low), float(tables["upheld_rate"]), fit.n_sellers, dict(tables.get(OUTLIERS, {}))
    )


def judge_pairs(facts: Facts, pairs: Pairs, model: Model) -> Judged:
    """Return what the model says of every pair, after judging the values twice by their holders."""
    rounds = [np.zeros(facts.snapshot.n_values, dtype=np.int32)]
    for _ in range(JUDGEMENTS):
        levels, ties = judge_values(facts, pairs, model, rounds[-1])
        rounds.append(levels)
    codes = meeting_codes(facts, pairs, levels)
    shown = show(facts, pairs, codes, model.weights.ratio)
    patterns = find_patterns(shown.codes, pair_weights(facts, pairs))
    odds = log_odds(explain(model.weights, patterns.codes))
    return Judged(pairs, levels, ties, codes, shown, patterns, odds[patterns.of_pair], tuple(rounds[1:]))


def judge_values(facts: Facts, pairs: Pairs, model: Model, levels: Ints) -> tuple[Ints, TieCounts]:
    """Return the levels of values judged once more by their holders, and how their holders are tied."""
    shown = show(facts, pairs, meeting_codes(facts, pairs, levels), model.weights.ratio)
    ties, alike = count_ties(facts, pairs, shown, model.weights), trade_likeness(facts, pairs, shown, model.weights)
    unlisted = facts.n_holders > pairs.max_holders
    judged = judge(ties, model.tie_rates, len(levels), alike)
    return np.where(unlisted, N_LEVELS - 1, judged).astype(np.int32), ties
