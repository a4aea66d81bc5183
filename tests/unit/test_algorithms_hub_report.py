"""Values that join nothing: on which ground, and which of them a person is told to look at."""

from datetime import UTC, datetime

import numpy as np
import pytest
from tests.support.snapshots import AT, Made, Use, crowd, share, snapshot_of

from ringwatch.algorithms.detect import detect
from ringwatch.algorithms.outliers import outlier_border
from ringwatch.model.rings import DetectConfig, Detection, Hub, HubGround

N = 300
RING = [f"R{place}" for place in range(8)]


def found_in(uses: list[Use], *, exempt: frozenset[tuple[str, str]] = frozenset()) -> Detection:
    """Detect a market of 300 honest sellers, one ring, households with a phone, and the uses given besides."""
    honest, own = crowd(N)
    households = [use for i in range(0, 80, 2) for use in share("phone", f"home {i}", honest[i : i + 2])]
    ring = [*share("account", "account", RING), *share("phone", "phone", RING), *share("device", "device", RING)]
    brands, upheld = dict.fromkeys(RING, ("B1",)), dict.fromkeys(RING, 1)
    made = Made([*honest, *RING], [*own, *households, *ring, *uses], brands=brands, upheld=upheld, exempt=exempt)
    return detect(snapshot_of(made), DetectConfig(), as_of=AT)


def hub_of(found: Detection, kind: str, value: str) -> Hub | None:
    """Return what is said of a value."""
    return next((hub for hub in found.hubs if (hub.kind, hub.value) == (kind, value)), None)


def honest(start: int, n: int) -> list[str]:
    """Return some of the honest sellers."""
    return [f"H{place:04d}" for place in range(start, start + n)]


@pytest.mark.parametrize("n", [12, 100])
def test_a_warehouse_of_strangers_is_suggested(n: int):
    """Listed pair by pair or not: no other family ties its holders; who returns goods there has an address too."""
    hub = hub_of(found_in(share("address", "dock", honest(100, n), "return")), "address", "dock")
    assert hub is not None
    assert (hub.ground, hub.exempt_as, hub.n_holders) == (HubGround.HUB, "warehouse", n)
    assert f"ties 0 of its {n} holders" in hub.reason


def test_a_value_of_a_whole_ring_is_never_suggested():
    """Also where so many hold it that no pairs are listed under it: its holders are tied, or it is the ring's own."""
    ring = [f"Q{place:03d}" for place in range(70)]
    names, own = crowd(N)
    uses = [use for i in range(0, 70, 7) for use in share("phone", f"p{i}", ring[i : i + 14])]
    uses += [use for i in range(0, 70, 7) for use in share("device", f"d{i}", ring[i : i + 14])]
    made = Made([*names, *ring], [*own, *uses, *share("account", "all", ring)], brands=dict.fromkeys(ring, ("B1",)))
    hub = hub_of(detect(snapshot_of(made), DetectConfig(), as_of=AT), "account", "all")
    assert hub is not None
    assert (hub.ground, hub.exempt_as) == (HubGround.UNLISTED, "")
    assert "too many to compare" in hub.reason


def test_a_placeholder_is_told_from_a_warehouse():
    """An outlier whose holders have no other value of its kind; the run says so and names no value."""
    takers = honest(100, 60)
    names, own = crowd(N)
    kept = [use for use in own if use.kind != "phone" or use.seller not in takers]
    homes = [use for i in range(0, 80, 2) for use in share("phone", f"home {i}", names[i : i + 2])]
    made = Made(names, [*kept, *homes, *share("phone", "123", takers), *share("address", "dock", takers, "return")])
    found = detect(snapshot_of(made), DetectConfig(), as_of=AT)
    junk, dock = hub_of(found, "phone", "123"), hub_of(found, "address", "dock")
    assert junk is not None
    assert dock is not None
    assert (junk.ground, junk.exempt_as) == (HubGround.JUNK, "placeholder")
    assert dock.ground is HubGround.HUB
    (note,) = (note for note in found.notes if "placeholder" in note)
    assert "(phone 1)" in note
    assert "123" not in note


def test_what_is_exempt_is_no_hub():
    """A person has decided: nothing is said of it again, and other values are judged as before."""
    uses = share("address", "dock", honest(100, 12), "return")
    found = found_in(uses, exempt=frozenset({("address", "dock")}))
    assert hub_of(found, "address", "dock") is None
    assert found.rings == found_in([]).rings


def test_an_identity_that_strangers_share_is_not_excused():
    """It is a hub like others, but no innocent reason is offered for it."""
    hub = hub_of(found_in(share("id_document", "x", honest(100, 12))), "id_document", "x")
    assert hub is not None
    assert hub.exempt_as == ""


def test_a_kept_fit_says_the_same_of_junk():
    """The borders are a part of the fit: a run with it, and one with a fit from before there were borders."""
    honest_names, own = crowd(N)
    takers = honest(100, 60)
    kept = [use for use in own if use.kind != "phone" or use.seller not in takers]
    graph = snapshot_of(Made(honest_names, [*kept, *share("phone", "123", takers)]))
    at = datetime(2026, 6, 30, tzinfo=UTC)
    first = detect(graph, DetectConfig(), as_of=at)
    assert detect(graph, DetectConfig(), as_of=at, fit=first.fit).hubs == first.hubs
    older = {name: table for name, table in first.fit.tables.items() if name != "junk_holders"}
    without = detect(graph, DetectConfig(), as_of=at, fit=type(first.fit)(first.fit.n_sellers, older))
    assert {hub.ground for hub in without.hubs} == {HubGround.HUB}


def test_outliers_do_not_hide_each_other():
    """Five placeholders at once are found as one is; a smooth tail of large values has none."""
    usual = [2] * 80 + [3] * 15 + [5] * 5
    one, five = outlier_border(np.array([*usual, 900])), outlier_border(np.array([*usual, 900, 901, 905, 950, 999]))
    assert one <= five < 30
    smooth = np.array([2] * 64 + [4] * 32 + [8] * 16 + [16] * 8 + [32] * 4)
    assert outlier_border(smooth) > 32


def test_a_value_that_trade_condemned_is_told_so():
    """An agency's clients, whom its machines tie as well, and who differ in all they do, beside rings who do not."""
    names, own = crowd(N)
    clients = names[100:124]
    uses = share("phone", "agency", clients)
    uses += [use for at in range(0, 24, 4) for use in share("device", f"desk {at}", clients[at : at + 4])]
    rings = [names[at : at + 5] for at in range(0, 50, 5)]
    for number, ring in enumerate(rings):
        uses += [use for kind in ("account", "phone", "device") for use in share(kind, f"ring {number}", ring)]
    brands = {name: (f"B{at % 12}",) for at, name in enumerate(names)}
    registered = {name: 10_000 + 37 * at % 6_000 for at, name in enumerate(names)}
    country = {name: ("CN", "DE", "FR", "GB")[at % 4] for at, name in enumerate(names)}
    for number, ring in enumerate(rings):
        brands |= dict.fromkeys(ring, (f"B{number}",))
        registered |= dict.fromkeys(ring, 12_000 + number)
        country |= dict.fromkeys(ring, "CN")
    made = Made(names, [*own, *uses], brands=brands, registered=registered, country=country)
    hub = hub_of(detect(snapshot_of(made), DetectConfig(), as_of=AT), "phone", "agency")
    assert hub is not None
    assert hub.reason.startswith("its holders trade like strangers")
    assert hub.reason.endswith("another family of evidence ties 24 of its 24 holders")
