"""Lists of records: when they are recognised, what joins them, what does not."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from tests.support.records import records_of, town
from tests.support.snapshots import Made, Use, share, snapshot_of

from ringwatch.algorithms.alike import FAR, HALF, NEAR, SLIP, learn_places, likeness, read_places
from ringwatch.algorithms.average_link import average_link
from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.facts import prepare
from ringwatch.algorithms.merge import Links
from ringwatch.algorithms.names import (
    Vocabulary,
    compare_names,
    learn_vocabulary,
    list_name_pairs,
    mend_words,
    read_names,
    split_name,
)
from ringwatch.algorithms.paths import find_paths
from ringwatch.algorithms.questions import CurrentRun, hold_against, judge_graph
from ringwatch.algorithms.record_choice import is_list_of_records
from ringwatch.algorithms.record_questions import hold_record_against
from ringwatch.algorithms.records import NOTE, TRADES_NOTE
from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import DetectConfig, Detection, Fit, Tier
from ringwatch.model.snapshot import Snapshot

AT = datetime(2026, 6, 30, tzinfo=UTC)


def find(snapshot, **known) -> Detection:
    return detect(snapshot, DetectConfig(), as_of=AT, **known)


def groups(detection: Detection) -> set[tuple[str, ...]]:
    return {tuple(member.seller_id for member in ring.members) for ring in detection.rings}


def test_sellers_who_trade_are_no_list_of_records() -> None:
    """A store is enough to make a market of it; names are needed to make a list of it."""
    names, uses = town(3)
    assert is_list_of_records(records_of(names, uses))
    assert not is_list_of_records(snapshot_of(Made(list(names), uses)))
    assert not is_list_of_records(records_of(dict.fromkeys(names), uses))


def shop_names(n: int) -> dict[str, str | None]:
    return {f"s{place:02d}": f"{chr(97 + place)}nova {chr(122 - place)}arket" for place in range(n)}


@pytest.mark.parametrize("kind", ["phone", "account", "device"])
def test_a_market_of_which_no_store_was_loaded_is_a_market(kind: str) -> None:
    """Those who share a phone or an account there have names of their own: agencies are not taken for operators."""
    names = shop_names(26)
    ids = list(names)
    uses = [use for place in range(22) for use in share(kind, f"value {place}", ids[place : place + 2])]
    assert not is_list_of_records(records_of(names, uses))
    assert is_list_of_records(records_of(dict.fromkeys(ids, "One Name Inc"), uses))


@pytest.mark.parametrize(("kind", "is_list"), [("phone", True), ("device", False), ("account", False)])
def test_with_little_shared_the_kinds_decide(kind: str, *, is_list: bool) -> None:
    """Devices and accounts are what a marketplace knows of its sellers; a list has phones and addresses."""
    names = shop_names(10)
    uses = share(kind, "value", list(names)[:2]) + [Use(one, kind, f"own {one}") for one in names]
    assert is_list_of_records(records_of(names, uses)) == is_list


@pytest.mark.parametrize("n", [1, 2, 10, 150])
def test_equal_records_are_one_ring(n: int) -> None:
    """All alike, or nobody else: as many as there are, down to one, which is no ring."""
    names = dict.fromkeys([f"s{place:03d}" for place in range(n)], "Northwick Day Nursery")
    uses = share("phone", "+1 5551234567", list(names)) + share("address", "12 | oakwick road", list(names))
    assert [len(ring.members) for ring in find(records_of(names, uses)).rings] == ([n] if n > 1 else [])


def test_a_name_that_too_many_bear_is_said() -> None:
    names = dict.fromkeys([f"s{place:03d}" for place in range(800)], "Northwick Day Nursery")
    found = find(records_of(names, []))
    assert not found.rings
    assert any(note.endswith("(a limit of cost): 1") for note in found.notes)


def test_a_run_says_that_it_compared_records() -> None:
    names, uses = town(3)
    assert NOTE in find(records_of(names, uses)).notes


def test_a_fit_of_records_judges_a_market_as_records_and_says_so() -> None:
    """The fit decides on the steps, so that one store more changes no ring; the run says what to do."""
    names, uses = town(20)
    fit = find(records_of(names, uses)).fit
    assert TRADES_NOTE in find(snapshot_of(Made(list(names), uses)), fit=fit).notes


def test_sites_written_twice_are_found() -> None:
    names, uses = town(40)
    assert groups(find(records_of(names, uses))) == {(f"a{site:03d}", f"b{site:03d}") for site in range(40)}


def test_sister_sites_of_one_agency_stay_apart() -> None:
    """The agency's name, web page and the phone of its head office join no sites of other addresses."""
    names, uses = town(60)
    sites = [f"a{site:03d}" for site in range(12)] + [f"b{site:03d}" for site in range(12)]
    names |= {one: f"Brightstart Agency {names[one]}" for one in sites}
    uses = [use for use in uses if use.seller not in sites or use.kind != "phone"]
    uses += share("website", "brightstart.example", sites) + share("phone", "+1 999", sites)
    found = groups(find(records_of(names, uses)))
    assert {(f"a{site:03d}", f"b{site:03d}") for site in range(12)} <= found


def test_nothing_shared_and_no_name_alike_is_no_ring() -> None:
    names = {f"s{place:02d}": f"{chr(97 + place)}lpha{chr(122 - place)} works" for place in range(20)}
    assert not find(records_of(names, [])).rings


def test_one_record_and_none_at_all_are_no_ring() -> None:
    assert not find(records_of({"s": "Only"}, [])).rings
    assert not find(records_of({"s": "Same", "t": None}, [])).rings


def test_parts_sum_to_the_score_and_the_name_is_one() -> None:
    names, uses = town(30)
    members = [member for ring in find(records_of(names, uses)).rings for member in ring.members]
    for member in members:
        assert sum(part.score for part in member.evidence) == pytest.approx(member.log_odds)
        assert {"name", "address", "phone", "prior"} == {part.kind for part in member.evidence}


def test_rings_of_two_stay_leads_as_in_a_market() -> None:
    names, uses = town(30)
    assert {ring.tier for ring in find(records_of(names, uses)).rings} == {Tier.LEAD}


def test_exempt_values_speak_for_nothing() -> None:
    """Sites are still found by their names; the values that a person called innocent are no part of why."""
    made = records_of(*town(30))
    exempt = find(replace(made, value_is_exempt=~made.value_is_exempt))
    assert {part.value for ring in exempt.rings for member in ring.members for part in member.evidence} <= {""}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Müller & Söhne GmbH", ("muller", "sohne")),
        ("The Co., Ltd.", ("co", "ltd", "the")),
        ("", ()),
        ("B.V. Acme", ("acme",)),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    """Legal forms tell nothing, unless nothing else is there."""
    assert split_name(name) == words


def test_words_are_mended_towards_frequent_ones_only() -> None:
    known = Vocabulary(20, {"philips": 9, "phillips": 1, "sara": 4, "leede": 4, "carter": 2, "charter": 3})
    mended = mend_words({"phillips", "philips", "saraleede", "carter"}, known)
    assert mended == {"phillips": ("philips",), "saraleede": ("leede", "sara")[::-1]}


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    texts = pa.array(["apex shell", "apex", "apex trade", "apex foods", "shell trade"])
    names = read_names(texts, learn_vocabulary(texts))
    row = names.of_seller
    shell = compare_names(names, row[[0]], row[[4]]).shared[0]
    apex = compare_names(names, row[[0]], row[[3]]).shared[0]
    assert shell > apex > 0


def test_the_shorter_name_is_all_within_the_longer() -> None:
    texts = pa.array(["chicago commons", "chicago commons guadalupano center", "other"])
    pairs = list_name_pairs(read_names(texts, learn_vocabulary(texts)), 0.5)
    assert pairs.share.tolist() == [pytest.approx(1.0)]
    assert pairs.share_of_longer[0] < 1


def test_one_false_pair_does_not_weld_two_groups() -> None:
    """Average link, not closure."""
    pairs = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]
    a, b = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    evidence = np.array([8.0] * (len(pairs) - 1) + [7.0])
    links = Links(a, b, evidence, np.zeros(0, np.uint64))
    labels = average_link(links, np.arange(6).astype(np.uint64), -10.0, 0.0)
    assert labels.tolist() == [0, 0, 0, 3, 3, 3]


def test_what_looks_alike_joins_at_one_go_or_not_at_all() -> None:
    """A middle with two ends that nothing tells apart takes neither, as it could take but one."""
    links = Links(
        np.array([0, 1], dtype=np.int32), np.array([1, 2], dtype=np.int32), np.array([8.0, 8.0]), np.zeros(0, np.uint64)
    )
    keys = np.array([5, 6, 5], dtype=np.uint64)
    assert average_link(links, keys, -20.0, 0.0).tolist() == [0, 1, 2]
    assert average_link(links, keys, -20.0, -2.0).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("4340 | ave lamon s", "4340 | lamon s", NEAR),
        ("4340 | ave lamon s", "4340 floor:1 | lamon s", NEAR),
        ("744 | monticelo n", "744 | monticello n", NEAR),
        ("4340 | lamon park springfield", "4340 | kedzie park springfield", HALF),
        ("4340 | lamon s", "4341 | lamon s", SLIP),
        ("4340 | lamon s", "9117 | lamon s", FAR),
        ("4340 room:1203 | lamon s", "4340 room:1302 | lamon s", FAR),
        ("15 | lamon s", "51 | lamon s", FAR),
        ("4340 | lamon s", "4340 | lamon n", FAR),
        ("4340 | lamon s", "4340 | kedzie n", FAR),
        ("| lamon s", "| lamon s", FAR),
    ],
)
def test_how_like_two_addresses_are(one: str, other: str, level: int) -> None:
    """Numbers and sides must agree and most words; one digit off is little, another room, house or street nothing."""
    texts = [one, other, "1 | monticello n", "2 | monticello w", "3 | springfield x", "5 | springfield y"]
    uses = [Use(f"s{at}", "address", text) for at, text in enumerate(texts)]
    uses[0:2] = [replace(use, seller=f"s{at}") for at, use in enumerate(uses[0:2])]
    made, nothing = snapshot_of(Made([f"s{at}" for at in range(6)], uses)), np.zeros(0, np.int64)
    places = read_places(made, nothing, learn_places(made, nothing))
    assert likeness(places, np.array([0]), np.array([1])).tolist() == [level]


def test_addresses_that_are_alike_are_evidence_of_their_own() -> None:
    """Two writings of one address, each of two records: weaker than the same writing, shown without a value."""
    names, uses = town(30)
    crossed = [replace(use, value=f"{use.value[:-5]} | oakwick st") for use in uses if use.kind == "address"]
    crossed = [replace(use, value=use.value.replace(" st", "")) if use.seller[0] == "b" else use for use in crossed]
    names |= {f"c{one[1:]}": text for one, text in names.items()} | {f"d{one[1:]}": text for one, text in names.items()}
    crossed += [replace(use, seller={"a": "c", "b": "d"}[use.seller[0]] + use.seller[1:]) for use in crossed]
    rings = find(records_of(names, crossed)).rings
    alike = [part for ring in rings for member in ring.members for part in member.evidence if part.kind == "address"]
    assert {len(ring.members) for ring in rings} == {4}
    assert any(part.value == "" and part.score > 0 and part.family == "place" for part in alike)


def test_why_not_says_what_a_record_would_bring() -> None:
    """The parts of who is not in a ring sum as those of its members do; paths are found as in a market."""
    names, uses = town(30)
    made = records_of(names, uses)
    found = find(made)
    ring_of = {member.seller_id: ring.ring_id for ring in found.rings for member in ring.members}
    tiers = {ring.ring_id: ring.tier for ring in found.rings}
    graph = judge_graph(made, CurrentRun(DetectConfig(), found.fit, ring_of, tiers))
    held = hold_against(graph, "a000", ring_of["a001"])
    assert sum(part.score for part in held.evidence) == pytest.approx(held.log_odds)
    assert held.log_odds < 0
    assert find_paths(graph, "a000", "b000")[0].steps


def test_a_fit_of_an_earlier_version_is_learned_anew() -> None:
    made = records_of(*town(20))
    old = Fit(40, {"records": {"vocabulary": {"n_names": 3, "n_holding": {}}, "prior": -3.0, "parts": {}}})
    assert find(made, fit=old).fit == find(made).fit
    with pytest.raises(ConfigError, match="ringwatch detect --fit"):
        hold_record_against(prepare(made), old, np.zeros(40, np.int64), 0, 0)


def company(*, homes: bool = False) -> Snapshot:
    """Return a company in two writings of eight records each; each shares a photo with one of the other writing."""
    names, uses = town(30)
    for place in range(8):
        names |= {f"p{place}": "Aurum Lamps", f"q{place}": "Aurum Electric"}
        uses += share("image_hash", f"photo {place}", [f"p{place}", f"q{place}"])
        if homes:
            uses += [Use(f"p{place}", "address", "70 | quay"), Use(f"q{place}", "address", "1 | mill")]
    return records_of(names, uses)


def test_groups_of_one_profile_are_one_and_say_so() -> None:
    """Names that share only a word and values that no pair shares enough of: what the groups share joins them."""
    ring = next(ring for ring in find(company()).rings if any(member.seller_id == "p0" for member in ring.members))
    assert len(ring.members) == 16
    for member in ring.members:
        profile = [part for part in member.evidence if part.kind == "image_hash" and not part.value]
        assert profile[0].score > 0
        assert {seller[0] for seller in profile[0].sellers} == {"pq".replace(member.seller_id[0], "")}
        assert sum(part.score for part in member.evidence) == pytest.approx(member.log_odds)


def test_other_homes_keep_groups_of_one_profile_apart() -> None:
    assert tuple(f"p{place}" for place in range(8)) in groups(find(company(homes=True)))
