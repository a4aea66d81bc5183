"""Laws of the first load by import files: they hold the graph that the same rows make in a database."""

import itertools
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_db_graph import BASE, NOW, TABLES, batch, write
from tests.support.graph_rows import read, rows_of_files, rows_of_session

from ringwatch.db.import_files import ARGUMENTS
from ringwatch.db.import_rows import words_column
from ringwatch.db.open import open_database, open_for_import
from ringwatch.db.words import folded_words
from ringwatch.model.errors import ConfigError, InputError
from ringwatch.model.tables import WRITE_ORDER


def write_files(folder, tables, cuts=(), source="shop"):
    """Load the tables into import files, each cut into batches at the given rows."""
    with open_for_import() as (writer, _view):
        load = writer.begin_load(source, NOW, full=True)
        for table in WRITE_ORDER:
            rows = tables.get(table, [])
            edges = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
            for low, high in itertools.pairwise(edges):
                writer.write(load, table, batch(table, rows[low:high]))
        writer.finish_load(load, NOW)
        writer.set_setting("loaded:shop", "today")
        return writer.write_files(folder)


@settings(max_examples=25)
@given(TABLES, st.lists(st.integers(0, 9), max_size=3))
def test_the_files_hold_the_graph_that_a_database_would(tables, cuts):
    """Row for row, column for column, whatever repeats and contradicts, and wherever batches were cut."""
    tables = {table: [*BASE.get(table, []), *rows] for table, rows in tables.items()}
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/graph.db"
        write(url, "shop", True, tables)
        database = open_database(url, create=False)
        database.transact(lambda session: session.write("set_setting", {"name": "loaded:shop", "value": "today"}))
        with database.reading() as session:
            expected = rows_of_session(session)
        database.close()
        files = write_files(Path(scratch) / "files", tables, cuts)
        found = rows_of_files(Path(scratch) / "files")
        n_entries = len(read(Path(scratch) / "files" / "ledgerentry.csv"))  # of that the load began and ended
    assert n_entries == 2
    assert {name: rows for name, rows in found.items() if rows != expected[name]} == {}
    n_nodes = sum(len(expected[name]) for name in expected if name not in ("uses", "authorisation"))
    assert files.n_nodes == n_nodes + n_entries + 1


@given(
    st.lists(
        st.none() | st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.sampled_from(["Łódź-88", "A_b c"])
    )
)
def test_words_of_a_column_are_those_of_each_name(names):
    """The quick way for plain names gives what the slow way gives for any."""
    expected = [None if name is None else " ".join(folded_words(name)) for name in names]
    assert words_column(pa.chunked_array([pa.array(names, pa.string())])).to_pylist() == expected


def test_texts_that_csv_finds_hard_come_back(tmp_path: Path):
    """Quotes, commas, backslashes, line ends, empty texts and spaces are kept, and the tool is told of them."""
    hard = ['a "b", c', "back\\", "two\r\nlines", "", " spaces ", "NULL", "\ttab", "12"]
    rows = [{"seller_id": f"s{i}", "name": text, "legal_name": text} for i, text in enumerate(hard)]
    write_files(tmp_path / "files", {"sellers": rows})
    found = {dict(row)["name"] for row in rows_of_files(tmp_path / "files")["seller"]}
    assert found == set(hard)
    assert "--multiline-fields=true" in (tmp_path / "files" / ARGUMENTS).read_text()


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"uses": [{"holder_id": "x", "kind": "phone", "value": "1", "display": "1"}]}, "'x' is not among the holders"),
        ({"stores": [{"store_id": "a", "seller_id": "a"}]}, "expected one name space for both"),
        ({"listings": [{"listing_id": "l", "store_id": "none"}]}, "'none' is not among the stores"),
    ],
)
def test_a_reference_to_nothing_leaves_no_files(tmp_path: Path, tables, told):
    """Such a load is refused in the words of any other, and the folder does not come into being."""
    with pytest.raises(InputError, match=told):
        write_files(tmp_path / "files", {"sellers": [{"seller_id": "a"}], **tables})
    assert not (tmp_path / "files").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path):
    """Files are written into a new or an empty folder only."""
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(ConfigError, match="holds something already"):
        write_files(tmp_path, {"sellers": [{"seller_id": "a"}]})
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
