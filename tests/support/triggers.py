"""What a database forbids by itself, whoever asks."""

import sqlite3
from contextlib import closing
from pathlib import Path


def is_forbidden(path: Path, statement: str) -> bool:
    """Say whether the embedded database at ``path`` answers a statement that nothing of the kind is ever done."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute(statement)
        except sqlite3.IntegrityError as refusal:
            return "never" in str(refusal)
    return False
