"""What detection says of each case that is hidden in the small marketplace, by the commands that a person types."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ringwatch.fixtures import market_folder
from ringwatch.fixtures.marketplace import hidden_cases

CASE = hidden_cases()
STRANGERS = (
    "forwarder",
    "payment_provider",
    "agency",
    "dormitory",
    "office",
    "market_hall",
    "carrier",
    "supplier_photo",
    "campaign",
    "placeholders",
)
SURE = {"close", "review"}


@dataclass(frozen=True)
class Membership:
    """One seller in one ring."""

    ring_id: str
    tier: str
    infringement_score: float

    @property
    def is_closable(self) -> bool:
        """Whether a closure may be proposed, tiers and infringement taken together."""
        return self.tier == "close" and self.infringement_score >= 0.5


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Membership]]:
    """Load, detect and export; return the memberships of each seller that has one."""
    folder = tmp_path_factory.mktemp("market")

    def ringwatch(*arguments: str | Path) -> None:
        command = [
            sys.executable,
            "-m",
            "ringwatch.jobs",
            *arguments,
            "--database",
            f"sqlite:///{folder / 'market.db'}",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    ringwatch("load", market_folder())
    ringwatch("detect")
    ringwatch("export", "rings", "--format", "json", "--output", "rings.json")
    memberships: dict[str, list[Membership]] = {}
    for ring in json.loads((folder / "rings.json").read_text(encoding="utf-8"))["rings"]:
        for member in ring["members"]:
            of = Membership(ring["ring_id"], member["tier"], member["infringement_score"])
            memberships.setdefault(member["seller_id"], []).append(of)
    return memberships


def tiers(found: dict[str, list[Membership]], sellers: Iterable[str]) -> dict[str, set[str]]:
    """Return the tiers at which sellers are in rings; those in none are left out."""
    return {seller: {of.tier for of in found[seller]} for seller in sellers if seller in found}


def main_ring(found: dict[str, list[Membership]], sellers: Iterable[str]) -> tuple[str, list[str]]:
    """Return the ring that holds most of the sellers, and those that it holds; no ring is a failure."""
    tally = Counter(of.ring_id for seller in sellers for of in found.get(seller, []))
    assert tally, "not one of them is in a ring"
    ring_id = max(tally, key=lambda name: (tally[name], name))
    return ring_id, [seller for seller in sellers if any(of.ring_id == ring_id for of in found.get(seller, []))]


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_are_in_no_ring(found: dict[str, list[Membership]], name: str) -> None:
    """A shared warehouse, provider, agent, house, carrier, supplier or campaign makes nobody a member of a ring."""
    assert {seller: at for seller, at in tiers(found, CASE[name]).items() if at & SURE} == {}


def test_a_family_is_not_closed(found: dict[str, list[Membership]]) -> None:
    """A couple with one flat, phone, account and device is a pair of neighbours, or at most something to look at."""
    assert {seller: at for seller, at in tiers(found, CASE["family"]).items() if "close" in at} == {}


def test_sister_companies_are_not_closable(found: dict[str, list[Membership]]) -> None:
    """One owner is no crime: whatever links them, nothing speaks for infringement."""
    assert [of for seller in CASE["sister_companies"] for of in found.get(seller, []) if of.is_closable] == []
    assert all(of.infringement_score < 0.5 for seller in CASE["sister_companies"] for of in found.get(seller, []))


def test_mules_are_one_ring(found: dict[str, list[Membership]]) -> None:
    """Own documents and bank cards do not hide the hand behind nine sellers."""
    _, members = main_ring(found, CASE["mules"])
    assert members == list(CASE["mules"])
    assert sum("close" in at for at in tiers(found, members).values()) >= 8


def test_copycats_are_not_their_ring(found: dict[str, list[Membership]]) -> None:
    """Who copies the photos of a ring and sells the same brand does not belong to it."""
    assert {seller: at for seller, at in tiers(found, CASE["copycat"]).items() if at & SURE} == {}


def test_spares_belong_to_their_ring(found: dict[str, list[Membership]]) -> None:
    """Sellers opened in advance are found by the little that they share."""
    ring_id, members = main_ring(found, CASE["ring_with_spares"])
    assert members == list(CASE["ring_with_spares"])
    assert sum("close" in at for at in tiers(found, members).values()) >= 5
    in_it = [seller for seller in CASE["spares"] if any(of.ring_id == ring_id for of in found.get(seller, []))]
    assert len(in_it) >= 2


def test_a_ring_that_came_back_is_the_same_ring(found: dict[str, list[Membership]]) -> None:
    """Closed sellers and those that took their place under new contacts are in one ring."""
    everyone = CASE["closed_before"] + CASE["returned"]
    assert main_ring(found, everyone)[1] == list(everyone)


def test_a_recycled_phone_ties_nobody(found: dict[str, list[Membership]]) -> None:
    """A number that someone else had a year before says nothing."""
    assert tiers(found, CASE["recycled_phone"]) == {}


def test_rings_beside_each_other_stay_apart(found: dict[str, list[Membership]]) -> None:
    """A forwarder does not make one ring of two."""
    one, other = CASE["first_at_forwarder"], CASE["second_at_forwarder"]
    (first, of_first), (second, of_second) = main_ring(found, one), main_ring(found, other)
    assert first != second
    assert len(of_first) >= 5
    assert len(of_second) >= 5
    assert not {of.ring_id for seller in one for of in found.get(seller, [])} & {second}
    assert not {of.ring_id for seller in other for of in found.get(seller, [])} & {first}


def test_a_large_ring_is_found(found: dict[str, list[Membership]]) -> None:
    """A ring of ninety that changes its values hangs together by what each member shares with some others."""
    assert len(main_ring(found, CASE["large"])[1]) >= 63


def test_one_value_is_not_enough_to_close(found: dict[str, list[Membership]]) -> None:
    """A member that shares one payout account only is not closed with the ring that it shares it with."""
    ring_id, members = main_ring(found, CASE["ring_of_one_value_members"])
    assert members == list(CASE["ring_of_one_value_members"])
    assert all("close" in at for at in tiers(found, members).values())
    assert all([membership.ring_id for membership in found[seller]] == [ring_id] for seller in CASE["one_value"])
    assert {seller: at for seller, at in tiers(found, CASE["one_value"]).items() if "close" in at} == {}


def test_documents_alone_close_nobody(found: dict[str, list[Membership]]) -> None:
    """Identity documents and tax numbers name the mule, not the operator."""
    assert {seller: at for seller, at in tiers(found, CASE["documents_only"]).items() if "close" in at} == {}


def test_typing_errors_hide_nobody_and_accuse_nobody(found: dict[str, list[Membership]]) -> None:
    """Slips of the finger split no ring, and two digits swapped make no neighbour a member."""
    _, members = main_ring(found, CASE["typing_errors"])
    assert members == list(CASE["typing_errors"])
    assert all(at & SURE for at in tiers(found, members).values())
    assert tiers(found, CASE["look_alikes"]) == {}


def fellows(found: dict[str, list[Membership]], sellers: Iterable[str]) -> set[str]:
    """Return everybody who is in a ring with one of the sellers, those themselves too."""
    theirs = {of.ring_id for seller in sellers for of in found.get(seller, [])}
    return {seller for seller, all_of in found.items() if any(of.ring_id in theirs for of in all_of)}


@pytest.mark.parametrize(("name", "least"), [("chain", 3), ("star", 5)])
def test_chains_and_stars_are_found_in_part(found: dict[str, list[Membership]], name: str, least: int) -> None:
    """One value from each to the next is little to go by: some are found, and nobody else with them."""
    assert len(main_ring(found, CASE[name])[1]) >= least
    assert fellows(found, CASE[name]) <= set(CASE[name])


def test_twins_are_found_whole(found: dict[str, list[Membership]]) -> None:
    """Two rings with the photos of one supplier and one brand: every member is close, and nobody else is with them."""
    twins = {*CASE["first_twin"], *CASE["second_twin"]}
    assert {seller for seller, at in tiers(found, twins).items() if "close" in at} == twins
    assert fellows(found, twins) == twins


def test_members_by_one_value_accuse_nobody(found: dict[str, list[Membership]]) -> None:
    """Wherever the two stand, they stand with each other and with their own ring at most."""
    assert fellows(found, CASE["one_value"]) <= {*CASE["one_value"], *CASE["ring_of_one_value_members"]}


def test_every_hidden_case_is_asked_for() -> None:
    """No case lies in the marketplace of which nothing here says what detection makes of it."""
    asked = set(re.findall(r'CASE\["(\w+)"\]', Path(__file__).read_text(encoding="utf-8")))
    assert asked | {*STRANGERS, "chain", "star"} == CASE.keys()
