"""Times and prices, parsed in columns: what is ISO 8601 (or a number) comes out, the rest is named."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.graph_loader.raw import Mask
from ringwatch.model.tables import TIME

_NAIVE = pa.timestamp("us")
_PATTERN = (
    r"^(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
    r"(?:[Tt ](?P<hour>\d{2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)?"
    r"(?P<zone>[Zz]|(?P<sign>[+-])(?P<zone_hour>\d{2})(?::?(?P<zone_minute>\d{2}))?)?)?$"
)
_WHOLE_DATE = r"^\d{4}(-\d{2}-\d{2}|\d{4})([Tt ]|$)"  # either both hyphens or none
_FIRST = np.datetime64("0001-01-01", "us").astype(np.int64)  # what every database and datetime can hold
_LAST = np.datetime64("9999-12-31T23:59:59.999999", "us").astype(np.int64)
_MINUTE_US = 60_000_000

Longs = npt.NDArray[np.int64]


def parse_times(texts: pa.Array) -> tuple[pa.Array, Mask]:
    """Return the moments in UTC and which texts are no ISO 8601 calendar time; those come out as null.

    A date alone is midnight; without an offset a time is UTC; digits beyond the microsecond are cut off. Years 1 to
    9999. Columns in which all texts are of one plain form take the quick way.
    """
    for form in (_NAIVE, TIME):
        try:
            moments = texts.cast(form).cast(TIME)
        except pa.ArrowInvalid:
            continue
        if within_years(moments).all():
            return moments, np.zeros(len(texts), dtype=np.bool_)
    encoded = texts.dictionary_encode()
    moments, bad = _parse_distinct(encoded.dictionary)
    codes = np.asarray(encoded.indices.fill_null(len(bad)))
    return moments.take(encoded.indices), np.append(bad, False)[codes]


def within_years(moments: pa.Array) -> Mask:
    """Say which moments every database and datetime can hold: years 1 to 9999, or none given."""
    at = np.asarray(pc.fill_null(moments.cast(pa.int64()), 0))
    within: Mask = (at >= _FIRST) & (at <= _LAST)
    return within


def _parse_distinct(texts: pa.Array) -> tuple[pa.Array, Mask]:
    parts = pc.extract_regex(texts, _PATTERN)
    bad = _mask(parts.is_null()) | ~_mask(pc.match_substring_regex(texts, _WHOLE_DATE))
    year, month, day = (_whole(parts, name) for name in ("year", "month", "day"))
    bad |= (year < 1) | (month < 1) | (month > 12)
    months = np.where(bad, 0, (year - 1970) * 12 + month - 1).astype("datetime64[M]")
    next_months = months + np.timedelta64(1, "M")
    n_days = (next_months.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    bad |= (day < 1) | (day > n_days)
    hour, minute, second = (_whole(parts, name) for name in ("hour", "minute", "second"))
    zone_hour, zone_minute = _whole(parts, "zone_hour"), _whole(parts, "zone_minute")
    bad |= (hour > 23) | (minute > 59) | (second > 59) | (zone_hour > 23) | (zone_minute > 59)
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(_text(parts, "fraction"), 6, "0"), 0, 6)
    east = np.where(_mask(pc.equal(_text(parts, "sign"), "-")), -1, 1)
    minutes = hour * 60 + minute - east * (zone_hour * 60 + zone_minute)
    days = months.astype("datetime64[D]").astype(np.int64) + day - 1
    moments = (days * 1440 + minutes) * _MINUTE_US + second * 1_000_000 + np.asarray(fraction.cast(pa.int64()))
    bad |= (moments < _FIRST) | (moments > _LAST)
    return pa.array(moments, mask=bad).cast(_NAIVE).cast(TIME), bad


def _text(parts: pa.StructArray, name: str) -> pa.Array:
    return pc.fill_null(pc.struct_field(parts, name), "")


def _whole(parts: pa.StructArray, name: str) -> Longs:
    text = _text(parts, name)
    filled = pc.if_else(pc.equal(text, ""), "0", text)
    return np.asarray(filled.cast(pa.int64()))


def _mask(column: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(column, False), dtype=np.bool_)


def parse_prices(texts: pa.Array, decimal: str) -> tuple[pa.Array, Mask, Mask]:
    """Return prices as floats, which texts are no number, and which are below zero; both come out as null.

    ``decimal`` is the decimal mark; marks between thousands are never guessed.
    """
    is_number = _mask(pc.match_substring_regex(texts, rf"^[+-]?\d+(\{decimal}\d*)?([eE][+-]?\d{{1,3}})?$"))
    numbers = pc.replace_substring(texts, decimal, ".") if decimal != "." else texts
    clean = pc.if_else(pa.array(is_number), pc.utf8_ltrim(numbers, "+"), pa.scalar(None, pa.string()))
    prices = clean.cast(pa.float64())
    is_finite = _mask(pc.is_finite(prices))
    bad = ~is_number & _mask(texts.is_valid()) | (is_number & ~is_finite)
    negative = _mask(pc.less(prices, 0))
    return pc.if_else(pa.array(bad | negative), pa.scalar(None, pa.float64()), prices), bad, negative
