"""What Neo4j complains of, told as our errors: one clear line each, sorted by what the caller can do."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    UnsupportedServerProduct,
)

from ringwatch.model.errors import ConfigError, RetryableError, RingwatchError

_Fault = tuple[type[RingwatchError], str]

_AWAY: _Fault = (
    RetryableError,
    (
        "the server cannot be reached, or went away; what was being written is undone, all before it is kept;"
        " look whether it runs and is reachable from here, then run the same command again"
    ),
)
_UNKNOWN_COMMIT: _Fault = (
    RetryableError,
    (
        "the server went away while it kept what was written last: it has all of that or nothing;"
        " run the same command again, it completes either"
    ),
)
_FORBIDDEN: _Fault = (ConfigError, "this user may not do that here; give it the right, or name another user")
_BAD_SETTINGS: _Fault = (
    ConfigError,
    "the connection cannot be made as the URL says; neo4j+s and bolt+s want encryption, neo4j and bolt have none",
)
_TOO_OLD: _Fault = (
    ConfigError,
    (
        "the server is no Neo4j, or one that is too old, expected Neo4j 5.26 or newer; nothing was done;"
        " upgrade it, or mend host and port"
    ),
)

_BY_CODE = MappingProxyType(
    {
        "Neo.ClientError.Security.Unauthorized": (
            ConfigError,
            "the server refuses this user or password, expected those it was set up with; mend the URL or the variable",
        ),
        "Neo.ClientError.Security.AuthenticationRateLimit": (
            RetryableError,
            "wrong passwords were tried too often, the server answers nobody for a while; wait and try again",
        ),
        "Neo.ClientError.Security.CredentialsExpired": (
            ConfigError,
            "the password has to be changed before it can be used; change it once (ALTER CURRENT USER SET PASSWORD)",
        ),
        "Neo.ClientError.Security.Forbidden": _FORBIDDEN,
        "Neo.ClientError.Database.DatabaseNotFound": (
            ConfigError,
            "the server has no such database; name another after the port (Community has one, called neo4j)",
        ),
        "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": (
            ConfigError,
            "the database is read-only, nothing was written; take it out of server.databases.read_only",
        ),
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": (
            ConfigError,
            "the database is read-only, nothing was written; take it out of server.databases.read_only",
        ),
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError": (
            RetryableError,
            (
                "the server has too little memory for this transaction, which is undone;"
                " raise server.memory.heap.max_size, then run the same command again"
            ),
        ),
        "Neo.TransientError.General.OutOfMemoryError": (
            RetryableError,
            "the server ran out of memory; raise server.memory.heap.max_size, then run the same command again",
        ),
        "Neo.ClientError.Transaction.TransactionTimedOut": (
            RetryableError,
            "the query took longer than it may and was ended; nothing was changed; try again when less is going on",
        ),
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": (
            RetryableError,
            "the query took longer than it may and was ended; nothing was changed; try again when less is going on",
        ),
    }
)

_INDEX_PUT_OFF: _Fault = (
    RetryableError,
    (
        "names cannot be searched while the first load goes on: their index is made when all rows are there;"
        " wait for its end, then run the same command again"
    ),
)

_DISK_SIGNS = (
    *("No space left", "out of disk", "OutOfDiskSpace", "TransactionCommitFailed", "TransactionLogError"),
    "needs to be restarted",  # what a database says from then on
)
"""How a full disk speaks: no code says it, but the message or the commit that fails does."""

_DISK_FULL: _Fault = (
    RetryableError,
    (
        "the server cannot keep what is written, most often for a full disk; what was being written is undone, all"
        " before it is kept; see the server's log, free space, restart it, then run the same command again"
    ),
)


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Turn what the driver raises in the block into our errors; what is a defect of ours goes through unchanged."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        fault = fault_of(error, shown)
        if fault is None:
            raise
        raise fault from error


def fault_of(error: Neo4jError | DriverError, shown: str) -> RingwatchError | None:
    """Return our error for one of the driver's, None where it is a defect (wrong Cypher, a broken constraint)."""
    found = _fault_of_server(error) if isinstance(error, Neo4jError) else _fault_of_driver(error)
    if found is None:
        return None
    kind, message = found
    code = getattr(error, "code", None) or type(error).__name__
    return kind(f"{shown}: {message} ({code})")


def _fault_of_server(error: Neo4jError) -> _Fault | None:
    code, message = error.code or "", error.message or ""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if any(sign in code or sign in message for sign in _DISK_SIGNS):
        return _DISK_FULL
    if "fulltext schema index" in message:
        return _INDEX_PUT_OFF
    if isinstance(error, AuthError):
        return _FORBIDDEN
    return _AWAY if error.is_retryable() or ".TransientError." in code else None


def _fault_of_driver(error: DriverError) -> _Fault | None:
    if isinstance(error, IncompleteCommit):
        return _UNKNOWN_COMMIT
    if isinstance(error, UnsupportedServerProduct) or "not supported for the Bolt Protocol" in str(error):
        return _TOO_OLD
    if isinstance(error, ConfigurationError):
        return _BAD_SETTINGS
    return _AWAY if error.is_retryable() or "Unavailable" in type(error).__name__ else None
