"""Image hashes: 64-bit perceptual hashes as 16 hexadecimal digits; any other text compares exactly."""

import re

from ringwatch.values.text import Hints, Normalised, junk

_PERCEPTUAL = re.compile(r"(?:0[xX])?([0-9a-fA-F]{16})")
FLAT = "hash of a flat image"


def normalise_image_hash(text: str, _hints: Hints) -> Normalised:
    """Return 16 hexadecimal digits in lower case, any other text as it is.

    >>> normalise_image_hash("0xFFD8A1B2C3D4E5F6", Hints()).value
    'ffd8a1b2c3d4e5f6'
    """
    match = _PERCEPTUAL.fullmatch(text)
    if match is None:
        return Normalised(text)
    digits = match[1].lower()
    return junk(FLAT) if digits in {"0" * 16, "f" * 16} else Normalised(digits)
