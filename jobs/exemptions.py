"""The commands for values that people call innocent: exempt one, take it back, list them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.clock import now
from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.screen import Screen, add_rows, count, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.jobs.suggestions import suggest_exemptions
from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import EXEMPTION_REASONS
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import ExemptionRow
    from ringwatch.values.pivots import Pivot

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
    from ringwatch.db.open import open_view
    from ringwatch.values.pivots import find_pivot

    if lift and (owner or expires):
        raise ConfigError(
            "--lift: takes --reason alone, --owner and --expires belong to a new exemption; nothing was changed"
        )
    if not lift and reason not in EXEMPTION_REASONS:
        raise ConfigError(f"--reason {reason!r}: expected one of {', '.join(EXEMPTION_REASONS)}; nothing was changed")
    with open_view(call.url) as view:
        pivot = find_pivot(view.registry(FULL), kind, value, check_key(view, secret_key_file))
        at = now(view)
    if lift:
        _lift(call, pivot, reason, at)
    else:
        _exempt(call, pivot, (reason, owner, _parse_expiry(expires, at)), at)


def _exempt(call: Call, pivot: "Pivot", why: tuple[str, str | None, datetime | None], at: datetime) -> None:
    from ringwatch.db.open import open_writer
    from ringwatch.db.writer import ExemptionInput

    reason, owner, expires_at = why
    exemption = ExemptionInput(pivot.kind.name, pivot.text, pivot.display, reason, owner=owner, expires_at=expires_at)
    with open_writer(call.url) as writer:
        writer.exempt(exemption, at)
    answer = {
        "kind": pivot.kind.name,
        "value": pivot.text,
        "reason": reason,
        "owner": owner,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    said = f"{pivot.kind.name} {pivot.display} links nobody from the next run on. Run it"
    call.screen.answer(answer, lambda screen: screen.suggest(said, call.line("detect")))


def _lift(call: Call, pivot: "Pivot", reason: str, at: datetime) -> None:
    from ringwatch.db.open import open_writer

    with open_writer(call.url) as writer:
        was_there = writer.lift_exemption(pivot.kind.name, pivot.text, reason, at)
    if not was_there:
        raise ConfigError(
            f"{pivot.kind.name} {pivot.display}: is not exempt, so nothing was changed;"
            f" list what is: {call.line('exemptions')}"
        )
    answer = {"kind": pivot.kind.name, "value": pivot.text, "lifted": True, "reason": reason}
    said = f"{pivot.kind.name} {pivot.display} counts again from the next run on. Run it"
    call.screen.answer(answer, lambda screen: screen.suggest(said, call.line("detect")))


def _parse_expiry(text: str | None, at: datetime) -> datetime | None:
    if text is None:
        return None
    try:
        expires_at = datetime.fromisoformat(text)
    except ValueError as failure:
        raise ConfigError(
            f"--expires {text!r}: is not an ISO 8601 date such as 2027-01-31; nothing was changed"
        ) from failure
    aware = expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=UTC)
    if aware <= at:
        raise ConfigError(f"--expires {text}: is in the past, expected a later date; nothing was changed")
    return aware.astimezone(UTC)


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
    answer = {"exemptions": [_line(row) for row in rows]}
    call.screen.answer(answer, lambda screen: _draw(screen, rows))


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


def _draw(screen: Screen, rows: Sequence["ExemptionRow"]) -> None:
    if not rows:
        screen.say("No value is exempt. Exempt one: ringwatch exempt KIND VALUE --reason REASON")
        return
    drawn = table("kind", "value", "reason", "owner", "expires")
    cells = (
        (r.kind, r.value, r.reason, r.owner, r.expires_at.date().isoformat() if r.expires_at else "never") for r in rows
    )
    screen.say(add_rows(drawn, cells), "", f"{count(len(rows), 'exemption')}.")


_PANEL = "Decide"
EXEMPT = Command(
    "exempt",
    exempt,
    _PANEL,
    (
        'ringwatch exempt address "12 Dock Road, Hamburg" --reason forwarder',
        'ringwatch exempt phone "+49 40 123456" --lift --reason "the agency closed"',
    ),
)
EXEMPTIONS = Command("exemptions", exemptions, _PANEL, ("ringwatch exemptions", "ringwatch exemptions --suggest"))
