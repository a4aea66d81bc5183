"""Where the picture of each version of a ring shows what: worked out from the version before, and kept with it.

Whoever draws a version first keeps its places, so that every server over one database, and every restart, shows the
same picture, and a ring that grew has its former members where they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import orjson

from ringwatch.api.config import Serving
from ringwatch.db.past import values_in_order
from ringwatch.db.ring_contents import RingContent, unpack_ring
from ringwatch.db.view import MemberRow, VersionContent, View
from ringwatch.model.errors import RingwatchError
from ringwatch.model.rings import RingValue, Role, Tier
from ringwatch.model.visibility import FULL
from ringwatch.web.drawing import Place, RingFacts, draw

Places: TypeAlias = dict[str, Place]

KEPT_CHAINS = 512  # of servers that may not write; some 5 KB a version


def places_of(serving: Serving, view: View, ring_id: str, version: int) -> Places:
    """Return where the picture of a version shows its marks, by ``Mark.place``; none where it is not kept whole.

    Reads with full sight: where a mark stands says nothing of what a mask hides.
    """
    kept = view.ring_history(FULL, ring_id, version, version)
    if not kept or not kept[0].packed:
        return {}
    if kept[0].places:
        return _read(kept[0].places)
    history = view.ring_history(FULL, ring_id, 1, version)
    return _read(_keep(serving, ring_id, version, _work_out(_Chain(ring_id, tuple(history), view))))


def _keep(serving: Serving, ring_id: str, version: int, worked_out: Mapping[int, str]) -> str:
    """Write down places that are new, and return those of a version that stand then.

    Where nothing can be written (a read-only file, somebody else at it), the next who looks works out the same.
    """
    if serving.desk is None or serving.desk.open_impatient is None:
        return worked_out[version]
    try:
        with serving.desk.open_impatient() as writer:
            for n, places in worked_out.items():
                writer.keep_places(ring_id, n, places)
        (stands,) = serving.view.ring_history(FULL, ring_id, version, version)
    except RingwatchError:
        return worked_out[version]
    return stands.places or worked_out[version]


@dataclass(frozen=True, slots=True)
class _Chain:
    """The versions of a ring up to one, and where its sellers are read; equal where the versions are."""

    ring_id: str
    versions: tuple[VersionContent, ...]
    view: View = field(compare=False)


@lru_cache(KEPT_CHAINS)
def _work_out(chain: _Chain) -> Mapping[int, str]:
    """Return the places of the versions that have none: each from the version before it."""
    found: dict[int, str] = {}
    before: Places = {}
    former: tuple[RingValue, ...] = ()
    first = max((at for at, version in enumerate(chain.versions) if version.places), default=0)
    for version in chain.versions[first:]:
        if not version.packed:
            before = {}
            continue
        content = unpack_ring(version.packed)
        values = values_in_order(content.values)
        if version.places:
            before = _read(version.places)
        else:
            drawing = draw(_bare_facts(chain, content), _carried(before, former, values))
            before = {mark.place: (mark.x, mark.y) for mark in drawing.marks}
            found[version.n] = orjson.dumps(before).decode()
        former = values
    return found


def _carried(before: Places, former: Sequence[RingValue], values: Sequence[RingValue]) -> Places:
    """Return the places of a version under the names that the next one has for the same marks."""
    number = {(value.kind, value.value): n for n, value in enumerate(values)}
    renamed = {f"value:{n}": f"value:{number.get((value.kind, value.value), '')}" for n, value in enumerate(former)}
    return {renamed.get(place, place): at for place, at in before.items()}


def _bare_facts(chain: _Chain, content: RingContent) -> RingFacts:
    """Return what decides where marks stand; tiers and scores do not."""
    members = tuple(
        MemberRow(chain.ring_id, seller_id, Tier.LEAD, Role.CORE, 0.0, 0.0, 0.0, member.is_fragile, "")
        for seller_id, member in content.members.items()
    )
    evidence = {seller_id: member.evidence for seller_id, member in content.members.items()}
    values = values_in_order(content.values)
    displays = chain.view.displays(FULL, [(value.kind, value.value) for value in values])
    ids = list(content.members)
    sellers, stores = chain.view.sellers(FULL, ids), chain.view.stores_of(FULL, ids)
    return RingFacts(chain.ring_id, members, evidence, values, sellers, stores, displays)


def _read(places: str) -> Places:
    return {name: (x, y) for name, (x, y) in orjson.loads(places).items()}
