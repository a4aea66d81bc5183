"""Refusals that are kept in the ledger: the first ones of each hand, then few, the rest counted."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ringwatch.api.notes import AT_ONCE, REFILL_S, RefusalNotes
from ringwatch.model.enforcement import Hand
from ringwatch.model.errors import RetryableError
from ringwatch.model.visibility import Act

AT = datetime(2027, 1, 1, tzinfo=UTC)


class Docket:
    """Keeps what is appended to its ledger, or is away."""

    is_drill = False

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, Any]]] = []
        self.is_away = False

    def transact(self, work: Callable[[Any], Any]) -> Any:
        """Return what ``work`` returns, as one transaction."""
        if self.is_away:
            raise RetryableError("database: is away")
        return work(self)

    def append(self, entries: list[Any]) -> None:
        """Keep entries."""
        self.kept += [(entry.actor, json.loads(entry.body)) for entry in entries]


def test_a_flood_is_counted_and_nobody_else_suffers():
    """At once ``AT_ONCE``, then one each ``REFILL_S``, which tells how many were not kept; each hand for itself."""
    docket, time_s = Docket(), 0.0
    notes = RefusalNotes(docket, lambda: time_s)  # type: ignore[arg-type]  # (as much of a docket as is needed)
    for _ in range(1_000):
        notes.note(Hand("", AT), Act.SIGN_IN, "key: nobody here has this key")
    notes.note(Hand("ann", AT), Act.CLOSE, "ann is investigator")
    time_s += REFILL_S
    for _ in range(5):
        notes.note(Hand("", AT), Act.SIGN_IN, "key: nobody here has this key")
    notes.close()
    assert [actor for actor, _ in docket.kept] == [""] * AT_ONCE + ["ann", ""]
    assert [body.get("n_before", 0) for _, body in docket.kept] == [0] * AT_ONCE + [0, 1_000 - AT_ONCE]


def test_a_database_that_is_away_holds_no_answer_up(caplog):
    docket = Docket()
    docket.is_away = True
    notes = RefusalNotes(docket)  # type: ignore[arg-type]  # (as above)
    notes.note(Hand("ann", AT), Act.CLOSE, "ann is investigator")
    notes.close()
    assert "is away" in caplog.text
