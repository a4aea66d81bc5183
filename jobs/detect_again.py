"""What one run of detection hands the next: kept beside the rings, and of use to the same code alone."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.algorithms.memory import Trace
    from ringwatch.db.view import View

_JUDGING = ("algorithms", "model")
"""Rooms whose code decides what a run finds."""


@cache
def code_digest() -> bytes:
    """Return a digest of the code that judges: what another version left is no beginning for this one."""
    digest = hashlib.sha256()
    for room in _JUDGING:
        modules = sorted(files(f"ringwatch.{room}").iterdir(), key=lambda module: module.name)
        for module in modules:
            if module.name.endswith(".py"):
                digest.update(module.name.encode() + module.read_bytes())
    return digest.digest()


def packed(trace: "Trace | None") -> bytes:
    """Return a trace as it is kept, nothing where there is none."""
    from ringwatch.algorithms.memory import to_bytes

    return b"" if trace is None else code_digest() + to_bytes(trace)


def unpacked(kept: bytes) -> "Trace | None":
    """Return a trace that was kept by the same code, None where there is none."""
    from ringwatch.algorithms.memory import from_bytes

    is_ours = kept.startswith(code_digest())
    return from_bytes(kept[len(code_digest()) :]) if is_ours else None


def kept_trace(view: "View") -> "Trace | None":
    """Return the trace that the current run left, None where it left none or another version left it."""
    return unpacked(view.trace(FULL))
