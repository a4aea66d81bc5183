"""Payment accounts: IBAN, bank account, card token, wallet and coin address, each so that only one account matches."""

import re

from ringwatch.values.text import PLACEHOLDER, Hints, Normalised, fold, is_filler, junk, unspaced

NOT_ACCOUNT = "not an account"

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LABEL = re.compile(r"^(?:iban|account|acct|a/c|konto|compte|cuenta)(?: ?(?:no|number|nr))?[.:# ]+", re.IGNORECASE)
_HEX_WALLET = re.compile(r"0[xX][0-9a-fA-F]{40}|0[xX][0-9a-fA-F]{64}")
_BECH32 = re.compile(r"(?:bc1|tb1|ltc1|addr1|cosmos1)[02-9ac-hj-np-z]{20,110}", re.IGNORECASE)
_COIN_URI = re.compile(r"^(?:bitcoin|ethereum|litecoin|tron|monero|dash|zcash):(?://)?", re.IGNORECASE)
_OWN = re.compile(r"(?:bank|card|wallet|crypto|other):(?:[^\s:]+:)?\S+")
_BIC = re.compile(r"[a-z]{6}[a-z0-9]{2}[a-z0-9]{3}")
# From this many digits a number carries its issuer within itself (a card's first digits, a country's bank code).
_SELF_EVIDENT_DIGITS = 15


def normalise_account(text: str, hints: Hints) -> Normalised:
    """Return the account: an IBAN or coin address as itself, anything else as ``scheme:number``, by the row's scheme.

    A short bank number is joined to its issuer, as banks reuse short numbers. A text that is an IBAN by its check
    digits, or a coin address by its form, is one whatever the scheme says.

    >>> normalise_account("de89 3704 0044 0532 0130 00", Hints(scheme="bank")).value
    'DE89370400440532013000'
    >>> normalise_account("00 1234-567", Hints(scheme="bank", issuer="COBADEFFXXX")).value
    'bank:cobadeff:001234567'
    """
    if _OWN.fullmatch(text) and text == _own_case(text):
        return Normalised(text)
    bare = _COIN_URI.sub("", _LABEL.sub("", text).strip())
    compact = re.sub(r"[\W_]", "", bare)
    if not compact:
        return junk(NOT_ACCOUNT)
    if is_filler(compact):
        return junk(PLACEHOLDER)
    if is_iban(compact.upper()):
        return Normalised(compact.upper())
    if coin := _coin_address(bare):
        return Normalised(coin)
    scheme = fold(hints.scheme or "")
    return Normalised(_BY_SCHEME.get(scheme, _other_account)(bare, hints))


def _own_case(text: str) -> str:
    return text if text.startswith(("card:", "crypto:")) else fold(text)


def is_iban(text: str) -> bool:
    """Say whether compact upper-case text is an IBAN by form and check digits (ISO 13616, ISO 7064 mod 97-10).

    >>> is_iban("DE89370400440532013000"), is_iban("DE88370400440532013000")
    (True, False)
    """
    if not text.isascii() or not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def _coin_address(text: str) -> str | None:
    if _HEX_WALLET.fullmatch(text) or _BECH32.fullmatch(text):
        return text.lower()
    return None


def _bank(text: str, hints: Hints) -> str:
    number = re.sub(r"[\W_]", "", fold(text))
    issuer = _issuer(hints.issuer)
    n_digits = sum(map(str.isdecimal, number))
    return f"bank:{issuer}:{number}" if issuer and n_digits < _SELF_EVIDENT_DIGITS else f"bank:{number}"


def _issuer(issuer: str | None) -> str:
    plain = re.sub(r"[\W_]", "", fold(issuer or ""))
    return plain[:8] if _BIC.fullmatch(plain) else plain  # the last three letters of a BIC name the branch


def _iban(text: str, _hints: Hints) -> str:
    return re.sub(r"[\W_]", "", text).upper()  # wrong check digits: still equal for equal writings


def _card(text: str, _hints: Hints) -> str:
    compact = re.sub(r"[\s-]", "", text)
    return f"card:{compact}" if compact.isdecimal() else f"card:{unspaced(text)}"  # tokens are case-sensitive


def _wallet(text: str, hints: Hints) -> str:
    issuer = _issuer(hints.issuer)
    name = fold(unspaced(text)).removeprefix("@")
    return f"wallet:{issuer}:{name}" if issuer else f"wallet:{name}"


def _crypto(text: str, _hints: Hints) -> str:
    return f"crypto:{unspaced(text)}"  # base58 is case-sensitive


def _other_account(text: str, hints: Hints) -> str:
    if sum(map(str.isdecimal, text)) * 2 > len(text):
        return _bank(text, hints)
    return f"other:{fold(unspaced(text))}"


_BY_SCHEME = {
    "iban": _iban,
    "bank": _bank,
    "card": _card,
    "card_token": _card,
    "wallet": _wallet,
    "crypto": _crypto,
}
