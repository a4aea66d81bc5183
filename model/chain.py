"""The chain of the ledger: each entry seals the one before, so that an edit anywhere shows.

This file needs the standard library alone and none of ours, so that a copy of it verifies an exported ledger on any
machine: ``python chain.py LEDGER.jsonl``.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done or refused. ``state`` is the store's from then on, None where the act changes none.

    ``at``: microseconds since 1970 in UTC; ``body``: JSON of what the act alone has to say; ``is_drill`` is 1 where the
    clock could be set by hand.
    """

    at: int
    actor: str
    action: str
    store_id: str | None
    plan_id: str | None
    state: str | None
    body: str
    is_drill: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry in its place: ``n`` counts from 1."""

    n: int
    entry: Entry
    previous: str
    hash: str


class Fault(StrEnum):
    """What is wrong with an entry."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry as it was when it was written: how many there were, and its hash."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, named by the number of the entry (of a missing one: the number that it had)."""

    n: int
    fault: Fault


def seal(previous: str, entry: Entry) -> str:
    """Return the hash of an entry that follows the one with the hash ``previous``: SHA-256, hexadecimal.

    The fields stand in a JSON list (UTF-8, no blanks) in their order, the hash before them first.
    """
    fields = [previous, *asdict(entry).values()]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def verify(rows: Iterable[Sealed], head: Head | None) -> list[Finding]:
    """Return the faults of a ledger, ascending by entry; none where the chain is whole. O(entries).

    The chain is followed from the head back to the first entry. Without a head the last row stands for it, and rows
    taken from the end, or put there, do not show.
    """
    found = sorted(rows, key=lambda row: row.n)
    if head is None:
        head = Head(len(found), found[-1].hash) if found else Head(0, GENESIS)
    walk = _Walk(found)
    walk.follow(head)
    on_chain = [row for row in found if row.n in walk.place_of]
    inserted = [Finding(row.n, Fault.INSERTED) for row in found if row.n not in walk.place_of]
    in_order = sorted(walk.place_of.values())
    is_shifted = bool(inserted) or any(finding.fault is Fault.MISSING for finding in walk.findings)
    moved = [
        Finding(row.n, Fault.REORDERED)
        for row, place in zip(on_chain, in_order, strict=True)
        if walk.place_of[row.n] != place or (row.n != place and not is_shifted)
    ]
    return sorted([*walk.findings, *inserted, *moved], key=lambda finding: (finding.n, finding.fault))


class _Walk:
    """The way from the head back to the first entry; ``place_of`` gives each row on it, by number, its place."""

    def __init__(self, rows: Sequence[Sealed]) -> None:
        self._by_n = {row.n: row for row in rows}
        self._by_hash = {row.hash: row for row in rows}
        self.place_of: dict[int, int] = {}
        self.findings: list[Finding] = []

    def follow(self, head: Head) -> None:
        """Walk; where a hash is nobody's, the row of that number has been rewritten or is gone."""
        wanted: str | None = head.hash
        for place in range(head.n, 0, -1):
            row = self._by_hash.get(wanted) if wanted else None
            is_known = row is not None and row.n not in self.place_of
            if not is_known:
                row = self._by_n.get(place)
            if row is None or row.n in self.place_of:
                self.findings.append(Finding(place, Fault.MISSING))
                wanted = None
                continue
            wanted = self._step(row, place, is_rewritten=not is_known and wanted is not None)
        if head.n and wanted not in {None, GENESIS}:
            self.findings.append(Finding(1, Fault.CHANGED))

    def _step(self, row: Sealed, place: int, *, is_rewritten: bool) -> str | None:
        """Take a row as the one of a place and return the hash to look for next, None where it cannot be trusted."""
        self.place_of[row.n] = place
        if not is_rewritten and seal(row.previous, row.entry) == row.hash:
            return row.previous
        self.findings.append(Finding(row.n, Fault.CHANGED))
        return row.previous if row.previous in self._by_hash or row.previous == GENESIS else None


def line_of(row: Sealed) -> str:
    """Return an entry as a line of an exported ledger."""
    return json.dumps({"n": row.n, **asdict(row.entry), "previous": row.previous, "hash": row.hash}, ensure_ascii=False)


def head_line(head: Head) -> str:
    """Return the first line of an exported ledger."""
    return json.dumps({"ledger": 1, "entries": head.n, "head": head.hash})


def read_export(lines: Iterable[str]) -> tuple[list[Sealed], Head]:
    """Return the entries and the head of an exported ledger.

    Raises:
        ValueError: the lines are not those of an exported ledger.
    """
    rows = [json.loads(line) for line in lines if line.strip()]
    if not rows or not isinstance(rows[0], dict) or rows[0].get("ledger") != 1:
        raise ValueError("the first line is not the head of an exported ledger")
    names = Entry.__dataclass_fields__
    try:
        entries = [
            Sealed(row["n"], Entry(**{name: row[name] for name in names}), row["previous"], row["hash"])
            for row in rows[1:]
        ]
        return entries, Head(rows[0]["entries"], rows[0]["head"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"an entry lacks a field: {error}") from None


def main(arguments: Sequence[str]) -> int:
    """Verify the exported ledger that is named; return 0 where it is whole, 1 where not, 2 where it cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python chain.py LEDGER.jsonl\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:  # noqa: PTH123 (this file stands alone and stays small)
            rows, head = read_export(file)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{arguments[0]}: {error}; expected a file of `ringwatch ledger export`\n")
        return 2
    found = verify(rows, head)
    for finding in found:
        sys.stdout.write(f"entry {finding.n}: {finding.fault.value}\n")
    sys.stdout.write(f"{len(rows)} entries, head {head.hash}: {'NOT ' if found else ''}whole\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
