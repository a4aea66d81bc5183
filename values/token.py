"""Tokens: identifiers that a machine issued (device, cookie, tracking id, document number) and any undeclared kind."""

import re

from ringwatch.values.text import PLACEHOLDER, Hints, Normalised, fold, junk

_UUID = re.compile(r"\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?")
STOCK_TOKENS = frozenset(
    {
        "9774d56d682e549c",  # the ANDROID_ID that a whole series of phones shipped with
        "02:00:00:00:00:00",  # the MAC address that Android gives to every app
        "0",
    }
)


def normalise_token(text: str, _hints: Hints) -> Normalised:
    """Return the token in one case; a UUID as its 32 digits.

    >>> normalise_token("{6F9619FF-8B86-D011-B42D-00C04FC964FF}", Hints()).value
    '6f9619ff8b86d011b42d00c04fc964ff'
    """
    folded = fold(text)
    uuid = _UUID.fullmatch(folded)
    token = "".join(uuid.groups()) if uuid else folded
    return junk(PLACEHOLDER) if token in STOCK_TOKENS else Normalised(token)
