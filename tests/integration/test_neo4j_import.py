"""A first load through Neo4j's own import tool: the server then holds, answers and goes on as if loaded over Bolt."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.graph_rows import rows_of_session
from tests.support.neo4j_server import NoServerError, admin, find_java, jar_server, server_jars, version

from ringwatch.cypher import migrations
from ringwatch.db.export import MARK_SETTING
from ringwatch.db.open import open_database, open_view
from ringwatch.model.visibility import FULL

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)
MARKET = Path(__file__).parents[2] / "fixtures" / "market"


@dataclass(frozen=True)
class Imported:
    """The made-up marketplace in an embedded database by an ordinary load, and in a server by the import tool."""

    embedded: str
    server: str
    folder: Path


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    """Load the marketplace both ways; the import tool runs where the server was never started."""
    folder = tmp_path_factory.mktemp("import")
    home = folder / "server"
    home.mkdir()
    try:
        server = jar_server(home, {})
    except NoServerError as reason:
        pytest.skip(f"the import tool comes with the server's jars: {reason}")
    run_tool(folder, home)
    embedded = f"sqlite:///{folder}/plain.db"
    ringwatch(folder, "load", str(MARKET), "--database", embedded)
    server.start()
    try:
        for url in (embedded, server.url):
            ringwatch(folder, "detect", "--database", url)
        yield Imported(embedded, server.url, folder)
    finally:
        server.stop()


def ringwatch(folder: Path, *arguments: str) -> str:
    """Run the command in a process of its own and return what it printed."""
    command = [sys.executable, "-m", "ringwatch.jobs", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_tool(folder: Path, home: Path) -> None:
    """Write the files, and run the very command that is printed, but for the name of the tool."""
    told = json.loads(ringwatch(folder, "load", str(MARKET), "--import-files", "files", "--json"))["import"]
    at, arguments = re.fullmatch(r"cd (\S+) && neo4j-admin (.*)", told["command"]).groups()
    shutil.copytree(at, folder / "moved")  # files lie wherever they were put
    before = Path.cwd()
    os.chdir(folder / "moved")
    try:
        printed = admin(find_java(version()), server_jars(version()), home, arguments.split())
    finally:
        os.chdir(before)
    assert f"{told['nodes']} nodes" in printed
    assert f"{told['links']} relationships" in printed


def test_every_row_is_the_same(imported: Imported):
    """Settings, kinds, sellers, values, uses, notices ...: what a load writes is there, and nothing else."""
    rows = []
    for url in (imported.embedded, imported.server):
        database = open_database(url, create=False)
        with database.reading() as session:
            rows.append({name: untimed(found) for name, found in rows_of_session(session).items()})
        database.close()
    assert {name: len(found) for name, found in rows[0].items()} == {
        name: len(found) for name, found in rows[1].items()
    }
    assert [name for name in rows[0] if rows[0][name] != rows[1][name]] == []


def untimed(rows):
    """Return rows without the moments at which two loads were begun and finished, and the hashes that hold those.

    The mark of a picture is left out too: a picture lies beside an embedded database alone.
    """
    timed = ("begun_at", "finished_at", "made_at", "value", "at", "previous", "hash")
    kept = (row for row in rows if ("name", MARK_SETTING) not in row)
    return [tuple(item for item in row if item[0] not in timed) for row in kept]


def test_rings_are_the_same(imported: Imported):
    """`export rings` gives the same bytes, and questions the same answers."""
    exports = []
    for name, url in (("plain", imported.embedded), ("server", imported.server)):
        file = imported.folder / f"{name}.csv"
        ringwatch(imported.folder, "export", "rings", "--format", "csv", "--output", str(file), "--database", url)
        exports.append(file.read_bytes())
    assert exports[0] == exports[1]
    with open_view(imported.embedded) as plain, open_view(imported.server) as server:
        assert plain.counts(FULL) == server.counts(FULL)
        for text in ("shop", "S00019", "a"):
            assert found(plain, text) == found(server, text)


def found(view, text):
    """Return all that a search finds, in no order: names come by an inner number."""
    return {(hit.what, hit.id) for hit in view.search(FULL, text, 10_000, None).rows}


def test_the_schema_is_whole(imported: Imported):
    """Every constraint and index that an ordinary load makes is there, online."""
    expected = {re.search(r"(?:CONSTRAINT|INDEX) (\w+)", statement)[1] for step in migrations() for statement in step}
    assert {name for name, state in indexes(imported.server) if state == "ONLINE"} >= expected


def indexes(url: str) -> list[tuple[str, str]]:
    """Return the name and the state of every index."""
    database = open_database(url, create=False)
    try:
        return [(name, state) for name, state in database._read("SHOW INDEXES YIELD name, state", {})]
    finally:
        database.close()


def test_later_loads_go_on(imported: Imported):
    """Over Bolt: the same folder changes nothing, and what is new gets numbers of its own."""
    with open_view(imported.server) as view:
        before = view.counts(FULL)
    ringwatch(imported.folder, "load", str(MARKET), "--full", "--database", imported.server)
    more = imported.folder / "more"
    more.mkdir()
    (more / "sellers.csv").write_text("seller_id,name\nfresh-1,Fresh One\nS0000001,\n")
    (more / "identifiers.csv").write_text("holder_id,kind,value\nfresh-1,phone,+442079460123\n")
    with open_view(imported.server) as view:
        assert view.counts(FULL) == before
    ringwatch(imported.folder, "load", str(more), "--database", imported.server)
    with open_view(imported.server) as view:
        after = view.counts(FULL)
        assert [hit.id for hit in view.search(FULL, "Fresh One", 5, None).rows] == ["fresh-1"]
    assert after["uses"] == before["uses"] + 1
    assert after["sellers"] - before["sellers"] in (1, 2)
