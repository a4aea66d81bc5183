"""Who may act, on the command line: keys, roles, and what the ledger says of it."""

import sqlite3
from contextlib import closing

import pytest

READS = (("rings",), ("ledger", "verify"), ("settings",), ("export", "rings", "--format", "csv", "--output", "-"))


def add(here, name: str, role: str, *more: str) -> str:
    told = here("actor", "add", name, "--role", role, *more, "--json").json
    assert (told["actor"], told["role"], told["key"][:7]) == (name, role, told["key_prefix"])
    return told["key"]


@pytest.mark.usefixtures("own_market")
def test_the_first_actor_locks_the_door(here, tmp_path):
    """Before, nobody needs a key; after, all but the owner's commands do, from a file or the environment."""
    assert all(here(*line).status == 0 for line in READS)
    key = add(here, "ann", "investigator")
    for line in (*READS, ("detect",), ("exempt", "phone", "+4940123456", "--reason", "agency")):
        done = here(*line)
        assert (done.status, done.out) == (5, "")
        assert "--key-file" in done.err
    assert here("rings", "--json", RINGWATCH_KEY="rw_wrong").status == 5
    assert here("rings", "--json", RINGWATCH_KEY=key).json["rings"]
    file = tmp_path / "ann.key"
    file.write_text(f"{key}\n")
    assert here("rings", "--key-file", file).status == 0
    assert here("--key-file", file, "ledger", "verify").status == 0
    assert here("doctor").status == 0
    assert here("actor", "list", "--json").json["actors"][0]["key_prefix"] == key[:7]


@pytest.mark.usefixtures("own_market")
def test_each_role_may_do_its_own_and_a_refusal_is_in_the_ledger(here):
    keys = {role: add(here, role, role) for role in ("investigator", "approver", "operator")}
    keys["partner"] = add(here, "brand", "partner", "--brand", "B1")
    acts = {
        ("rings",): {"investigator", "approver", "operator"},
        ("detect",): {"operator"},
        ("exempt", "phone", "+4940123456", "--reason", "agency"): {"investigator"},
        ("settings", "theta", "2"): {"approver"},
    }
    for line, able in acts.items():
        for role, key in keys.items():
            assert here(*line, RINGWATCH_KEY=key).status == (0 if role in able else 5), (line, role)
    with closing(sqlite3.connect("ringwatch.db")) as database:
        refused = database.execute("SELECT actor FROM ledger WHERE action = 'refuse' ORDER BY n").fetchall()
    assert len(refused) == sum(len(keys) - len(able) for able in acts.values())
    assert refused[0] == ("brand",)
    verified = here("ledger", "verify", "--json", RINGWATCH_KEY=keys["approver"]).json
    n_done = len(("load", "finish load", "detect")) + len(keys) + len(("detect", "exempt", "change setting"))
    assert (verified["ok"], verified["entries"], verified["faults"]) == (True, n_done + len(refused), [])


@pytest.mark.usefixtures("own_market")
def test_a_key_ends_by_time_by_rotation_and_by_revocation(here):
    """Its former holder is told which; the key itself is nowhere in the database."""
    first = add(here, "ann", "investigator")
    second = here("actor", "rotate", "ann", "--json").json["key"]
    assert first != second
    assert here("rings", RINGWATCH_KEY=first).status == 5
    assert here("rings", RINGWATCH_KEY=second).status == 0
    assert here("actor", "revoke", "ann").status == 0
    assert "revoked" in here("rings", RINGWATCH_KEY=second).err
    for line, told in (
        (("add", "ann", "--role", "operator"), "is there already"),
        (("add", "bo", "--role", "operator", "--expires", "2001-01-01"), "in the past"),
        (("add", "bo", "--role", "partner"), "--brand"),
        (("add", " ", "--role", "operator"), "empty"),
        (("rotate", "bo"), "none of that name"),
        (("revoke", "bo"), "none of that name"),
    ):
        done = here("actor", *line)
        assert done.status == 2
        assert told in done.err
    with open("ringwatch.db", "rb") as file:  # noqa: PTH123 (the folder of the test)
        kept = file.read()
    assert first.encode() not in kept
    assert second.encode() not in kept


def test_a_demo_is_read_without_a_key(here):
    """All of it is made up; to write to it still takes a key, and entries say that the clock could be set."""
    assert here("demo", "--no-serve").status == 0
    key = add(here, "ann", "investigator", "--expires", "2999-01-01")
    assert here("rings").status == 0
    assert here("detect").status == 5
    late = here("judge", "R1", "confirmed", "--reason", "x", RINGWATCH_KEY=key, RINGWATCH_CLOCK="2999-01-02")
    assert "expired on 2999-01-01" in late.err
    with closing(sqlite3.connect("ringwatch.db")) as database:
        assert database.execute("SELECT DISTINCT is_drill FROM ledger").fetchall() == [(1,)]


@pytest.mark.usefixtures("own_market")
def test_sqlite_refuses_edits_and_an_edit_behind_its_back_is_named(here):
    """Changing, erasing, replacing and putting in between are refused by the database itself."""
    for name in ("ann", "bo", "cy"):
        add(here, name, "approver")
    key = add(here, "di", "approver")
    insert = "INTO ledger SELECT {}, at, actor, action, store_id, plan_id, state, body, is_drill, {}, 'x' FROM ledger"
    with closing(sqlite3.connect("ringwatch.db", isolation_level=None)) as database:
        for edit in (
            "UPDATE ledger SET actor = 'x' WHERE n = 2",
            "DELETE FROM ledger WHERE n = 2",
            f"INSERT {insert.format(9, 'hash')} WHERE n = 4",
            f"INSERT {insert.format(5, 'previous')} WHERE n = 4",
            f"INSERT OR REPLACE {insert.format(2, 'hash')} WHERE n = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="ledger:"):
                database.execute(edit)
        database.execute("DROP TRIGGER ledger_is_never_changed")
        database.execute("UPDATE ledger SET actor = 'x' WHERE n = 2")
    done = here("ledger", "verify", "--json", RINGWATCH_KEY=key)
    assert done.status == 1
    assert done.json["faults"] == [{"entry": 2, "fault": "changed"}]
