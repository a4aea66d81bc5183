"""What a partner has in sight in one picture of the database, with the pseudonyms of what is in it."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import pyarrow as pa

from ringwatch.db.database import Row, Session
from ringwatch.db.facts import brand_codes, brand_writings
from ringwatch.db.pseudonyms import coarse_evidence, coarse_score, pseudonym
from ringwatch.model.rings import Role
from ringwatch.model.visibility import BrandLens

UNKNOWN = math.nan  # a score that is not shown
_ALL = 2**31 - 1  # rows: more than any ring has members
_BRAND_COLUMNS = ("brand_id", "name", "aliases")


class Sight:
    """The rings in which a member lists the partner's brand, read as far as they are asked for.

    A ring is in sight by what its members list, never by a notice: whoever files one would else see what it likes.
    """

    def __init__(self, session: Session, lens: BrandLens) -> None:
        self.session = session
        self._lens = lens
        self._members: dict[str, list[Row]] = {}
        self._sellers: dict[str, str] = {}
        self._evidence: dict[str, list[Row]] = {}

    @property
    def brand_id(self) -> str:
        """The partner's brand."""
        return self._lens.brand_id

    def name(self, what: str, *hidden: str) -> str:
        """Return the pseudonym of something."""
        return pseudonym(self._lens.key, what, *hidden)

    @cached_property
    def brands(self) -> Mapping[str, int]:
        """Return the number of the brand that each text names which a listing has as its brand, -1 for none."""
        texts = pa.array([text for (text,) in self.session.rows("listing_brands")], pa.string())
        table = pa.table({name: pa.array(column, pa.string()) for name, column in self._brand_columns})
        codes = brand_codes(texts, brand_writings(table, self._brand_ids))
        return dict(zip(texts.to_pylist(), codes.tolist(), strict=True))

    @cached_property
    def own_code(self) -> int | None:
        """Return the number of the partner's brand in ``brands``, None where there is no such brand."""
        return next((n for n, brand_id in enumerate(self._brand_ids) if brand_id == self._lens.brand_id), None)

    @property
    def brand_name(self) -> str | None:
        """The name of the partner's brand."""
        return None if self.own_code is None else self._brand_columns[1][1][self.own_code]

    @cached_property
    def own_texts(self) -> str:
        """Return how listings write the partner's brand, as a JSON array."""
        return json.dumps(sorted(text for text, code in self.brands.items() if code == self.own_code))

    @cached_property
    def stock(self) -> Sequence[Row]:
        """Return (ring_id, seller_id, store_id, listings of the brand that stand in it)."""
        return self.session.rows("rings_listing", {"texts": self.own_texts})

    @cached_property
    def rings(self) -> Mapping[str, str]:
        """Return the rings in sight by their pseudonyms, in their order."""
        return dict(sorted((self.name("ring", ring_id), ring_id) for ring_id in {row[0] for row in self.stock}))

    def rings_of(self, names: Iterable[str]) -> list[str]:
        """Return the rings that pseudonyms name; those that are not in sight are left out."""
        return [self.rings[name] for name in dict.fromkeys(names) if name in self.rings]

    def members(self, ring_ids: Iterable[str]) -> dict[str, list[Row]]:
        """Return the members of rings in sight, those of each by their pseudonyms; columns of ``members``."""
        wanted = list(ring_ids)
        unread: dict[str, list[Row]] = {ring_id: [] for ring_id in wanted if ring_id not in self._members}
        if unread:
            for row in self.session.rows("members_of", {"ids": json.dumps(list(unread)), "n": _ALL}):
                unread[row[0]].append(self._member(row))
            self._members |= {ring_id: sorted(rows, key=lambda row: row[1]) for ring_id, rows in unread.items()}
        return {ring_id: self._members[ring_id] for ring_id in wanted}

    def seller(self, name: str) -> str | None:
        """Return the seller behind a pseudonym, None where it is not in sight."""
        if name not in self._sellers:
            self.members(self.rings.values())
        return self._sellers.get(name)

    def evidence(self, ring_id: str) -> list[Row]:
        """Return what members of a ring in sight share, by member, loudest first; columns of ``evidence``."""
        if ring_id not in self._evidence:
            found = self.session.rows("evidence", {"ring_id": ring_id, "seller_ids": None})
            rows = [self._part(row) for row in found if row[3]]  # the rest tells of names, countries and other brands
            self._evidence[ring_id] = sorted(rows, key=lambda row: (row[0], -row[5], row[1], row[3]))
        return self._evidence[ring_id]

    @cached_property
    def _brand_columns(self) -> list[tuple[str, list[str | None]]]:
        rows = self.session.rows("snapshot_brands")
        return [(name, [row[place] for row in rows]) for place, name in enumerate(_BRAND_COLUMNS)]

    @cached_property
    def _brand_ids(self) -> tuple[str, ...]:
        return tuple(str(brand_id) for brand_id in self._brand_columns[0][1])

    def _member(self, row: Row) -> Row:
        ring_id, seller_id, tier_rank, role, link_score, _, _, is_fragile, _ = row
        name = self.name("seller", seller_id)
        self._sellers[name] = seller_id
        shown = Role.EXTENDED.value if role == Role.OVERLAP.value else role  # the other ring may not be in sight
        own = self.name("ring", ring_id), name, tier_rank, shown, coarse_score(link_score)
        return *own, UNKNOWN, UNKNOWN, is_fragile, ""

    def _part(self, row: Row) -> Row:
        seller_id, kind, family, value, _, score, holders = row
        names = sorted(self.name("seller", holder) for holder in json.loads(holders))
        own = self.name("seller", seller_id), kind, family, self.name("value", kind, value)
        return *own, len(names), coarse_evidence(score), json.dumps(names)
