"""URLs of databases: the accepted forms, and what is said of the others without telling a password."""

import sqlite3

import pytest

from ringwatch.db.embedded import check_sqlite_version
from ringwatch.db.faults import fault_of
from ringwatch.db.open import parse_url, without_password
from ringwatch.model.errors import ConfigError, RetryableError


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.db",
        "sqlite://graph.db",
        "sqlite:graph.db",
        "sqlite:///",
        "sqlite:////",
        "mysql:///a",
        "sqlite:///a%00b",
    ],
)
def test_another_form_is_refused_with_the_accepted_ones(url: str):
    with pytest.raises(ConfigError, match=r"expected sqlite:///relative/path\.db"):
        parse_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://ann:s3cret@h/d",
        "mysql://ann:s3cret:@h",
        "redis://:s3cret@h",
        "x://a:s3cret@b@c/d",
        "x://a:/s3cret@b",
    ],
)
def test_no_message_holds_a_password(url: str):
    assert "s3cret" not in without_password(url)
    with pytest.raises(ConfigError) as told:
        parse_url(url)
    assert "s3cret" not in str(told.value)


def test_an_old_sqlite_is_refused():
    with pytest.raises(ConfigError, match=r"linked to SQLite 3\.37\.2, 3\.38\.0 or newer"):
        check_sqlite_version((3, 37, 2))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, RetryableError),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, RetryableError),
        (sqlite3.SQLITE_IOERR_WRITE, RetryableError),
        (sqlite3.SQLITE_READONLY_DIRECTORY, ConfigError),
        (sqlite3.SQLITE_CORRUPT_VTAB, ConfigError),
    ],
)
def test_variants_of_a_fault_are_told_as_the_fault(code: int, kind: type[Exception], tmp_path):
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorcode = code
    fault = fault_of(error, tmp_path)
    assert isinstance(fault, kind)
    assert "told by SQLite" in str(fault)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, None])
def test_a_defect_is_no_fault(code: int | None, tmp_path):
    """Wrong SQL or a broken constraint is ours to mend: it must not be dressed up as the user's."""
    error = sqlite3.OperationalError("near: syntax error")
    if code is not None:
        error.sqlite_errorcode = code
    assert fault_of(error, tmp_path) is None
