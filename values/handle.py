"""Handles: accounts in messengers, written bare, with @, or as a link."""

import re

from ringwatch.values.phone import PARTIAL, normalise_phone
from ringwatch.values.text import Hints, Normalised, fold, junk

NOT_HANDLE = "not a handle"

_LINK = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?"
    r"(?:t\.me|telegram\.(?:me|dog)|wa\.me|(?:api|chat|web)\.whatsapp\.com|line\.me|viber\.me|signal\.me|join\.skype\.com"
    r"|u\.wechat\.com|weixin\.qq\.com)"
    r"/+(?:send/?\?phone=|s/(?=\w)|ti/p/|r/|#p/|\+(?=\d))?(?P<name>[^?&#\s]+).*",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?:tg://resolve\?domain=|whatsapp://send/?\?phone=|skype:|viber://chat\?number=)([^?&#\s]+).*")
_LABEL = re.compile(
    r"(?:we ?chat|weixin|wx|vx|微信号?|qq号?|telegram|tg|whats ?app|skype|line|viber|signal)(?: ?id)?\s*[:=：]\s*"
)
_PHONE_LIKE = re.compile(r"(?:\+|00)?\(?[0-9][0-9 ().\-]{5,22}")
_BY_PHONE = frozenset({"whatsapp", "viber", "signal"})  # the account is the phone number
_CN_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")


def normalise_handle(text: str, hints: Hints) -> Normalised:
    """Return the handle without @, label and link, in lower case; where it is a phone number, E.164.

    >>> normalise_handle("https://t.me/Big_Shop", Hints("telegram")).value
    'big_shop'
    >>> normalise_handle("wa.me/8613812345678", Hints("whatsapp")).value
    '+8613812345678'
    """
    if hints.kind in _BY_PHONE and PARTIAL.fullmatch(text):
        return Normalised(text)
    name = _bare(fold(text))
    if not any(map(str.isalnum, name)):
        return junk(NOT_HANDLE)
    return _as_phone(name, hints) or Normalised(name)


def _bare(text: str) -> str:
    while (name := _stripped(text)) != text:
        text = name
    return text


def _stripped(text: str) -> str:
    name = _LABEL.sub("", text.strip(" \"'<>()[]"), count=1) if _LABEL.match(text) else text.strip(" \"'<>()[]")
    link = _LINK.fullmatch(name) or _SCHEME.fullmatch(name)
    return (link[link.lastindex or 1] if link else name).lstrip("@~ ").rstrip("/ ")


def _as_phone(name: str, hints: Hints) -> Normalised | None:
    if not _PHONE_LIKE.fullmatch(name):
        return None
    compact = re.sub(r"[ ().\-]", "", name)
    if hints.kind in _BY_PHONE:
        is_whole = re.fullmatch(r"[1-9][0-9]{10,14}", compact) and hints.country is None
        return normalise_phone("+" + compact if is_whole else name, hints)
    if hints.kind == "qq":
        return Normalised(compact)
    if name.startswith("+") or _CN_MOBILE.fullmatch(compact):
        found = normalise_phone(name, Hints(hints.kind, "CN"))
        return found if found.value else None
    return None
