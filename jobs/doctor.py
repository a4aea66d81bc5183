"""The command that says what is installed, what is reachable, and what to do about the rest."""

import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.text import Text

from ringwatch.jobs.command import Call, Command, KeyFileOption
from ringwatch.jobs.screen import Screen, cell, table
from ringwatch.jobs.secrecy import check_key
from ringwatch.model.errors import RingwatchError
from ringwatch.model.visibility import FULL

MIN_FREE_BYTES = 1 << 30  # about what loading a million sellers takes
OPTIONAL = {"playwright": "drawing the screenshots of the documentation"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``ok`` is false only where something that this database needs is missing."""

    name: str
    ok: bool
    message: str


def doctor(call: Call, secret_key_file: KeyFileOption = None) -> None:
    """Say what is installed and reachable, and what to do where something is missing."""
    checks = [
        _look("python", _python),
        _look("packages", _packages),
        *_database(call, secret_key_file),
        Check("optional", True, _optional()),
    ]
    answer = {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}
    call.screen.answer(answer, lambda screen: _draw(screen, checks))


def _look(name: str, look: Callable[[], str]) -> Check:
    """Return what a look gives: its words, or those of its failure, which say what to do."""
    try:
        return Check(name, True, look())
    except RingwatchError as failure:
        return Check(name, False, str(failure))
    except Exception as failure:  # noqa: BLE001 (a doctor says what it finds, whatever that is)
        return Check(name, False, f"{type(failure).__name__}: {failure}")


def _python() -> str:
    if not (3, 11) <= sys.version_info[:2] < (3, 15):
        raise RuntimeError(f"{platform.python_version()}: expected 3.11 to 3.14; install one of them")
    return f"{platform.python_version()} ({platform.machine()}, {platform.system()})"


def _packages() -> str:
    """Name the packages that Ringwatch needs, and their versions."""
    from importlib.metadata import requires

    names = [_bare(requirement) for requirement in requires("ringwatch") or () if "extra ==" not in requirement]
    found = {name: _version_of(name) for name in names}
    missing = [name for name, number in found.items() if number is None]
    if missing:
        raise RuntimeError(f"{', '.join(missing)}: not installed; install again: python -m pip install ringwatch")
    return ", ".join(f"{name} {number}" for name, number in found.items())


def _bare(requirement: str) -> str:
    """Return the name in a requirement.

    >>> _bare("numpy>=2.2; python_version > '3'")
    'numpy'
    """
    return requirement.partition(";")[0].split(">")[0].split("=")[0].split("<")[0].split("[")[0].strip(" ~!")


def _version_of(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _optional() -> str:
    absent = [f"{name} ({use})" for name, use in OPTIONAL.items() if importlib.util.find_spec(name) is None]
    return f"absent, and not needed here: {', '.join(absent)}" if absent else "all optional parts are there"


def _database(call: Call, key_file: Path | None) -> Iterator[Check]:
    from ringwatch.db.health import engine_facts, writing_facts
    from ringwatch.db.open import is_neo4j

    on_server = is_neo4j(call.url)
    if not on_server:
        yield _look("sqlite", engine_facts)
    reached = _look("database", partial(_reach, call))
    yield reached
    if reached.ok:
        yield _look("writable", partial(writing_facts, call.url))
        yield from _loads(call)
        yield _look("secret key", partial(_key, call, key_file))
    if not on_server:
        yield _look("disk", partial(_disk, call))


def _reach(call: Call) -> str:
    from ringwatch.db.open import open_view

    with open_view(call.url) as view:
        counts = view.counts(FULL)
        run = view.run(FULL)
    found = f"{counts['rings']:,} rings found {run.finished_at:%Y-%m-%d %H:%M} UTC" if run else "no run yet"
    return f"{call.shown_url}: {counts['sellers']:,} sellers, {found}"


def _loads(call: Call) -> Iterator[Check]:
    from ringwatch.db.open import open_view
    from ringwatch.jobs.load import open_load_sentences

    with open_view(call.url) as view:
        for sentence in open_load_sentences(view):
            yield Check("load", True, sentence)


def _key(call: Call, key_file: Path | None) -> str:
    from ringwatch.db.open import open_view

    with open_view(call.url) as view:
        is_hashed = check_key(view, key_file) is not None
    return "the key given is this database's" if is_hashed else "personal values are plain; no key is needed"


def _disk(call: Call) -> str:
    from ringwatch.db.open import parse_url

    folder = parse_url(call.url).absolute().parent
    n_free = shutil.disk_usage(folder).free
    if n_free < MIN_FREE_BYTES:
        raise RuntimeError(f"{folder}: {n_free / 1e9:.1f} GB free, expected at least 1 GB; free some")
    return f"{folder}: {n_free / 1e9:,.0f} GB free"


def _draw(screen: Screen, checks: list[Check]) -> None:
    drawn = table("", "what", "found")
    for check in checks:
        mark = Text("ok", style="green") if check.ok else Text("no", style="bold red")
        drawn.add_row(mark, cell(check.name), cell(check.message))
    screen.out.print(drawn)  # sentences fold, also in a pipe
    faults = [check.name for check in checks if not check.ok]
    screen.say("", f"To mend: {', '.join(faults)}." if faults else "All that this database needs is there.")


DOCTOR = Command("doctor", doctor, "Keep", ("ringwatch doctor",), act=None)
