"""What was decided about stores, read and written in one picture or one transaction of a database."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime

import orjson

from ringwatch.db.database import Params, Row, Scalar, Session
from ringwatch.db.decided import ExemptionInput, check_seen, write_case, write_exemption, write_judgement, write_lift
from ringwatch.db.notice_book import NoticeBook
from ringwatch.db.times import micros, moment_of, optional_moment_of
from ringwatch.model.casework import CaseAct, CaseEntry, FlagLimitError, Subject
from ringwatch.model.chain import GENESIS, Entry, Head, Sealed, seal
from ringwatch.model.enforcement import (
    Actor,
    Appeal,
    AppealState,
    Hand,
    Message,
    MessageState,
    Plan,
    PlanState,
    PlanStore,
    Progress,
    StoreAction,
    StoreRow,
)
from ringwatch.model.errors import RefusedError, RetryableError
from ringwatch.model.judgements import Judgement
from ringwatch.model.visibility import ActorRole

HEAD_SETTING = "ledger_head"
_ENTRIES_A_READ = 5_000  # some megabytes
STORES_A_READ = 1_000  # a store's frozen evidence is some kilobytes
_SKEW_MICROS = 60_000_000  # a clock that is set right again may step back by seconds; more is a wrong clock
_CARRIED_OUT = frozenset({PlanState.APPROVED, PlanState.DONE, PlanState.UNDONE})


class Record:
    """Typed rows over a session. Times go in and come out as aware moments."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # Settings that belong to enforcement

    def setting(self, name: str) -> str | None:
        """Return a fact kept in the database, None where it was never set."""
        found = self._session.rows("setting", {"name": name})
        return found[0][0] if found else None

    def set_setting(self, name: str, value: str) -> None:
        """Keep a fact in the database."""
        self._session.write("set_setting", {"name": name, "value": value})

    # Who acts

    def actors(self) -> list[Actor]:
        """Return all actors by name, also those whose key was revoked."""
        return [_actor(row) for row in self._session.rows("actors")]

    def add_actor(self, actor: Actor) -> None:
        """Make an actor known."""
        times = (micros(actor.added_at), _micros(actor.expires_at), _micros(actor.revoked_at))
        own = (actor.name, actor.role.value, actor.brand_id, actor.key_digest, actor.key_prefix, actor.added_by)
        self._session.write_rows("insert_actor", [(*own, *times)])

    def set_actor_key(self, actor: Actor) -> None:
        """Give an actor the key that the row names."""
        given = {"name": actor.name, "key_digest": actor.key_digest, "key_prefix": actor.key_prefix}
        self._session.write("set_actor_key", {**given, "expires_at": _micros(actor.expires_at)})

    def revoke_actor(self, name: str, at: datetime) -> bool:
        """Take the key of an actor back; False where it was taken back before."""
        return self._session.write("revoke_actor", {"name": name, "at": micros(at)}) > 0

    # The ledger

    def head(self) -> Head | None:
        """Return the last entry as it was when it was written, None before the first."""
        kept = self.setting(HEAD_SETTING)
        return None if kept is None else Head(*json.loads(kept)[:2])

    def append(self, entries: Sequence[Entry]) -> list[Sealed]:
        """Add entries to the end of the ledger and return them sealed.

        This is the only way in which a store's state changes, and none changes here without a plan that another than
        its proposer approved.

        Raises:
            RefusedError: an entry changes a store and its plan is not approved.
            RetryableError: the clock stands before the last entry.
        """
        for plan_id in {entry.plan_id for entry in entries if entry.state is not None}:
            self._check_approved(plan_id)
        n, previous, last_at = json.loads(self.setting(HEAD_SETTING) or json.dumps([0, GENESIS, 0]))
        sealed = []
        for entry in entries:
            dated = entry if entry.is_drill else replace(entry, at=_not_before(last_at, entry.at))
            n, last_at = n + 1, dated.at
            sealed.append(Sealed(n, dated, previous, seal(previous, dated)))
            previous = sealed[-1].hash
        rows = ((row.n, *astuple(row.entry), row.previous, row.hash) for row in sealed)
        self._session.write_rows("insert_ledger_entry", rows)
        self.set_setting(HEAD_SETTING, json.dumps([n, previous, last_at]))
        return sealed

    def note(self, hand: Hand, action: str, body: Mapping[str, object], *, may_be_late: bool = False) -> None:
        """Add an entry about no single store; ``may_be_late``: the act took its time, and is dated when it began."""
        at = micros(hand.at)
        if may_be_late:
            at = max(at, json.loads(self.setting(HEAD_SETTING) or json.dumps([0, GENESIS, 0]))[2])
        self.append([Entry(at, hand.actor, action, None, None, None, dump(body), int(self.is_drill))])

    @property
    def is_drill(self) -> bool:
        """Say whether the clock of this database can be set by hand."""
        return "1" in {self.setting("is_drill"), self.setting("is_demo")}

    def _check_approved(self, plan_id: str | None) -> None:
        found = self._session.rows("plan_fate", {"plan_id": plan_id})  # without what it froze: that is megabytes
        state, proposed_by, approvals = found[0] if found else ("", "", "[]")
        if state not in _CARRIED_OUT or not set(json.loads(approvals)) - {proposed_by}:
            raise RefusedError(
                f"plan {plan_id}: no other than its proposer approved it, expected an approved plan;"
                " no store was changed; have it approved"
            )

    def entries(self) -> Iterator[Sealed]:
        """Yield all entries in order."""
        after = -1  # also what was put before the first entry
        while rows := self.entries_after(after, _ENTRIES_A_READ):
            yield from rows
            after = rows[-1].n

    def entries_after(self, number: int, n: int) -> list[Sealed]:
        """Return the next entries after a number, in order."""
        return [_sealed(row) for row in self._session.rows("ledger_entries", {"after": number, "n": n})]

    def store_entries(self, store_ids: Iterable[str]) -> Mapping[str, list[Sealed]]:
        """Return the entries about each store, in order; stores without any have no entry."""
        found: dict[str, list[Sealed]] = {}
        for row in self._session.rows("store_entries", {"ids": json.dumps(sorted(set(store_ids)))}):
            found.setdefault(row[4], []).append(_sealed(row))
        return found

    def n_acts_since(self, action: str, at: datetime) -> int:
        """Count the entries of an action since a moment."""
        return int(self._session.ints("n_acts_since", {"action": action, "at": micros(at)})[0, 0])

    # Plans

    def next_plan_id(self) -> str:
        """Return the id of the next plan."""
        n_plans = int(self._session.ints("n_plans")[0, 0])
        return f"P-{n_plans + 1}"

    def add_plan(self, plan: Plan, stores: Iterable[PlanStore]) -> None:
        """Keep a plan and its stores."""
        own = (plan.plan_id, plan.digest, dump(plan.header), plan.proposed_by, micros(plan.proposed_at))
        self._session.write_rows("insert_plan", [(*own, *_fate(plan).values())])
        self._session.write_rows("insert_plan_store", map(_plan_store_row, stores))

    def plan(self, plan_id: str) -> Plan | None:
        """Return a plan, None where there is none of that id."""
        found = self._session.rows("plan", {"plan_id": plan_id})
        return plan_of_row(found[0]) if found else None

    def plans_by_id(self, plan_ids: Iterable[str]) -> Mapping[str, Plan]:
        """Return plans by their ids; unknown ids have no entry."""
        rows = self._session.rows("plans_by_id", {"ids": json.dumps(sorted(set(plan_ids)))})
        return {row[0]: plan_of_row(row) for row in rows}

    def plans(self) -> list[Plan]:
        """Return all plans, first ones first."""
        return [plan_of_row(row) for row in self._session.rows("plans")]

    def set_plan(self, plan: Plan) -> None:
        """Keep what became of a plan; what was proposed stays as it is."""
        self._session.write("set_plan", {"plan_id": plan.plan_id, **_fate(plan)})

    def plan_stores(self, plan_id: str) -> Iterator[PlanStore]:
        """Yield the stores of a plan in order."""
        after = -1
        while page := self.plan_stores_after(plan_id, after):
            yield from page
            after = page[-1].position

    def plan_stores_after(self, plan_id: str, after: int) -> list[PlanStore]:
        """Return the next stores of a plan after a position, in order, none after the last."""
        params: Params = {"plan_id": plan_id, "after": after, "n": STORES_A_READ}
        return [plan_store_of_row(row) for row in self._session.rows("plan_stores", params)]

    def plan_progress(self, plan_id: str) -> Mapping[tuple[StoreAction, Progress], int]:
        """Count the stores of a plan by what happens to them and how far they are."""
        rows = self._session.rows("plan_progress", {"plan_id": plan_id})
        return {(StoreAction(action), Progress(progress)): n for action, progress, n in rows}

    def plan_store(self, plan_id: str, store_id: str) -> PlanStore | None:
        """Return one store of a plan, None where the plan does not have it; of several rows the one that acts."""
        found = self._session.rows("plan_store", {"plan_id": plan_id, "store_id": store_id})
        return plan_store_of_row(found[0]) if found else None

    def set_plan_stores(self, stores: Iterable[PlanStore]) -> None:
        """Keep what became of stores of plans."""
        rows = ((s.progress.value, _micros(s.due_at), _dump(s.inverse), s.note, s.plan_id, s.position) for s in stores)
        self._session.write_rows("set_plan_store", rows)

    # Appeals

    def appeals(self) -> list[Appeal]:
        """Return all appeals, first ones first."""
        return [_appeal(row) for row in self._session.rows("appeals")]

    def add_appeal(self, appeal: Appeal) -> Appeal:
        """Keep an appeal and return it with its id."""
        n = len(self.appeals()) + 1
        opened = (appeal.store_id, appeal.plan_id, appeal.text, appeal.opened_by, micros(appeal.opened_at))
        self._session.write_rows("insert_appeal", [(n, *opened, appeal.state.value, None, None, None)])
        return replace(appeal, appeal_id=f"A-{n}")

    def decide_appeal(self, appeal: Appeal) -> bool:
        """Keep what was decided on an appeal; False where it was decided before."""
        params: dict[str, Scalar] = {
            "n": int(appeal.appeal_id.removeprefix("A-")),
            "state": appeal.state.value,
            "decided_by": appeal.decided_by,
            "decided_at": _micros(appeal.decided_at),
            "reason": appeal.reason,
        }
        return self._session.write("decide_appeal", params) > 0

    # Notices of brands

    @property
    def notices(self) -> NoticeBook:
        """Notices as they are filed and decided."""
        return NoticeBook(self._session)

    # What people say of values and rings; each stands in the ledger with who said it

    def exempt(self, exemption: ExemptionInput, hand: Hand, ring_id: str = "", seen: int | None = None) -> None:
        """Make or renew an exemption; ``ring_id``: the ring on whose account. ConflictError: see ``check_seen``."""
        about = Subject(ring_id, value=(exemption.kind, exemption.value))
        check_seen(self._session, about, seen)
        write_exemption(self._session, exemption, hand.at)
        write_case(self._session, CaseEntry(CaseAct.EXEMPT, about, exemption.note or "", exemption.reason), hand)
        until = None if exemption.expires_at is None else exemption.expires_at.isoformat()
        told = {"kind": exemption.kind, "value": exemption.value, "owner": exemption.owner, "expires_at": until}
        self.note(hand, "exempt", {**told, "reason": exemption.reason, "note": exemption.note})

    def lift_exemption(self, value: tuple[str, str], reason: str, hand: Hand, seen: int | None = None) -> bool:
        """Take the exemption of a value (kind, text) back; False where there was none.

        ConflictError: see ``check_seen``.
        """
        check_seen(self._session, Subject(value=value), seen)
        is_lifted = write_lift(self._session, value, reason, hand.at)
        if is_lifted:
            write_case(self._session, CaseEntry(CaseAct.LIFT, Subject(value=value), reason), hand)
            self.note(hand, "lift exemption", {"kind": value[0], "value": value[1], "reason": reason})
        return is_lifted

    def judge(self, judgement: Judgement, hand: Hand, seen: int | None = None) -> str:
        """Keep a judgement and return its id. ConflictError: see ``check_seen``."""
        subject = Subject(judgement.ring_id, judgement.seller_id)
        check_seen(self._session, subject, seen)
        write_case(self._session, CaseEntry(CaseAct.JUDGE, subject, judgement.reason, judgement.verdict.value), hand)
        judgement_id = write_judgement(self._session, judgement, hand.at)
        about = {"judgement_id": judgement_id, "ring_id": judgement.ring_id, "seller_id": judgement.seller_id or None}
        said = {"verdict": judgement.verdict.value, "reason": judgement.reason, "owner": judgement.owner}
        self.note(hand, "judge", {**about, **said})
        return judgement_id

    def add_case(self, draft: CaseEntry, hand: Hand, seen: int | None = None) -> CaseEntry:
        """Keep a note, an assignment, a flag or an answer, and return it with its number.

        ConflictError: see ``check_seen``.
        """
        check_seen(self._session, draft.about, seen)
        entry = write_case(self._session, draft, hand)
        about = {"entry": entry.n, "ring_id": entry.about.ring_id, "seller_id": entry.about.seller_id}
        told = {"listing_id": entry.about.listing_id, "brand_id": entry.brand_id, "answers": entry.answers}
        said = {"said": entry.said, "assignee": entry.assignee, "text": entry.text}
        self.note(hand, draft.act.value, {key: value for key, value in (about | told | said).items() if value})
        return entry

    def check_flags_left(self, brand_id: str, since: datetime, most: int) -> None:
        """Raise FlagLimitError where a brand raised ``most`` flags or more since a moment."""
        n = int(self._session.ints("n_flags_since", {"brand_id": brand_id, "at": micros(since)})[0, 0])
        if n >= most:
            raise FlagLimitError(
                f"flag: {n} were raised for this brand within a day, {most} at most; nothing was kept; try tomorrow"
            )

    # Messages to the marketplace

    def add_messages(self, messages: Iterable[Message]) -> None:
        """Keep messages under the next numbers; the numbers that they come with are not looked at."""
        n = int(self._session.ints("last_message")[0, 0])
        rows = (
            (number, m.key, m.plan_id, m.store_id, m.action, m.body, m.state.value, 0, None, "")
            for number, m in enumerate(messages, n + 1)
        )
        self._session.write_rows("insert_message", rows)

    def messages(self, state: MessageState, after: int, n: int) -> list[Message]:
        """Return the next messages of a state after a number, in order."""
        return [_message(row) for row in self._session.rows("messages", {"state": state, "after": after, "n": n})]

    def message_counts(self) -> Mapping[tuple[str, MessageState], int]:
        """Count the messages of each plan by their state."""
        return {(plan_id, MessageState(state)): n for plan_id, state, n in self._session.rows("message_counts")}

    def set_messages(self, messages: Iterable[Message]) -> None:
        """Keep what became of messages."""
        rows = ((m.state.value, m.n_attempts, _micros(m.next_at), m.answer, m.n) for m in messages)
        self._session.write_rows("set_message", rows)

    # Stores as they were loaded

    def stores_of(self, seller_ids: Iterable[str]) -> list[StoreRow]:
        """Return the stores of sellers, by store_id."""
        return [store_of(row) for row in self._session.rows("stores_of", {"ids": json.dumps(list(seller_ids))})]

    def stores(self, store_ids: Iterable[str]) -> Mapping[str, StoreRow]:
        """Return stores by their ids; unknown ids have no entry."""
        rows = self._session.rows("stores", {"ids": json.dumps(list(store_ids))})
        return {row[0]: store_of(row) for row in rows}

    def listings_of(self, store_ids: Iterable[str]) -> Mapping[str, list[str]]:
        """Return the ids of the listings that stand in stores, ascending; without any no entry."""
        found: dict[str, list[str]] = {}
        for store_id, listing_id in self._session.rows("store_listings", {"ids": json.dumps(list(store_ids))}):
            found.setdefault(store_id, []).append(listing_id)
        return found


def dump(content: Mapping[str, object]) -> str:
    """Return JSON whose bytes depend on nothing but the content."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def _dump(content: Mapping[str, object] | None) -> str | None:
    return None if content is None else dump(content)


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)


def _not_before(last_at: int, at: int) -> int:
    if at < last_at - _SKEW_MICROS:
        raise RetryableError(
            f"clock: it says {moment_of(at):%Y-%m-%d %H:%M:%S} and the ledger's last entry is of"
            f" {moment_of(last_at):%Y-%m-%d %H:%M:%S}; nothing was done; set the clock right and try again"
        )
    return max(at, last_at)


def _actor(row: Row) -> Actor:
    name, role, brand_id, key_digest, key_prefix, added_by, added_at, expires_at, revoked_at = row
    times = (moment_of(added_at), optional_moment_of(expires_at), optional_moment_of(revoked_at))
    return Actor(name, ActorRole(role), brand_id, key_digest, key_prefix, added_by, *times)


def _sealed(row: Row) -> Sealed:
    return Sealed(row[0], Entry(*row[1:9]), row[9], row[10])


def _fate(plan: Plan) -> dict[str, Scalar]:
    """Return what became of a plan, in the order of the table's columns."""
    return {
        "state": plan.state.value,
        "approvals": json.dumps(plan.approvals),
        "expires_at": _micros(plan.expires_at),
        "begun_at": _micros(plan.begun_at),
        "note": plan.note,
    }


def plan_of_row(row: Row) -> Plan:
    """Return a plan as a query gave it."""
    plan_id, digest, header, proposed_by, proposed_at, state, approvals, expires_at, begun_at, note = row
    proposed = (orjson.loads(header), proposed_by, moment_of(proposed_at))
    times = (optional_moment_of(expires_at), optional_moment_of(begun_at))
    return Plan(plan_id, digest, *proposed, PlanState(state), tuple(json.loads(approvals)), *times, note)


def _plan_store_row(store: PlanStore) -> tuple[Scalar, ...]:
    own = (store.plan_id, store.position, store.store_id, store.action.value, dump(store.body))
    return (*own, store.progress.value, _micros(store.due_at), _dump(store.inverse), store.note)


def plan_store_of_row(row: Row) -> PlanStore:
    """Return a store of a plan as a query gave it."""
    plan_id, position, store_id, action, body, progress, due_at, inverse, note = row
    undo = None if inverse is None else orjson.loads(inverse)
    own = (plan_id, position, store_id, StoreAction(action), orjson.loads(body))
    return PlanStore(*own, Progress(progress), optional_moment_of(due_at), undo, note)


def _appeal(row: Row) -> Appeal:
    n, store_id, plan_id, text, opened_by, opened_at, state, decided_by, decided_at, reason = row
    own = (f"A-{n}", store_id, plan_id, text, opened_by, moment_of(opened_at), AppealState(state))
    return Appeal(*own, decided_by, optional_moment_of(decided_at), reason)


def _message(row: Row) -> Message:
    n, key, plan_id, store_id, action, body, state, n_attempts, next_at, answer = row
    tries = (MessageState(state), n_attempts, optional_moment_of(next_at), answer)
    return Message(n, key, plan_id, store_id, action, body, *tries)


def store_of(row: Row) -> StoreRow:
    """Return a store of a row of the queries about stores."""
    store_id, seller_id, name, is_closed, n_listings, opened_at = row
    return StoreRow(store_id, seller_id, name, bool(is_closed), n_listings, optional_moment_of(opened_at))
