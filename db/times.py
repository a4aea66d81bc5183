"""Moments as the database keeps them: whole microseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Return microseconds since 1970 of an aware moment.

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(value: object) -> datetime:
    """Return the moment that a number in the database stands for."""
    if not isinstance(value, int):
        raise TypeError(f"the database returned {value!r} as a time, expected an integer")
    return _EPOCH + timedelta(microseconds=value)


def optional_moment_of(value: object) -> datetime | None:
    """Return the moment that a number in the database stands for, None where there is none."""
    return None if value is None else moment_of(value)
