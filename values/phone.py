"""Phone numbers as E.164; a number that lacks its country or area code keeps what is known of it."""

import re
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

from ringwatch.values.text import PLACEHOLDER, Hints, Normalised, is_filler, junk

NOT_PHONE = "not a phone number"
TOO_SHORT = "too short for a phone number"

# Mobile numbers whose E.164 writing is beyond doubt (no trunk prefix can hide in them): by country calling code.
MOBILES = (
    "1[2-9][0-9]{2}[2-9][0-9]{6}|7[9][0-9]{9}|27[6-8][0-9]{8}|31 6[0-9]{8}|32 4[0-9]{8}|33[67][0-9]{8}|34[67][0-9]{8}"
    "|393[0-9]{9}|447[1-9][0-9]{8}|467[0-9]{8}|48[5-8][0-9]{8}|491[5-7][0-9]{9}|5511 9[0-9]{8}|601[0-9]{8}"
    "|614[0-9]{8}|628[0-9]{9}|639[0-9]{9}|65[89][0-9]{7}|66[689][0-9]{8}|81[789]0[0-9]{8}|8210[0-9]{8}"
    "|84[35789][0-9]{8}|852[5-79][0-9]{7}|861[3-9][0-9]{9}|8801[3-9][0-9]{8}|8869[0-9]{8}|905[0-9]{9}"
    "|91[6-9][0-9]{9}|923[0-9]{9}|9665[0-9]{8}|9715[0-9]{8}"
).replace(" ", "")
E164_MOBILE = re.compile(rf"\+(?:{MOBILES})")
PARTIAL = re.compile(r"(?:[A-Z]{2}|ZZ):[0-9]{5,17}")
_EXTENSION = re.compile(
    r"(?:;ext=|(?<![^\W\d_])(?:ext(?:ension)?|extn|x|poste|durchwahl|转|轉|#)[.:]?)\s*[0-9]{1,6}\W*$", re.IGNORECASE
)
CALLING_CODE = re.compile(
    r"^(?:\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})|[A-Z]{2}:)"  # ITU-T E.164
)
_PLAIN = re.compile(r"\+?[0-9 ().\-]+")
_SPLIT = re.compile(r"[;/|、,]|\b(?:or|and|oder|ou)\b")
_WORDS = re.compile(
    r"^(?:tel|phone|mobile|mob|cell|fax|telefon|whatsapp|电话|手机|传真|p|t|m|f)?\s*[:.：]?\s*(?=[+(\d])", re.IGNORECASE
)


def normalise_phone(text: str, hints: Hints) -> Normalised:
    """Return E.164, else ``CC:digits`` where the area code is missing, ``ZZ:digits`` where the country is not known.

    An extension is left out: it names a desk behind the same line. Of several numbers in one text the first counts.

    >>> normalise_phone("(0)138 1234 5678", Hints(country="CN")).value
    '+8613812345678'
    >>> normalise_phone("906-8600", Hints(country="US")).value
    'US:9068600'
    """
    if E164_MOBILE.fullmatch(text) or PARTIAL.fullmatch(text):
        return _unless_filler(text)
    if "@" in text:
        return junk(NOT_PHONE)
    return parse_phone(_first(text), hints.country)


def _unless_filler(value: str) -> Normalised:
    return junk(PLACEHOLDER) if is_filler(CALLING_CODE.sub("", value)) else Normalised(value)


def _first(text: str) -> str:
    bare = _EXTENSION.sub("", _WORDS.sub("", text.strip())).replace("(0)", "")
    part = _SPLIT.split(bare, maxsplit=1)[0]
    # A shorter part is a piece of one number: 030/1234567. Seven digits are the shortest whole numbers in lists.
    return part if sum(char.isdecimal() for char in part) >= 7 else bare


def parse_phone(text: str, country: str | None) -> Normalised:
    """Return the outcome for one number as people write it; what phonenumbers cannot place keeps its digits."""
    text = text.strip()
    typed = re.sub(r"^00(?=[1-9])", "+", text) if country not in _NO_DOUBLE_ZERO else text
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    if not 5 <= len(digits) <= 17:  # E.164 allows 15; two more for a trunk prefix
        return junk(TOO_SHORT if 0 < len(digits) < 5 else NOT_PHONE)
    if sum(char.isalpha() for char in typed) > len(digits):
        return junk(NOT_PHONE)
    if mobile := _as_mobile(typed, digits, country):
        return _unless_filler(mobile)
    return place(typed, digits, country)


def _as_mobile(typed: str, digits: str, country: str | None) -> str | None:
    """Return E.164 where digits and separators make a mobile number beyond doubt; saves asking phonenumbers."""
    if not _PLAIN.fullmatch(typed):
        return None
    calling_code = "" if typed.startswith("+") else phonenumbers.country_code_for_region(country or "ZZ")
    e164 = f"+{calling_code}{digits}"
    return e164 if E164_MOBILE.fullmatch(e164) else None


def place(typed: str, digits: str, country: str | None) -> Normalised:
    """Return the outcome that phonenumbers gives, or what is known of digits that it cannot place."""
    number = _parsed(typed, country) or _parsed("+" + digits, None, must_be_valid=True)
    if number is not None:
        return _unless_filler(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return _unless_filler(f"{country or 'ZZ'}:{digits}")


_NO_DOUBLE_ZERO = frozenset({"US", "CA", "AU", "JP", "KR", "HK", "SG", "TH"})  # dial 011, 0011, 010, 001 ... abroad


def _parsed(text: str, country: str | None, *, must_be_valid: bool = False) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if must_be_valid and not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return _without_trunk(number)


def _without_trunk(number: PhoneNumber) -> PhoneNumber | None:
    """Return the number with no trunk prefix left at its front: the first reading takes off one only."""
    trunk = _trunk(number.country_code)
    national = phonenumbers.national_significant_number(number)
    if trunk is None or not trunk.match(national):
        return number
    again = phonenumbers.parse(f"+{number.country_code}{national}", None)
    if again == number:
        return number
    is_shorter = len(phonenumbers.national_significant_number(again)) < len(national)  # so that this ends
    is_whole = phonenumbers.is_possible_number_with_reason(again) == ValidationResult.IS_POSSIBLE
    return _without_trunk(again) if is_shorter and is_whole else None


@cache
def _trunk(calling_code: int) -> re.Pattern[str] | None:
    region = phonenumbers.region_code_for_country_code(calling_code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)
    prefix = metadata.national_prefix_for_parsing if metadata else None
    return re.compile(prefix) if prefix else None
