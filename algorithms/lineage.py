"""Names of rings that stay the same from run to run.

A ring keeps the id of an earlier ring where they share at least half of the members of the smaller of the two. Where a
ring was split, the part with most of its members keeps the id; where rings were merged, the id that most members bring.
"""

from base64 import b32encode
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b

CONTAINED_SHARE = 0.5  # of the smaller side (growth needs containment: a Jaccard index would lose rings that doubled)
ID_CHARACTERS = 8  # 40 bits: two of a million rings meet once in two runs; a meeting lengthens the id


def name_rings(members: Sequence[Sequence[str]], earlier: Mapping[str, str], others: Collection[str] = ()) -> list[str]:
    """Return a ring_id for each ring; ``members`` are ascending seller_ids, ``earlier`` maps seller_id to ring_id.

    No ring gets one of the ``others``, which are names of rings that are not looked at.

    >>> name_rings([["a", "b", "c"]], {"a": "R-OLD", "b": "R-OLD"})
    ['R-OLD']
    """
    old_sizes = Counter(earlier.values())
    claims = sorted(claim for number, ring in enumerate(members) for claim in _claims(number, ring, earlier, old_sizes))
    ids: list[str] = [""] * len(members)
    taken = set(others)
    for _, _, ring_id, number in claims:
        if not ids[number] and ring_id not in taken:
            ids[number] = ring_id
            taken.add(ring_id)
    taken |= old_sizes.keys()  # a new ring never takes the name of another
    for number in sorted(range(len(members)), key=lambda number: list(members[number])):
        if not ids[number]:
            ids[number] = _new_id(members[number], taken)
            taken.add(ids[number])
    return ids


def _claims(
    number: int, ring: Sequence[str], earlier: Mapping[str, str], old_sizes: Mapping[str, int]
) -> list[tuple[int, tuple[str, ...], str, int]]:
    """Return the claims of a ring to earlier ids: most common members first, then the first seller_id."""
    common = Counter(earlier[seller] for seller in ring if seller in earlier)
    return [
        (-n_common, tuple(ring[:1]), ring_id, number)
        for ring_id, n_common in common.items()
        if n_common >= CONTAINED_SHARE * min(len(ring), old_sizes[ring_id])
    ]


def _new_id(ring: Sequence[str], taken: set[str]) -> str:
    digest = blake2b("\0".join(ring).encode(), digest_size=32).digest()
    text = b32encode(digest).decode().rstrip("=")
    for length in range(ID_CHARACTERS, len(text) + 1):
        if f"R-{text[:length]}" not in taken:
            return f"R-{text[:length]}"
    return f"R-{text}-{len(taken)}"  # the same members were named before and then lost the name to another ring
