"""Statements of reasons, whatever is put into them: safe in every form, and as the EU's database takes them."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ringwatch.enforcement.letters import WIDTH, letter_of
from ringwatch.enforcement.reasons import render
from ringwatch.model.kinds import COUNTING_FAMILIES, REGISTRY
from ringwatch.model.statements import Decision, Facts, Format, Language, SharedKind, Statement, UpheldKind

SCHEMA = json.loads((Path(__file__).parents[1] / "support" / "statement-of-reasons.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ s }}{% raw %}",
    "\u202egnp.exe",
    "\u2066\u2069\u200f",
    "a\n# rule | none\n- item\n~ Store | other",
    "\x1b[2J\x1b]0;title\x07",
    "x" * 10_000,
    "北京" * 5_000,
    "nul\x00\x85\u2028",
    "مرحبا",
    "👩‍👩‍👧‍👦",
    "~ ",
    "",
)
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (given one)
counts = st.integers(1, 2_000)
kinds = st.one_of(st.sampled_from([*REGISTRY.kinds, "address_like"]), texts.map("other:{}".format))
shared = st.builds(
    SharedKind, kinds, st.just("contact"), counts, counts, counts, st.lists(texts, max_size=3).map(tuple)
)
days = st.dates(date(2000, 1, 1), date(2024, 1, 1))
upheld = st.builds(
    UpheldKind,
    kind=st.sampled_from(["notice", "test_buy", "customs_seizure"]),
    is_listing=st.booleans(),
    n=counts,
    n_listings=counts,
    listing_ids=st.lists(texts, max_size=3).map(tuple),
    first_on=st.one_of(st.none(), days),
    last_on=days,
)
facts = st.builds(
    Facts,
    name=texts,
    opened_on=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2024, 1, 1))),
    n_sellers=counts,
    n_stores=counts,
    is_hashed=st.booleans(),
    shared=st.lists(shared, max_size=4).map(tuple),
    upheld=st.lists(upheld, max_size=3).map(tuple),
    n_upheld=counts,
    n_upheld_stores=counts,
)
statements = st.builds(
    Statement,
    store_id=texts,
    decision=st.sampled_from(Decision),
    action=st.sampled_from(["close", "suspend"]),
    state=st.sampled_from(["open", "watched", "suspended", "closed", ""]),
    plan_id=st.just("P-1"),
    entry_hash=st.just("0f" * 32),
    decided_at=moments,
    noticed_at=st.one_of(st.none(), moments),
    effective_at=moments,
    announced_at=moments,
    appeal_until=moments,
    n_approvers=st.integers(1, 3),
    immediate=texts,
    n_listings=st.integers(0, 3_000),
    facts=facts,
    families=st.lists(st.sampled_from(sorted(COUNTING_FAMILIES)), min_size=2, unique=True).map(tuple),
    link_score=st.floats(0, 1),
    infringement_score=st.floats(0, 1),
    min_infringement=st.floats(0, 1),
)
languages = st.sampled_from(Language)


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}


@given(statements, languages)
def test_text_fits_a_terminal_and_steers_none(statement: Statement, language: Language):
    """No line is wider than the terminal, none holds a character that is not shown, none ends in a blank."""
    told = render(statement, Format.TEXT, language)
    for line in told.removesuffix("\n").split("\n"):
        assert cell_len(line) <= WIDTH
        assert line.isprintable()
        assert line == line.rstrip()


@given(statements, languages)
def test_a_page_holds_the_tags_of_its_template_alone(statement: Statement, language: Language):
    """Nothing that is put in becomes a tag or an attribute, and no script is in it."""
    told = render(statement, Format.HTML, language)
    page = Page(told)
    assert set(page.tags) == {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "dl", "dt", "dd"),
        *("section", "h2", "p", "ul", "li"),
    }
    assert {name for _, name in page.attributes} == {
        "lang",
        "charset",
        "name",
        "content",
        "aria-labelledby",
        "id",
        "dir",
    }
    assert not [c for c in told if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"]
    assert page.tags.count("title") == page.tags.count("h1") == 1


@given(statements, languages)
def test_json_is_what_the_database_of_the_eu_takes(statement: Statement, language: Language):
    """Every statement fits the schema; it names neither the store nor a value, not even masked."""
    fields = json.loads(render(statement, Format.JSON, language))
    VALIDATOR.validate(fields)
    blind = tuple(replace(one, shown=()) for one in statement.facts.shared)
    dumb = tuple(replace(one, listing_ids=()) for one in statement.facts.upheld)
    facts = replace(statement.facts, name="Another", shared=blind, upheld=dumb)
    other = replace(statement, store_id="another", facts=facts)
    assert json.loads(render(other, Format.JSON, language)) == fields


@given(statements)
def test_both_languages_say_the_same(statement: Statement):
    """The same sections, each with as many paragraphs and as many items; the head has the same rows."""
    shapes = []
    for language in Language:
        letter = letter_of(statement, language)
        sections = [(part.name, [(b.is_list, len(b.lines)) for b in part.blocks]) for part in letter.sections]
        shapes.append((len(letter.head), sections))
    assert shapes[0] == shapes[1]
    assert [name for name, _ in shapes[0][1]] == [
        *("decision", "facts", "rule", "automation", "effect", "scope", "appeal")
    ]
