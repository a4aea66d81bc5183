"""Laws of detection on small random markets."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.snapshots import AT, Made, Use, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.model.kinds import COUNTING_FAMILIES, REGISTRY, Family
from ringwatch.model.rings import DetectConfig, Detection, Tier
from ringwatch.model.snapshot import NEVER

KINDS = ("phone", "email", "address", "account", "device", "image_hash", "id_document")
FEW = settings(max_examples=max(12, settings.default.max_examples // 3))  # each example detects once or twice
DAYS = st.sampled_from([NEVER, 19_000, 19_001, 19_400, 20_000])


@st.composite
def markets(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> Made:
    """Draw a market of up to 30 sellers, dense enough that rings, hubs and ties between rings occur."""
    sellers = [f"s{place:02d}" for place in range(draw(st.integers(2, 30)))]
    uses = []
    for group in range(draw(st.integers(0, 6))):
        members = draw(st.lists(st.sampled_from(sellers), min_size=2, max_size=9, unique=True))
        for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4, unique=True)):
            uses += [Use(name, kind, f"{kind} {group}", draw(DAYS), draw(DAYS)) for name in members]
    some = st.lists(st.sampled_from(sellers), unique=True)
    return Made(
        sellers,
        [replace(use, last_day=max(use.last_day, use.first_day)) for use in uses],
        registered={name: draw(DAYS) for name in draw(some)},
        country=dict.fromkeys(draw(some), "CN"),
        upheld=dict.fromkeys(draw(some), 1),
        brands=dict.fromkeys(draw(some), ("B1",)),
    )


def run(made: Made, **known: object) -> Detection:
    """Detect with the settings as they come."""
    return detect(snapshot_of(made), DetectConfig(), as_of=AT, **known)


def groups(found: Detection) -> set[tuple[frozenset[str], str]]:
    """Return who is with whom and each ring's tier."""
    return {(frozenset(member.seller_id for member in ring.members), ring.tier.value) for ring in found.rings}


def scores(found: Detection) -> dict[str, float]:
    """Return each member's log-odds."""
    return {member.seller_id: member.log_odds for ring in found.rings for member in ring.members}


@FEW
@given(markets(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(made: Made, random: np.random.Generator) -> None:
    """The same rows in any order give the same bytes."""
    sellers, uses = list(made.sellers), list(made.uses)
    random.shuffle(sellers)
    random.shuffle(uses)
    assert run(replace(made, sellers=sellers, uses=uses)) == run(made)


@FEW
@given(markets(), st.randoms(use_true_random=False))
def test_renaming_sellers_leaves_the_partition(made: Made, random: np.random.Generator) -> None:
    """Other seller ids, same rings, tiers and scores."""
    new = [f"n{place:02d}" for place in range(len(made.sellers))]
    random.shuffle(new)
    name = dict(zip(made.sellers, new, strict=True))
    renamed = Made(
        [name[seller] for seller in made.sellers],
        [replace(use, seller=name[use.seller]) for use in made.uses],
        *({name[seller]: fact for seller, fact in facts.items()} for facts in (made.registered, made.country)),
        upheld={name[seller]: n for seller, n in made.upheld.items()},
        brands={name[seller]: brands for seller, brands in made.brands.items()},
    )
    found, again = run(made), run(renamed)
    assert groups(again) == {(frozenset(name[s] for s in members), tier) for members, tier in groups(found)}
    assert scores(again) == {name[seller]: odds for seller, odds in scores(found).items()}


@FEW
@given(markets(), st.randoms(use_true_random=False))
def test_hashing_values_leaves_the_rings(made: Made, random: np.random.Generator) -> None:
    """The text of values decides nothing: hashed under a key, they give the same rings, tiers and scores."""
    texts = sorted({(use.kind, use.value) for use in made.uses})
    hashes = [f"hmac:{place:04x}" for place in range(len(texts))]
    random.shuffle(hashes)
    hidden = dict(zip(texts, hashes, strict=True))
    masked = replace(made, uses=[replace(use, value=hidden[use.kind, use.value]) for use in made.uses])
    assert groups(run(masked)) == groups(run(made))
    assert scores(run(masked)) == scores(run(made))


@FEW
@given(markets())
def test_with_the_fit_kept_an_unrelated_seller_changes_no_ring(made: Made) -> None:
    """A seller that shares nothing, or two that share with each other only, leave every other ring as it was."""
    found = run(made)
    more = replace(
        made,
        sellers=[*made.sellers, "zz1", "aa1", "aa2"],
        uses=[*made.uses, Use("zz1", "phone", "own"), *share("wechat", "theirs", ["aa1", "aa2"])],
        country={**made.country, "zz1": "AA"},
        brands={**made.brands, "aa1": ("A0",), "aa2": ("A0",)},
    )
    again = run(more, fit=found.fit)
    others = tuple(ring for ring in again.rings if ring.members[0].seller_id not in {"aa1", "aa2"})
    assert others == run(made, fit=found.fit).rings


@FEW
@given(markets())
def test_the_fit_that_was_learned_and_the_fit_that_is_kept_judge_alike(made: Made) -> None:
    """A run that learns gives the rings of a run with that fit; ids survive, so nothing became of any ring."""
    found = run(made)
    earlier = {member.seller_id: ring.ring_id for ring in found.rings for member in ring.members}
    assert run(made, fit=found.fit, earlier=earlier) == replace(found, events=())


@FEW
@given(markets())
def test_parts_sum_to_the_score(made: Made) -> None:
    """The parts shown sum to the log-odds, and the link score is their probability."""
    for ring in run(made).rings:
        for member in ring.members:
            assert abs(sum(part.score for part in member.evidence) - member.log_odds) < 1e-9
            assert abs(member.link_score - 1 / (1 + np.exp(-member.log_odds))) < 1e-12
        assert abs(ring.link_score - np.mean([member.link_score for member in ring.members])) < 1e-12


@FEW
@given(markets())
def test_each_seller_stands_once_and_rings_are_in_order(made: Made) -> None:
    """Rings are disjoint, by tier, link score and id; members ascend."""
    rings = run(made).rings
    members = [member.seller_id for ring in rings for member in ring.members]
    assert len(members) == len(set(members))
    assert all([m.seller_id for m in ring.members] == sorted(m.seller_id for m in ring.members) for ring in rings)
    keys = [(list(Tier).index(ring.tier), -ring.link_score, ring.ring_id) for ring in rings]
    assert keys == sorted(keys)
    assert len({ring.ring_id for ring in rings}) == len(rings)


@FEW
@given(markets(), st.sampled_from(sorted(set(KINDS) - {"id_document"})))
def test_one_family_never_closes(made: Made, kind: str) -> None:
    """Whatever else is known, sellers that share values of one family, or besides it a document, are never close."""
    kept = [use for use in made.uses if use.kind in {kind, "id_document"}]
    family = {REGISTRY[use.kind].family for use in kept} & COUNTING_FAMILIES
    assert len(family) <= 1
    assert all(member.tier is not Tier.CLOSE for ring in run(replace(made, uses=kept)).rings for member in ring.members)


@FEW
@given(markets())
def test_close_stands_on_two_families_that_count(made: Made) -> None:
    """A close member's own evidence names two families that count, one of them not content."""
    for ring in run(made).rings:
        for member in ring.members:
            if member.tier is Tier.CLOSE:
                families = {part.family for part in member.evidence if part.sellers} & set(COUNTING_FAMILIES)
                assert len(families) >= 2
                assert families - {Family.CONTENT}


@FEW
@given(markets(), st.sampled_from(["", "return", "ship_from", "warehouse", "pick_up"]))
def test_what_one_supplier_accounts_for_closes_nobody(made: Made, purpose: str) -> None:
    """Sellers that share photos, texts and an address that is not both's registered one are never close."""
    kept = [use for use in made.uses if REGISTRY[use.kind].family is Family.CONTENT]
    places = [replace(use, purpose=purpose) for use in made.uses if use.kind == "address"]
    found = run(replace(made, uses=[*kept, *places]))
    assert all(member.tier is not Tier.CLOSE for ring in found.rings for member in ring.members)


@FEW
@given(markets())
def test_exempt_values_count_for_nothing(made: Made) -> None:
    """With every value exempt no ring is left."""
    exempt = frozenset((use.kind, use.value) for use in made.uses)
    assert run(replace(made, exempt=exempt)).rings == ()


@FEW
@given(markets(), st.sampled_from(["address", "phone", "account"]))
def test_a_crowded_value_joins_nobody(made: Made, kind: str) -> None:
    """A value that everyone and 60 strangers use changes who is with whom for nobody (with the fit kept)."""
    strangers = [f"x{place:02d}" for place in range(60)]
    sellers = [*made.sellers, *strangers]
    own = [Use(name, kind, f"own of {name}") for name in sellers]  # or the crowd would be the first that they have
    alone = replace(made, sellers=sellers, uses=[*made.uses, *own])
    fit = run(alone).fit
    crowded = replace(alone, uses=[*alone.uses, *share(kind, "crowd", [*made.sellers, *strangers])])
    before, after = run(alone, fit=fit), run(crowded, fit=fit)
    assert {members for members, _ in groups(after)} == {members for members, _ in groups(before)}
