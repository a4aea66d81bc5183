"""What ties each record to its ring: the average over the other members, split into parts that sum to it."""

from dataclasses import dataclass

import numpy as np

from ringwatch.algorithms.record_pairs import MISSING, NAME, NONE, PLACE, RecordPairs, show_pairs
from ringwatch.algorithms.records import DOUBT_MOST, RecordGroups, record_keys
from ringwatch.algorithms.segments import first_of_group, ranges
from ringwatch.model.kinds import Family
from ringwatch.model.rings import Evidence
from ringwatch.model.snapshot import Bools, Floats, Longs

FELLOWS_MOST = 200  # members that each member is compared with: more change the average by nothing that shows
SHOWN_MOST = 20  # ties of a member that are shown, strongest first; what the others add stands with the prior
NAME_VALUE = -1  # stands for agreeing names, which are no value
ALIKE_VALUE = -2  # stands for addresses that are alike and not the same
PROFILE_VALUE = -3  # stands for what two groups of one profile share
PROFILE_WORTH = 2.0  # log-odds with a member of another group of one profile: of nine such joins in a list eight hold


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties candidates to their rings: one row a (candidate, value), strongest first within a candidate."""

    row: Longs
    value: Longs  # NAME_VALUE where names agree
    score: Floats
    fellow_start: Longs  # fellows of tie i are fellow[fellow_start[i]:fellow_start[i + 1]], ascending
    fellow: Longs


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """How candidates stand to their rings, one row each: ``log_odds`` = ``prior`` + the scores of the ties shown."""

    seller: Longs
    ring: Longs
    log_odds: Floats
    prior: Floats
    ties: Ties


def stand_records(found: RecordGroups, seller: Longs, ring: Longs) -> RecordStanding:
    """Return how sellers stand to rings, a member left out of its own. O(candidates * fellows compared)."""
    row, fellow = _meetings(found, seller, ring)
    shown = show_pairs(found.records, seller[row], fellow)
    n_fellows = np.bincount(row, minlength=len(seller))
    part, rest = split_pairs(found, shown)
    shown, part, rest = _with_profiles(shown, (part, rest), is_by_profile(found, seller[row], fellow))
    share = 1.0 / np.maximum(n_fellows, 1)
    log_odds = np.bincount(row, rest + part.sum(axis=1), len(seller)) * share
    ties = _sum_ties(row, fellow, shown, part * share[row][:, None])
    shown_score = np.where(_place_in_row(ties.row) < SHOWN_MOST, ties.score, 0.0)
    prior = log_odds - np.bincount(ties.row, shown_score, len(seller))
    return RecordStanding(seller, ring, log_odds, prior, ties)


def is_by_profile(found: RecordGroups, a: Longs, b: Longs) -> Bools:
    """Say which pairs are in one ring because their groups have one profile."""
    joined = found.joined
    is_joined: Bools = (joined.kind[a] >= 0) & (joined.whole[a] == joined.whole[b]) & (joined.part[a] != joined.part[b])
    return is_joined


def _with_profiles(
    shown: RecordPairs, parts: tuple[Floats, Floats], by_profile: Bools
) -> tuple[RecordPairs, Floats, Floats]:
    """Let what two groups of one profile share speak for their pairs, in a voice of its own after the others."""
    part, rest = parts
    codes = np.hstack((shown.codes, np.where(by_profile, NONE + 1, MISSING).astype(np.int32)[:, None]))
    codes[by_profile, :-1] = MISSING
    value = np.hstack((shown.value, np.full((len(shown), 1), -1, dtype=np.int64)))
    part = np.hstack((np.where(by_profile[:, None], 0.0, part), np.where(by_profile, PROFILE_WORTH, 0.0)[:, None]))
    return RecordPairs(shown.a, shown.b, codes, value), part, np.where(by_profile, 0.0, rest)


def _place_in_row(row: Longs) -> Longs:
    """Return how many of the same row stand before each; rows ascend."""
    starts = first_of_group(row)
    return np.arange(len(row)) - np.repeat(starts, np.diff(np.append(starts, len(row))))


def _meetings(found: RecordGroups, seller: Longs, ring: Longs) -> tuple[Longs, Longs]:
    """Return (row, fellow): the members that each candidate is compared with, the same ones for all of a ring."""
    groups, keys = found.groups, record_keys(found.records)
    order = np.lexsort((keys[groups.member], groups.ring_of[groups.member]))
    n_asked = np.minimum(groups.size, FELLOWS_MOST + 1)[ring]  # one more, as a member is not its own fellow
    row = np.repeat(np.arange(len(seller), dtype=np.int64), n_asked)
    fellow = groups.member[order][ranges(groups.start[ring], n_asked)].astype(np.int64)
    is_other = fellow != seller[row]
    return row[is_other], fellow[is_other]


def split_pairs(found: RecordGroups, shown: RecordPairs) -> tuple[Floats, Floats]:
    """Return the parts that pairs show, (n, n_voices), and the rest: the prior and what is not shared.

    Together they are the log-odds of the pair between -DOUBT_MOST and DOUBT_MOST; above it parts are scaled down.
    """
    part = np.where(shown.codes > NONE, found.model.parts(shown.codes), 0.0)
    rest = found.model.log_odds(shown.codes) - part.sum(axis=1)
    for_it, against = np.maximum(part, 0.0), np.minimum(part, 0.0)
    room = DOUBT_MOST - rest - against.sum(axis=1)
    total = for_it.sum(axis=1)
    scale = np.minimum(1.0, room / np.maximum(total, 1e-9))
    part = for_it * scale[:, None] + against
    return part, np.maximum(rest, -DOUBT_MOST - part.sum(axis=1))


def _sum_ties(row: Longs, fellow: Longs, shown: RecordPairs, part: Floats) -> Ties:
    """Sum the parts of each candidate by the value that stands for them."""
    at, voice = np.nonzero(shown.codes > NONE)
    unsaid = np.where(voice == NAME, NAME_VALUE, np.where(voice == PLACE, ALIKE_VALUE, PROFILE_VALUE))
    value = np.where(shown.value[at, voice] >= 0, shown.value[at, voice], unsaid)
    order = np.lexsort((fellow[at], value, row[at]))
    at, voice, value = at[order], voice[order], value[order]
    owner, score = row[at], part[at, voice]
    width = int(value.max(initial=0)) + 1 - PROFILE_VALUE
    key = owner * width + value - PROFILE_VALUE
    starts = first_of_group(key)
    n_fellows = np.diff(np.append(starts, len(key)))
    of_tie = np.repeat(np.arange(len(starts)), n_fellows)
    total = np.bincount(of_tie, score, len(starts)).astype(np.float64)
    ranked = np.lexsort((value[starts], -total, owner[starts]))
    listed = ranges(starts[ranked], n_fellows[ranked])
    fellow_start = np.concatenate(([0], np.cumsum(n_fellows[ranked]))).astype(np.int64)
    return Ties(owner[starts][ranked], value[starts][ranked], total[ranked], fellow_start, fellow[at][listed])


class RecordEvidence:
    """Writes the evidence of candidates as rows, one candidate at a time."""

    def __init__(self, found: RecordGroups, standing: RecordStanding) -> None:
        self._snapshot, self._facts = found.records.facts.snapshot, found.records.facts
        self._standing, self._joined_by = standing, found.joined.kind
        self._ids: list[str] = self._snapshot.seller_ids.to_pylist()
        self._start = np.searchsorted(standing.ties.row, np.arange(len(standing.seller) + 1))

    def evidence(self, row: int) -> tuple[Evidence, ...]:
        """Return the evidence of one candidate, strongest part first; the scores sum to its log-odds."""
        end = min(self._start[row + 1], self._start[row] + SHOWN_MOST)
        found = [self._of_tie(tie) for tie in range(self._start[row], end)]
        found.append(Evidence("prior", "", "", 0, (), float(self._standing.prior[row])))
        return tuple(sorted(found, key=lambda part: (-part.score, part.kind, part.value)))

    def _of_tie(self, tie: int) -> Evidence:
        ties, value = self._standing.ties, int(self._standing.ties.value[tie])
        fellows = ties.fellow[ties.fellow_start[tie] : ties.fellow_start[tie + 1]].tolist()
        sellers = tuple(self._ids[fellow] for fellow in sorted(fellows))
        score = float(ties.score[tie])
        if value == NAME_VALUE:
            return Evidence("name", Family.NAME.value, "", 0, sellers, score)
        if value == ALIKE_VALUE:
            return Evidence("address", Family.PLACE.value, "", 0, sellers, score)
        if value == PROFILE_VALUE:
            kind = self._snapshot.kinds[self._joined_by[self._standing.seller[ties.row[tie]]]]
            return Evidence(kind.name, kind.family.value, "", 0, sellers, score)
        kind = self._snapshot.kinds[self._snapshot.value_kind[value]]
        text = self._snapshot.value_text[value].as_py()
        return Evidence(kind.name, kind.family.value, text, int(self._facts.n_holders[value]), sellers, score)
