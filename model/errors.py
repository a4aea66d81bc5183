"""Errors, sorted by what the caller can do about them.

RingwatchError
├── ConfigError      the command line or a setting is wrong; mend it          exit 2, HTTP 400, BAD_USER_INPUT
├── InputError       the input cannot be used; nothing was written            exit 3, HTTP 422, BAD_USER_INPUT
├── RetryableError   the same call may succeed later (database locked, away)  exit 4, HTTP 503, UNAVAILABLE
└── RefusedError     a rule forbids it (role, four eyes, an approval)         exit 5, HTTP 403, FORBIDDEN
    └── UnauthenticatedError   no key, an unknown or an expired one           exit 5, HTTP 401, UNAUTHENTICATED

Every message reads ``where: what is wrong, what was expected; what happens now or what to do``.
"""

from typing import ClassVar


class RingwatchError(Exception):
    """Root of all errors that Ringwatch raises on purpose; anything else is a defect."""

    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"


class ConfigError(RingwatchError):
    """The command line, a setting, an id or the database named cannot be right."""

    exit_status = 2
    http_status = 400
    code = "BAD_USER_INPUT"


class InputError(RingwatchError):
    """The input or its mapping cannot be used; nothing of it was written."""

    exit_status = 3
    http_status = 422
    code = "BAD_USER_INPUT"


class RetryableError(RingwatchError):
    """The database is locked, away or full; the same call may succeed later."""

    exit_status = 4
    http_status = 503
    code = "UNAVAILABLE"


class RefusedError(RingwatchError):
    """A rule refuses the act; the message names the rule and what would help."""

    exit_status = 5
    http_status = 403
    code = "FORBIDDEN"


class UnauthenticatedError(RefusedError):
    """Nobody known asks: no key was given, or one that is unknown, expired or revoked."""

    http_status = 401
    code = "UNAUTHENTICATED"
