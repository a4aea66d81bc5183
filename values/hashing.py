"""Keyed hashes of personal values: equal values stay equal, and nobody without the key can test a guess."""

import hashlib
import hmac

import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import Kind

PREFIX = "hmac:"
MIN_KEY_BYTES = 32  # as long as the hash itself; a shorter key is the weaker of the two


def check_key(key: bytes) -> None:
    """Raise ConfigError where the key is shorter than 32 bytes."""
    if len(key) < MIN_KEY_BYTES:
        raise ConfigError(
            f"secret key: has {len(key)} bytes, expected at least {MIN_KEY_BYTES}; "
            f"make one with: head -c {MIN_KEY_BYTES} /dev/urandom > key"
        )


def hash_value(value: str, key: bytes, kind: Kind) -> str:
    """Return ``hmac:`` and 64 hexadecimal digits: HMAC-SHA-256 of the kind's name and the canonical value.

    Raises:
        ConfigError: the key is shorter than 32 bytes.

    >>> from ringwatch.model.kinds import REGISTRY
    >>> hash_value("+8613812345678", b"k" * 32, REGISTRY["phone"])[:13]
    'hmac:18bab4f4'
    """
    check_key(key)
    return _hash(value, key, kind.name.encode() + b"\0")


def _hash(value: str, key: bytes, prefix: bytes) -> str:
    return PREFIX + hmac.digest(key, prefix + value.encode("utf-8", "surrogatepass"), "sha256").hex()


def hash_column(values: pa.Array, key: bytes, kind: Kind) -> pa.Array:
    """Return the hashes of a column of canonical values; null stays null; each distinct value is hashed once.

    Raises:
        ConfigError: the key is shorter than 32 bytes.
    """
    check_key(key)
    encoded = pc.dictionary_encode(values)
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    prefix = kind.name.encode() + b"\0"
    hashes = pa.array([_hash(value, key, prefix) for value in encoded.dictionary.to_pylist()], pa.string())
    return hashes.take(encoded.indices)


def key_digest(key: bytes) -> str:
    """Return 16 hexadecimal digits that tell keys apart and reveal nothing of them.

    Raises:
        ConfigError: the key is shorter than 32 bytes.
    """
    check_key(key)
    return hmac.digest(key, b"ringwatch key", hashlib.sha256).hex()[:16]
