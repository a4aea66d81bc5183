"""The command line as a person or a program starts it, and one database that tests may read."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ringwatch.fixtures import market_folder
from ringwatch.jobs.cli import main

COMMAND = Path(sys.executable).with_name("ringwatch")


@dataclass(frozen=True)
class Done:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)


Run = Callable[..., Done]


def run_command(*arguments: object, cwd: Path, **environment: str) -> Done:
    """Start the installed command as a process of its own, with no setting of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RINGWATCH_")}
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**kept, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def ringwatch(tmp_path: Path) -> Run:
    """Run the command in a folder of its own."""

    def run(*arguments: object, **environment: str) -> Done:
        return run_command(*arguments, cwd=tmp_path, **environment)

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, in a folder of its own: the same code without the start of a process."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("RINGWATCH_")]:
        monkeypatch.delenv(name)

    def run(*arguments: object, **environment: str) -> Done:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["ringwatch", *map(str, arguments)])
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        told = capsys.readouterr()
        return Done(int(ended.value.code or 0), told.out, told.err)

    return run


@dataclass(frozen=True)
class Market:
    """A database of the small marketplace, and what loading it and detecting its rings answered."""

    file: Path
    loaded: Done
    detected: Done


@pytest.fixture(scope="session")
def loaded_market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """Load and detect the small marketplace by the installed command, with the default database of a folder."""
    folder = tmp_path_factory.mktemp("market")
    loaded = run_command("load", market_folder(), "--json", cwd=folder)
    return Market(folder / "ringwatch.db", loaded, run_command("detect", "--json", cwd=folder))


@pytest.fixture(scope="session")
def market(loaded_market: Market) -> str:
    """Return the URL of the small marketplace's database; tests only read it."""
    return f"sqlite:///{loaded_market.file}"


@pytest.fixture
def own_market(loaded_market: Market, tmp_path: Path) -> Market:
    """Give a copy of that database as the default one of the test's folder, to be written to."""
    copy = tmp_path / "ringwatch.db"
    shutil.copy(loaded_market.file, copy)
    return Market(copy, loaded_market.loaded, loaded_market.detected)
