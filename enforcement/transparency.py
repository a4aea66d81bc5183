"""A statement with the fields of the EU's database of statements of reasons (Digital Services Act, article 24(5)).

Field names, values and limits are those that the database documents for its interface:
https://transparency.dsa.ec.europa.eu/page/api-documentation. It takes no personal data, so nothing here names the
store or shows a value, not even masked.
"""

from datetime import date
from typing import Any

from ringwatch.enforcement.letters import letter_of
from ringwatch.model.statements import Decision, Language, Statement

EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
"""Where a closed store is closed, as far as the database asks: everywhere."""
FIRST_CONTENT_DATE = date(2000, 1, 1)  # the database takes none before
MOST_FACTS, MOST_GROUND, MOST_EXPLANATION = 5_000, 500, 2_000  # characters
_ACCOUNT = {"close": "DECISION_ACCOUNT_TERMINATED", "suspend": "DECISION_ACCOUNT_SUSPENDED"}
_VISIBILITY = {"close": "DECISION_VISIBILITY_CONTENT_REMOVED", "suspend": "DECISION_VISIBILITY_CONTENT_DISABLED"}


def fields_of(statement: Statement, language: Language) -> dict[str, Any]:
    """Return the fields as the database takes them; of a decision that was taken back with the day that it ended."""
    letter = letter_of(statement, language, with_values=False)
    rule = letter.section("rule").lines
    end = _end_date(statement)
    visibility = {"decision_visibility": [_VISIBILITY[statement.action]], "end_date_visibility_restriction": end}
    fields = {
        **(visibility if statement.n_listings else {}),
        "decision_account": _ACCOUNT[statement.action],
        "end_date_account_restriction": end,
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": _cut(rule[0], MOST_GROUND),
        "incompatible_content_explanation": _cut(" ".join(rule[1:]), MOST_EXPLANATION),
        "category": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "category_specification": ["KEYWORD_TRADEMARK_INFRINGEMENT"],
        "content_type": ["CONTENT_TYPE_PRODUCT"],
        "content_date": max(statement.facts.opened_on or statement.decided_at.date(), FIRST_CONTENT_DATE).isoformat(),
        "territorial_scope": list(EEA),
        "application_date": statement.announced_at.date().isoformat(),
        "decision_facts": _cut(" ".join(letter.section("facts").lines), MOST_FACTS),
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_PARTIALLY",
        "puid": f"ringwatch-{statement.entry_hash}",
    }
    return {**fields, **({"incompatible_content_illegal": "Yes"} if statement.facts.upheld else {})}


def _end_date(statement: Statement) -> str | None:
    """Return the day that a restriction ended, None while it stands; one announced in vain ended as it would begin."""
    ended_at = {Decision.REOPEN: statement.effective_at, Decision.LAPSE: statement.announced_at}
    ended = ended_at.get(statement.decision)
    return ended.date().isoformat() if ended else None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
