"""Appeals: opened for a seller by one, decided by another; what an upheld one fells is proposed to be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringwatch.db.decided import ExemptionInput
from ringwatch.db.docket import Docket
from ringwatch.db.record import Record
from ringwatch.enforcement.cases import Standing, read_standings
from ringwatch.enforcement.entries import make_entry
from ringwatch.enforcement.failures import (
    AppealNotFoundError,
    AppealNotOpenError,
    AppealOpenError,
    InvalidAppealError,
    NothingToAppealError,
    OwnAppealError,
    StoreNotFoundError,
)
from ringwatch.enforcement.plans import draft_undo_of, find_plan, write_plan
from ringwatch.enforcement.replay import Innocent, Replay, Today, replay, stands
from ringwatch.model.enforcement import (
    Appeal,
    AppealState,
    Hand,
    PlanState,
    PlanStore,
    StoreAction,
)
from ringwatch.model.judgements import Judgement, Verdict
from ringwatch.values.pivots import Pivot

EXEMPT_AS = "appeal"  # the reason of an exemption that an upheld appeal makes; what was said stands in its note


@dataclass(frozen=True, slots=True)
class Upheld:
    """An appeal that was upheld, what it fells, and the plan that would undo that, None where nothing is to undo."""

    appeal: Appeal
    replay: Replay
    undo_plan_id: str | None


def open_appeal(docket: Docket, store_id: str, text: str, hand: Hand) -> Appeal:
    """Keep what a seller says against what was decided about a store; while it is open the store is not closed.

    Raises:
        StoreNotFoundError, InvalidAppealError: no such store was loaded; the text is empty.
        NothingToAppealError, AppealOpenError: nothing was decided about the store; an appeal of it is open.
    """
    if not text.strip():
        raise InvalidAppealError("--text: is empty, expected what the seller says; nothing was done")

    def keep(record: Record) -> Appeal:
        row = record.stores([store_id]).get(store_id)
        if row is None:
            raise StoreNotFoundError(
                f"store {store_id}: no store of that id was loaded; ids count as written, also upper case"
            )
        standing = read_standings(record, {store_id: row.is_closed})[store_id]
        if standing.is_appealed:
            known = next(a for a in record.appeals() if a.store_id == store_id and a.state is AppealState.OPEN)
            raise AppealOpenError(
                f"store {store_id}: its appeal {known.appeal_id} is open, expected one at a time; nothing was done;"
                " have that decided first"
            )
        draft = Appeal("", store_id, _appealed_plan(record, store_id, standing), text, hand.actor, hand.at)
        appeal = record.add_appeal(draft)
        _note(record, hand, "appeal", appeal, text)
        return appeal

    return docket.transact(keep)


def _appealed_plan(record: Record, store_id: str, standing: Standing) -> str:
    """Return the plan that an appeal of a store is against: what it did, gave notice of, or is about to do.

    NothingToAppealError where nothing was decided about the store.
    """
    last = standing.decided
    if last is not None and last.entry.plan_id is not None:
        return last.entry.plan_id
    told = [row.entry for row in record.store_entries([store_id]).get(store_id, ()) if row.entry.action in _TOLD]
    if told and told[-1].action == "notice" and told[-1].plan_id is not None:
        return told[-1].plan_id
    for plan in record.plans():
        is_ahead = plan.state in {PlanState.PROPOSED, PlanState.APPROVED} and plan.begun_at is None
        stores = record.plan_stores(plan.plan_id) if is_ahead and not plan.undoes else ()
        if any(store.store_id == store_id and store.action is not StoreAction.SPARE for store in stores):
            return plan.plan_id
    raise NothingToAppealError(
        f"store {store_id}: nothing was decided about it, expected one that a plan acts on; nothing was done;"
        " see: ringwatch store STORE_ID"
    )


_TOLD = frozenset({"notice", "close", "suspend", "watch", "reopen", "leave"})
"""What the ledger tells of a store where a plan comes to it; a notice that is not the last of them is over."""


def uphold_appeal(today: Today, appeal_id: str, reason: str, value: Pivot | None, hand: Hand) -> Upheld:
    """Uphold an appeal: the value, or where none is named the seller's link to the ring, is innocent from now on.

    What would not stand without it is worked out, and its undo proposed in the name of who opened the appeal. All of it
    is kept together.

    Raises:
        AppealNotFoundError, InvalidAppealError, ValueNotFoundError: there is no such appeal; the reason is empty;
            nothing can lean on the value.
        AppealNotOpenError, OwnAppealError: it was decided before; who decides opened it.
    """
    _check_reason(reason)
    with today.docket.reading() as record:
        appeal = _open_one(record, appeal_id, hand)
        own = _own_store(record, appeal)
        said = f"appeal {appeal_id} upheld: {reason}"
        innocent: Innocent = (value.kind.name, value.text) if value else _link(record, own, said, hand)
    found = replay(today, innocent, hand)

    def keep(record: Record) -> Upheld:
        opened = _open_one(record, appeal_id, hand)
        upheld = _decided(record, replace(opened, state=AppealState.UPHELD, reason=reason), hand)
        if isinstance(innocent, Judgement):
            record.judge(innocent, hand)
        elif value is not None:
            given = ExemptionInput(value.kind.name, value.text, value.display, EXEMPT_AS, hand.actor, said)
            record.exempt(given, hand)
        closures = found.closures
        if _is_to_undo(record, own) and own.store_id not in {store.store_id for store in closures}:
            closures = (own, *closures)  # whatever else speaks against it, its own appeal was upheld
        undo_plan_id = _propose(record, upheld, closures, hand)
        return Upheld(upheld, replace(found, closures=closures), undo_plan_id)

    return today.docket.transact(keep)


def reject_appeal(docket: Docket, appeal_id: str, reason: str, hand: Hand) -> Appeal:
    """Reject an appeal: what was decided stands. Raises as ``uphold_appeal``."""
    _check_reason(reason)

    def keep(record: Record) -> Appeal:
        opened = _open_one(record, appeal_id, hand)
        return _decided(record, replace(opened, state=AppealState.REJECTED, reason=reason), hand)

    return docket.transact(keep)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidAppealError("--reason: is empty, expected why it was decided; nothing was done")


def _open_one(record: Record, appeal_id: str, hand: Hand) -> Appeal:
    """Return an appeal that somebody may decide."""
    appeal = next((appeal for appeal in record.appeals() if appeal.appeal_id == appeal_id), None)
    if appeal is None:
        raise AppealNotFoundError(f"appeal {appeal_id}: there is none of that id; list them: ringwatch appeal list")
    if appeal.state is not AppealState.OPEN:
        said = f"was {appeal.state.value} by {appeal.decided_by}"
        raise AppealNotOpenError(f"appeal {appeal_id}: {said}, expected an open one; nothing was done")
    if appeal.opened_by == hand.actor:
        raise OwnAppealError(
            f"appeal {appeal_id}: you opened it, expected another to decide; nothing was done; ask an approver"
        )
    return appeal


def _own_store(record: Record, appeal: Appeal) -> PlanStore:
    """Return the appealed store as the plan has it that the appeal is against."""
    return next(s for s in record.plan_stores(str(appeal.plan_id)) if s.store_id == appeal.store_id)


def _link(record: Record, own: PlanStore, said: str, hand: Hand) -> Judgement:
    """Return the verdict that the seller is no part of the ring that the plan held it to be in."""
    ring_id, seller_id = own.body["ring_id"], own.body["seller_id"]
    ring = find_plan(record, own.plan_id).header.get("rings", {}).get(ring_id, {"members": {seller_id: None}})
    return Judgement(ring_id, seller_id, Verdict.DIFFERENT, tuple(sorted(ring["members"])), said, hand.actor)


def _decided(record: Record, decision: Appeal, hand: Hand) -> Appeal:
    decided = replace(decision, decided_by=hand.actor, decided_at=hand.at)
    record.decide_appeal(decided)
    _note(record, hand, f"{_VERBS[decided.state]} appeal", decided, str(decided.reason))
    return decided


_VERBS = {AppealState.UPHELD: "uphold", AppealState.REJECTED: "reject"}


def _note(record: Record, hand: Hand, action: str, appeal: Appeal, reason: str) -> None:
    entry = make_entry(record, hand, action, {"appeal_id": appeal.appeal_id, "reason": reason})
    record.append([replace(entry, store_id=appeal.store_id, plan_id=appeal.plan_id)])


def _is_to_undo(record: Record, own: PlanStore) -> bool:
    """Say whether what the appeal is against was done and stands."""
    standing = read_standings(record, {own.store_id: False})[own.store_id]
    return own.action is not StoreAction.REOPEN and stands(own, standing)


def _propose(record: Record, upheld: Appeal, closures: Sequence[PlanStore], hand: Hand) -> str | None:
    """Propose the undo in the name of who opened the appeal, so that who upheld it may approve it."""
    if not closures:
        return None
    why = {
        "undoes": ", ".join(dict.fromkeys(store.plan_id for store in closures)),
        "reason": f"appeal {upheld.appeal_id} upheld: {upheld.reason}",
        "appeal_id": upheld.appeal_id,
        "store_id": upheld.store_id,
    }
    draft = draft_undo_of(record, closures, why, Hand(upheld.opened_by, hand.at))
    return write_plan(record, draft, hand).plan_id if draft.acts else None
