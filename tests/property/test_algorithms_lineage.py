"""Laws of ring names: they hold from run to run, whatever else changes."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.snapshots import AT, Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.lineage import name_rings
from ringwatch.model.rings import DetectConfig, Detection

SELLERS = [f"s{place:02d}" for place in range(24)]
N_RINGS, N_HONEST = 20, 280
FEW = settings(max_examples=max(3, settings.default.max_examples // 12))  # each example detects three times


@st.composite
def partitions(draw: st.DrawFn) -> list[list[str]]:
    """Draw rings: groups of two or more of some of the sellers, members ascending."""
    group = draw(st.lists(st.integers(-1, 6), min_size=len(SELLERS), max_size=len(SELLERS)))
    rings = [[s for s, own in zip(SELLERS, group, strict=True) if own == number] for number in range(7)]
    return [ring for ring in rings if len(ring) > 1]


def names_of(rings: list[list[str]], ids: list[str]) -> dict[str, str]:
    """Return the ring_id of each seller."""
    return {seller: ring_id for ring, ring_id in zip(rings, ids, strict=True) for seller in ring}


@given(partitions(), partitions())
def test_a_ring_that_did_not_change_keeps_its_name(before: list[list[str]], after: list[list[str]]) -> None:
    """However the others merge and split: who was together and is, goes by the same name; no name is given twice."""
    ids = name_rings(before, {})
    assert name_rings(before, {}) == ids
    assert name_rings(before, names_of(before, ids)) == ids
    again = name_rings(after, names_of(before, ids))
    assert len(set(again)) == len(again)
    was = {tuple(ring): ring_id for ring, ring_id in zip(before, ids, strict=True)}
    for ring, ring_id in zip(after, again, strict=True):
        assert was.get(tuple(ring), ring_id) == ring_id
        sharers = [old for old in before if set(old) & set(ring)]
        assert ring_id not in ids or ring_id in {was[tuple(old)] for old in sharers}


def market(extra: list[tuple[int, str]]) -> Made:
    """Return twenty rings among honest sellers, and a seller for each of ``extra``: (whom it shares with, what)."""
    names, uses = crowd(N_HONEST)
    rings = [[f"R{number:02d}-{place}" for place in range(4 + number % 3)] for number in range(N_RINGS)]
    for number, ring in enumerate(rings):
        for kind in ("account", "phone", "device"):
            uses += share(kind, f"{kind} {number}", ring)
    guilty = [seller for ring in rings for seller in ring]
    added = [f"X{place}" for place in range(len(extra))]
    known = [*guilty, *names]
    for seller, (place, kind) in zip(added, extra, strict=True):
        uses += [Use(seller, kind, f"of X {place}"), Use(known[place % len(known)], kind, f"of X {place}")]
    brands = dict.fromkeys(guilty, ("B1",))
    return Made([*known, *added], uses, brands=brands, upheld=dict.fromkeys(guilty[::3], 1))


def rings_of(found: Detection) -> dict[tuple[str, ...], str]:
    """Return the ring_id of each group of members."""
    return {tuple(member.seller_id for member in ring.members): ring.ring_id for ring in found.rings}


@FEW
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["phone", "address", "device"])), max_size=4))
def test_one_percent_more_data_keeps_the_names(extra: list[tuple[int, str]]) -> None:
    """The same data give the same ids; with 1 % more and weights learned anew, unchanged rings keep theirs."""
    first = detect(snapshot_of(market([])), DetectConfig(), as_of=AT)
    assert len(first.rings) >= N_RINGS
    earlier = {member.seller_id: ring.ring_id for ring in first.rings for member in ring.members}
    assert rings_of(detect(snapshot_of(market([])), DetectConfig(), as_of=AT, earlier=earlier)) == rings_of(first)
    before, after = (
        rings_of(first),
        rings_of(detect(snapshot_of(market(extra)), DetectConfig(), as_of=AT, earlier=earlier)),
    )
    unchanged = before.keys() & after.keys()
    assert len(unchanged) >= N_RINGS - len(extra)
    n_kept = sum(before[members] == after[members] for members in unchanged)
    assert n_kept >= 0.995 * len(unchanged)
