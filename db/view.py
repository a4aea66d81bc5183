"""Reads, typed once over both databases.

Every method takes a ``Visibility`` first: who asks and what they may see. Rows that the asker may not see are as if
they were not there, and personal values come back masked; both are done in ``db.lens``, for partners by ``db.partner``,
and nowhere else. RefusedError where a partner asks for what none is shown.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringwatch.db.casework import read_case_heads, read_cases, read_entries, read_newer
from ringwatch.db.cursors import Page, limit_of, make_cursor, page_of, read_cursor
from ringwatch.db.database import Database, Row, Scalar
from ringwatch.db.export import Reading, export_snapshot
from ringwatch.db.facts import notice_sides
from ringwatch.db.history import read_changes, read_judgements, read_lineages
from ringwatch.db.interning import find_numbers
from ringwatch.db.lens import Door, Lens
from ringwatch.db.notices import notice_hours, read_notices, read_reporters
from ringwatch.db.partner import NoticeTarget
from ringwatch.db.past import read_contents, read_ring_at, read_rings_at, read_run
from ringwatch.db.record import store_of
from ringwatch.db.record_pages import PagedRecord
from ringwatch.db.rows import (
    EventRow,
    ExemptionRow,
    Hidden,
    JudgementRow,
    Lineage,
    ListingRow,
    MemberRow,
    OpenLoad,
    OwnPart,
    PastRing,
    PastRun,
    RingQuery,
    RingRow,
    RingSince,
    RingTie,
    RunRow,
    SearchHit,
    SellerRow,
    UpheldRow,
    VersionContent,
    VersionMember,
    VersionRow,
)
from ringwatch.db.runs import read_trace
from ringwatch.db.search import search
from ringwatch.db.settings import SECRET
from ringwatch.db.times import micros, moment_of, optional_moment_of
from ringwatch.model.casework import Case, CaseEntry, Flag, Subject, flags_of
from ringwatch.model.enforcement import StoreRow
from ringwatch.model.errors import ConfigError, RefusedError
from ringwatch.model.kinds import Registry
from ringwatch.model.notices import NoticeQuery, NoticeRow
from ringwatch.model.reporters import Reporter
from ringwatch.model.rings import TIERS, Evidence, Fit, Hub, HubGround, RingValue, Role
from ringwatch.model.snapshot import Snapshot
from ringwatch.model.visibility import Visibility
from ringwatch.values.hashing import PREFIX as HASH_PREFIX

__all__ = [
    "EventRow",
    "ExemptionRow",
    "Hidden",
    "JudgementRow",
    "Lineage",
    "ListingRow",
    "MemberRow",
    "OpenLoad",
    "OwnPart",
    "Page",
    "PastRing",
    "PastRun",
    "RingQuery",
    "RingRow",
    "RingSince",
    "RingTie",
    "RunRow",
    "SearchHit",
    "SellerRow",
    "UpheldRow",
    "VersionContent",
    "VersionMember",
    "VersionRow",
    "View",
]

ORDERS = ("tier", "link", "infringement", "size", "priority")
"""Orders in which rings can be listed; ties by tier, then ring_id."""

_FINDERS = {
    "sellers": "find_sellers",
    "stores": "find_stores",
    "listings": "find_listings",
    "brands": "find_brands",
    "notices": "find_notices",
}


class View:
    """What can be read of one database. Made by ``db.open.open_view(url)``; a context manager.

    Each call sees the database at one moment; a View may be used from several threads at once.
    """

    def __init__(self, database: Database | Door) -> None:
        self._door = database if isinstance(database, Door) else Door(database)

    @contextmanager
    def at_one_moment(self) -> Iterator["View"]:
        """Yield a view whose calls all see the database at the same moment, for answers made of several reads.

        For one thread, and short: while it is open the write-ahead log cannot be taken up.
        """
        with self._door.at_one_moment() as door:
            yield View(door)

    def record(self, who: Visibility) -> AbstractContextManager[PagedRecord]:
        """Open what was decided about stores, in one picture, for one thread.

        RefusedError for those who may not see personal values: plans hold them unmasked.
        """
        return self._door.record(who)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()

    def counts(self, who: Visibility) -> Mapping[str, int]:
        """Count what stands: sellers, stores, listings, values, uses, brands, notices, exemptions, rings.

        A use counts once for each source that tells of it.
        """
        with self._door.open(who) as lens:
            return dict(lens.rows("counts"))

    def registry(self, who: Visibility) -> Registry:
        """Return the kinds in force in this database: built-in, declared by a mapping, met while loading."""
        with self._door.open(who) as lens:
            return lens.registry

    def setting(self, who: Visibility, name: str) -> str | None:
        """Return a fact kept in the database (is_demo, secret_key_digest, ...), None where it was never set."""
        with self._door.open(who) as lens:
            found = lens.rows("setting", {"name": name})
        return found[0][0] if found and name not in SECRET else None

    def open_loads(self, who: Visibility) -> Sequence[OpenLoad]:
        """Return the loads that were begun and neither finished nor done again, oldest first."""
        with self._door.open(who) as lens:
            return [OpenLoad(source, moment_of(begun_at)) for source, begun_at in lens.rows("open_loads")]

    def load_mark(self, who: Visibility) -> tuple[int, int, int]:
        """Return what is another whenever a load begins or ends; O(loads), where counting reads everything."""
        with self._door.open(who) as lens:
            n, n_open, finished_at = lens.rows("load_mark")[0]
        return n, n_open, finished_at

    def known_ids(self, who: Visibility, table: str, ids: pa.Array) -> npt.NDArray[np.bool_]:
        """Say for each id (string array) whether the table (sellers, stores, listings, brands, notices) has it."""
        with self._door.open(who) as lens:
            return find_numbers(lens, _FINDERS[table], ids) > 0

    def snapshot(self, who: Visibility, as_of: datetime) -> Snapshot:
        """Export the current graph (links not retired) as arrays; see ``Snapshot`` for the order.

        RefusedError for those who may not see personal values: masked ones would link strangers.
        """
        return self.read_graph(who, as_of).snapshot

    def read_graph(
        self, who: Visibility, as_of: datetime, *, from_kept: bool = True, own_of: Collection[str] = ()
    ) -> Reading:
        """Return the snapshot, and what it was made of where ``Writer.keep_picture`` should keep it for the next time.

        RefusedError as ``snapshot``; ``from_kept``: whether what was kept so may be used; ``own_of``: sellers of whom
        the snapshot names every value that they hold alone.
        """
        if not who.personal_values:
            raise RefusedError("snapshot: it holds personal values unmasked, which this role may not see; ask another")
        with self._door.open(who) as lens:
            return export_snapshot(lens, as_of, from_kept=from_kept, own_of=own_of)

    def run(self, who: Visibility) -> RunRow | None:
        """Return the current run, None where nothing was detected yet."""
        with self._door.open(who) as lens:
            found = lens.rows("run")
        for run_id, as_of, finished_at, fit_digest, n_sellers in found:
            return RunRow(run_id, moment_of(as_of), moment_of(finished_at), fit_digest, n_sellers)
        return None

    def fit(self, who: Visibility) -> Fit | None:
        """Return the fit that is kept, None before the first run."""
        with self._door.open(who) as lens:
            found = lens.rows("fit")
        return Fit(found[0][0], json.loads(found[0][1])) if found else None

    def rings(self, who: Visibility, query: RingQuery) -> Page[RingRow]:
        """Return rings of the current run; default order: tier (close first), link score falling, ring_id.

        ConfigError for an order or a cursor that is not ours.
        """
        if query.order not in ORDERS:
            raise ConfigError(f"order: {query.order!r} is no order of rings, expected one of {', '.join(ORDERS)}")
        number = (int, float)
        after = read_cursor(query.after, query.order, (number, number, str)) if query.after is not None else (None,) * 3
        params: dict[str, Scalar] = {
            "order": query.order,
            "tiers": json.dumps([TIERS.index(tier) for tier in query.tiers]) if query.tiers else None,
            "min_sellers": query.min_sellers,
            "only_ids": None if query.only is None else json.dumps(query.only),
            "except_ids": json.dumps(query.without) if query.without else None,
            "n": limit_of(query.first),
            **dict(zip(("k1", "k2", "ring_id"), after, strict=True)),
        }
        with self._door.open(who) as lens:
            found = lens.rows("rings", params)
        keys = {row[0]: make_cursor(query.order, row[5], row[6], row[0]) for row in found}
        return page_of([_ring(row) for row in found], query.first, lambda ring: keys[ring.ring_id])

    def ring(self, who: Visibility, ring_id: str) -> RingRow | None:
        """Return one ring of the current run."""
        with self._door.open(who) as lens:
            found = lens.rows("ring", {"ring_id": ring_id})
        return _ring(found[0]) if found else None

    def members(
        self, who: Visibility, ring_id: str, first: int | None = None, after: str | None = None
    ) -> Page[MemberRow]:
        """Return members of a ring, ascending by seller_id."""
        seller_id = str(read_cursor(after, "members", (str,))[0]) if after is not None else ""
        params: dict[str, Scalar] = {"ring_id": ring_id, "seller_id": seller_id, "n": limit_of(first)}
        with self._door.open(who) as lens:
            found = lens.rows("members", params)
        return page_of([_member(row) for row in found], first, _member_cursor)

    def all_members(self, who: Visibility) -> Sequence[MemberRow]:
        """Return every membership of the current run, ordered by ring_id then seller_id."""
        with self._door.open(who) as lens:
            return [_member(row) for row in lens.rows("all_members")]

    def evidence(
        self, who: Visibility, ring_id: str, seller_ids: Iterable[str] | None = None
    ) -> Mapping[str, tuple[Evidence, ...]]:
        """Return the evidence of each named member (all where None), in the order in which detection gave it."""
        wanted = None if seller_ids is None else json.dumps(list(seller_ids))
        parts: dict[str, list[Evidence]] = {}
        with self._door.open(who) as lens:
            for seller_id, *part in lens.rows("evidence", {"ring_id": ring_id, "seller_ids": wanted}):
                parts.setdefault(seller_id, []).append(_evidence(lens, seller_id, tuple(part)))
        return {seller_id: tuple(found) for seller_id, found in parts.items()}

    def ring_values(self, who: Visibility, ring_id: str) -> tuple[RingValue, ...]:
        """Return the values that members of a ring share, in the order in which detection gave them, hubs last."""
        with self._door.open(who) as lens:
            found = lens.rows("ring_values", {"ring_id": ring_id})
            rows = [
                RingValue(kind, family, lens.value(kind, value), n, bool(hub)) for kind, family, value, n, hub in found
            ]
        return tuple(sorted(rows, key=lambda row: row.is_hub))

    def trace(self, who: Visibility) -> bytes:
        """Return what the current run left for the next one to start from, empty where it left nothing.

        RefusedError for those who may not see personal values: digests of them could be guessed.
        """
        if not who.personal_values:
            raise RefusedError("trace: it holds digests of personal values, which this role may not see; ask another")
        with self._door.open(who) as lens:
            return read_trace(lens.rows("trace"))

    def hubs(self, who: Visibility) -> Sequence[Hub]:
        """Return the values of the current run that join nothing, most holders first, then by kind and value."""
        with self._door.open(who) as lens:
            return [
                Hub(kind, lens.value(kind, value), n_holders, reason, HubGround(ground), exempt_as)
                for kind, value, n_holders, reason, ground, exempt_as in lens.rows("hubs")
            ]

    def displays(self, who: Visibility, values: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Return what a person reads for each (kind, value) that is kept in another form; the rest have no entry."""
        with self._door.open(who) as lens:
            rows = lens.rows("displays", {"pairs": json.dumps(sorted(set(values)))})
            found = [(str(kind), str(value), str(display)) for kind, value, display in rows]
            return {
                (kind, value): display
                for kind, value, display in found
                if value.startswith(HASH_PREFIX) or lens.may_see(kind)  # the display of a hash is masked already
            }

    def as_seen(self, who: Visibility, values: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Return each (kind, value) as the asker may see it: the value itself, or its mask."""
        with self._door.open(who) as lens:
            lens.check_sees_all()
            return {(kind, value): lens.value(kind, value) for kind, value in values}

    def sellers(self, who: Visibility, seller_ids: Iterable[str]) -> Mapping[str, SellerRow]:
        """Return the sellers that are there, by id; unknown ids have no entry."""
        with self._door.open(who) as lens:
            found = lens.rows("sellers", {"ids": json.dumps(list(seller_ids))})
        return {row[0]: _seller(row) for row in found}

    def upheld(self, who: Visibility, seller_ids: Iterable[str]) -> Sequence[UpheldRow]:
        """Return the upheld notices, test buys and seizures against the stores of sellers, by store, kind and listing.

        Also against stores and listings that are gone; what a notice names as its listing counts before its store.
        """
        with self._door.open(who) as lens:
            found = lens.rows("notices_against", {"ids": json.dumps(list(seller_ids))})
        kinds, outcomes = (pa.array([row[place] for row in found], pa.string()) for place in (1, 2))
        upheld = [row for row, is_upheld in zip(found, notice_sides(kinds, outcomes)[0], strict=True) if is_upheld]
        return [
            UpheldRow(store_id, kind or "notice", listing_id, n, *map(optional_moment_of, times))
            for store_id, kind, _, listing_id, n, *times in upheld
        ]

    def ring_of(self, who: Visibility, seller_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the ring_id of each seller that is in one; of several the one of the larger link score."""
        with self._door.open(who) as lens:
            found = lens.rows("ring_of", {"ids": json.dumps(list(seller_ids))})
        return dict(found)

    def stores_of(self, who: Visibility, seller_ids: Iterable[str]) -> Sequence[StoreRow]:
        """Return the stores that stand of sellers, by store_id, as they were loaded."""
        with self._door.open(who) as lens:
            return [store_of(row) for row in lens.rows("stores_of", {"ids": json.dumps(list(seller_ids))})]

    def search(self, who: Visibility, text: str, first: int, after: str | None = None) -> Page[SearchHit]:
        """Find sellers (by id, name or a store's), rings and values by the start of a word, best first.

        See ``db.search`` for what is found how; values that are hashed or that the asker may not see never are.
        A partner finds pseudonyms that it was shown, and rings by listings of its own.
        """
        with self._door.open(who) as lens:
            return search(lens, text, first, after) if lens.eyes is None else lens.eyes.search(text, first, after)

    # What partners alone have: a brand of their own.

    def own_brand(self, who: Visibility) -> str | None:
        """Return the name of the partner's brand, None where it was never loaded."""
        with self._door.open(who) as lens:
            return lens.eyes.sight.brand_name if lens.eyes else None

    def own_listings(self, who: Visibility, ring_id: str) -> Sequence[ListingRow]:
        """Return the listings of the partner's brand in a ring, by listing_id; nobody else has any."""
        with self._door.open(who) as lens:
            return lens.eyes.own_listings(ring_id) if lens.eyes else []

    def own_parts(self, who: Visibility, ring_ids: Iterable[str]) -> Mapping[str, OwnPart]:
        """Return how much of each ring lists the partner's brand; rings that are not in sight have no entry."""
        with self._door.open(who) as lens:
            return lens.eyes.own_parts(ring_ids) if lens.eyes else {}

    def hidden(self, who: Visibility, ring_id: str) -> Hidden:
        """Return how much of a ring a partner is not shown, in steps; nothing is hidden from anybody else."""
        with self._door.open(who) as lens:
            return lens.eyes.hidden(ring_id) if lens.eyes else Hidden(0, 0)

    def behind(self, who: Visibility, name: str) -> tuple[str, str] | None:
        """Return what a partner means by a pseudonym or by its listing's id, as (ring, seller, store or listing, id).

        For what is kept of a partner's act, never to be shown to it. None where it has nothing of that name in sight.
        """
        with self._door.open(who) as lens:
            return lens.eyes.real_id(name) if lens.eyes else None

    def meant_by(self, who: Visibility, name: str) -> Subject | None:
        """Return what a partner means by a pseudonym or by its listing's id, with the ring that it is in.

        As ``behind``: for what is kept of its act, never to be shown to it.
        """
        with self._door.open(who) as lens:
            return lens.eyes.meant_by(name) if lens.eyes else None

    # Many at once: what a list of rings or members needs, in one query however long the list is.

    def rings_by_id(self, who: Visibility, ring_ids: Iterable[str]) -> Mapping[str, RingRow]:
        """Return the rings of the current run that are there, by id; unknown ids have no entry."""
        with self._door.open(who) as lens:
            return {row[0]: _ring(row) for row in lens.rows("rings_by_id", {"ids": json.dumps(list(ring_ids))})}

    def members_of(self, who: Visibility, ring_ids: Iterable[str], first: int) -> Mapping[str, Page[MemberRow]]:
        """Return the first page of members of each ring, as ``members`` gives it; unknown ids have no entry."""
        rows: dict[str, list[MemberRow]] = {}
        with self._door.open(who) as lens:
            for row in lens.rows("members_of", {"ids": json.dumps(list(ring_ids)), "n": limit_of(first)}):
                rows.setdefault(row[0], []).append(_member(row))
        return {ring_id: page_of(found, first, _member_cursor) for ring_id, found in rows.items()}

    def evidence_of(
        self, who: Visibility, members: Iterable[tuple[str, str]]
    ) -> Mapping[tuple[str, str], tuple[Evidence, ...]]:
        """Return the evidence of each (ring_id, seller_id), in the order of ``evidence``; without any no entry.

        ``sellers`` is empty: naming the fellow members of each part would cost the square of a ring's size.
        """
        parts: dict[tuple[str, str], list[Evidence]] = {}
        with self._door.open(who) as lens:
            for row in lens.rows("evidence_of", {"members": json.dumps(list(members))}):
                parts.setdefault((row[0], row[1]), []).append(_evidence_alone(lens, row[2:]))
        return {key: tuple(found) for key, found in parts.items()}

    def ring_evidence(self, who: Visibility, ring_ids: Iterable[str], first: int) -> Mapping[str, tuple[Evidence, ...]]:
        """Return the ``first`` values that speak loudest for each ring, by score falling, then kind, value.

        ``score`` is the sum of what the value adds to the members; ``sellers`` is empty: members tell whom it links.
        """
        parts: dict[str, list[Evidence]] = {}
        with self._door.open(who) as lens:
            for row in lens.rows("ring_evidence", {"ids": json.dumps(list(ring_ids)), "n": first}):
                parts.setdefault(row[0], []).append(_evidence_alone(lens, row[1:]))
        return {ring_id: tuple(found) for ring_id, found in parts.items()}

    def lineage(self, who: Visibility, ring_id: str) -> Lineage | None:
        """Return what became of a ring, also of one that is no more; None where no run ever gave that id."""
        return self.lineages(who, [ring_id]).get(ring_id)

    def lineages(self, who: Visibility, ring_ids: Iterable[str]) -> Mapping[str, Lineage]:
        """Return the same of several rings, by id; ids that no run ever gave have no entry."""
        with self._door.open(who) as lens:
            return read_lineages(lens, ring_ids)

    def changes(self, who: Visibility, since: str) -> Sequence[EventRow]:
        """Return what became of rings in the runs after one, first events first; ConfigError for an unknown run."""
        with self._door.open(who) as lens:
            return read_changes(lens, since)

    def past_run(self, who: Visibility, run_id: str) -> PastRun | None:
        """Return a run of any time, the current one too; None where no run of that id was kept."""
        with self._door.open(who) as lens:
            return read_run(lens, run_id)

    def rings_at(self, who: Visibility, run: PastRun) -> Sequence[RingSince]:
        """Return the rings that there were in a run, by ring_id, each in the version that was in force."""
        with self._door.open(who) as lens:
            return read_rings_at(lens, run)

    def ring_at(self, who: Visibility, ring_id: str, run: PastRun) -> PastRing | None:
        """Return a ring as it was in a run, None where that run had none of that id."""
        with self._door.open(who) as lens:
            return read_ring_at(lens, ring_id, run)

    def ring_history(self, who: Visibility, ring_id: str, low: int, high: int) -> Sequence[VersionContent]:
        """Return what versions ``low`` to ``high`` of a ring rest on and where they are drawn, first ones first.

        RefusedError for those who may not see personal values: it holds them unmasked.
        """
        if not who.personal_values:
            raise RefusedError("history: it holds personal values unmasked, which this role may not see; ask another")
        with self._door.open(who) as lens:
            return read_contents(lens, ring_id, low, high)

    def ring_ties(self, who: Visibility) -> Sequence[RingTie]:
        """Return what rings of the current run have in common, by ring, kind and value; not what many rings share."""
        with self._door.open(who) as lens:
            return [
                RingTie(one, other, kind, n_holders, bool(is_hub))
                for one, other, kind, n_holders, is_hub in lens.rows("ring_ties")
            ]

    def map_places(self, who: Visibility, run: PastRun) -> tuple[str, str] | None:
        """Return the newest map that is kept of the runs up to one, as run_id and places; None where there is none."""
        with self._door.open(who) as lens:
            found = lens.rows("run_layout", {"log_n": run.n})
        return (found[0][0], found[0][1]) if found else None

    def closed_rings(self, who: Visibility) -> frozenset[str]:
        """Return the ids of rings all of whose stores were closed when a run last looked."""
        with self._door.open(who) as lens:
            return frozenset(ring_id for (ring_id,) in lens.rows("closed_rings"))

    def judgements(self, who: Visibility) -> Sequence[JudgementRow]:
        """Return all judgements, oldest first; the newest of each subject counts."""
        with self._door.open(who) as lens:
            return read_judgements(lens)

    # Casework: what people wrote, decided and asked

    def case_version(self, who: Visibility) -> int:
        """Return the number of the newest entry of casework, 0 where there is none."""
        with self._door.open(who) as lens:
            return int(lens.ints("last_case")[0, 0])

    def cases(self, who: Visibility, ring_ids: Iterable[str]) -> Mapping[str, Case]:
        """Return where the work on rings stands, by id; rings that nobody said anything of have no entry."""
        with self._door.open(who) as lens:
            return read_cases(lens, ring_ids)

    def case_heads(self, who: Visibility) -> Mapping[str, Case]:
        """Return the same of every ring, with the entries of assignments, flags and answers alone."""
        with self._door.open(who) as lens:
            return read_case_heads(lens)

    def seller_entries(self, who: Visibility, seller_id: str) -> Sequence[CaseEntry]:
        """Return what was said of a seller and of its listings, first entries first."""
        with self._door.open(who) as lens:
            return read_entries(lens, "seller_case_entries", {"seller_id": seller_id})

    def newer_entries(self, who: Visibility, about: Subject, seen: int) -> Sequence[CaseEntry]:
        """Return the entries about a thing after a number, first ones first."""
        with self._door.open(who) as lens:
            return read_newer(lens, about, seen)

    def flags(self, who: Visibility) -> Sequence[Flag]:
        """Return the flags with their answers, first ones first; to a partner those of its own brand."""
        with self._door.open(who) as lens:
            return flags_of(read_entries(lens, "flag_entries", {"brand_id": who.brand_id}))

    def case_news(self, who: Visibility, after: int) -> Sequence[tuple[str, int, str]]:
        """Return ring_id, number and act of the entries after a number, first ones first."""
        with self._door.open(who) as lens:
            return [(ring_id, n, act) for ring_id, n, act in lens.rows("case_news", {"after": after})]

    # Notices, loaded and filed here

    def notices(self, who: Visibility, query: NoticeQuery) -> Page[NoticeRow]:
        """Return notices, those that are due first, what has no date last; to a partner those of its own brand.

        ConfigError for a cursor that is not ours.
        """
        with self._door.open(who) as lens:
            return read_notices(lens, query, notice_hours(lens))

    def reporters(self, who: Visibility, at: datetime) -> Sequence[Reporter]:
        """Return how far the notices of each brand were right, by brand; to a partner of its own, also without any."""
        with self._door.open(who) as lens:
            found = read_reporters(lens, at, who.brand_id)
        return [found.get(who.brand_id) or Reporter(who.brand_id)] if who.brand_id else list(found.values())

    def notice_targets(
        self, who: Visibility, listing_ids: Iterable[str], store_ids: Iterable[str]
    ) -> Mapping[str, NoticeTarget]:
        """Return the (listing, store) that each id names, listing None for a store; what is not there has no entry.

        For what is kept of a notice, never to be shown to a partner: it names stores by pseudonyms.
        """
        with self._door.open(who) as lens:
            if lens.eyes:
                return lens.eyes.targets(listing_ids, store_ids)
            listings = lens.rows("listing_places", {"ids": json.dumps(sorted(set(listing_ids)))})
            stores = lens.rows("stores", {"ids": json.dumps(sorted(set(store_ids)))})
        return {row[0]: (row[0], row[1]) for row in listings} | {row[0]: (None, row[0]) for row in stores}

    def exemptions(self, who: Visibility, at: datetime) -> Sequence[ExemptionRow]:
        """Return the exemptions in force at a moment, by kind then value."""
        with self._door.open(who) as lens:
            found = lens.rows("exemptions", {"at": micros(at)})
            return [
                ExemptionRow(
                    kind, lens.value(kind, value), reason, owner, note, moment_of(made), optional_moment_of(expires)
                )
                for kind, value, reason, owner, note, made, expires in found
            ]


def _seller(row: Row) -> SellerRow:
    seller_id, name, country, registered_at, status, n_stores, n_listings = row
    return SellerRow(seller_id, name, country, optional_moment_of(registered_at), status, n_stores, n_listings)


def _ring(row: Row) -> RingRow:
    ring_id, tier_rank, n_sellers, link_score, infringement_score = row[:5]
    return RingRow(ring_id, TIERS[tier_rank], n_sellers, link_score, infringement_score)


def _member(row: Row) -> MemberRow:
    ring_id, seller_id, tier_rank, role, link_score, log_odds, infringement_score, is_fragile, why = row
    scores = (link_score, log_odds, infringement_score)
    return MemberRow(ring_id, seller_id, TIERS[tier_rank], Role(role), *scores, bool(is_fragile), why)


def _member_cursor(row: MemberRow) -> str:
    return make_cursor("members", row.seller_id)


def _evidence_alone(lens: Lens, part: Row) -> Evidence:
    kind, family, value, n_holders, score = part
    return Evidence(kind, family, lens.value(kind, value), n_holders, (), score)


def _evidence(lens: Lens, seller_id: str, part: Row) -> Evidence:
    kind, family, value, n_holders, score, holders = part
    fellows = tuple(holder for holder in json.loads(holders) if holder != seller_id)
    return Evidence(kind, family, lens.value(kind, value), n_holders, fellows, score)
