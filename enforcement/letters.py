"""A statement of reasons as a letter in one language: head, sections, paragraphs; as text for a terminal, as HTML.

``templates/LANGUAGE.txt`` holds all sentences of a language, one paragraph a line. What is put into them is made plain
first, so that it can neither begin a line nor steer a terminal; the page then escapes all that it is given.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from rich.cells import cell_len

from ringwatch.model.sentences import kind_words
from ringwatch.model.statements import Language, Statement

WIDTH = 80
MOST_CERTAIN = 0.999  # nothing that was found in data is surer
LONGEST = 300  # characters of anything that is put in: a name that fills a page is cut
_TAGS = {Language.EN: "en", Language.ZH: "zh-Hans"}
# Never at the end, never at the beginning of a line.
_OPENERS, _CLOSERS = "（《“", "，。；：、）》”！？"  # noqa: RUF001 (the punctuation of Chinese is meant)
_WIDE = "\u2e80-\uffef"
_PIECE = re.compile(rf"[{_OPENERS}]*(?:[^\s{_WIDE}“”]+|[^\s{_OPENERS}{_CLOSERS}])[{_CLOSERS}]*\s*|.")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the head."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (of one line), or a list of lines."""

    is_list: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the letter; ``name`` is the same in all languages."""

    name: str
    heading: str
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> list[str]:
        """All lines, those of lists among them."""
        return [line for block in self.blocks for line in block.lines]


@dataclass(frozen=True, slots=True)
class Letter:
    """A statement in one language; ``tag`` names it as pages do."""

    tag: str
    title: str
    head: tuple[Row, ...]
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section:
        """Return a section by its name."""
        return next(section for section in self.sections if section.name == name)


def letter_of(statement: Statement, language: Language, *, with_values: bool = True) -> Letter:
    """Return a statement in a language; ``with_values``: with the seller's own values, masked."""
    text = (
        _environment()
        .get_template(f"{language}.txt")
        .render(
            s=statement,
            with_values=with_values,
            reference=reference_of(statement),
            chance=_percent(min(statement.link_score, MOST_CERTAIN)),
            is_beyond=statement.link_score > MOST_CERTAIN,
            infringement=_floor(statement.infringement_score),
            least=_floor(statement.min_infringement),
        )
    )
    title, *lines = text.strip("\n").split("\n")
    marked = [(line[0], line[2:]) if line[:2] in {"~ ", "# ", "- "} else ("", line) for line in lines if line]
    head = tuple(Row(*_halves(line)) for mark, line in marked if mark == "~")
    return Letter(_TAGS[language], title, head, tuple(_sections([row for row in marked if row[0] != "~"])))


def reference_of(statement: Statement) -> str:
    """Return what a seller names in an appeal: the plan, and the entry of the ledger."""
    return f"{statement.plan_id}/{statement.entry_n}"


@cache
def _environment() -> Environment:
    loader = PackageLoader("ringwatch.enforcement", "templates")
    made = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=select_autoescape(["html"]), finalize=_finalized
    )
    made.filters["kind_words"] = kind_words
    return made


def _finalized(value: object) -> object:
    return plain(value) if type(value) is str else value


def plain(text: str) -> str:
    r"""Return text of one line without what would steer a terminal or the direction of writing, cut where very long.

    >>> plain("Nord\u202eland\n# rule | none")
    'Nord\\u202eland # rule | none'
    """
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(_printable(character) for character in cut)


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    is_blank = character in "\t\n\r" or unicodedata.category(character) == "Zs"
    return " " if is_blank else character.encode("unicode_escape", "surrogatepass").decode()


def _percent(probability: float) -> str:
    return f"{int(probability * 1000 + 1e-6) / 10:.1f}"  # rounded down


def _floor(score: float) -> str:
    return f"{int(score * 100 + 1e-9) / 100:.2f}"  # rounded down: a score never reads better than it is


def _halves(line: str) -> tuple[str, str]:
    first, _, second = line.partition(" | ")
    return first, second


def _sections(marked: Sequence[tuple[str, str]]) -> Iterator[Section]:
    starts = [place for place, (mark, _) in enumerate(marked) if mark == "#"]
    for start, end in zip(starts, [*starts[1:], len(marked)], strict=True):
        yield Section(*_halves(marked[start][1]), tuple(_blocks(marked[start + 1 : end])))


def _blocks(marked: Sequence[tuple[str, str]]) -> Iterator[Block]:
    for mark, rows in groupby(marked, key=lambda row: row[0]):
        lines = [line for _, line in rows]
        yield from [Block(True, tuple(lines))] if mark == "-" else [Block(False, (line,)) for line in lines]


def to_html(letter: Letter) -> str:
    """Return a letter as one page of HTML without scripts, made to be printed."""
    return _environment().get_template("statement.html").render(letter=letter) + "\n"


def to_text(letter: Letter, width: int = WIDTH) -> str:
    """Return a letter as text that no line of which is wider than a terminal; wide characters take two places."""
    name_width = max(cell_len(row.name) for row in letter.head) + 2
    out = [letter.title, "=" * cell_len(letter.title), ""]
    for row in letter.head:
        begin = row.name + " " * (name_width - cell_len(row.name))
        out += _wrapped(row.text, width, (begin, " " * name_width))
    for section in letter.sections:
        out += ["", section.heading]
        for block in section.blocks:
            marks = ("  - ", "    ") if block.is_list else ("  ", "  ")
            out += [part for line in block.lines for part in _wrapped(line, width, marks)]
    return "\n".join(out) + "\n"


def _wrapped(text: str, width: int, marks: tuple[str, str]) -> list[str]:
    """Return lines of a text, the first one begun with one mark and the others with another."""
    lines, line, used = [], marks[0], cell_len(marks[0])
    for piece in _pieces(text, width - cell_len(marks[1])):
        if used + cell_len(piece.rstrip()) > width and line not in marks:
            lines.append(line.rstrip())
            line, used = marks[1], cell_len(marks[1])
        line += piece
        used += cell_len(piece)
    return [*lines, line.rstrip()]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield what no line breaks in: words, wide characters with their punctuation; what fills a line is cut."""
    for piece in _PIECE.findall(text):
        if cell_len(piece.rstrip()) <= room:
            yield piece
        else:
            yield from (piece[at : at + room // 2] for at in range(0, len(piece), room // 2))
