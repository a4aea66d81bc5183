"""What people's verdicts do to rings of a market that a person can read."""

from tests.support.snapshots import AT, Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.model.rings import DetectConfig, Detection, Tier

RING = [f"R{place}" for place in range(6)]
OPERATED = (
    *share("account", "their account", RING[:4]),
    *share("phone", "their phone", RING[1:]),
    *share("device", "their device", RING[::2]),
    *share("image_hash", "their photo", RING),
    *share("address", "their returns desk", RING[2:], "return"),
)
HONEST, OWN = crowd(200)


def run(*judgements: Judgement, uses: tuple[Use, ...] = OPERATED, earlier: Detection | None = None) -> Detection:
    """Detect in the market of the ring and of honest sellers."""
    made = Made([*HONEST, *RING], [*OWN, *uses])
    names = {m.seller_id: ring.ring_id for ring in earlier.rings for m in ring.members} if earlier else {}
    return detect(snapshot_of(made), DetectConfig(), as_of=AT, earlier=names, judgements=judgements)


def members(found: Detection, seller_id: str) -> set[str]:
    """Return the members of the ring that a seller is in."""
    rings = [{member.seller_id for member in ring.members} for ring in found.rings]
    return next((ring for ring in rings if seller_id in ring), set())


def judged(verdict: Verdict, seller_id: str = "", of: list[str] = RING) -> Judgement:
    """Return a verdict on the ring as it was found first."""
    ring_id = next(ring.ring_id for ring in FIRST.rings if ring.members[0].seller_id == "R0")
    return Judgement(ring_id, seller_id, verdict, tuple(of), "seen")


FIRST = run()


def test_without_judgements_the_ring_is_found() -> None:
    assert members(FIRST, "R0") == set(RING)
    assert not any(part.kind == "judgement" for ring in FIRST.rings for m in ring.members for part in m.evidence)


def test_a_seller_judged_different_is_out_and_the_others_stay() -> None:
    found = run(judged(Verdict.DIFFERENT, "R3"), earlier=FIRST)
    assert members(found, "R3") == set()
    assert members(found, "R0") == set(RING) - {"R3"}


def test_an_honest_seller_judged_same_is_held_but_never_closable_by_that() -> None:
    """It is in the ring by the judgement alone: likely, with a part of its own in the evidence, and not close."""
    found = run(judged(Verdict.SAME, HONEST[0]), earlier=FIRST)
    assert members(found, HONEST[0]) == {*RING, HONEST[0]}
    (member,) = [m for ring in found.rings for m in ring.members if m.seller_id == HONEST[0]]
    (part,) = [part for part in member.evidence if part.kind == "judgement"]
    assert part.value == ""
    assert part.score >= 1
    assert member.link_score > 0.98
    assert member.tier is not Tier.CLOSE


def test_the_newest_verdict_on_a_seller_counts() -> None:
    same, different = judged(Verdict.SAME, "R3"), judged(Verdict.DIFFERENT, "R3")
    assert "R3" in members(run(different, same), "R0")
    assert "R3" not in members(run(same, different), "R0")


def test_a_dismissed_ring_is_not_shown_until_it_changed_by_more_than_half() -> None:
    """One seller more is the same group; two of six are another, and a note says so."""
    assert members(run(judged(Verdict.DISMISSED)), "R0") == set()
    assert members(run(judged(Verdict.DISMISSED, of=RING[:5])), "R0") == set()
    again = run(judged(Verdict.DISMISSED, of=[*RING[:2], *HONEST[:3]]))
    assert members(again, "R0") == set(RING)
    assert any("dismissed" in note for note in again.notes)


def test_a_confirmed_ring_is_kept_together_when_its_evidence_is_gone() -> None:
    """Its sellers share nothing any more, and are one ring all the same, without a close tier."""
    found = run(judged(Verdict.CONFIRMED), uses=(), earlier=FIRST)
    assert members(found, "R0") == set(RING)
    (ring,) = [ring for ring in found.rings if ring.members[0].seller_id == "R0"]
    assert ring.tier is not Tier.CLOSE
    assert members(run(uses=()), "R0") == set()


def test_a_verdict_on_sellers_that_are_not_there_does_nothing() -> None:
    gone = [judged(v, "X", of=["X", "Y"]) for v in (Verdict.SAME, Verdict.DIFFERENT)]
    assert run(*gone, judged(Verdict.CONFIRMED, of=["X", "Y"])).rings == FIRST.rings
