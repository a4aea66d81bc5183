"""Bulk writes, typed once over both databases. Each call is one transaction (a load batch, a whole run)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType, TracebackType
from typing import Self

import pyarrow as pa

from ringwatch.db.batches import (
    write_authorisations,
    write_brands,
    write_exemptions,
    write_listings,
    write_notices,
    write_sellers,
    write_stores,
)
from ringwatch.db.database import Database, Session
from ringwatch.db.decided import ExemptionInput, hand_on
from ringwatch.db.export import MARK_SETTING
from ringwatch.db.kinds import definition_of
from ringwatch.db.picture import Picture
from ringwatch.db.picture_file import write_picture
from ringwatch.db.record import Record
from ringwatch.db.runs import Change, Run, save_renewal, save_run
from ringwatch.db.times import micros
from ringwatch.db.uses import write_uses
from ringwatch.model.casework import CaseEntry
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import ConfigError, RetryableError
from ringwatch.model.judgements import Judgement
from ringwatch.model.kinds import Kind
from ringwatch.model.rings import Detection, Renewal, RingEvent
from ringwatch.model.tables import BATCH_SCHEMAS

__all__ = ["ExemptionInput", "Writer"]

_WRITERS: Mapping[str, Callable[[Session, int, pa.Table], None]] = MappingProxyType(
    {
        "sellers": write_sellers,
        "stores": write_stores,
        "listings": write_listings,
        "brands": write_brands,
        "authorisations": write_authorisations,
        "notices": write_notices,
    }
)

_DAY = timedelta(days=1)

_RETIRED = ("stores", "listings", "uses", "authorisations")
"""What a full load retires where it is not seen: the links of a source. Sellers, brands and notices stay."""


class Writer:
    """What can be written to one database. Made by ``db.open.open_writer(url)``; a context manager.

    Loads, runs and decisions stand in the ledger under the name of who writes, all in one transaction with what they
    write.
    """

    def __init__(self, database: Database, actor: str = "") -> None:
        self._database = database
        self._actor = actor

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def set_setting(self, name: str, value: str) -> None:
        """Keep a fact in the database (is_demo, secret_key_digest, ...)."""
        self._database.transact(lambda session: session.write("set_setting", {"name": name, "value": value}))

    def declare_kinds(self, kinds: Iterable[Kind]) -> None:
        """Keep kinds of the marketplace's own; a kind declared again replaces the former."""
        declared = [{"name": kind.name, "definition": definition_of(kind)} for kind in kinds]
        self._database.transact(lambda session: [session.write("declare_kind", kind) for kind in declared])

    def begin_load(self, source: str, at: datetime, full: bool) -> int:
        """Open a load of a source and return its number; an earlier one that never finished is given up.

        What that one wrote stays, as what any earlier load wrote: the same files loaded again complete it.
        """

        def begin(session: Session) -> int:
            session.write("insert_source", {"name": source})
            source_n = session.rows("find_source", {"name": source})[0][0]
            session.write("replace_loads", {"source_n": source_n})
            begun = {"source_n": source_n, "is_full": int(full), "begun_at": micros(at)}
            load = int(session.ints("insert_load", begun)[0, 0])
            self._note(session, at, "load", {"load": load, "source": source, "is_full": full})
            return load

        return self._database.transact(begin)

    def write(self, load: int, table: str, batch: pa.Table) -> int:
        """Upsert one batch (schema: ``BATCH_SCHEMAS[table]``) and return how many rows it holds.

        One transaction, or several, each of whole rows: what breaks off is completed by the same batch. Same key
        twice within the load: of differing properties the greatest value of each column wins. A later load updates
        properties, and where it gives none the former stand; ``first_seen_at`` keeps the earliest, ``last_seen_at``
        the latest. Raises InputError for a reference to what is not there, RetryableError where another load of the
        same source began meanwhile.
        """
        schema = BATCH_SCHEMAS[table]
        batch = batch.select(schema.names).cast(schema)
        size = min(self._database.rows_a_turn, max(len(batch), 1))
        for start in range(0, len(batch), size):
            part = batch.slice(start, size)
            self._database.transact_in_parts(partial(_write_part, load=load, table=table, part=part), len(part))
        return len(batch)

    def finish_load(self, load: int, at: datetime) -> Mapping[str, int]:
        """Close the load; after a full one retire the source's links that it did not see. Returns retired counts.

        Links are uses, stores, listings and authorisations; each stays in the database with the moment (``valid_to``),
        and stands again once a load sees it again. A store or listing belongs to the source that gave it last.
        """

        def finish(session: Session) -> Mapping[str, int]:
            _, _, is_full = _open_load(session, load)
            params = {"load_n": load, "at": micros(at)}
            retired = {name: session.write(f"retire_{name}", params) for name in _RETIRED} if is_full else {}
            session.write("finish_load", {"n": load, "finished_at": micros(at)})
            self._note(session, at, "finish load", {"load": load, "retired": retired})
            return retired

        self._database.settle()
        return self._database.transact(finish)

    def save_run(self, run_id: str, detection: Detection, at: datetime, trace: bytes = b"") -> None:
        """Keep rings, members, evidence, hubs and the fit, and make the run the current one, in one step.

        The run before is forgotten, but for the ids of its rings; readers see the one or the other, whole. ``trace`` is
        kept for the next run to start from.
        """
        told = {"run_id": run_id, "as_of": detection.as_of.isoformat(), "n_rings": len(detection.rings)}
        note = partial(self._note_run, at=at, told=told, events=detection.events)
        save_run(self._database, Run(run_id, at, note), detection, trace)

    def save_renewal(self, change: Change, renewal: Renewal, trace: bytes) -> bool:
        """Keep what a run changed of the one before, in one step; False, and nothing kept, where that is not current.

        What it did not change stays as it is; readers see the one run or the other, whole.
        """
        told = {"run_id": change.run_id, "as_of": renewal.as_of.isoformat(), "n_rings": change.n_rings}
        told |= {"renews": change.former_id}
        note = partial(self._note_run, at=change.at, told=told, events=renewal.events)
        return save_renewal(self._database, change, renewal, trace, note)

    def keep_places(self, ring_id: str, n: int, places: str) -> None:
        """Keep where the picture of a version of a ring shows its marks, unless somebody was quicker."""
        row: dict[str, str | int] = {"ring_id": ring_id, "n": n, "places": places}
        self._database.transact(lambda session: session.write("set_ring_layout", row))

    def keep_map(self, run_id: str, places: str) -> None:
        """Keep where the map of a run shows its rings, unless somebody was quicker."""
        self._database.transact(lambda session: session.write("set_run_layout", {"run_id": run_id, "places": places}))

    def keep_picture(self, picture: Picture | None) -> None:
        """Keep a picture of the graph, where there is one, for ``View.snapshot`` to begin with.

        Where it cannot be written the next reading is a whole one.
        """

        def put(session: Session) -> None:
            path = session.picture_path
            mark = None if picture is None or path is None else write_picture(path, picture)
            if mark is not None:
                session.write("set_setting", {"name": MARK_SETTING, "value": mark})

        if picture is not None:
            self._database.transact(put)

    # ``seen``: the number of the newest entry of casework that the one who acts has seen. Where there is a newer one
    # about the same thing, ConflictError is raised and nothing is written.

    def exempt(self, exemption: ExemptionInput, at: datetime, ring_id: str = "", seen: int | None = None) -> None:
        """Make or renew an exemption; ``ring_id``: the ring on whose account."""
        self._database.transact(lambda session: Record(session).exempt(exemption, self._hand(at), ring_id, seen))

    def judge(self, judgement: Judgement, at: datetime, seen: int | None = None) -> str:
        """Keep a judgement and return its id; it binds every later run until a newer one of the same subject."""
        return self._database.transact(lambda session: Record(session).judge(judgement, self._hand(at), seen))

    def add_case(self, draft: CaseEntry, at: datetime, seen: int | None = None) -> CaseEntry:
        """Keep a note, an assignment or an answer, and return it with its number."""
        return self._database.transact(lambda session: Record(session).add_case(draft, self._hand(at), seen))

    def flag(self, draft: CaseEntry, at: datetime, most_a_day: int) -> CaseEntry:
        """Keep a flag and return it with its number; FlagLimitError after ``most_a_day`` of its brand."""

        def flag(session: Session) -> CaseEntry:
            record = Record(session)
            record.check_flags_left(draft.brand_id or "", at - _DAY, most_a_day)
            return record.add_case(draft, self._hand(at))

        return self._database.transact(flag)

    def lift_exemption(self, kind: str, value: str, reason: str, at: datetime, seen: int | None = None) -> bool:
        """Take an exemption back; False where there was none. Loading the same exemption again does not revive it."""
        hand = self._hand(at)
        return self._database.transact(
            lambda session: Record(session).lift_exemption((kind, value), reason, hand, seen)
        )

    def change_setting(self, name: str, value: str, at: datetime) -> None:
        """Keep a limit that a person changed."""

        def change(session: Session) -> None:
            record = Record(session)
            told = {"name": name, "before": record.setting(name), "value": value}
            record.set_setting(name, value)
            record.note(self._hand(at), "change setting", told)

        self._database.transact(change)

    def _hand(self, at: datetime) -> Hand:
        return Hand(self._actor, at)

    def _note_run(
        self, session: Session, at: datetime, told: Mapping[str, object], events: Iterable[RingEvent]
    ) -> None:
        hand_on(session, events)
        self._note(session, at, "detect", told)

    def _note(self, session: Session, at: datetime, action: str, body: Mapping[str, object]) -> None:
        Record(session).note(self._hand(at), action, body, may_be_late=True)


def _write_part(session: Session, load: int, table: str, part: pa.Table) -> None:
    source_n, begun_at, _ = _open_load(session, load)
    if table == "uses":
        write_uses(session, load, source_n, part)
    elif table == "exemptions":
        write_exemptions(session, load, part, begun_at)
    else:
        _WRITERS[table](session, load, part)


def _open_load(session: Session, load: int) -> tuple[int, int, bool]:
    """Return the source's number, the begin and the fullness of a load that is open."""
    found = session.rows("load", {"n": load})
    if not found:
        raise ConfigError(f"load {load}: there is no such load; begin one first")
    source_n, source, is_full, state, begun_at = found[0]
    if state != "open":
        raise RetryableError(
            f"load {load}: this load of {source!r} is {state}: another load of the source began"
            " meanwhile, or it was finished; nothing more is written; load again"
        )
    return source_n, begun_at, bool(is_full)
