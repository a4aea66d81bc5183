"""The one door to all normalisers: a kind and a text in, the canonical value or the reason why it is none out."""

from collections.abc import Callable
from types import MappingProxyType

from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import Kind
from ringwatch.values.account import normalise_account
from ringwatch.values.address import normalise_address
from ringwatch.values.country import country_code
from ringwatch.values.email import normalise_email
from ringwatch.values.handle import normalise_handle
from ringwatch.values.image import normalise_image_hash
from ringwatch.values.ip import normalise_ip
from ringwatch.values.name import normalise_name
from ringwatch.values.phone import normalise_phone
from ringwatch.values.registration import normalise_company_number, normalise_tax_id
from ringwatch.values.text import MAX_CHARS, PLACEHOLDER, TOO_LONG, Hints, Normalised, clean, is_filler, junk, no_value
from ringwatch.values.token import normalise_token
from ringwatch.values.web import normalise_domain, normalise_url

__all__ = ["NORMALISERS", "Normalised", "normalise", "normaliser_of"]

NORMALISERS: MappingProxyType[str, Callable[[str, Hints], Normalised]] = MappingProxyType(
    {
        "account": normalise_account,
        "address": normalise_address,
        "company_number": normalise_company_number,
        "domain": normalise_domain,
        "email": normalise_email,
        "handle": normalise_handle,
        "image_hash": normalise_image_hash,
        "ip": normalise_ip,
        "name": normalise_name,
        "phone": normalise_phone,
        "tax_id": normalise_tax_id,
        "token": normalise_token,
        "url": normalise_url,
    }
)
"""Normaliser by the name that a kind gives; each takes text that went through ``clean``."""


_FREE_OF_FILLERS = frozenset({"address", "domain", "email", "ip", "url"})  # 1.23.4.5 is a host like any other


def normaliser_of(kind: Kind) -> Callable[[str, Hints], Normalised]:
    """Return the normaliser that a kind names.

    Raises:
        ConfigError: no normaliser has that name.
    """
    try:
        return NORMALISERS[kind.normaliser]
    except KeyError:
        known = ", ".join(sorted(NORMALISERS))
        raise ConfigError(
            f'kind {kind.name}: no normaliser is called "{kind.normaliser}", expected one of {known}; '
            "mend the mapping file"
        ) from None


def normalise(
    kind: Kind, text: str, country: str | None = None, *, scheme: str | None = None, issuer: str | None = None
) -> Normalised:
    """Return the canonical value of a text of that kind, or why it is no value; any text at all has an outcome.

    ``country`` (a code or a name) helps where numbers are national, ``scheme`` and ``issuer`` where a payment account
    is. Canonical text is a fixed point. Cost O(characters), at most 2,048 of them.

    Raises:
        ConfigError: the kind names a normaliser that is not there.

    >>> from ringwatch.model.kinds import REGISTRY
    >>> normalise(REGISTRY["phone"], "００86 138-1234-5678").value
    '+8613812345678'
    >>> normalise(REGISTRY["website"], "none").junk
    'placeholder'
    """
    normaliser = normaliser_of(kind)
    if len(text) > MAX_CHARS:
        return junk(TOO_LONG)
    cleaned = clean(text)
    if reason := _no_value(kind, cleaned):
        return junk(reason)
    found = normaliser(cleaned, Hints(kind.name, country_code(country), scheme, issuer))
    if found.value is not None and (reason := _no_value(kind, found.value)):
        return junk(reason)
    return found


def _no_value(kind: Kind, text: str) -> str | None:
    reason = no_value(text)
    if reason is None and kind.normaliser not in _FREE_OF_FILLERS and is_filler(text):
        return PLACEHOLDER
    return reason
