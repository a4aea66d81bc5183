"""Pictures of rings that were drawn, kept by all that they are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from ringwatch.web.drawing import Drawing, Place, RingFacts, draw
from ringwatch.web.veil import veil

KEPT_DRAWINGS = 256  # some 50 KB each


@dataclass(frozen=True, slots=True)
class _Keyed:
    """Facts and places that are equal where the bytes that tell all of them are."""

    key: bytes
    facts: RingFacts = field(compare=False)
    known: Mapping[str, Place] = field(compare=False)


def drawn(facts: RingFacts, known: Mapping[str, Place] | None = None) -> Drawing:
    """Return the picture of a ring, the one that is kept where nothing in it changed."""
    places = known or {}
    picture = _drawn(_Keyed(orjson.dumps([_told(facts), places]), facts, places))
    return veil(picture, facts) if facts.is_masked else picture


def _told(facts: RingFacts) -> dict[str, Any]:
    return {
        "members": list(facts.members),
        "evidence": dict(facts.evidence),
        "values": list(facts.values),
        "names": {seller_id: row.name for seller_id, row in facts.sellers.items()},
        "stores": list(facts.stores),
        "displays": [[*key, text] for key, text in facts.displays.items()],
    }


@lru_cache(KEPT_DRAWINGS)
def _drawn(keyed: _Keyed) -> Drawing:
    return draw(keyed.facts, keyed.known)
