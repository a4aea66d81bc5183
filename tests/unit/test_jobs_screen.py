"""What a person sees: tables that fit, numbers that read well, and nothing that steers a terminal."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ringwatch.jobs.screen import Screen, add_rows, cell, count, printable, table

LONG_ID = "seller-" + "0123456789" * 12


def drawn(width: int, *, is_terminal: bool) -> str:
    screen = Screen(is_json=False)
    file = io.StringIO()
    screen.out = Console(file=file, width=width, force_terminal=is_terminal, markup=False, highlight=False, emoji=False)
    screen.say(add_rows(table("seller", "#n"), [(LONG_ID, 1234567)]))
    return file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_table_fits_the_terminal_and_cuts_nothing(width: int):
    lines = re.sub(r"\x1b\[[0-9;]*m", "", drawn(width, is_terminal=True)).splitlines()
    assert max(map(len, lines)) <= width
    assert "".join(line.replace("1,234,567", "").strip() for line in lines[2:]) == LONG_ID


def test_a_piped_table_has_one_line_a_row_and_no_colour_codes():
    text = drawn(80, is_terminal=False)
    assert any(LONG_ID in line and "1,234,567" in line for line in text.splitlines())
    assert "\x1b" not in text


@given(st.text())
def test_printable_text_steers_no_terminal(text: str):
    """No control character and no change of writing direction is left, and plain text is as it was."""
    shown = printable(text)
    assert not any(ord(c) < 32 and c != "\n" for c in shown)
    assert not set(shown) & set("\x1b\x7f\u202e\u2066\u200b")
    if text.isprintable():
        assert shown == text


def test_markup_in_values_is_text():
    assert cell("[red]x[/red] :bomb:").plain == "[red]x[/red] :bomb:"


def test_numbers_read_well():
    assert [cell(value).plain for value in (1234567, 0.98765, True, None)] == ["1,234,567", "0.988", "yes", ""]
    assert [count(n, "ring") for n in (0, 1, 2000)] == ["0 rings", "1 ring", "2,000 rings"]
