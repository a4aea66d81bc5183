"""Statements of reasons: what a seller is told of a decision about its store.

All of it comes from what the plan froze and what the ledger says, nothing from the current run, so the same decision
gives the same bytes for ever.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson

from ringwatch.db.record import Record
from ringwatch.db.times import moment_of
from ringwatch.enforcement.facts import thawed
from ringwatch.enforcement.letters import letter_of, to_html, to_text
from ringwatch.enforcement.transparency import fields_of
from ringwatch.model.chain import Sealed
from ringwatch.model.enforcement import Plan, PlanStore
from ringwatch.model.errors import ConfigError
from ringwatch.model.statements import Decision, Format, Language, Statement

_UPHOLD = "uphold appeal"
_DECISIONS = {
    "notice": Decision.NOTICE,
    "close": Decision.CLOSE,
    "suspend": Decision.SUSPEND,
    "reopen": Decision.REOPEN,
    "leave": Decision.LAPSE,
    _UPHOLD: Decision.LAPSE,
}
_TAKEN_BACK = frozenset({Decision.REOPEN, Decision.LAPSE})


def statement_of(record: Record, store_id: str, plan_id: str | None = None) -> Statement:
    """Return the statement of what was decided about a store last, or by a plan.

    A store that was given notice has one, with the day that is to come. Watching restricts nothing, so it has none, and
    neither has a store that was looked at and left.

    Raises:
        ConfigError: nothing was decided that restricts the store or takes a restriction back.
    """
    entries = record.store_entries([store_id]).get(store_id, [])
    told = [row for place, row in enumerate(entries) if _tells(record, entries[:place], row)]
    chosen = [row for row in told if plan_id in {None, row.entry.plan_id}]
    if not chosen:
        raise ConfigError(
            _nothing(record, store_id, plan_id, is_watched=any(r.entry.action == "watch" for r in entries))
        )
    return _statement(record, entries, chosen[-1])


def render(statement: Statement, form: Format, language: Language) -> str:
    """Return a statement in a form and a language, with a line end; JSON in one line."""
    if form is Format.JSON:
        return orjson.dumps(fields_of(statement, language)).decode() + "\n"
    letter = letter_of(statement, language)
    return to_html(letter) if form is Format.HTML else to_text(letter)


def _tells(record: Record, before: Sequence[Sealed], row: Sealed) -> bool:
    """Say whether an entry is one that a seller is told of."""
    decision = _DECISIONS.get(row.entry.action)
    if decision is Decision.REOPEN:
        return bool(_undone(record, row)[0].header["action"] != "watch")
    if decision is Decision.LAPSE:  # only what was announced, and not done, can lapse
        return "notice" in (acts := _acts(before, row.entry.plan_id)) and "close" not in acts
    return decision is not None


def _acts(entries: Sequence[Sealed], plan_id: str | None) -> set[str]:
    return {row.entry.action for row in entries if row.entry.plan_id == plan_id}


def _nothing(record: Record, store_id: str, plan_id: str | None, *, is_watched: bool) -> str:
    if store_id not in record.stores([store_id]):
        return f"store {store_id}: no store of that id was loaded; ids count as written, also upper case"
    by_it = f" by plan {plan_id}" if plan_id else ""
    if is_watched:
        return f"store {store_id}: is watched{by_it}, which restricts nothing, so its seller is owed no statement"
    return f"store {store_id}: nothing was decided about it{by_it}, so there are no reasons to state"


def _undone(record: Record, row: Sealed) -> tuple[Plan, PlanStore]:
    """Return the plan whose act an entry is about, and the store in it: of an undo those that it takes back."""
    plan, store = _planned(record, row, str(row.entry.plan_id))
    if plan.undoes:
        return _planned(record, row, str(store.body.get("undoes", plan.undoes)))
    return plan, store


def _planned(record: Record, row: Sealed, plan_id: str) -> tuple[Plan, PlanStore]:
    plan, store = record.plan(plan_id), record.plan_store(plan_id, str(row.entry.store_id))
    if plan is None or store is None:
        raise ConfigError(f"ledger entry {row.n}: names a plan that is not there; see: ringwatch ledger verify")
    return plan, store


def _statement(record: Record, entries: Sequence[Sealed], row: Sealed) -> Statement:
    plan, store = _undone(record, row)
    if "facts" not in store.body or "appeal_days" not in plan.header:
        raise ConfigError(
            f"plan {plan.plan_id}: was made by a version that kept no facts for statements; write this one by hand"
        )
    decision = _DECISIONS[row.entry.action]
    decided_at = moment_of(row.entry.at)
    announced_at = _announced_at(entries, row, plan, store)
    upto = decided_at + timedelta(days=plan.header["appeal_days"])
    body = store.body
    return Statement(
        store_id=store.store_id,
        decision=decision,
        action=str(plan.header["action"]),
        state=str(row.entry.state) if decision is Decision.REOPEN else "",
        plan_id=str(row.entry.plan_id),
        entry_n=row.n,
        entry_hash=row.hash,
        decided_at=decided_at,
        noticed_at=_first_at(entries, "notice", plan.plan_id),
        effective_at=decided_at if decision in _TAKEN_BACK else announced_at,
        announced_at=announced_at,
        appeal_until=upto,
        is_upheld=_is_upheld(entries, row),
        is_drill=bool(row.entry.is_drill),
        n_approvers=max(len(set(plan.approvals) - {plan.proposed_by}), 1),
        immediate=str(plan.header["immediate"]),
        n_listings=len(store.inverse["listings"]) if store.inverse else int(body["n_listings"]),
        facts=thawed(body["facts"]),
        families=tuple(body["families"]),
        link_score=float(body["link_score"]),
        infringement_score=float(body["infringement_score"]),
        min_infringement=float(plan.header["min_infringement"]),
    )


def _is_upheld(entries: Sequence[Sealed], row: Sealed) -> bool:
    """Say whether an entry takes something back because an appeal of the store was upheld."""
    if row.entry.action == "reopen":
        return bool(json.loads(row.entry.body).get("is_reinstated"))
    return _UPHOLD in _acts([r for r in entries if r.n <= row.n], row.entry.plan_id)


def _announced_at(entries: Sequence[Sealed], row: Sealed, plan: Plan, store: PlanStore) -> datetime:
    """Return when what the plan decided counts from: the act, or before it the day that the notice names."""
    acted_at = _first_at([r for r in entries if r.n <= row.n], str(plan.header["action"]), plan.plan_id)
    return acted_at or store.due_at or moment_of(row.entry.at)


def _first_at(entries: Sequence[Sealed], action: str, plan_id: str) -> datetime | None:
    found = (row for row in entries if row.entry.action == action and row.entry.plan_id == plan_id)
    return next((moment_of(row.entry.at) for row in found), None)
