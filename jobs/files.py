"""Files that a command writes: whole, or not at all."""

import os
import tempfile
from pathlib import Path

from ringwatch.model.errors import ConfigError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the former content or all of the new one, whatever happens in between.

    Raises:
        ConfigError: the folder is not there or cannot be written to, or the path is a folder.
    """
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder, expected the name of a file to write")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe, such as /dev/stdout, cannot be replaced
            path.write_bytes(content)
        else:
            _replace(path, content)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ConfigError(
            f"{path}: cannot be written ({reason}); name a file in a folder that you may write to"
        ) from failure


def _replace(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(_mode(path))
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Return the mode of the file that is replaced, else what a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
