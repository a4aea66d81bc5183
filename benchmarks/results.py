"""Load, detect and evaluate real sets as they lie there, and print the table that docs/results.md shows.

``python -m benchmarks.results FOLDER [--write docs/results.md]``: FOLDER holds one folder a set, each with ``input/``
(the tables) and, where truth is known, ``labels.csv``. A set whose kinds need declaring has a mapping in real/.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

REAL = Path(__file__).parent / "real"
BEGIN, END = "<!-- figures: made by `make results` -->", "<!-- end of figures -->"
HEAD = "| set | method | pairwise P | R | F1 | B-cubed F1 | ring recall | rings | largest | seconds |"


def run(*arguments: str) -> dict[str, Any]:
    """Run a command of Ringwatch and return its JSON; a failing command ends the benchmark with its own words."""
    command = [sys.executable, "-m", "ringwatch.jobs", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments[:2])}: status {done.returncode}: {done.stderr.strip()}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measure(folder: Path, scratch: Path) -> dict[str, Any]:
    """Load, detect and (where labels are there) evaluate one set in a database of its own."""
    database = ["--database", f"sqlite:///{scratch / folder.name}.db"]
    mapping = REAL / f"{folder.name}.toml"
    named = ["--mapping", str(mapping)] if mapping.exists() else []
    rejects = ["--rejects", str(scratch / "rejects.csv")]
    loaded = run("load", str(folder / "input"), *named, *rejects, *database)
    detected = run("detect", *database)
    labels = folder / "labels.csv"
    evaluated = run("evaluate", "--labels", str(labels), *database) if labels.exists() else {}
    return {"loaded": loaded, "detected": detected, **evaluated}


def rows(name: str, outcome: Mapping[str, Any], peers: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the table's rows of one set: ours first, then the figures to beat."""
    pair, cubed = outcome.get("pairwise"), outcome.get("b_cubed")
    seconds = outcome["loaded"]["seconds"] + outcome["detected"]["seconds"]
    scores = (
        f"{pair['precision']:.3f} | {pair['recall']:.3f} | {pair['f1']:.3f} | {cubed['f1']:.3f}"
        f" | {outcome['ring_recall']:.3f}"
        if pair and cubed
        else "no labels | | | |"
    )
    n_rings, largest = outcome["detected"]["rings"], outcome.get("largest_ring", "")
    yield f"| {name} | **Ringwatch** | {scores} | {n_rings} | {largest} | {seconds:.1f} |"
    for peer in peers:
        yield f"| | {peer['name']} | | | {peer['f1']:.3f} | {peer['b_cubed']:.3f} | | | | |"


def write(path: Path, table: str) -> None:
    """Put the table between the two marks of a page."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main() -> None:
    """Measure every set of a folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    options = parser.parse_args()
    facts = tomllib.loads((REAL / "sets.toml").read_text(encoding="utf-8"))
    folders = sorted(path.parent for path in options.folder.glob("*/input"))
    if not folders:
        sys.exit(f"{options.folder}: no set was found; a set is a folder that holds input/ and perhaps labels.csv")
    lines = [HEAD, "|---" * (HEAD.count("|") - 1) + "|"]
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            outcome = measure(folder, Path(scratch))
            lines += rows(folder.name, outcome, facts.get(folder.name, {}).get("peers", []))
            print("\n".join(lines[-1 - len(facts.get(folder.name, {}).get("peers", [])) :]), flush=True)
    if options.write:
        write(options.write, "\n".join(lines))


if __name__ == "__main__":
    main()
