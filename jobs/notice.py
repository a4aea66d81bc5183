"""The commands of notices: a brand files them, an investigator decides, a reporter's record is shown."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringwatch.jobs.access import eyes_of, moment_of
from ringwatch.jobs.command import Call, Command
from ringwatch.jobs.load import RejectsOption
from ringwatch.jobs.screen import add_rows, count, table
from ringwatch.model.errors import ConfigError, InputError
from ringwatch.model.notices import NoticeAct, NoticeKind, NoticeQuery, NoticeRow, NoticeState
from ringwatch.model.visibility import Act

if TYPE_CHECKING:
    from ringwatch.db.docket import Docket
    from ringwatch.db.view import View
    from ringwatch.enforcement.notice_drafts import NoticeWish
    from ringwatch.graph_loader.rejects import Rejects
    from ringwatch.model.enforcement import Hand
    from ringwatch.model.notices import NoticeDraft
    from ringwatch.model.visibility import Visibility

NoticeArgument = Annotated[str, typer.Argument(metavar="NOTICE_ID", help="The notice.", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is so.", show_default=False)]


def file(
    call: Call,
    brand: Annotated[str, typer.Option("--brand", metavar="BRAND_ID", help="Whose notice it is.", show_default=False)],
    listing: Annotated[
        list[str] | None, typer.Option("--listing", metavar="LISTING_ID", help="Against this listing; repeatable.")
    ] = None,
    store: Annotated[str | None, typer.Option("--store", metavar="STORE_ID", help="Against a store itself.")] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="CSV: listing_id or store_id, and kind and text where they differ."
        ),
    ] = None,
    kind: Annotated[NoticeKind, typer.Option("--kind", help="What it rests on.")] = NoticeKind.NOTICE,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What is wrong there.")] = "",
    path: Annotated[
        list[Path] | None,
        typer.Option("--file", metavar="PATH", help="A proof, of which the SHA-256 digest is kept; repeatable."),
    ] = None,
    rejects: RejectsOption = Path("rejects.csv"),
) -> None:
    """File a brand's notices, test buys or seizures against listings or a store."""
    from ringwatch.db.open import open_docket, open_view
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.notice_drafts import NoticeWish, all_drafts_of, check_brand

    if sum(given is not None for given in (listing or None, store, source)) != 1:
        raise ConfigError("notice file: expected one of --listing, --store and --from; nothing was filed")
    digests = tuple(map(_digest, path or ()))
    pattern = NoticeWish(None, store, kind, text, digests)
    with open_docket(call.url) as docket, open_view(call.url) as view:
        who, hand = eyes_of(call, docket), _hand(call, docket)
        with noting_refusals(docket, hand, Act.FILE):
            check_brand(who, brand)
        if source is not None:
            _file_many(call, (docket, view), (who, brand, hand), (source, rejects, pattern))
            return
        wishes = [_aimed(pattern, listing_id) for listing_id in listing or ()] or [pattern]
        rows = _file((docket, view), (who, brand, hand), all_drafts_of(view, who, brand, wishes))
    answer = _line(rows[0]) if len(rows) == 1 else {"notices": list(map(_line, rows))}
    call.screen.answer(answer, lambda screen: screen.say(_drawn(rows), "", f"{count(len(rows), 'notice')} filed."))


def _file_many(
    call: Call,
    doors: "tuple[Docket, View]",
    who: "tuple[Visibility, str, Hand]",
    asked: "tuple[Path, Path, NoticeWish]",
) -> None:
    from ringwatch.graph_loader.rejects import Rejects, check_place

    source, place, pattern = asked
    check_place(place)
    rejected = Rejects(hides_personal=False)
    drafts = _drafts_in(doors[1], who, (source, pattern), rejected)
    written = rejected.write(place)
    n_rejected = rejected.n_rows.total()
    if not drafts:
        told = f"; the first: {rejected.first}" if rejected.first else ""
        raise InputError(f"{source}: no row of it can be filed, expected one at least; nothing was filed{told}")
    rows = _file(doors, who, drafts)
    answer = {
        "notices": list(map(_line, rows)),
        "read": len(drafts) + n_rejected,
        "rejected": n_rejected,
        "rejects_file": str(written) if written else None,
    }
    said = f"{count(len(rows), 'notice')} filed, {count(n_rejected, 'row')} rejected"
    call.screen.answer(answer, lambda screen: screen.say(f"{said}{f': {written}' if written else ''}."))


def _drafts_in(
    view: "View", who: "tuple[Visibility, str, Hand]", asked: "tuple[Path, NoticeWish]", rejected: "Rejects"
) -> "list[NoticeDraft]":
    """Return what the rows of a file ask for; those that cannot be are rejected."""
    from ringwatch.enforcement.notice_drafts import drafts_of
    from ringwatch.enforcement.notices import fault_of
    from ringwatch.graph_loader.notice_file import read_notice_file, reject

    source, pattern = asked
    lines = read_notice_file(source, rejected)
    wishes = [_aimed(pattern, line.listing_id, line.store_id, line.kind, line.text) for line in lines]
    drafts, missing = drafts_of(view, who[0], who[1], wishes)
    for place in missing:
        column = "listing_id" if wishes[place].listing_id else "store_id"
        reject(rejected, source, lines[place].line, (column, wishes[place].named, "no such one stands"))
    standing = [line for place, line in enumerate(lines) if place not in set(missing)]
    kept = []
    for line, draft in zip(standing, drafts, strict=True):
        if fault := fault_of(draft):
            reject(rejected, source, line.line, ("text", draft.text, fault))
        else:
            kept.append(draft)
    return kept


def _aimed(
    pattern: "NoticeWish",
    listing_id: str | None,
    store_id: str | None = None,
    kind: NoticeKind | None = None,
    text: str | None = None,
) -> "NoticeWish":
    said = pattern.text if text is None else text
    named_store = None if listing_id else store_id
    return replace(pattern, listing_id=listing_id, store_id=named_store, kind=kind or pattern.kind, text=said)


def _file(
    doors: "tuple[Docket, View]", who: "tuple[Visibility, str, Hand]", drafts: "Sequence[NoticeDraft]"
) -> list[NoticeRow]:
    from ringwatch.enforcement.notices import file_notices

    notice_ids = file_notices(doors[0], who[1], drafts, who[2])
    rows = doors[1].notices(who[0], NoticeQuery(brand_id=who[1], notice_ids=notice_ids)).rows
    filed = {row.notice_id: row for row in rows if not row.is_loaded}
    return [filed[notice_id] for notice_id in notice_ids]


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file. InputError where it cannot be read."""
    try:
        with path.open("rb") as proof:
            return hashlib.file_digest(proof, "sha256").hexdigest()
    except OSError as failure:
        raise InputError(
            f"{path}: cannot be read ({failure.strerror or failure}), expected a file; nothing was filed"
        ) from None


def _decide(call: Call, act: NoticeAct, notice_id: str, reason: str) -> None:
    from ringwatch.db.open import open_docket, open_view
    from ringwatch.enforcement.access import noting_refusals
    from ringwatch.enforcement.notices import NoticeDecision, decide_notice

    needed = Act.FILE if act is NoticeAct.WITHDRAW else Act.DECIDE_NOTICE
    with open_docket(call.url) as docket, open_view(call.url) as view:
        who, hand = eyes_of(call, docket), _hand(call, docket)
        with noting_refusals(docket, hand, needed):
            decide_notice(docket, NoticeDecision(notice_id, act, reason, who.brand_id), hand)
        rows = view.notices(who, NoticeQuery(brand_id=who.brand_id, notice_ids=(notice_id,))).rows
    row = next(row for row in rows if not row.is_loaded)
    call.screen.answer(_line(row), lambda screen: screen.say(f"{notice_id} is {row.state}."))


def uphold(call: Call, notice_id: NoticeArgument, reason: ReasonOption) -> None:
    """Uphold a notice: it speaks in scores from the next `detect` on."""
    _decide(call, NoticeAct.UPHOLD, notice_id, reason)


def reject(call: Call, notice_id: NoticeArgument, reason: ReasonOption) -> None:
    """Reject a notice: what it says is not so."""
    _decide(call, NoticeAct.REJECT, notice_id, reason)


def withdraw(call: Call, notice_id: NoticeArgument, reason: ReasonOption) -> None:
    """Take a notice back, as the brand or for it: it says nothing any more."""
    _decide(call, NoticeAct.WITHDRAW, notice_id, reason)


def counter(call: Call, notice_id: NoticeArgument, reason: ReasonOption) -> None:
    """Enter what the seller says against a notice; it stands in 15 days, unless the brand goes on (uphold)."""
    _decide(call, NoticeAct.COUNTER, notice_id, reason)


def notices(
    call: Call,
    state: Annotated[NoticeState | None, typer.Option("--state", help="Only those that stand so.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that nobody decided in time.")] = False,
) -> None:
    """List notices, loaded or filed, those that are due first; a partner's are those of its brand."""
    from ringwatch.db.open import open_docket, open_view

    with open_docket(call.url) as docket, open_view(call.url) as view:
        who = eyes_of(call, docket)
        query = NoticeQuery(state, moment_of(docket) if overdue else None, who.brand_id)
        rows = view.notices(who, query).rows
    answer = {"notices": list(map(_line, rows))}
    call.screen.answer(answer, lambda screen: screen.say(_drawn(rows), "", f"{count(len(rows), 'notice')}."))


def reporters(call: Call) -> None:
    """Show how far the notices of each brand were right so far; a partner sees its own."""
    from ringwatch.db.open import open_docket, open_view

    with open_docket(call.url) as docket, open_view(call.url) as view:
        found = view.reporters(eyes_of(call, docket), moment_of(docket))
    lines = [
        {
            "brand_id": one.brand_id,
            "filed": one.filed,
            "upheld": one.upheld,
            "rejected": one.rejected,
            "reliability": one.reliability,
            "throttled": one.throttled,
            "target": one.target_id,
        }
        for one in found
    ]
    rows = ((o.brand_id, o.filed, o.upheld, o.rejected, f"{o.reliability:.2f}", o.target_id or "") for o in found)
    drawn = add_rows(table("brand", "#filed", "#upheld", "#rejected", "#reliability", "throttled: attacks"), rows)
    call.screen.answer({"reporters": lines}, lambda screen: screen.say(drawn, "", f"{count(len(lines), 'reporter')}."))


def _hand(call: Call, docket: "Docket") -> "Hand":
    from ringwatch.model.enforcement import Hand

    return Hand(call.doer, moment_of(docket))


def _line(row: NoticeRow) -> dict[str, Any]:
    return {
        "notice_id": row.notice_id,
        "brand_id": row.brand_id,
        "listing_id": row.listing_id,
        "store_id": row.store_id,
        "kind": row.kind,
        "state": row.state,
        "filed_at": row.filed_at.isoformat() if row.filed_at else None,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "duplicate_of": row.duplicate_of,
        "throttled": row.is_throttled,
        "same_text": row.n_same_text,
        "text": row.text,
        "files": list(row.digests),
        "reason": row.reason,
        "loaded": row.is_loaded,
    }


def _drawn(rows: Sequence[NoticeRow]) -> Any:  # noqa: ANN401 (a table, whose library is not loaded for --json)
    def marks(row: NoticeRow) -> str:
        told = (
            (row.duplicate_of and f"as {row.duplicate_of}"),
            (row.n_same_text and f"text pasted {row.n_same_text} times"),
            (row.is_throttled and "throttled"),
        )
        return ", ".join(str(mark) for mark in told if mark)

    lines = (
        (
            row.notice_id,
            row.brand_id,
            row.listing_id or row.store_id or "",
            row.kind,
            row.state,
            f"{row.due_at:%Y-%m-%d %H:%M}" if row.due_at else "",
            marks(row),
        )
        for row in rows
    )
    return add_rows(table("notice", "brand", "against", "kind", "state", "due", "mark"), lines)


_PANEL = "Alliance"
NOTICES = Command("notices", notices, _PANEL, ("ringwatch notices --overdue",), act=Act.LOOK)
REPORTERS = Command("reporters", reporters, _PANEL, ("ringwatch reporters",), act=Act.LOOK)
COMMANDS = (
    Command(
        "file",
        file,
        "",
        (
            "ringwatch notice file --listing LISTING_ID --brand BRAND_ID --kind test_buy --file photo.jpg",
            "ringwatch notice file --from notices.csv --brand BRAND_ID --kind notice",
        ),
        act=Act.FILE,
    ),
    *(
        Command(act.value, function, "", (f'ringwatch notice {act.value} NOTICE_ID --reason "{why}"',), act=needed)
        for act, function, why, needed in (
            (NoticeAct.UPHOLD, uphold, "the logo is misspelt", Act.DECIDE_NOTICE),
            (NoticeAct.REJECT, reject, "second-hand goods", Act.DECIDE_NOTICE),
            (NoticeAct.WITHDRAW, withdraw, "filed by mistake", Act.FILE),
            (NoticeAct.COUNTER, counter, "the seller shows an invoice of the brand", Act.DECIDE_NOTICE),
        )
    ),
)
