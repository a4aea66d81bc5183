"""Finds the files of a folder and says what each one feeds: its own table, wide columns of others, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from ringwatch.graph_loader.mapping import FieldMapping, Reading, TableMapping, Unpivot, nearest
from ringwatch.graph_loader.shapes import INPUT_TABLES
from ringwatch.model.errors import InputError

FORMATS = ("csv", "jsonl", "parquet")
COMPRESSIONS = {"": None, ".gz": "gzip", ".zst": "zstd"}
_NO_DATA = ("*.md", "*.toml", "LICENSE*", "README*", "*.db", "*.db-wal", "*.db-shm", "labels.*", "labels-*", ".*")


@dataclass(frozen=True, slots=True)
class Role:
    """One table that a file feeds; ``kinds`` (their column -> kind) where wide columns become rows."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    id_prefix: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file and how to read it; the first role is that of its rows as they stand, where it has one."""

    path: Path
    name: str  # as messages and rejects show it
    format: str
    compression: str | None
    reading: Reading
    roles: tuple[Role, ...]

    @property
    def known_names(self) -> set[str]:
        """Names of columns that may mean something here: those of the tables and those that the mapping names."""
        tables = ((*INPUT_TABLES[role.table].columns, *role.columns.values(), *role.kinds) for role in self.roles)
        return set().union(*tables)


def find_files(folder: Path, mapping: FieldMapping, ignored: Iterable[str]) -> tuple[list[SourceFile], list[str]]:
    """Return the files to load, by name, and a warning for each other file of the folder.

    ``ignored`` are names that are nobody's table (rejects of an earlier load). Raises InputError where the folder or a
    file that the mapping names is not there, or where nothing can be loaded.
    """
    if not folder.is_dir():
        is_file = folder.exists()
        raise InputError(
            f"{folder}: {'is a file' if is_file else 'is not there'}, a folder of input tables was expected; name one"
        )
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror}); give yourself the right to read it") from None
    roles: dict[str, list[tuple[Role, Reading | None]]] = {}
    for table in INPUT_TABLES:
        told = mapping.tables.get(table, TableMapping())
        role = Role(table, told.columns, told.constants, {}, told.reading.id_prefix)
        for name in _named(folder, told.files, f"{mapping.where}: tables.{table}.files") or _own(names, table):
            roles.setdefault(name, []).append((role, told.reading))
    for unpivot in mapping.unpivots:
        _add_unpivot(folder, mapping, unpivot, roles)
    files = [_source_file(folder, name, roles[name]) for name in sorted(roles)]
    skipped = {*roles, *ignored, mapping.where}
    warnings = [_warning(folder, name) for name in names if name not in skipped and not _is_no_data(folder / name)]
    if not files:
        raise InputError(
            f"{folder}: holds no input table, sellers.csv or the like was expected; "
            "name the files in mapping.toml where they are called otherwise"
        )
    return files, warnings


def shown_name(name: str) -> str:
    r"""Return the name of a file as messages and rejects show it: in one line, and text whatever its bytes are.

    >>> shown_name("a\nb\udcff.csv")
    'a\ufffdb\ufffd.csv'
    """
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)


def split_name(name: str) -> tuple[str, str, str] | None:
    """Return stem, format and compression ending of a file name, None where it is no table's.

    >>> split_name("listings-1.csv.gz")
    ('listings-1', 'csv', '.gz')
    """
    for ending in (".gz", ".zst", ""):
        stem = name.removesuffix(ending) if name.endswith(ending) else ""
        for kind in FORMATS:
            if stem.endswith(f".{kind}"):
                return stem.removesuffix(f".{kind}"), kind, ending
    return None


def _own(names: list[str], table: str) -> list[str]:
    parts = ((name, split_name(name)) for name in names)
    return [name for name, part in parts if part and (part[0] == table or part[0].startswith(f"{table}-"))]


def _named(folder: Path, patterns: tuple[str, ...], where: str) -> list[str]:
    """Return the files that names and globs of the mapping mean; each pattern must mean one at least."""
    found: dict[str, None] = {}
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise InputError(f'{where}: "{pattern}" leads out of the folder; name files inside {folder}')
        paths = sorted(folder.glob(pattern)) if any(mark in pattern for mark in "*?[") else [folder / pattern]
        paths = [path for path in paths if path.exists()]
        if not paths:
            hint = nearest(pattern, (path.name for path in folder.iterdir()))
            raise InputError(f'{where}: "{pattern}" means no file in {folder}{hint or "; mend the name"}')
        found |= dict.fromkeys(path.relative_to(folder).as_posix() for path in paths)
    return list(found)


def _add_unpivot(
    folder: Path, mapping: FieldMapping, unpivot: Unpivot, roles: dict[str, list[tuple[Role, Reading | None]]]
) -> None:
    told = mapping.tables.get(unpivot.table, TableMapping())
    for name in _named(folder, unpivot.files, f"{mapping.where}: tables.{unpivot.table}.unpivot.files"):
        present = roles.setdefault(name, [])
        fallback = present[0][1] if present and present[0][1] else told.reading
        reading = unpivot.reading or fallback
        role = Role(unpivot.table, unpivot.columns, unpivot.constants, unpivot.kinds, reading.id_prefix)
        present.append((role, reading))


def _source_file(folder: Path, name: str, roles: list[tuple[Role, Reading | None]]) -> SourceFile:
    path, shown = folder / name, shown_name(name)
    parts = split_name(name)
    if parts is None:
        raise InputError(
            f"{shown}: format is not known, .csv, .jsonl or .parquet was expected; rename or export it anew"
        )
    if path.is_dir():
        raise InputError(
            f"{shown}: is a folder, a file was expected; to load the files in it write "
            f'files = "{name}/*" under [tables.{roles[0][0].table}] in mapping.toml'
        )
    if not path.is_file():  # a link that leads nowhere, or a pipe, of which nobody knows when it ends
        raise InputError(
            f"{shown}: is not there or no plain file, one was expected; copy the file itself into the folder"
        )
    readings = [reading or Reading() for _, reading in roles]
    for reading in readings[1:]:
        for key in ("delimiter", "encoding", "decimal"):
            if getattr(reading, key) != getattr(readings[0], key):
                raise InputError(
                    f"{shown}: mapping.toml gives it two values of {key}, "
                    f'"{getattr(readings[0], key)}" and "{getattr(reading, key)}"; leave one'
                )
    return SourceFile(path, shown, parts[1], COMPRESSIONS[parts[2]], readings[0], tuple(role for role, _ in roles))


def _is_no_data(path: Path) -> bool:
    return any(fnmatchcase(path.name, pattern) for pattern in _NO_DATA)


def _warning(folder: Path, name: str) -> str:
    what, stem = "folder" if (folder / name).is_dir() else "file", name.split(".", maxsplit=1)[0]
    shown = shown_name(name)
    if what == "file" and stem in INPUT_TABLES:
        return (
            f"{shown}: a table ends in .csv, .jsonl or .parquet, and .gz or .zst after it; the file was not loaded; "
            f"call it {stem}.csv where it is text in columns (tables.{stem}.delimiter in mapping.toml sets the mark)"
        )
    hint = nearest(stem, INPUT_TABLES) if what == "file" else ""
    return f"{shown}: no table is called so; the {what} was not loaded{hint or ' (mapping.toml can name it)'}"
