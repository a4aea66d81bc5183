"""How lists of records come out that are unlike the real ones: made persons and companies, easy to hard, and no pair.

``python -m benchmarks.quality.records [--records 5000] [--write docs/results.md]``
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.quality.made_records import ListConfig, make_list
from benchmarks.results import run

MARKS = "<!-- made lists -->", "<!-- end of made lists -->"
HEAD = ("list", "records", "errors", "missing", "pairwise P", "R", "F1", "B-cubed F1", "rings", "largest", "seconds")


def configs(n_records: int) -> list[ListConfig]:
    """Return the lists that are measured; the last ones hold no record twice."""
    hardness = ((0.05, 0.05), (0.15, 0.15), (0.3, 0.3))
    made = [ListConfig(shape, n_records, *hard) for shape in ("persons", "companies") for hard in hardness]
    return made + [ListConfig(shape, n_records, 0.15, 0.15, repeated_share=0.0) for shape in ("persons", "companies")]


def measure(config: ListConfig, scratch: Path) -> str:
    """Make, load, detect and evaluate one list, and return its row of the table."""
    make_list(config, scratch)
    database = ["--database", f"sqlite:///{scratch / 'list.db'}"]
    mapping = scratch / "mapping.toml"
    mapping.write_text('[kinds.birth_date]\nfamily = "identity"\nnormaliser = "token"\n', encoding="utf-8")
    run("load", str(scratch / "input"), "--mapping", str(mapping), "--rejects", str(scratch / "rejects.csv"), *database)
    detected = run("detect", *database)
    found = run("evaluate", "--labels", str(scratch / "labels.csv"), *database)
    pair = found["pairwise"]
    name = config.shape if config.repeated_share else f"{config.shape}, none twice"
    cells = [name, f"{config.n_records:,}", f"{config.error_share:.0%}", f"{config.missing_share:.0%}"]
    cells += [f"{pair[key]:.3f}" for key in ("precision", "recall", "f1")] if config.repeated_share else ["", "", ""]
    cells += [f"{found['b_cubed']['f1']:.3f}", str(detected["rings"]), str(found["largest_ring"])]
    return f"| {' | '.join([*cells, format(detected['seconds'], '.1f')])} |"


def main() -> None:
    """Measure every list and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    options = parser.parse_args()
    lines = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    print("\n".join(lines))
    for config in configs(options.records):
        with tempfile.TemporaryDirectory() as scratch:
            lines.append(measure(config, Path(scratch)))
        print(lines[-1], flush=True)
    if options.write:
        before, rest = options.write.read_text(encoding="utf-8").split(MARKS[0])
        text = "\n".join([MARKS[0], "", *lines, "", MARKS[1]])
        options.write.write_text(before + text + rest.split(MARKS[1])[1], encoding="utf-8")


if __name__ == "__main__":
    main()
