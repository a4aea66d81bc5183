"""Looks at other processes: whether one is there, and whether something ends in time."""

import time
from collections.abc import Callable
from pathlib import Path


def is_running(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends(is_there: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until something is there no more, and say whether it came to that."""
    until = time.monotonic() + seconds
    while is_there() and time.monotonic() < until:
        time.sleep(0.05)
    return not is_there()
