"""The main job on a real Neo4j by the command line: the answers of the embedded database, and copies between both."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.neo4j_server import Server
from tests.support.programs import Terminal, Told

from ringwatch.db.open import make_anew

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)
OF_CLOSING = {
    "plan",
    "plan_store",
    "appeal",
    "filing",
    "filing_step",
    "outbox",
    "ring_layout",
    "run_layout",
}  # nothing is planned or drawn here: a case copies them


@dataclass(frozen=True)
class Both:
    """A terminal at each of two databases that hold the same."""

    embedded: Terminal
    server: Terminal

    def run(self, *arguments: str) -> list[Told]:
        """Run one command on both."""
        return [terminal.run(*arguments) for terminal in (self.embedded, self.server)]


@pytest.fixture(scope="module")
def both(neo4j: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The made-up marketplace in a database of each kind."""
    folder = tmp_path_factory.mktemp("demo")
    neo4j.empty()
    found = Both(Terminal(f"sqlite:///{folder}/demo.db", folder / "embedded"), Terminal(neo4j.url, folder / "server"))
    for terminal, told in zip(("embedded", "server"), found.run("demo", "--no-serve"), strict=True):
        assert told.status == 0
        (folder / terminal / "key").write_text(told.answer["actors"][0]["key"], encoding="utf-8")  # an investigator's
    yield found
    neo4j.empty()


@pytest.mark.parametrize("form", ["csv", "json", "graphml"])
def test_rings_are_exported_to_the_same_bytes(both: Both, form: str):
    """`export rings` gives the same file of both databases."""
    exports = [terminal.export(form) for terminal in (both.embedded, both.server)]
    assert len(exports[0]) > 1000
    assert exports[0] == exports[1]


def rings_and_members(both: Both) -> tuple[list[str], list[str], tuple[str, str]]:
    """Ids of rings, the members of the first, and a value that they share."""
    rings = [ring["ring_id"] for ring in both.embedded.run("rings").answer["rings"]]
    ring = both.embedded.run("ring", rings[0]).answer
    value = ring["values"][0]
    return rings, [member["seller_id"] for member in ring["members"]], (value["kind"], value["value"])


def test_questions_have_the_same_answers(both: Both):
    """What a person asks about rings, members and values is answered alike, word for word."""
    (ring_id, other, *_), (first, second, *_), value = rings_and_members(both)
    for arguments in (
        ("rings",), ("ring", ring_id), ("why", first, ring_id), ("path", first, second), ("why-not", first, other),
        ("what-if", *value), ("exemptions",), ("settings",), ("lineage", ring_id),
    ):  # fmt: skip
        ours, theirs = both.run(*arguments)
        assert ours.status == 0, ours
        assert ours == theirs, arguments


def test_a_copy_there_and_back_is_the_same(both: Both, neo4j: Server, tmp_path: Path):
    """`copy` moves everything into an empty database of the other kind, says so, and refuses one that is not empty."""
    (ring_id, *_), _members, value = rings_and_members(both)
    for decision in (("judge", ring_id, "confirmed", "--reason", "seen"), ("exempt", *value, "--reason", "family")):
        assert [told.status for told in both.run(*decision, "--key-file", "key")] == [0, 0], decision
    back = Terminal(f"sqlite:///{tmp_path}/back.db", tmp_path / "back")
    there = back.run("copy", "--from", neo4j.url, "--to", back.url)
    assert there.answer["equal"]
    assert there.answer["tables"]["seller"] == 2000
    assert {name for name, n in there.answer["tables"].items() if not n} == OF_CLOSING
    refused = back.run("copy", "--from", back.url, "--to", neo4j.url)
    assert (refused.status, "holds something already" in refused.answer) == (2, True)
    make_anew(neo4j.url)
    again = back.run("copy", "--from", back.url, "--to", neo4j.url)
    assert again.answer["equal"]
    assert again.answer["tables"] == there.answer["tables"]
