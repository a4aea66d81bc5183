"""`load --import-files`: a first load as files for Neo4j's import tool, with no database and no server."""

from pathlib import Path

SELLERS = "seller_id,name\ns1,First\ns2,Second\n,Nobody\n"
PHONES = "holder_id,kind,value\ns1,phone,+442079460123\ns2,phone,+442079460123\n"


def export(tmp_path: Path) -> None:
    """Write a small export with one bad row."""
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "sellers.csv").write_text(SELLERS)
    (tmp_path / "export" / "identifiers.csv").write_text(PHONES)


def test_files_are_written_and_the_command_is_told(here, tmp_path: Path):
    """The answer is that of a load, and tells how many nodes and links lie where, and the command for them."""
    export(tmp_path)
    url = "neo4j://ann:secret@db.example/market"
    options = ("--import-files", "files", "--max-rejects", "1", "--database", url)
    done = here("load", "export", *options, "--json")
    assert done.status == 0
    assert done.json["rejected"] == 1
    told = done.json["import"]
    assert told["folder"] == "files"
    assert told["links"] == 2
    # sellers, a value; schema, source, load, kind, two settings, two entries of the ledger
    assert told["nodes"] == 2 + 1 + 8
    assert told["command"].startswith(f"cd {tmp_path}/files && neo4j-admin database import full market ")
    assert told["command"].endswith("@arguments.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export", "files", "rejects.csv"]


def test_people_are_told_each_step(here, tmp_path: Path):
    """Stop, fill, start and detect stand in the text, and no password does."""
    export(tmp_path)
    url = "neo4j://ann:secret@db.example/market"
    done = here("load", "export", "--import-files", "files", "--max-rejects", "1", "--database", url)
    assert done.status == 0
    assert "Stop the server" in done.out
    assert "neo4j-admin database import full market" in done.out
    assert "ringwatch detect --database" in done.out
    assert "secret" not in done.out + done.err


def test_a_folder_in_use_is_refused_before_anything_is_read(here, tmp_path: Path):
    """Status 2, one line, and what lay there lies there still."""
    export(tmp_path)
    done = here("load", "export", "--import-files", "export")
    assert done.status == 2
    assert "holds something already" in done.err
    assert not (tmp_path / "rejects.csv").exists()


def test_input_that_cannot_be_used_leaves_no_files(here, tmp_path: Path):
    """Status 3 as of any load, and no folder."""
    export(tmp_path)
    done = here("load", "export", "--import-files", "files", "--max-rejects", "0")
    assert done.status == 3
    assert not (tmp_path / "files").exists()
