"""Tests of match reasons and snippets."""

from hypothesis import given
from hypothesis import strategies as st

from paperreader.text.cell_width import cell_width
from paperreader.tui.widgets.paper_list.match_reason import match_reason, snippet
from tests.tui.fakes import word_highlighter


def test_no_match_reason_when_title_matches():
    assert match_reason(word_highlighter("network"), "A Network", "", lambda: "about networks") is None
    assert match_reason(word_highlighter("network atlas"), "A Network", "", lambda: "about networks") is None
    assert (
        match_reason(
            word_highlighter("network atlas"), "A Network", "", lambda: "with an atlas of networks"
        ).focus
        == 0
    )


def test_match_reason_is_the_place_with_most_words():
    text = "dogs here. " + "x " * 60 + "dogs chase cats and birds. " + "y " * 60 + "cats"
    reason = match_reason(word_highlighter("dog cat bird"), "Nothing", "", lambda: text)
    assert text[reason.ranges[reason.focus][0] :].startswith("dogs chase cats")


def test_authors_are_the_reason_if_more_of_the_query_matched_there():
    found = word_highlighter("jay lamps")

    def reason(title, abstract):
        return match_reason(found, title, "", lambda: abstract, lambda: "Ann Jay, Bo Kay")

    assert reason("Doors", "about doors").text == "Ann Jay, Bo Kay"
    assert reason("Lamps", "about doors").text == "Ann Jay, Bo Kay"
    assert reason("Doors", "a jay among lamps").text == "a jay among lamps"
    assert reason("Doors", "about lamps").text == "about lamps"
    assert reason("Jay lamps", "about doors") is None


@given(st.text(min_size=1, max_size=400), st.data(), st.integers(4, 120))
def test_snippet_fits_and_contains_its_ranges(text, data, width):
    a = data.draw(st.integers(0, len(text) - 1))
    b = data.draw(st.integers(a + 1, len(text)))
    shown, spans = snippet(text, [(a, b)], 0, width)
    assert cell_width(shown) <= width
    for start, end in spans:
        assert 0 <= start < end <= len(shown)
        assert shown[start:end] in text
