"""IP addresses: one writing each, and only those that can be met on the public network."""

import ipaddress
import re

from ringwatch.values.text import Hints, Normalised, junk

_V4 = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(?::[0-9]{1,5}|/32)?")
_V6 = re.compile(r"\[?([0-9a-fA-F:]*:[0-9a-fA-F:.]*)(?:%[\w.-]+)?(?:\](?::[0-9]{1,5})?|/128)?")
NOT_IP = "not an IP address"
NOT_PUBLIC = "not a public IP address"


def normalise_ip(text: str, _hints: Hints) -> Normalised:
    """Return the address without port, zone and leading zeros; IPv6 compressed, IPv4 inside IPv6 as IPv4.

    >>> normalise_ip("008.008.008.008:443", Hints()).value, normalise_ip("[2001:4860:0::8888]:53", Hints()).value
    ('8.8.8.8', '2001:4860::8888')
    """
    address = _parse(text)
    if address is None:
        return junk(NOT_IP)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast:
        return junk(NOT_PUBLIC)
    return Normalised(str(address))


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        if v4 := _V4.fullmatch(text):
            return ipaddress.IPv4Address(".".join(str(int(part)) for part in v4.groups()))
        v6 = _V6.fullmatch(text)
        return ipaddress.IPv6Address(v6[1]) if v6 else None
    except ValueError:
        return None
