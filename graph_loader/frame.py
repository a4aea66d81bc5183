"""One raw batch seen through one role: our column names, cleaned text, times, and the properties we do not know."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.graph_loader.files import Role, SourceFile
from ringwatch.graph_loader.mapping import nearest
from ringwatch.graph_loader.raw import Mask, RawBatch, Sieve
from ringwatch.graph_loader.shapes import INPUT_TABLES, PREFIXED_IDS
from ringwatch.graph_loader.times import parse_times, within_years
from ringwatch.model.errors import InputError
from ringwatch.model.tables import TIME

_EDGE = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff\u3000"
"""What surrounds a value without being part of it: white space, zero-width marks, byte order marks."""
_TEXT = pa.string()
_CONTROLS = [chr(code) for code in range(0x20) if chr(code) not in "\n\r\t"]


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows of one file as one table sees them; rows that a check drops go through ``sieve``."""

    file: SourceFile
    role: Role
    raw: RawBatch
    sieve: Sieve = field(init=False)

    def __post_init__(self) -> None:
        """Start with every row."""
        object.__setattr__(self, "sieve", Sieve(self.raw.lines))

    def __len__(self) -> int:
        """Count the rows, dropped ones included."""
        return len(self.raw)

    def column(self, name: str) -> pa.Array | None:
        """Return one of our columns as the file gives it, None where it has none."""
        if (constant := self.role.constants.get(name)) is not None:
            return pa.repeat(pa.scalar(constant, _TEXT), len(self))
        return self.raw.columns.get(self.role.columns.get(name, name))

    def text(self, name: str) -> pa.Array:
        """Return a column as text without what surrounds it, null where empty; ids with the prefix of their source."""
        column = self.column(name)
        if column is None:
            return pa.nulls(len(self), _TEXT)
        trimmed = trim(column if pa.types.is_string(column.type) else _written(column))
        self._drop_zero_characters(name, trimmed)
        if self.role.id_prefix and name in PREFIXED_IDS:
            return pc.binary_join_element_wise(self.role.id_prefix, trimmed, "")
        return trimmed

    def required(self, name: str) -> pa.Array:
        """Return a text column; rows in which it is empty are dropped."""
        texts = self.text(name)
        if texts.null_count:
            self.sieve.drop(np.asarray(texts.is_null()), name, None, "is empty, a value was expected")
        return texts

    def time(self, name: str) -> pa.Array:
        """Return a column as moments in UTC; rows in which it is no time are dropped."""
        column = self.column(name)
        if column is None:
            return pa.nulls(len(self), TIME)
        if pa.types.is_timestamp(column.type):
            wrong = ~within_years(column)
            self.sieve.drop(wrong, name, None, "is not in the years 1 to 9999")
            return pc.if_else(pa.array(wrong), pa.scalar(None, TIME), column) if wrong.any() else column
        texts = self.text(name)
        moments, bad = parse_times(texts)
        self.sieve.drop(bad, name, texts, "is not an ISO 8601 date or time, such as 2025-01-31")
        return moments

    def choice(self, name: str, allowed: tuple[str, ...]) -> pa.Array:
        """Return a text column in lower case; rows in which it is none of the allowed words are dropped."""
        texts = pc.utf8_lower(self.text(name))
        bad = ~np.asarray(pc.is_in(texts, value_set=pa.array([*allowed, None], _TEXT)))
        self.sieve.drop(bad, name, texts, f"is not one of {', '.join(allowed)}")
        return texts

    def unknown_columns(self, others: AbstractSet[str]) -> pa.Array:
        """Return the columns that the table does not know as JSON objects, null where a row has none.

        ``others`` are columns that another role of the same file makes values of: they are not kept a second time.
        """
        texts = {name: trim(_written(self.raw.columns[name])) for name in sorted(self.unknown_names(others))}
        return json_objects(texts, len(self))

    def unknown_names(self, others: AbstractSet[str]) -> set[str]:
        """Return the columns of the file that neither the table nor, as ``others``, another role knows."""
        known = {self.role.columns.get(name, name) for name in INPUT_TABLES[self.role.table].columns}
        return self.raw.columns.keys() - known - set(self.role.columns.values()) - others

    def _drop_zero_characters(self, name: str, texts: pa.Array) -> None:
        if pc.any(pc.match_substring(texts, "\0")).as_py():
            bad = as_mask(pc.match_substring(texts, "\0"))
            shown = pc.replace_substring(texts, "\0", "\N{SYMBOL FOR NULL}")
            self.sieve.drop(bad, name, shown, "holds a zero character, text was expected")


def as_mask(column: pa.Array) -> Mask:
    """Return a boolean column as an array; null is false."""
    return np.asarray(pc.fill_null(column, False), dtype=np.bool_)


def trim(texts: pa.Array) -> pa.Array:
    """Return texts without what surrounds them, null where nothing is left."""
    trimmed = pc.utf8_trim(texts, characters=_EDGE)
    is_empty = pc.equal(pc.binary_length(trimmed), 0)
    if not pc.any(is_empty).as_py():
        return trimmed
    return pc.if_else(is_empty, pa.scalar(None, _TEXT), trimmed)


def json_objects(columns: Mapping[str, pa.Array], n_rows: int) -> pa.Array:
    r"""Return one JSON object of texts a row, in the order of ``columns``, nulls left out; null where all are null.

    >>> json_objects({"a": pa.array(["x", None]), "b": pa.array(['say "hi"', None])}, 2).to_pylist()
    ['{"a":"x","b":"say \\"hi\\""}', None]
    """
    members = [_member(name, texts) for name, texts in columns.items() if texts.null_count < n_rows]
    if not members:
        return pa.nulls(n_rows, _TEXT)
    joined = pc.binary_join_element_wise(*members, "")
    objects = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(joined, 1), "}", "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, _TEXT), objects)


def _member(name: str, texts: pa.Array) -> pa.Array:
    """Return a comma, the name and the text of each row, "" for null."""
    key = _escaped(pa.array([name]))[0].as_py()
    return pc.fill_null(pc.binary_join_element_wise(f',"{key}":"', _escaped(texts), '"', ""), "")


def check_header(file: SourceFile, names: AbstractSet[str]) -> None:
    """Raise InputError where a column that is required, or that the mapping names, is not in the file."""
    for role in file.roles:
        section = f"[tables.{role.table}.columns] in mapping.toml"
        for ours, theirs in [*role.columns.items(), *((kind, theirs) for theirs, kind in role.kinds.items())]:
            if theirs not in names and ours not in role.constants:
                hint = nearest(theirs, names) or f"; its columns: {_listed(names)}"
                raise InputError(
                    f'{file.name}: column "{theirs}", which mapping.toml names for {ours}, is not there{hint}'
                )
        if role.kinds:
            continue
        for name in INPUT_TABLES[role.table].required:
            if role.columns.get(name, name) not in names and name not in role.constants:
                hint = nearest(name, names) or f"; its columns: {_listed(names)}"
                raise InputError(
                    f"{file.name}: the required column {name} is not there{hint}; "
                    f'where it is called otherwise write {name} = "their name" under {section}'
                )


def unpivoted(frame: Frame, name_column: str, value_column: str) -> Iterator[Frame]:
    """Yield one frame for each wide column of an unpivot role: the rows in which it holds a value."""
    for theirs, kind in frame.role.kinds.items():
        held = as_mask(trim(_written(frame.raw.columns[theirs])).is_valid())
        taken = pa.array(held)
        columns = {name: frame.raw.columns[name].filter(taken) for name in {*frame.role.columns.values(), theirs}}
        role = Role(
            frame.role.table,
            {**_nowhere(frame.role.table), **frame.role.columns, value_column: theirs},
            {**frame.role.constants, name_column: kind},
            {},
            frame.role.id_prefix,
        )
        yield Frame(frame.file, role, RawBatch(frame.raw.lines[held], columns))


def _nowhere(table: str) -> dict[str, str]:
    """Map every column of a table to a name that no file has: an unpivot reads only what it names."""
    return {name: f"\0{name}" for name in INPUT_TABLES[table].columns}


def _written(column: pa.Array) -> pa.Array:
    """Return a column as text; times in ISO 8601."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
    return column.cast(_TEXT)


def _escaped(texts: pa.Array) -> pa.Array:
    """Return texts as they stand between the quotes of JSON."""
    for char, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        texts = pc.replace_substring(texts, char, written)
    if pc.any(pc.match_substring_regex(texts, r"[\x00-\x1f]")).as_py():
        for char in _CONTROLS:
            texts = pc.replace_substring(texts, char, f"\\u{ord(char):04x}")
    return texts


def _listed(names: AbstractSet[str]) -> str:
    shown = sorted(names)[:20]  # enough to find the right one in a message of one screen
    return ", ".join(shown) + (", ..." if len(names) > len(shown) else "")
