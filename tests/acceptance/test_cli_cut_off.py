"""A first load that is killed: every command says how the database stands, and the same command completes it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

N_SELLERS = 300
KILLED = """
import sys
from ringwatch.db.writer import Writer
from ringwatch.graph_loader import load
from ringwatch.jobs.cli import main
load.WRITE_ROWS = 100
write = Writer.write
def write_and_tell(self, number, table, batch):
    print(table, flush=True)
    if table == sys.argv[-1]:
        sys.stdin.read()  # killed here
    return write(self, number, table, batch)
Writer.write = write_and_tell
sys.argv = ["ringwatch", "load", "shop"]
main()
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder of sellers of whom each two share a mailbox and a device."""
    folder = tmp_path / "shop"
    folder.mkdir()
    sellers = "".join(f"s{n},Shop {n}\n" for n in range(N_SELLERS))
    uses = "".join(f"s{n},email,owner.{n // 2}@post-1.net\ns{n},device,{n // 2:08x}7f3a\n" for n in range(N_SELLERS))
    (folder / "sellers.csv").write_text("seller_id,name\n" + sellers, encoding="utf-8")
    (folder / "identifiers.csv").write_text("holder_id,kind,value\n" + uses, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("table", "n_sellers"), [("sellers", 0), ("uses", N_SELLERS)])
def test_a_first_load_that_was_killed(here, shop: Path, table: str, n_sellers: int):
    """Killed before it wrote a row, or between sellers and what they use."""
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, table], cwd=shop.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    while child.stdout.readline().strip() != table:
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    checks = {check["name"]: check for check in here("doctor", "--json").json["checks"]}
    assert f"{n_sellers} sellers" in checks["database"]["message"]
    assert 'the load of source "shop"' in checks["load"]["message"]
    assert "the same `ringwatch load` completes it" in checks["load"]["message"]
    detected = here("detect")
    assert detected.status == (0 if n_sellers else 2)
    assert ("no seller was loaded yet" in detected.err) != bool(n_sellers)
    assert ("has not ended" in detected.err) == ("detect --fit" in detected.err) == bool(n_sellers)
    assert here("load", "shop").status == 0
    assert "load" not in {check["name"] for check in here("doctor", "--json").json["checks"]}
    again = here("detect", "--fit", "--json")  # a fit of half a load knows no shared values
    assert again.status == 0
    assert "has not ended" not in again.err
    cut = here("export", "rings", "--format", "csv", "--output", "-").out
    (shop.parent / "ringwatch.db").unlink()
    assert here("load", "shop").status == here("detect").status == 0
    whole = here("export", "rings", "--format", "csv", "--output", "-").out
    assert sorted(line.split(",")[1:] for line in whole.splitlines()) == sorted(
        line.split(",")[1:] for line in cut.splitlines()
    )
