"""Statements of reasons, as GraphQL types."""

from datetime import datetime
from typing import Annotated

import strawberry

from ringwatch.api.fields import describe_enum, resolved
from ringwatch.api.plan_lists import from_record
from ringwatch.api.siblings import Asking
from ringwatch.enforcement.reasons import render, statement_of
from ringwatch.model import statements as model

describe_enum(
    model.Language,
    "Language",
    "The languages that statements are written in.",
    {"EN": "English.", "ZH": "Chinese."},
)
describe_enum(
    model.Format,
    "StatementFormat",
    "The forms that a statement is given in.",
    {
        "TEXT": "Plain text.",
        "HTML": "A page.",
        "JSON": "The fields of the EU's database of statements.",
    },
)

InLanguage = Annotated[model.Language, strawberry.argument(description="In which language.")]
InForm = Annotated[model.Format, strawberry.argument(description="In which form.")]


@strawberry.type(
    description="What a seller is told of a decision about its store, and why; no other seller's data is in it."
)
class Statement:
    """What a seller is told."""

    store_id: str = strawberry.field(description="The store's own id.")
    plan_id: str = strawberry.field(description="The plan that decided it.")
    entry: int = strawberry.field(description="The number of the decision's entry in the ledger.")
    decided_at: datetime = strawberry.field(description="When it was decided.")
    effective_at: datetime = strawberry.field(description="From when it counts.")
    appeal_until: datetime = strawberry.field(description="Until when the seller may appeal.")
    statement: strawberry.Private[model.Statement]

    @resolved("The statement itself.")
    def text(self, format: InForm = model.Format.TEXT, language: InLanguage = model.Language.EN) -> str:  # noqa: A002 (the command line's name)
        """Return the statement."""
        return render(self.statement, format, language)


def find_statement(asking: Asking, store_id: str, plan_id: str | None) -> Statement | None:
    """Return the statement about a store, None where there is no such store.

    ConfigError where nothing was decided that restricts it.
    """
    with asking.view.record(asking.who) as record:
        if store_id not in record.stores([store_id]):
            return None
    found = from_record(asking, lambda record: statement_of(record, store_id, plan_id))
    return Statement(
        store_id=found.store_id,
        plan_id=found.plan_id,
        entry=found.entry_n,
        decided_at=found.decided_at,
        effective_at=found.effective_at,
        appeal_until=found.appeal_until,
        statement=found,
    )
