"""Loads a folder: read, normalise, check the whole, and only then write.

Until every file was read and every reference checked nothing goes to the database, so a load that cannot be used stops
with the database as it was. A load that is killed while it writes is completed by the same command: each batch is one
transaction, and writing a row again changes nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from ringwatch.db.view import View
from ringwatch.db.writer import Writer
from ringwatch.graph_loader.csv import read_csv
from ringwatch.graph_loader.files import Role, SourceFile, find_files
from ringwatch.graph_loader.frame import Frame, check_header, unpivoted
from ringwatch.graph_loader.jsonl import read_jsonl
from ringwatch.graph_loader.mapping import FieldMapping, read_mapping
from ringwatch.graph_loader.parquet import read_parquet
from ringwatch.graph_loader.raw import Advance, Mask, RawBatch
from ringwatch.graph_loader.references import Ids, References, lost_ids, unread_ids
from ringwatch.graph_loader.rejects import Rejects, check_place
from ringwatch.graph_loader.rows import Kinds, entities, exemptions, image_uses, uses
from ringwatch.graph_loader.shapes import INPUT_TABLES, UNPIVOTED
from ringwatch.graph_loader.spool import Spool
from ringwatch.model.errors import ConfigError, InputError
from ringwatch.model.visibility import FULL
from ringwatch.values.hashing import key_digest

WRITE_ROWS = 200_000  # a transaction of a second or two: others wait that long at most, and a killed load loses no more

Progress = Callable[[str, int, int], None]
"""Told a step (read, check, write), how much of it is done, and the whole: bytes while reading, rows after."""

_READERS: Mapping[str, Callable[[SourceFile, Advance], Iterator[RawBatch]]] = {
    "csv": read_csv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
}


@dataclass(frozen=True, slots=True)
class LoadConfig:
    """What a person may say about one load."""

    source: str
    mapping: Path | None = None  # None: mapping.toml in the folder, where there is one
    full: bool = False
    max_rejects: float = 0.05  # share of all rows
    rejects: Path = Path("rejects.csv")
    key: bytes | None = None  # personal values become keyed hashes under it
    spool_folder: Path | None = None  # None: where the system keeps temporary files
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class TableReport:
    """Rows of one table: seen in files, and of those rejected."""

    read: int
    rejected: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did; ``junk`` counts values that say nothing ("n/a"), by kind and reason."""

    source: str
    tables: Mapping[str, TableReport]
    junk: Mapping[tuple[str, str], int]
    merged: Mapping[str, int]  # rows whose key another row of the load has too, by table
    retired: Mapping[str, int]
    warnings: tuple[str, ...]
    rejects_file: Path | None
    seconds: float

    @property
    def read(self) -> int:
        """Rows seen in all files."""
        return sum(table.read for table in self.tables.values())

    @property
    def rejected(self) -> int:
        """Rows that were not loaded."""
        return sum(table.rejected for table in self.tables.values())


def load_folder(folder: Path, writer: Writer, view: View, config: LoadConfig, now: datetime) -> LoadReport:
    """Load the tables of a folder and return what was read, rejected and written.

    Raises:
        InputError: the folder, a file or the mapping cannot be used, or too many rows were rejected; nothing was
            written but the rejects.
        ConfigError: the secret key is not the database's, or the rejects file cannot be written; nothing was written.
        RetryableError: a disk is full or the database is locked; the same command completes the load.
    """
    started_s = time.perf_counter()
    if not 0 <= config.max_rejects <= 1:
        raise ConfigError(
            f"--max-rejects: {config.max_rejects} is no share, a number from 0 to 1 was expected; mend it"
        )
    check_place(config.rejects)
    check_key(view, config.key)
    mapping = find_mapping(folder, config.mapping)
    files, warnings = find_files(folder, mapping, {config.rejects.name, "rejects.csv"})
    _require_sellers(files, view, config, folder)
    kinds = Kinds(view.registry(FULL).with_kinds(mapping.kinds), config.key)
    tell = config.progress or (lambda _step, _done, _total: None)
    with Spool(config.spool_folder) as spool:
        run = Load(files, kinds, spool, Rejects(config.key is not None), tell)
        keep, merged, rejects_file = run.check(view, config)
        _keep_settings(writer, view, config, mapping, kinds)
        retired = run.write(writer, config, keep, now)
    writer.set_setting(f"loaded:{config.source}", now.isoformat())
    return LoadReport(
        config.source,
        {
            table: TableReport(run.n_read[table], run.rejects.n_rows[table])
            for table in INPUT_TABLES
            if table in run.n_read
        },
        dict(kinds.junk),
        {table: n for table, n in merged.items() if n},
        retired,
        (*warnings, *kinds.warnings(), *run.warnings),
        rejects_file,
        time.perf_counter() - started_s,
    )


def check_key(view: View, key: bytes | None) -> None:
    """Raise ConfigError where the key is not the one that the database was loaded with."""
    kept = view.setting(FULL, "secret_key_digest")
    if key is None and kept:
        raise ConfigError(
            "secret key: the database was loaded with one and none is given; name it with --secret-key-file"
        )
    if key is None:
        return
    digest = key_digest(key)
    if kept and kept != digest:
        raise ConfigError(
            "secret key: the database was loaded with another one; nothing was done; name that key's file"
        )
    if not kept and view.counts(FULL).get("sellers", 0):
        raise ConfigError(
            "secret key: the database was loaded without one, so its values are plain; nothing was done; "
            "load into a new database, or without --secret-key-file"
        )


def find_mapping(folder: Path, named: Path | None) -> FieldMapping:
    """Return the mapping of a folder: the one that is named, else the one beside the tables, else none."""
    beside = folder / "mapping.toml"
    if named is not None:
        return read_mapping(named)
    return read_mapping(beside) if beside.exists() else FieldMapping()


def _require_sellers(files: list[SourceFile], view: View, config: LoadConfig, folder: Path) -> None:
    if any(role.table == "sellers" for file in files for role in file.roles):
        return
    if view.setting(FULL, f"loaded:{config.source}") is None:
        raise InputError(
            f'{folder}: holds no table sellers, which the first load of source "{config.source}" needs; '
            "add sellers.csv, or name the source that was loaded before with --source"
        )


def _keep_settings(writer: Writer, view: View, config: LoadConfig, mapping: FieldMapping, kinds: Kinds) -> None:
    if config.key is not None and not view.setting(FULL, "secret_key_digest"):
        writer.set_setting("secret_key_digest", key_digest(config.key))
    declared = [*mapping.kinds, *kinds.met.values()]
    if declared:
        writer.declare_kinds(declared)


@dataclass(slots=True)
class Load:
    """One load on its way through the steps."""

    files: list[SourceFile]
    kinds: Kinds
    spool: Spool
    rejects: Rejects
    tell: Progress
    n_read: Counter[str] = field(default_factory=Counter)
    ids: Ids = field(default_factory=Ids)
    warnings: dict[str, None] = field(default_factory=dict)  # in the order in which they arose, each once

    def check(self, view: View, config: LoadConfig) -> tuple[dict[str, Mask], dict[str, int], Path | None]:
        """Read all and check the whole; the rejects are written whether the load goes on or not."""
        references = References(self.spool, view, self.ids, [file.name for file in self.files], self.rejects)
        try:
            self.read_files()
            keep = references.check()
            self._refuse_too_many(config.max_rejects)
        except InputError:
            self.rejects.write(config.rejects)
            raise
        return keep, references.merged, self.rejects.write(config.rejects)

    def write(self, writer: Writer, config: LoadConfig, keep: Mapping[str, Mask], now: datetime) -> Mapping[str, int]:
        """Write what was kept and return what a full load retired."""
        total = sum(int(mask.sum()) for mask in keep.values())
        done = 0
        load = writer.begin_load(config.source, now, config.full)
        for table, shape in INPUT_TABLES.items():
            for batch in self.spool.batches(table, keep[table], WRITE_ROWS):
                writer.write(load, shape.batch, batch)
                if table == "listings" and len(images := image_uses(batch, self.kinds)):
                    writer.write(load, "uses", images)
                done += len(batch)
                self.tell("write", done, total)
        return writer.finish_load(load, now)

    def read_files(self) -> None:
        """Read all and keep it on disk, normalised; nothing is checked beyond the row."""
        sizes = [file.path.stat().st_size for file in self.files]
        for number, file in enumerate(self.files):
            before = sum(sizes[:number])
            self._read_file(number, file, partial(self._tell_read, before, sum(sizes)))
        self.spool.finish()

    def _tell_read(self, before: int, total: int, n_bytes: int) -> None:
        self.tell("read", before + n_bytes, total)

    def _read_file(self, number: int, file: SourceFile, advance: Advance) -> None:
        is_checked = file.format == "jsonl"  # its columns are known line by line, not from a header
        for raw in _READERS[file.format](file, advance):
            if not is_checked:
                check_header(file, raw.columns.keys())
                is_checked = True
            table = file.roles[0].table
            self.n_read[table] += sum(len(fault.lines) for fault in raw.faults)
            self.rejects.add(table, file.name, raw.faults, is_raw=True)
            for role in file.roles:
                self.ids.lost[role.table].extend(unread_ids(file, role, raw))
                self._take(number, Frame(file, role, raw))

    def _take(self, number: int, frame: Frame) -> None:
        """Spool what one role makes of a batch."""
        role = frame.role
        if role.kinds:
            for part in unpivoted(frame, *UNPIVOTED[role.table]):
                self._take(number, part)
            return
        others = {name for other in frame.file.roles if other.kinds for name in other.kinds}
        self.n_read[role.table] += len(frame)
        if self.kinds.key is not None and (plain := frame.unknown_names(others)):
            self.warnings[
                f"{frame.file.name}: columns that are not known are kept as they stand, not as hashes: "
                f"{', '.join(sorted(plain))}; take them out where they are personal"
            ] = None
        if len(frame) == 0:
            return
        if INPUT_TABLES[role.table].batch == "uses":
            for batch, rows in uses(frame, self.kinds, others):
                self.spool.add(role.table, batch, number, frame.raw.lines[rows])
        else:
            batch = exemptions(frame, self.kinds, others) if role.table == "exemptions" else entities(frame, others)
            self.spool.add(role.table, batch, number, frame.raw.lines[frame.sieve.keep])
            self._remember_lost(frame, role)
        self.rejects.add(role.table, frame.file.name, frame.sieve.faults)

    def _remember_lost(self, frame: Frame, role: Role) -> None:
        own = INPUT_TABLES[role.table].key[0]
        if not frame.sieve.keep.all() and own.endswith("_id"):
            self.ids.lost[role.table].append(lost_ids(frame.text(own), frame.sieve.keep))

    def _refuse_too_many(self, max_rejects: float) -> None:
        n_read, n_bad = self.n_read.total(), self.rejects.n_counted
        if n_bad > max_rejects * n_read:
            raise InputError(
                f"{self.rejects.first}; {n_bad} of {n_read} rows cannot be loaded, at most {max_rejects:.1%} may; "
                "nothing was written; mend the rows that the rejects file names, or allow more with --max-rejects"
            )
