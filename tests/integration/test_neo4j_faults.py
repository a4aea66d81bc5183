"""What goes wrong with a server: one clear line, nothing half done, and the same call completes it."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.support.neo4j_server import NoServerError, Server, free_port, neo4j_server
from tests.support.ring_database import make_ring, seller_ids

from ringwatch.db.neo4j import Neo4jDatabase, check_schema, check_version
from ringwatch.db.neo4j_faults import fault_of
from ringwatch.db.neo4j_url import parse_neo4j_url
from ringwatch.db.open import open_view
from ringwatch.db.view import RingQuery, View
from ringwatch.db.writer import Writer
from ringwatch.model.errors import ConfigError, RetryableError
from ringwatch.model.rings import Detection, Fit, Ring, Tier
from ringwatch.model.tables import BATCH_SCHEMAS
from ringwatch.model.visibility import FULL

pytestmark = pytest.mark.skipif(
    not os.environ.get("RINGWATCH_TEST_NEO4J_LONG"), reason="takes minutes: run by `make test-neo4j`"
)

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SIZE = 30


def opened(server: Server) -> Neo4jDatabase:
    """Open the database, with the patience of a second."""
    return Neo4jDatabase(parse_neo4j_url(server.url), create=True, retry_s=1.0)


def sellers() -> pa.Table:
    """A batch of sellers."""
    rows = [{"seller_id": seller_id, "name": f"Trading {seller_id}"} for seller_id in seller_ids(1, SIZE)]
    return pa.Table.from_pylist(rows, schema=BATCH_SCHEMAS["sellers"])


def uses() -> pa.Table:
    """A batch of uses: all sellers share one phone number."""
    shared = {"kind": "phone", "value": "+4930111", "display": "+4930111"}
    return pa.Table.from_pylist([{"holder_id": i, **shared} for i in seller_ids(1, SIZE)], schema=BATCH_SCHEMAS["uses"])


def found(*rings: Ring) -> Detection:
    """A detection of these rings."""
    return Detection(rings, (), Fit(SIZE), AT)


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("neo4j://neo4j:wr0ngpass@127.0.0.1:{port}/neo4j", 2, "user or password"),
        ("neo4j://neo4j:{password}@127.0.0.1:{port}/nowhere", 2, "no such database"),
        ("neo4j://neo4j:{password}@127.0.0.1:{closed}/neo4j", 4, "cannot be reached"),
        ("bolt+s://neo4j:{password}@127.0.0.1:{port}/neo4j", 4, "cannot be reached"),
        ("neo4j://neo4j@127.0.0.1:{port}/neo4j", 2, "no password"),
        ("neo4j://neo4j:{password}@127.0.0.1:{port}/neo4j", 2, "nothing was loaded"),
    ],
)
def test_a_wrong_url_gives_one_line_and_its_status(neo4j: Server, tmp_path: Path, url: str, status: int, said: str):
    """The command names the server, the fault and the mend in one line; the password is nowhere in it."""
    neo4j.run("MATCH (n:Ringwatch) DETACH DELETE n")
    filled = url.format(port=neo4j.port, password=neo4j.password, closed=free_port())
    command = [sys.executable, "-m", "ringwatch.jobs", "rings", "--database", filled]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert neo4j.password not in done.stderr
    assert "wr0ngpass" not in done.stderr


def test_a_load_that_a_dying_server_broke_off_is_completed_by_the_same_load(ours: Server):
    """Killed between two batches: the first is kept, the second is refused; the same load again leaves nothing out."""
    with Writer(opened(ours)) as writer:
        load = writer.begin_load("shop", AT, full=False)
        writer.write(load, "sellers", sellers())
        ours.kill()
        with pytest.raises(RetryableError, match="run the same command again"):
            writer.write(load, "uses", uses())
        ours.start()
    with open_view(ours.url) as view:
        assert view.counts(FULL)["sellers"] == SIZE
        assert view.counts(FULL)["uses"] == 0
    with Writer(opened(ours)) as writer:
        load = writer.begin_load("shop", AT, full=False)
        assert (writer.write(load, "sellers", sellers()), writer.write(load, "uses", uses())) == (SIZE, SIZE)
        writer.finish_load(load, AT)
    with open_view(ours.url) as view:
        assert view.counts(FULL)["uses"] == SIZE
        assert view.snapshot(FULL, AT).n_links == SIZE


def test_a_server_killed_while_rings_are_written_shows_the_rings_before(ours: Server):
    """Half a run is never seen: readers have the former one until the next is whole, and saving again makes it so."""
    before, after = make_ring(1, SIZE, Tier.CLOSE), make_ring(1, SIZE // 2, Tier.REVIEW)
    database = opened(ours)
    writer = Writer(database)
    writer.write(writer.begin_load("shop", AT, full=False), "sellers", sellers())
    Writer(database).save_run("run-1", found(before), AT)
    replace = database.replace_run

    def broken_off(run_id, forget, steps, note):
        def until_members():
            for name, rows in steps:
                if name == "insert_ring_value":
                    ours.kill()
                yield name, rows

        replace(run_id, forget, until_members(), note)

    database.replace_run = broken_off  # type: ignore[method-assign]
    with pytest.raises(RetryableError):
        Writer(database).save_run("run-2", found(after), AT)
    database.close()
    ours.start()
    database = opened(ours)
    view = View(database)
    assert view.run(FULL).run_id == "run-1"
    assert len(view.members(FULL, "R001").rows) == SIZE
    Writer(database).save_run("run-2", found(after), AT)
    assert view.run(FULL).run_id == "run-2"
    assert len(view.members(FULL, "R001").rows) == SIZE // 2
    database.close()


def test_a_server_that_went_away_is_told_to_readers_and_read_again_when_it_is_back(ours: Server):
    """A read says that the server is away; the same view answers once it is there again."""
    with View(opened(ours)) as view:
        assert view.rings(FULL, RingQuery()).rows == ()
        ours.kill()
        with pytest.raises(RetryableError, match="cannot be reached, or went away"):
            view.rings(FULL, RingQuery())
        ours.start()
        assert view.rings(FULL, RingQuery()).rows == ()


def test_a_read_only_database_is_said_to_be_one():
    """Nothing can be loaded into it, and the message names the setting."""
    try:
        with neo4j_server() as server:
            if not server.home or not (settings := server.home / "conf" / "neo4j.conf").exists():
                pytest.skip("only of a server of jars can the settings be changed")
            server.stop()  # a database has to be made before it can be read-only
            with settings.open("a", encoding="utf-8") as file:
                file.write("server.databases.read_only=neo4j\n")
            server.start()
            with pytest.raises(ConfigError, match=r"read-only.*server\.databases\.read_only"):
                opened(server)
    except NoServerError as reason:
        pytest.skip(str(reason))


def test_a_server_that_is_too_old_and_a_schema_that_is_too_new_are_refused():
    """Both are told before anything is done."""
    with pytest.raises(ConfigError, match=r"Neo4j/4\.4\.30, expected Neo4j 5\.26 or newer"):
        check_version("Neo4j/4.4.30", "neo4j://db")
    with pytest.raises(ConfigError, match="Memgraph"):
        check_version("Memgraph/3.0", "neo4j://db")
    check_version("Neo4j/5.27-aura", "neo4j://db")
    with pytest.raises(ConfigError, match="schema version 9"):
        check_schema(9, 1, "neo4j://db")


def test_two_detections_at_once_do_not_mix(ours: Server):
    """The one whose draft was cleared away by the other is told so, and the other's rings stand whole."""
    database, other = opened(ours), opened(ours)
    writer = Writer(database)
    writer.write(writer.begin_load("shop", AT, full=False), "sellers", sellers())
    replace = database.replace_run

    def interrupted(run_id, forget, steps, note):
        def with_another_between():
            for name, rows in steps:
                if name == "insert_member":
                    Writer(other).save_run("run-2", found(make_ring(1, SIZE // 2, Tier.REVIEW)), AT)
                yield name, rows

        replace(run_id, forget, with_another_between(), note)

    database.replace_run = interrupted  # type: ignore[method-assign]
    with pytest.raises(RetryableError, match="run the same command again"):
        Writer(database).save_run("run-1", found(make_ring(1, SIZE, Tier.CLOSE)), AT)
    assert View(other).run(FULL).run_id == "run-2"
    assert len(View(other).members(FULL, "R001").rows) == SIZE // 2
    database.close()
    other.close()


def test_what_is_a_defect_of_ours_is_no_fault_of_the_server(neo4j: Server):
    """Wrong Cypher goes through as it is: nobody is told to look for a server that is well."""
    from neo4j.exceptions import ClientError  # noqa: PLC0415 (beside what it is for)

    with pytest.raises(ClientError) as raised:
        neo4j.run("RETURN nothing")
    assert fault_of(raised.value, "neo4j://db") is None
