"""What a partner may point at: what it is shown, under the name by which it is shown."""

from typing import ClassVar

from ringwatch.db.view import View
from ringwatch.model.casework import CaseAct, CaseEntry
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import Visibility

LONGEST_FLAG = 2_000  # characters: a page; what is longer is a notice with its files


class NotInSightError(ConfigError):
    """The partner is shown nothing of that name, which may well be there."""

    http_status = 404
    why: ClassVar[str] = "NOT_IN_SIGHT"


class InvalidFlagError(ConfigError):
    """The flag says nothing, or too much."""

    why: ClassVar[str] = "INVALID_DECISION"


def complete_flag(view: View, who: Visibility, subject: str, text: str) -> CaseEntry:
    """Return a flag as it is kept; ``subject``: a ring's or seller's pseudonym, or the id of a listing of the brand.

    Raises:
        NotInSightError: the partner is shown nothing of that name.
        InvalidFlagError: the text is empty or too long.
    """
    about = view.meant_by(who, subject)
    if about is None:
        raise NotInSightError(f"flag: nothing that you are shown is called {subject[:80]!r}; nothing was kept")
    text = text.replace("\r\n", "\n").strip()  # browsers end lines so
    if not text or len(text) > LONGEST_FLAG:
        raise InvalidFlagError(
            f"flag: the text has {len(text):,} characters, expected 1 to {LONGEST_FLAG:,}; nothing was kept"
        )
    return CaseEntry(CaseAct.FLAG, about, text, brand_id=who.brand_id)
