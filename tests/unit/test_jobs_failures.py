"""Every failure ends as one line and the exit status of its class."""

import pytest
import typer

from ringwatch.jobs.failures import explain, say_failure
from ringwatch.model.errors import ConfigError, InputError, RefusedError, RetryableError


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (ConfigError("x: is wrong"), 2),
        (InputError("x: is wrong"), 3),
        (RetryableError("x: is locked"), 4),
        (RefusedError("x: is forbidden"), 5),
        (ZeroDivisionError("division\nby zero"), 1),
        (MemoryError(), 1),
        (PermissionError(13, "Permission denied", "/x"), 1),
    ],
)
def test_status_and_one_line(failure: Exception, status: int, capsys: pytest.CaptureFixture[str]):
    assert say_failure(failure, is_debug=False) == status
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]):
    assert say_failure(ConfigError("x: is wrong"), is_debug=True) == 2
    assert "ConfigError: x: is wrong" in capsys.readouterr().err


def test_a_defect_says_what_to_do():
    assert "report" in explain(KeyError("x"))[1]


def test_an_empty_usage_error_adds_no_line(capsys: pytest.CaptureFixture[str]):
    """The help was printed instead."""
    assert say_failure(typer.TyperException(""), is_debug=False) == 2
    assert capsys.readouterr().err == ""
