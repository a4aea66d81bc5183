"""The command that states to a seller why something was decided about its store."""

import sys
from typing import Annotated

import typer

from ringwatch.jobs.close import StoreArgument
from ringwatch.jobs.command import Call, Command
from ringwatch.model.statements import Format, Language


def reasons(
    call: Call,
    store_id: StoreArgument,
    form: Annotated[Format, typer.Option("--format", help="text, html or json.")] = Format.TEXT,
    language: Annotated[Language, typer.Option("--language", help="en or zh.")] = Language.EN,
    plan: Annotated[
        str | None, typer.Option("--plan", metavar="PLAN_ID", help="What this plan decided, not the last decision.")
    ] = None,
) -> None:
    """State the reasons of a decision to the seller of a store: no other seller's data is in it."""
    from ringwatch.db.open import open_docket
    from ringwatch.enforcement.reasons import render, statement_of

    with open_docket(call.url, is_read=True) as docket, docket.reading() as record:
        statement = statement_of(record, store_id, plan)
    text = render(statement, Format.JSON if call.screen.is_json else form, language)
    if form is Format.HTML and not call.screen.is_json:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())  # a page says that it is UTF-8, whatever the terminal is
    else:
        sys.stdout.write(text)


REASONS = Command(
    "reasons",
    reasons,
    "Close",
    ("ringwatch reasons STORE_ID", "ringwatch reasons STORE_ID --format html --language zh"),
)
