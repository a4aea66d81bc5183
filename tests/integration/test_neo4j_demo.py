"""The main job on a real Neo4j by the command line: the answers of the embedded database, and plans that scale."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from neo4j import GraphDatabase
from tests.support.neo4j_server import Server

from ringwatch import cypher
from ringwatch.db.copy import TABLES
from ringwatch.db.open import make_anew

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)

LARGE = {
    "Holder",
    "Seller",
    "Store",
    "Listing",
    "Value",
    "Evidence",
    "EvidenceHolders",
    "Ring",
    "RingValue",
    "RingBirth",
}
READS_ALL = {  # these are asked for all there is of something
    *("all_members", "rings", "retire_stores", "retire_listings", "retire_uses", "retire_authorisations"),
    *("snapshot_notices", "snapshot_authorisations", "n_sellers", "counts", "clear", "delete_member"),
}
NEVER_SEEN = {"01N50", "01N51", "01N52"}  # a label, type or property that no row of this marketplace has
CARTESIAN_PRODUCT = "03N90"  # told as INFORMATION only
WHOLE_TABLES = {"member", "ring_birth", "notice", "authorisation"}


@dataclass(frozen=True)
class Both:
    """The URLs of two databases that hold the same, and a folder for files."""

    embedded: str
    server: str
    folder: Path


def ringwatch(folder: Path, *arguments: str, status: int = 0) -> str:
    """Run the command, expect a status, and return what it printed."""
    command = [sys.executable, "-m", "ringwatch.jobs", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def both(neo4j: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The made-up marketplace in a database of each kind."""
    folder = tmp_path_factory.mktemp("demo")
    neo4j.empty()
    found = Both(f"sqlite:///{folder}/demo.db", neo4j.url, folder)
    for url in (found.embedded, found.server):
        ringwatch(folder, "demo", "--no-serve", "--database", url, "--json")
    yield found
    neo4j.empty()


@pytest.mark.parametrize("form", ["csv", "json", "graphml"])
def test_rings_are_exported_to_the_same_bytes(both: Both, form: str):
    """`export rings` gives the same file of both databases, but for the name and time of the run."""
    exports = []
    for name, url in (("embedded", both.embedded), ("server", both.server)):
        file = both.folder / f"{name}.{form}"
        ringwatch(both.folder, "export", "rings", "--format", form, "--output", str(file), "--database", url)
        exports.append(re.sub(rb'"run_id": ?"[^"]*"', b"", file.read_bytes()))
    assert len(exports[0]) > 1000
    assert exports[0] == exports[1]


def test_questions_have_the_same_answers(both: Both):
    """What a person asks about rings, members and values is answered alike, word for word."""
    rings = json.loads(ringwatch(both.folder, "rings", "--json", "--database", both.embedded))["rings"]
    ring_id = rings[0]["ring_id"]
    ring = json.loads(ringwatch(both.folder, "ring", ring_id, "--json", "--database", both.embedded))
    first, second = (member["seller_id"] for member in ring["members"][:2])
    asked = [
        ("rings",), ("ring", ring_id), ("why", first, ring_id), ("path", first, second),
        ("why-not", first, rings[1]["ring_id"]),
        ("what-if", ring["values"][0]["kind"], ring["values"][0]["value"]), ("exemptions",), ("settings",),
    ]  # fmt: skip
    for arguments in asked:
        answers = [
            json.loads(ringwatch(both.folder, *arguments, "--json", "--database", url))
            for url in (both.embedded, both.server)
        ]
        for answer in answers:
            answer.pop("run_id", None)
        assert answers[0] == answers[1], arguments


def test_a_copy_there_and_back_is_the_same(both: Both, neo4j: Server):
    """`copy` moves everything into an empty database of the other kind, says so, and refuses one that is not empty."""
    back = f"sqlite:///{both.folder}/back.db"
    there = json.loads(ringwatch(both.folder, "copy", "--from", both.server, "--to", back, "--json"))
    assert there["equal"]
    assert there["tables"]["seller"] == 2000
    refused = ringwatch(both.folder, "copy", "--from", both.embedded, "--to", both.server, status=2)
    assert refused == ""
    make_anew(neo4j.url)
    again = json.loads(ringwatch(both.folder, "copy", "--from", back, "--to", both.server, "--json"))
    assert again["equal"]
    assert again["tables"] == there["tables"]


def operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the operators of a plan and what they work on."""
    yield plan["operatorType"].split("@")[0], str(plan["args"].get("Details", ""))
    for child in plan.get("children", ()):
        yield from operators(child)


def statements() -> Mapping[str, tuple[str, bool]]:
    """Every statement that is ever sent, by name, and whether it is asked for all there is."""
    found = {name: (cypher.query(name).text, name in READS_ALL) for name in cypher.query_names()}
    for table in TABLES:
        read, write = cypher.table(table)
        found[f"read {table}"] = (read.text, table in WHOLE_TABLES or "run_n" in read.text)
        found[f"write {table}"] = (write.text, False)
    return found


def test_every_statement_is_planned_well(both: Both, caplog: pytest.LogCaptureFixture):
    """No all-nodes scan, no label scan of what grows, no cartesian product, no other warning, on the real server."""
    where, _, rest = both.server.partition("://")
    account, _, place = rest.partition("@")
    user, _, password = account.partition(":")
    faults = []
    with (
        GraphDatabase.driver(f"{where}://{place.partition('/')[0]}", auth=(user, password)) as driver,
        caplog.at_level(logging.CRITICAL, logger="neo4j"),
        driver.session(database=place.partition("/")[2]) as session,
    ):
        session.run("CALL db.clearQueryCaches()").consume()
        for name, (text, is_whole) in statements().items():
            params = dict.fromkeys(re.findall(r"\$(\w+)", text))
            summary = session.run(f"EXPLAIN {text}", params).consume()
            for operator, details in operators(summary.plan):
                label = re.search(r":(\w+)", details)
                grows = "LabelScan" in operator and label and label[1] in LARGE and not is_whole
                if grows or (operator == "AllNodesScan" and name != "clear"):
                    faults.append(f"{name}: {operator} {details}")
            faults += [
                f"{name}: {note.gql_status} {note.status_description}"
                for note in summary.gql_status_objects
                if (note.raw_severity == "WARNING" and note.gql_status not in NEVER_SEEN)
                or note.gql_status == CARTESIAN_PRODUCT
            ]
    assert not faults, "\n".join(faults)


def test_reads_are_planned_alike_in_both_versions_of_cypher(both: Both, neo4j: Server):
    """Each statement is valid in Cypher 25 too, where the server knows it."""
    where = both.server.partition("://")[2].partition("@")
    user, _, password = where[0].partition(":")
    with GraphDatabase.driver(f"neo4j://{where[2].partition('/')[0]}", auth=(user, password)) as driver:
        is_5 = "/5." in driver.get_server_info().agent
        versions = ["CYPHER 5"] if is_5 else ["CYPHER 5", "CYPHER 25"]
        with driver.session(database=neo4j.database) as session:
            for version in versions:
                for text, _ in statements().values():
                    params = dict.fromkeys(re.findall(r"\$(\w+)", text))
                    session.run(f"{version} EXPLAIN {text}", params).consume()  # type: ignore[arg-type]
