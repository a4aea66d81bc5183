"""Who asks to be let in, held against the rings of a run: each ring is judged as if the applicant had joined it.

It is the judgement that a run makes of members, with the fit that is kept and the levels that the run left, so a seller
that is in a ring and applies with what it is known by gets the tier that the ring gives it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import expit

from ringwatch.algorithms.admission import Admitted, Asking, Given, Pairs, take_in
from ringwatch.algorithms.codes import N_FAMILIES
from ringwatch.algorithms.evidence import EvidenceWriter, with_judgement
from ringwatch.algorithms.hits import Candidates, Hits
from ringwatch.algorithms.membership import Standing
from ringwatch.algorithms.priors import REGISTERED, UNSAID, WORKED, WORKED_PURPOSES
from ringwatch.algorithms.questions import FAMILIES_NEEDED
from ringwatch.algorithms.segments import first_of_group, hash_texts, ranges
from ringwatch.algorithms.verdicts import Verdicts, judge_members
from ringwatch.algorithms.watch import Watch, keys_of
from ringwatch.model.applicants import Advice, Applicants, Match, Screened
from ringwatch.model.kinds import COUNTING_FAMILIES, WRITTEN, Family, likeness_of
from ringwatch.model.rings import TIERS, Evidence, Tier, families_for
from ringwatch.model.snapshot import NEVER, Ints, Longs

INFRINGING = 0.5  # the infringement score from which a store may be closed
SHOWN_LEAST = -2.0  # log-odds of the weakest membership that a run still calls a lead
LINKS_AT_ONCE = 200_000  # of the rings that are judged in one go: some hundred megabytes
_EVER = np.iinfo(np.int32).max


def screen(watch: Watch, applicants: Applicants) -> list[Screened]:
    """Return what is said of each applicant, in their order.

    O(values), and for each ring that an applicant shares a value with O(links of that ring).
    """
    asking = _asking(watch, applicants)
    matches: list[list[Match]] = [[] for _ in applicants.seller_ids]
    pairs = _pairs(watch, asking)
    for part in _parts(watch, pairs):
        for row, match in _matches(watch, asking, part):
            matches[row].append(match)
    return [
        Screened(seller_id, advise(found), tuple(sorted(found, key=lambda m: (-m.log_odds, m.ring_id))))
        for seller_id, found in zip(applicants.seller_ids, matches, strict=True)
    ]


def advise(matches: Sequence[Match]) -> Advice:
    """Return what matches advise: to refuse where one closes a store, to look where a person would or it is one person.

    A store is closed at the tier close with an infringement score of a half, where two families of evidence that count
    lead to the part of the ring that infringes; here both must speak for one operator in the sum, too. An identity
    document of a member shows the same person again, who may have lent it: that is looked at, and no more.
    """
    if any(_refuses(match) for match in matches):
        return Advice.REFUSE
    shows_person = any(p.family == Family.IDENTITY and p.value and p.score > 0 for m in matches for p in m.evidence)
    return Advice.REVIEW if shows_person or any(m.tier is not Tier.LEAD for m in matches) else Advice.ALLOW


def _refuses(match: Match) -> bool:
    is_closable = match.tier is Tier.CLOSE and match.reaches and match.infringement_score >= INFRINGING
    return is_closable and len(COUNTING_FAMILIES.intersection(families_for(match.evidence))) >= FAMILIES_NEEDED


def _asking(watch: Watch, applicants: Applicants) -> Asking:
    n, ids = len(applicants.seller_ids), pa.array(applicants.seller_ids, pa.string())
    kinds = pc.unique(applicants.use_kind).to_pylist()
    kind = np.asarray(pc.index_in(applicants.use_kind, pa.array(kinds, pa.string())), dtype=np.int64)
    has_voice = np.zeros((n, N_FAMILIES), dtype=np.bool_)
    has_voice[applicants.use_row, np.array([watch.voice_of(name) for name in kinds], dtype=np.int64)[kind]] = True
    countries = [watch.known.countries.get(name or "", -1) for name in applicants.countries]
    return Asking(
        seller_ids=applicants.seller_ids,
        known=watch.numbers_of(ids),
        seller_hash=hash_texts(ids),
        country=np.array(countries, dtype=np.int32),
        registered_day=applicants.registered_day,
        has_voice=has_voice,
        given=_given(watch, applicants, (kinds, kind)),
    )


def _given(watch: Watch, applicants: Applicants, kinds: tuple[list[str], Longs]) -> Given:
    """Return what applicants give that members of rings hold, also in other writings that are known to be the same."""
    names, kind = kinds
    use, value = _find(watch, names, kind, applicants.use_text)
    declared = [watch.known.registry[name] for name in names]
    is_written = np.array([one.normaliser in WRITTEN for one in declared], dtype=np.bool_)
    written = np.flatnonzero(is_written[kind])
    place, alike = _find(
        watch, [likeness_of(one).name for one in declared], kind[written], applicants.use_text.take(pa.array(written))
    )
    use, value = np.concatenate((use, written[place])), np.concatenate((value, alike))
    row = applicants.use_row[use].astype(np.int64)
    order = np.lexsort((value, row))
    use, value, row = use[order], value[order], row[order]
    starts = first_of_group(row * max(watch.facts.snapshot.n_values, 1) + value)
    first, last, variant = _folded(applicants, use, starts)
    is_place = watch.facts.value_family[value[starts]] == list(Family).index(Family.PLACE)
    return Given(row[starts], value[starts], first, last, np.where(is_place, variant, UNSAID).astype(np.int32))


def _find(watch: Watch, names: list[str], kind: Longs, texts: pa.Array) -> tuple[Longs, Longs]:
    """Return which uses name a value that members hold, and its number."""
    index = watch.index
    if not len(index.key) or not len(kind):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    key = keys_of(names, kind.astype(np.int32), texts)
    place = np.minimum(np.searchsorted(index.key, key), len(index.key) - 1)
    use = np.flatnonzero(index.key[place] == key)
    is_same = pc.equal(index.text.take(pa.array(place[use])), texts.take(pa.array(use)))  # hashes may meet
    use = use[np.asarray(is_same.to_numpy(zero_copy_only=False), dtype=np.bool_)]
    return use, index.value[place[use]]


def _folded(applicants: Applicants, use: Longs, starts: Longs) -> tuple[Ints, Ints, Ints]:
    """Return the earliest first day, the latest last day and the variant of the greatest purpose of each run."""
    if not len(starts):
        nothing = np.zeros(0, dtype=np.int32)
        return nothing, nothing, nothing
    purposes = sorted(pc.unique(applicants.use_purpose).drop_null().to_pylist())
    code = pc.fill_null(pc.index_in(applicants.use_purpose, pa.array(purposes, pa.string())), -1)
    purpose = np.maximum.reduceat(np.asarray(code, dtype=np.int64)[use], starts)
    names = [*purposes, ""]
    variants = [WORKED if n in WORKED_PURPOSES else REGISTERED if n == "registered" else UNSAID for n in names]
    day = applicants.use_first_day[use]
    first = np.minimum.reduceat(np.where(day == NEVER, _EVER, day), starts)
    last = np.maximum.reduceat(applicants.use_last_day[use], starts)
    return np.where(first == _EVER, NEVER, first).astype(np.int32), last, np.array(variants, dtype=np.int32)[purpose]


def _pairs(watch: Watch, asking: Asking) -> Pairs:
    """Return the rings to hold each applicant against: its own, and those with a member that shares what may join.

    What people decided binds: no dismissed ring, none that it was judged different from.
    """
    given, snapshot = asking.given, watch.facts.snapshot
    leads = np.flatnonzero(watch.leads[given.value]) if len(given.value) else np.zeros(0, dtype=np.int64)
    begin = snapshot.value_start[given.value[leads]]
    counts = snapshot.value_start[given.value[leads] + 1] - begin
    seller, row = snapshot.link_seller[ranges(begin, counts)], np.repeat(given.row[leads], counts)
    ring = np.where(seller == asking.known[row], -1, watch.ring_of[seller])
    own = np.flatnonzero(asking.known >= 0)
    row, ring = np.concatenate((row, own)), np.concatenate((ring, watch.ring_of[asking.known[own]]))
    n_rings = max(len(watch.ring_ids), 1)
    row, ring = np.divmod(np.unique(row[ring >= 0] * n_rings + ring[ring >= 0]), n_rings)
    names = [(asking.seller_ids[r], watch.ring_ids[one]) for r, one in zip(row.tolist(), ring.tolist(), strict=True)]
    is_open = [name[1] not in watch.dismissed and name not in watch.parted for name in names]
    kept = np.array(is_open, dtype=np.bool_)
    return Pairs(row[kept], ring[kept])


def _parts(watch: Watch, pairs: Pairs) -> Iterator[Pairs]:
    """Yield the pairs, as many at once as have so many links."""
    facts = watch.facts
    n_links = np.diff(facts.seller_start)[watch.member]
    total = np.concatenate(([0], np.cumsum(n_links)))
    of_ring = total[watch.start[1:]] - total[watch.start[:-1]]
    turn = np.cumsum(of_ring[pairs.ring]) // LINKS_AT_ONCE
    bounds = [*first_of_group(turn).tolist(), len(pairs)]
    for begin, end in pairwise(bounds):
        yield pairs.part(begin, end)


def _matches(watch: Watch, asking: Asking, pairs: Pairs) -> Iterator[tuple[int, Match]]:
    admitted = take_in(watch, asking, pairs)
    verdicts = judge_members(admitted.facts, admitted.clusters, admitted.levels, watch.model)
    rows = admitted.clusters.groups.start[1:] - 1
    is_own = watch.ring_of[np.maximum(asking.known[pairs.row], 0)] == pairs.ring
    is_own &= asking.known[pairs.row] >= 0
    shown = np.flatnonzero((verdicts.log_odds[rows] >= SHOWN_LEAST) | is_own)
    found = _written(watch, admitted, verdicts, pairs, shown)
    yield from zip(pairs.row[shown].tolist(), found, strict=True)


def _written(watch: Watch, admitted: Admitted, verdicts: Verdicts, pairs: Pairs, shown: Longs) -> Iterator[Match]:
    """Yield what is said of the applicants of some pairs."""
    groups = admitted.clusters.groups
    rows = groups.start[1:][shown] - 1
    standing = _only(verdicts.standing, rows)
    writer = EvidenceWriter(admitted.facts, groups, watch.model.weights, standing)
    for place, (row, ring) in enumerate(zip(rows.tolist(), pairs.ring[shown].tolist(), strict=True)):
        ring_id, log_odds = watch.ring_ids[ring], float(verdicts.log_odds[row])
        evidence = writer.evidence(place)
        yield Match(
            ring_id=ring_id,
            tier=TIERS[verdicts.tier[row]],
            is_return=ring_id in watch.known.returned or _is_of_closed(watch, evidence),
            link_score=float(expit(log_odds)),
            log_odds=log_odds,
            infringement_score=float(verdicts.infringement[row]),
            evidence=with_judgement(evidence, float(verdicts.judged[row])),
            why_not_closer=verdicts.why_not_closer[row],
            reaches=bool(verdicts.reaches[row]),
        )


def _is_of_closed(watch: Watch, evidence: Sequence[Evidence]) -> bool:
    """Say whether all who share with an applicant what speaks for it were closed."""
    fellows = {seller_id for part in evidence if part.score > 0 for seller_id in part.sellers}
    return bool(fellows) and fellows <= watch.known.closed


def _only(standing: Standing, rows: Longs) -> Standing:
    """Return how some candidates stand; places of hits among hits mean nothing any more."""
    place = np.full(len(standing.candidates), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    kept = place[standing.hits.row] >= 0
    columns = {field.name: getattr(standing.hits, field.name)[kept] for field in fields(Hits)}
    candidates = Candidates(standing.candidates.seller[rows], standing.candidates.ring[rows])
    explained = replace(
        standing.explained, joint=standing.explained.joint[:, rows], size=standing.explained.size[:, rows]
    )
    case = replace(standing.case.rows(rows, standing.case.codes[rows]), log_fellows=standing.case.log_fellows[rows])
    hits = Hits(**{**columns, "row": place[standing.hits.row][kept]})
    return Standing(candidates, hits, case, explained, standing.log_odds[rows])
