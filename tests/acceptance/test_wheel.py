"""The wheel carries all that it needs: alone in a fresh environment it runs the demo, without the checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a clean copy of what git tracks (setuptools writes beside its sources)."""
    copy = tmp_path_factory.mktemp("source")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    pack = ["tar", "--create", "--null", "--files-from=-", "--file", copy / "source.tar"]
    subprocess.run(pack, cwd=ROOT, input=listed, check=True)
    subprocess.run(["tar", "--extract", "--file", "source.tar"], cwd=copy, check=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", copy / "dist", copy]
    subprocess.run(command, check=True, capture_output=True)
    return next((copy / "dist").glob("*.whl"))


def test_the_wheel_holds_every_data_file(wheel: Path) -> None:
    """Queries, the schema, static files and the made-up marketplace are in the wheel; tests and benchmarks are not."""
    names = zipfile.ZipFile(wheel).namelist()
    for room in ("sql", "cypher", "fixtures", "api", "enforcement"):
        tracked = subprocess.run(["git", "ls-files", room], cwd=ROOT, capture_output=True, text=True, check=True)
        data = [name for name in tracked.stdout.split() if not name.endswith((".py", ".md"))]
        assert data
        assert {f"ringwatch/{name}" for name in data} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "ringwatch/tests"))]


def test_the_wheel_runs_the_demo_alone(wheel: Path, tmp_path: Path) -> None:
    """`ringwatch demo --no-serve` ends with 0 where only the wheel (and what it depends on) is installed."""
    home = tmp_path / "home"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    site = next((tmp_path / "venv" / "lib").glob("python*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The dependencies are the locked ones of this environment; the editable install of the checkout is not among them.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    where = subprocess.run(
        [python, "-c", "import ringwatch; print(ringwatch.__file__)"],
        cwd=home, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(site))
    done = subprocess.run(
        [python, "-m", "ringwatch.jobs", "demo", "--no-serve"],
        cwd=home, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
