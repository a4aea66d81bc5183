"""Reads through a partner's eyes: rings that list its brand, its listings as they are, pseudonyms for the rest.

A query that is not answered here is refused. What is answered, its order and its pages included, is made of what the
partner is shown alone: of pseudonyms, rounded scores and counts of what it sees. So what is hidden from it, and what is
not there, change no byte of an answer.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from ringwatch.db.cursors import Page, limit_of, make_cursor, page_of, read_cursor
from ringwatch.db.database import Params, Row, Session
from ringwatch.db.pseudonyms import bucket, coarse_score
from ringwatch.db.rows import Hidden, ListingRow, OwnPart, SearchHit
from ringwatch.db.settings import NOTICE_HOURS
from ringwatch.db.sight import UNKNOWN, Sight
from ringwatch.db.times import optional_moment_of
from ringwatch.model.casework import CaseAct, Subject
from ringwatch.model.errors import RefusedError
from ringwatch.model.visibility import BrandLens

NoticeTarget: TypeAlias = tuple[str | None, str]  # listing, None where it is the store itself; store
Answer: TypeAlias = Callable[[Sight, Params], list[Row]]


def not_for_partners() -> RefusedError:
    """Return what is raised where a partner asks for what none is shown: the same whatever it is asked about."""
    return RefusedError("database: partners are not shown this; nothing was read; ask an investigator")


class PartnerEyes:
    """Named queries over one picture of the database, as the partner of a brand sees them."""

    def __init__(self, session: Session, lens: BrandLens) -> None:
        self.sight = Sight(session, lens)

    def rows(self, name: str, params: Params) -> list[Row]:
        """Return the rows of a query. RefusedError for one that is not for partners, whatever it is asked about."""
        answer = ANSWERS.get(name)
        if answer is None:
            raise not_for_partners()
        return answer(self.sight, params)

    def own_listings(self, ring_name: str) -> list[ListingRow]:
        """Return the listings of the brand in a ring, by listing_id; none where the ring is not in sight."""
        sight = self.sight
        ring_id = sight.rings.get(ring_name)
        seller_of = {store: seller for ring, seller, store, _ in sight.stock if ring == ring_id}
        return [_listing(sight, row, seller_of[row[1]]) for row in _listings(sight, seller_of)]

    def own_parts(self, ring_names: Iterable[str]) -> dict[str, OwnPart]:
        """Return how much of each ring lists the brand; rings that are not in sight have no entry."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.sight.stock:
            rows[row[0]].append(row)
        parts = {}
        for name in ring_names:
            if own := rows.get(self.sight.rings.get(name, "")):
                parts[name] = OwnPart(len({row[1] for row in own}), len(own), sum(row[3] for row in own))
        return parts

    def hidden(self, ring_name: str) -> Hidden:
        """Return how much of a ring is hidden, in steps; nothing where the ring is not in sight."""
        sight = self.sight
        ring_ids = sight.rings_of([ring_name])
        names = [row[1] for rows in sight.members(ring_ids).values() for row in rows]
        found = sight.session.rows("brands_listed", {"ids": _ids(sight, names)})
        others = [(sight.brands.get(brand, -1), n) for brand, n in found]
        others = [(code, n) for code, n in others if code != sight.own_code]
        n_brands = len({code for code, _ in others if code >= 0})
        return Hidden(bucket(sum(n for _, n in others)), bucket(n_brands))

    def search(self, text: str, first: int, after: str | None) -> Page[SearchHit]:
        """Return pseudonyms that begin with a text, then rings with a listing of the brand that it finds."""
        key = read_cursor(after, "search", (int, str)) if after is not None else (-1, "")
        found = sorted(_found(self.sight, text.strip().lower())) if re.search(r"\w", text) else []
        later = [hit for hit in found if hit[:2] > key][: limit_of(first)]
        page = page_of(later, first, lambda hit: make_cursor("search", *hit[:2]))
        return Page(
            tuple(SearchHit(what, name, told) for _, name, what, told in page.rows), page.cursors, page.has_next
        )

    def targets(self, listing_ids: Iterable[str], store_names: Iterable[str]) -> dict[str, NoticeTarget]:
        """Return what notices can name, by the name: listings of the brand that stand, stores in sight."""
        sight = self.sight
        own = set(json.loads(sight.own_texts))
        rows = sight.session.rows("listing_places", {"ids": json.dumps(sorted(set(listing_ids)))})
        stores = {sight.name("store", store_id): store_id for _, _, store_id, _ in sight.stock}
        found: dict[str, NoticeTarget] = {row[0]: (row[0], row[1]) for row in rows if row[2] in own}
        return found | {name: (None, stores[name]) for name in store_names if name in stores}

    def real_id(self, name: str) -> tuple[str, str] | None:
        """Return what is behind a pseudonym or a listing's own id, as (ring, seller, store or listing, id)."""
        sight = self.sight
        stores = {sight.name("store", store_id): store_id for _, _, store_id, _ in sight.stock}
        for what, found in (
            ("ring", sight.rings.get(name)),
            ("seller", sight.seller(name)),
            ("store", stores.get(name)),
        ):
            if found is not None:
                return what, found
        is_own = any(row[0] == name for row in _listings(sight, stores.values()))
        return ("listing", name) if is_own else None

    def meant_by(self, name: str) -> Subject | None:
        """Return what is behind a pseudonym of a ring or a seller, or a listing's own id, with the ring that it is in.

        None where nothing of that name is in sight.
        """
        sight = self.sight
        what, found = self.real_id(name) or ("", "")
        if what == "ring":
            return Subject(found)
        if what == "seller":
            rings = sight.members(sight.rings.values())
            return Subject(next(i for i, rows in rings.items() if any(row[1] == name for row in rows)), found)
        if what == "listing":
            stock = {store_id: (ring_id, seller_id) for ring_id, seller_id, store_id, _ in sight.stock}
            store_id = next(row[1] for row in _listings(sight, stock) if row[0] == name)
            return Subject(*stock[store_id], found)
        return None


def _listings(sight: Sight, store_ids: Iterable[str]) -> list[Row]:
    ids = json.dumps(sorted(set(store_ids)))
    return sight.session.rows("brand_listings", {"texts": sight.own_texts, "ids": ids})


def _listing(sight: Sight, row: Row, seller_id: str) -> ListingRow:
    listing_id, store_id, *own, listed_at, first_sold_at, removed_at = row
    times = map(optional_moment_of, (listed_at, first_sold_at, removed_at))
    return ListingRow(listing_id, sight.name("store", store_id), sight.name("seller", seller_id), *own, *times)


def _ids(sight: Sight, names: Iterable[str]) -> str:
    """Return the sellers behind pseudonyms, as a JSON array."""
    return json.dumps([found for name in names if (found := sight.seller(name)) is not None])


def _found(sight: Sight, text: str) -> Iterable[tuple[int, str, str, str]]:
    """Yield stage, pseudonym, what it names and what is read of it."""
    yield from ((0, name, "ring", name) for name in sight.rings if name.startswith(text))
    rings = sight.members(sight.rings.values()).values()
    yield from (
        (1, name, "seller", name) for name in {row[1] for rows in rings for row in rows} if name.startswith(text)
    )
    rings_of = defaultdict(set)
    for ring_id, _, store_id, _ in sight.stock:
        rings_of[store_id].add(sight.name("ring", ring_id))
    titles: dict[str, str] = {}
    for listing_id, store_id, title, *_ in _listings(sight, rings_of):
        told = f"{listing_id} {title or ''}"
        if re.search(rf"(?<!\w){re.escape(text)}", told.lower()):
            titles |= {name: titles.get(name, told.strip()) for name in rings_of[store_id]}
    yield from ((2, name, "ring", told) for name, told in titles.items() if not name.startswith(text))


def _seller_names(sight: Sight) -> set[str]:
    return {row[1] for rows in sight.members(sight.rings.values()).values() for row in rows}


# Answers by the names of queries: they take the parameters and give the columns of each.


def _run(sight: Sight, _: Params) -> list[Row]:
    return [(*row[:3], "", 0) for row in sight.session.rows("run")]  # what was learned, and from how many, is hidden


def _counts(sight: Sight, _: Params) -> list[Row]:
    stock = {store_id: n for _, _, store_id, n in sight.stock}
    n_sellers, n_listings = len(_seller_names(sight)), sum(stock.values())
    return [("rings", len(sight.rings)), ("sellers", n_sellers), ("stores", len(stock)), ("listings", n_listings)]


def _shown_rings(sight: Sight, ring_ids: Sequence[str]) -> list[Row]:
    found = sight.session.rows("rings_by_id", {"ids": json.dumps(ring_ids)})
    rows = [(sight.name("ring", row[0]), row[1], row[2], coarse_score(row[3]), UNKNOWN) for row in found]
    return sorted(rows)


def _rings(sight: Sight, params: Params) -> list[Row]:
    tiers = json.loads(str(params["tiers"])) if params["tiers"] is not None else None
    rows = [
        (*row, *_keys(str(params["order"]), row))
        for row in _shown_rings(sight, list(sight.rings.values()))
        if row[2] >= int(params["min_sellers"] or 0) and (tiers is None or row[1] in tiers)
    ]
    after = (params["k1"], params["k2"], params["ring_id"])
    later = [row for row in rows if params["ring_id"] is None or (row[5], row[6], row[0]) > after]
    return _first(sorted(later, key=lambda row: (row[5], row[6], row[0])), params)


def _keys(order: str, row: Row) -> tuple[float, float]:
    """Return what a ring is sorted by; the orders by what a partner is not shown fall back on the tier."""
    _, tier_rank, n_sellers, link_score, _ = row
    if order in {"link", "size"}:
        return (-link_score if order == "link" else -n_sellers), tier_rank
    return tier_rank, -link_score


def _first(rows: list[Row], params: Params) -> list[Row]:
    n = int(params["n"] or 0)
    return rows if n < 0 else rows[:n]


def _ring(sight: Sight, params: Params) -> list[Row]:
    return _shown_rings(sight, sight.rings_of([str(params["ring_id"])]))


def _rings_by_id(sight: Sight, params: Params) -> list[Row]:
    return _shown_rings(sight, sight.rings_of(json.loads(str(params["ids"]))))


def _members(sight: Sight, params: Params) -> list[Row]:
    rows = [row for rows in sight.members(sight.rings_of([str(params["ring_id"])])).values() for row in rows]
    return _first([row for row in rows if row[1] > str(params["seller_id"])], params)


def _members_of(sight: Sight, params: Params) -> list[Row]:
    rings = sight.members(sight.rings_of(json.loads(str(params["ids"]))))
    return sorted(row for rows in rings.values() for row in _first(rows, params))


def _evidence(sight: Sight, params: Params) -> list[Row]:
    wanted = json.loads(str(params["seller_ids"])) if params["seller_ids"] is not None else None
    rows = [row for ring_id in sight.rings_of([str(params["ring_id"])]) for row in sight.evidence(ring_id)]
    return [row for row in rows if wanted is None or row[0] in wanted]


def _evidence_of(sight: Sight, params: Params) -> list[Row]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for ring_name, seller_name in json.loads(str(params["members"])):
        wanted[ring_name].add(seller_name)
    return [
        (sight.name("ring", ring_id), *row[:6])
        for ring_id in sight.rings_of(wanted)
        for row in sight.evidence(ring_id)
        if row[0] in wanted[sight.name("ring", ring_id)]
    ]


def _ring_evidence(sight: Sight, params: Params) -> list[Row]:
    found: list[Row] = []
    for ring_id in sight.rings_of(json.loads(str(params["ids"]))):
        summed: dict[tuple[str, str, str, int], float] = defaultdict(float)
        for _, kind, family, value, n, score, _ in sight.evidence(ring_id):
            summed[kind, family, value, n] += score
        loudest = sorted(summed.items(), key=lambda item: (-item[1], item[0]))
        found += [(sight.name("ring", ring_id), *own, score) for own, score in _first(loudest, params)]
    return found


def _ring_values(sight: Sight, params: Params) -> list[Row]:
    ring_ids = sight.rings_of([str(params["ring_id"])])
    n_members = {row[3]: row[4] for ring_id in ring_ids for row in sight.evidence(ring_id)}
    rows = []
    for ring_id in ring_ids:
        for kind, family, value, _, is_hub in sight.session.rows("ring_values", {"ring_id": ring_id}):
            name = sight.name("value", kind, value)
            rows.append((kind, family, name, n_members.get(name, 2), is_hub))  # two members share it at least
    return sorted(rows)


def _sellers(sight: Sight, params: Params) -> list[Row]:
    stock: dict[str, dict[str, int]] = defaultdict(dict)
    for _, seller_id, store_id, n in sight.stock:
        stock[seller_id][store_id] = n
    rows = []
    for name in json.loads(str(params["ids"])):
        if (seller_id := sight.seller(name)) is not None:
            own = stock.get(seller_id, {})
            rows.append((name, None, None, None, None, len(own), sum(own.values())))
    return rows


def _ring_of(sight: Sight, params: Params) -> list[Row]:
    found: dict[str, str] = {}
    for rows in sight.members(sight.rings.values()).values():
        for ring_name, seller_name, *_ in rows:
            found[seller_name] = min(ring_name, found.get(seller_name, ring_name))
    return [(name, found[name]) for name in json.loads(str(params["ids"])) if name in found]


def _stores_of(sight: Sight, params: Params) -> list[Row]:
    stock = {store_id: n for _, _, store_id, n in sight.stock}
    found = sight.session.rows("stores_of", {"ids": _ids(sight, json.loads(str(params["ids"])))})
    rows = [
        (sight.name("store", store_id), sight.name("seller", seller_id), None, is_closed, stock[store_id], None)
        for store_id, seller_id, _, is_closed, *_ in found
        if store_id in stock
    ]
    return sorted(rows)


def _flag_entries(sight: Sight, _: Params) -> list[Row]:
    """Return the brand's own flags and what it was told, numbered by themselves; who answered is not shown."""
    found = sight.session.rows("flag_entries", {"brand_id": sight.brand_id})
    numbers = {row[0]: place for place, row in enumerate(found, 1)}
    rows = []
    for n, act, ring_id, seller_id, listing_id, _, _, actor, brand_id, said, text, _, answers, made_at in found:
        about = sight.name("ring", ring_id) if ring_id else "", sight.name("seller", seller_id) if seller_id else ""
        by = "" if act == CaseAct.ANSWER else actor
        told = (by, brand_id, said, text, None, numbers.get(answers), made_at)
        rows.append((numbers[n], act, *about, listing_id, "", "", *told))
    return rows


def _notices(sight: Sight, params: Params) -> list[Row]:
    """Return the brand's own notices; their listings are those that it named, their stores pseudonyms."""
    found = sight.session.rows("notices", {**params, "brand_id": sight.brand_id})
    return [(*row[:3], sight.name("store", row[3]) if row[3] else None, *row[4:]) for row in found]


def _reporter_notices(sight: Sight, _: Params) -> list[Row]:
    found = sight.session.rows("reporter_notices", {"brand_id": sight.brand_id})
    return [(row[0], sight.name("seller", row[1]) if row[1] else None, *row[2:]) for row in found]


def _pasted_texts(sight: Sight, params: Params) -> list[Row]:
    return sight.session.rows("pasted_texts", {**params, "brand_id": sight.brand_id})


def _setting(sight: Sight, params: Params) -> list[Row]:
    """Return within what time notices are decided, the one limit that partners live by."""
    if params["name"] != NOTICE_HOURS.name:
        raise not_for_partners()
    return sight.session.rows("setting", params)


def _nothing(_: Sight, __: Params) -> list[Row]:
    return []


ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        "run": _run,
        "counts": _counts,
        "rings": _rings,
        "ring": _ring,
        "rings_by_id": _rings_by_id,
        "members": _members,
        "members_of": _members_of,
        "evidence": _evidence,
        "evidence_of": _evidence_of,
        "ring_evidence": _ring_evidence,
        "ring_values": _ring_values,
        "sellers": _sellers,
        "ring_of": _ring_of,
        "stores_of": _stores_of,
        "flag_entries": _flag_entries,
        "notices": _notices,
        "reporter_notices": _reporter_notices,
        "pasted_texts": _pasted_texts,
        "setting": _setting,
        "displays": _nothing,  # a pseudonym is read as it is
    }
)
