"""Made marketplaces keep the contract of the input tables, and are what their family says."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from stdnum import iban, luhn
from stdnum.cn import uscc
from stdnum.de import vat as german_vat
from stdnum.gb import vat as british_vat

from ringwatch.fixtures.cast import HABITS
from ringwatch.fixtures.generate import WorldConfig, csv_text, generate, make_market, parts
from ringwatch.fixtures.records import Market
from ringwatch.fixtures.tables import TABLES, n_rows, render
from ringwatch.fixtures.worlds import WORLDS
from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import REGISTRY

REQUIRED = {
    "sellers": "seller_id",
    "stores": "store_id seller_id",
    "listings": "listing_id store_id",
    "addresses": "holder_id address",
    "payment_accounts": "holder_id account",
    "identifiers": "holder_id kind value",
    "brands": "brand_id name",
    "authorisations": "brand_id seller_id",
    "notices": "notice_id brand_id",
    "labels": "seller_id ring",
}
OPTIONAL = {
    "sellers": "name legal_name country registered_at status",
    "stores": "name marketplace url opened_at closed_at status",
    "listings": "title brand price currency url image_url image_hash listed_at removed_at first_sold_at status",
    "addresses": "street unit city region postcode country use first_seen_at last_seen_at source",
    "payment_accounts": "scheme issuer first_seen_at last_seen_at source",
    "identifiers": "country first_seen_at last_seen_at source",
    "brands": "aliases member_since",
    "authorisations": "valid_from valid_to",
    "notices": "listing_id store_id kind outcome filed_at decided_at",
    "labels": "",
}
WORLD_NAMES = sorted(WORLDS)


@pytest.fixture(scope="module", params=WORLD_NAMES)
def tables(request: pytest.FixtureRequest) -> Mapping[str, pa.Table]:
    return generate(WorldConfig(1_500, 11, request.param))


@pytest.fixture(scope="module")
def dense() -> Market:
    return make_market(WorldConfig(4_000, 3, "dense"))


def texts(table: pa.Table, column: str) -> list[str]:
    return table[column].to_pylist()


def sharing(market: Market) -> tuple[float, float]:
    """Return the share of honest and of guilty sellers that hold a value with somebody."""
    n, shares = market.cast.n_sellers, np.zeros(market.cast.n_sellers, dtype=np.bool_)
    for uses in market.uses.values():
        known = uses.value >= 0
        pairs = np.unique(uses.value[known].astype(np.int64) * n + uses.seller[known])
        value, seller = np.divmod(pairs, n)
        shares[seller[np.bincount(value)[value] > 1]] = True
    honest = market.cast.ring < 0
    return float(shares[honest].mean()), float(shares[~honest].mean())


def test_every_column_is_in_the_contract(tables: Mapping[str, pa.Table]) -> None:
    """Tables hold the columns of the input contract, those required without a gap."""
    assert set(tables) == set(REQUIRED)
    for name, table in tables.items():
        required = REQUIRED[name].split()
        assert set(required) <= set(table.column_names) <= {*required, *OPTIONAL[name].split()}
        assert all(pa.types.is_string(kind) for kind in table.schema.types)
        for column in required:
            assert table[column].null_count == 0
            assert name == "labels" or pc.all(pc.not_equal(table[column], "")).as_py()


def test_every_reference_leads_somewhere(tables: Mapping[str, pa.Table]) -> None:
    """Ids stand once over all tables, and every id that a row names is there."""
    sellers, stores = set(texts(tables["sellers"], "seller_id")), set(texts(tables["stores"], "store_id"))
    listings, brands = set(texts(tables["listings"], "listing_id")), set(texts(tables["brands"], "brand_id"))
    n_ids = sum(len(tables[name]) for name in ("sellers", "stores", "listings", "brands"))
    assert len(sellers | stores | listings | brands) == n_ids
    assert set(texts(tables["stores"], "seller_id")) == sellers
    assert set(texts(tables["labels"], "seller_id")) == sellers
    assert set(texts(tables["listings"], "store_id")) <= stores
    for name in ("addresses", "payment_accounts", "identifiers"):
        assert set(texts(tables[name], "holder_id")) <= sellers | stores
    assert set(texts(tables["authorisations"], "seller_id")) <= sellers
    for name in ("authorisations", "notices"):
        assert set(texts(tables[name], "brand_id")) <= brands
    for listing, store in zip(
        texts(tables["notices"], "listing_id"), texts(tables["notices"], "store_id"), strict=True
    ):
        assert (listing in listings) != (store in stores)


def test_words_of_the_contract_are_used(tables: Mapping[str, pa.Table]) -> None:
    """Kinds are registered ones; purposes, schemes, outcomes are those that the contract names."""
    assert all(kind in REGISTRY for kind in set(texts(tables["identifiers"], "kind")))
    assert set(texts(tables["addresses"], "use")) <= {"registered", "return", "ship_from", "warehouse", "pick_up"}
    assert set(texts(tables["payment_accounts"], "scheme")) <= {"iban", "bank", "card_token", "wallet", "payee_name"}
    assert set(texts(tables["notices"], "kind")) <= {"notice", "test_buy", "customs_seizure", "counter_notice"}
    assert set(texts(tables["notices"], "outcome")) <= {"upheld", "rejected", "withdrawn", "pending"}
    names = {name.casefold() for name in texts(tables["brands"], "name")}
    assert {brand.casefold() for brand in texts(tables["listings"], "brand") if brand} <= names


@pytest.mark.parametrize(
    ("table", "earlier", "later"),
    [
        ("addresses", "first_seen_at", "last_seen_at"),
        ("payment_accounts", "first_seen_at", "last_seen_at"),
        ("identifiers", "first_seen_at", "last_seen_at"),
        ("stores", "opened_at", "closed_at"),
        ("listings", "listed_at", "removed_at"),
        ("listings", "listed_at", "first_sold_at"),
        ("listings", "first_sold_at", "removed_at"),
        ("notices", "filed_at", "decided_at"),
    ],
)
def test_times_run_forward(tables: Mapping[str, pa.Table], table: str, earlier: str, later: str) -> None:
    """What is dated twice begins before it ends, and nothing is dated after the export."""
    first, last = (pc.cast(tables[table][name], pa.date32()) for name in (earlier, later))
    assert pc.all(pc.less_equal(first, last)).as_py() in {True, None}
    assert pc.max(last).as_py().isoformat() <= "2026-06-30"


def test_equal_configurations_give_equal_bytes() -> None:
    """The seed decides everything; another seed is another marketplace."""
    one, same, other = (generate(WorldConfig(300, seed)) for seed in (5, 5, 6))
    assert [csv_text(one[name]) for name in TABLES] == [csv_text(same[name]) for name in TABLES]
    assert csv_text(one["addresses"]) != csv_text(other["addresses"])


def test_parts_are_the_whole(dense: Market) -> None:
    """However a table is cut, the same rows come in the same order."""
    for name, total in n_rows(dense).items():
        whole = render(dense, name, 0, total)
        assert pa.concat_tables(parts(dense, name, 997)).equals(whole)
        assert len(whole) == total


@pytest.mark.parametrize("name", WORLD_NAMES)
def test_as_many_honest_sellers_share_as_the_family_says(name: str) -> None:
    """The share of honest sellers that share lies in the range of the family; of the guilty nearly all do."""
    for seed in (1, 2):
        honest, guilty = sharing(make_market(WorldConfig(3_000, seed, name)))
        assert WORLDS[name].sharing[0] <= honest <= WORLDS[name].sharing[1]
        assert guilty > 0.85


@pytest.mark.parametrize("name", WORLD_NAMES)
def test_rings_are_of_all_sizes(name: str) -> None:
    """Rings have 3 to 200 members, most of them few and some many, and hold 2 to 10 sellers in 100."""
    market = make_market(WorldConfig(20_000, 4, name))
    size = market.cast.rings.size
    assert size.min() >= 3
    assert 50 < size.max() <= 200
    assert np.median(size) < 12
    assert 0.02 < (market.cast.ring >= 0).mean() < 0.1


def test_the_numbers_of_one_person_are_one_number(dense: Market) -> None:
    """A phone without typing errors is one number in all its writings, and no two phones are one number."""
    market = replace(dense, typo_share=0.0)
    uses = market.uses["phone"]
    table = render(market, "identifiers", 0, len(uses))
    numbers: dict[int, set[str]] = {}
    for value, text, country in zip(uses.value.tolist(), texts(table, "value"), texts(table, "country"), strict=True):
        if value >= 0:
            parsed = phonenumbers.parse(text, country)
            assert phonenumbers.is_valid_number(parsed), text
            found = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            numbers.setdefault(value, set()).add(found)
    assert all(len(found) == 1 for found in numbers.values())
    assert len(set.union(*numbers.values())) == len(numbers)


def test_check_digits_are_right(dense: Market) -> None:
    """Accounts and tax numbers pass the checks of their kind."""
    tables = {name: render(dense, name, 0, n_rows(dense)[name]) for name in ("payment_accounts", "identifiers")}
    paid = tables["payment_accounts"].to_pylist()
    assert all(iban.is_valid(row["account"]) for row in paid if row["scheme"] == "iban")
    assert all(luhn.is_valid(row["account"].replace(" ", "")) for row in paid if row["scheme"] == "bank")
    checks = {"CN": uscc, "DE": german_vat, "GB": british_vat}
    junk = {"0000000000", "n/a", "none", "-"}
    for row in tables["identifiers"].to_pylist():
        if row["kind"] == "tax_id" and row["country"] in checks and row["value"] not in junk:
            assert checks[row["country"]].is_valid(row["value"]), row


def test_links_of_chains_have_two_ends() -> None:
    """In a world of chains alone every value that a ring shares has two holders of that ring."""
    world = make_market(WorldConfig(5_000, 2, "chains"))
    cast = world.cast
    chains = np.flatnonzero(np.isin(cast.rings.habit, [HABITS.index("chain"), HABITS.index("star")]))
    for kind in ("phone", "device", "wechat"):
        uses = world.uses[kind]
        ring = cast.ring[uses.seller]
        within = np.isin(ring, chains) & (uses.value >= 0)
        pairs, n = np.unique(np.stack((ring[within], uses.value[within])), axis=1, return_counts=True)
        shared = n[n > 1]
        assert len(shared) > 0
        assert np.mean(shared == 2) > 0.95  # the rest are the offices and agents that members of rings use too
        assert pairs.shape[0] == 2


def test_rings_come_back_under_new_contacts() -> None:
    """Members that opened after the closure of their ring have no contact of the closed ones."""
    market = make_market(WorldConfig(8_000, 2, "returns"))
    cast, rings = market.cast, market.cast.rings
    back = cast.generation == 1
    assert back.sum() > 50
    for ring in np.flatnonzero(rings.is_returning):
        before = (cast.ring == ring) & ~back
        after = (cast.ring == ring) & back
        assert (cast.closed_day[before & (cast.closed_day > 0)].size > 0) == bool(before.any())
        if after.any():
            assert cast.registered_day[after].min() > cast.closed_day[before].max() - 7
    plain = np.isin(rings.habit, [HABITS.index("mixed"), HABITS.index("rotation")])
    uses = market.uses["wechat"]
    for ring in np.flatnonzero(rings.is_returning & plain):
        of_ring = (cast.ring[uses.seller] == ring) & (uses.value >= 0)
        early = set(uses.value[of_ring & ~back[uses.seller]].tolist())
        assert not early & set(uses.value[of_ring & back[uses.seller]].tolist())


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (WorldConfig(1_000, 1, "nowhere"), "world: 'nowhere' is not known, expected one of base"),
        (WorldConfig(99, 1), "sellers: 99 are too few, expected 100 or more"),
    ],
)
def test_what_cannot_be_made_is_refused(config: WorldConfig, message: str) -> None:
    """An unknown family or too few sellers is a message that says what was expected."""
    with pytest.raises(ConfigError, match=message):
        make_market(config)
