"""Markets altered on purpose: what was altered, and that all else stays."""

from importlib import import_module

import numpy as np
import pytest
from benchmarks.quality.ablation import IDEAS
from benchmarks.quality.altered import (
    with_camouflage,
    with_hub,
    with_kinds_permuted,
    with_links_hidden,
    with_typing_errors,
    without_family,
)
from benchmarks.quality.baselines import closure, null_model
from tests.support.snapshots import Made, crowd, share, snapshot_of

from ringwatch.algorithms.facts import prepare
from ringwatch.model.kinds import Family
from ringwatch.model.snapshot import Snapshot

RING = [f"R{place}" for place in range(6)]


def uses(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    """Return (seller, kind, value) of each shared use."""
    value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    sellers = snapshot.seller_ids.take(snapshot.link_seller).to_pylist()
    kinds = [snapshot.kinds[kind].name for kind in snapshot.value_kind[value]]
    return set(zip(sellers, kinds, snapshot.value_text.take(value).to_pylist(), strict=True))


def n_held(snapshot: Snapshot) -> np.ndarray:
    """Return how many values of each kind each seller holds, shared or not."""
    value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    held = snapshot.n_own.copy()
    np.add.at(held, (snapshot.link_seller, snapshot.value_kind[value]), 1)
    return held


def is_whole(snapshot: Snapshot) -> bool:
    """Say whether the snapshot keeps what it promises: values shared by two or more, links by value then seller."""
    value = np.repeat(np.arange(snapshot.n_values), np.diff(snapshot.value_start))
    key = value * snapshot.n_sellers + snapshot.link_seller
    return bool((np.diff(snapshot.value_start) > 1).all() and (np.diff(key) > 0).all() and prepare(snapshot))


@pytest.fixture
def market() -> Snapshot:
    """Forty honest sellers in households, and a ring of six."""
    honest, own = crowd(40)
    homes = [use for place in range(0, 40, 2) for use in share("address", f"home {place}", honest[place : place + 2])]
    ring = [use for kind in ("account", "phone", "device") for use in share(kind, f"{kind} of ring", RING)]
    return snapshot_of(Made([*honest, *RING], [*own, *homes, *ring, *share("phone", "agent", honest[:9])]))


def test_a_hub_is_one_more_value(market: Snapshot):
    altered = with_hub(market, 20, np.random.default_rng(1))
    more = uses(altered) - uses(market)
    assert uses(market) < uses(altered)
    assert (len(more), {kind for _, kind, _ in more}) == (20, {"address"})
    assert is_whole(altered)


def test_hidden_uses_are_gone_and_mistyped_ones_are_values_of_their_own(market: Snapshot):
    hidden, typed = (
        change(market, 0.3, np.random.default_rng(1)) for change in (with_links_hidden, with_typing_errors)
    )
    for altered in (hidden, typed):
        assert uses(altered) < uses(market)
        assert is_whole(altered)
    assert uses(hidden) == uses(typed)
    assert (n_held(typed) == n_held(market)).all()
    assert 0 < n_held(market).sum() - n_held(hidden).sum() < market.n_links / 2


def test_camouflage_takes_only_what_honest_sellers_share(market: Snapshot):
    is_guilty = np.array([seller.startswith("R") for seller in market.seller_ids.to_pylist()])
    altered = with_camouflage(market, is_guilty, np.random.default_rng(1))
    more = uses(altered) - uses(market)
    assert uses(market) < uses(altered)
    assert {seller for seller, _, _ in more} == set(RING)
    assert not [text for _, _, text in more if text.endswith("of ring")]
    assert is_whole(altered)


def test_a_column_dealt_out_anew_keeps_its_form(market: Snapshot):
    """Each seller has what another had of that kind; other kinds stay."""
    kinds = np.array([kind.name == "phone" for kind in market.kinds])
    altered = with_kinds_permuted(market, kinds, np.random.default_rng(1))
    before, after = uses(market), uses(altered)
    assert {use for use in before if use[1] != "phone"} == {use for use in after if use[1] != "phone"}
    assert before != after
    assert sorted(n_held(market)[:, kinds].ravel()) == sorted(n_held(altered)[:, kinds].ravel())
    assert np.diff(altered.value_start).tolist() == np.diff(market.value_start).tolist()
    assert is_whole(altered)


def test_baselines_join_what_they_say(market: Snapshot):
    """Closure joins all that is connected, a cap leaves large values out, the null model asks for several values."""
    groups = {name: set() for name in ("closure", "capped", "null")}
    for name, found in (("closure", closure(market)), ("capped", closure(market, 6)), ("null", null_model(market))):
        rows = zip(found.ring_ids.to_pylist(), found.seller_ids.to_pylist(), strict=True)
        by_ring: dict[str, set[str]] = {}
        for ring_id, seller_id in rows:
            by_ring.setdefault(ring_id, set()).add(seller_id)
        groups[name] = {frozenset(ring) for ring in by_ring.values()}
    assert max(len(group) for group in groups["closure"]) == 10  # nine of the agent's, and a flatmate
    assert max(len(group) for group in groups["capped"]) == 6
    assert groups["null"] == {frozenset(RING)}
    assert frozenset(RING) in groups["closure"] & groups["capped"]


def test_a_family_left_out_says_nothing(market: Snapshot):
    altered = without_family(market, Family.PAYOUT)
    told = {kind for kind, is_exempt in zip(altered.value_kind, altered.value_is_exempt, strict=True) if is_exempt}
    assert {market.kinds[kind].name for kind in told} == {"account"}


@pytest.mark.parametrize("idea", IDEAS)
def test_what_is_left_out_is_there(idea: str):
    """Each name that something else stands for is one of detection: else a row would leave nothing out."""
    for name in IDEAS[idea].names:
        module, _, attribute = name.partition(".")
        assert hasattr(import_module(f"ringwatch.algorithms.{module}"), attribute)
