"""Where a Neo4j is and who asks: ``neo4j://USER:PASSWORD@HOST:PORT/DATABASE``."""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from ringwatch.model.errors import ConfigError

PASSWORD_VARIABLE = "RINGWATCH_PASSWORD"  # noqa: S105 (the name of a variable)
FORM = f"expected neo4j://USER:PASSWORD@HOST:PORT/DATABASE (the password also from ${PASSWORD_VARIABLE})"
_DEFAULT_PORT = "7687"
_URL = re.compile(
    r"(?P<scheme>(?:neo4j|bolt)(?:\+s|\+ssc)?)://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/@\[\]]+)(?::(?P<port>\d{1,5}))?(?:/(?P<database>[^/?#]*))?/?"
)


@dataclass(frozen=True, slots=True)
class Neo4jUrl:
    """A server, one of its databases, and who asks; the password is not in its ``repr``."""

    scheme: str
    host: str
    port: str
    database: str
    user: str
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        """Return what the driver connects to."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        """Return the URL as messages name it: without user and password."""
        return f"{self.address}/{self.database}"


def parse_neo4j_url(url: str) -> Neo4jUrl:
    """Return the parts of a URL; a percent-escaped user or password is taken at its meaning.

    Raises ConfigError for any other form or without a password; the message holds none.

    >>> parse_neo4j_url("neo4j://ann:s3:cr/et@db.example").shown
    'neo4j://db.example:7687/neo4j'
    """
    found = _URL.fullmatch(url)
    if not found:
        raise ConfigError(f"{url.partition('://')[0]}://...: not the URL of a Neo4j database; {FORM}")
    port = found["port"] or _DEFAULT_PORT
    password = unquote(found["password"] or "") or os.environ.get(PASSWORD_VARIABLE, "")
    if not password:
        raise ConfigError(f"{found['scheme']}://{found['host']}:{port}: there is no password; {FORM}")
    user, database = unquote(found["user"] or "") or "neo4j", unquote(found["database"] or "") or "neo4j"
    return Neo4jUrl(found["scheme"], found["host"], port, database, user, password)
