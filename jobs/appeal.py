"""The commands of sellers' appeals, and the question what would not stand if a value were innocent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.access import hand_of, moment_of
from ringwatch.jobs.close import StoreArgument
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.detect_again import kept_trace
from ringwatch.jobs.reading import open_run
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.enforcement import AppealState
from ringwatch.model.errors import ConfigError
from ringwatch.model.sentences import names
from ringwatch.model.visibility import FULL, Act

if TYPE_CHECKING:
    from ringwatch.db.view import View
    from ringwatch.enforcement.replay import Replay, Today
    from ringwatch.model.enforcement import Appeal
    from ringwatch.values.pivots import Pivot

AppealArgument = Annotated[str, typer.Argument(metavar="APPEAL_ID", help="The appeal.", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is so.", show_default=False)]


def open_one(
    call: Call,
    store_id: StoreArgument,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What the seller says.", show_default=False)],
) -> None:
    """Open an appeal for a seller; the store is not closed before it is decided."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.appeals import open_appeal

    with open_docket(call.url) as docket:
        hand = hand_of(call, docket)
        with noting_refusals(docket, hand, Act.APPEAL):
            appeal = open_appeal(docket, store_id, text, hand)
    said = f"{appeal.appeal_id} is open. An approver decides it"
    line = call.line(f"appeal reject {appeal.appeal_id} --reason TEXT")
    call.screen.answer(_answer(appeal), lambda screen: screen.suggest(said, line))


def uphold(
    call: Call,
    appeal_id: AppealArgument,
    reason: ReasonOption,
    value: Annotated[
        str | None, typer.Option("--value", metavar="KIND:VALUE", help="The innocent value; else the link itself.")
    ] = None,
    secret_key_file: KeyFileOption = None,
) -> None:
    """Uphold an appeal, and propose the undo of all that does not stand then."""
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.appeals import uphold_appeal

    with _today(call) as today:
        pivot = None if value is None else _pivot(today.view, value, secret_key_file)
        hand = hand_of(call, today.docket)
        with noting_refusals(today.docket, hand, Act.DECIDE_APPEAL):
            upheld = uphold_appeal(today, appeal_id, reason, pivot, hand)
    answer = _answer(upheld.appeal) | _replayed(pivot, upheld.replay, upheld.undo_plan_id)
    call.screen.answer(answer, lambda screen: _draw(screen, call, answer))


def reject(call: Call, appeal_id: AppealArgument, reason: ReasonOption) -> None:
    """Reject an appeal: what was decided stands."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.appeals import reject_appeal

    with open_docket(call.url) as docket:
        hand = hand_of(call, docket)
        with noting_refusals(docket, hand, Act.DECIDE_APPEAL):
            appeal = reject_appeal(docket, appeal_id, reason, hand)
    call.screen.answer(_answer(appeal), lambda screen: screen.say(f"{appeal_id} is rejected."))


def list_appeals(
    call: Call, state: Annotated[AppealState | None, typer.Option("--state", help="Only those of this state.")] = None
) -> None:
    """List appeals and what was decided on them."""
    from ringwatch.db.open import open_docket

    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        found = [appeal for appeal in record.appeals() if state in {None, appeal.state}]
    rows = ((a.appeal_id, a.store_id, a.state, a.opened_by, a.decided_by or "", a.reason or a.text) for a in found)
    drawn = add_rows(table("appeal", "store", "state", "opened by", "decided by", "why"), rows)
    answer = {"appeals": [_line(appeal) for appeal in found]}
    call.screen.answer(answer, lambda screen: screen.say(drawn, "", f"{count(len(found), 'appeal')}."))


def replay(
    call: Call,
    value: Annotated[str, typer.Option("--value", metavar="KIND:VALUE", help="The value.", show_default=False)],
    secret_key_file: KeyFileOption = None,
) -> None:
    """Say which rings, open plans and past closures would not stand if a value were innocent; nothing is written."""
    from ringwatch.enforcement.replay import replay as ask
    from ringwatch.model.enforcement import Hand

    with _today(call) as today, call.screen.steps("replay"):
        pivot = _pivot(today.view, value, secret_key_file)
        found = ask(today, (pivot.kind.name, pivot.text), Hand(call.actor or "", moment_of(today.docket)))
    answer = _replayed(pivot, found, None)
    call.screen.answer(answer, lambda screen: _draw(screen, call, answer))


@contextmanager
def _today(call: Call) -> "Iterator[Today]":
    from ringwatch.api.grounds import read_current_run
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.replay import Today

    with open_run(call) as (view, _), open_docket(call.url) as docket:
        yield Today(view, docket, read_current_run(view, kept_trace(view)))


def _pivot(view: "View", text: str, secret_key_file: Path | None) -> "Pivot":
    """Return the value that KIND:VALUE names; a kind may be `other:NAME`."""
    from ringwatch.values.pivots import find_pivot

    kind, colon, value = text.partition(":")
    if kind == "other":
        name, colon, value = value.partition(":")
        kind = f"other:{name}"
    if not colon or not value.strip():
        raise ConfigError(f"--value {text!r}: expected KIND:VALUE such as phone:+8613800138000; nothing was done")
    return find_pivot(view.registry(FULL), kind, value, check_key(view, secret_key_file))


def _answer(appeal: "Appeal") -> dict[str, Any]:
    return {"appeal_id": appeal.appeal_id, "store_id": appeal.store_id, "state": appeal.state}


def _line(appeal: "Appeal") -> dict[str, Any]:
    return {
        **_answer(appeal),
        "plan_id": appeal.plan_id,
        "text": appeal.text,
        "opened_by": appeal.opened_by,
        "opened_at": appeal.opened_at.isoformat(),
        "decided_by": appeal.decided_by,
        "decided_at": appeal.decided_at.isoformat() if appeal.decided_at else None,
        "reason": appeal.reason,
    }


def _replayed(pivot: "Pivot | None", found: "Replay", undo_plan_id: str | None) -> dict[str, Any]:
    return {
        "value": f"{pivot.kind.name}:{pivot.text}" if pivot else None,
        "rings": list(found.ring_ids),
        "open_plans": list(found.open_plans),
        "past_closures": sorted({store.store_id for store in found.closures}),
        "undo_plan_id": undo_plan_id,
    }


def _draw(screen: Screen, call: Call, answer: dict[str, Any]) -> None:
    for key, words in (("rings", "ring"), ("open_plans", "open plan"), ("past_closures", "past closure")):
        found: Sequence[str] = answer[key]
        screen.say(f"{count(len(found), words)} would not stand{': ' + names(found) if found else ''}.")
    if answer["undo_plan_id"]:
        said = f"{answer['undo_plan_id']} is proposed and would undo that. Read it, and have it approved"
        screen.suggest(said, call.line("plans --state proposed"))
    elif "appeal_id" not in answer:
        screen.say("Nothing was written.")


_PANEL = "Close"
REPLAY = Command("replay", replay, _PANEL, ("ringwatch replay --value phone:+8613800138000",))
COMMANDS = (
    Command("open", open_one, "", ('ringwatch appeal open STORE_ID --text "it is my own shop"',), act=Act.APPEAL),
    Command(
        "uphold",
        uphold,
        "",
        (
            'ringwatch appeal uphold A-1 --reason "a warehouse" --value "phone:+49 40 123456"',
            'ringwatch appeal uphold A-1 --reason "another family"',
        ),
        act=Act.DECIDE_APPEAL,
    ),
    Command("reject", reject, "", ('ringwatch appeal reject A-1 --reason "no proof"',), act=Act.DECIDE_APPEAL),
    Command("list", list_appeals, "", ("ringwatch appeal list --state open",)),
)
