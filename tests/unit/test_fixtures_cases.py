"""The small marketplace holds every case that its page names."""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ringwatch.fixtures.guilty_cases import GUILTY
from ringwatch.fixtures.honest_cases import HONEST
from ringwatch.fixtures.marketplace import CASES, N_HIDDEN, N_SELLERS, hidden_cases, small_market
from ringwatch.fixtures.worlds import WORLDS
from ringwatch.model.kinds import REGISTRY

PAGE = (Path(__file__).parents[2] / "fixtures" / "README.md").read_text(encoding="utf-8")
PARTS = {part.name: (case, part) for case in CASES for part in case.parts}


@pytest.fixture(scope="module")
def market() -> dict[str, pa.Table]:
    return small_market()


@pytest.fixture(scope="module")
def label(market: dict[str, pa.Table]) -> dict[str, str]:
    return dict(zip(*(market["labels"][name].to_pylist() for name in ("seller_id", "ring")), strict=True))


def test_cases_share_no_seller(label: dict[str, str]) -> None:
    """Each hidden seller belongs to one case, and all of them are there."""
    ids = [seller for sellers in hidden_cases().values() for seller in sellers]
    assert len(ids) == len(set(ids)) == N_HIDDEN
    assert set(ids) <= label.keys()
    assert len(label) == N_SELLERS


@pytest.mark.parametrize("name", PARTS)
def test_labels_are_those_of_the_case(label: dict[str, str], name: str) -> None:
    """Members of a case's rings carry the ring's name; the others are honest."""
    case, part = PARTS[name]
    for member, seller in zip(part.members, hidden_cases()[name], strict=True):
        rings = [ring for ring, members in case.rings.items() if member in members]
        assert label[seller] == (rings[0] if rings else "")


@pytest.mark.parametrize("name", PARTS)
def test_the_page_says_who_and_what(name: str) -> None:
    """The page names each case's sellers and what detection should say of them."""
    ids = hidden_cases()[name]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` | S"))
    assert re.findall(r"S[0-9]{7}", row) == [ids[0], ids[-1]][: len(ids)]
    assert row.endswith(f"| {PARTS[name][1].says} |")


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_the_page_says_how_many_share(name: str) -> None:
    """The page gives the range of each family of marketplaces as it stands in the data."""
    low, high = WORLDS[name].sharing
    row = next(
        line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |") and " to " in line and "S0" not in line
    )
    assert row.endswith(f"| {low:.2f} to {high:.2f} |")


def test_cases_hold_what_they_tell() -> None:
    """Members stand within their case, rings are whole, and kinds are known."""
    for case in CASES:
        members = [member for part in case.parts for member in part.members]
        assert sorted(members) == list(range(case.n_sellers))
        for shared in case.shared:
            assert shared.kind in REGISTRY
            assert len(shared.members) >= 2
            assert set(shared.members) <= set(members)
    assert all(not case.rings for case in HONEST)
    assert all(len(ring) >= 3 for case in GUILTY for ring in case.rings.values())


def test_most_honest_sellers_share_nothing(market: dict[str, pa.Table], label: dict[str, str]) -> None:
    """Fewer than one honest seller in four writes a value, letter for letter, that another one writes."""
    owner = dict(zip(*(market["stores"][name].to_pylist() for name in ("store_id", "seller_id")), strict=True))
    holders: dict[str, set[str]] = {}
    for table, column in (("addresses", "address"), ("payment_accounts", "account"), ("identifiers", "value")):
        for holder, text in zip(*(market[table][name].to_pylist() for name in ("holder_id", column)), strict=True):
            holders.setdefault(text, set()).add(owner.get(holder, holder))
    for store, photo in zip(
        *(market["listings"][name].to_pylist() for name in ("store_id", "image_hash")), strict=True
    ):
        holders.setdefault(photo, set()).add(owner[store])
    shares = set().union(*(sellers for sellers in holders.values() if len(sellers) > 1))
    honest = {seller for seller, ring in label.items() if not ring}
    assert 0.1 < len(shares & honest) / len(honest) < 0.25


def test_nothing_speaks_against_honest_cases(market: dict[str, pa.Table], label: dict[str, str]) -> None:
    """No notice against an honest seller of a case was upheld, so that an infringement score has no excuse."""
    notices = market["notices"]
    is_upheld = pc.and_(pc.equal(notices["outcome"], "upheld"), pc.not_equal(notices["kind"], "counter_notice"))
    notices = notices.filter(is_upheld)
    store_of = dict(zip(*(market["listings"][name].to_pylist() for name in ("listing_id", "store_id")), strict=True))
    owner = dict(zip(*(market["stores"][name].to_pylist() for name in ("store_id", "seller_id")), strict=True))
    blamed = {
        owner[store or store_of[listing]]
        for listing, store in zip(*(notices[name].to_pylist() for name in ("listing_id", "store_id")), strict=True)
    }
    hidden = {seller for sellers in hidden_cases().values() for seller in sellers}
    assert not blamed & {seller for seller in hidden if not label[seller]}
    spares = hidden_cases()["spares"]
    assert len(blamed & hidden) > 0.7 * sum(bool(label[seller]) for seller in hidden) - len(spares)


def test_spares_have_hardly_anything_to_sell(market: dict[str, pa.Table]) -> None:
    """A spare lists one thing at most."""
    owner = dict(zip(*(market["stores"][name].to_pylist() for name in ("store_id", "seller_id")), strict=True))
    sellers = [owner[store] for store in market["listings"]["store_id"].to_pylist()]
    assert all(sellers.count(spare) <= 1 for spare in hidden_cases()["spares"])


def test_the_forwarder_is_busy(market: dict[str, pa.Table]) -> None:
    """The forwarder of the cases serves many sellers outside of them too."""
    at = market["addresses"].filter(pc.equal(market["addresses"]["use"], "warehouse"))
    ours = set(hidden_cases()["forwarder"])
    texts = {
        text
        for holder, text in zip(at["holder_id"].to_pylist(), at["address"].to_pylist(), strict=True)
        if holder in ours
    }
    holders = at.filter(pc.is_in(at["address"], pa.array(sorted(texts))))["holder_id"].to_pylist()
    assert len(np.unique(holders)) >= 15
