"""Reporters: how far the notices of a brand were right so far, and who files against a rival.

Computed from a brand's own notices and a fixed prior alone, so that no brand can tell from its figures anything of the
others'.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

PRIOR = (3.0, 1.0)  # upheld and rejected that every reporter begins with: three in four notices are right
HALF_LIFE_DAYS = 365  # a decision counts half after a year: people and agencies of a brand change
UNDATED_AGE_DAYS = 365  # what a decision without a date is taken for
REJECTED_LEAST = 5  # rejected notices within a year before anybody is taken for a rival's enemy
TARGET_SHARE = 0.8  # of them against one seller
DOUBTED_BELOW = 0.5  # reliability: more of its notices are wrong than right
PLAIN = "notice"
PROOFS = frozenset({"test_buy", "customs_seizure"})


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """Notices of a brand that are alike, counted; days count from 1970, None where unknown.

    ``state``: as of ``NoticeState``; ``due_day``: of what was filed here.
    """

    brand_id: str
    seller_id: str | None
    kind: str
    state: str
    day: int | None
    due_day: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Reporter:
    """A brand as a reporter. ``target_id``: the seller against whom the notices of a throttled one go."""

    brand_id: str
    filed: int = 0
    upheld: int = 0
    rejected: int = 0
    reliability: float = PRIOR[0] / sum(PRIOR)
    target_id: str | None = None

    @property
    def throttled(self) -> bool:
        """Whether it attacks a rival: many rejected, one target, no test buy."""
        return self.target_id is not None


def rate_reporters(rows: Iterable[ReportedRow], today: int) -> dict[str, Reporter]:
    """Return each reporter by its brand, ascending; ``today`` counts from 1970. O(rows).

    The reliability is the share of its decided notices that were upheld, each weighed by its age, with the prior as
    if that had been decided today.
    """
    of_brand = defaultdict(list)
    for row in rows:
        if row.kind == PLAIN or row.kind in PROOFS:
            of_brand[row.brand_id].append(row)
    return {brand_id: _rate(brand_id, found, today) for brand_id, found in sorted(of_brand.items())}


def _rate(brand_id: str, rows: list[ReportedRow], today: int) -> Reporter:
    counts: Counter[str] = Counter()
    weights = {"upheld": PRIOR[0], "rejected": PRIOR[1]}
    for row in rows:
        side = outcome(row, today)
        counts[side] += row.n
        if side in weights:
            weights[side] += row.n * 0.5 ** (_age(row, today) / HALF_LIFE_DAYS)
    reliability = weights["upheld"] / sum(weights.values())
    target_id = _target(rows, today) if reliability < DOUBTED_BELOW else None
    return Reporter(brand_id, counts.total(), counts["upheld"], counts["rejected"], reliability, target_id)


def outcome(row: ReportedRow, today: int) -> str:
    """Return how notices came out: a counter-notice that the brand let stand says that they were wrong."""
    if row.state == "countered" and row.due_day is not None and row.due_day < today:
        return "rejected"
    return row.state


def _age(row: ReportedRow, today: int) -> int:
    return UNDATED_AGE_DAYS if row.day is None else max(today - row.day, 0)


def _target(rows: list[ReportedRow], today: int) -> str | None:
    """Return the seller against whom most of the notices went that were rejected within a year, and no proof ever."""
    rejected: Counter[str] = Counter()
    n = 0
    for row in rows:
        if row.kind == PLAIN and outcome(row, today) == "rejected" and _age(row, today) <= HALF_LIFE_DAYS:
            n += row.n
            rejected[row.seller_id or ""] += row.n
    rejected.pop("", None)
    if n < REJECTED_LEAST or not rejected:
        return None
    target, n_target = min(rejected.items(), key=lambda item: (-item[1], item[0]))
    is_proven = any(row.kind in PROOFS and row.seller_id == target for row in rows)
    return target if n_target >= TARGET_SHARE * n and not is_proven else None
