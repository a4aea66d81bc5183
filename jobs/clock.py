"""What time it is: the one place where the clock is read."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import View

CLOCK_VARIABLE = "RINGWATCH_CLOCK"


def now(view: "View") -> datetime:
    """Return the moment that counts for a database: the clock's, or on a drill database that of $RINGWATCH_CLOCK.

    Raises:
        ConfigError: the variable is set and is no time, or the database is not for drills.
    """
    return moment(lambda name: view.setting(FULL, name))


def moment(setting: Callable[[str], str | None]) -> datetime:
    """Return the same, where a fact kept in the database is read by its name."""
    told = os.environ.get(CLOCK_VARIABLE)
    if not told:
        return datetime.now(UTC)
    if "1" not in {setting("is_drill"), setting("is_demo")}:
        raise ConfigError(f"${CLOCK_VARIABLE}: only a drill or demo database takes it, for time is real here; unset it")
    try:
        at = datetime.fromisoformat(told)
    except ValueError as failure:
        raise ConfigError(
            f"${CLOCK_VARIABLE}: {told!r} is not an ISO 8601 time such as 2027-01-31T12:00:00Z; mend it"
        ) from failure
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
