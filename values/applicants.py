"""What applicants say of themselves as JSON, read as a load would read it: the same values, or none at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from ringwatch.model.applicants import MOST_VALUES, Applicants
from ringwatch.model.errors import InputError
from ringwatch.model.kinds import Kind, Registry, unknown_kind
from ringwatch.model.snapshot import NEVER, Ints
from ringwatch.values.address import address_line
from ringwatch.values.columns import normalise_column
from ringwatch.values.hashing import hash_column
from ringwatch.values.normalise import normalise

_TABLES = ("addresses", "payment_accounts", "identifiers")
_PARTS = ("street", "unit", "city", "region", "postcode", "country")
_SCHEME_OF_NAMES = "payee_name"
_MOST_KIND_CHARS = 64  # as a load has it: a longer text is a value in the wrong place
COLUMN_LEAST = 50  # values of one kind from which columns cost less than calls: measured
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = Mapping[str, Any]


class Said(NamedTuple):
    """One use that an applicant tells of, as it was written."""

    kind: str
    text: str
    country: str | None
    scheme: str | None
    issuer: str | None
    purpose: str | None
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Application:
    """One applicant, as it was written and well formed."""

    seller_id: str
    country: str | None
    registered_day: int
    said: Sequence[Said]


def read_application(told: object) -> Application:
    """Return one applicant of JSON data.

    Raises:
        InputError: it is no applicant, tells a time or a text that is none, or gives more values than are looked up.
    """
    if not isinstance(told, dict):
        raise InputError(f"applicant: is {_shown(told)}, expected a JSON object; it was not screened; mend it")
    seller_id = told.get("seller_id")
    if not isinstance(seller_id, str) or not seller_id.strip():
        raise InputError(
            f"applicant: seller_id is {_shown(seller_id)}, expected text; it was not screened; say who applies"
        )
    try:
        tables = {name: _rows(told, name) for name in _TABLES}
        _check_number(sum(map(len, tables.values())))
        said = [one for name, rows in tables.items() for row in rows if (one := _said(name, row)) is not None]
        return Application(seller_id, _text(told, "country"), _day(told, "registered_at"), said)
    except InputError as fault:
        raise InputError(f"applicant {seller_id[:100]}: {fault}") from None


def _check_number(n_values: int) -> None:
    if n_values > MOST_VALUES:
        raise InputError(
            f"gives {n_values:,} values, at most {MOST_VALUES:,} are looked up; none of them was; send what it"
            " registered with"
        )


def columns_of(applications: Sequence[Application], registry: Registry, key: bytes | None) -> Applicants:
    """Return applicants as columns, their values normalised, and hashed with ``key`` where they are personal.

    What is no value ("n/a", a filler) is left out, as loading leaves it out. O(values): of many by columns, for they
    cost less a value; of few one by one, for columns cost something by themselves.
    """
    by_kind: dict[str, _Said] = {}
    for row, application in enumerate(applications):
        for said in application.said:
            kind = _kind(registry, said.kind)
            by_kind.setdefault(kind.name, _Said(kind)).add(row, said)
    return applicants_of(
        [application.seller_id for application in applications],
        [application.country for application in applications],
        np.array([application.registered_day for application in applications], dtype=np.int32),
        pa.concat_tables([USES.empty_table(), *(_canonical(said, key) for _, said in sorted(by_kind.items()))]),
    )


def applicants_of(
    seller_ids: Sequence[str],
    countries: Sequence[str | None],
    registered_day: Ints,
    uses: pa.Table,
) -> Applicants:
    """Return applicants with their uses (columns of ``USES``)."""
    whole = {name: _whole(uses[name]) for name in uses.column_names}
    return Applicants(
        seller_ids=tuple(seller_ids),
        countries=tuple(country.strip().upper() if country else None for country in countries),
        registered_day=registered_day,
        use_row=np.asarray(whole["row"], dtype=np.int32),
        use_kind=whole["kind"],
        use_text=whole["value"],
        use_purpose=whole["purpose"],
        use_first_day=np.asarray(whole["first_day"], dtype=np.int32),
        use_last_day=np.asarray(whole["last_day"], dtype=np.int32),
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


USES = pa.schema(
    [
        ("row", pa.int32()),
        ("kind", pa.string()),
        ("value", pa.string()),
        ("purpose", pa.string()),
        ("first_day", pa.int32()),
        ("last_day", pa.int32()),
    ]
)
"""Columns of uses of applicants: the row of the applicant, and a canonical value."""


@dataclass(slots=True)
class _Said:
    """What is said of one kind, by the row of the applicant."""

    kind: Kind
    row: list[int] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def add(self, row: int, said: Said) -> None:
        """Add one use."""
        self.row.append(row)
        self.said.append(said)


def _canonical(told: _Said, key: bytes | None) -> pa.Table:
    kind, said = told.kind, told.said
    found = _normalised_one_by_one(told) if len(said) < COLUMN_LEAST else _normalised_by_columns(told)
    value = hash_column(found, key, kind) if key is not None and kind.is_personal else found
    columns = (
        pa.array(told.row, pa.int32()),
        pa.array([kind.name] * len(said), pa.string()),
        value,
        pa.array([s.purpose for s in said], pa.string()),
        pa.array([s.first_day for s in said], pa.int32()),
        pa.array([s.last_day for s in said], pa.int32()),
    )
    table = pa.table(columns, schema=USES)
    return table.filter(value.is_valid()) if value.null_count else table


def _normalised_one_by_one(told: _Said) -> pa.Array:
    kind = told.kind
    found = [normalise(kind, s.text, s.country, scheme=s.scheme, issuer=s.issuer).value for s in told.said]
    return pa.array(found, pa.string())


def _normalised_by_columns(told: _Said) -> pa.Array:
    text, country, scheme, issuer = (
        pa.array([getattr(s, name) for s in told.said], pa.string()) for name in ("text", "country", "scheme", "issuer")
    )
    if told.kind.normaliser == "account" or told.kind.name == _SCHEME_OF_NAMES:
        return normalise_column(told.kind, text, schemes=scheme, issuers=issuer).value
    return normalise_column(told.kind, text, countries=country).value


def _kind(registry: Registry, name: str) -> Kind:
    """Return the kind that a load would give values of that name."""
    bare = name.removeprefix("other:")
    known = next((one for one in (name, bare) if one in registry), None)
    return registry[known] if known else unknown_kind(bare)


def _rows(told: Row, table: str) -> list[Row]:
    rows = told.get(table)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise InputError(f"{table} is {_shown(rows)}, expected a list of objects; it was not screened; mend it")
    if (bad := next((row for row in rows if not isinstance(row, dict)), None)) is not None:
        raise InputError(f"{table} holds {_shown(bad)}, expected an object; it was not screened; mend it")
    return rows


def _said(table: str, row: Row) -> Said | None:
    """Return the use that a row tells of, None where it holds no value."""
    first, last = _day(row, "first_seen_at"), _day(row, "last_seen_at")
    if NEVER not in {first, last} and last < first:
        raise InputError(f"{table}: last_seen_at is before first_seen_at; it was not screened; mend the times")
    kind, text, purpose = _named(table, row)
    if text is None:
        return None
    country = _text(row, "country") if table == "identifiers" else None
    scheme, issuer = (purpose, _text(row, "issuer")) if table == "payment_accounts" else (None, None)
    return Said(kind, text, country, scheme, issuer, purpose, first, last)


def _named(table: str, row: Row) -> tuple[str, str | None, str | None]:
    """Return the kind's name, the value and the purpose of a row."""
    if table == "addresses":
        purpose = _text(row, "use")
        return "address", _text(row, "address") or _line(row), purpose.lower() if purpose else None
    if table == "payment_accounts":
        scheme = (_text(row, "scheme") or "").lower() or None
        return _SCHEME_OF_NAMES if scheme == _SCHEME_OF_NAMES else "account", _text(row, "account"), scheme
    kind = (_text(row, "kind") or "").lower()
    if kind in {"", "other:"} or len(kind) > _MOST_KIND_CHARS:
        raise InputError(f"identifiers: kind is {_shown(row.get('kind'))}, expected a name such as phone; mend it")
    return kind, _text(row, "value"), None


def _line(row: Row) -> str | None:
    return address_line(*(_text(row, name) for name in _PARTS)) or None


def _text(row: Row, name: str) -> str | None:
    """Return a text, trimmed, None where it is missing or empty; numbers count as they are written."""
    found = row.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise InputError(f"{name} is {_shown(found)}, expected text; it was not screened; mend it")
    text = str(found)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{name} holds half a character, expected Unicode text; it was not screened") from None
    return text.strip() or None


def _day(row: Row, name: str) -> int:
    """Return the day since 1970 of an ISO 8601 time, ``NEVER`` where none is given."""
    text = _text(row, name)
    if text is None:
        return int(NEVER)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{name} {_shown(text)} is not an ISO 8601 time; it was not screened; write 2026-01-31"
        ) from None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH).days


def _shown(found: object) -> str:
    text = repr(found)
    return text if len(text) <= 60 else text[:60] + "..."
