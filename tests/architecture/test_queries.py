"""The queries of the two databases go together: same names, parameters and columns."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ringwatch import cypher, sql
from ringwatch.db.copy import TABLES
from ringwatch.db.open import open_database

ROOT = Path(__file__).parents[2]

# Where the two databases need different steps; ``View`` and its cases are then the law.
ONLY_SQL = {
    *(
        "index_seller_names",
        "index_store_names",
        "unindex_seller_names",
        "unindex_store_names",
    ),  # words: by Neo4j itself
    *("loads", "changed_sellers", "changed_stores", "changed_listings", "changed_values", "listings_of_sellers"),
    *("uses_of_values", "snapshot_listing_stores"),  # a picture of the graph is kept beside a file; see db/picture.py
}
ONLY_CYPHER = {
    *("names_of", "set_words"),  # the words that Neo4j's index holds are folded by us
    *("take_turn", "current_run", "publish_run"),  # transactions and runs that SQLite keeps apart by itself
    *("insert_seller", "insert_store", "insert_listing"),  # what is new is made whole in one statement
    *("insert_used_value", "insert_uses"),  # and uses of values that are new need no look
    *("schema_version", "set_schema_version", "await_indexes", "n_nodes", "clear"),  # PRAGMAs and files in SQLite
}
OWN_COLUMNS = {"snapshot_uses", "snapshot_value_kinds"}  # packed each in the way that its database hands over fastest


def test_both_databases_have_the_same_queries():
    """Every name is there twice, but for those listed here with their reason."""
    assert set(sql.query_names()) - ONLY_SQL == set(cypher.query_names()) - ONLY_CYPHER
    assert set(sql.query_names()) >= ONLY_SQL
    assert set(cypher.query_names()) >= ONLY_CYPHER


@pytest.mark.parametrize("name", sorted(set(sql.query_names()) & set(cypher.query_names())))
def test_a_name_means_the_same_on_both(name: str):
    """Parameters and columns of a name agree, in their order."""
    ours, theirs = cypher.query(name), sql.query(name)
    assert ours.params == theirs.params
    if name not in OWN_COLUMNS:
        assert ours.returns == theirs.returns


@pytest.mark.parametrize("name", cypher.query_names())
def test_a_query_takes_what_its_header_says(name: str):
    """Parameters of the text are those of the header, and what is known everywhere; nothing is pasted into a query."""
    asked = cypher.query(name)
    named = set(re.findall(r"\$(\w+)", asked.text))
    rows = set(asked.params) if asked.key is not None else set()
    sliced = {"low", "high"} if asked.slices else set()
    assert named - {"rows", "run_n", "run_id", "purposes"} - sliced <= set(asked.params)
    assert set(asked.params) - rows - {"run_id"} <= named
    assert "{" not in name


@pytest.mark.parametrize("name", sorted(set(cypher.query_names()) - {"n_nodes", "clear"}))
def test_every_node_that_is_looked_for_has_a_label(name: str):
    """A MATCH or MERGE begins at a labelled node or at one that was found before: else the whole graph is read."""
    text = cypher.query(name).text
    for found in re.finditer(r"(?:MATCH|MERGE) (\((\w*)[^)]*\))", text):
        is_known = found[2] and re.search(rf"\b{found[2]}\b", text[: found.start()])
        assert ":" in found[1] or is_known, found[1]


def test_a_schema_step_holds_what_both_cypher_versions_know():
    """Schema statements may run twice, and none needs more than the Community edition."""
    for statements in cypher.migrations():
        for statement in statements:
            assert "IF NOT EXISTS" in statement
            assert not re.search(r"NODE KEY|IS NOT NULL|:: ", statement)


def test_what_is_put_off_is_what_the_schema_makes():
    """Dropped under the name and as what the schema makes it; no number's index, by which ends of a use are found."""
    assert dict(zip(cypher.PUT_OFF, cypher.dropped(), strict=True))["value_text"] == (
        "DROP CONSTRAINT value_text IF EXISTS"
    )
    made = {statement for statements in cypher.migrations() for statement in statements}
    assert set(cypher.made_again()) <= made
    assert not {"holder_n", "value_n", "holder_id", "listing_id"} & set(cypher.PUT_OFF)


def test_a_copy_leaves_no_table_and_no_column_out(tmp_path: Path):
    """Each table of the embedded schema is copied, with all its columns, and has its statements for Neo4j."""
    path = tmp_path / "empty.db"
    open_database(f"sqlite:///{path}", create=True).close()
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'name_words%'"
        )
        tables = {name for (name,) in found if not name.startswith("sqlite_")}
        columns = {t: [row[1] for row in connection.execute(f"PRAGMA table_info({t})")] for t in tables}
    columns["exemption"].remove("n")  # given by SQLite for itself
    assert set(TABLES) == tables == set(cypher.table_names())
    for table in TABLES:
        read, write = cypher.table(table)
        assert list(read.returns) == list(write.params) == columns[table]


def test_a_copy_leaves_no_label_and_no_relationship_type_out():
    """Every label and type that any statement writes is read by the statements of a copy."""
    pattern = re.compile(r"[:&|]([A-Z][A-Za-z_]*)\b")
    written = {name for asked in map(cypher.query, cypher.query_names()) for name in pattern.findall(asked.text)}
    copied = {name for table in TABLES for part in cypher.table(table) for name in pattern.findall(part.text)}
    assert written - copied == {"Ringwatch"}  # the version of the schema, which each database has of its own


@pytest.mark.parametrize("name", cypher.query_names())
def test_a_key_that_is_looked_up_for_many_rows_names_its_index(name: str):
    """A plan made while the database is empty would read the whole label for each row, and be kept as it fills."""
    large = r"Holder|Value|Listing|Brand|Notice"
    text = cypher.query(name).text
    if "UNWIND $" in text:
        for found in re.finditer(
            rf"^(?:OPTIONAL )?MATCH \((\w+):(?:\w+:)*(?:{large})\b[^)]*\{{[^}}]*\}}\).*\n(.*)", text, re.MULTILINE
        ):
            assert found[2].startswith(f"USING INDEX SEEK {found[1]}:"), found[0]
