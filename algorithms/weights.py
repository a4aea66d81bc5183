"""What each code weighs under the three explanations of a pair: one operator, neighbours, chance."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.codes import (
    BRAND_FEATURE,
    BRANDS,
    CLASSES,
    COUNTRY,
    DEMOTIONS,
    MISSING,
    N_CLASS_BINS,
    N_FAMILIES,
    N_LEVELS,
    NONE,
    REGISTERED_GAP,
    code_names,
    features_of,
    n_codes,
)
from ringwatch.algorithms.facts import Facts, kind_variant
from ringwatch.algorithms.priors import (
    APART_WEIGHT,
    BIN_WEIGHT,
    BRAND_SHARES,
    CHANCE_BIN,
    CHANCE_SHARE,
    FAMILIES,
    FAMILY_SHARE,
    KIND_WEIGHT,
    LIKENESS_WEIGHT,
    N_VARIANTS,
    NEIGHBOUR_SAME_COUNTRY,
    REGISTERED_SHARES,
    SAME_COUNTRY,
    VARIANT_WEIGHT,
)
from ringwatch.model.kinds import LIKENESS, Family
from ringwatch.model.snapshot import Floats, Ints

OPERATOR, NEIGHBOURS, CHANCE = range(3)
"""The three explanations, by row."""

GRID = 2.0**20
"""Weights lie on a grid, so that sums of them are exact and their order cannot matter."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Share of pairs that show each code under each explanation, shape (3, n_codes); demoted codes as undemoted."""

    of_code: Floats
    features: Ints
    names: list[str]
    contrast: Floats  # log of operators' over neighbours' share as shipped, whatever was learned since


@dataclass(frozen=True, slots=True)
class Weights:
    """Natural logarithms of ``Shares`` with demotion in them, and of the prior shares of the explanations."""

    of_code: Floats  # (3, n_codes)
    prior: Floats  # (3,)
    contrast: Floats  # (n_codes,): operators against neighbours as shipped, trade as learned

    @property
    def ratio(self) -> Floats:
        """How much more each code is to be expected of one operator than of chance, log."""
        difference: Floats = self.of_code[OPERATOR] - self.of_code[CHANCE]
        return difference


def prior_shares(facts: Facts) -> Shares:
    """Return the shares that are believed before data are seen, for the kinds of this snapshot."""
    kinds = facts.snapshot.kinds
    features = features_of(facts.kind_voice)
    of_code = np.zeros((3, n_codes(len(kinds))))
    of_code[:, MISSING] = 1.0
    base = _class_shares(facts)
    for row in (OPERATOR, NEIGHBOURS, CHANCE):
        of_code[row, CLASSES:] = np.repeat(base[row], N_LEVELS)
        shared = np.bincount(np.repeat(facts.kind_voice, N_VARIANTS * N_CLASS_BINS), base[row], N_FAMILIES)
        of_code[row, NONE : NONE + N_FAMILIES] = 1.0 - np.minimum(shared, 0.99)
    _set_trade_shares(of_code)
    return Shares(of_code, features, code_names(kinds), np.log(of_code[OPERATOR] / of_code[NEIGHBOURS]))


def _class_shares(facts: Facts) -> Floats:
    """Spread each family's share over the classes of its kinds that are there; shape (3, n_classes)."""
    seen = np.zeros(len(facts.kind_family) * N_VARIANTS, dtype=np.bool_)
    seen[kind_variant(facts)] = True
    of_kind = seen.reshape(-1, N_VARIANTS)
    # where a market tells uses of places apart, a place may come to be seen in each; one word for all tells nothing
    is_place = facts.kind_family == FAMILIES.index(Family.PLACE)
    of_kind |= ((of_kind.sum(axis=1) > 1) & is_place)[:, None]
    base = np.zeros((3, len(seen), N_CLASS_BINS))
    bins = np.outer(BIN_WEIGHT, (1.0, APART_WEIGHT)).ravel()
    chance_bins = np.outer(CHANCE_BIN, (1.0, 1.0)).ravel()
    for place, is_seen in enumerate(seen):
        kind, variant = facts.snapshot.kinds[place // N_VARIANTS], place % N_VARIANTS
        by_kind = LIKENESS_WEIGHT if kind.normaliser == LIKENESS else KIND_WEIGHT.get(kind.name, (1.0, 1.0))
        for row, side in ((OPERATOR, 1), (NEIGHBOURS, 0)):
            base[row, place] = bins * by_kind[side] * VARIANT_WEIGHT[variant][side]
        base[:2, place] *= is_seen or 1e-3  # a kind never shared so far takes next to nothing from the others
        base[CHANCE, place] = chance_bins * CHANCE_SHARE[kind.exclusivity]
    family = np.repeat(facts.kind_family, N_VARIANTS)
    for code, name in enumerate(FAMILIES):
        of_family = family == code
        for row, side in ((OPERATOR, 1), (NEIGHBOURS, 0)):
            total = base[row, of_family].sum()
            base[row, of_family] *= FAMILY_SHARE[name][side] / total if total else 0.0
    return base.reshape(3, -1)


def _set_trade_shares(of_code: Floats) -> None:
    brands, gaps = np.array(BRAND_SHARES) / sum(BRAND_SHARES), np.array(REGISTERED_SHARES)
    of_code[OPERATOR, BRANDS : BRANDS + 6] = np.concatenate((brands, (0.15, 0.6, 0.25)))
    # brands in common by chance: prior only until data are seen; a common photo mostly shows a common brand
    of_code[NEIGHBOURS, BRANDS : BRANDS + 6] = (0.85, 0.13, 0.02, 0.2, 0.6, 0.2)
    of_code[CHANCE, BRANDS : BRANDS + 6] = (0.9, 0.09, 0.01, 0.2, 0.6, 0.2)
    of_code[OPERATOR, REGISTERED_GAP : REGISTERED_GAP + len(gaps)] = gaps
    of_code[NEIGHBOURS, REGISTERED_GAP : REGISTERED_GAP + len(gaps)] = (0.005, 0.005, 0.10, 0.30, 0.59)
    of_code[CHANCE, REGISTERED_GAP : REGISTERED_GAP + len(gaps)] = (0.001, 0.002, 0.07, 0.30, 0.627)
    of_code[OPERATOR, COUNTRY : COUNTRY + 2] = (1 - SAME_COUNTRY, SAME_COUNTRY)
    of_code[NEIGHBOURS, COUNTRY : COUNTRY + 2] = (1 - NEIGHBOUR_SAME_COUNTRY, NEIGHBOUR_SAME_COUNTRY)
    of_code[CHANCE, COUNTRY : COUNTRY + 2] = (0.5, 0.5)


def weights_of(shares: Shares, prior: Floats) -> Weights:
    """Return the weights of shares, demoted codes lowered towards chance but never below it, all on the grid."""
    with np.errstate(divide="ignore"):
        log = np.maximum(np.log(shares.of_code), -30.0)  # no code is impossible
    levels = np.arange(log.shape[1] - CLASSES) % N_LEVELS
    chance = log[CHANCE, CLASSES:]
    for row in (OPERATOR, NEIGHBOURS):
        plain = log[row, CLASSES:]
        log[row, CLASSES:] = np.maximum(plain - np.array(DEMOTIONS)[levels], np.minimum(plain, chance))
    return Weights(_on_grid(log), _on_grid(np.log(prior)), _on_grid(_contrast(shares, log)))


def _on_grid(logs: Floats) -> Floats:
    rounded: Floats = np.round(logs * GRID) / GRID
    return rounded


def _contrast(shares: Shares, log: Floats) -> Floats:
    """Return the shipped contrast of what is shared, less for demoted codes, and the learned one of the trade.

    A family in which nothing is shared never speaks for an operator: neighbours need not share their place either.
    """
    contrast = np.where(shares.features >= BRAND_FEATURE, log[OPERATOR] - log[NEIGHBOURS], shares.contrast)
    contrast[NONE:BRANDS] = np.minimum(contrast[NONE:BRANDS], 0.0)
    contrast[CLASSES:] *= 1 - np.array(DEMOTIONS).clip(max=6.0)[np.arange(len(contrast) - CLASSES) % N_LEVELS] / 6.0
    return contrast


def shares_to_json(shares: Shares) -> dict[str, list[float]]:
    """Return shares and shipped contrast of the undemoted codes by name, as plain JSON data."""
    columns = np.vstack((shares.of_code, shares.contrast)).T.tolist()
    return {name: column for name, column in zip(shares.names, columns, strict=True) if name}


def shares_from_json(kept: Mapping[str, list[float]], prior: Shares) -> Shares:
    """Return kept shares for the kinds of another snapshot; what they do not name stands as in ``prior``."""
    of_code, contrast = prior.of_code.copy(), prior.contrast.copy()
    for code, name in enumerate(prior.names):
        if name in kept:
            last = code + (N_LEVELS if code >= CLASSES else 1)
            of_code[:, code:last] = np.array(kept[name][:-1])[:, None]
            contrast[code:last] = kept[name][-1]
    return Shares(of_code, prior.features, prior.names, contrast)
