"""The picture of the graph in a file beside the embedded database, so that the next run need not read all of it.

The file holds nothing that the database does not hold, and may be deleted at any time: then all is read again. A file
and a database go together by a mark that both bear; a backup that is put back, or another database under the same
name, bears another one.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from ringwatch.db.assemble import one_array
from ringwatch.db.picture import Held, Picture
from ringwatch.model.snapshot import Ints

N_PARTS = 8
FORMAT = b"1"  # another where the columns come to mean something else
_COLUMNS = ("value", "holder", "first_day", "last_day", "purpose")


def write_picture(path: Path, picture: Picture) -> str | None:
    """Write a picture to a file, whole or not at all, and return its mark; None where it cannot be written."""
    mark = secrets.token_hex(16)
    draft = path.with_name(f"{path.name}.{mark}")
    try:
        draft.touch(mode=0o600)
        _write(draft, [part.replace_schema_metadata({"mark": mark, "format": FORMAT}) for part in _parts(picture)])
        draft.replace(path)
    except OSError:  # a full disk, a folder that may be read only: the next run reads everything
        draft.unlink(missing_ok=True)
        return None
    return mark


def _write(path: Path, parts: Sequence[pa.Table]) -> None:
    with pa.OSFile(str(path), "wb") as sink:
        for part in parts:
            with pa.ipc.new_stream(sink, part.schema) as stream:
                stream.write_table(part)


def read_kept(path: Path, mark: str) -> Picture | None:
    """Return the picture of a file, None where there is none that bears the mark, or not a whole one."""
    try:
        with pa.memory_map(str(path)) as source:
            parts = [_part(source, mark) for _ in range(N_PARTS)]
    except (OSError, pa.ArrowException):
        return None
    return None if any(part is None for part in parts) else _picture([part for part in parts if part is not None])


def _part(source: pa.NativeFile, mark: str) -> pa.Table | None:
    with pa.ipc.open_stream(source) as stream:
        metadata = stream.schema.metadata or {}
        if metadata.get(b"mark") != mark.encode() or metadata.get(b"format") != FORMAT:
            return None
        return stream.read_all()


def _parts(picture: Picture) -> Sequence[pa.Table]:
    held = {name: getattr(picture.held, name) for name in _COLUMNS}
    texts = {"value": picture.text_value, "text": picture.text}
    numbers = ({"n": column} for column in (picture.loads, picture.listing_store, picture.value_kind))
    return [picture.sellers, picture.stores, picture.listings, pa.table(held), pa.table(texts), *map(pa.table, numbers)]


def _column(part: pa.Table, name: str) -> Ints:
    return np.asarray(part[name], dtype=np.int32)


def _picture(parts: Sequence[pa.Table]) -> Picture:
    sellers, stores, listings, held, texts, *numbers = parts
    loads, listing_store, value_kind = (_column(part, "n") for part in numbers)
    return Picture(
        loads=loads,
        sellers=sellers,
        stores=stores,
        listings=listings,
        listing_store=listing_store,
        held=Held(*(_column(held, name) for name in _COLUMNS)),
        value_kind=value_kind,
        text_value=_column(texts, "value"),
        text=one_array(texts["text"]),
    )
