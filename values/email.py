"""E-mail: one text a mailbox, by the rules of the provider that runs it."""

import re
from dataclasses import dataclass

from ringwatch.values.text import PLACEHOLDER, Hints, Normalised, fold, junk
from ringwatch.values.web import host_of, is_example

NOT_EMAIL = "not an e-mail address"
NO_REPLY = "mailbox that nobody reads"


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider reads what stands before the @: characters it ignores, the mark of a tag, its main domain."""

    ignored: str = ""
    tag: str = ""
    domain: str = ""


_GMAIL = Provider(ignored=".", tag="+", domain="gmail.com")
_PLUS = Provider(tag="+")
_DASH = Provider(tag="-")  # Yahoo's disposable addresses: base name, hyphen, keyword
_PROTON = Provider(ignored=".-_", tag="+", domain="proton.me")
_YANDEX = Provider(tag="+", domain="yandex.ru")

_PROVIDERS = {
    "gmail.com": _GMAIL,
    "googlemail.com": _GMAIL,
    **dict.fromkeys(
        ["icloud.com", "me.com", "mac.com", "fastmail.com", "fastmail.fm", "msn.com", "passport.com"], _PLUS
    ),
    **dict.fromkeys(["ymail.com", "rocketmail.com"], _DASH),
    **dict.fromkeys(["proton.me", "protonmail.com", "protonmail.ch", "pm.me"], _PROTON),
    **dict.fromkeys(["yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "ya.ru"], _YANDEX),
}
_FAMILIES = (
    (re.compile(r"(?:outlook|hotmail|live|windowslive)\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})"), _PLUS),
    (re.compile(r"yahoo\.(?:com?(?:\.(?!jp)[a-z]{2})?|[a-z]{2})"), _DASH),  # Yahoo Japan is another company
)
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"]+")
NOBODY = "(?:do[-_.]?)?no?t?[-_.]?reply|mailer-daemon|postmaster"  # in the syntax that Arrow knows too
SAMPLES = frozenset({"test", "none", "null", "na", "n/a", "noemail", "nomail", "no", "abc", "xxx", "asdf", "email"})


def normalise_email(text: str, _hints: Hints) -> Normalised:
    """Return the mailbox in lower case: the provider's tags and ignored characters gone, the domain in ASCII.

    >>> normalise_email("Jane.Doe+shop@GoogleMail.com", Hints()).value, normalise_email("a.b+c@qq.com", Hints()).value
    ('janedoe@gmail.com', 'a.b+c@qq.com')
    """
    mailbox = _first(text)
    local, at, domain = mailbox.rpartition("@")
    host = host_of(domain) if at else None
    if host is None or not _LOCAL.fullmatch(local):
        return junk(NOT_EMAIL)
    local, host = _by_provider(local, host)
    if not local:
        return junk(NOT_EMAIL)
    if is_example(host) or (local in SAMPLES):
        return junk(PLACEHOLDER)
    return junk(NO_REPLY) if re.fullmatch(NOBODY, local) else Normalised(f"{local}@{host}")


def _first(text: str) -> str:
    folded = fold(text)
    if "<" in folded:  # Jane Doe <jane@shop.de>
        folded = folded.partition("<")[2].partition(">")[0]
    return (
        re.split(r"[,;\s]+", folded.removeprefix("mailto:").strip(" .,;\"'"), maxsplit=1)[0]
        .partition("?")[0]
        .strip(".'\"")
    )


def is_plain_host(host: str) -> bool:
    """Say whether a mailbox at this host is written one way only: no provider's rules, nobody's example."""
    return host_of(host) == host and _provider(host) is None and not is_example(host)


def _provider(host: str) -> Provider | None:
    known = _PROVIDERS.get(host)
    return known or next((found for pattern, found in _FAMILIES if pattern.fullmatch(host)), None)


def _by_provider(local: str, host: str) -> tuple[str, str]:
    provider = _provider(host)
    if provider is None:
        return local, host
    if provider.tag:
        local = local.partition(provider.tag)[0]
    for char in provider.ignored:
        local = local.replace(char, "")
    return local, provider.domain or host
