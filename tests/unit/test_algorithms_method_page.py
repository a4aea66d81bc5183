"""The worked example of the method page is what detection says."""

import re
from pathlib import Path

import numpy as np
import pytest
from tests.support.snapshots import AT, Made, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.infringement import log_bayes_factor
from ringwatch.model.rings import DetectConfig, Member, Ring

PAGE = (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
RING = [f"R{place}" for place in range(6)]


@pytest.fixture(scope="module")
def ring() -> Ring:
    """Return the only ring of the market that the page describes."""
    honest, own = crowd(200)
    uses = [
        *own,
        *share("account", "account", RING[:4]),
        *share("phone", "phone", RING[1:]),
        *share("device", "device", RING[::2]),
        *share("image_hash", "photo", RING),
        *share("address", "returns", RING[2:], "return"),
    ]
    made = Made(
        [*honest, *RING],
        uses,
        registered={name: 19_000 + place for place, name in enumerate(RING)},
        brands=dict.fromkeys(RING, ("B1",)),
        upheld=dict.fromkeys(RING[::2], 1),
    )
    (found,) = detect(snapshot_of(made), DetectConfig(), as_of=AT).rings
    return found


def test_the_table_is_what_is_shown(ring: Ring) -> None:
    """Every row of the table, in its order, and the sum."""
    member: Member = next(member for member in ring.members if member.seller_id == "R2")
    rows = re.findall(r"^\| (\w+) \| ([R\d ]*?) ?\| ([+-][\d.]+) \|$", PAGE, re.MULTILINE)
    shown = [(part.kind, " ".join(part.sellers), f"{part.score:+.2f}") for part in member.evidence]
    assert rows == shown
    assert f"| **log-odds** | | **{member.log_odds:+.2f}** |" in PAGE
    assert [m.seller_id for m in ring.members] == RING


def test_the_ring_infringes_as_the_page_says(ring: Ring) -> None:
    """The factor and the score of the text."""
    factor = float(log_bayes_factor(np.array([3]), np.array([6]), 4 / 256)[0])
    assert f"log Bayes factor of {factor:.2f} and a score of {ring.infringement_score:.3f}" in PAGE.replace("\n", " ")
