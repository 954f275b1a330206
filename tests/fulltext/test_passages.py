"""Sentences, highlights and finding them again."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from paperreader.fulltext.layout.lines import Place
from paperreader.fulltext.passages import (
    Passage,
    find_passage,
    passage_text,
    sentences,
    to_highlight,
)
from paperreader.models import Highlight

TEXTS = [
    "Lamps in Corridors",
    "Lamps are lit at dusk. They burn until dawn, i.e. for ten hours. Lamps are lit at dusk.",
    "",
    "A second paragraph (see Fig. 3). Writer et al. say so. Is it true? J. S. Bach was a composer! It ends here.",
]


def passage(first: tuple[int, int], last: tuple[int, int]) -> Passage:
    return Passage(Place(*first), Place(*last))


def test_sentences_of_a_paragraph() -> None:
    assert [TEXTS[3][first:last] for first, last in sentences(TEXTS[3])] == [
        "A second paragraph (see Fig. 3).",
        "Writer et al. say so.",
        "Is it true?",
        "J. S. Bach was a composer!",
        "It ends here.",
    ]
    assert [TEXTS[1][first:last] for first, last in sentences(TEXTS[1])] == [
        "Lamps are lit at dusk.",
        "They burn until dawn, i.e. for ten hours.",
        "Lamps are lit at dusk.",
    ]
    assert sentences(" \n ") == []


@given(st.text(alphabet="aB. !?(\n\"'3é", max_size=60))
def test_sentences_contain_every_word_once_in_order(text: str) -> None:
    found = sentences(text)
    assert "".join(text[first:last] for first, last in found).split() == "".join(text).split() or [
        char for first, last in found for char in text[first:last] if not char.isspace()
    ] == [char for char in text if not char.isspace()]
    assert all(first < last for first, last in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_highlight_has_quote_and_context() -> None:
    highlight = to_highlight(TEXTS, passage((1, 23), (3, 18)), version=2, comment="mine")
    assert highlight == Highlight(
        "They burn until dawn, i.e. for ten hours. Lamps are lit at dusk.\nA second paragraph",
        block=1,
        offset=23,
        before="Lamps are lit at dusk. ",
        after=" (see Fig. 3). Writer et al. say"[:32],
        comment="mine",
        version=2,
    )
    assert find_passage(TEXTS, highlight) == passage((1, 23), (3, 18))


def test_blank_passage_is_no_highlight() -> None:
    assert to_highlight(TEXTS, passage((1, 22), (1, 23))) is None
    assert to_highlight(TEXTS, passage((2, 0), (2, 0))) is None
    assert to_highlight([".  ."], passage((0, 0), (0, 4))) is None
    assert to_highlight(["a. ?", "b"], passage((0, 2), (1, 1))) == Highlight("b", block=1)


def test_equal_sentences_are_told_apart_by_place_and_context() -> None:
    last = to_highlight(TEXTS, passage((1, 65), (1, 87)))
    assert last is not None
    assert find_passage(TEXTS, last) == passage((1, 65), (1, 87))
    moved = ["New first block.", *TEXTS]
    assert find_passage(moved, last) == passage((2, 65), (2, 87))


def test_passage_is_found_in_another_version() -> None:
    highlight = to_highlight(TEXTS, passage((3, 33), (3, 66)), version=1)
    assert highlight is not None
    other = ["Inserted.", "Earlier, Writer  et al., say so. Is it\u00a0true? No."]
    found = find_passage(other, highlight)
    assert found is not None
    assert passage_text(other, found) == "Writer et al., say so. Is it true?"


def test_passage_that_was_removed_is_not_found() -> None:
    assert find_passage(["Something else"], Highlight("Lamps are lit.")) is None
    assert find_passage(["a b c"], Highlight("?!")) is None
    assert find_passage([], Highlight("Lamps")) is None


@given(st.lists(st.text(alphabet="ab .ß\u0130\n\t", max_size=20), min_size=1, max_size=4), st.data())
def test_highlight_is_found_where_it_was_made(texts: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(texts) - 1))
    last = data.draw(st.integers(first, len(texts) - 1))
    start = data.draw(st.integers(0, len(texts[first])))
    end = data.draw(st.integers(start if first == last else 0, len(texts[last])))
    highlight = to_highlight(texts, passage((first, start), (last, end)))
    if highlight is not None:
        found = find_passage(texts, highlight)
        assert found is not None
        assert found.start == Place(highlight.block, highlight.offset)
        assert "".join(passage_text(texts, found).split())[:1] == "".join(highlight.quote.split())[:1]


def test_passages_of_tables_and_code_are_found() -> None:
    texts = ["a\tb\nc\td", "x = 1\ny = 2"]
    highlight = to_highlight(texts, passage((0, 2), (1, 5)))
    assert highlight is not None
    assert highlight.quote == "b c d\nx = 1"
    assert find_passage(texts, highlight) == passage((0, 2), (1, 5))


@given(st.text(alphabet="ΣΑσς İıßﬁ1-_.x", min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 20))
def test_a_quote_is_found_in_another_block(text: str, start: int, size: int) -> None:
    quote = text[start : start + size].strip()
    if sum(char.isalnum() for char in quote) >= 3:
        found = find_passage(["", "", text], Highlight(quote, block=0))
        assert found is not None and found.start.block == 2
