"""Rates and memory of a plan over very many stores: proposed, approved by two, closed, told of and undone.

Each step is the command as a person runs it, in a process of its own. The rates are stores a second, start of the
process included; the peak is the largest memory that any of the commands held at once.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.closing_world import START, Size, build
from tests.support.marketplace import NO_FAULTS, Marketplace

from benchmarks.neo4j_server import bench_server
from ringwatch.db.open import open_docket, open_view
from ringwatch.enforcement.outbox import set_webhook
from ringwatch.model.enforcement import Hand
from ringwatch.model.visibility import FULL

GOAL_MIB = 2048  # a plan of 50,000 stores and their evidence, on a machine of 4 GiB
RING_SIZE = 25  # as large rings of a market are
KIB = 1024
LOOK_S = 0.02  # between two looks at a process


@dataclass
class Desk:
    """A database, the keys of who acts on it, and what each step took."""

    url: str
    keys: Mapping[str, str]
    n_stores: int
    seconds: dict[str, float] = field(default_factory=dict)
    processor_s: dict[str, float] = field(default_factory=dict)  # of the command alone, not of a server's
    peak_mib: dict[str, float] = field(default_factory=dict)

    def run(self, step: str, actor: str, *line: str) -> dict[str, Any]:
        """Run a command in a process of its own and return its answer; its progress goes to standard error."""
        command = [sys.executable, "-m", "ringwatch.jobs", *line, "--json", "--database", self.url]
        own = {"RINGWATCH_KEY": self.keys[actor], "RINGWATCH_CLOCK": START.isoformat()}
        began_s = time.monotonic()
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(command, stdout=out, env={**os.environ, **own})
            peak_mib = 0.0
            while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                peak_mib = max(peak_mib, peak_of(process.pid))
                time.sleep(LOOK_S)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            text = out.read()
        if process.returncode:
            sys.exit(f"{step}: ended with {process.returncode}")
        self.seconds[step] = time.monotonic() - began_s
        self.processor_s[step] = used.ru_utime + used.ru_stime
        self.peak_mib[step] = peak_mib
        rate, spent = self.n_stores / self.seconds[step], f"{self.processor_s[step]:8.1f} s of processor"
        print(
            f"{step:14}{self.seconds[step]:8.1f} s{spent}{rate:8,.0f} stores/s{self.peak_mib[step]:6.0f} MiB",
            flush=True,
        )
        answer: dict[str, Any] = json.loads(text)
        return answer


def peak_of(pid: int) -> float:
    """Return the most memory that a process held so far, in MiB; what is told at its end counts its parent's too."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / KIB
    return 0.0  # it has ended


def main() -> None:
    """Print what each step took, the last line as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stores", type=int, default=2_000)
    parser.add_argument("--listings", type=int, default=80_000)
    parser.add_argument("--database", choices=("embedded", "neo4j"), default="embedded")
    parser.add_argument("--untold", action="store_true", help="without a marketplace that is told")
    options = parser.parse_args()
    size = Size(options.stores, RING_SIZE, max(options.listings // options.stores, 1))
    with database(options.database) as (url, is_new):
        began_s = time.monotonic()
        desk = Desk(url, build(url, size, is_new=is_new), size.n_stores)
        print(
            f"{'built':14}{time.monotonic() - began_s:8.1f} s, {size.n_stores * size.n_listings:,} listings", flush=True
        )
        with tempfile.TemporaryDirectory() as folder, told(url, Path(folder), is_told=not options.untold) as market:
            carry(desk)
            check(desk, market)
    peak_mib = max(desk.peak_mib.values())
    rates = {f"{step}_stores_a_second": round(size.n_stores / s) for step, s in desk.seconds.items()}
    line = {"benchmark": "closing", "goal": 1.0, "ratio": round(GOAL_MIB / peak_mib, 2), "stores": size.n_stores}
    line |= {"listings": size.n_stores * size.n_listings, "database": options.database}
    print(json.dumps({**line, "peak_mib": round(peak_mib), **rates}))


@contextmanager
def database(name: str) -> Iterator[tuple[str, bool]]:
    """Give the URL of an empty database, and whether it is to be made."""
    if name == "neo4j":
        with bench_server("closing") as server:
            yield server.url, True
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/closing.db", True


@contextmanager
def told(url: str, folder: Path, *, is_told: bool) -> Iterator[Marketplace | None]:
    """Set a marketplace on this machine that answers at once, where one is to be told."""
    if not is_told:
        yield None
        return
    market = Marketplace(seed=0, faults=NO_FAULTS)
    secret = folder / "secret"
    secret.write_bytes(b"0123456789abcdef")
    with market.serving() as hook:
        with open_docket(url) as docket:
            set_webhook(docket, hook, secret, Hand("cy", START))
        yield market


def carry(desk: Desk) -> None:
    """Take a plan over all stores from its proposal to its undo."""
    plan = desk.run("plan", "ann", "plan", "--tier", "close", "--immediate", "a drill")
    approve(desk, plan, ("bo", "bea"))
    closed = desk.run("close", "cy", "close", plan["plan_id"])
    undo = desk.run("plan_undo", "ann", "plan", "--undo", plan["plan_id"], "--reason", "a drill")
    approve(desk, undo, ("bo",), "approve_undo")
    undone = desk.run("undo", "cy", "undo", undo["plan_id"])
    desk.run("verify", "cy", "ledger", "verify")
    if (closed["closed"], undone["restored"]) != (desk.n_stores, desk.n_stores):
        sys.exit(f"closed {closed['closed']} and restored {undone['restored']} of {desk.n_stores}")


def approve(desk: Desk, plan: Mapping[str, Any], by: Sequence[str], step: str = "approve") -> None:
    """Have a plan approved: a large one needs two."""
    state = "proposed"
    for name in by:
        if state == "proposed":
            state = desk.run(step, name, "approve", plan["plan_id"], "--digest", plan["digest"])["state"]


def check(desk: Desk, market: Marketplace | None) -> None:
    """End where the marketplace acted on another number of messages than there were acts."""
    with open_view(desk.url) as view:
        n_stores = view.counts(FULL)["stores"]
    if market is not None and len(market.bodies) != 2 * n_stores:
        sys.exit(f"the marketplace acted on {len(market.bodies)} messages of {2 * n_stores}")


if __name__ == "__main__":
    main()
