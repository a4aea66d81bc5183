"""Reads ``mapping.toml``: other names of files and columns, constants, wide columns, and a marketplace's own kinds.

Nothing in it is guessed: an unknown key stops the load with a message that names it and the nearest known one.
"""

import codecs
import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from ringwatch.graph_loader.shapes import INPUT_TABLES, UNPIVOTED
from ringwatch.model.errors import InputError
from ringwatch.model.kinds import EXEMPTION_REASONS, REGISTRY, Exclusivity, Family, Kind

NORMALISERS = tuple(sorted({kind.normaliser for kind in REGISTRY.kinds.values()}))
"""Normalisers that a declared kind may name: those of the built-in kinds."""

_READING_KEYS = ("delimiter", "encoding", "decimal", "id_prefix")
_NO_EVIDENCE_ALONE = frozenset({Family.NAME, Family.TRADE, Family.OTHER})
_PERSONAL_FAMILIES = frozenset({Family.PAYOUT, Family.CONTACT, Family.ACCESS, Family.IDENTITY})


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of a file is to be read."""

    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    id_prefix: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What the mapping says of one table; without ``files`` the table's own file names hold."""

    files: tuple[str, ...] = ()
    reading: Reading = Reading()
    columns: Mapping[str, str] = field(default_factory=dict)  # our column -> theirs
    constants: Mapping[str, str] = field(default_factory=dict)  # our column -> a value for every row


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Wide columns that become rows of a table; ``reading`` is None where the file's own table says it."""

    table: str
    files: tuple[str, ...]
    kinds: Mapping[str, str]  # their column -> kind (identifiers), use (addresses) or scheme (payment_accounts)
    reading: Reading | None
    columns: Mapping[str, str]  # our column -> theirs; holder_id is among them
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """A whole mapping file; an empty one where there is none."""

    where: str = "mapping.toml"
    tables: Mapping[str, TableMapping] = field(default_factory=dict)
    unpivots: tuple[Unpivot, ...] = ()
    kinds: tuple[Kind, ...] = ()


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "x"?`` for the known name nearest to ``name``, "" where none is near.

    >>> nearest("seler_id", ["seller_id", "name"])
    '; did you mean "seller_id"?'
    """
    by_folded = {text.casefold(): text for text in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)  # 0.6: difflib's own default
    return f'; did you mean "{by_folded[found[0]]}"?' if found else ""


def read_mapping(path: Path) -> FieldMapping:
    """Return what a mapping file says; raises InputError where it cannot be read or holds what is not known."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except OSError as error:
        reason = f"cannot be read ({error.strerror}), a mapping file was expected"
        raise InputError(f"{path}: {reason}; name one with --mapping") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the mapping file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not TOML: {error}; mend that line") from None
    return _Section(path.name, document).mapping()


@dataclass(frozen=True, slots=True)
class _Section:
    """A table of the document that knows its own name, so that every complaint says where it stands."""

    where: str
    value: object

    def fail(self, text: str) -> NoReturn:
        raise InputError(f"{self.where}: {text}" + ("" if ";" in text else "; mend that line"))

    def items(self, known: Iterable[str] | None = None) -> dict[str, "_Section"]:
        if not isinstance(self.value, dict):
            self.fail(f"is {_shown(self.value)}, a table was expected")
        allowed = None if known is None else tuple(known)
        for key in self.value:
            if allowed is not None and key not in allowed:
                hint = nearest(key, allowed) or f"; known keys: {', '.join(allowed)}"
                self.fail(f'key "{key}" is not known{hint}')
        mark = ": " if "[" not in self.where and self.where.endswith(".toml") else "."
        return {key: _Section(f"{self.where}{mark}{key}", value) for key, value in self.value.items()}

    def text(self) -> str:
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            self.fail(f"is {_shown(self.value)}, text was expected")
        return str(self.value)

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail(f"is {_shown(self.value)}, true or false was expected")
        return self.value

    def texts(self) -> tuple[str, ...]:
        if not isinstance(self.value, list):
            return (self.text(),)
        return tuple(_Section(f"{self.where}[{n}]", item).text() for n, item in enumerate(self.value))

    def pairs(self, known: Iterable[str] | None = None) -> dict[str, str]:
        return {key: item.text() for key, item in self.items(known).items()}

    def one_of(self, allowed: Iterable[str]) -> str:
        names = tuple(allowed)
        text = self.text()
        if text not in names:
            self.fail(f'"{text}" is not known{nearest(text, names) or "; expected one of: " + ", ".join(names)}')
        return text

    def mapping(self) -> FieldMapping:
        parts = self.items(("tables", "kinds"))
        tables = parts["tables"].items(INPUT_TABLES) if "tables" in parts else {}
        kinds = parts["kinds"].items() if "kinds" in parts else {}
        return FieldMapping(
            self.where,
            {name: section.table(name) for name, section in tables.items()},
            tuple(unpivot for name, section in tables.items() for unpivot in section.unpivots(name)),
            tuple(section.kind(name) for name, section in kinds.items()),
        )

    def table(self, name: str) -> TableMapping:
        extra = ("unpivot",) if name in UNPIVOTED else ()
        parts = self.items(("files", *_READING_KEYS, "columns", "constants", *extra))
        columns = INPUT_TABLES[name].columns
        return TableMapping(
            parts["files"].texts() if "files" in parts else (),
            self.reading(),
            parts["columns"].pairs(columns) if "columns" in parts else {},
            parts["constants"].pairs(columns) if "constants" in parts else {},
        )

    def unpivots(self, table: str) -> list[Unpivot]:
        listed = self.items().get("unpivot")
        if listed is None:
            return []
        if not isinstance(listed.value, list):
            listed.fail(f"is a single table, a list was expected; write [[tables.{table}.unpivot]]")
        return [_Section(f"{listed.where}[{n}]", value).unpivot(table) for n, value in enumerate(listed.value)]

    def unpivot(self, table: str) -> Unpivot:
        parts = self.items(("files", "holder_id", "kinds", *_READING_KEYS, "columns", "constants"))
        for key in ("files", "holder_id", "kinds"):
            if key not in parts:
                self.fail(f'key "{key}" is missing; files, holder_id and kinds say what to turn into rows')
        known = [name for name in INPUT_TABLES[table].columns if name not in (*UNPIVOTED[table], "holder_id")]
        columns = parts["columns"].pairs(known) if "columns" in parts else {}
        return Unpivot(
            table,
            parts["files"].texts(),
            parts["kinds"].pairs(),
            self.reading() if any(key in parts for key in _READING_KEYS) else None,
            {"holder_id": parts["holder_id"].text(), **columns},
            parts["constants"].pairs(known) if "constants" in parts else {},
        )

    def reading(self) -> Reading:
        given = {key: item for key, item in self.items().items() if key in _READING_KEYS}
        reading = replace(Reading(), **{key: item.text() for key, item in given.items()})
        if len(reading.delimiter) != 1 or not reading.delimiter.isascii() or reading.delimiter in '"\r\n':
            given["delimiter"].fail(f"{_shown(reading.delimiter)} cannot be used, one ASCII character was expected")
        if reading.decimal not in {".", ","}:
            given["decimal"].fail(f'{_shown(reading.decimal)} cannot be used, "." or "," was expected')
        try:
            name = codecs.lookup(reading.encoding).name
            b"".decode(name)
        except (LookupError, UnicodeError):
            given["encoding"].fail(f'"{reading.encoding}" is not a text encoding that Python knows, such as "cp1252"')
        return replace(reading, encoding="utf-8" if name == "utf-8-sig" else name)

    def kind(self, name: str) -> Kind:
        parts = self.items(("family", "normaliser", "exclusivity", "innocent_reasons", "personal"))
        if name != name.strip().casefold() or not name or ":" in name:
            self.fail('a kind is named in lower case, without ":" and without spaces around it')
        for key in ("family", "normaliser"):
            if key not in parts:
                self.fail(f'key "{key}" is missing')
        family = Family(parts["family"].one_of(Family))
        default = Exclusivity.SHARED if family in _NO_EVIDENCE_ALONE else Exclusivity.PERSONAL
        given = parts["innocent_reasons"].items_of(EXEMPTION_REASONS) if "innocent_reasons" in parts else ()
        return Kind(
            name,
            family,
            parts["normaliser"].one_of(NORMALISERS),
            Exclusivity(parts["exclusivity"].one_of(Exclusivity)) if "exclusivity" in parts else default,
            given,
            parts["personal"].flag() if "personal" in parts else family in _PERSONAL_FAMILIES,
        )

    def items_of(self, allowed: Iterable[str]) -> tuple[str, ...]:
        names = tuple(allowed)
        return tuple(_Section(self.where, text).one_of(names) for text in self.texts())


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"of type {type(value).__name__}"
