"""Times and prices: what is ISO 8601 or a number comes out exactly; all else is named."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwatch.graph_loader.times import parse_prices, parse_times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GOOD = {
    "2025-01-31": datetime(2025, 1, 31, tzinfo=UTC),
    "20250131": datetime(2025, 1, 31, tzinfo=UTC),
    "2025-01-31T10": datetime(2025, 1, 31, 10, tzinfo=UTC),
    "2025-01-31 10:30": datetime(2025, 1, 31, 10, 30, tzinfo=UTC),
    "20250131T103005Z": datetime(2025, 1, 31, 10, 30, 5, tzinfo=UTC),
    "2025-01-31T10:30:05.1234567": datetime(2025, 1, 31, 10, 30, 5, 123456, tzinfo=UTC),
    "2025-01-31T10:30:05,5+08:00": datetime(2025, 1, 31, 2, 30, 5, 500000, tzinfo=UTC),
    "2025-01-31T23:30-0130": datetime(2025, 2, 1, 1, 0, tzinfo=UTC),
    "2024-02-29": datetime(2024, 2, 29, tzinfo=UTC),
    "0001-01-01": datetime(1, 1, 1, tzinfo=UTC),
    "9999-12-31T23:59:59.999999": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
}
BAD = (
    *("31/02/2025", "2025-13-01", "2025-02-29", "2025-00-10", "2025-01-00", "yesterday", "0000-01-01", "10000-01-01"),
    *(
        "01.02.2025",
        "2025-1-1",
        "2025-0131",
        "202501-31",
        "2025-01-31T24:00",
        "2025-01-31T23:59:60",
        "2025-01",
        "1738281600",
    ),
    *("0001-01-01T00:00+05:00", "9999-12-31T23:59-01:00", "2025-01-31T10:30+25:00", "2025-01-31T", "Jan 31, 2025"),
)


@pytest.mark.parametrize("text", GOOD)
def test_iso_times_are_read(text: str) -> None:
    """Each form of a calendar time is its moment in UTC, alone and in a mixed column."""
    for texts in ([text], [text, "31/02/2025", None, "2025-01-31T10:00:00Z"]):
        moments, bad = parse_times(pa.array(texts))
        assert moments[0].as_py() == GOOD[text]
        assert not bad[0]


@pytest.mark.parametrize("text", BAD)
def test_all_else_is_named(text: str) -> None:
    """A text that is no calendar time of years 1 to 9999 is bad and null; the rest of the column is not touched."""
    moments, bad = parse_times(pa.array(["2025-01-31", text, None]))
    assert bad.tolist() == [False, True, False]
    assert [moment is not None for moment in moments.to_pylist()] == [True, False, False]


zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.lists(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones | st.none()), max_size=8))  # noqa: DTZ001 (the zone is drawn)
def test_python_agrees(moments: list[datetime]) -> None:
    """What Python writes as ISO 8601 is read as the same moment; a time without offset is UTC."""
    parsed, bad = parse_times(pa.array([moment.isoformat() for moment in moments], pa.string()))
    whole = [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments]
    assert parsed.cast(pa.int64()).to_pylist() == [(moment - EPOCH) // timedelta(microseconds=1) for moment in whole]
    assert not bad.any()


def test_prices() -> None:
    """A price is a number with the declared decimal mark; nothing else in it is guessed."""
    texts = ["12.50", "+3", "1e3", "-1", "$5", "1,234.5", "nan", "inf", "", None, "1e999", "0"]
    prices, bad, negative = parse_prices(pa.array(texts), ".")
    assert prices.to_pylist() == [12.5, 3, 1000, None, None, None, None, None, None, None, None, 0]
    assert [text for text, is_bad in zip(texts, bad, strict=True) if is_bad] == [
        "$5",
        "1,234.5",
        "nan",
        "inf",
        "",
        "1e999",
    ]
    assert negative.tolist() == [text == "-1" for text in texts]
    assert parse_prices(pa.array(["12,50", "1.234,50"]), ",")[0].to_pylist() == [12.5, None]
