"""Values that join nothing, written out with the ground of it, and which of them a person may call innocent.

A suggestion is never applied by itself: it names the exemption that a person may make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ringwatch.algorithms.facts import Facts
from ringwatch.algorithms.hubs import TieCounts, is_hub, judge
from ringwatch.algorithms.learn import Model
from ringwatch.algorithms.outliers import find_junk
from ringwatch.algorithms.priors import FAMILIES, REGISTERED, WORKED
from ringwatch.algorithms.segments import ranges
from ringwatch.model.kinds import Family
from ringwatch.model.rings import Hub, HubGround
from ringwatch.model.snapshot import Bools, Floats, Ints, Longs

RING_SHARE_MOST = (
    0.5  # of a value's holders in one ring: from there on it may be the ring's own, and nothing is suggested
)

REASONS: Mapping[Family, str] = MappingProxyType(
    {
        Family.PAYOUT: "payment_provider",
        Family.NAME: "payment_provider",
        Family.CONTACT: "agency",
        Family.WEB: "agency",
        Family.REGISTRATION: "agency",
        Family.ACCESS: "office",
        Family.CONTENT: "supplier_photo",
        Family.LOGISTICS: "forwarder",
    }
)
"""The usual innocent reason for strangers to share a value of a family; of an identity there is none."""
PLACE_REASONS = MappingProxyType({WORKED: "warehouse", REGISTERED: "agency"})
"""The same for a place, by what most of its holders use it for."""


@dataclass(frozen=True, slots=True)
class HubCase:
    """What is known of values that may join nothing, and of who is with whom."""

    facts: Facts
    model: Model
    levels: Ints
    n_tied: Longs  # per value: holders that another family ties to a fellow, -1 where that was not counted
    serves: Bools  # per value: a hub, or a service to some ring
    ring_of: Longs  # per seller: any number of its ring, -1 where in none
    max_pair_holders: int

    @property
    def is_service(self) -> Bools:
        """Values that members of a ring use, and strangers too, but that are no hubs by their holders."""
        service: Bools = self.serves & ~is_hub(self.levels)
        return service

    @property
    def values(self) -> Longs:
        """Numbers of the values that join nothing, most holders first."""
        joins_nothing = (is_hub(self.levels) & self.facts.is_usable) | self.is_service
        values = np.flatnonzero(joins_nothing)
        return values[np.lexsort((values, -self.facts.n_holders[values]))]


def write_hubs(case: HubCase, values: Longs) -> tuple[Hub, ...]:
    """Return some of the values of a case, each with its ground, reason and suggestion."""
    facts = case.facts
    is_untied = _is_untied(case, values)
    grounds = _grounds(case, values, is_untied)
    may_be_innocent = _ring_share(facts, case.ring_of, values) < RING_SHARE_MOST
    may_be_innocent &= ~facts.value_is_likeness[values]  # an exemption is of one writing
    kinds = [facts.snapshot.kinds[kind].name for kind in facts.snapshot.value_kind[values]]
    texts = facts.snapshot.value_text.take(values).to_pylist()
    reasons = [
        reason_of(ground, n_holders, n_tied, is_untied=told)
        for ground, n_holders, n_tied, told in zip(
            grounds, facts.n_holders[values].tolist(), case.n_tied[values].tolist(), is_untied.tolist(), strict=True
        )
    ]
    columns = zip(values.tolist(), kinds, texts, grounds, reasons, may_be_innocent.tolist(), strict=True)
    return tuple(
        Hub(
            kind=kind,
            value=text,
            n_holders=int(facts.n_holders[value]),
            reason=reason,
            ground=ground,
            exempt_as=suggested_reason(facts, value, ground) if is_innocent else "",
        )
        for value, kind, text, ground, reason, is_innocent in columns
    )


def _is_untied(case: HubCase, values: Longs) -> Bools:
    """Say of each value whether what ties its holders condemns it by itself, however they trade."""
    counts = TieCounts(np.arange(len(values)), case.facts.n_holders[values], case.n_tied[values])
    return is_hub(judge(counts, case.model.tie_rates, len(values)))


def _grounds(case: HubCase, values: Longs, is_untied: Bools) -> list[HubGround]:
    n_holders = case.facts.n_holders[values]
    is_service = case.is_service[values]
    is_unlisted = (n_holders > case.max_pair_holders) & ~is_untied
    is_junk = ~is_service & ~is_unlisted & find_junk(case.facts, case.model.junk_holders, values)
    is_junk &= ~case.facts.value_is_likeness[values]
    cases = zip(is_junk.tolist(), is_service.tolist(), is_unlisted.tolist(), strict=True)
    return [_ground(*flags) for flags in cases]


def _ground(is_junk: bool, is_service: bool, is_unlisted: bool) -> HubGround:
    if is_junk:
        return HubGround.JUNK
    if is_service:
        return HubGround.SERVICE
    return HubGround.UNLISTED if is_unlisted else HubGround.HUB


def _ring_share(facts: Facts, ring_of: Longs, values: Longs) -> Floats:
    """Return the greatest share of each value's holders that are in one ring. O(holders)."""
    begin = facts.snapshot.value_start[values]
    counts = facts.snapshot.value_start[values + 1] - begin
    ring = ring_of[facts.snapshot.link_seller[ranges(begin, counts)]]
    place = np.repeat(np.arange(len(values)), counts)[ring >= 0]
    key, n_members = np.unique(place * (int(ring_of.max(initial=0)) + 1) + ring[ring >= 0], return_counts=True)
    most = np.zeros(len(values))
    np.maximum.at(most, key // (int(ring_of.max(initial=0)) + 1), n_members)
    share: Floats = most / np.maximum(counts, 1)
    return share


def reason_of(ground: HubGround, n_holders: int, n_tied: int, *, is_untied: bool) -> str:
    """Return in words why a value joins nothing; ``is_untied``: too few of its holders are tied, however they trade.

    >>> reason_of(HubGround.HUB, 20, 1, is_untied=True)
    'another family of evidence ties 1 of its 20 holders'
    >>> reason_of(HubGround.HUB, 20, 16, is_untied=False).partition(", while ")[0]
    'its holders trade like strangers (brands, days of registration, countries)'
    """
    tied = f"another family of evidence ties {n_tied} of its {n_holders} holders"
    if ground is HubGround.JUNK:
        return f"far more holders than values of its kind have, who hold no other; {tied}: a placeholder"
    if ground is HubGround.SERVICE:
        return f"members of a ring use it, and too few of its {n_holders} holders are tied to them by anything else"
    if ground is HubGround.UNLISTED:
        return f"its {n_holders} holders are too many to compare pair by pair; {tied}"
    if not is_untied:
        return f"its holders trade like strangers (brands, days of registration, countries), while {tied}"
    return tied


def suggested_reason(facts: Facts, value: int, ground: HubGround) -> str:
    """Return the reason of the exemption that is suggested for a value, "" where none is."""
    if ground is HubGround.UNLISTED:
        return ""
    if ground is HubGround.JUNK:
        return "placeholder"
    family = FAMILIES[facts.kind_family[facts.snapshot.value_kind[value]]]
    if family is not Family.PLACE:
        return REASONS.get(family, "")
    start, end = facts.snapshot.value_start[value : value + 2]
    used = np.bincount(facts.link_variant[start:end])
    return PLACE_REASONS.get(int(used.argmax()), "office")
