"""A run that starts from what the run before left finds exactly what a whole run with the same fit finds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.snapshots import AT, Made, Use, snapshot_of

from ringwatch.algorithms.detect import Known, detect_and_trace
from ringwatch.algorithms.renewal import Before, renew, renewed
from ringwatch.model.judgements import OF_MEMBERS, OF_RINGS, Judgement
from ringwatch.model.rings import DetectConfig, Detection
from ringwatch.model.snapshot import NEVER, Snapshot

KINDS = ("phone", "address", "account", "device", "image_hash")
SELLERS = [f"s{place:02d}" for place in range(40)]
FEW = settings(max_examples=max(15, settings.default.max_examples // 2))  # each example detects five times
DAYS = st.sampled_from([NEVER, 19_000, 19_001, 20_000])
CONFIGS = st.sampled_from([DetectConfig(), DetectConfig(max_pair_holders=5), DetectConfig(theta=0.0, beta=0.5)])


@dataclass(frozen=True)
class Market:
    """A market by hand, and whose stores are all closed."""

    made: Made
    closed: frozenset[str] = frozenset()

    @property
    def snapshot(self) -> Snapshot:
        """The graph of it."""
        snapshot = snapshot_of(self.made)
        is_closed = pc.is_in(snapshot.seller_ids, pa.array(sorted(self.closed), pa.string()))
        return replace(snapshot, is_closed=np.asarray(is_closed.to_numpy(zero_copy_only=False), dtype=np.bool_))


def some(sellers: list[str], most: int = 6) -> st.SearchStrategy[list[str]]:
    """Draw some of the sellers."""
    return st.lists(st.sampled_from(sellers), max_size=most, unique=True)


def writings(kind: str, group: int) -> st.SearchStrategy[str]:
    """Draw how a value of a group is written: an address now and then with a slip."""
    ways = [f"{group} | garten leeds", f"{group} | garten leeds", f"{group} | gartn leeds", f"{group} | garden leeds"]
    return st.sampled_from(ways) if kind == "address" else st.just(f"{kind} {group}")


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Draw a market of groups that share some kinds each, and of a few values that many share."""
    sellers = SELLERS[: draw(st.integers(4, 34))]
    uses = []
    for group in range(draw(st.integers(1, 8))):
        members = draw(st.lists(st.sampled_from(sellers), min_size=2, max_size=7, unique=True))
        for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True)):
            uses += [Use(name, kind, draw(writings(kind, group)), draw(DAYS)) for name in members]
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=2, unique=True)):
        uses += [Use(name, kind, f"{kind} of many") for name in sellers[:: draw(st.integers(1, 3))]]
    made = Made(
        sellers,
        [replace(use, last_day=use.first_day) for use in uses],
        registered={name: draw(DAYS) for name in sellers},
        country={name: draw(st.sampled_from(["CN", "DE"])) for name in draw(some(sellers, 20))},
        upheld=dict.fromkeys(draw(some(sellers)), 1),
        brands=dict.fromkeys(draw(some(sellers)), ("B1",)),
        listings=dict.fromkeys(draw(some(sellers)), 0),
    )
    return Market(made, frozenset(draw(some(sellers))))


@st.composite
def later(draw: st.DrawFn, market: Market) -> Market:
    """Draw what became of a market: uses and sellers come and go, values are exempt, notices upheld, stores closed."""
    made = market.made
    gone = set(draw(some(list(made.sellers), 2)))
    came = draw(some([name for name in SELLERS if name not in made.sellers] or ["t00"], 3))
    sellers = [name for name in made.sellers if name not in gone] + came
    lost = draw(st.lists(st.integers(0, max(len(made.uses) - 1, 0)), max_size=4))
    uses = [use for place, use in enumerate(made.uses) if place not in lost and use.seller not in gone]
    new = {("phone", "new"), ("account", "new"), ("address", "1 | gartne leeds"), ("address", "2 | leeds")}
    texts = sorted({(use.kind, use.value) for use in made.uses} | new)
    for kind, text in draw(st.lists(st.sampled_from(texts), max_size=4)):
        uses += [Use(name, kind, text, draw(DAYS)) for name in draw(some(sellers, 3))]
    facts = {name: {s: fact for s, fact in getattr(made, name).items() if s not in gone} for name in FACTS}
    facts["registered"] |= {name: draw(DAYS) for name in came}
    facts["country"] |= dict.fromkeys(draw(some(sellers, 2)), draw(st.sampled_from(["AT", "CN", "DE"])))
    facts["upheld"] |= dict.fromkeys(draw(some(sellers, 2)), 1)
    exempt = frozenset(draw(st.lists(st.sampled_from(texts), max_size=1)))
    changed = Made(sellers, uses, exempt=exempt, **facts)
    return Market(changed, (market.closed - gone) | frozenset(draw(some(sellers, 3))))


FACTS = ("registered", "country", "upheld", "brands", "listings")


@st.composite
def judged(draw: st.DrawFn, before: Detection) -> list[Judgement]:
    """Draw judgements of rings that were found."""
    made = []
    for _ in range(draw(st.integers(0, 3))):
        ring = draw(st.sampled_from(before.rings))
        members = tuple(member.seller_id for member in ring.members)
        if draw(st.booleans()):
            made.append(Judgement(ring.ring_id, "", draw(st.sampled_from(OF_RINGS)), members, "seen"))
        else:
            verdict = draw(st.sampled_from(OF_MEMBERS))
            made.append(Judgement(ring.ring_id, draw(st.sampled_from(SELLERS)), verdict, members, "seen"))
    return made


def known_of(before: Detection, judgements: list[Judgement], closed: frozenset[str]) -> Known:
    """Return what a run after another is given; ``closed`` are the sellers whose stores were closed then."""
    members = {ring.ring_id: {member.seller_id for member in ring.members} for ring in before.rings}
    earlier = {seller_id: ring_id for ring_id, sellers in members.items() for seller_id in sellers}
    closed_rings = {ring_id for ring_id, sellers in members.items() if sellers <= closed}
    return {"fit": before.fit, "earlier": earlier, "judgements": judgements, "closed_rings": closed_rings}


def plain(found: Detection) -> Mapping[str, object]:
    """Return what two detections must have in common: all but the moment."""
    return {"rings": found.rings, "events": found.events, "notes": found.notes, "hubs": found.hubs}


@FEW
@given(st.data(), CONFIGS)
def test_renewing_finds_what_a_whole_run_finds(data: st.DataObject, config: DetectConfig) -> None:
    """Twice in a row, whatever was added, deleted, exempt or judged: the same rings, events, notes and hubs."""
    market = data.draw(markets())
    found, trace = detect_and_trace(market.snapshot, config, as_of=AT)
    judgements: list[Judgement] = []
    for _ in range(2):
        closed, market = market.closed, data.draw(later(market))
        judgements += data.draw(judged(found)) if found.rings else []
        known = known_of(found, judgements, closed)
        assert trace is not None
        outcome = renew(market.snapshot, config, Before(trace, found.hubs), as_of=AT, **known)
        whole, whole_trace = detect_and_trace(market.snapshot, config, as_of=AT, **known)
        if outcome is None:
            assert whole_trace is None or whole_trace.way != trace.way
            return
        assert plain(renewed(found, outcome[0])) == plain(whole)
        found, trace = renewed(found, outcome[0]), outcome[1]


@FEW
@given(markets(), CONFIGS)
def test_where_nothing_changed_nothing_is_judged(market: Market, config: DetectConfig) -> None:
    """A second run over the same graph replaces no ring."""
    found, trace = detect_and_trace(market.snapshot, config, as_of=AT)
    assert trace is not None
    outcome = renew(market.snapshot, config, Before(trace, found.hubs), as_of=AT, **known_of(found, [], market.closed))
    assert outcome is not None
    assert not outcome[0].replaced
    assert renewed(found, outcome[0]).rings == found.rings
