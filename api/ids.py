"""Global ids: opaque names under which ``node`` finds an object again."""

import base64
import binascii

KINDS = frozenset({"Ring", "Seller", "Plan", "Store"})


def global_id(kind: str, key: str) -> str:
    """Return the id of an object: base64 of its type and its own id.

    >>> global_id("Ring", "R-1")
    'UmluZzpSLTE='
    """
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode()


def split_global_id(text: str) -> tuple[str, str] | None:
    """Return type and own id of an object, None where the text is not a global id of ours.

    >>> split_global_id("UmluZzpSLTE="), split_global_id("nonsense")
    (('Ring', 'R-1'), None)
    """
    try:
        kind, colon, key = base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return None
    return (kind, key) if colon and kind in KINDS else None
