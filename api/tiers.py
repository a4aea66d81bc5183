"""Tiers and roles as enums of the schema; whoever shows one takes it from here."""

from ringwatch.api.fields import describe_enum
from ringwatch.model.rings import Role, Tier

__all__ = ["Role", "Tier"]

describe_enum(
    Tier,
    "Tier",
    "How strong a membership is, surest first. A ring has the surest tier that three of its members reach.",
    {
        "CLOSE": "Sure enough to propose closing, where infringement is sure as well.",
        "REVIEW": "A person should look at it.",
        "LEAD": "A hint, worth a look when time allows.",
    },
)
describe_enum(
    Role,
    "MemberRole",
    "How a seller belongs to its ring.",
    {
        "CORE": "Linked on all sides to the heart of the ring.",
        "EXTENDED": "Linked to the ring, but not to its heart.",
        "SPARE": "Kept ready by the operator: linked, and hardly trading.",
        "OVERLAP": "Stands between this ring and another one.",
    },
)
