"""How much each code of a pair of records says: Fellegi and Sunter's weights, learned without labels.

I. P. Fellegi and A. B. Sunter, "A theory for record linkage" (1969); W. E. Winkler, "Using the EM algorithm for
weight computation in the Fellegi-Sunter model" (1988). Matches are taken out of the chance rates, and shipped rates
weigh as some pairs, so that a short list leans on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from scipy.special import expit

from ringwatch.algorithms.priors import FAMILIES, N_BINS
from ringwatch.algorithms.record_pairs import (
    CLASSES,
    MISSING,
    N_NAME_LEVELS,
    N_RARITIES,
    NAME,
    NONE,
    PLACE,
    RecordPairs,
    Records,
    count_compared,
    is_compared,
)
from ringwatch.model.kinds import Exclusivity, Family
from ringwatch.model.snapshot import Floats, Ints

N_VOICES = len(FAMILIES)
ROUNDS = 40
PRIOR_PAIRS = 30.0  # what shipped rates weigh as
MATCHES_A_RECORD = 0.5  # to start from: every other record has a second one
STARTED_SHARE = 0.9  # of pairs that share a value, to start from: few strangers share one
NAME_LEVEL_SHARE = (0.15, 0.15, 0.2, 0.35)  # of matches: names share some words, most, all of the shorter, all of both
NONE_SHARE = {Family.PLACE: 0.15, Family.CONTACT: 0.25, Family.NAME: 0.15, Family.IDENTITY: 0.05, Family.PAYOUT: 0.3}
"""Share of matches that share nothing of a family that both have; the others:"""
OTHER_NONE_SHARE = 0.6
ALIKE_SHARE = 0.1  # of matches that have an address in common: it is written otherwise
BIN_SHARE = (0.3, 0.2, 0.2, 0.15, 0.1, 0.05)  # of matches that share a value, by its number of holders
CHANCE_PAIRS = 0.002  # pairs of strangers a record that are believed to show a code besides those counted
PART_MOST = 12.0  # no code says more
AGAINST_MOST = {Family.NAME: 4.0, Family.PLACE: 3.0, Family.IDENTITY: 3.0, Family.CONTACT: 2.0, Family.PAYOUT: 2.0}
OTHER_AGAINST_MOST = 1.0
"""How much sharing nothing of a family may say: a party has one name and few homes, but much else."""
STRANGERS_MOST = {Exclusivity.EXCLUSIVE: 2e-6, Exclusivity.PERSONAL: 5e-6, Exclusivity.SHARED: 1.0}
"""Share of pairs of strangers that may share a value of one number of holders."""
FEW_PAIRS = np.array([10.0, 10.0, 24.0, 84.0, 450.0, 3000.0])
"""... and this many in any list, by number of holders: ten households, three offices or agencies of any size."""
KIND_WORTH = {Exclusivity.EXCLUSIVE: 3.0, Exclusivity.PERSONAL: 2.0, Exclusivity.SHARED: 1.0}


@dataclass(frozen=True, slots=True)
class RecordModel:
    """Log-odds that a pair is one party: ``prior`` and the part of each code, (n_voices, n_codes)."""

    prior: float
    part: Floats

    def log_odds(self, codes: Ints) -> Floats:
        """Return the log-odds of pairs."""
        odds: Floats = self.prior + self.part[np.arange(N_VOICES), codes].sum(axis=1)
        return odds


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often all pairs of the list show each code; what no listed pair shows is nothing shared."""

    patterns: Ints  # (n, n_voices)
    weight: Floats
    shown: Floats  # (n_voices, n_codes)
    chance_most: Floats  # (n_voices, n_codes): share of strangers that may be believed to show each code
    total: float  # all pairs
    expected: float  # pairs of strangers a code that are believed in besides


def learn_records(records: Records, pairs: RecordPairs) -> RecordModel:
    """Return the model of a list. O(pairs + rounds * patterns)."""
    counts = _count(records, pairs)
    prior = prior_rates(records)
    rates, n_matches = prior, MATCHES_A_RECORD * records.facts.snapshot.n_sellers
    shared = counts.shown * (np.arange(records.n_codes) >= CLASSES) * STARTED_SHARE
    model = _model(prior, counts, np.maximum(shared, prior * n_matches), n_matches)
    for _ in range(ROUNDS):
        chance = expit(model.log_odds(counts.patterns)) * counts.weight
        n_matches = float(chance.sum()) + 1.0
        found = _sum_codes(counts, chance)
        rates = (found + PRIOR_PAIRS * prior) / (_said(found) + PRIOR_PAIRS)[:, None]
        model = _model(rates, counts, found, n_matches)
    return model


def _count(records: Records, pairs: RecordPairs) -> _Counts:
    n = records.facts.snapshot.n_sellers
    patterns, weight = _patterns(pairs.codes, records.n_codes)
    shown = np.zeros((N_VOICES, records.n_codes))
    for voice, things in enumerate(is_compared(records)):
        shown[voice] = np.bincount(patterns[:, voice], weight, records.n_codes)
        shown[voice, NONE] = count_compared(things) - shown[voice, NONE + 1 :].sum()
        shown[voice, MISSING] = 0
    return _Counts(
        patterns.astype(np.int32),
        weight.astype(np.float64),
        np.maximum(shown, 0.0),
        _chance_most(records, shown),
        n * (n - 1) / 2,
        CHANCE_PAIRS * n,
    )


def _patterns(codes: Ints, n_codes: int) -> tuple[Ints, Floats]:
    """Return the distinct rows of codes and how often each occurs; voice by voice, as sorting whole rows is slow."""
    number = np.zeros(len(codes), dtype=np.int64)
    for voice in np.flatnonzero(codes.any(axis=0)):
        number = np.unique(number * n_codes + codes[:, voice], return_inverse=True)[1]
    _, first, counts = np.unique(number, return_index=True, return_counts=True)
    return codes[first], counts.astype(np.float64)


def _chance_most(records: Records, shown: Floats) -> Floats:
    """Where nothing but one value can tell, strangers and one party look alike: what strangers do is bounded."""
    most = np.ones_like(shown)
    said = np.maximum(_said(shown), 1.0)
    for kind, row in enumerate(records.facts.snapshot.kinds):
        at = CLASSES + kind * N_BINS
        limit = STRANGERS_MOST[row.exclusivity]
        voice = records.voice[kind]
        if voice != NAME:  # sister sites share their agency's page as they share its name
            most[voice, at : at + N_BINS] = np.maximum(limit, FEW_PAIRS / said[voice])
    return most


def _sum_codes(counts: _Counts, chance: Floats) -> Floats:
    found = np.zeros_like(counts.shown)
    for voice in range(N_VOICES):
        found[voice] = np.bincount(counts.patterns[:, voice], chance, counts.shown.shape[1])
    found[:, MISSING] = 0
    return found


def _said(found: Floats) -> Floats:
    said: Floats = found.sum(axis=1)
    return said


def _model(rates: Floats, counts: _Counts, found: Floats, n_matches: float) -> RecordModel:
    strangers = np.maximum(counts.shown - found, 0.0) + counts.expected * (rates > 0)
    chance = np.minimum(strangers / np.maximum(_said(strangers), 1.0)[:, None], counts.chance_most)
    part = np.log(np.where(rates > 0, rates, 1.0)) - np.log(np.where(rates > 0, chance, 1.0))
    part[:, MISSING] = 0
    against = np.array([-AGAINST_MOST.get(family, OTHER_AGAINST_MOST) for family in FAMILIES])
    part[:, NONE] = np.clip(part[:, NONE], against, 0.0)
    part[:, NONE + 1 :] = np.maximum(part[:, NONE + 1 :], part[:, [NONE]])  # to share is no worse than to share nothing
    odds = np.log(n_matches) - np.log(max(counts.total - n_matches, 1.0))
    return RecordModel(float(odds), np.minimum(part, PART_MOST))


def prior_rates(records: Records) -> Floats:
    """Return the shipped rate of each code among matches, (n_voices, n_codes); rows sum to 1 over what is said."""
    rates = np.zeros((N_VOICES, records.n_codes))
    for voice, family in enumerate(FAMILIES):
        none = NONE_SHARE.get(family, OTHER_NONE_SHARE)
        kinds = np.flatnonzero(records.voice == voice)
        worth = np.array([KIND_WORTH[records.facts.snapshot.kinds[kind].exclusivity] for kind in kinds])
        rest = 1.0 - none
        if voice == NAME:
            levels = np.repeat(np.array(NAME_LEVEL_SHARE) / N_RARITIES, N_RARITIES)
            rates[voice, 2 : 2 + N_NAME_LEVELS] = levels
            rest -= levels.sum()
        rates[voice, NONE] = none if len(kinds) or voice == NAME else 0.0
        for kind, share in zip(kinds, worth / max(worth.sum(), 1.0), strict=True):
            at = CLASSES + kind * N_BINS
            rates[voice, at : at + N_BINS] = rest * share * np.array(BIN_SHARE)
        if voice == PLACE and len(kinds):
            rates[voice, CLASSES:] *= 1.0 - ALIKE_SHARE
            rates[voice, records.alike_code :] = rest * ALIKE_SHARE * np.array(BIN_SHARE)
    shares: Floats = rates / np.maximum(rates.sum(axis=1), 1e-9)[:, None]
    return shares


class RecordTables(TypedDict):
    """A model as plain JSON: parts by the names of voices and codes, whatever kinds come later."""

    prior: float
    parts: Mapping[str, Mapping[str, float]]


def code_names(records: Records) -> list[str]:
    """Return a name for each code."""
    names = ["missing", "none", *(f"name {level}" for level in range(N_NAME_LEVELS))]
    names += [f"{kind.name} {place}" for kind in records.facts.snapshot.kinds for place in range(N_BINS)]
    return names + [f"alike {place}" for place in range(N_BINS)]


def model_tables(records: Records, model: RecordModel) -> RecordTables:
    """Return a model as plain JSON."""
    names = code_names(records)
    parts = {
        family.value: {names[code]: float(row[code]) for code in np.flatnonzero(row)}
        for family, row in zip(FAMILIES, model.part, strict=True)
        if row.any()
    }
    return {"prior": model.prior, "parts": parts}


def model_from_tables(records: Records, tables: RecordTables) -> RecordModel:
    """Return the model that plain JSON stands for."""
    names = code_names(records)
    part = np.zeros((N_VOICES, records.n_codes))
    for voice, family in enumerate(FAMILIES):
        known = tables["parts"].get(family.value, {})
        part[voice] = [known.get(name, 0.0) for name in names]
    return RecordModel(tables["prior"], part)
