"""The key of a database whose personal values are hashed: where it comes from, and that it is the right one."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import View

DIGEST_SETTING = "secret_key_digest"
HELP = "name the key that it was loaded with: --secret-key-file FILE, or $RINGWATCH_SECRET_KEY_FILE"


def read_key(path: Path | None) -> bytes | None:
    """Return the bytes of the key, None where no key file is named on the command line or in the environment."""
    from ringwatch.values.hashing import check_key as check_length

    named = path or os.environ.get("RINGWATCH_SECRET_KEY_FILE")
    if not named:
        return None
    try:
        key = Path(named).read_bytes()
    except OSError as failure:
        message = f"{named}: the key file cannot be read ({failure.strerror}); {HELP}"
        raise ConfigError(message) from failure
    check_length(key)
    return key


def check_key(view: "View", path: Path | None) -> bytes | None:
    """Return the key of a database whose values are hashed, None where they are plain.

    Raises:
        ConfigError: the database is hashed and no key was named, or another one.
    """
    from ringwatch.values.hashing import key_digest

    digest = view.setting(FULL, DIGEST_SETTING)
    if digest is None:
        return None
    key = read_key(path)
    if key is None:
        raise ConfigError(f"secret key: the personal values of this database are hashed and no key was given; {HELP}")
    if key_digest(key) != digest:
        raise ConfigError(f"secret key: the personal values of this database were hashed with another key; {HELP}")
    return key
