"""Tests of text spans and of the one-line widgets."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.text.cell_width import cell_width
from paperreader.tui.widgets.status_bar import StatusBar, StatusInfo, sanitize_part
from paperreader.tui.widgets.text_line import (
    TextSpan,
    align_both_ends,
    highlight,
    span_width,
    truncate,
    truncate_longest,
)

span_lists = st.lists(st.builds(TextSpan, st.text("ab 視界é", max_size=12)), max_size=6)


@given(span_lists, span_lists, st.integers(0, 40))
@example([], [TextSpan("aa"), TextSpan("界界")], 7)
def test_align_both_ends_fills_the_width(left, right, width):
    line = align_both_ends(left, right, width)
    assert span_width(line) <= width
    if span_width(left) + span_width(right) + 1 <= width:
        assert span_width(line) == width
        assert "".join(span.text for span in line).startswith("".join(span.text for span in left))


@given(span_lists, st.integers(0, 40))
def test_truncate_keeps_the_left_part(line, width):
    text = "".join(span.text for span in truncate(line, width))
    assert cell_width(text) <= width
    if span_width(line) <= width:
        assert text == "".join(span.text for span in line)


def test_only_matches_in_a_part_of_a_text_are_highlighted():
    ranges = [(0, 1), (1, 3), (4, 5), (7, 9), (9, 11)]
    spans = highlight("cdefgh", ranges, "text", 2, match=2)
    assert [(span.text, span.role) for span in spans] == [
        ("c", "hit"),
        ("d", "text"),
        ("e", "match"),
        ("fg", "text"),
        ("h", "hit"),
    ]


def test_truncate_longest_keeps_following_spans():
    line = truncate_longest(
        [TextSpan("Bookmarked: "), TextSpan("A very long title indeed it is"), TextSpan("  u undoes")], 40
    )
    assert span_width(line) <= 40
    assert line[-1].text == "  u undoes"
    assert line[0].text == "Bookmarked: "


def test_truncate_longest_keeps_the_text_around_a_name():
    head, name, tail = (
        TextSpan("Written to ", "muted"),
        TextSpan("~/papers.bib"),
        TextSpan("  a long remark", "muted"),
    )
    assert [span.text for span in truncate_longest([head, name, tail], 36)] == [
        "Written to ",
        "~/papers.…",
        "  a long remark",
    ]
    assert span_width(truncate_longest([TextSpan("  "), head, tail], 24)) <= 24


@given(st.text())
def test_status_message_has_no_line_breaks(text):
    message = sanitize_part(text)
    assert not [char for char in message if unicodedata.category(char) in ("Cc", "Zl", "Zp")]


def test_narrow_status_bar_prefers_activity_to_sort():
    line = StatusBar()
    line.info = StatusInfo("All papers", "newest first", 8181, 123, 1234, 8181, "fetching 42%")
    reported = "".join(span.text for span in line.spans(80))
    assert cell_width(reported) <= 80
    assert "All papers  ·  fetching 42%" in reported
    assert "newest first" in "".join(span.text for span in line.spans(120))
    line.hint = (TextSpan("New here?"),)
    assert "fetching 42%" in "".join(span.text for span in line.spans(80))
    line.info = line.info._replace(activity="")
    assert "New here?" in "".join(span.text for span in line.spans(80))
