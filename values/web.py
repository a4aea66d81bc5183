"""Web addresses and domains: the same page or host, however it was typed."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode

from ringwatch.values.text import PLACEHOLDER, Hints, Normalised, fold, junk

NOT_URL = "not a web address"
NOT_DOMAIN = "not a domain"

_URL = re.compile(
    r"(?:(?:https?|ftp):/*)?"
    r"(?://)?(?:[^/?#@\s]*@)?"  # a name and password before the host say nothing of the page
    r"(?P<host>[^/?#:\s@,;]+)(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>/[^?#\s]*)?(?:\?(?P<query>[^#\s]*))?(?:#\S*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_TRACKING = re.compile(
    r"utm_\w+|[gd]clid|fbclid|msclkid|yclid|wbraid|gbraid|igshid|mc_[ce]id|_ga|_gl|spm|scm|ref|ref_src|pvid|_hs\w+"
)
_FRONT_PAGE = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_RESERVED = frozenset({"example", "invalid", "test", "localhost", "local"})  # RFC 2606, RFC 6762
_EXAMPLE = re.compile(r"(?:.+\.)?(?:example\.(?:com|net|org|edu)|test\.com|domain\.com|yourdomain\.com|none\.com)")


def host_of(text: str) -> str | None:
    """Return a host name in lower case ASCII (IDNA), without a final dot; None where it cannot be one.

    >>> host_of("Bücher.example."), host_of("no dots")
    ('xn--bcher-kva.example', None)
    """
    host = fold(text).replace("。", ".").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        return None
    return host if not labels[-1].isdecimal() or _is_ipv4(labels) else None


def _is_ipv4(labels: list[str]) -> bool:
    return len(labels) == 4 and all(label.isdecimal() and int(label) < 256 for label in labels)


def is_example(host: str) -> bool:
    """Say whether a host stands for "some host": reserved for documents and tests, or a form's own sample."""
    return host.rpartition(".")[2] in _RESERVED or _EXAMPLE.fullmatch(host) is not None


def normalise_url(text: str, _hints: Hints) -> Normalised:
    """Return host, path and query without scheme, ``www.``, default port, fragment, front page and tracking marks.

    >>> normalise_url("HTTPS://www.Shop.co.uk:443/a/?utm_source=x&b=2&a=1#top", Hints()).value
    'shop.co.uk/a?a=1&b=2'
    """
    match = _URL.fullmatch(text.strip("<>()[]\"' "))
    host = host_of(match["host"]) if match else None
    if match is None or host is None:
        return junk(NOT_URL)
    host = _without_www(host)
    if is_example(host):
        return junk(PLACEHOLDER)
    port = f":{int(match['port'])}" if match["port"] and int(match["port"]) not in {80, 443} else ""
    return Normalised(host + port + _path(match["path"] or "") + _query(match["query"] or ""))


def _without_www(host: str) -> str:
    while host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    return host


def _path(path: str) -> str:
    plain = quote(unquote(path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~|", errors="surrogateescape")
    return _FRONT_PAGE.sub("", re.sub("/+", "/", plain).rstrip("/")).rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape", max_num_fields=None)
    kept = sorted({pair for pair in pairs if not _TRACKING.fullmatch(pair[0].lower())})
    return "?" + urlencode(kept, errors="surrogateescape") if kept else ""


def normalise_domain(text: str, _hints: Hints) -> Normalised:
    """Return the host of a domain, of a web address or of a mailbox, without ``www.``.

    >>> normalise_domain("http://WWW.Shop.de/kontakt", Hints()).value
    'shop.de'
    """
    match = _URL.fullmatch(text.strip("<>()[]\"' "))
    host = host_of(match["host"]) if match else None
    if host is None:
        return junk(NOT_DOMAIN)
    host = _without_www(host)
    return junk(PLACEHOLDER) if is_example(host) else Normalised(host)
