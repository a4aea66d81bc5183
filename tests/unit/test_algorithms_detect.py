"""What detection says of small markets that a person can read."""

from dataclasses import replace

import numpy as np
from tests.support.snapshots import AT, Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.features import meeting_codes
from ringwatch.algorithms.learn import learn, model_of
from ringwatch.algorithms.pairs import list_pairs
from ringwatch.model.rings import DetectConfig, Detection, Ring, Tier

RING = [f"R{place}" for place in range(6)]
OPERATED = (
    *share("account", "their account", RING[:4]),
    *share("phone", "their phone", RING[1:]),
    *share("device", "their device", RING[::2]),
    *share("image_hash", "their photo", RING),
    *share("address", "their returns desk", RING[2:], "return"),
)


def market(uses: list[Use], n_honest: int = 200, **facts: object) -> Made:
    """Return a market of honest sellers and those of the uses."""
    honest, own = crowd(n_honest)
    return Made([*honest, *sorted({use.seller for use in uses} - set(honest))], [*own, *uses], **facts)


def run(made: Made) -> Detection:
    """Detect with the settings as they come."""
    return detect(snapshot_of(made), DetectConfig(), as_of=AT)


def rings_of(found: Detection) -> dict[frozenset[str], Ring]:
    """Return the rings by their members."""
    return {frozenset(member.seller_id for member in ring.members): ring for ring in found.rings}


def traders(names: list[str]) -> dict[str, object]:
    """Return the trade of sellers who came in one week and sell one brand that complained about half of them."""
    return {
        "registered": {name: 19_000 + place for place, name in enumerate(names)},
        "brands": dict.fromkeys(names, ("B1",)),
        "upheld": dict.fromkeys(names[::2], 1),
    }


def test_an_operator_with_notices_is_closable() -> None:
    """Six stores with accounts, phones, devices, photos in common and upheld notices are close, and infringe."""
    found = run(market(list(OPERATED), **traders(RING)))
    ring = rings_of(found)[frozenset(RING)]
    assert ring.tier is Tier.CLOSE
    closable = [m for m in ring.members if m.tier is Tier.CLOSE and m.infringement_score >= 0.5]
    assert len(closable) >= 4
    assert all(member.why_not_closer == "" for member in closable)


def test_without_notices_the_same_ring_is_not_closable() -> None:
    """Links alone never close: the link scores stay, the infringement scores fall below the border."""
    with_notices = run(market(list(OPERATED), **traders(RING)))
    without = run(market(list(OPERATED), **{**traders(RING), "upheld": {}}))
    ring = rings_of(without)[frozenset(RING)]
    assert all(member.infringement_score < 0.5 for member in ring.members)
    before = rings_of(with_notices)[frozenset(RING)]
    assert [m.log_odds for m in ring.members] == [m.log_odds for m in before.members]


def test_a_warehouse_joins_nobody() -> None:
    """Forty sellers who ship from one warehouse are in no ring, and the warehouse is named a hub with its count."""
    honest, _ = crowd(200)
    found = run(market(share("address", "the warehouse", honest[:40], "warehouse")))
    assert found.rings == ()
    assert [(hub.value, hub.n_holders) for hub in found.hubs] == [("the warehouse", 40)]
    assert "0 of its 40 holders" in found.hubs[0].reason


def test_one_warehouse_does_not_join_two_rings() -> None:
    """Two operators who ship from the same warehouse, among strangers, stay apart."""
    others = [name.replace("R", "Q") for name in RING]
    theirs = [replace(use, seller=use.seller.replace("R", "Q"), value=f"other {use.value}") for use in OPERATED]
    honest, _ = crowd(200)
    shared = share("address", "the warehouse", [*RING, *others, *honest[:30]], "warehouse")
    facts = traders([*RING, *others])
    facts["brands"] = {**dict.fromkeys(RING, ("B1",)), **dict.fromkeys(others, ("B2",))}
    found = rings_of(run(market([*OPERATED, *theirs, *shared], **facts)))
    assert set(found) == {frozenset(RING), frozenset(others)}


def test_an_office_is_no_ring() -> None:
    """Eight sellers of one office share address and line; nothing that they sell or are paid with ties them."""
    honest, _ = crowd(200)
    clients = honest[:8]
    uses = [*share("address", "office", clients, "registered"), *share("ip", "line", clients)]
    found = run(market(uses))
    assert all(member.tier is Tier.LEAD for ring in found.rings for member in ring.members)


def test_a_family_of_two_is_not_closable() -> None:
    """A couple that shares home, phone and account is reviewed at most by a notice, and never closed."""
    uses = [
        *share("address", "home", ["F1", "F2"]),
        *share("phone", "p", ["F1", "F2"]),
        *share("account", "a", ["F1", "F2"]),
    ]
    found = run(market(uses, upheld={"F1": 1}))
    assert all(member.tier is not Tier.CLOSE for ring in found.rings for member in ring.members)


def test_an_identity_document_alone_links_nobody_closely() -> None:
    """The same document in six stores, whatever they sell, is no ground for a closure."""
    found = run(market(share("id_document", "one mule", RING), **traders(RING)))
    assert all(member.tier is not Tier.CLOSE for ring in found.rings for member in ring.members)


def test_copied_photos_do_not_close() -> None:
    """Content alone never closes, however many photos and texts are the same."""
    uses = [use for kind in ("image_hash", "text_shingle") for n in range(5) for use in share(kind, f"{n}", RING)]
    found = run(market(uses, **traders(RING)))
    assert all(member.tier is not Tier.CLOSE for ring in found.rings for member in ring.members)


def test_what_hangs_on_one_value_is_fragile() -> None:
    """A seller tied by one account only is in the ring, named fragile, and not close."""
    hanger = "Z1"
    uses = [*OPERATED, *share("account", "their account", [*RING[:4], hanger])]
    found = rings_of(run(market(uses, **traders([*RING, hanger]))))
    member = next(m for ring in found.values() for m in ring.members if m.seller_id == hanger)
    assert member.is_fragile
    assert member.tier is not Tier.CLOSE
    assert member.why_not_closer


def test_a_recycled_phone_says_less_than_a_shared_one() -> None:
    """A phone used by two sellers years apart is weaker evidence against chance than one used at the same time."""

    def strength(last_day_of_first: int) -> float:
        uses = [Use("A", "phone", "p", 15_000, last_day_of_first), Use("B", "phone", "p", 19_000, 19_900)]
        facts = prepare(snapshot_of(market(uses)))
        pairs = list_pairs(facts, 60)
        codes = meeting_codes(facts, pairs, np.zeros(1, dtype=np.int32))
        return float(model_of(facts, learn(facts, pairs)).weights.ratio[codes[0]])

    assert strength(16_000) < strength(19_500) - 2


def test_nothing_to_find() -> None:
    """No seller, one seller, sellers that share nothing: no ring, no hub, and a fit all the same."""
    for sellers in ([], ["A"], ["A", "B"]):
        found = run(Made(sellers, [Use(name, "phone", name) for name in sellers]))
        assert (found.rings, found.hubs) == ((), ())
        assert found.fit.n_sellers == len(sellers)


def test_progress_is_told_and_caps_are_noted() -> None:
    """Each step is told once; a value above the cap is left out and said."""
    honest, _ = crowd(80)
    steps: list[str] = []
    snapshot = snapshot_of(market(share("ip", "carrier", honest), 80))
    found = detect(snapshot, DetectConfig(max_pair_holders=20), as_of=AT, progress=steps.append)
    assert len(steps) == len(set(steps)) >= 5
    assert found.notes[0] == "1 value that more than 20 sellers use lists no pairs (a limit of cost)"
    assert found.hubs[0].n_holders == 80
