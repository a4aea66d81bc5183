"""Casework as GraphQL types: entries, flags, and where the work on a ring stands."""

from datetime import datetime

import strawberry

from ringwatch.api.casework import flag_id_of
from ringwatch.api.fields import describe_enum
from ringwatch.model import casework as model

MOST_ENTRIES = 100
"""Entries shown of one ring, the newest."""

describe_enum(
    model.CaseAct,
    "CaseAct",
    "What a person did about a ring, a seller or a listing.",
    {
        "NOTE": "Wrote a note.",
        "ASSIGN": "Gave the ring to somebody, or said how far the work on it is.",
        "JUDGE": "Judged the ring or one of its members.",
        "EXEMPT": "Called a value innocent.",
        "LIFT": "Took an exemption back.",
        "FLAG": "Pointed at it, as a partner.",
        "ANSWER": "Answered the flag of a partner.",
    },
)
describe_enum(
    model.CaseState,
    "CaseState",
    "How far the work on a ring is.",
    {
        "OPEN": "Nobody said anything else.",
        "IN_WORK": "Somebody works on it.",
        "DONE": "Nothing is left to do.",
    },
)
describe_enum(
    model.FlagAnswer,
    "FlagAnswer",
    "What was said to a partner's flag.",
    {
        "TAKEN_UP": "Somebody looks into it, or did.",
        "NO_CASE": "Nothing follows from it.",
    },
)


@strawberry.type(description="One thing that a person did about a ring, a seller or a listing; it is never changed.")
class CaseEntry:
    """An entry."""

    number: int = strawberry.field(description="Its number; the newest one is the version of what was said.")
    act: model.CaseAct = strawberry.field(description="What was done.")
    ring_id: str | None = strawberry.field(
        description="The ring that it was written of; where its sellers went elsewhere since, the former one."
    )
    seller_id: str | None = strawberry.field(description="The seller that it is about, where it names one.")
    listing_id: str | None = strawberry.field(description="The listing that it is about, where it names one.")
    said: str | None = strawberry.field(
        description="The verdict, the state, the reason of an exemption, or the answer, as the act has it."
    )
    text: str = strawberry.field(description="In the person's own words.")
    assignee: str | None = strawberry.field(description="Who works on it from then on.")
    actor: str | None = strawberry.field(description="Who did it; null where the database asks nobody who they are.")
    made_at: datetime | None = strawberry.field(description="When.")


@strawberry.type(description="What a partner points at, and what it was told.")
class Flag:
    """A flag."""

    flag_id: str = strawberry.field(description="The flag's own id; partners count their own flags alone.")
    brand_id: str = strawberry.field(description="The brand whose partner raised it.")
    ring_id: str | None = strawberry.field(description="The ring that it is about.")
    seller_id: str | None = strawberry.field(description="The seller that it is about, where it names one.")
    listing_id: str | None = strawberry.field(description="The listing that it is about, where it names one.")
    text: str = strawberry.field(description="In the partner's own words.")
    raised_at: datetime | None = strawberry.field(description="When it was raised.")
    answer: model.FlagAnswer | None = strawberry.field(description="What was said to it; null where nobody answered.")
    answer_text: str | None = strawberry.field(description="The same in words; the partner reads it.")
    answered_at: datetime | None = strawberry.field(description="When.")


@strawberry.type(description="Where the work on a ring stands, and what was said of it.")
class Casework:
    """Casework of one ring."""

    state: model.CaseState = strawberry.field(description="How far the work is.")
    assignee: str | None = strawberry.field(description="Who works on it; null if nobody does.")
    version: int = strawberry.field(
        description="The number of the newest entry about the ring, 0 without any. Give it back as `expectedVersion`:"
        " where another wrote or decided since, you are told and nothing is overwritten."
    )
    entries: list[CaseEntry] = strawberry.field(
        description="Notes, assignments, judgements, exemptions, flags and answers, newest first, the 100 newest at"
        " most; also those that came with sellers of other rings."
    )
    flags: list[Flag] = strawberry.field(description="Flags of partners with their answers, newest first, 100 at most.")


def casework_of(case: model.Case) -> Casework:
    """Return where the work on a ring stands as the schema shows it."""
    return Casework(
        state=case.state,
        assignee=case.assignee,
        version=case.version,
        entries=[entry_of(entry) for entry in reversed(case.entries[-MOST_ENTRIES:])],
        flags=[flag_of(flag) for flag in reversed(case.flags[-MOST_ENTRIES:])],
    )


def entry_of(entry: model.CaseEntry) -> CaseEntry:
    """Return an entry as the schema shows it."""
    return CaseEntry(
        number=entry.n,
        act=entry.act,
        ring_id=entry.about.ring_id or None,
        seller_id=entry.about.seller_id or None,
        listing_id=entry.about.listing_id or None,
        said=entry.said or None,
        text=entry.text,
        assignee=entry.assignee,
        actor=entry.actor or None,
        made_at=entry.at,
    )


def flag_of(flag: model.Flag) -> Flag:
    """Return a flag as the schema shows it."""
    about, answer = flag.entry.about, flag.answer
    return Flag(
        flag_id=flag_id_of(flag.entry.n),
        brand_id=flag.entry.brand_id or "",
        ring_id=about.ring_id or None,
        seller_id=about.seller_id or None,
        listing_id=about.listing_id or None,
        text=flag.entry.text,
        raised_at=flag.entry.at,
        answer=model.FlagAnswer(answer.said) if answer else None,
        answer_text=answer.text if answer else None,
        answered_at=answer.at if answer else None,
    )
