"""The parts of each membership's score: each against the innocent explanation that fits best, and all summing to it.

With q the shares of the innocent explanations among themselves, log P(operator) - log(sum of P(innocent)) splits
exactly into one part a feature, ``log operator - sum of q * log innocent``, and a rest, the prior.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from ringwatch.algorithms.codes import BRAND_FEATURE, CLASSES, COUNTRY_FEATURE, GAP_FEATURE, MISSING, N_FAMILIES
from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.groups import Groups
from ringwatch.algorithms.membership import Standing
from ringwatch.algorithms.segments import first_of_group
from ringwatch.algorithms.weights import CHANCE, NEIGHBOURS, OPERATOR, Weights
from ringwatch.model.kinds import Family
from ringwatch.model.rings import Evidence
from ringwatch.model.snapshot import Floats

SHOWN_WITHOUT_WEIGHT = 5  # values a family that are shared besides the one that counts, shown with a score of 0


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of the log-odds of each candidate; ``prior`` holds also what is not shared though both sides have it."""

    of_feature: Floats  # (n, n_features)
    prior: Floats
    size: Floats


def split(weights: Weights, standing: Standing) -> Parts:
    """Return the parts of each candidate's log-odds."""
    case, explained = standing.case, standing.explained
    share = softmax(explained.joint[1:], axis=0)
    of_code = weights.of_code[:, case.codes]
    of_one = np.where(case.is_near, of_code[NEIGHBOURS], of_code[CHANCE])
    innocent = np.einsum("in,inf->nf", share, np.stack((of_one, of_code[CHANCE], of_code[NEIGHBOURS])))
    is_shown = (case.codes >= CLASSES) | (np.arange(case.codes.shape[1]) >= BRAND_FEATURE)
    of_feature = np.where(is_shown & (case.codes != MISSING), of_code[OPERATOR] - innocent, 0.0)
    size = explained.size[0] - (share * explained.size[1:]).sum(axis=0)
    prior = standing.log_odds - size - of_feature.sum(axis=1)
    return Parts(of_feature, prior, size)


def with_judgement(evidence: Sequence[Evidence], score: float) -> tuple[Evidence, ...]:
    """Return evidence with what a person's judgement adds as a part of its own, where it adds something."""
    return _strongest_first([*evidence, Evidence("judgement", "", "", 0, (), score)] if score else evidence)


def _strongest_first(parts: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(parts, key=lambda part: (-part.score, part.kind, part.value)))


class EvidenceWriter:
    """Writes the evidence of candidates as rows, one candidate at a time."""

    def __init__(self, facts: Facts, groups: Groups, weights: Weights, standing: Standing) -> None:
        self._facts, self._groups, self._standing = facts, groups, standing
        self._parts = split(weights, standing)
        self._ids: list[str] = facts.snapshot.seller_ids.to_pylist()
        starts = first_of_group(standing.hits.row)
        self._hits = dict(
            zip(
                standing.hits.row[starts].tolist(),
                np.split(np.arange(len(standing.hits.row)), starts[1:]),
                strict=False,
            )
        )

    def evidence(self, row: int) -> tuple[Evidence, ...]:
        """Return the evidence of one candidate, strongest part first; the scores sum to its log-odds."""
        found = [*self._of_values(row), *self._of_trade(row)]
        found += [Evidence("prior", "", "", 0, (), float(self._parts.prior[row]))]
        if self._parts.size[row]:
            found.append(Evidence("size", "", "", 0, (), float(self._parts.size[row])))
        return _strongest_first(found)

    def _of_values(self, row: int) -> list[Evidence]:
        hits, n_shown = self._standing.hits, dict.fromkeys(range(N_FAMILIES), 0)
        found = []
        for hit in self._hits.get(row, ()):
            voice = int(hits.voice[hit])
            n_shown[voice] += 1
            if n_shown[voice] <= 1 + SHOWN_WITHOUT_WEIGHT:
                score = float(self._parts.of_feature[row, voice]) if hits.is_best[hit] else 0.0
                found.append(self._of_value(row, int(hits.value[hit]), score))
        return found

    def _of_value(self, row: int, value: int, score: float) -> Evidence:
        snapshot = self._facts.snapshot
        kind = snapshot.kinds[snapshot.value_kind[value]]
        start, end = snapshot.value_start[value : value + 2]
        own, ring = self._standing.candidates.seller[row], self._standing.candidates.ring[row]
        holders = snapshot.link_seller[start:end]
        fellows = holders[(self._groups.ring_of[holders] == ring) & (holders != own)]
        sellers = tuple(self._ids[fellow] for fellow in fellows)
        return Evidence(
            kind.name, kind.family.value, snapshot.value_text[value].as_py(), int(end - start), sellers, score
        )

    def _of_trade(self, row: int) -> list[Evidence]:
        parts = self._parts.of_feature[row]
        rows = (
            ("brands", Family.TRADE, parts[BRAND_FEATURE] + parts[BRAND_FEATURE + 1]),
            ("registered", Family.REGISTRATION, parts[GAP_FEATURE]),
            ("country", Family.TRADE, parts[COUNTRY_FEATURE]),
        )
        return [Evidence(kind, family.value, "", 0, (), float(score)) for kind, family, score in rows if score]
