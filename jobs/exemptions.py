"""The commands for values that people call innocent: exempt one, take it back, list them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.answers import say_masked
from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.jobs.suggestions import suggest_exemptions
from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import EXEMPTION_REASONS
from ringwatch.model.visibility import FULL, Act

if TYPE_CHECKING:
    from ringwatch.db.view import ExemptionRow
    from ringwatch.db.writer import ExemptionInput
    from ringwatch.jobs.answers import Displays

KindArgument = Annotated[
    str, typer.Argument(metavar="KIND", help="What the value is: phone, address, ...", show_default=False)
]
ValueArgument = Annotated[
    str, typer.Argument(metavar="VALUE", help="The value, in any usual writing.", show_default=False)
]
ReasonOption = Annotated[
    str,
    typer.Option(
        "--reason",
        metavar="REASON",
        help=f"Why it is innocent: {', '.join(EXEMPTION_REASONS)}. With --lift: any text.",
        show_default=False,
    ),
]


def exempt(
    call: Call,
    kind: KindArgument,
    value: ValueArgument,
    reason: ReasonOption,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Who answers for it.")] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE", help="When it ends by itself (ISO 8601).")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Take the exemption back.")] = False,
    secret_key_file: KeyFileOption = None,
) -> None:
    """Call a value innocent, so that it links nobody from the next run on; or take that back."""
    if lift and (owner or expires):
        raise ConfigError(
            "--lift: takes --reason alone, --owner and --expires belong to a new exemption; nothing was changed"
        )
    if lift:
        _lift(call, (kind, value), reason, secret_key_file)
    else:
        draft = _draft(kind, value, reason)
        _exempt(call, replace(draft, owner=owner or call.actor, expires_at=_parse_expiry(expires)), secret_key_file)


def _draft(kind: str, value: str, reason: str) -> "ExemptionInput":
    """Return an exemption as it was asked for; a reason that is none is told before a database is looked for."""
    from ringwatch.db.writer import ExemptionInput

    if reason not in EXEMPTION_REASONS:
        raise ConfigError(f"--reason {reason!r}: expected one of {', '.join(EXEMPTION_REASONS)}; nothing was changed")
    return ExemptionInput(kind, value, "", reason)


def _exempt(call: Call, draft: "ExemptionInput", secret_key_file: Path | None) -> None:
    from ringwatch.api.decisions import complete_exemption
    from ringwatch.db.open import open_view, open_writer

    with open_view(call.url) as view:
        at = now(view)
        exemption = complete_exemption(view, FULL, draft, check_key(view, secret_key_file), at)
    with open_writer(call.url, actor=call.doer) as writer:
        writer.exempt(exemption, at)
    answer = {
        "kind": exemption.kind,
        "value": exemption.value,
        "reason": exemption.reason,
        "owner": exemption.owner,
        "expires_at": exemption.expires_at.isoformat() if exemption.expires_at else None,
    }
    said = f"{exemption.kind} {exemption.display} links nobody from the next run on. Run it"
    call.screen.answer(answer, lambda screen: screen.suggest(said, call.line("detect")))


def _lift(call: Call, value: tuple[str, str], reason: str, secret_key_file: Path | None) -> None:
    from ringwatch.api.decisions import NotExemptError, lift_exemption, named_value
    from ringwatch.db.open import open_view, open_writer

    with open_view(call.url) as view:
        pivot = named_value(view, FULL, value, check_key(view, secret_key_file))
        at = now(view)
    with open_writer(call.url, actor=call.doer) as writer:
        try:
            lift_exemption(writer, pivot, reason, at)
        except NotExemptError as error:
            raise ConfigError(f"{error}; list what is: {call.line('exemptions')}") from None
    answer = {"kind": pivot.kind.name, "value": pivot.text, "lifted": True, "reason": reason}
    said = f"{pivot.kind.name} {pivot.display} counts again from the next run on. Run it"
    call.screen.answer(answer, lambda screen: screen.suggest(said, call.line("detect")))


def _parse_expiry(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as failure:
        raise ConfigError(
            f"--expires {text!r}: is not an ISO 8601 date such as 2027-01-31; nothing was changed"
        ) from failure


SuggestOption = Annotated[
    bool, typer.Option("--suggest", help="List values that look innocent and are not exempt; none is by itself.")
]


def exemptions(call: Call, suggest: SuggestOption = False, secret_key_file: KeyFileOption = None) -> None:
    """List the values that are called innocent now, or those that look so."""
    from ringwatch.db.open import open_view

    if suggest:
        suggest_exemptions(call, secret_key_file)
        return
    with open_view(call.url) as view:
        check_key(view, secret_key_file)
        rows = view.exemptions(FULL, now(view))
        displays = view.displays(FULL, [(row.kind, row.value) for row in rows])
    answer = {"exemptions": [_line(row) for row in rows]}
    call.screen.answer(answer, lambda screen: _draw(screen, call, rows, displays))


def _line(row: "ExemptionRow") -> dict[str, Any]:
    return {
        "kind": row.kind,
        "value": row.value,
        "reason": row.reason,
        "owner": row.owner,
        "note": row.note,
        "made_at": row.made_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }


def _draw(screen: Screen, call: Call, rows: Sequence["ExemptionRow"], displays: "Displays") -> None:
    if not rows:
        screen.suggest("No value is exempt. See which look innocent", call.line("exemptions --suggest"))
        return
    drawn = table("kind", "value", "reason", "owner", "expires")
    shown = [displays.get((row.kind, row.value), row.value) for row in rows]
    ends = [row.expires_at.date().isoformat() if row.expires_at else "never" for row in rows]
    cells = ((r.kind, value, r.reason, r.owner, end) for r, value, end in zip(rows, shown, ends, strict=True))
    screen.say(add_rows(drawn, cells), "", f"{count(len(rows), 'exemption')}.")
    say_masked(screen, displays)


_PANEL = "Decide"
EXEMPT = Command(
    "exempt",
    exempt,
    _PANEL,
    (
        'ringwatch exempt address "12 Dock Road, Hamburg" --reason forwarder',
        'ringwatch exempt phone "+49 40 123456" --lift --reason "the agency closed"',
    ),
    act=Act.EXEMPT,
)
EXEMPTIONS = Command("exemptions", exemptions, _PANEL, ("ringwatch exemptions", "ringwatch exemptions --suggest"))
