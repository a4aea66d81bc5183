"""Every wrong use ends with its status and one line that says what is wrong and what to do; never with a traceback."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest

from ringwatch.db.open import open_for_load, open_writer

NO_DATABASE = "there is no such database"

WITHOUT_DATABASE = [
    (("detect",), 2, NO_DATABASE),
    (("rings",), 2, NO_DATABASE),
    (("ring", "R-1"), 2, NO_DATABASE),
    (("why", "s1", "R-1"), 2, NO_DATABASE),
    (("why-not", "s1", "R-1"), 2, NO_DATABASE),
    (("path", "s1", "s2"), 2, NO_DATABASE),
    (("evaluate", "--labels", "labels.csv"), 2, NO_DATABASE),
    (("export", "rings", "--format", "csv", "--output", "-"), 2, NO_DATABASE),
    (("exempt", "phone", "+4940123456", "--reason", "agency"), 2, NO_DATABASE),
    (("exemptions",), 2, NO_DATABASE),
    (("what-if", "phone", "+4940123456"), 2, NO_DATABASE),
    (("settings",), 2, NO_DATABASE),
    (("backup", "copy.db"), 2, NO_DATABASE),
    (("serve",), 2, NO_DATABASE),
    (("load", "nowhere"), 3, "nowhere"),
    (("load",), 2, "missing argument 'FOLDER'"),
    (("load", ".", "--max-rejects", "2"), 2, "--max-rejects"),
    (("load", ".", "--secret-key-file", "no-key"), 2, "no-key"),
    (("rings", "--teir", "close"), 2, "--tier"),
    (("rings", "--tier", "sure"), 2, "'close', 'review', 'lead'"),
    (("export", "rings", "--format", "xml", "--output", "-"), 2, "graphml"),
    (("export", "sellers"), 2, "sellers"),
    (("export",), 2, "missing command"),
    (("--json", "export"), 2, "missing command"),
    (("export", "rings"), 2, "csv, json, graphml"),
    (("serve", "--port", "99999"), 2, "--port"),
    (("exempt", "phone", "1", "--reason", "nice"), 2, "warehouse"),
    (("detekt",), 2, "detect"),
    (("rings", "--database", "postgres://host/db"), 2, "sqlite:///"),
]

WITH_DATABASE = [
    (("ring", "R-1"), 2, "ringwatch rings"),
    (("why", "S0000001", "R-1"), 2, "ring R-1"),
    (("why-not", "S0000001", "R-1"), 2, "ring R-1"),
    (("path", "S0000001", "nobody"), 2, "seller nobody"),
    (("evaluate", "--labels", "nowhere.csv"), 3, "nowhere.csv: there is no such file"),
    (("evaluate", "--labels", "."), 3, "this is no file"),
    (("exempt", "fone", "+4940123456", "--reason", "agency"), 2, "did you mean phone?"),
    (("exempt", "horoscope", "aries", "--reason", "agency"), 2, "expected one of account, address"),
    (("exempt", "phone", "n/a", "--reason", "agency"), 2, "no value"),
    (("exempt", "phone", "+4940123456", "--reason", "nice"), 2, "warehouse"),
    (("exempt", "phone", "+4940123456", "--reason", "agency", "--expires", "tomorrow"), 2, "ISO 8601"),
    (("exempt", "phone", "+4940123456", "--reason", "agency", "--expires", "2001-01-01"), 2, "past"),
    (("exempt", "phone", "+4940123456", "--reason", "why not", "--lift"), 2, "is not exempt"),
    (("what-if", "fone", "+4940123456"), 2, "did you mean phone?"),
    (("settings", "tehta"), 2, "theta"),
    (("settings", "theta", "much"), 2, "expected a number"),
    (("export", "rings", "--format", "csv", "--output", "no/such/folder.csv"), 2, "no/such/folder.csv"),
    (("export", "rings", "--format", "csv", "--output", "."), 2, "is a folder"),
    (("export", "rings", "--format", "csv", "--output", "-", "--json"), 2, "--output"),
    (("serve", "--host", "192.0.2.1"), 2, "--anyone"),
    (("demo", "--no-serve"), 2, "was not made by the demo"),
]


def shown(value: object) -> str:
    """Name a test by its command line."""
    return " ".join(value) if isinstance(value, tuple) else ""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    WITHOUT_DATABASE,
    ids=shown,
)
def test_wrong_use_without_a_database(here, tmp_path, arguments: tuple[str, ...], status: int, words: str):
    """Nothing is printed as an answer, and no database is made."""
    done = here(*arguments)
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "ringwatch.db").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    WITH_DATABASE,
    ids=shown,
)
def test_wrong_use_of_a_database(here, own_market, arguments: tuple[str, ...], status: int, words: str):
    """With ``--json`` too the line goes to standard error, and what the database holds stays."""
    done = here(*arguments)
    assert (done.status, done.out) == (status, ""), done.err
    assert words in done.err
    assert "Traceback" not in done.err
    assert here("rings", "--json").json["run_id"] == own_market.detected.json["run_id"]


@pytest.mark.usefixtures("own_market")
def test_labels_that_cannot_be_used(here, tmp_path):
    """The message names the file, the fault and what was expected."""
    for content, words in (
        ("seller,ring\na,b\n", "seller_id is missing"),
        ("seller_id,ring\na,b\na,c\n", "two rings"),
        ("", "cannot be read"),
        ("seller_id,ring,ring\na,b,c\n", "ring is there twice"),
        ("seller_id,ring\na,b\nc\n", "Row #3"),
    ):
        (tmp_path / "labels.csv").write_text(content, encoding="utf-8")
        done = here("evaluate", "--labels", "labels.csv")
        assert (done.status, done.out) == (3, "")
        assert words in done.err


@pytest.mark.usefixtures("own_market")
def test_labels_in_every_form_of_a_table(here, tmp_path):
    """JSON Lines and Parquet mean what CSV means; lists in place of text are refused."""
    pa.parquet.write_table(pa.table({"seller_id": ["a"], "ring": ["b"]}), tmp_path / "labels.parquet")
    (tmp_path / "labels.jsonl").write_text('{"seller_id": "a", "ring": "b"}\n', encoding="utf-8")
    (tmp_path / "labels.csv").write_text("seller_id,ring\na,b\n", encoding="utf-8")
    answers = [here("evaluate", "--labels", f"labels.{form}", "--json") for form in ("csv", "jsonl", "parquet")]
    assert [answer.status for answer in answers] == [0, 0, 0]
    assert len({answer.out for answer in answers}) == 1
    pa.parquet.write_table(pa.table({"seller_id": [["a"]], "ring": ["b"]}), tmp_path / "lists.parquet")
    done = here("evaluate", "--labels", "lists.parquet")
    assert (done.status, done.out, done.err.count("\n")) == (3, "", 1)


def test_nothing_loaded_yet(here, tmp_path):
    """A database without sellers has nothing to detect; one without a run has no rings; each says the next command."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sellers.csv").write_text("seller_id\na\n", encoding="utf-8")
    assert here("load", "data").status == 0
    done = here("rings")
    assert done.status == 2
    assert "ringwatch detect" in done.err


def test_a_load_that_cannot_be_used_leaves_no_database_behind(here, tmp_path):
    """Neither a bad row too many, nor a missing column; one that was there stays, also where nothing is in it yet."""
    (tmp_path / "data").mkdir()
    for content in ('seller_id\na\n""\n', "seller\na\n"):
        (tmp_path / "data" / "sellers.csv").write_text(content, encoding="utf-8")
        assert here("load", "data").status == 3
        assert not list(tmp_path.glob("ringwatch.db*"))
        assert here("rings").err.count(NO_DATABASE) == 1
    (tmp_path / "ringwatch.db").touch()
    assert here("load", "data").status == 3
    assert (tmp_path / "ringwatch.db").exists()


def test_a_failed_load_takes_no_database_away_that_another_uses(tmp_path):
    """The file was made by a load that fails, and is filled, or open to be filled, by one that works meanwhile."""
    url = f"sqlite:///{tmp_path}/graph.db"
    with open_for_load(url), open_writer(url) as other:
        other.begin_load("shop", datetime(2025, 1, 1, tzinfo=UTC), full=False)
    assert (tmp_path / "graph.db").exists()
    (tmp_path / "graph.db").unlink()
    first = open_for_load(url)
    first.__enter__()
    with open_writer(url):
        first.__exit__(None, None, None)
        assert (tmp_path / "graph.db").exists()


def test_a_traceback_only_with_debug(here):
    assert "Traceback" in here("rings", "--debug").err


def test_no_message_holds_a_password(here):
    """A database that cannot be reached is named without the password of its URL."""
    done = here("rings", "--database", "neo4j://ann:s3cret@127.0.0.1:1/db")
    assert done.status in {2, 4}
    assert "127.0.0.1" in done.err
    assert "s3cret" not in done.err
