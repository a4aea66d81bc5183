"""The units that the docs give to cron and systemd have the shape that these take, and run a command that there is."""

import configparser
import re
import shlex
from pathlib import Path

from ringwatch.jobs.cli import build_app

PAGE = (Path(__file__).parents[2] / "docs" / "closing.md").read_text("utf-8")
FIELD = r"(\*|\d+)(/\d+)?(,\d+)*"


def check_command(words: list[str]) -> None:
    """Have the command line parse a line without running it: `--help` is looked at after all else was understood."""
    (*_, name), *arguments = words[0].split("/"), *words[1:]
    assert name == "ringwatch"
    assert build_app()([*arguments, "--help"], prog_name="ringwatch", standalone_mode=False) == 0


def test_the_line_for_cron_has_five_fields_and_a_command(capsys):
    (line,) = re.findall(r"^[*\d].* ringwatch .*$", PAGE, re.MULTILINE)
    *fields, command = line.split(maxsplit=5)
    assert all(re.fullmatch(FIELD, field) for field in fields)
    check_command(shlex.split(command))
    assert "--key-file" in command
    assert "close" in capsys.readouterr().out


def test_the_units_for_systemd_start_each_other(capsys):
    """A timer starts the service of its own name; the service runs once, with a whole path, not as root."""
    (block,) = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    names = re.findall(r"^# (\S+)$", block, re.MULTILINE)
    assert names == ["ringwatch-due.service", "ringwatch-due.timer"]
    service, timer = (configparser.ConfigParser(interpolation=None) for _ in names)
    for unit, text in zip((service, timer), re.split(r"^# \S+$", block, flags=re.MULTILINE)[1:], strict=True):
        unit.read_string(text)
    assert dict(service["Service"]).keys() == {"type", "user", "execstart"}
    assert (service["Service"]["Type"], service["Service"]["User"]) == ("oneshot", "ringwatch")
    assert service["Service"]["ExecStart"].startswith("/")
    check_command(shlex.split(service["Service"]["ExecStart"]))
    assert capsys.readouterr().out
    assert re.fullmatch(r"\*:0/\d+", timer["Timer"]["OnCalendar"])
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
