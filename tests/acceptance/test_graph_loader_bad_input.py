"""A corpus of broken files: each stops with one clear message and nothing written, or costs its bad rows alone."""

import errno
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.support.load_folder import SELLERS, load, put, url_of

from ringwatch.db.open import open_view
from ringwatch.graph_loader.load import LoadConfig
from ringwatch.model.errors import InputError
from ringwatch.model.visibility import FULL

LENIENT = LoadConfig("shop", max_rejects=1.0)


def parquet_of(**columns: Any) -> bytes:
    """Return columns as a Parquet file."""
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()


HEAD = b"seller_id,name,registered_at\n"
USES = b"holder_id,kind,value\n"
STOPS: dict[str, tuple[dict[str, bytes | None], tuple[str, ...]]] = {
    "no table": ({"notes.csv": b"a\n1\n"}, ("holds no input table", "mapping.toml")),
    "no sellers": ({"stores.csv": b"store_id,seller_id\nt1,s1\n"}, ("no table sellers", "--source")),
    "empty file": ({"sellers.csv": b""}, ("sellers.csv: is empty",)),
    "blank lines only": ({"sellers.csv": b"\n\n\n"}, ("sellers.csv: holds no header line",)),
    "missing column": (
        {"sellers.csv": b"id,name\n1,x\n"},
        ("sellers.csv", "required column seller_id", "[tables.sellers.columns]"),
    ),
    "misspelt column": ({"sellers.csv": b"Seller_ID,name\n1,x\n"}, ("seller_id", 'did you mean "Seller_ID"')),
    "duplicate header": ({"sellers.csv": b"seller_id,name,name\n1,x,y\n"}, ("sellers.csv:1", '"name"', "twice")),
    "semicolons": ({"sellers.csv": b"seller_id;name\n1;x\n"}, ("sellers.csv:1", 'delimiter = ";"')),
    "tabs": ({"sellers.csv": b"seller_id\tname\n1\tx\n"}, ('delimiter = "\\t"',)),
    "unknown semicolons": ({"sellers.csv": b"Kunde;Land\n1;x\n"}, ('delimiter = ";"',)),
    "utf-16": ({"sellers.csv": "seller_id,name\n1,x\n".encode("utf-16")}, ("sellers.csv", 'encoding = "utf-16"')),
    "utf-16 without mark": ({"sellers.csv": "seller_id\n1\n".encode("utf-16-be")}, ('encoding = "utf-16-be"',)),
    "header not utf-8": ({"sellers.csv": b"seller_id,Stra\xdfe\n1,x\n"}, ("sellers.csv:1", "encoding")),
    "folder for a file": ({"sellers.csv": None}, ("sellers.csv: is a folder", "files =")),
    "truncated parquet": (
        {"sellers.parquet": parquet_of(seller_id=["a"] * 50)[:-9]},
        ("sellers.parquet: is not a whole Parquet file",),
    ),
    "text for parquet": ({"sellers.parquet": b"seller_id\n1\n"}, ("sellers.parquet: is not a whole Parquet file",)),
    "empty parquet file": ({"sellers.parquet": b""}, ("sellers.parquet: is not a whole Parquet file",)),
    "parquet list": ({"sellers.parquet": parquet_of(seller_id=[["a"]])}, ("sellers.parquet", '"seller_id"', "list")),
    "parquet bytes": (
        {"sellers.parquet": parquet_of(seller_id=[b"\xff"])},
        ("sellers.parquet", '"seller_id"', "UTF-8"),
    ),
    "parquet misses column": ({"sellers.parquet": parquet_of(name=["a"])}, ("required column seller_id",)),
    "truncated gzip": (
        {"sellers.csv.gz": gzip.compress(SELLERS * 9)[:-12]},
        ("sellers.csv.gz", "truncated or damaged"),
    ),
    "text for gzip": ({"sellers.csv.gz": SELLERS}, ("sellers.csv.gz", "truncated or damaged")),
    "truncated zstd": ({"sellers.csv.zst": pa.compress(SELLERS * 9, "zstd", asbytes=True)[:-5]}, ("sellers.csv.zst",)),
    "json array": ({"sellers.jsonl": b'[{"seller_id": "a"}]'}, ("sellers.jsonl: is a JSON array", "JSON Lines")),
    "json misses column": ({"sellers.jsonl": b'{"id": "a"}\n'}, ("sellers.jsonl", "required column seller_id")),
    "json misses mapped column": (
        {"sellers.jsonl": b'{"seller_id": "a"}\n', "mapping.toml": b"[tables.sellers.columns]\nname = 'Firm'\n"},
        ("sellers.jsonl", '"Firm"'),
    ),
    "empty jsonl": ({"sellers.jsonl": b""}, ("sellers.jsonl: is empty",)),
    "too many rejects": (
        {"sellers.csv": HEAD + b"a,x,2025-13-01\nb,y,2025-01-01\n"},
        ("sellers.csv:2: registered_at", "1 of 2 rows", "--max-rejects"),
    ),
    "toml syntax": ({"sellers.csv": SELLERS, "mapping.toml": b"[tables\n"}, ("mapping.toml", "line 1")),
    "mapping key": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.sellers]\ndelimeter = ';'\n"},
        ("mapping.toml", "tables.sellers", '"delimeter"', '"delimiter"'),
    ),
    "mapping table": ({"sellers.csv": SELLERS, "mapping.toml": b"[tables.seller]\n"}, ('"seller"', '"sellers"')),
    "mapping column": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.sellers.columns]\nname = 'Nam'\n"},
        ("sellers.csv", '"Nam"', '"name"'),
    ),
    "mapping own column": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.sellers.columns]\nnmae = 'name'\n"},
        ('"nmae"', '"name"'),
    ),
    "mapping file": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.stores]\nfiles = 'store*.csv'\n"},
        ('"store*.csv" means no file',),
    ),
    "mapping leads out": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.stores]\nfiles = '../x.csv'\n"},
        ("leads out of the folder",),
    ),
    "mapping encoding": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.sellers]\nencoding = 'utf8x'\n"},
        ('"utf8x"', "not a text encoding"),
    ),
    "mapping delimiter": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.sellers]\ndelimiter = '||'\n"},
        ("delimiter", "one ASCII character"),
    ),
    "mapping family": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[kinds.x]\nfamily = 'contat'\nnormaliser = 'token'\n"},
        ("kinds.x.family", '"contact"'),
    ),
    "mapping normaliser": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[kinds.x]\nfamily = 'contact'\n"},
        ("kinds.x", '"normaliser" is missing'),
    ),
    "mapping type": ({"sellers.csv": SELLERS, "mapping.toml": b"tables = 3\n"}, ("tables", "a table was expected")),
    "mapping bytes": ({"sellers.csv": SELLERS, "mapping.toml": b"# \xff\n"}, ("mapping.toml", "not UTF-8")),
    "values for kinds": (
        {
            "sellers.csv": SELLERS,
            "identifiers.csv": b"holder_id,kind,value\n" + b"".join(b"s1,k%d,v\n" % n for n in range(501)),
        },
        ('kind "k500"', "a few names such as phone", "mapping.toml"),
    ),
    "unpivot not listed": (
        {"sellers.csv": SELLERS, "mapping.toml": b"[tables.identifiers.unpivot]\nfiles = 'a'\n"},
        ("[[tables.identifiers.unpivot]]",),
    ),
}


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("nowhere")], ids=["pipe", "dangling link"])
def test_what_is_no_plain_file_stops(tmp_path, make):
    """A pipe in the folder would be waited for without end."""
    folder = put(tmp_path / "data", {"sellers.csv": SELLERS})
    make(folder / "stores.csv")
    outcome = load(folder, tmp_path)
    assert isinstance(outcome.error, InputError)
    assert "stores.csv: is not there or no plain file" in str(outcome.error)
    assert outcome.counts["sellers"] == 0


def test_a_number_that_json_does_not_know_is_named(tmp_path):
    folder = put(tmp_path / "data", {"sellers.jsonl": b'{"seller_id": "a"}\n{"seller_id": NaN}\n'})
    assert load(folder, tmp_path, LENIENT).rejects == [
        ("sellers.jsonl", "2", "", '{"seller_id": NaN}', "holds NaN, which is no JSON; leave the key out or write null")
    ]


@pytest.mark.parametrize("name", STOPS)
def test_a_file_that_cannot_be_used_stops_the_load(name: str, tmp_path: Path) -> None:
    """The message names the file, what was expected and the mend; nothing is written."""
    files, told = STOPS[name]
    outcome = load(put(tmp_path / "data", files), tmp_path)
    assert isinstance(outcome.error, InputError)
    message = str(outcome.error)
    assert [part for part in told if part not in message] == [], message
    assert ";" in message
    assert "\n" not in message
    assert not any(outcome.counts.values())


# name: files, rejected rows as (file, line, column, value, reason contains), rows written by table
COSTS: dict[str, tuple[dict[str, bytes], list[tuple[str, str, str, str, str]], dict[str, int]]] = {
    "header only": ({"sellers.csv": HEAD}, [], {"sellers": 0}),
    "dates in five forms": (
        {
            "sellers.csv": HEAD
            + b"a,x,2025-01-31\nb,x,31/02/2025\nc,x,2025-13-01\nd,x,yesterday\ne,x,20250131T101500Z\nf,x,1.2.2025\n"
        },
        [
            ("sellers.csv", str(line), "registered_at", value, "ISO 8601")
            for line, value in ((3, "31/02/2025"), (4, "2025-13-01"), (5, "yesterday"), (7, "1.2.2025"))
        ],
        {"sellers": 2},
    ),
    "wrong number of fields": (
        {"sellers.csv": HEAD + b"a,x,\nb,y\nc,z,,,\nd,w,\n"},
        [
            ("sellers.csv", "3", "", "b,y", "has 2 fields, 3 were expected"),
            ("sellers.csv", "4", "", "c,z,,,", "has 5 fields"),
        ],
        {"sellers": 2},
    ),
    "lines after an embedded newline": (
        {"sellers.csv": HEAD + b'a,"x\r\ny\nz",\n\n,no id,\nd,w,2025-99-99\n'},
        [("sellers.csv", "6", "seller_id", "", "is empty"), ("sellers.csv", "7", "registered_at", "2025-99-99", "ISO")],
        {"sellers": 1},
    ),
    "unbalanced quote": (
        {"sellers.csv": HEAD + b'a,"open,\nb,y,\nc,"fine",\n'},
        [("sellers.csv", "2", "", 'a,"open,', "quote")],
        {"sellers": 2},
    ),
    "unbalanced quote at the end": (
        {"sellers.csv": HEAD + b'a,x,\nb,"y,\n'},
        [("sellers.csv", "3", "", 'b,"y,', "quote")],
        {"sellers": 1},
    ),
    "stray quotes": (
        {"sellers.csv": HEAD + b'a,5" pipe,\nb,"x"y,\nc,z,\n'},
        [("sellers.csv", "3", "", 'b,"x"y,', "quote")],
        {"sellers": 2},
    ),
    "zero bytes": (
        {"sellers.csv": HEAD + b"a,x,\nb,\0\0,\n"},
        [("sellers.csv", "3", "", "b,␀␀,", "zero byte")],
        {"sellers": 1},
    ),
    "not utf-8": (
        {"sellers.csv": HEAD + b"a,x,\nb,Stra\xdfe,\nc,\xe4,\nd,z,\n"},
        [("sellers.csv", "3", "", "b,Stra�e,", "is not UTF-8"), ("sellers.csv", "4", "", "c,�,", "is not UTF-8")],
        {"sellers": 2},
    ),
    "not gb18030": (
        {
            "sellers.csv": HEAD + "a,王,\n".encode("gb18030") + b"b,\x81\xff,\nc,z,\n",
            "mapping.toml": b"[tables.sellers]\nencoding = 'gb18030'\n",
        },
        [("sellers.csv", "3", "", "b,", "is not gb18030")],
        {"sellers": 2},
    ),
    "field of ten megabytes": (
        {"sellers.csv": HEAD + b"a,x,\nb," + b"y" * 10_000_000 + b",\nc,z,\n"},
        [("sellers.csv", "3", "", "b,yyy", "longer than")],
        {"sellers": 2},
    ),
    "quoted field of ten megabytes": (
        {"sellers.csv": HEAD + b'a,x,\nb,"' + b"y\n" * 5_000_000 + b'",\nc,z,\n'},
        [("sellers.csv", "3", "", 'b,"y', "")],
        {"sellers": 2},
    ),
    "lone carriage returns": (
        {"sellers.csv": HEAD.replace(b"\n", b"\r") + b"a,x,\rb,y\rc,z,\r"},
        [("sellers.csv", "3", "", "b,y", "has 2 fields")],
        {"sellers": 2},
    ),
    "no last line end": ({"sellers.csv": HEAD + b"a,x,\nb,y,"}, [], {"sellers": 2}),
    "formulas": (
        {"sellers.csv": HEAD + b"a,=cmd|'/C calc'!A0,\nb,x,=1+1\n"},
        [("sellers.csv", "3", "registered_at", "'=1+1", "ISO")],
        {"sellers": 1},
    ),
    "files put one behind the other": (
        {"sellers.csv": HEAD + b"a,x,\n\xef\xbb\xbf" + HEAD + b"b,name,\nseller_id,y,\n"},
        [("sellers.csv", "3", "", "\ufeffseller_id,name", "is the header again")],
        {"sellers": 3},
    ),
    "a long kind": (
        {"sellers.csv": SELLERS, "identifiers.csv": USES + b"s1," + b"k" * 65 + b",v\ns1," + b"k" * 64 + b",v\n"},
        [("identifiers.csv", "2", "kind", "kkk", "is longer than 64 characters")],
        {"sellers": 2, "uses": 1},
    ),
    "broken json": (
        {
            "sellers.jsonl": (
                b'{"seller_id": "a"}\n{"seller_id": "b"\n[1]\n\n{"seller_id": ["c"]}\n'
                b'{"seller_id": "d", "seller_id": "e"}\n{"seller_id": 7, "tags": {"x": 1}}\n'
                b'"text"\n{"seller_id": "z\\u0000"}\n'
            )
        },
        [
            ("sellers.jsonl", "2", "", '{"seller_id": "b"', "is not JSON"),
            ("sellers.jsonl", "3", "", "[1]", "no JSON object"),
            ("sellers.jsonl", "5", "seller_id", '{"seller_id": ["c"]}', "a list"),
            ("sellers.jsonl", "6", "seller_id", '{"seller_id": "d"', "twice"),
            ("sellers.jsonl", "8", "", '"text"', "no JSON object"),
            ("sellers.jsonl", "9", "seller_id", '{"seller_id": "z', "zero character"),
        ],
        {"sellers": 2},
    ),
    "parquet types": (
        {
            "sellers.parquet": parquet_of(
                seller_id=[1, 2],
                name=pa.array(["a", "b"]).dictionary_encode(),
                registered_at=pa.array([0, 10**9], pa.timestamp("s", "Asia/Shanghai")),
                postcode=[90210.0, None],
            )
        },
        [],
        {"sellers": 2},
    ),
    "parquet long row": (
        {
            "sellers.parquet": parquet_of(
                seller_id=["a", "b", "c"], name=["x", "y" * 1_000_000, "z"], note=["", "y" * 99_999, ""]
            )
        },
        [("sellers.parquet", "2", "", "", "is longer than 1048576 bytes")],
        {"sellers": 2},
    ),
    "parquet row numbers": (
        {"sellers.parquet": parquet_of(seller_id=["a", None, "c"])},
        [("sellers.parquet", "2", "seller_id", "", "is empty")],
        {"sellers": 2},
    ),
    "prices": (
        {
            "sellers.csv": SELLERS,
            "stores.csv": b"store_id,seller_id\nt1,s1\n",
            "listings.csv": b'listing_id,store_id,price\nl1,t1,-5\nl2,t1,cheap\nl3,t1,9.50\nl4,t1,"1,50"\n',
        },
        [
            ("listings.csv", "2", "price", "-5", "below zero"),
            ("listings.csv", "3", "price", "cheap", "not a number"),
            ("listings.csv", "5", "price", "1,50", "not a number"),
        ],
        {"listings": 1},
    ),
    "unknown references": (
        {
            "sellers.csv": SELLERS,
            "stores.csv": b"store_id,seller_id\nt1,s1\nt2,s9\ns2,s1\n",
            "listings.csv": b"listing_id,store_id\nl1,t1\nl2,t2\nl3,t9\n",
            "identifiers.csv": USES + b"s1,email,a.b@post-1.net\nt2,email,b@post-1.net\nx,email,c@post-1.net\n",
            "notices.csv": (
                b"notice_id,brand_id,listing_id,store_id,kind\nn1,b9,l1,,notice\nn2,b1,,,\nn3,b1,l9,,\n"
                b"n4,b1,,t1,letter\nn5,b1,l1,,Test_Buy\n"
            ),
            "brands.csv": b"brand_id,name\nb1,Nordfell\n",
            "authorisations.csv": b"brand_id,seller_id\nb1,s1\nb1,s9\n",
        },
        [
            ("authorisations.csv", "3", "seller_id", "s9", "not in sellers"),
            ("identifiers.csv", "3", "holder_id", "t2", "row was rejected"),
            ("identifiers.csv", "4", "holder_id", "x", "not in sellers or stores"),
            ("listings.csv", "3", "store_id", "t2", "row was rejected"),
            ("listings.csv", "4", "store_id", "t9", "not in stores"),
            ("notices.csv", "2", "brand_id", "b9", "not in brands"),
            ("notices.csv", "3", "listing_id", "", "one of them was expected"),
            ("notices.csv", "4", "listing_id", "l9", "not in listings"),
            ("notices.csv", "5", "kind", "letter", "not one of notice"),
            ("stores.csv", "3", "seller_id", "s9", "not in sellers"),
            ("stores.csv", "4", "store_id", "s2", "id of a seller"),
        ],
        {"sellers": 2, "stores": 1, "listings": 1, "uses": 1, "notices": 1, "authorisations": 1},
    ),
    "seen backwards": (
        {
            "sellers.csv": SELLERS,
            "addresses.csv": (
                b"holder_id,address,first_seen_at,last_seen_at\ns1,1 Mill Rd,2025-02-01,2025-01-01\ns2,,,\n"
            ),
        },
        [
            ("addresses.csv", "2", "last_seen_at", "2025-01-01T00:00:00Z", "before first_seen_at"),
            ("addresses.csv", "3", "address", "", "address was expected"),
        ],
        {"uses": 0},
    ),
    "kind without a name": (
        {"sellers.csv": SELLERS, "identifiers.csv": USES + b"s1,other:,x\ns1,other:card,x1\n"},
        [("identifiers.csv", "2", "kind", "other:", "other:NAME was expected")],
        {"uses": 1},
    ),
    "exemptions": (
        {
            "sellers.csv": SELLERS,
            "exemptions.csv": (
                b"kind,value,reason\nemail,a.b@post-1.net,agency\nemail,n/a,agency\nphone,+447911123456,because\n"
            ),
        },
        [
            ("exemptions.csv", "3", "value", "n/a", "no value"),
            ("exemptions.csv", "4", "reason", "because", "not one of"),
        ],
        {"exemptions": 1},
    ),
}


@pytest.mark.parametrize("name", COSTS)
def test_bad_rows_cost_themselves_alone(name: str, tmp_path: Path) -> None:
    """Each bad row is one line of rejects.csv, with the physical line; every good row is loaded."""
    files, rejected, counts = COSTS[name]
    outcome = load(put(tmp_path / "data", files), tmp_path, LENIENT)
    assert outcome.error is None
    found = outcome.rejects or []
    assert [row[:3] for row in found] == [row[:3] for row in rejected]
    for row, wanted in zip(found, rejected, strict=True):
        assert row[3].startswith(wanted[3])
        assert len(row[3]) <= 201
        assert wanted[4] in row[4]
    assert {table: outcome.counts[table] for table in counts} == counts
    assert outcome.report is not None
    assert outcome.report.rejected == len(rejected)
    assert outcome.report.rejects_file == (tmp_path / "rejects.csv" if rejected else None)


def test_cascaded_rows_do_not_count(tmp_path: Path) -> None:
    """Rows rejected only because their holder was do not count towards the share that stops a load."""
    sellers = HEAD + b"bad,x,nonsense\n" + b"".join(b"s%d,x,\n" % n for n in range(30))
    uses = USES + b"".join(b"bad,email,user%d@post-1.net\n" % n for n in range(30))
    outcome = load(put(tmp_path / "data", {"sellers.csv": sellers, "identifiers.csv": uses}), tmp_path)
    assert outcome.error is None
    assert outcome.report is not None
    assert outcome.report.rejected == 31
    assert outcome.counts["sellers"] == 30


@pytest.mark.parametrize("bad", [b"bad,x\n", b"bad,\xff,\n", b'"bad","x"y,\n'])
def test_unreadable_holders_cascade(bad: bytes, tmp_path: Path) -> None:
    """The id of a row that cannot be read is still known, so what hangs on it does not count."""
    sellers = HEAD + bad + b"".join(b"s%d,x,\n" % n for n in range(30))
    uses = USES + b"".join(b"bad,email,user%d@post-1.net\n" % n for n in range(30))
    outcome = load(put(tmp_path / "data", {"sellers.csv": sellers, "identifiers.csv": uses}), tmp_path)
    assert outcome.error is None


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission stops the load with a message that names the file."""
    folder = put(tmp_path / "data", {"sellers.csv": SELLERS})
    (folder / "sellers.csv").chmod(0)

    def refuse(path: str, _mode: str) -> pa.NativeFile:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    if os.geteuid() == 0:  # the administrator may read everything
        monkeypatch.setattr(pa, "OSFile", refuse)
    assert "sellers.csv: may not be read" in str(load(folder, tmp_path).error)


def test_a_stale_rejects_file_is_emptied(tmp_path: Path) -> None:
    """Rejects of an earlier load are never mistaken for this load's; a file that is no rejects file is left alone."""
    folder = put(tmp_path / "data", {"sellers.csv": HEAD + b"a,x,nonsense\n"})
    assert load(folder, tmp_path, LENIENT).rejects
    put(folder, {"sellers.csv": SELLERS})
    assert load(folder, tmp_path, LENIENT).rejects == []
    (tmp_path / "rejects.csv").write_text("my own notes\n", encoding="utf-8")
    assert "is no rejects file" in str(load(folder, tmp_path, LENIENT).error)


def test_a_name_of_a_file_may_be_no_text(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, and line ends, in the name of a file: it is read, and messages stay one line of text."""
    folder = put(tmp_path / "data", {"sellers.csv": SELLERS, "stores\n.csv": b""})
    (folder / os.fsdecode(b"identifiers-\xff\n.csv")).write_bytes(USES + b"s1,email\n")
    (folder / os.fsdecode(b"other\xff.csv")).write_bytes(b"")
    outcome = load(folder, tmp_path, LENIENT)
    assert outcome.report is not None
    assert [row[:2] for row in outcome.rejects or []] == [("identifiers-\ufffd\ufffd.csv", "2")]
    assert [warning.split(":")[0] for warning in outcome.report.warnings] == ["other\ufffd.csv", "stores\ufffd.csv"]


def test_whole_numbers_are_written_one_way(tmp_path: Path) -> None:
    """Ids that a data frame made floats of stay whole numbers, whatever else the column or the batch holds."""
    ids = pa.array([1.0, 2.5, None, -3.0, float("nan"), 1e300])
    outcome = load(put(tmp_path / "data", {"sellers.parquet": parquet_of(seller_id=ids)}), tmp_path, LENIENT)
    assert [row[1] for row in outcome.rejects or []] == ["3", "5"]
    with open_view(url_of(tmp_path)) as view:
        assert view.known_ids(FULL, "sellers", pa.array(["1", "2.5", "-3", "1e+300"])).all()


def test_other_files_are_warned_about(tmp_path: Path) -> None:
    """A file that is no table is named in a warning, with the nearest table; labels and notes are passed over."""
    files = {
        "sellers.csv": SELLERS,
        "seller.csv": b"x\n",
        "labels.csv": b"seller_id,ring\ns1,r\n",
        "README.md": b"",
        "sub": None,
    }
    outcome = load(put(tmp_path / "data", files), tmp_path)
    assert outcome.report is not None
    assert [warning.split(":")[0] for warning in outcome.report.warnings] == ["seller.csv", "sub"]


def test_json_numbers_keep_their_writing(tmp_path: Path) -> None:
    """Numbers in JSON come as they were written; unknown keys are kept."""
    rows = [{"seller_id": "s1", "turnover": 1.10, "tags": ["a"]}]
    outcome = load(put(tmp_path / "data", {"sellers.jsonl": json.dumps(rows[0]).encode()}), tmp_path)
    assert outcome.error is None
    assert outcome.counts["sellers"] == 1
