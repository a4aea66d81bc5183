"""Run every benchmark in turn and print their JSON lines: small sizes by default, stated ones with --full."""

import json
import subprocess
import sys

SMALL = {
    "load": ["--sellers", "100000", "--format", "csv", "parquet"],
    "snapshot": ["--sellers", "100000"],
    "detect": ["--sellers", "20000"],
    "gds": ["--sellers", "20000"],
    "incremental": ["--sellers", "20000", "--links", "20"],
    "components": ["--sellers", "20000"],
    "graphql": [],
    "pages": ["--sellers", "20000"],
    "web": ["--turns", "3"],
    "neo4j": ["--sellers", "20000"],
    "neo4j_read": ["--sellers", "20000"],
}
FULL = {
    "load": ["--sellers", "1000000", "--format", "csv", "parquet"],
    "snapshot": ["--sellers", "1000000"],
    "detect": ["--sellers", "200000"],
    "gds": ["--sellers", "200000"],
    "incremental": ["--sellers", "1000000", "--links", "1000"],
    "components": ["--sellers", "1000000"],
    "graphql": [],
    "pages": ["--sellers", "200000"],
    "web": ["--turns", "7"],
    "neo4j": ["--sellers", "1000000"],
    "neo4j_read": ["--sellers", "1000000"],
}


def main() -> None:
    """Run them all; status 1 where one ended badly, which the last lines name."""
    failed = []
    for name, options in (FULL if "--full" in sys.argv[1:] else SMALL).items():
        print(f"== {name} {' '.join(options)}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *options], stdout=subprocess.PIPE, text=True, check=False
        )
        print(done.stdout, end="", flush=True)
        lines = done.stdout.strip().splitlines()
        if done.returncode or not lines or "ratio" not in json.loads(lines[-1]):
            failed.append(name)
    if failed:
        sys.exit(f"ended without a figure: {', '.join(failed)}")


if __name__ == "__main__":
    main()
