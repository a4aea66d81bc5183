"""What is said of plans, stores, appeals and messages, as enums of the schema."""

from ringwatch.api.fields import describe_enum
from ringwatch.model.chain import Fault
from ringwatch.model.enforcement import AppealState, MessageState, PlanState, Progress, StoreAction, StoreState
from ringwatch.model.visibility import ActorRole

__all__ = ["ActorRole", "AppealState", "Fault", "MessageState", "PlanState", "Progress", "StoreAction", "StoreState"]

describe_enum(
    ActorRole,
    "ActorRole",
    "What an actor may do.",
    {
        "INVESTIGATOR": "Reads all, judges, exempts, proposes plans.",
        "APPROVER": "Reads all, approves or rejects plans of others, changes settings.",
        "OPERATOR": "Reads all, loads, detects, carries approved plans out.",
        "PARTNER": "Reads through the lens of its own brand.",
    },
)
describe_enum(
    PlanState,
    "PlanState",
    "Where a plan stands.",
    {
        "PROPOSED": "Another person has to approve it.",
        "APPROVED": "It may be carried out, until its approval runs out.",
        "VOID": "What it rests on changed, or its approval ran out.",
        "REJECTED": "A person refused it; it is never carried out.",
        "DONE": "All that it could do is done.",
        "UNDONE": "It was done, and another plan put back what it changed.",
    },
)
describe_enum(
    StoreAction,
    "StoreAction",
    "What a plan does to a store.",
    {
        "CLOSE": "Close it, after its notice.",
        "SUSPEND": "Pause it.",
        "WATCH": "Look at it more closely; it goes on selling.",
        "REOPEN": "Give it back the state it had before.",
        "SPARE": "Nothing; the reasons say which rules forbid it.",
    },
)
describe_enum(
    Progress,
    "StoreProgress",
    "How far a plan is with a store.",
    {
        "PLANNED": "Nothing happened yet.",
        "NOTICED": "Its notice runs.",
        "DONE": "It was done.",
        "LEFT": "It was judged anew when it was due, and left as it is.",
    },
)
describe_enum(
    StoreState,
    "StoreState",
    "What was decided about a store last.",
    {
        "OPEN": "Nothing stands against it.",
        "WATCHED": "It is looked at more closely.",
        "SUSPENDED": "It is paused.",
        "CLOSED": "It is closed.",
        "APPEALED": "An appeal of it is open; what was decided before stands meanwhile.",
        "REINSTATED": "Open again since its own appeal was upheld; to every rule it is open.",
    },
)
describe_enum(
    AppealState,
    "AppealState",
    "Where an appeal stands.",
    {"OPEN": "It is to be decided.", "UPHELD": "The seller was right.", "REJECTED": "The decision stands."},
)
describe_enum(
    MessageState,
    "MessageState",
    "Where a message to the marketplace stands.",
    {
        "WAITING": "It is to be sent, or sent again.",
        "DELIVERED": "The marketplace took it.",
        "DEAD": "It was refused or tried too often; a replay tries it again.",
    },
)
describe_enum(
    Fault,
    "LedgerFaultKind",
    "What is wrong with an entry of the ledger.",
    {
        "CHANGED": "It is not as it was written.",
        "MISSING": "It is gone.",
        "INSERTED": "It was put in.",
        "REORDERED": "It stands at another place.",
    },
)
