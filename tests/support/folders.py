"""Temporary folders that no killed test run leaves behind for good: whoever makes one first removes the orphans.

A folder is held by a lock on a file in it, which ends with the last process that has it open, however that ends. What
was started to outlive its owner is handed the lock too, so that nothing is taken from under it.
"""

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

_LOCK = ".held"
_YOUNG_S = 60.0  # a folder that was made a moment ago may not be held yet


def held_folder(prefix: str) -> tuple[Path, int]:
    """Return a new temporary folder and the descriptor that holds it, once those that nobody holds are removed."""
    remove_orphans(Path(tempfile.gettempdir()), prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def remove_orphans(place: Path, prefix: str, young_s: float = _YOUNG_S) -> None:
    """Remove the folders of a prefix that nobody holds any more."""
    for lock_file in place.glob(f"{prefix}*/{_LOCK}"):
        try:
            lock = os.open(lock_file, os.O_RDWR)
        except OSError:  # somebody else's, or removed by another run at this moment
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - os.fstat(lock).st_mtime >= young_s:
                shutil.rmtree(lock_file.parent, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)
