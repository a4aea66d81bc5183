"""Whole loads: mapping files, kinds, secret keys, references to earlier loads, and what survives being cut off."""

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.load_folder import SELLERS, load, put

from ringwatch.db.open import open_view
from ringwatch.graph_loader.load import LoadConfig
from ringwatch.model.errors import ConfigError, InputError, RetryableError
from ringwatch.model.visibility import FULL

KEY = b"0123456789abcdef0123456789abcdef"


def rows(place: Path, query: str) -> list[Any]:
    """Return the rows of a query on the database of a place."""
    connection = sqlite3.connect(place / "ringwatch.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def values(place: Path) -> set[tuple[str, str, str]]:
    """Return holder, kind and value of every use that stands."""
    query = """SELECT holder.id, kind.name, value.text FROM uses JOIN holder ON holder.n = holder_n
      JOIN value ON value.n = value_n JOIN kind ON kind.n = kind_n WHERE uses.valid_to IS NULL"""
    return set(rows(place, query))


def test_a_real_export_loads_without_being_edited(tmp_path: Path) -> None:
    """The mapping renames files and columns, sets constants and turns wide columns into rows; one file is read once."""
    export = (
        "Verkäufer;Firma;phone1;phone2;mail;Umsatz;line\n"
        "7;Müller;0171 1234567;;kim.l@post-1.net;12,5;@kim\n"
        "8;Meier;;0171-1234567;n/a;3;\n"
        ";niemand;;;;;\n"
    )
    mapping = """
    [tables.sellers]
    files = "export_*.csv"
    delimiter = ";"
    encoding = "cp1252"
    id_prefix = "de-"
    [tables.sellers.columns]
    seller_id = "Verkäufer"
    name = "Firma"
    [tables.sellers.constants]
    country = "de"
    [[tables.identifiers.unpivot]]
    files = "export_*.csv"
    holder_id = "Verkäufer"
    kinds = { phone1 = "phone", phone2 = "phone", mail = "email", line = "line_id" }
    constants = { country = "DE" }
    [kinds.line_id]
    family = "contact"
    normaliser = "handle"
    """
    files = {"export_1.csv": export.encode("cp1252"), "mapping.toml": mapping.encode()}
    outcome = load(put(tmp_path / "data", files), tmp_path, LoadConfig("shop", max_rejects=0.5))
    assert outcome.error is None
    assert outcome.rejects == [("export_1.csv", "4", "seller_id", "", "is empty, a value was expected")]
    assert rows(tmp_path, "SELECT name, country, extra FROM seller ORDER BY n") == [
        ("Müller", "DE", '{"Umsatz":"12,5"}'),
        ("Meier", "DE", '{"Umsatz":"3"}'),
    ]
    found = values(tmp_path)
    assert {kind for _, kind, _ in found} == {"phone", "email", "line_id"}
    assert len({value for _, kind, value in found if kind == "phone"}) == 1
    assert {holder for holder, _, _ in found} == {"de-7", "de-8"}
    assert outcome.report is not None
    assert sum(outcome.report.junk.values()) == 1
    assert {name: (table.read, table.rejected) for name, table in outcome.report.tables.items()} == {
        "sellers": (3, 1),
        "identifiers": (5, 0),
    }
    with open_view(f"sqlite:///{tmp_path / 'ringwatch.db'}") as view:
        assert view.registry(FULL)["line_id"].family == "contact"


def test_several_files_and_formats_make_one_table(tmp_path: Path) -> None:
    """Parts of a table in several files and formats load together; a part with other columns is no fault."""
    files = {
        "sellers.csv": SELLERS,
        "sellers-2.jsonl": b'{"seller_id": "s3", "name": "Three"}\n',
        "sellers-eu.csv": b"name,seller_id\nFour,s4\n",
    }
    assert load(put(tmp_path / "data", files), tmp_path).counts["sellers"] == 4


def test_undeclared_kinds_are_kept_and_warned_of_once(tmp_path: Path) -> None:
    """Values of a kind nobody declared are kept as other:KIND; writings of a kind's name are one kind."""
    uses = b"holder_id,kind,value\ns1, Horoscope ,lion\ns2,horoscope,Lion\ns1,E-Mail,x\ns1,EMAIL,kim.l@post-1.net\n"
    outcome = load(put(tmp_path / "data", {"sellers.csv": SELLERS, "identifiers.csv": uses}), tmp_path)
    assert outcome.report is not None
    assert sorted(warning.split('"')[1] for warning in outcome.report.warnings) == ["e-mail", "horoscope"]
    assert {kind for _, kind, _ in values(tmp_path)} == {"other:horoscope", "other:e-mail", "email"}


def test_accounts_addresses_and_images_become_uses(tmp_path: Path) -> None:
    """Schemes choose the kind, structured addresses equal lines, and a listing's image is a use of its store."""
    files = {
        "sellers.csv": SELLERS,
        "stores.csv": b"store_id,seller_id\nt1,s1\n",
        "addresses.csv": (
            b'holder_id,address,street,unit,city,use\ns1,"88 High St, Leeds",,,,Return\ns2,,88 High Street,,Leeds,\n'
        ),
        "payment_accounts.csv": (
            b"holder_id,account,scheme\ns1,GB29 NWBK 6016 1331 9268 19,IBAN\ns2,Kim Lee Trading,payee_name\n"
        ),
        "listings.csv": b"listing_id,store_id,image_hash,listed_at\nl1,t1,00ff00ff00ff00f1,2025-01-01\n",
    }
    load(put(tmp_path / "data", files), tmp_path)
    found = values(tmp_path)
    assert {(holder, kind) for holder, kind, _ in found} == {
        *(("s1", "address"), ("s2", "address"), ("s1", "account"), ("s2", "payee_name"), ("t1", "image_hash")),
    }
    assert len({value for _, kind, value in found if kind == "address"}) == 1


def test_later_loads_may_refer_to_earlier_ones(tmp_path: Path) -> None:
    """A folder without sellers loads once its source has been loaded; its references are looked up in the database."""
    load(put(tmp_path / "a", {"sellers.csv": SELLERS}), tmp_path)
    uses = b"holder_id,kind,value\ns1,email,kim.l@post-1.net\nnobody,email,x.y@post-1.net\n"
    later = put(tmp_path / "b", {"identifiers.csv": uses, "stores.csv": b"store_id,seller_id\ns2,s1\nt1,s2\n"})
    outcome = load(later, tmp_path, LoadConfig("shop", max_rejects=0.5))
    assert outcome.error is None
    assert [row[:3] for row in outcome.rejects or []] == [
        ("identifiers.csv", "3", "holder_id"),
        ("stores.csv", "2", "store_id"),
    ]
    assert isinstance(load(later, tmp_path, LoadConfig("other source")).error, InputError)


def test_a_full_load_retires_what_it_does_not_see(tmp_path: Path) -> None:
    """`full` takes the folder as the whole truth of its source, and of no other."""
    both = b"holder_id,kind,value\ns1,email,kim.l@post-1.net\ns2,email,kim.l@post-1.net\n"
    folder = put(tmp_path / "data", {"sellers.csv": SELLERS, "identifiers.csv": both})
    load(folder, tmp_path)
    load(folder, tmp_path, LoadConfig("second"))
    put(folder, {"identifiers.csv": both.splitlines(keepends=True)[0] + both.splitlines(keepends=True)[1]})
    load(folder, tmp_path, LoadConfig("shop", full=True))
    load(folder, tmp_path, LoadConfig("second", full=True))
    assert {holder for holder, _, _ in values(tmp_path)} == {"s1"}


def test_personal_values_never_touch_the_disk_under_a_key(tmp_path: Path) -> None:
    """Under a secret key no personal value stands in the database, its log, or the rejects; equal ones stay equal."""
    secrets = ["+447911123456", "kim.lee@post-1.net", "NWBK60161331926819", "9hx7k2m4q8"]
    uses = "holder_id,kind,value,country,first_seen_at\n"
    uses += f"s1,phone,07911 123456,GB,\ns2,phone,{secrets[0]},,\n"
    uses += f"s1,email,{secrets[1]},,\ns2,email,{secrets[1]},,tomorrow\n"
    uses += f"s1,device,{secrets[3]},,\ns1,email,{secrets[1]},,,,,\n"
    files = {
        "sellers.csv": SELLERS,
        "identifiers.csv": uses.encode(),
        "payment_accounts.csv": b"holder_id,account\ns1,GB29NWBK60161331926819\n",
    }
    outcome = load(put(tmp_path / "data", files), tmp_path, LoadConfig("shop", key=KEY, max_rejects=0.5))
    assert outcome.error is None
    assert len(outcome.rejects or []) == 2
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in [*secrets, "07911 123456", "7911123456"]:
        assert secret.encode() not in kept
    found = values(tmp_path)
    assert len({value for _, kind, value in found if kind == "phone"}) == 1
    assert all(value.startswith("hmac:") for _, _, value in found)


def test_one_database_one_key(tmp_path: Path) -> None:
    """Another key, none, or one for a database loaded without, is refused and nothing is written."""
    folder = put(tmp_path / "data", {"sellers.csv": SELLERS})
    (tmp_path / "keyed").mkdir()
    load(folder, tmp_path)
    assert isinstance(load(folder, tmp_path, LoadConfig("shop", key=KEY)).error, ConfigError)
    assert load(folder, tmp_path / "keyed", LoadConfig("shop", key=KEY)).error is None
    for key in (KEY[::-1], None):
        assert isinstance(load(folder, tmp_path / "keyed", LoadConfig("shop", key=key)).error, ConfigError)
    assert load(folder, tmp_path / "keyed", LoadConfig("shop", key=KEY)).error is None


def many(n: int) -> dict[str, bytes]:
    """Return tables of n sellers, each with a mailbox."""
    sellers = "seller_id,name\n" + "".join(f"s{k},Shop {k}\n" for k in range(n))
    uses = "holder_id,kind,value\n" + "".join(f"s{k},email,owner.{k // 2}@post-1.net\n" for k in range(n))
    return {"sellers.csv": sellers.encode(), "identifiers.csv": uses.encode()}


PROGRAM = """
import resource
import sys
from pathlib import Path
from ringwatch.graph_loader import load as loading
from tests.support.load_folder import load
loading.WRITE_ROWS = 500
def tell(step, done, total):
    print(step, done, total, flush=True)
    if step == sys.argv[3]:  # from here on the disk is full
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
outcome = load(Path(sys.argv[1]), Path(sys.argv[2]), loading.LoadConfig("shop", progress=tell))
print("failed:", type(outcome.error).__name__, outcome.error) if outcome.error else print("done")
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_load_cut_off_is_completed_by_the_same_command(how: signal.Signals, tmp_path: Path) -> None:
    """Killed between two batches, the same load run again gives the graph of a load that was never cut off."""
    folder = put(tmp_path / "data", many(2000))
    for name in ("cut", "whole"):
        (tmp_path / name).mkdir()
    command = [sys.executable, "-c", PROGRAM, str(folder), str(tmp_path / "cut"), "never", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("write"):
                child.send_signal(how)
                break
        child.stdout.read()
    assert child.returncode != 0
    n_before = len(values(tmp_path / "cut"))
    assert n_before < 2000
    assert load(folder, tmp_path / "cut").error is None
    assert load(folder, tmp_path / "whole").error is None
    assert values(tmp_path / "cut") == values(tmp_path / "whole")
    assert len(values(tmp_path / "cut")) == 2000


@pytest.mark.parametrize(
    ("step", "limit_bytes", "told"), [("read", 1000, "batches cannot be kept"), ("write", 90_000, "disk")]
)
def test_a_full_disk_says_so(step: str, limit_bytes: int, told: str, tmp_path: Path) -> None:
    """Where no file can grow, while spooling or while writing, one message says what to do; a rerun completes."""
    folder = put(tmp_path / "data", many(2000))
    command = [sys.executable, "-c", PROGRAM, str(folder), str(tmp_path), step, str(limit_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"failed: {RetryableError.__name__}" in done.stdout
    assert told in done.stdout
    assert load(folder, tmp_path).error is None
    assert len(values(tmp_path)) == 2000


def test_progress_tells_the_whole(tmp_path: Path) -> None:
    """Each step ends at its total; what is done never shrinks."""
    told: list[tuple[str, int, int]] = []
    config = LoadConfig("shop", progress=lambda *step: told.append(step))
    load(put(tmp_path / "data", many(2000)), tmp_path, config)
    for name in ("read", "write"):
        steps = [(done, total) for step, done, total in told if step == name]
        assert steps[-1][0] == steps[-1][1]
        assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_json_of_extra_is_json(tmp_path: Path) -> None:
    """Unknown columns are kept as JSON that any reader takes, whatever they hold."""
    odd = 'a"b\\c\td\x01é\N{GRINNING FACE}'
    line = json.dumps({"seller_id": "s1", "odd": odd, 'k"ey': "x", "none": None})
    load(put(tmp_path / "data", {"sellers.jsonl": line.encode()}), tmp_path)
    assert json.loads(rows(tmp_path, "SELECT extra FROM seller")[0][0]) == {"odd": odd, 'k"ey': "x"}


def test_rows_with_one_key_are_merged_and_counted(tmp_path: Path) -> None:
    """Of rows with one key the greatest value of each column stands; times widen; each such row is counted."""
    files = {
        "sellers.csv": b"seller_id,name,status\ns1,Alpha,open\ns1,Beta,\ns2,,\n",
        "identifiers.csv": (
            b"holder_id,kind,value,first_seen_at,last_seen_at\ns1,email,kim.l@post-1.net,2025-02-01,2025-03-01\n"
            b"s1,EMAIL,KIM.L@post-1.net,2025-01-01,2025-02-01\n"
        ),
    }
    outcome = load(put(tmp_path / "data", files), tmp_path)
    assert outcome.report is not None
    assert outcome.report.merged == {"sellers": 1, "identifiers": 1}
    assert rows(tmp_path, "SELECT name, status FROM seller ORDER BY n") == [("Beta", "open"), (None, None)]
    seen = "SELECT date(first_seen_at / 1000000, 'unixepoch'), date(last_seen_at / 1000000, 'unixepoch') FROM uses"
    assert rows(tmp_path, seen) == [("2025-01-01", "2025-03-01")]


def test_under_a_key_unknown_columns_are_warned_of(tmp_path: Path) -> None:
    """Columns that are not known are kept as they stand; under a secret key the report says so, once a file."""
    sellers = b"seller_id,raw_phone\n" + b"".join(b"s%d,1\n" % n for n in range(9))
    outcome = load(put(tmp_path / "data", {"sellers.csv": sellers}), tmp_path, LoadConfig("shop", key=KEY))
    assert outcome.report is not None
    assert [warning for warning in outcome.report.warnings if "raw_phone" in warning and "sellers.csv" in warning]
    assert len(outcome.report.warnings) == 1


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_of_rejects_is_a_share(share: float, tmp_path: Path) -> None:
    """A share outside 0 to 1 is a wrong setting, told before anything is read."""
    folder = put(tmp_path / "data", {"sellers.csv": SELLERS})
    assert isinstance(load(folder, tmp_path, LoadConfig("shop", max_rejects=share)).error, ConfigError)
