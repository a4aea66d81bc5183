"""Notices on the command line: a file of many with bad rows, proofs by digest, the clock, and each role's part."""

import csv
import hashlib
import json

import pytest
from typer.testing import CliRunner

from ringwatch.jobs.cli import build_app
from ringwatch.model.errors import RingwatchError

TABLES = {
    "brands": "brand_id,name\nNF,Nordfell\nOT,Otter\n",
    "sellers": "seller_id\ns1\ns2\n",
    "stores": "store_id,seller_id\nst1,s1\nst2,s2\n",
    "listings": "listing_id,store_id,brand\n"
    + "".join(f"l{n},st{n % 2 + 1},NF\n" for n in range(40))
    + "other,st2,OT\n",
    "notices": "notice_id,brand_id,store_id,outcome\nold,OT,st2,upheld\n",
}


class Shell:
    """Runs commands in a folder of its own, on one drill database."""

    def __init__(self, here, monkeypatch) -> None:
        self.here, self.monkeypatch = here, monkeypatch
        monkeypatch.chdir(here)
        monkeypatch.setenv("RINGWATCH_DATABASE", f"sqlite:///{here}/n.db")
        self.set_clock("2026-05-04T12:00:00Z")

    def set_clock(self, at: str) -> None:
        """Set the clock of the drill."""
        self.monkeypatch.setenv("RINGWATCH_CLOCK", at)

    def __call__(self, *arguments: str, key: str | None = None) -> dict:
        """Return the answer of a command; RingwatchError as it raises it."""
        self.monkeypatch.setenv("RINGWATCH_KEY", key or "")
        done = CliRunner().invoke(build_app(), [*arguments, "--json"], standalone_mode=False)
        if done.exception:
            raise done.exception
        return json.loads(done.stdout)

    def status(self, *arguments: str, key: str | None = None) -> int:
        """Return the status with which a command that fails ends."""
        with pytest.raises(RingwatchError) as failed:
            self(*arguments, key=key)
        return failed.value.exit_status


@pytest.fixture
def shell(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "in" / f"{name}.csv").write_text(text)
    made = Shell(tmp_path, monkeypatch)
    monkeypatch.delenv("RINGWATCH_CLOCK")
    made("load", "in", "--drill")
    made.set_clock("2026-05-04T12:00:00Z")
    return made


def test_a_file_of_many_loses_no_good_row(shell):
    """Good rows are filed in their order; each bad one stands in the rejects with its line and what is wrong."""
    rows = [f"l{n},,{'test_buy' if n == 3 else ''},fake {n}" for n in range(40)]
    bad = ["gone,,,", "l1,,hearsay,", ",,,", "l2,,,\xff", 'l3,"x', ",st1,,the store", f"l4,,,{'x' * 4001}"]
    text = "\n".join(["listing_id,store_id,kind,text", *rows[:20], *bad[:6], *rows[20:], bad[6], ""])
    (shell.here / "many.csv").write_bytes(text.encode("latin-1"))
    told = shell("notice", "file", "--from", "many.csv", "--brand", "NF", "--kind", "notice")
    assert (told["read"], told["rejected"], len(told["notices"])) == (47, 6, 41)
    assert [n["listing_id"] for n in told["notices"]] == [
        *(f"l{n}" for n in range(20)),
        None,
        *(f"l{n}" for n in range(20, 40)),
    ]
    assert (told["notices"][3]["kind"], told["notices"][20]["store_id"]) == ("test_buy", "st1")
    with (shell.here / "rejects.csv").open(encoding="utf-8") as file:
        rejected = {int(row["line"]): (row["column"], row["reason"].split(",")[0]) for row in csv.DictReader(file)}
    assert rejected.keys() == {22, 23, 24, 25, 26, 48}
    assert rejected[22] == ("listing_id", "no such one stands")
    assert rejected[23] == ("kind", "is no kind of notice")
    assert rejected[48][0] == "text"
    assert len(shell("notices")["notices"]) == 42
    (shell.here / "bad.csv").write_text("listing_id\ngone\n")
    (shell.here / "wrong.csv").write_text("id\nl1\n")
    for name in ("bad.csv", "wrong.csv", "nothing.csv", "in"):
        assert shell.status("notice", "file", "--from", name, "--brand", "NF") == 3
    assert len(shell("notices")["notices"]) == 42


def test_a_notice_goes_its_way_by_the_clock(shell):
    """Proofs are kept as digests; due after a day, overdue then; fifteen after a counter-notice; settings change it."""
    (shell.here / "photo.jpg").write_bytes(b"a proof")
    own = shell("notice", "file", "--listing", "l1", "--brand", "NF", "--kind", "test_buy", "--file", "photo.jpg")
    assert own["files"] == [hashlib.sha256(b"a proof").hexdigest()]
    assert (own["state"], own["filed_at"], own["due_at"]) == (
        "filed", "2026-05-04T12:00:00+00:00", "2026-05-05T12:00:00+00:00",
    )  # fmt: skip
    assert shell("notices", "--overdue")["notices"] == []
    shell.set_clock("2026-05-05T12:00:01Z")
    assert [n["notice_id"] for n in shell("notices", "--overdue")["notices"]] == [own["notice_id"]]
    assert shell("notice", "uphold", own["notice_id"], "--reason", "a fake")["state"] == "upheld"
    countered = shell("notice", "counter", own["notice_id"], "--reason", "an invoice")
    assert (countered["state"], countered["due_at"]) == ("countered", "2026-05-20T12:00:01+00:00")
    assert shell("notices", "--state", "countered")["notices"] == [countered]
    shell("settings", "notice_hours", "48")
    late = shell("notice", "file", "--store", "st1", "--brand", "NF", "--kind", "notice")
    assert late["due_at"] == "2026-05-07T12:00:01+00:00"
    for wrong, status in (
        (("file", "--listing", "l1", "--brand", "NF", "--file", "nowhere.jpg"), 3),
        (("file", "--listing", "l1", "--store", "st1", "--brand", "NF"), 2),
        (("file", "--brand", "NF"), 2),
        (("file", "--listing", "l1", "--brand", "nobody"), 2),
        (("file", "--listing", "gone", "--brand", "NF"), 2),
        (("uphold", "NF-N9", "--reason", "x"), 2),
        (("uphold", late["notice_id"], "--reason", " "), 2),
        (("uphold", "old", "--reason", "x"), 5),
        (("counter", own["notice_id"], "--reason", "x"), 5),
    ):
        assert shell.status("notice", *wrong) == status, wrong
    assert len(shell("notices")["notices"]) == 3


def test_each_role_does_its_part(shell):
    """A partner files and withdraws for its own brand and sees no other; an investigator decides; an approver reads."""
    keys = {
        role: shell("actor", "add", role, "--role", role, *(["--brand", "NF"] if role == "partner" else []))["key"]
        for role in ("partner", "investigator", "approver")
    }
    own = shell("notice", "file", "--listing", "l1", "--brand", "NF", key=keys["partner"])
    assert own["store_id"] != "st2"
    for act in ("uphold", "reject", "counter"):
        assert shell.status("notice", act, own["notice_id"], "--reason", "x", key=keys["partner"]) == 5
    for listing, brand, status in (("other", "NF", 2), ("gone", "NF", 2), ("l2", "OT", 5)):
        assert shell.status("notice", "file", "--listing", listing, "--brand", brand, key=keys["partner"]) == status
    assert shell.status("notice", "file", "--listing", "l1", "--brand", "NF", key=keys["approver"]) == 5
    assert shell.status("notices") == 5
    assert shell.status("notice", "withdraw", "old", "--reason", "x", key=keys["partner"]) == 2
    assert [n["notice_id"] for n in shell("notices", key=keys["partner"])["notices"]] == [own["notice_id"]]
    assert [r["brand_id"] for r in shell("reporters", key=keys["partner"])["reporters"]] == ["NF"]
    assert [r["brand_id"] for r in shell("reporters", key=keys["approver"])["reporters"]] == ["NF", "OT"]
    assert (
        shell("notice", "reject", own["notice_id"], "--reason", "own goods", key=keys["investigator"])["state"]
        == "rejected"
    )
    again = shell("notice", "file", "--listing", "l1", "--brand", "NF", key=keys["partner"])
    assert (
        shell("notice", "withdraw", again["notice_id"], "--reason", "a mistake", key=keys["partner"])["state"]
        == "withdrawn"
    )
    assert shell("ledger", "verify", key=keys["approver"])["ok"]
