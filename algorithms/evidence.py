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


@dataclass(frozen=True, slots=True)
class _Shown:
    """The shared values that are shown, as lists, those of one candidate side by side."""

    start: list[int]  # of candidate r: start[r]:start[r + 1]
    kind: list[tuple[str, str]]  # name and family
    text: list[str]
    n_holders: list[int]
    score: list[float]
    fellows: list[tuple[int, int]]  # where the members that hold it stand in Groups.uses.member


def _shown(facts: Facts, groups: Groups, standing: Standing, of_feature: Floats) -> _Shown:
    """Return of each candidate and voice the value that counts and up to five more. O(hits)."""
    hits, kinds = standing.hits, [(kind.name, kind.family.value) for kind in facts.snapshot.kinds]
    group = hits.row * N_FAMILIES + hits.voice
    starts = first_of_group(group)
    place = np.arange(len(group)) - np.repeat(starts, np.diff(np.append(starts, len(group))))
    kept = np.flatnonzero(place <= SHOWN_WITHOUT_WEIGHT)
    value, use = hits.value[kept], hits.use[kept]
    score = np.where(hits.is_best[kept], of_feature[hits.row[kept], hits.voice[kept]], 0.0)
    begin = groups.uses.start[use]
    return _Shown(
        start=np.searchsorted(hits.row[kept], np.arange(len(standing.candidates) + 1)).tolist(),
        kind=[kinds[kind] for kind in facts.snapshot.value_kind[value].tolist()],
        text=facts.snapshot.value_text.take(value).to_pylist(),
        n_holders=facts.n_holders[value].tolist(),
        score=score.tolist(),
        fellows=list(zip(begin.tolist(), (begin + groups.uses.n_members[use]).tolist(), strict=True)),
    )


class EvidenceWriter:
    """Writes the evidence of candidates as rows, one candidate at a time."""

    def __init__(self, facts: Facts, groups: Groups, weights: Weights, standing: Standing) -> None:
        self._parts = split(weights, standing)
        self._shown = _shown(facts, groups, standing, self._parts.of_feature)
        self._own = facts.snapshot.seller_ids.take(standing.candidates.seller).to_pylist()
        self._users = facts.snapshot.seller_ids.take(groups.uses.member).to_pylist()

    def evidence(self, row: int) -> tuple[Evidence, ...]:
        """Return the evidence of one candidate, strongest part first; the scores sum to its log-odds."""
        shown = self._shown
        found = [self._of_value(row, place) for place in range(shown.start[row], shown.start[row + 1])]
        found += [*self._of_trade(row), Evidence("prior", "", "", 0, (), float(self._parts.prior[row]))]
        if self._parts.size[row]:
            found.append(Evidence("size", "", "", 0, (), float(self._parts.size[row])))
        return _strongest_first(found)

    def _of_value(self, row: int, place: int) -> Evidence:
        shown, own = self._shown, self._own[row]
        begin, end = shown.fellows[place]
        sellers = tuple([seller for seller in self._users[begin:end] if seller != own])
        kind, family = shown.kind[place]
        return Evidence(kind, family, shown.text[place], shown.n_holders[place], sellers, shown.score[place])

    def _of_trade(self, row: int) -> list[Evidence]:
        parts = self._parts.of_feature[row]
        rows = (
            ("brands", Family.TRADE, parts[BRAND_FEATURE] + parts[BRAND_FEATURE + 1]),
            ("registered", Family.REGISTRATION, parts[GAP_FEATURE]),
            ("country", Family.TRADE, parts[COUNTRY_FEATURE]),
        )
        return [Evidence(kind, family.value, "", 0, (), float(score)) for kind, family, score in rows if score]
