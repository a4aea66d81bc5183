"""Tokens: identifiers that a machine issued (device, cookie, tracking id, document number) and any undeclared kind."""

import re

from ringwatch.values.text import PLACEHOLDER, Hints, Normalised, fold, junk

_UUID = re.compile(r"\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?")
_STOCK = frozenset(
    {
        "9774d56d682e549c",  # the ANDROID_ID that a whole series of phones shipped with
        "02:00:00:00:00:00",  # the MAC address that Android gives to every app
        "0",
    }
)


def normalise_token(text: str, _hints: Hints) -> Normalised:
    """Return the token in one case; a UUID with its hyphens and without braces.

    >>> normalise_token("{6F9619FF-8B86-D011-B42D-00C04FC964FF}", Hints()).value
    '6f9619ff-8b86-d011-b42d-00c04fc964ff'
    """
    folded = fold(text)
    if folded in _STOCK:
        return junk(PLACEHOLDER)
    uuid = _UUID.fullmatch(folded)
    return Normalised("-".join(uuid.groups()) if uuid else folded)
