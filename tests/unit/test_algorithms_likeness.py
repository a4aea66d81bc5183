"""Values for what is alike: weaker evidence of its own, never a merge of values, never enough to close."""

import numpy as np
import pytest
from tests.support.snapshots import AT, Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.likeness import with_likenesses
from ringwatch.model.kinds import REGISTRY, Exclusivity, Family
from ringwatch.model.rings import DetectConfig, Member, Tier
from ringwatch.model.sentences import describe, kind_words
from ringwatch.model.snapshot import Snapshot
from ringwatch.values.mask import mask

RIGHT, SLIPPED, OTHER = "12 | garten leeds", "12 | gartn leeds", "21 | garten leeds"


def made(uses: list[Use], **facts: object) -> Snapshot:
    """Return a market of a few sellers among two hundred honest ones."""
    names, of_crowd = crowd(200)
    sellers = [*names, *sorted({use.seller for use in uses})]
    return snapshot_of(Made(sellers, [*of_crowd, *uses], **facts))  # type: ignore[arg-type]  # (named as its fields)


def likenesses(snapshot: Snapshot) -> dict[str, list[str]]:
    """Return who holds each value of the kind, by text."""
    found = with_likenesses(snapshot).snapshot
    kind = [kind.name for kind in found.kinds].index("address_like")
    starts = found.value_start.tolist()
    return {
        found.value_text[at].as_py(): found.seller_ids.take(found.link_seller[starts[at] : starts[at + 1]]).to_pylist()
        for at in np.flatnonzero(found.value_kind == kind).tolist()
    }


def test_writings_become_one_more_value_that_all_of_their_holders_hold() -> None:
    """The writings stay as they are; another house number is no writing of it."""
    uses = [*share("address", RIGHT, ["a", "b"]), Use("c", "address", SLIPPED), Use("d", "address", OTHER)]
    snapshot = made(uses)
    assert likenesses(snapshot) == {f"{RIGHT} ~ {SLIPPED}": ["a", "b", "c"]}
    found = with_likenesses(snapshot).snapshot
    texts = found.value_text.to_pylist()
    assert RIGHT in texts
    assert [*zip(found.value_kind.tolist(), texts, strict=True)] == sorted(zip(found.value_kind, texts, strict=True))
    assert with_likenesses(found).snapshot is found


def test_a_value_that_says_no_more_than_one_writing_is_not_made() -> None:
    """One seller who writes in two ways ties nobody."""
    uses = [*share("address", RIGHT, ["a", "b"]), Use("b", "address", SLIPPED)]
    assert likenesses(made(uses)) == {}


def test_days_and_purposes_of_both_writings_count() -> None:
    """Of a seller who writes in two ways the earliest and the latest day stand."""
    uses = [
        Use("a", "address", RIGHT, 100, 200, "return"),
        Use("b", "address", RIGHT, 300, 400),
        Use("b", "address", SLIPPED, 50, 60),
        Use("c", "address", SLIPPED),
    ]
    found = with_likenesses(made(uses)).snapshot
    at = found.value_text.to_pylist().index(f"{RIGHT} ~ {SLIPPED}")
    links = slice(*found.value_start[at : at + 2].tolist())
    assert found.link_first_day[links].tolist()[:2] == [100, 50]
    assert found.link_last_day[links].tolist()[:2] == [200, 400]
    assert [found.purposes[code] if code >= 0 else "" for code in found.link_purpose[links]] == ["return", "", ""]


@pytest.mark.parametrize("exempt", [RIGHT, SLIPPED])
def test_an_exemption_of_a_writing_silences_its_like(exempt: str) -> None:
    """Also where one seller alone writes so."""
    uses = [*share("address", RIGHT, ["a", "b"]), *share("address", SLIPPED, ["c"])]
    found = with_likenesses(made(uses, exempt=frozenset({("address", exempt)}))).snapshot
    at = found.value_text.to_pylist().index(f"{RIGHT} ~ {SLIPPED}")
    assert found.value_is_exempt[at]


def members(snapshot: Snapshot) -> dict[str, Member]:
    """Return the members of all rings by seller."""
    return {
        member.seller_id: member for ring in detect(snapshot, DetectConfig(), as_of=AT).rings for member in ring.members
    }


RING = ["a", "b", "c", "d"]


def test_likeness_is_a_part_of_the_score_and_shows_both_writings() -> None:
    """Four share account, phone and photo, three an address and the fourth that but for its writing."""
    uses = [use for kind in ("account", "phone", "image_hash") for use in share(kind, "one", RING)]
    uses += [*share("address", RIGHT, RING[:3], "return"), Use("d", "address", SLIPPED, purpose="return")]
    alike = members(made(uses, upheld=dict.fromkeys(RING[:3], 1)))["d"]
    part = next(part for part in alike.evidence if part.kind == "address_like")
    assert part.score != 0
    assert part.sellers == ("a", "b", "c")
    assert part.n_holders == 4
    assert RIGHT in part.value
    assert SLIPPED in part.value
    assert sum(part.score for part in alike.evidence) == pytest.approx(alike.log_odds)


def test_likeness_is_no_second_family() -> None:
    """A shared account and an address that is the same but for its writing close nobody."""
    one_family = [*share("account", "one", RING)]
    writings = ["12 | garten leeds", "12 | gartn leeds", "12 | gartne leeds", "12 | garden leeds"]
    one_family += [Use(name, "address", text, purpose="return") for name, text in zip(RING, writings, strict=True)]
    assert {member.tier for member in members(made(one_family, upheld=dict.fromkeys(RING, 1))).values()} <= {
        Tier.REVIEW,
        Tier.LEAD,
    }


def test_likeness_alone_joins_nobody_above_a_lead() -> None:
    """Four sellers who write one address in four ways, and share nothing else."""
    writings = ["12 | garten leeds", "12 | gartn leeds", "12 | gartne leeds", "12 | garden leeds"]
    found = members(made([Use(name, "address", text) for name, text in zip(RING, writings, strict=True)]))
    assert {member.tier for member in found.values()} <= {Tier.LEAD}


def test_the_kind_is_known_of_its_base_and_masked_like_it() -> None:
    """Of a personal kind every writing is masked."""
    kind = REGISTRY["address_like"]
    assert (kind.family, kind.exclusivity) == (Family.PLACE, Exclusivity.SHARED)
    assert REGISTRY["phone_like"].name == "other:phone_like"
    person = REGISTRY["legal_representative_like"]
    assert person.is_personal
    shown = mask(person, "wang trading wholesale ~ wang trading wholesael")
    assert "wholes" not in shown
    assert shown.count("•••") == 2
    assert kind_words("address_like") == "address, written alike"


def test_a_sentence_shows_both_writings() -> None:
    """A person sees what was taken as one."""
    uses = [*share("account", "one", RING), Use("a", "address", RIGHT), Use("b", "address", SLIPPED)]
    evidence = members(made(uses))["b"].evidence
    told = [describe(part) for part in evidence if part.kind == "address_like"]
    assert told == [f"The same address as a but for the writing: {RIGHT} or {SLIPPED}. 2 sellers use it."]
