"""What is wrong with the plan of a statement: it reads what grows from end to end, or the server warns of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from neo4j import ResultSummary, Session

from ringwatch import cypher
from ringwatch.db.copy import TABLES

LARGE = {
    *("Holder", "Seller", "Store", "Listing", "Value", "Notice"),
    *("Ring", "RingValue", "RingBirth", "RingEvent", "RingVersion", "Evidence", "EvidenceHolders"),
}
"""Labels whose nodes grow with what is loaded or with the number of runs."""

READS_ALL = {  # these are asked for all there is of something
    *(
        "all_members",
        "rings",
        "rings_at",
        "ring_ties",
        "retire_stores",
        "retire_listings",
        "retire_uses",
        "retire_authorisations",
    ),
    *("snapshot_notices", "snapshot_authorisations", "n_sellers", "counts", "clear", "delete_member"),
}
WHOLE_TABLES = {
    "member",
    "ring_birth",
    "ring_event",
    "ring_version",
    "ring_content",
    "ring_layout",
    "notice",
    "authorisation",
}
WHOLE_GRAPH = {"clear", "n_nodes"}  # the two that mean every node there is, whatever its label
NEVER_SEEN = {"01N50", "01N51", "01N52"}  # a label, type or property that no row of this database has
CARTESIAN_PRODUCT = "03N90"  # told as INFORMATION only
_MISSING_INDEX = re.compile(r"(NodeByLabelScan|DirectedRelationshipTypeScan|UndirectedRelationshipTypeScan)$")


@dataclass(frozen=True)
class Statement:
    """One that is sent to the server; ``is_whole``: it is asked for all there is of something."""

    name: str
    text: str
    is_whole: bool = False


def statements() -> list[Statement]:
    """Return every statement that is ever sent."""
    found = [Statement(name, cypher.query(name).text, name in READS_ALL) for name in cypher.query_names()]
    for table in TABLES:
        read, write = cypher.table(table)
        found.append(Statement(f"read {table}", read.text, table in WHOLE_TABLES or "run_n" in read.text))
        found.append(Statement(f"write {table}", write.text))
    return found


def operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the operators of a plan and what they work on."""
    yield plan["operatorType"].split("@")[0], str(plan["args"].get("Details", ""))
    for child in plan.get("children", ()):
        yield from operators(child)


def explain(session: Session, statement: Statement, version: str = "") -> ResultSummary:
    """Return what the server says of a statement in a version of Cypher; nothing is run."""
    params = dict.fromkeys(re.findall(r"\$(\w+)", statement.text))
    return session.run(f"{version} EXPLAIN {statement.text}", params).consume()  # type: ignore[arg-type]


def faults_of(statement: Statement, summary: ResultSummary) -> list[str]:
    """Return what is wrong with how a statement would be run, none where all is well."""
    assert summary.plan, f"{statement.name}: has no plan"
    faults = []
    for operator, details in operators(summary.plan):
        named = re.search(r":(\w+)", details)
        grows = bool(_MISSING_INDEX.search(operator) and named and named[1] in LARGE | {"USES", "LISTS", "MEMBER_OF"})
        if (grows and not statement.is_whole) or ("AllNodes" in operator and statement.name not in WHOLE_GRAPH):
            faults.append(f"{statement.name}: {operator} {details}")
    return faults + [
        f"{statement.name}: {note.gql_status} {note.status_description}"
        for note in summary.gql_status_objects
        if note.gql_status == CARTESIAN_PRODUCT
        or (note.raw_severity == "WARNING" and note.gql_status not in NEVER_SEEN)
    ]
