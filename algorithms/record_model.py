"""How much each code of a pair of records says: Fellegi and Sunter's weights, learned without labels.

I. P. Fellegi and A. B. Sunter, "A theory for record linkage" (1969); W. E. Winkler, "Using the EM algorithm for
weight computation in the Fellegi-Sunter model" (1988). Besides one party and chance there are two more explanations,
sisters and neighbours, as in a market: without them every agency looks like one site. Linked pairs are taken out of
the chance rates, and shipped rates weigh as some pairs, so that a short list leans on them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from scipy.special import logsumexp

from ringwatch.algorithms.names import compare_names
from ringwatch.algorithms.record_pairs import (
    CLASSES,
    MISSING,
    N_NAME_LEVELS,
    N_RARITIES,
    NAME,
    NONE,
    PLACE,
    VALUE_HOLDERS_MOST,
    RecordPairs,
    Records,
    count_compared,
    is_compared,
    name_levels,
    value_codes,
)
from ringwatch.algorithms.record_priors import (
    AGREE_SHARE,
    ALIKE_SHARE,
    BIN_INNOCENT,
    BIN_SHARE,
    CHANCE_PAIRS,
    KIND_WORTH,
    LIKE_SHARE,
    LINKED_LEAST,
    LINKED_MOST,
    N_BINS,
    N_LINKED,
    NEIGHBOURS,
    NONE_LEAST,
    NONE_MOST,
    NONE_SHARE,
    OTHER_NONE_LEAST,
    OTHER_NONE_SHARE,
    PAIRS_A_RECORD,
    PART_MOST,
    PRIOR_PAIRS,
    SAME,
    STARTED_SHARE,
    STRANGERS,
)
from ringwatch.model.kinds import Family
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

ROUNDS = 40
NAME_SAMPLE = 300_000  # pairs of names that are drawn
SAMPLED_LEAST = 10  # ... of one level, to say how many there are


@dataclass(frozen=True, slots=True)
class RecordModel:
    """Logarithms of the share of each explanation, (4,), and of the codes within it, (4, n_voices, n_codes)."""

    share: Floats
    rate: Floats

    def explain(self, codes: Ints) -> Floats:
        """Return the log of share times likelihood of pairs under each explanation, (4, n)."""
        joint = np.repeat(self.share[:, None], len(codes), axis=1)
        for voice in range(codes.shape[1]):
            joint += self.rate[:, voice, codes[:, voice]]
        return joint

    def log_odds(self, codes: Ints) -> Floats:
        """Return the log-odds that pairs are one party."""
        joint = self.explain(codes)
        odds: Floats = joint[SAME] - logsumexp(joint[SAME + 1 :], axis=0)
        return odds

    def parts(self, codes: Ints) -> Floats:
        """Return what each voice adds to the log-odds, (n, n_voices), against the innocent explanations as they are.

        The rest of the log-odds is the prior.
        """
        joint = self.explain(codes)[SAME + 1 :]
        among = np.exp(joint - logsumexp(joint, axis=0))
        part = np.empty(codes.shape)
        for voice in range(codes.shape[1]):
            rate = self.rate[:, voice, codes[:, voice]]
            part[:, voice] = rate[SAME] - (among * rate[SAME + 1 :]).sum(axis=0)
        return part


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often all pairs of the list show each code; what no listed pair shows is nothing shared."""

    patterns: Ints  # (n, n_voices)
    weight: Floats
    shown: Floats  # (n_voices, n_codes)
    none_room: Floats  # (2, n_voices): share of one party's pairs that may share nothing, from and to
    is_document: Bools  # (n_voices,)
    total: float  # all pairs
    expected: float  # pairs of strangers a code that are believed in besides


def learn_records(records: Records, pairs: RecordPairs) -> RecordModel:
    """Return the model of a list. O(pairs + rounds * patterns)."""
    counts = _count(records, pairs)
    prior = prior_rates(records)
    n_linked = np.array(PAIRS_A_RECORD) * records.facts.snapshot.n_sellers
    found = np.maximum(_started(records, counts), (prior * n_linked[:, None, None]).sum(axis=0))
    model = _model(prior, counts, found, n_linked)
    for _ in range(ROUNDS):
        joint = model.explain(counts.patterns)
        belief = np.exp(joint - logsumexp(joint, axis=0))[:N_LINKED] * counts.weight
        n_linked = belief.sum(axis=1) + np.array(PAIRS_A_RECORD) * 2
        n_linked = np.clip(n_linked, LINKED_LEAST * n_linked[SAME], LINKED_MOST * n_linked[SAME])
        seen = np.stack([_sum_codes(counts, row) for row in belief])
        rates = (seen[SAME] + PRIOR_PAIRS * prior[SAME]) / (seen[SAME].sum(axis=1, keepdims=True) + PRIOR_PAIRS)
        model = _model(_anchored(rates, prior, counts), counts, seen.sum(axis=0), n_linked)
    return model


def _started(records: Records, counts: _Counts) -> Floats:
    """Return the linked pairs that share a value, to start from."""
    share = np.zeros(records.n_codes)
    n_kinds = len(records.voice)
    share[CLASSES : CLASSES + n_kinds * N_BINS] = np.tile(STARTED_SHARE, n_kinds)
    share[records.alike_code :] = STARTED_SHARE
    return counts.shown * share


def _anchored(rates: Floats, prior: Floats, counts: _Counts) -> Floats:
    """Return the rates of one party as learned, of sisters and neighbours as shipped beside it.

    Where few pairs of one party have other documents, or part of a name only, that speaks the more for neighbours.
    """
    same = rates.copy()
    none = np.clip(same[:, NONE], *counts.none_room) * (prior[SAME, :, NONE] > 0)
    rest = same.sum(axis=1) - same[:, NONE]
    same *= np.where(rest > 0, (1.0 - none) / np.maximum(rest, 1e-9), 1.0)[:, None]
    same[:, NONE] = none
    contrast = np.divide(prior[SAME + 1 :], prior[SAME], out=np.ones_like(prior[1:]), where=prior[SAME] > 0)
    others = same * contrast
    for codes in (slice(NONE, NONE + 1), slice(NONE + 1, NONE + 1 + N_RARITIES)):
        shown, asked = others[NEIGHBOURS - 1, :, codes].sum(axis=1), prior[NEIGHBOURS, :, codes].sum(axis=1)
        speaks = (asked > prior[SAME, :, codes].sum(axis=1)) & (counts.is_document | (codes.start > NONE))
        raised = np.maximum(asked / np.maximum(shown, 1e-9), 1.0)
        others[NEIGHBOURS - 1, :, codes] *= np.where(speaks & (shown > 0), raised, 1.0)[:, None]
    return np.concatenate((same[None], others))


def _count(records: Records, pairs: RecordPairs) -> _Counts:
    n, n_voices = records.facts.snapshot.n_sellers, len(records.voices)
    patterns, weight = _patterns(pairs.codes, records.n_codes)
    unlisted = _unlisted(records)
    unlisted[NAME] = np.maximum(unlisted[NAME], _name_chances(records))
    shown = np.zeros((n_voices, records.n_codes))
    for voice, things in enumerate(is_compared(records)):
        shown[voice] = np.maximum(np.bincount(patterns[:, voice], weight, records.n_codes), unlisted[voice])
        shown[voice, NONE] = max(count_compared(things) - shown[voice, NONE + 1 :].sum(), 0.0)
        shown[voice, MISSING] = 0
    least = [NONE_LEAST.get(family, OTHER_NONE_LEAST) for family in records.families]
    most = [NONE_MOST.get(family, 1.0) for family in records.families]
    return _Counts(
        patterns.astype(np.int32),
        weight.astype(np.float64),
        shown,
        np.array([least, most]),
        np.array([family is Family.IDENTITY for family in records.families]),
        n * (n - 1) / 2,
        CHANCE_PAIRS * n,
    )


def _unlisted(records: Records) -> Floats:
    """Return the pairs, (n_voices, n_codes), that share a value of too many holders to be listed."""
    facts = records.facts
    many = np.flatnonzero(facts.is_usable & (facts.n_holders > VALUE_HOLDERS_MOST))
    n_pairs = facts.n_holders[many] * (facts.n_holders[many] - 1) / 2
    voice, code = records.voice[facts.snapshot.value_kind[many]], value_codes(records)[many]
    size = len(records.voices) * records.n_codes
    counts: Floats = np.bincount(voice * records.n_codes + code, n_pairs, size).astype(np.float64)
    return counts.reshape(len(records.voices), -1)


def _name_chances(records: Records) -> Floats:
    """Return about how many pairs of records show each level of agreeing names, (n_codes,), by a fixed sample of pairs.

    Pairs that share but words of many names are not listed. What is too rare for the sample is listed all.
    """
    names, n_all = records.names, float(records.names.n_holders.sum())
    pick = (
        np.random.default_rng(0).choice(len(names.total), size=(2, NAME_SAMPLE), p=names.n_holders / max(n_all, 1.0))
        if n_all
        else np.zeros((2, 0), dtype=np.int64)
    )
    a, b = pick[:, pick[0] != pick[1]]
    counts = np.bincount(name_levels(compare_names(names, a, b)), minlength=records.n_codes).astype(np.float64)
    counts[(counts < SAMPLED_LEAST) | (np.arange(records.n_codes) == NONE)] = 0.0
    chances: Floats = counts / NAME_SAMPLE * n_all**2 / 2
    return chances


def _patterns(codes: Ints, n_codes: int) -> tuple[Ints, Floats]:
    """Return the distinct rows of codes and how often each occurs; voice by voice, as sorting whole rows is slow."""
    number = np.zeros(len(codes), dtype=np.int64)
    for voice in np.flatnonzero(codes.any(axis=0)):
        number = np.unique(number * n_codes + codes[:, voice], return_inverse=True)[1]
    _, first, counts = np.unique(number, return_index=True, return_counts=True)
    return codes[first], counts.astype(np.float64)


def _sum_codes(counts: _Counts, chance: Floats) -> Floats:
    found = np.zeros_like(counts.shown)
    for voice in range(len(found)):
        found[voice] = np.bincount(counts.patterns[:, voice], chance, counts.shown.shape[1])
    found[:, MISSING] = 0
    return found


def _model(rates: Floats, counts: _Counts, found: Floats, n_linked: Floats) -> RecordModel:
    is_said = rates[SAME] > 0
    strangers = np.maximum(counts.shown - found, 0.0) + counts.expected * is_said
    chance = strangers / np.maximum(strangers.sum(axis=1), 1.0)[:, None]
    chance = np.maximum(chance, rates[SAME] * np.exp(-PART_MOST))
    # to share is no worse than to share nothing
    worst = np.divide(rates[SAME, :, NONE], chance[:, NONE], out=np.ones(len(chance)), where=chance[:, NONE] > 0)
    chance = np.where(is_said, np.minimum(chance, rates[SAME] / np.maximum(worst, 1e-9)[:, None]), 1.0)
    chance[:, MISSING] = 1.0
    linked = np.where(is_said, rates, 1.0)
    linked[:, :, MISSING] = 1.0
    share = np.append(n_linked, max(counts.total - n_linked.sum(), 1.0))
    return RecordModel(np.log(share / share.sum()), np.log(np.concatenate((linked, chance[None]))))


def prior_rates(records: Records) -> Floats:
    """Return the shipped rate of each code under each linked explanation, (3, n_voices, n_codes).

    Rows sum to 1 over what is said.
    """
    rates = np.zeros((N_LINKED, len(records.voices), records.n_codes))
    for voice, family in enumerate(records.families):
        kinds = np.flatnonzero(records.voice == voice)
        if not len(kinds) and voice != NAME:
            continue
        for linked, none in enumerate(NONE_SHARE.get(family, OTHER_NONE_SHARE)):
            levels = AGREE_SHARE[linked] if voice == NAME else LIKE_SHARE[linked] if voice == PLACE else ()
            rates[linked, voice] = _prior_row(records, kinds, (none, levels), has_alike=voice == PLACE)
            if linked != SAME and family in (Family.CONTACT, Family.PLACE):
                rates[linked, voice, CLASSES:] *= np.tile(BIN_INNOCENT, len(records.voice) + 1)
    return rates


def _prior_row(records: Records, kinds: Longs, shares: tuple[float, Sequence[float]], *, has_alike: bool) -> Floats:
    none, levels = shares
    row, rest = np.zeros(records.n_codes), 1.0 - none - sum(levels)
    row[NONE] = none
    if levels:
        said = np.array(levels) if has_alike else np.repeat(np.array(levels) / N_RARITIES, N_RARITIES)
        row[NONE + 1 : NONE + 1 + len(said)] = said
    worth = np.array([KIND_WORTH[records.facts.snapshot.kinds[kind].exclusivity] for kind in kinds])
    for kind, share in zip(kinds, worth / max(worth.sum(), 1.0), strict=True):
        at = CLASSES + kind * N_BINS
        row[at : at + N_BINS] = rest * share * np.array(BIN_SHARE)
    if has_alike:
        row[CLASSES:] *= 1.0 - ALIKE_SHARE
        row[records.alike_code :] = rest * ALIKE_SHARE * np.array(BIN_SHARE)
    normed: Floats = row / row.sum()
    return normed


class RecordTables(TypedDict):
    """A model as plain JSON: rates by the names of voices and codes, whatever kinds come later."""

    share: Sequence[float]
    rates: Mapping[str, Mapping[str, Sequence[float]]]


def code_names(records: Records) -> list[str]:
    """Return a name for each code."""
    names = ["missing", "none", *(f"level {level}" for level in range(N_NAME_LEVELS))]
    names += [f"{kind.name} {place}" for kind in records.facts.snapshot.kinds for place in range(N_BINS)]
    return names + [f"alike {place}" for place in range(N_BINS)]


def model_tables(records: Records, model: RecordModel) -> RecordTables:
    """Return a model as plain JSON."""
    names = code_names(records)
    rates = {
        voice: {names[code]: row[:, code].tolist() for code in np.flatnonzero(row.any(axis=0))}
        for voice, row in zip(records.voices, model.rate.transpose(1, 0, 2), strict=True)
        if row.any()
    }
    return {"share": model.share.tolist(), "rates": rates}


def model_from_tables(records: Records, tables: RecordTables) -> RecordModel:
    """Return the model that plain JSON stands for."""
    names = code_names(records)
    rate = np.zeros((STRANGERS + 1, len(records.voices), records.n_codes))
    silent = [0.0] * (STRANGERS + 1)
    for voice, name in enumerate(records.voices):
        known = tables["rates"].get(name, {})
        rate[:, voice] = np.array([known.get(code, silent) for code in names]).T
    return RecordModel(np.array(tables["share"]), rate)
