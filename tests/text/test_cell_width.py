"""Width of text in cells; truncated and wrapped without splitting a grapheme cluster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len  # what Textual measures with

from paperreader.text.cell_width import cell_width, is_narrow, truncate_cells, wrap_cells
from paperreader.text.sanitize import sanitize

WORDS = st.text(alphabet="ab c漢字é𝒪e\u0301 \U0001f600", max_size=60)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("漢字", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("𝒪", 1),
        ("\U0001f600", 2),
        ("… – →", 5),
        ("ᄒ\u1161", 2),
    ],
)
def test_cell_width(text: str, width: int) -> None:
    assert cell_width(text) == width == cell_len(text)


@given(st.text(alphabet=st.characters(exclude_categories=["C"], max_codepoint=0x3FF), max_size=50))
def test_cell_width_equals_that_of_textual(text: str) -> None:
    assert cell_width(sanitize(text)) == cell_len(sanitize(text))


def test_narrow_characters_take_one_cell() -> None:
    narrow = [chr(code) for code in range(0x3000) if is_narrow(chr(code))]
    assert len(narrow) > 1500
    assert [char for char in narrow if cell_len(char) != 1] == []


@given(st.text(max_size=50))
def test_parts_add_up(text: str) -> None:
    assert cell_width(text) <= 2 * len(text)
    assert cell_width(text + "abc") <= cell_width(text) + 3


@given(WORDS, st.integers(0, 30))
def test_truncated_text_fits(text: str, width: int) -> None:
    shown = truncate_cells(text, width)
    assert cell_width(shown) <= width
    if cell_width(text) <= width:
        assert shown == text
    elif width > 0:
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])
        rest = text[len(shown) - 1 :]
        assert not rest.startswith("\u0301"), "cut inside a combining sequence"


def test_truncated_at_a_word_if_that_loses_little() -> None:
    assert truncate_cells("Hello wide world", 12) == "Hello wide…"
    assert truncate_cells("Hello wide world", 11) == "Hello wide…"
    assert truncate_cells("Incomprehensibilities", 10) == "Incompreh…"
    assert truncate_cells("a Incomprehensibilities", 10) == "a Incompr…"
    assert truncate_cells("漢字漢字", 5) == "漢字…"
    assert truncate_cells("漢字漢字", 4) == "漢…"
    assert truncate_cells("Hello world", 7, "..") == "Hello.."
    assert truncate_cells("Hello", 0) == ""


@given(WORDS, st.integers(2, 30))
def test_wrapped_text_is_complete_and_fits(text: str, width: int) -> None:
    lines = wrap_cells(text, width)
    assert lines
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrap_cells() -> None:
    assert wrap_cells("one two three", 7) == ["one two", "three"]
    assert wrap_cells("  one \n\n two ", 9) == ["one", "", "two"]
    assert wrap_cells("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]
    assert wrap_cells("", 5) == [""]
