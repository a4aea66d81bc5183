"""Files of Neo4j's import tool: columns go in, a file for each label or type of relationship comes out."""

import os
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

ARGUMENTS = "arguments.txt"
"""What the tool is told, an argument a line; written last: a folder without it is not complete."""

_BUFFER_BYTES = 4 << 20  # what the tool reads at a time unless it is told otherwise; every text must fit
_CSV = csv.WriteOptions(include_header=True, quoting_style="needed", batch_size=16_384)


def import_command(folder: Path, url: str) -> str:
    """Return the command that fills a database with a folder of files; a server that has it must be stopped.

    >>> import_command(Path("/srv/first load"), "neo4j://ann@db.example/market")
    "cd '/srv/first load' && neo4j-admin database import full market --overwrite-destination @arguments.txt"
    """
    named = re.match(r"(?:neo4j|bolt)[^:]*://[^/]*/([A-Za-z][\w.-]*)", url)
    database = named[1] if named else "neo4j"
    at = shlex.quote(str(folder.absolute()))
    return f"cd {at} && neo4j-admin database import full {database} --overwrite-destination @{ARGUMENTS}"


@dataclass
class ImportFiles:
    """A folder that is being filled, and what was put into it.

    Columns are properties under their names; a name that says more, as ``n:ID(holder)`` or ``:START_ID(holder)``, is
    for the tool as it stands. Null is a property that is not there.
    """

    folder: Path
    arguments: list[str] = field(default_factory=list)
    n_nodes: int = 0
    n_links: int = 0
    _is_multiline: bool = False
    _longest: int = 0  # bytes of a text

    def add_nodes(self, labels: str, parts: Iterable[pa.Table]) -> None:
        """Write nodes of some labels, as in ``Holder:Store``, whose last names the file."""
        self.n_nodes += self._write(f"--nodes={labels}", labels.rpartition(":")[2].lower(), parts)

    def add_links(self, kind: str, name: str, parts: Iterable[pa.Table]) -> None:
        """Write relationships of one type into the file of a name."""
        self.n_links += self._write(f"--relationships={kind}", name, parts)

    def finish(self) -> None:
        """Write the arguments of the tool."""
        lines = ["--id-type=integer", "--input-encoding=UTF-8"]
        if self._is_multiline:
            lines.append("--multiline-fields=true")
        if self._longest > _BUFFER_BYTES // 2:
            lines.append(f"--read-buffer-size={2 * self._longest}")
        with (self.folder / ARGUMENTS).open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in [*lines, *self.arguments])
            file.flush()
            os.fsync(file.fileno())

    def _write(self, argument: str, name: str, parts: Iterable[pa.Table]) -> int:
        n_rows, writer, path = 0, None, self.folder / f"{name}.csv"
        try:
            for part in (part for part in parts if len(part)):
                self._note_texts(part)
                written = _as_written(part)
                writer = writer or csv.CSVWriter(path, written.schema, write_options=_CSV)
                writer.write_table(written)
                n_rows += len(part)
        finally:
            if writer:
                writer.close()
        if n_rows:
            self.arguments.append(f"{argument}=./{path.name}")  # Neo4j 2026 wants the folder of a file named
        return n_rows

    def _note_texts(self, part: pa.Table) -> None:
        """Note what the tool has to be told of: texts of several lines, and very long ones."""
        for column in part.columns:
            if _is_text(column.type) and column.null_count < len(column):
                self._longest = max(self._longest, pc.max(pc.binary_length(column)).as_py())
                is_multiline = self._is_multiline or pc.any(pc.match_substring_regex(column, "[\r\n]")).as_py()
                self._is_multiline = bool(is_multiline)


def _as_written(part: pa.Table) -> pa.Table:
    """Return the columns under the names that the tool reads, moments as microseconds since 1970."""
    names = [name if ":" in name else name + _suffix(part[name].type) for name in part.column_names]
    columns = [pc.cast(column, pa.int64()) if pa.types.is_timestamp(column.type) else column for column in part.columns]
    return pa.table(columns, names=names)


def _suffix(kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        return ":double"
    return "" if _is_text(kind) else ":long"


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
