"""Columns, hashes and masks."""

import hmac

import pyarrow as pa
import pytest

from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import REGISTRY
from ringwatch.values.columns import normalise_column
from ringwatch.values.hashing import hash_column, hash_value, key_digest
from ringwatch.values.mask import display_column, mask

KEY = bytes(range(32))


def test_columns_may_come_in_chunks_dictionaries_and_without_hints() -> None:
    texts = pa.chunked_array([["138 1234 5678", None], ["+8613812345678"]])
    found = normalise_column(REGISTRY["phone"], texts, pa.array(["CN", "CN", None]).dictionary_encode())
    assert found.value.to_pylist() == ["+8613812345678", None, "+8613812345678"]
    assert found.junk.to_pylist() == [None, "empty", None]
    assert normalise_column(REGISTRY["phone"], pa.nulls(2)).junk.to_pylist() == ["empty", "empty"]


def test_an_empty_column_gives_empty_columns() -> None:
    for kind in REGISTRY.kinds.values():
        found = normalise_column(kind, pa.array([], pa.string()))
        assert (len(found.value), found.value.type, found.junk.type) == (0, pa.string(), pa.string())


def test_hashes_are_keyed_by_kind_and_value() -> None:
    values = pa.array(["+8613812345678", None, "+8613812345678", "+8613812345679"])
    phone, fax = REGISTRY["phone"], REGISTRY["fax"]
    found = hash_column(values, KEY, phone).to_pylist()
    assert found[0] == found[2] == "hmac:" + hmac.digest(KEY, b"phone\0+8613812345678", "sha256").hex()
    assert found[1] is None
    assert len({found[0], found[3], hash_value("+8613812345678", KEY, fax)}) == 3
    assert hash_column(pa.chunked_array([["a"], ["b"]]), KEY, phone).to_pylist() == [
        hash_value(v, KEY, phone) for v in "ab"
    ]


def test_a_key_is_named_by_a_digest_and_must_be_long() -> None:
    assert key_digest(KEY) != key_digest(KEY[::-1])
    assert KEY.hex()[:16] != key_digest(KEY)
    for call in (lambda: key_digest(b"short"), lambda: hash_value("x", b"short", REGISTRY["phone"])):
        with pytest.raises(ConfigError, match="secret key: has 5 bytes, expected at least 32"):
            call()


MASKS = [
    ("phone", "+8613812344821", "+86 ••• 4821"),
    ("phone", "US:9068600", "US ••• 00"),
    ("phone", "ZZ:12345", "••• 5"),
    ("email", "kim@shop.de", "k•••@shop.de"),
    ("email", "k@shop.de", "•••@shop.de"),
    ("account", "DE89370400440532013000", "DE89 ••• 3000"),
    ("account", "bank:icbc:6222020200001234567", "bank ••• 4567"),
    ("device", "abc", "•••"),
    ("id_document", "73423499 mn", "••• 9 mn"),
]


@pytest.mark.parametrize(("kind", "value", "shown"), MASKS)
def test_masks(kind: str, value: str, shown: str) -> None:
    assert mask(REGISTRY[kind], value) == shown


def test_only_personal_values_are_masked_and_only_under_a_key() -> None:
    values = pa.array(["+8613812344821", None])
    assert display_column(REGISTRY["phone"], values, is_hashed=True).to_pylist() == ["+86 ••• 4821", None]
    assert display_column(REGISTRY["phone"], values, is_hashed=False).to_pylist() == values.to_pylist()
    sites = pa.array(["shop.de"])
    assert display_column(REGISTRY["website"], sites, is_hashed=True).to_pylist() == ["shop.de"]
