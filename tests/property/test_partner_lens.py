"""What a partner is told hangs on nothing that it is not shown."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import partner_world
from tests.support.partner_world import AT, OTHER, OWN, THIRD, everything, other_listing, seller, store

from ringwatch.alliance.lens import visibility_of
from ringwatch.db.open import open_docket, open_view, open_writer
from ringwatch.model.enforcement import Actor
from ringwatch.model.visibility import ActorRole

BRANDS = st.sampled_from(["Canaryzephyr", "canaryotter", THIRD, "nobody's", "Nordfel", None])
NAMES = st.text("abcXYZ \N{CJK UNIFIED IDEOGRAPH-4E2D}<=", min_size=1, max_size=8)
KINDS = st.sampled_from(["notice", "test_buy", "customs_seizure"])


@st.composite
def hidden_rows(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Rows of others: up to two listings in the stores of rings, any number elsewhere, names, notices, strangers."""
    in_rings = st.sampled_from([store(n, which) for n in (1, 2, 3, 6) for which in "ab"])
    brands = draw(st.lists(BRANDS, max_size=2))
    listings = [other_listing(500 + n, draw(in_rings), brand) for n, brand in enumerate(brands)]
    listings += [other_listing(600 + n, store(7), draw(BRANDS)) for n in range(draw(st.integers(0, 9)))]
    members = draw(st.lists(st.integers(1, 7), unique=True))
    named = [{"seller_id": seller(n), "name": draw(NAMES), "legal_name": draw(NAMES), "country": "DE"} for n in members]
    stores = [{"store_id": store(n), "seller_id": seller(n), "name": draw(NAMES), "url": draw(NAMES)} for n in members]
    notices = [
        {"notice_id": f"more-{n}", "brand_id": draw(st.sampled_from([OTHER, THIRD])), "store_id": store(n)}
        | {"kind": draw(KINDS), "outcome": "upheld"}
        for n in members
    ]
    uses = [{"holder_id": seller(7), "kind": "phone", "value": "phone canary A", "display": draw(NAMES)}] * len(members)
    strangers = [{"seller_id": f"more-{n}", "name": draw(NAMES)} for n in members]
    return {
        "sellers": [*named, *strangers],
        "stores": stores,
        "listings": listings,
        "notices": notices,
        "uses": uses[:1],
        "authorisations": [{"brand_id": OTHER, "seller_id": seller(n)} for n in members],
    }


@settings(max_examples=12)
@given(hidden_rows())
def test_what_others_load_below_the_bucket_changes_no_byte(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Loaded or not, a partner is told the same, byte by byte: of listings under three, of all else whatever it is."""
    given_rows = partner_world.tables()
    given_rows["listings"] = [row for row in given_rows["listings"] if row["listing_id"].startswith("nf-")]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'world.db'}"
        with open_writer(url, create=True) as writer:
            partner_world.fill(writer, given_rows)
        with open_docket(url) as docket:
            who = visibility_of(Actor("p", ActorRole.PARTNER, OWN, "", "", "", AT), docket)
        with open_view(url) as view:
            before = repr(everything(view, who))
        with open_writer(url) as writer:
            load = writer.begin_load("others", AT, full=False)
            for table in partner_world.WRITE_ORDER:
                if table in rows:
                    writer.write(load, table, partner_world.batch(table, rows[table]))
            writer.finish_load(load, AT)
        with open_view(url) as view:
            assert repr(everything(view, who)) == before
