"""Why a store may not be closed, and how many wrong closures a plan is expected to hold: pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ringwatch.model.kinds import Family
from ringwatch.model.rings import Evidence, Tier

MIN_INFRINGEMENT = 0.5  # the border that the calibrated share of wrong closures asks for
MIN_FAMILIES = 2  # independent families of evidence; one alone may be one shared service
TAIL = 0.025  # on each side of an interval of 95 %


@dataclass(frozen=True, slots=True)
class Grounds:
    """A seller's membership as a plan freezes it.

    ``parts``: the shared values that speak for it, loudest first; ``values``: the same as (kind, value), ascending.
    """

    seller_id: str
    tier: Tier
    is_fragile: bool
    link_score: float
    infringement_score: float
    families: tuple[str, ...]  # that count towards a closure, ascending
    all_families: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    parts: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A ring as it stands: its members' grounds by seller_id, values of them that are exempt, and what was judged.

    ``judged``: the newest verdict on each seller, and on the ring itself under "".
    """

    ring_id: str
    version: int
    members: dict[str, Grounds]
    exempt: tuple[tuple[str, str], ...]
    judged: dict[str, str]

    def fingerprint(self) -> dict[str, object]:
        """Return what a plan rests on: equal as long as nothing changed that voids it. No counts and no scores."""
        members = {
            m.seller_id: {"tier": m.tier.value, "families": list(m.all_families), "values": [list(v) for v in m.values]}
            for m in self.members.values()
        }
        return {"members": members, "exempt": [list(value) for value in self.exempt], "judged": dict(self.judged)}


def reasons_to_spare(case: Case, seller_id: str, min_infringement: float = MIN_INFRINGEMENT) -> list[str]:
    """Return every rule that forbids closing the stores of a member, none where they may be closed."""
    member = case.members[seller_id]
    exempt = sorted(set(member.values) & set(case.exempt))
    rules = (
        (member.tier is not Tier.CLOSE, f"tier {member.tier.value}: only members of tier close are closed"),
        (
            len(member.families) < MIN_FAMILIES,
            f"{len(member.families)} family of evidence that counts, {MIN_FAMILIES} are needed",
        ),
        (set(member.all_families) == {Family.IDENTITY.value}, "an identity document alone links it"),
        (member.is_fragile, "fragile: without one of its values it would not be in the ring"),
        (
            member.infringement_score < min_infringement,
            f"infringement score {member.infringement_score:.2f}, {min_infringement:g} is needed",
        ),
        (bool(exempt), f"exempt: a {', a '.join(kind for kind, _ in exempt)} that it leans on is called innocent"),
        (case.judged.get(seller_id) == "different", "judged: a person holds it to be no part of the ring"),
        (case.judged.get("") == "dismissed", "judged: a person dismissed the ring"),
    )
    return [reason for applies, reason in rules if applies]


def expected_wrongful(sellers: Iterable[tuple[float, int]]) -> dict[str, float]:
    """Return mean and 95 % interval of the stores that are closed wrongly, of sellers as (link score, stores).

    Sellers are taken as independent, the stores of one as wrong together: the exact distribution, O(sellers * bound).

    >>> expected_wrongful([(0.99, 1)] * 100)
    {'mean': 1.0, 'low': 0.0, 'high': 3.0}
    """
    drawn = [(1 - score, n) for score, n in sellers if n]
    mean = sum(chance * n for chance, n in drawn)
    spread = sum(chance * (1 - chance) * n * n for chance, n in drawn) ** 0.5
    largest = max((n for _, n in drawn), default=0)
    size = min(sum(n for _, n in drawn), int(mean + 12 * spread) + 12 * largest) + 1  # beyond 12 deviations is nothing
    chances = np.zeros(size)
    chances[0] = 1.0
    for chance, n in drawn:
        moved = np.zeros(size)
        moved[n:] = chances[: size - n]
        chances = chances * (1 - chance) + moved * chance
    below = np.cumsum(chances)
    low, high = (min(int(np.searchsorted(below, share)), size - 1) for share in (TAIL, 1 - TAIL))
    return {"mean": round(mean, 6), "low": float(low), "high": float(high)}


def what_changed(ring_id: str, before: dict[str, object], case: Case | None) -> Sequence[str]:
    """Return what changed of a ring since a plan froze it, in words; nothing where the plan still stands."""
    if case is None:
        return [f"ring {ring_id} is no more"]
    now = case.fingerprint()
    said = []
    then, members = before["members"], now["members"]
    assert isinstance(then, dict)  # noqa: S101 (a plan's own header)
    assert isinstance(members, dict)  # noqa: S101 (as above)
    for seller_id in sorted(then.keys() | members.keys()):
        if seller_id not in members:
            said.append(f"seller {seller_id} left ring {ring_id}")
        elif seller_id not in then:
            said.append(f"seller {seller_id} joined ring {ring_id}")
        elif then[seller_id] != members[seller_id]:
            parts = [
                part for part in ("tier", "families", "values") if then[seller_id][part] != members[seller_id][part]
            ]
            said.append(f"seller {seller_id} in ring {ring_id}: other {' and '.join(parts)}")
    said += [f"ring {ring_id}: other {words}" for key, words in _DECIDED if before[key] != now[key]]
    return said


_DECIDED = (("exempt", "exemptions"), ("judged", "judgements"))
