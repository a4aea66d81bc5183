"""Every question that a ``View`` takes, asked about all there is, so that two databases can be held side by side."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from tests.support.snapshots import columns_of

from ringwatch.db.rows import PastRun
from ringwatch.db.view import ORDERS, RingQuery, View
from ringwatch.model.casework import Subject
from ringwatch.model.errors import RingwatchError
from ringwatch.model.notices import NoticeQuery, NoticeState
from ringwatch.model.rings import TIERS
from ringwatch.model.visibility import FULL, ActorRole, Visibility

MASKED = Visibility(ActorRole.APPROVER, personal_values=False)
NOT_ASKED = {"at_one_moment"}  # no question: all are asked through it
NOBODY = ("", "S00", "s00 ", "R'\"`$\\", "\u5c71", "\x00")
N_RINGS = 8  # asked about one by one; all of them where many are asked for at once
TEXTS = ("s0", "t1", "SELLER s1", "söhne", "山东", "+49", "lamps blue", "r", '*"', "a:b +c -d")


@dataclass(frozen=True)
class Known:
    """What questions can be asked about: the ids of one database, and a few that it does not have."""

    at: datetime
    sellers: tuple[str, ...]
    ids: Mapping[str, tuple[str, ...]]
    rings: tuple[str, ...]
    runs: tuple[str, ...]
    values: tuple[tuple[str, str], ...]

    @property
    def few(self) -> tuple[str, ...]:
        """Return rings that are, that were and that never were."""
        n = len(self.rings) - len(NOBODY)
        return (*self.rings[: N_RINGS // 2], *self.rings[max(n - N_RINGS // 2, N_RINGS // 2) : n], *NOBODY[:2])


def known_of(view: View, at: datetime, ids: Mapping[str, tuple[str, ...]], runs: tuple[str, ...]) -> Known:
    """Look at a database for what to ask about; ``runs`` were ever kept, ``ids`` may have been loaded, by table."""
    snapshot = view.snapshot(FULL, at)
    kinds = [snapshot.kinds[k].name for k in snapshot.value_kind]
    values = tuple(zip(kinds, snapshot.value_text.to_pylist(), strict=True))
    members = {member.ring_id for member in view.all_members(FULL)}
    ever = {event.event.ring_id for run in runs for event in view.changes(FULL, run)}
    rings = (*sorted(ever - members), *sorted(members))
    return Known(at, (*ids["sellers"], *NOBODY), ids, (*rings, *NOBODY), runs, (*values, ("phone", "nobody")))


def answers(view: View, who: Visibility, known: Known) -> dict[str, Any]:
    """Return the answer to every question, by the method asked; a refusal is an answer."""
    found: dict[str, Any] = {}
    for name, ask in QUESTIONS.items():
        try:
            found[name] = ask(view, who, known)
        except RingwatchError as refusal:
            found[name] = (type(refusal), str(refusal))
    return found


def _pages(turn: Callable[[str | None], Any]) -> Iterator[Any]:
    """Yield pages until the last."""
    after = None
    while True:
        page = turn(after)
        yield page
        if not page.has_next:
            return
        after = page.cursors[-1]


def _rings(view: View, who: Visibility, _: Known) -> Any:
    whole = [view.rings(who, RingQuery(order=order)) for order in ORDERS]
    some = [view.rings(who, RingQuery(tiers=tiers, min_sellers=3)) for tiers in (TIERS[:1], TIERS[1:])]
    paged = [
        list(_pages(lambda after, order=order: view.rings(who, RingQuery(order=order, first=2, after=after))))
        for order in ORDERS
    ]
    return whole, some, paged


def _members(view: View, who: Visibility, known: Known) -> Any:
    return [list(_pages(lambda after, r=ring: view.members(who, r, 2, after))) for ring in known.few]


def _search(view: View, who: Visibility, _: Known) -> Any:
    return [list(_pages(lambda after, text=text: view.search(who, text, 8, after))) for text in TEXTS]


def _known_ids(view: View, who: Visibility, known: Known) -> Any:
    asked = {table: pa.array([*ids, *NOBODY, None]) for table, ids in known.ids.items()}
    return {table: view.known_ids(who, table, ids).tolist() for table, ids in asked.items()}


def _evidence(view: View, who: Visibility, known: Known) -> Any:
    some = view.evidence(who, known.few[0], known.sellers[::2])
    return some, [view.evidence(who, ring) for ring in known.few]


def _evidence_of(view: View, who: Visibility, known: Known) -> Any:
    return view.evidence_of(who, [(ring, seller) for ring in known.rings for seller in known.sellers])


def _exemptions(view: View, who: Visibility, known: Known) -> Any:
    return [view.exemptions(who, known.at + timedelta(days=days)) for days in (-400, 0, 400)]


def _past(view: View, who: Visibility, known: Known) -> list[PastRun]:
    return [run for run_id in known.runs if (run := view.past_run(who, run_id))]


def _notices(view: View, who: Visibility, known: Known) -> Any:
    overdue = NoticeQuery(overdue_at=known.at)
    whole = [view.notices(who, query) for query in (NoticeQuery(), overdue, *map(NoticeQuery, NoticeState))]
    return whole, list(_pages(lambda after: view.notices(who, NoticeQuery(first=2, after=after))))


def _newer_entries(view: View, who: Visibility, known: Known) -> Any:
    about = [Subject(ring) for ring in known.few] + [Subject(value=value) for value in known.values[::4]]
    return [view.newer_entries(who, subject, seen) for subject in about for seen in (0, 2)]


def _record(view: View, who: Visibility, known: Known) -> Any:
    """Return what was decided, and the ledger without its moments: the two databases were worked on one by one."""
    with view.record(who) as record:
        told = [replace(sealed.entry, at=0) for sealed in record.entries()]
        return told, record.plans(), record.appeals(), record.stores_of(known.sellers), record.message_counts()


QUESTIONS: Mapping[str, Callable[[View, Visibility, Known], Any]] = {
    "counts": lambda view, who, _: view.counts(who),
    "registry": lambda view, who, _: dict(view.registry(who).kinds),
    "setting": lambda view, who, _: [view.setting(who, name) for name in ("is_drill", "loaded:crm", "none", "")],
    "open_loads": lambda view, who, _: view.open_loads(who),
    "load_mark": lambda view, who, _: view.load_mark(who)[:2],  # the moment is that of each database's own load
    "known_ids": _known_ids,
    "snapshot": lambda view, who, known: columns_of(view.snapshot(who, known.at)),
    "read_graph": lambda view, who, known: columns_of(view.read_graph(who, known.at).snapshot),
    "record": _record,
    "run": lambda view, who, _: view.run(who),
    "fit": lambda view, who, _: view.fit(who),
    "rings": _rings,
    "ring": lambda view, who, known: [view.ring(who, ring) for ring in known.few],
    "members": _members,
    "all_members": lambda view, who, _: view.all_members(who),
    "evidence": _evidence,
    "trace": lambda view, who, _: view.trace(who),
    "hubs": lambda view, who, _: view.hubs(who),
    "ring_values": lambda view, who, known: [view.ring_values(who, ring) for ring in known.few],
    "displays": lambda view, who, known: view.displays(who, known.values),
    "as_seen": lambda view, who, known: view.as_seen(who, known.values),
    "sellers": lambda view, who, known: view.sellers(who, known.sellers),
    "stores_of": lambda view, who, known: view.stores_of(who, known.sellers),
    "upheld": lambda view, who, known: view.upheld(who, known.sellers),
    "ring_of": lambda view, who, known: view.ring_of(who, known.sellers),
    "search": _search,
    "rings_by_id": lambda view, who, known: view.rings_by_id(who, known.rings),
    "members_of": lambda view, who, known: [view.members_of(who, known.rings, first) for first in (0, 2, 9)],
    "evidence_of": _evidence_of,
    "ring_evidence": lambda view, who, known: [view.ring_evidence(who, known.rings, first) for first in (1, 9)],
    "lineage": lambda view, who, known: [view.lineage(who, ring) for ring in known.rings],
    "lineages": lambda view, who, known: view.lineages(who, known.rings),
    "changes": lambda view, who, known: [view.changes(who, run) for run in known.runs],
    "closed_rings": lambda view, who, _: view.closed_rings(who),
    "judgements": lambda view, who, _: view.judgements(who),
    "exemptions": _exemptions,
    "past_run": _past,
    "rings_at": lambda view, who, known: [view.rings_at(who, run) for run in _past(view, who, known)],
    "ring_at": lambda view, who, known: [
        view.ring_at(who, r, run) for run in _past(view, who, known) for r in known.few
    ],
    "ring_history": lambda view, who, known: [view.ring_history(who, ring, 1, 9) for ring in known.rings],
    "ring_ties": lambda view, who, _: view.ring_ties(who),
    "map_places": lambda view, who, known: [view.map_places(who, run) for run in _past(view, who, known)],
    "case_version": lambda view, who, _: view.case_version(who),
    "cases": lambda view, who, known: view.cases(who, known.rings),
    "case_heads": lambda view, who, _: view.case_heads(who),
    "seller_entries": lambda view, who, known: [view.seller_entries(who, seller) for seller in known.sellers],
    "newer_entries": _newer_entries,
    "flags": lambda view, who, _: view.flags(who),
    "case_news": lambda view, who, _: view.case_news(who, 0),
    "notices": _notices,
    "reporters": lambda view, who, known: view.reporters(who, known.at),
    "notice_targets": lambda view, who, known: view.notice_targets(who, known.ids["listings"], known.ids["stores"]),
    "own_brand": lambda view, who, _: view.own_brand(who),
    "own_listings": lambda view, who, known: [view.own_listings(who, ring) for ring in known.few],
    "own_parts": lambda view, who, known: view.own_parts(who, known.rings),
    "hidden": lambda view, who, known: [view.hidden(who, ring) for ring in known.few],
    "behind": lambda view, who, known: [view.behind(who, name) for name in known.few],
    "meant_by": lambda view, who, known: [view.meant_by(who, name) for name in known.few],
}


def questions_there_are() -> set[str]:
    """Return the names of all that a ``View`` can be asked."""
    return {name for name in vars(View) if not name.startswith("_")} - NOT_ASKED
