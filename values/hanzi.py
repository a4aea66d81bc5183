"""The step before Chinese and Japanese addresses: borders between words and numbers where none are written."""

import re

from ringwatch.values.address_words import PROVINCES, SIMPLIFIED

_HANZI = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_CODE = r"([0-9]+(?:-[0-9]+)*[a-z]?|[a-z][0-9-]*)"
_UNITS = tuple(
    (re.compile(_CODE + rf"\s*(?:{unit})"), rf" {word} \1 , ")
    for unit, word in (
        ("号楼|栋|幢|座|号院", "building"),
        ("单元|单位", "entrance"),
        ("号?(?:室|房|铺|档|商铺|店铺|摊位)", "room"),
        ("层|楼", "floor"),
        ("弄|巷", "aisle"),
        ("期", "phase"),
        ("区", "zone"),
        ("号|號", "no"),
    )
)
_NUMERAL = re.compile(r"([一二三四五六七八九十]{1,3})(?=(?:号楼|栋|幢|座|单元|层|楼|室|弄|期|丁目))")
_CHOME = re.compile(r"([0-9]+)\s*丁目\s*([0-9]+)\s*(?:番地?の?|-)\s*([0-9]+)\s*号?")
_PROVINCE = re.compile(
    rf"^(?:中国)?(?:(?:{PROVINCES})(?:省|(?:壮族|回族|维吾尔)?自治区)|(?:{PROVINCES})(?=[^路街道巷弄\s0-9]{{2,5}}市))"
)
_TWICE = re.compile("^(北京|上海|天津|重庆)+")  # a city that is its own province is often written as both
_DIGITS = {char: number for number, char in enumerate("一二三四五六七八九", start=1)}


def has_hanzi(text: str) -> bool:
    """Say whether the text holds a Chinese character."""
    return _HANZI.search(text) is not None


def numeral(text: str) -> int:
    """Return the number that up to three Chinese numerals say, below one hundred.

    >>> numeral("三"), numeral("十二"), numeral("二十一")
    (3, 12, 21)
    """
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[char]) for char in ones))
    return 10 * (_DIGITS.get(tens[-1:], 1) if tens else 1) + _DIGITS.get(ones[:1], 0)


def spaced(text: str) -> str:
    """Return a folded address with numbers set apart and their units in words.

    >>> spaced("上海市中山北路88号5号楼1203室").split()
    ['上海市中山北路', 'no', '88', ',', 'building', '5', ',', 'room', '1203', ',']
    """
    plain = _PROVINCE.sub("", text.translate(SIMPLIFIED).strip().removeprefix("中国"))
    plain = _CHOME.sub(r" \1-\2-\3 ", _NUMERAL.sub(lambda match: str(numeral(match[1])), plain))
    for pattern, words in _UNITS:
        plain = pattern.sub(words, plain)
    return _RUN.sub(r" \g<0> ", plain)


def glued(words: list[str]) -> str:
    """Return Chinese words in their order as one, without the marks of province and city that writers leave out.

    >>> glued(["上海市", "浦东新区"])
    '上海浦东新区'
    """
    return _TWICE.sub(r"\1", "".join(words).replace("省", "").replace("市", ""))
