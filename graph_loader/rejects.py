"""Rows that were not loaded: kept in columns while a load goes on, written to ``rejects.csv`` whole or not at all."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ringwatch.graph_loader.raw import Fault
from ringwatch.model.errors import ConfigError

HEADER = "file,line,column,value,reason"
HIDDEN = "•••"
"""What stands for a personal value where the database holds hashes."""

_MAX_SHOWN = 200  # characters of a value: enough to find it, short enough to read
_PERSONAL_COLUMNS = frozenset({"value", "account"})
_FORMULA = r"^[=+\-@\t\r\n]"  # what a spreadsheet takes for a formula, or skips on its way to one
_NUMBER = r"^[+-]?[0-9][0-9., ]*$"  # and this it takes for a number
_SCHEMA = pa.schema(
    [("file", pa.string()), ("line", pa.int64()), *((name, pa.string()) for name in ("column", "value", "reason"))]
)


@dataclass(slots=True)
class Rejects:
    """Collects rejected rows. ``hides_personal``: values that may be personal are not shown."""

    hides_personal: bool
    n_rows: Counter[str] = field(default_factory=Counter)  # by input table
    n_cascaded: int = 0
    first: str = ""  # the first one told, for the message of a load that stops
    _parts: list[pa.Table] = field(default_factory=list)

    def add(self, table: str, file: str, faults: Iterable[Fault], *, is_raw: bool = False) -> None:
        """Keep the rows of some faults; ``is_raw``: their values are pieces of unread rows."""
        for fault in faults:
            n = len(fault.lines)
            hides = self.hides_personal and (is_raw or fault.column in _PERSONAL_COLUMNS)
            self.n_rows[table] += n
            self.n_cascaded += n * fault.is_cascaded
            values = _shown(fault, hides)
            if not self.first and not fault.is_cascaded:
                told = f' "{values[0].as_py()}"' if values[0].as_py() else ""
                self.first = f"{file}:{fault.lines[0]}: {fault.column or 'row'}{told} {fault.reason}"
            columns = (pa.repeat(pa.scalar(text, pa.string()), n) for text in (file, fault.column, fault.reason))
            name, column, reason = columns
            self._parts.append(pa.table([name, pa.array(fault.lines), column, values, reason], schema=_SCHEMA))

    @property
    def n_counted(self) -> int:
        """Rows that count towards ``--max-rejects``."""
        return self.n_rows.total() - self.n_cascaded

    def write(self, path: Path) -> Path | None:
        """Write the file, sorted by file and line, and return its path; None where nothing was rejected.

        A file that an earlier load left is then emptied to its header, so that nobody takes it for this load's. Text
        that a spreadsheet would run as a formula gets an apostrophe before it.

        Raises:
            ConfigError: the file cannot be written.
        """
        if not self._parts and not path.exists():
            return None
        table = pa.concat_tables([*self._parts, _SCHEMA.empty_table()])
        table = table.sort_by([("file", "ascending"), ("line", "ascending"), ("column", "ascending")])
        safe = {
            name: _disarmed(table[name]) if table[name].type == pa.string() else table[name]
            for name in table.column_names
        }
        try:
            _replace(path, pa.table(safe))
        except OSError as error:
            raise ConfigError(
                f"{path}: rejects cannot be written ({error.strerror or error}), a file in a writable folder was "
                "expected; nothing was loaded; name another with --rejects"
            ) from None
        return path if self._parts else None


def check_place(path: Path) -> None:
    """Raise ConfigError where writing rejects would destroy a file that is no rejects file."""
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder, a file for the rejects was expected; name one with --rejects")
    try:
        if not path.exists() or path.stat().st_size == 0:
            return
        with path.open("rb") as file:
            head = file.read(len(HEADER))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); name another file with --rejects") from None
    if head != HEADER.encode():
        raise ConfigError(f"{path}: is there and is no rejects file; nothing was done; name another with --rejects")


def _shown(fault: Fault, hides: bool) -> pa.Array:
    if fault.values is None:
        return pa.nulls(len(fault.lines), pa.string())
    values = pc.utf8_slice_codeunits(fault.values.cast(pa.string()), 0, _MAX_SHOWN)
    return pc.if_else(values.is_valid(), HIDDEN, values) if hides else values


def _disarmed(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    is_number = pc.match_substring_regex(texts, _NUMBER)
    is_formula = pc.fill_null(pc.and_not(pc.match_substring_regex(texts, _FORMULA), is_number), False)
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", pc.fill_null(texts, ""), ""), texts)


def _replace(path: Path, table: pa.Table) -> None:
    """Write beside the path first, then put it in its place in one step."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(f"{HEADER}\n".encode())
            whole = pa.table(
                [pc.fill_null(column, "") if column.type == pa.string() else column for column in table.columns],
                table.column_names,
            )
            arrow_csv.write_csv(whole, file, arrow_csv.WriteOptions(include_header=False, quoting_style="needed"))
            os.fchmod(file.fileno(), 0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
