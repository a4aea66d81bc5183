"""The picture of a ring: marks for sellers, their stores and what they share, and the links between them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np

from ringwatch.algorithms.layout import Sketch, lay_out
from ringwatch.db.view import MemberRow, SellerRow
from ringwatch.model.enforcement import StoreRow
from ringwatch.model.rings import Evidence, RingValue
from ringwatch.model.sentences import kind_words
from ringwatch.web.timeline import months_of

MOST_WITH_STORES = 120  # marks; above that stores are a number at their seller
LABEL_CHARACTERS = 24
CHARACTER_PX = 3.2  # half the width of a letter at 11.5 pixels
RADIUS: Mapping[str, float] = {"seller": 17.0, "store": 12.0, "value": 15.0}
LENGTH: Mapping[str, float] = {"owns": 0.85, "shares": 1.2, "hub": 1.9}
HALF_STRENGTH = 2.0  # log-odds at which a link is drawn half as wide as the widest: seven to one
THIN, WIDE, BEND = 0.8, 3.8, 1.6  # pixels of the thinnest link, what the strongest adds, and how fast
MARGIN = 30.0
WHOLE_CHARACTERS = 15  # a phone number; longer values are told by their kind and their end
SHORT_WORDS: Mapping[str, str] = {"account": "account", "image_hash": "photo", "text_shingle": "text", "ip": "IP"}

ValueKey = tuple[str, str]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing drawn. ``row``: the id of the table row that says the same; ``badge``: a number beside it."""

    key: str
    what: str  # seller, store, value
    family: str
    label: str
    spoken: str
    href: str
    row: str
    classes: str = ""
    risk: float = 0.0
    badge: str = ""
    months: str = ""  # in which it came about, as 2026-05, with a blank between
    place: str = ""  # under which its position is kept: no value stands in it, so it is the same for all who look
    x: float = 0.0
    y: float = 0.0

    @property
    def radius(self) -> float:
        """Return the radius of the mark in pixels."""
        return RADIUS[self.what]

    @property
    def arc(self) -> str:
        """Return the path of the arc that tells the infringement score: a full turn is 1."""
        r, turn = self.radius + 4, min(self.risk, 0.999) * 2 * math.pi
        x, y = r * math.sin(turn), -r * math.cos(turn)
        return f"M0 {-r:g}A{r:g} {r:g} 0 {int(turn > math.pi)} 1 {x:.2f} {y:.2f}"


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two marks, by their numbers."""

    one: int
    other: int
    what: str  # owns, shares, hub
    family: str = ""
    width: float = 1.6


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture and the part of the plane that it fills: left, top, width, height."""

    marks: tuple[Mark, ...]
    links: tuple[Link, ...]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RingFacts:
    """What a picture of a ring is drawn from, as the asker may see it."""

    ring_id: str
    members: Sequence[MemberRow]
    evidence: Mapping[str, tuple[Evidence, ...]]
    values: Sequence[RingValue]
    sellers: Mapping[str, SellerRow]
    stores: Sequence[StoreRow]
    displays: Mapping[ValueKey, str]
    is_masked: bool = False  # seen through a lens

    def holders(self) -> dict[ValueKey, dict[str, float]]:
        """Return, for each shared value, what it adds for each member that uses it."""
        found: dict[ValueKey, dict[str, float]] = {}
        for seller_id, parts in self.evidence.items():
            for part in parts:
                if part.value:
                    found.setdefault((part.kind, part.value), {})[seller_id] = part.score
        return found

    def shown(self, value: ValueKey) -> str:
        """Return what a person reads for a value."""
        return self.displays.get(value, value[1])


def shorten(text: str, most: int = LABEL_CHARACTERS) -> str:
    """Return a text that fits a label.

    >>> shorten("a" * 30)[-1]
    '…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def label_of(kind: str, shown: str) -> str:
    """Return what stands below the mark of a value: addresses from their beginning, long numbers by their end.

    >>> label_of("account", "bank:6299998985681423032"), label_of("phone", "+15550100")
    ('account ··3032', '+15550100')
    """
    if len(shown) <= WHOLE_CHARACTERS or " " in shown:
        return shorten(shown)
    return f"{SHORT_WORDS.get(kind) or kind_words(kind)} ··{shown[-4:]}"


def draw(facts: RingFacts, known: Mapping[str, Place] | None = None) -> Drawing:
    """Return the picture of a ring: equal facts, equal picture. ``known``: where marks stand already, by their place.

    Drawn is what says something: a value that adds to nobody's score, as a stronger tie of its family does, stands in
    the table alone.
    """
    sellers = [_seller_mark(facts, member) for member in facts.members]
    values, shares = _value_marks(facts, len(sellers))
    marks, links = [*sellers, *values], list(shares)
    if len(marks) + len(facts.stores) <= MOST_WITH_STORES:
        number = {member.seller_id: n for n, member in enumerate(facts.members)}
        for store in facts.stores:
            links.append(Link(number[store.seller_id], len(marks), "owns"))
            marks.append(_store_mark(store, facts.sellers.get(store.seller_id)))
    else:
        counts = _count_stores(facts.stores)
        marks[: len(sellers)] = [
            replace(mark, badge=str(counts.get(m.seller_id, 0) or ""))
            for mark, m in zip(sellers, facts.members, strict=True)
        ]
    return _placed(marks, links, known or {})


def _seller_mark(facts: RingFacts, member: MemberRow) -> Mark:
    row = facts.sellers.get(member.seller_id)
    name = (row.name if row else None) or member.seller_id
    fragile = ", fragile" if member.is_fragile else ""
    spoken = (
        f"seller {name}, {member.tier.value}{fragile}, one operator {member.link_score:.2f},"
        f" infringement {member.infringement_score:.2f}"
    )
    classes = f"tier-{member.tier.value}" + (" fragile" if member.is_fragile else "")
    href = f"/sellers/{quote(member.seller_id, safe='')}"
    key = f"seller:{member.seller_id}"
    when = [row.registered_at if row else None]
    when += [store.opened_at for store in facts.stores if store.seller_id == member.seller_id]
    risk = member.infringement_score
    return Mark(key, "seller", "", shorten(name), spoken, href, key, classes, risk, months=months_of(when), place=key)


def _store_mark(store: StoreRow, seller: SellerRow | None) -> Mark:
    name = store.name or store.store_id
    label = "" if seller is not None and seller.name == store.name else shorten(name)
    closed = ", closed" if store.is_closed else ""
    key = f"store:{store.store_id}"
    spoken = f"store {name}, {store.n_listings} listings{closed}"
    href = f"/sellers/{quote(store.seller_id, safe='')}#stores"
    classes, when = "closed" if store.is_closed else "", months_of([store.opened_at])
    return Mark(key, "store", "", label, spoken, href, key, classes, months=when, place=key)


def _value_marks(facts: RingFacts, n_before: int) -> tuple[list[Mark], list[Link]]:
    """Return a mark for each group of values of one family that the same members use, and its links.

    Ten photos that five stores share are one mark, not ten on top of each other.
    """
    held = facts.holders()
    groups: dict[tuple[str, bool, tuple[str, ...]], list[RingValue]] = {}
    places: dict[tuple[str, bool, tuple[str, ...]], str] = {}
    for n, value in enumerate(facts.values):
        scores = held.get((value.kind, value.value), {})
        holders = tuple(sorted(seller for seller, score in scores.items() if score or value.is_hub))
        if holders:
            group = (value.family, value.is_hub, holders)
            groups.setdefault(group, []).append(value)
            places.setdefault(group, f"value:{n}")
    marks, links = [], []
    number = {member.seller_id: n for n, member in enumerate(facts.members)}
    for (family, is_hub, holders), values in groups.items():
        place = places[family, is_hub, holders]
        marks.append(replace(_value_mark(facts, values, len(holders)), place=place))
        for seller_id in holders:
            score = sum(max(held[value.kind, value.value][seller_id], 0.0) for value in values)
            what = "hub" if is_hub else "shares"
            links.append(Link(number[seller_id], n_before + len(marks) - 1, what, family, link_width(score)))
    return marks, links


def _value_mark(facts: RingFacts, values: Sequence[RingValue], n_members: int) -> Mark:
    first = values[0]
    most = max(value.n_holders for value in values)
    if len(values) == 1:
        label = label_of(first.kind, facts.shown((first.kind, first.value)))
    else:
        kinds = list(dict.fromkeys(kind_words(value.kind) for value in values))
        label = f"{len(values)} of {', '.join(kinds)}"
    spoken = f"{label}, used by {n_members} members and {most} sellers in all"
    classes = ""
    if first.is_hub:
        label, classes, spoken = f"{label} · hub, {most:,}", "hub", f"hub {spoken}"
    row = value_row(first.kind, first.value)
    return Mark(
        f"value:{first.kind}:{first.value}", "value", first.family, shorten(label, 30), spoken, f"#{row}", row, classes
    )


def value_row(kind: str, value: str) -> str:
    """Return the id of the table row of a value; ids of a page hold no blanks.

    >>> value_row("address", "a b")
    'v-address-a%20b'
    """
    return f"v-{quote(kind, safe='')}-{quote(value, safe='')}"


def _count_stores(stores: Iterable[StoreRow]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for store in stores:
        counts[store.seller_id] = counts.get(store.seller_id, 0) + 1
    return counts


def link_width(score: float) -> float:
    """Return how wide a link of a log-odds score is drawn, in pixels.

    >>> link_width(0.0), link_width(100.0) > 4
    (0.8, True)
    """
    strength = score / (score + HALF_STRENGTH) if score > 0 else 0.0
    return round(THIN + WIDE * float(strength**BEND), 2)


def _placed(marks: Sequence[Mark], links: Sequence[Link], known: Mapping[str, Place]) -> Drawing:
    if not marks:
        return Drawing((), (), (0.0, 0.0, 1.0, 1.0))
    half = np.array([[max(CHARACTER_PX * len(mark.label), mark.radius + 5), mark.radius + 12] for mark in marks])
    sketch = Sketch(
        np.array([[link.one, link.other] for link in links], np.int64).reshape(-1, 2),
        np.array([LENGTH[link.what] for link in links], np.float64),
        half,
        np.array([mark.what == "store" for mark in marks]),
    )
    nowhere = (math.nan, math.nan)
    before = np.array([known.get(mark.place, nowhere) for mark in marks]) if known else None
    placed = lay_out(sketch, before)
    low, high = (placed - half).min(axis=0) - MARGIN, (placed + half).max(axis=0) + MARGIN
    box = (*(float(v) for v in low), *(float(v) for v in high - low))
    return Drawing(
        tuple(replace(mark, x=float(x), y=float(y)) for mark, (x, y) in zip(marks, placed, strict=True)),
        tuple(links),
        (box[0], box[1], box[2], box[3]),
    )
