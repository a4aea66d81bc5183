"""The installed command as a process: quick to answer, quiet when its reader leaves, and the demo from start to end."""

import re
import subprocess
import sys
from pathlib import Path

from ringwatch.model.visibility import ActorRole

COMMAND = Path(sys.executable).with_name("ringwatch")


def test_version_and_help_import_nothing_heavy():
    """What answers at once must not wait for tables, graphs or web servers."""
    code = "import sys; import ringwatch.jobs.cli as c; c.build_app(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"pandas", "numpy", "pyarrow", "igraph", "scipy", "fastapi", "strawberry", "neo4j", "networkx"}


def test_version(ringwatch):
    done = ringwatch("--version")
    assert (done.status, done.err) == (0, "")
    assert done.out.split()[0] == "ringwatch"
    assert done.out.count("\n") == 1


def test_a_reader_that_leaves_is_no_error(market):
    """`ringwatch rings | head -1`: nothing on standard error."""
    writer = subprocess.Popen(
        [COMMAND, "export", "rings", "--format", "json", "--output", "-", "--database", market],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout is not None
    writer.stdout.close()
    _, told = writer.communicate(timeout=60)
    assert told == b""


def test_closed_streams_are_no_error(market):
    """`>&-` and `2>&-`: there is nobody to answer, and the status alone tells."""
    for command, status in (("rings", 0), ("ring R-1", 2)):
        for closed in (">&-", "2>&-", ">&- 2>&-", "<&-"):
            line = f'"{COMMAND}" {command} --database "{market}" {closed}'
            done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
            assert done.returncode == status
            assert "Traceback" not in done.stderr


def test_a_plan_is_practised_with_the_lines_that_the_demo_prints(here):
    """With the keys it shows: proposed, approved, and noticed; to close it the clock may be set."""
    out = here("demo", "--no-serve").out
    keys = dict(re.findall(r"^  demo-(\w+) +(rw_\S+)$", out, re.MULTILINE))
    assert keys.keys() == set(ActorRole)
    key, line = re.search(r"^  RINGWATCH_KEY=(\S+) ringwatch (.*)$", out, re.MULTILINE).groups()
    plan = here(*line.split(), "--json", RINGWATCH_KEY=key).json
    assert here("approve", plan["plan_id"], "--digest", plan["digest"], RINGWATCH_KEY=keys["approver"]).status == 0
    closed = here("close", plan["plan_id"], "--json", RINGWATCH_KEY=keys["operator"]).json
    assert (closed["waiting"] > 0, closed["closed"]) == (True, 0)
    late = {"RINGWATCH_KEY": keys["operator"], "RINGWATCH_CLOCK": "2999-01-01"}
    assert here("close", "--due", "--json", **late).json["closed"] == closed["waiting"]
    assert here("plans").status == 0
    assert here("rings", RINGWATCH_KEY=keys["partner"]).status == 0  # a demo is read without a key


def test_demo_from_start_to_end(ringwatch, tmp_path):
    """It prints rings, one `why` and the command that opens the page; a second run makes its database anew."""
    first = ringwatch("demo", "--no-serve")
    assert first.status == 0, first.err
    for words in ("2,000 sellers", "R-", "Same ", "in all", "ringwatch serve"):
        assert words in first.out
    assert "\x1b" not in first.out
    second = ringwatch("demo", "--no-serve", "--json")
    assert second.status == 0, second.err
    assert second.json["detect"]["fitted"] is True
    assert second.json["why"]["ring_id"] == second.json["rings"][0]["ring_id"]
    assert {actor["role"] for actor in second.json["actors"]} == set(ActorRole)
    for actor in second.json["actors"]:
        assert actor["key"] not in first.out + second.err
    assert [path.name for path in tmp_path.iterdir()] == ["ringwatch.db"]


def test_the_demo_takes_nothing_away_that_was_loaded_into_its_database(here, tmp_path):
    """Whoever loads into it is told that made-up sellers stand there, and the demo makes it anew no more."""
    actors = here("demo", "--no-serve", "--json").json["actors"]
    key = next(actor["key"] for actor in actors if actor["role"] == "operator")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "sellers.csv").write_text("seller_id\nmine-1\n", encoding="utf-8")
    assert here("load", "mine").status == 5
    loaded = here("load", "mine", RINGWATCH_KEY=key)
    assert loaded.status == 0
    assert "made-up sellers stand beside yours" in loaded.err
    refused = here("demo", "--no-serve")
    assert (refused.status, refused.out) == (2, "")
    assert "not by it alone" in refused.err
    assert "2,001 sellers" in here("doctor", "--json").json["checks"][3]["message"]
