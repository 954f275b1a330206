"""Tests of the conversion of notes from Markdown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark, Paper
from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.detail.layout import DetailOptions, layout_detail
from tests.pages import HOSTILE
from tests.tui.fakes import word_highlighter

SIGNS = (
    "# ",
    "> ",
    "- ",
    "1. ",
    "```\n",
    "`",
    "**",
    "*",
    "_",
    "[a](https://x.example)",
    "\n",
    "\n\n",
    "    ",
    "---\n",
)


def laid_out(note, width=50, **view):
    return layout_detail(Paper("x", "T"), Mark(note=(note, 1)), DetailOptions(width=width, **view))


def shown(note, width=50, **view):
    """Return the lines of the note after its bar, and the roles of their words."""
    lines = [line for line in laid_out(note, width, **view).lines if line and line[0].role == "yours"][1:]
    return [
        ("".join(span.text for span in line[2:]), {span.text: span.role for span in line[2:]})
        for line in lines
    ]


def words(note, width=50, **view):
    return [text for text, _ in shown(note, width, **view)]


def test_headings_emphasis_and_code():
    (head, heading), (text, roles) = shown("# Why\nso *em* and **strong** and `a_b`")
    assert (head, heading["Why"]) == ("Why", "title")
    assert text == "so em and strong and a_b"
    assert (roles["em"], roles["strong"], roles["a_b"]) == ("emph", "strong", "code")


def test_lists_are_indented_and_numbered():
    assert words("- one\n- two that goes on and on\n  1. first\n  2. second", 22) == [
        *("• one", "• two that goes on", "  and on", "  1. first", "  2. second"),
    ]
    assert words("3) c\n4) d", glyphs=ASCII) == ["3. c", "4. d"]
    assert words("+ a", glyphs=ASCII) == ["- a"]


def test_code_keeps_whitespace_and_markup():
    assert words("```py\ndef f(x):\n    return [CLS]\n```") == ["def f(x):", "    return [CLS]"]


def test_line_breaks_are_kept():
    assert words("one\ntwo\n\nthree") == ["one", "two", "", "three"]
    assert words("one *x*\ntwo\n\n\nthree\n---\nfour") == ["one x", "two", "", "three", "---", "four"]


def test_quotations_have_their_own_bar():
    assert words("> said *so*\n> twice\n\nme") == ["│ said so", "│ twice", "", "me"]


def test_links_have_their_urls():
    layout = laid_out("[the code](https://github.com/a/b) and https://x.example/p_q.")
    assert words("[the code](https://github.com/a/b)") == ["the code (github.com)"]
    assert [target.url for target in layout.link_regions] == [
        "https://github.com/a/b",
        "https://x.example/p_q",
    ]
    line = "".join(span.text for span in layout.lines[layout.link_regions[0].line])
    assert line[layout.link_regions[0].start : layout.link_regions[0].end] == "the code"


def test_unsafe_urls_and_markup_are_ignored():
    note = "[a](javascript:x()) [b](file:///etc) ![i](https://t.example/x.png) <b>[red]x[/]</b> &#x202e; &amp; [CLS]"
    layout = laid_out(note, 200)
    assert not [target for target in layout.link_regions if "t.example" not in target.url]
    assert " ".join(words(note)).endswith("<b>[red]x[/]</b> &#x202e; &amp; [CLS]")


def test_raw_and_very_long_notes_are_plain_text():
    assert words("# *x*", raw=True) == ["# *x*"]
    assert words("*x* " * 3000, 20)[0] == "*x* *x* *x* *x*"


def test_matches_are_highlighted_inside_emphasis():
    layout = laid_out("see **lamps in doors** now", find_matches=word_highlighter("doors"))
    (line,) = [line for line in layout.lines if any(span.role == "hit" for span in line)]
    assert [span.text for span in line if span.role == "hit"] == ["doors"]
    assert len(layout.match_lines) == 1


@given(
    st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=8), st.just(HOSTILE)), max_size=12).map(
        "".join
    )
)
def test_any_note_fits_and_keeps_all_letters(note):
    for width in (12, 40):
        for line in laid_out(note, width).lines:
            assert sum(cell_width(span.text) for span in line) <= width
            assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for span in line for char in span.text)
