"""Which texts of a column are canonical already: by patterns so narrow that ``normalise`` would return the text itself.

Each function takes distinct texts and says for each whether it is surely its own canonical value. "No" costs a call of
``normalise``, so in doubt the answer is no; a property test holds every "yes" against ``normalise``.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringwatch.values.email import NOBODY, SAMPLES, is_plain_host
from ringwatch.values.phone import MOBILES
from ringwatch.values.text import ASCENDING, DESCENDING, NOTHING
from ringwatch.values.token import STOCK_TOKENS

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}"
_NO_FILLER = r"[a-z].*[0-9]|[0-9].*[a-z]"  # a letter and a digit: neither a word for nothing nor a row of one character
_PHONE_FILLER = "|".join(  # a filler as long as a mobile number holds six of one digit, or five in counting order
    [f"{digit}{{6}}" for digit in range(10)]
    + sorted({run[at : at + 5] for run in (ASCENDING, DESCENDING) for at in range(10)})
)
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_UNSURE_HOST = (
    r"^www\.|(?:^|\.)(?:test|domain|yourdomain|none)\.com|(?:^|\.)example\."
    r"|\.(?:example|invalid|test|local|localhost)(?:/|$)"
)
_FULL_OF_MEANING = frozenset({10, 100, 127, 169, 172, 192, 198, 203})  # first octets under which special networks lie
_PUBLIC_OCTETS = "|".join(str(octet) for octet in range(1, 224) if octet not in _FULL_OF_MEANING)
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


def _matches(texts: pa.Array, pattern: str) -> Any:  # noqa: ANN401 (Arrow arrays come without types)
    return pc.match_substring_regex(texts, pattern)


def _both(*conditions: Any) -> Any:  # noqa: ANN401 (Arrow arrays come without types)
    whole = conditions[0]
    for condition in conditions[1:]:
        whole = pc.and_(whole, condition)
    return whole


def canonical_phones(texts: pa.Array) -> pa.Array:
    """Mobile numbers in E.164 without a long run of one digit or of counting."""
    is_mobile = _matches(texts, rf"^\+(?:{MOBILES})$")
    return _both(is_mobile, pc.invert(_matches(texts, _PHONE_FILLER)))


def canonical_emails(texts: pa.Array) -> pa.Array:
    """Lower-case mailboxes without marks that a provider reads, at hosts that mean themselves."""
    shaped = _matches(texts, rf"^[a-z0-9_]{{1,64}}(?:[.][a-z0-9_]{{1,64}}){{0,3}}@{_HOST}$")
    at = pc.split_pattern(pc.if_else(shaped, texts, "a@b.cd"), "@", max_splits=1)
    local, host = pc.list_element(at, 0), pc.list_element(at, 1)
    encoded = host.dictionary_encode()
    hosts = encoded.dictionary.to_pylist()
    plain = pa.array([is_plain_host(name) for name in hosts], pa.bool_()).take(encoded.indices)
    common = _both(shaped, plain, pc.invert(pc.is_in(local, pa.array(sorted(SAMPLES)))))
    return _both(common, pc.invert(_matches(local, rf"^(?:{NOBODY})$")))


def canonical_tokens(texts: pa.Array) -> pa.Array:
    """Lower-case tokens with a letter and a digit, no UUID with hyphens."""
    shaped = _both(_matches(texts, r"^[a-z0-9][a-z0-9_:./-]{2,199}$"), _matches(texts, _NO_FILLER))
    is_stock = pc.is_in(texts, pa.array(sorted(STOCK_TOKENS)))
    return _both(shaped, pc.invert(is_stock), pc.invert(_matches(texts, _UUID)))


def canonical_image_hashes(texts: pa.Array) -> pa.Array:
    """Sixteen lower-case hexadecimal digits, a letter and a digit among them."""
    return _both(_matches(texts, r"^[0-9a-f]{16}$"), _matches(texts, _NO_FILLER))


def canonical_ips(texts: pa.Array) -> pa.Array:
    """IPv4 addresses under first octets that hold public networks only."""
    return _matches(texts, rf"^(?:{_PUBLIC_OCTETS})(?:\.{_OCTET}){{3}}$")


def canonical_domains(texts: pa.Array) -> pa.Array:
    """Lower-case host names that do not begin with ``www.`` and are nobody's example."""
    shaped = _both(_matches(texts, rf"^{_HOST}$"), pc.less(pc.binary_length(texts), 200))
    return _both(
        shaped, pc.invert(_matches(texts, _UNSURE_HOST)), pc.invert(pc.is_in(texts, pa.array(sorted(NOTHING))))
    )


def canonical_urls(texts: pa.Array) -> pa.Array:
    """Host names with a path of plain words, no query."""
    shaped = _both(_matches(texts, rf"^{_HOST}(?:/[A-Za-z0-9_-]+)*$"), pc.less(pc.binary_length(texts), 200))
    return _both(
        shaped, pc.invert(_matches(texts, _UNSURE_HOST)), pc.invert(pc.is_in(texts, pa.array(sorted(NOTHING))))
    )


def canonical_handles(texts: pa.Array) -> pa.Array:
    """Lower-case handles that start with a letter and hold a digit: no phone number, no link, no label."""
    return _both(_matches(texts, r"^[a-z][a-z0-9_]{2,63}$"), _matches(texts, "[0-9]"))


def canonical_accounts(texts: pa.Array) -> pa.Array:
    """IBANs in one word with right check digits (ISO 7064 mod 97-10), one pass over character positions."""
    shaped = _matches(texts, r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$").to_numpy(zero_copy_only=False)
    if not shaped.any():
        return pa.array(shaped)
    ibans = texts.filter(pa.array(shaped)).to_numpy(zero_copy_only=False).astype("S34")
    characters = ibans.view(np.uint8).reshape(len(ibans), 34)
    remainder = np.zeros(len(ibans), np.int64)
    for position in [*range(4, 34), 0, 1, 2, 3]:  # the country and the check digits count last
        code = characters[:, position].astype(np.int64)
        is_letter = code >= ord("A")
        value = np.where(is_letter, code - ord("A") + 10, code - ord("0"))
        remainder = np.where(code == 0, remainder, (remainder * np.where(is_letter, 100, 10) + value) % 97)
    shaped[shaped] = remainder == 1
    return pa.array(shaped)


CANONICAL: MappingProxyType[str, Callable[[pa.Array], pa.Array]] = MappingProxyType(
    {
        "account": canonical_accounts,
        "domain": canonical_domains,
        "email": canonical_emails,
        "handle": canonical_handles,
        "image_hash": canonical_image_hashes,
        "ip": canonical_ips,
        "phone": canonical_phones,
        "token": canonical_tokens,
        "url": canonical_urls,
    }
)
"""By normaliser; one that is not here has no pattern narrow enough."""
