"""Text that is meant to do harm, as sellers could write it, and a page read for what it must not hold."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</script></title></textarea><svg onload=alert(1)>",
    "\"' onmouseover='alert(1)' x=\"",
    "\u202egpj.exe\u2066 \u200b\ufeff",
    "n" * 10_000,
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "+49 30 1",
    "-2+3",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
    "javascript:alert(1)",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "]]><x/>&#0;&amp;\x0b\x1b[2J\x07\x9b",
    "{{ 7 * 7 }}{% for x in y %}${7*7}",
    "a\nb\u2028c\u0085d",
)
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b\ufeff\x00\x07\x1b\x9b"
"""Signs that no page may hold: they turn text around, take no room, or command a terminal."""
LEADING = {"href", "src", "action", "formaction", "data-src", "xlink:href"}


class Reader(HTMLParser):
    """What a page holds that our own templates never write."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note elements and attributes that run, load or lead elsewhere."""
        is_script = tag == "script" and "src" not in dict(attrs)
        if is_script or tag in {"img", "iframe", "object", "embed", "base", "style"}:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            led = urlsplit(value or "") if name in LEADING else None
            if name.startswith("on") or name in {"style", "srcdoc"} or (led and (led.scheme or led.netloc)):
                self.found.append(f"<{tag} {name}={(value or '')[:60]!r}>")


def harms_of(page: str) -> list[str]:
    """Return what a page holds that runs, loads or leads elsewhere, or turns the text around it.

    >>> harms_of('<a href="/rings#a:b">x</a>'), harms_of('<a href="javascript:x">y</a>')
    ([], ["<a href='javascript:x'>"])
    """
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader.found + [f"U+{ord(sign):04X}" for sign in TURNING if sign in page]
