"""Every statement that is sent to Neo4j is planned by a real server: none reads all there is of what grows."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from neo4j import GraphDatabase, Session
from tests.support.neo4j_server import Server
from tests.support.plans import LARGE, READS_ALL, WHOLE_TABLES, Statement, explain, faults_of, statements
from tests.support.ring_database import AT, fill, table

from ringwatch import cypher
from ringwatch.db.copy import TABLES
from ringwatch.db.open import open_writer

SIZES = [40] * 12  # rings; with fewer sellers a scan is as good as an index


@pytest.fixture(scope="module")
def filled(neo4j: Server) -> Iterator[Server]:
    """The server with enough of everything that grows for a plan to matter."""
    neo4j.empty()
    sellers = sorted(member.seller_id for ring in fill(neo4j.url, SIZES) for member in ring.members)
    with open_writer(neo4j.url) as writer:
        load = writer.begin_load("hand", AT, full=False)
        writer.write(
            load, "listings", table("listings", [{"listing_id": f"l{i}", "store_id": f"st-{i}"} for i in sellers])
        )
        writer.write(load, "brands", table("brands", [{"brand_id": f"b{i}", "name": i} for i in sellers[:9]]))
        notices = [{"notice_id": i, "brand_id": f"b{sellers[0]}", "listing_id": f"l{i}"} for i in sellers]
        writer.write(load, "notices", table("notices", notices))
        writer.finish_load(load, AT)
    yield neo4j
    neo4j.empty()


@contextmanager
def planning(server: Server) -> Iterator[Session]:
    """Open a session on a server that has planned nothing yet, for the data that it holds."""
    where, account = f"bolt://{server.host}:{server.port}", (server.user, server.password)
    with (
        GraphDatabase.driver(where, auth=account, warn_notification_severity="OFF") as driver,
        driver.session(database=server.database) as session,
    ):
        logging.getLogger("neo4j.notifications").setLevel(logging.CRITICAL)
        session.run("CALL db.clearQueryCaches()").consume()
        yield session


def versions_of(session: Session) -> Sequence[str]:
    """Versions of Cypher that the server knows."""
    agent = session.run(
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version"
    ).single(strict=True)
    return ["CYPHER 5"] if str(agent["version"]).startswith("5.") else ["CYPHER 5", "CYPHER 25"]


def test_every_statement_is_planned_well(filled: Server):
    """No all-nodes scan, no scan of what grows, no cartesian product, no other warning, in each version of Cypher."""
    with planning(filled) as session:
        faults = [
            f"{version}: {fault}"
            for version in versions_of(session)
            for statement in statements()
            for fault in faults_of(statement, explain(session, statement, version))
        ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("MATCH (x {id: $id}) RETURN x.n", "AllNodesScan"),
        ("MATCH (x:Seller {country: $country}) RETURN x.n", "NodeByLabelScan"),
        ("UNWIND $rows AS row MATCH (x:Value {text: row}) RETURN x.n", "NodeByLabelScan"),
        ("MATCH ()-[u:USES {provenance: $text}]->() RETURN u.load_n", "RelationshipTypeScan"),
        ("MATCH (a:Holder {n: $a}), (b:Value {n: $b}) RETURN a.n, b.n", "03N90"),
        ("MATCH (a:Holder {n: $a}) RETURN id(a)", "01N0"),
    ],
)
def test_a_statement_that_is_planned_badly_is_told(filled: Server, text: str, fault: str):
    """The check above sees what it is there for."""
    with planning(filled) as session:
        statement = Statement("bad", text)
        assert any(fault in told for told in faults_of(statement, explain(session, statement)))


def test_what_may_be_read_whole_is_there():
    """No exception outlives the statement, label or table that it was made for."""
    texts = "".join(statement.text for statement in statements())
    assert set(cypher.query_names()) >= READS_ALL
    assert set(TABLES) >= WHOLE_TABLES
    assert not [label for label in LARGE if f":{label}" not in texts]
    assert len(statements()) == len(cypher.query_names()) + 2 * len(TABLES) > 150
