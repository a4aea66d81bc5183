"""What a version of a ring rests on, packed: members' evidence and shared values, some 50 bytes a part of evidence."""

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import orjson

from ringwatch.model.rings import Evidence, Ring, RingValue

LEVEL = 6  # of zlib: 9 takes twice the time for a hundredth less


@dataclass(frozen=True, slots=True)
class PackedMember:
    """What a version's content says of a member beyond its tier, role and scores."""

    log_odds: float
    is_fragile: bool
    why_not_closer: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RingContent:
    """The members of a version by seller_id, and its values as detection gave them."""

    members: dict[str, PackedMember]
    values: tuple[RingValue, ...]


def pack_ring(ring: Ring) -> str:
    """Return what a ring rests on as a text; equal rings, equal texts.

    Members that hold one value name one group of holders, or a big ring would cost its square.
    """
    ids = [member.seller_id for member in ring.members]
    strangers = {s for member in ring.members for part in member.evidence for s in part.sellers} - set(ids)
    ids += sorted(strangers)  # who was moved to another ring after evidence was gathered
    number = {seller_id: n for n, seller_id in enumerate(ids)}
    groups: dict[tuple[int, ...], int] = {}
    members = []
    for member in ring.members:
        parts = []
        for part in member.evidence:
            fellows = {number[s] for s in part.sellers}
            group = tuple(sorted(fellows | {number[member.seller_id]})) if fellows else ()
            parts.append(
                (part.kind, part.family, part.value, part.n_holders, part.score, groups.setdefault(group, len(groups)))
            )
        members.append((member.seller_id, member.log_odds, member.is_fragile, member.why_not_closer, parts))
    values = [(value.kind, value.family, value.value, value.n_holders, value.is_hub) for value in ring.values]
    text = orjson.dumps({"ids": ids, "members": members, "groups": list(groups), "values": values})
    return b64encode(zlib.compress(text, LEVEL)).decode()


def unpack_ring(text: str) -> RingContent:
    """Return what ``pack_ring`` packed, bit by bit.

    >>> from ringwatch.model.rings import Tier
    >>> unpack_ring(pack_ring(Ring("R", Tier.LEAD, 0.5, 0.5, (), ()))).values
    ()
    """
    kept = orjson.loads(zlib.decompress(b64decode(text)))
    groups = [tuple(kept["ids"][place] for place in group) for group in kept["groups"]]
    members = {row[0]: _member(row, groups) for row in kept["members"]}
    return RingContent(members, tuple(RingValue(*value) for value in kept["values"]))


def _member(row: list[Any], groups: list[tuple[str, ...]]) -> PackedMember:
    seller_id, log_odds, is_fragile, why, parts = row
    evidence = tuple(
        Evidence(kind, family, value, n_holders, tuple(s for s in groups[group] if s != seller_id), score)
        for kind, family, value, n_holders, score, group in parts
    )
    return PackedMember(log_odds, is_fragile, why, evidence)
