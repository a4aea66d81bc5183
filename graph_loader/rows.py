"""From frames to batches of ``model.tables``: one function for entities, one for what becomes uses of values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.graph_loader.frame import Frame, as_mask
from ringwatch.graph_loader.shapes import ADDRESS_PARTS
from ringwatch.graph_loader.times import parse_prices
from ringwatch.model.errors import InputError
from ringwatch.model.kinds import EXEMPTION_REASONS, Kind, Registry, unknown_kind
from ringwatch.model.tables import BATCH_SCHEMAS, TIME
from ringwatch.values.address import address_line_column
from ringwatch.values.columns import normalise_column
from ringwatch.values.hashing import hash_column
from ringwatch.values.mask import display_column

NOTICE_KINDS = ("notice", "test_buy", "customs_seizure", "counter_notice")
OUTCOMES = ("pending", "upheld", "rejected", "withdrawn")
_CHOICES = {("notices", "kind"): NOTICE_KINDS, ("notices", "outcome"): OUTCOMES}
_MAX_KIND_CHARS = 64  # far more than any name of a kind; a longer text is a value in the wrong column
_MAX_MET = 500  # far more than anybody has kinds to declare; each costs a pass over the rows
_UPPER = frozenset({"country", "currency"})  # codes, the same in either case


@dataclass(slots=True)
class Kinds:
    """The kinds in force while a load goes on; meets undeclared ones, warns of each once, and counts junk."""

    registry: Registry
    key: bytes | None
    met: dict[str, Kind] = field(default_factory=dict)
    junk: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> Kind:
        """Return the kind of a name (lower case, trimmed); an undeclared one is met.

        InputError where so many are met that they are no kinds.
        """
        bare = name.removeprefix("other:")
        if name in self.registry or bare in self.registry:
            return self.registry[name if name in self.registry else bare]
        kind = unknown_kind(bare)
        if len(self.met) == _MAX_MET and kind.name not in self.met:
            raise InputError(
                f'kind "{bare}": is not known and neither are {_MAX_MET} others, a few names such as phone were '
                "expected; nothing was written; name the right column for kind in mapping.toml"
            )
        return self.met.setdefault(kind.name, kind)

    def warnings(self) -> Iterator[str]:
        """Yield one line for each kind that was met."""
        for kind in sorted(self.met):
            bare = kind.removeprefix("other:")
            yield (
                f'kind "{bare}" is not known; its values were loaded as {kind}, which speaks in no family that closes '
                f"a store (mapping.toml can declare it: [kinds.{bare}])"
            )


def entities(frame: Frame, others: AbstractSet[str]) -> pa.Table:
    """Return the rows as a batch of their table, rows that cannot be read dropped through the sieve, null elsewhere."""
    table = frame.role.table
    columns = {item.name: _entity_column(frame, item) for item in BATCH_SCHEMAS[table] if item.name != "extra"}
    if table == "notices":
        neither = as_mask(pc.and_(columns["listing_id"].is_null(), columns["store_id"].is_null()))
        frame.sieve.drop(neither, "listing_id", None, "is empty and so is store_id, one of them was expected")
    return _batch(table, {**columns, "extra": frame.unknown_columns(others)}, frame.sieve.keep)


def _entity_column(frame: Frame, item: pa.Field) -> pa.Array:
    table, name = frame.role.table, item.name
    if item.type == TIME:
        return frame.time(name)
    if item.type == pa.float64():
        return _price(frame, name)
    if (table, name) in _CHOICES:
        return frame.choice(name, _CHOICES[table, name])
    if not item.nullable:
        return frame.required(name)
    return pc.utf8_upper(frame.text(name)) if name in _UPPER else frame.text(name)


def _price(frame: Frame, name: str) -> pa.Array:
    texts = frame.text(name)
    decimal = frame.file.reading.decimal
    # Numbers that a file holds as numbers come as text with a point, whatever mark the text files of the source use.
    prices, bad, negative = parse_prices(texts, decimal if frame.file.format == "csv" else ".")
    frame.sieve.drop(bad, name, texts, f'is not a number with the decimal mark "{decimal}" and no other mark')
    frame.sieve.drop(negative, name, texts, "is below zero, a price was expected")
    return prices


def uses(frame: Frame, kinds: Kinds, others: AbstractSet[str]) -> Iterator[tuple[pa.Table, np.ndarray]]:
    """Yield batches of uses, one for each kind, with the rows of the frame that each row came from."""
    holders = frame.required("holder_id")
    names, texts, hints = _named_texts(frame)
    seen = {name: frame.time(name) for name in ("first_seen_at", "last_seen_at")}
    late = as_mask(pc.greater(seen["first_seen_at"], seen["last_seen_at"]))
    if late.any():  # writing times out is slow
        frame.sieve.drop(late, "last_seen_at", _written_time(seen["last_seen_at"]), "is before first_seen_at")
    columns = {
        "holder_id": holders,
        "purpose": hints.get("purpose", pa.nulls(len(frame), pa.string())),
        "provenance": frame.text("source"),
        "extra": frame.unknown_columns(others),
        **seen,
    }
    for kind, rows in _by_kind(names, kinds, frame.sieve.keep):
        taken = pa.array(rows)
        given = {name: hint.take(taken) for name, hint in hints.items() if name != "purpose"}
        value, display, is_value = _canonical(kind, texts.take(taken), kinds, given)
        part = {name: column.take(taken) for name, column in columns.items()}
        kind_column = pa.repeat(pa.scalar(kind.name), len(rows))
        batch = {**part, "kind": kind_column, "value": value, "display": display}
        yield _batch("uses", batch, is_value), rows[is_value]


def _kind_names(frame: Frame) -> pa.Array:
    names = pc.utf8_lower(frame.required("kind"))
    frame.sieve.drop(as_mask(pc.equal(names, "other:")), "kind", names, "names no kind, other:NAME was expected")
    is_long = as_mask(pc.greater(pc.utf8_length(names), _MAX_KIND_CHARS))
    frame.sieve.drop(is_long, "kind", names, f"is longer than {_MAX_KIND_CHARS} characters, a kind's name was expected")
    return names


def _named_texts(frame: Frame) -> tuple[pa.Array, pa.Array, dict[str, pa.Array]]:
    """Return the kind's name and the raw value of each row, and hints: countries, schemes, issuers, purpose."""
    if frame.role.table == "identifiers":
        return _kind_names(frame), frame.required("value"), {"countries": frame.text("country")}
    if frame.role.table == "payment_accounts":
        schemes = pc.utf8_lower(frame.text("scheme"))
        is_name = pc.fill_null(pc.equal(schemes, "payee_name"), False)
        hints = {"schemes": schemes, "issuers": frame.text("issuer"), "purpose": schemes}
        return pc.if_else(is_name, "payee_name", "account"), frame.required("account"), hints
    line = frame.text("address")
    parts = {name: frame.text(name) for name in ADDRESS_PARTS}
    line = pc.coalesce(line, _null_if_empty(address_line_column(*parts.values())))
    empty = as_mask(line.is_null())
    frame.sieve.drop(empty, "address", None, "is empty and so are street and city, an address was expected")
    hints = {"countries": parts["country"], "purpose": pc.utf8_lower(frame.text("use"))}
    return pa.repeat(pa.scalar("address"), len(frame)), line, hints


def image_uses(listings: pa.Table, kinds: Kinds) -> pa.Table:
    """Return the uses that listings make of their image hashes; the store is the holder."""
    held = listings.filter(listings["image_hash"].is_valid()).combine_chunks()
    value, display, is_value = _canonical(kinds["image_hash"], _whole(held["image_hash"]), kinds, {})
    columns = {
        "holder_id": _whole(held["store_id"]),
        "kind": pa.repeat(pa.scalar("image_hash"), len(held)),
        "value": value,
        "display": display,
        "first_seen_at": _whole(held["listed_at"]),
        "last_seen_at": _whole(held["removed_at"]),
    }
    return _batch("uses", columns, is_value)


def exemptions(frame: Frame, kinds: Kinds, others: AbstractSet[str]) -> pa.Table:
    """Return exemptions as a batch: values canonical as those of uses are."""
    names, texts = _kind_names(frame), frame.required("value")
    reasons = pc.utf8_lower(frame.required("reason"))
    known = as_mask(pc.is_in(reasons, value_set=pa.array(EXEMPTION_REASONS)))
    frame.sieve.drop(~known, "reason", reasons, f"is not one of {', '.join(EXEMPTION_REASONS)}")
    rest = {"owner": frame.text("owner"), "note": frame.text("note"), "expires_at": frame.time("expires_at")}
    rest |= {"reason": reasons, "extra": frame.unknown_columns(others)}
    value = np.full(len(frame), None, dtype=object)
    display, kind_names = value.copy(), value.copy()
    for kind, rows in _by_kind(names, kinds, frame.sieve.keep):
        canonical, shown, is_value = _canonical(kind, texts.take(pa.array(rows)), kinds, {}, is_counted=False)
        value[rows[is_value]] = canonical.filter(pa.array(is_value)).to_pylist()
        display[rows[is_value]] = shown.filter(pa.array(is_value)).to_pylist()
        kind_names[rows] = kind.name
    is_junk = np.array([item is None for item in value], dtype=np.bool_)
    frame.sieve.drop(is_junk, "value", texts, "names no value of that kind")
    columns = {"kind": kind_names, "value": value, "display": display}
    arrays = {name: pa.array(column, pa.string(), from_pandas=True) for name, column in columns.items()}
    return _batch("exemptions", {**rest, **arrays}, frame.sieve.keep)


def _by_kind(names: pa.Array, kinds: Kinds, keep: np.ndarray) -> Iterable[tuple[Kind, np.ndarray]]:
    """Yield each kind with the rows that are of it and still kept; names that mean one kind come together."""
    encoded = names.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1))
    by_name: dict[str, tuple[Kind, list[int]]] = {}
    for code, name in enumerate(encoded.dictionary.to_pylist()):
        if np.any(keep & (codes == code)):
            kind = kinds[name]
            by_name.setdefault(kind.name, (kind, []))[1].append(code)
    for kind, wanted in by_name.values():
        yield kind, np.flatnonzero(keep & np.isin(codes, wanted))


def _canonical(
    kind: Kind, texts: pa.Array, kinds: Kinds, hints: Mapping[str, pa.Array], *, is_counted: bool = True
) -> tuple[pa.Array, pa.Array, np.ndarray]:
    """Return canonical values (hashed where personal and a key is set), displays, and which rows hold a value."""
    found = normalise_column(kind, texts, **hints)
    if is_counted:
        for reason, n in Counter(found.junk.drop_null().to_pylist()).items():
            kinds.junk[kind.name, reason] += n
    is_hashed = kinds.key is not None
    display = display_column(kind, found.value, is_hashed)
    value = hash_column(found.value, kinds.key, kind) if kinds.key is not None and kind.is_personal else found.value
    return value, display, as_mask(found.value.is_valid())


def _batch(table: str, columns: Mapping[str, pa.Array], keep: np.ndarray) -> pa.Table:
    schema = BATCH_SCHEMAS[table]
    n_rows = len(keep)
    arrays = [columns[item.name] if item.name in columns else pa.nulls(n_rows, item.type) for item in schema]
    whole = pa.table(arrays, names=schema.names)
    kept = whole if keep.all() else whole.filter(pa.array(keep))
    return kept.cast(schema)


def _null_if_empty(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _written_time(moments: pa.Array) -> pa.Array:
    return pc.strftime(moments.cast(pa.timestamp("s", "UTC"), safe=False), "%Y-%m-%dT%H:%M:%SZ")
