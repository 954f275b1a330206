"""Search inside of a document."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperreader.fulltext import HEAD, Match, Place, block_text, head_text, search_document
from paperreader.fulltext.text_search import TextSearch, fold_text
from paperreader.text.sanitize import fold_for_search
from tests.fulltext.sample_paper import PAPER

TEXTS = [
    "Title",
    "Ein Gerät, das  Grösse\nmisst: ﬁne  ﬁnal",
    "",
    "東京 と 京都",
    "state-of-the-art x₁₂ and “quotes”",
    "T = 26, P(xᵢ=1) and k\n≤ n",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("gerat", ["Gerät"]),
        ("GERÄT", ["Gerät"]),
        ("das gr", ["das  Gr"]),
        ("grosse misst", ["Grösse\nmisst"]),
        ("  das   ", ["das"]),
        ("京", ["京", "京"]),
        ("x12", ["x₁₂"]),
        ('"quotes"', ["“quotes”"]),
        ("fin", ["ﬁn", "ﬁn"]),
        ("of-the", ["of-the"]),
        ("t=26", ["T = 26"]),
        ("T = 26", ["T = 26"]),
        ("xi = 1", ["xᵢ=1"]),
        ("k≤n", ["k\n≤ n"]),
        ("=", ["=", "="]),
        ("title e", []),
        ("", []),
        ("\0", []),
        (".*", []),
    ],
)  # fmt: skip
def test_matches_ignore_case_accents_and_line_ends(query: str, found: list[str]) -> None:
    matches = TextSearch(TEXTS).find(query)
    shown = [TEXTS[match.block - HEAD][match.start : match.end] for match in matches]
    assert shown == found


def test_next_matches_are_found_by_place() -> None:
    matches = TextSearch(["one two", "two", "", "a two and two"]).find("two")
    assert list(matches) == [Match(-1, 4, 7), Match(0, 0, 3), Match(2, 2, 5), Match(2, 10, 13)]
    places = [Place(), Place(-1, 7), Place(0, 1), Place(1, 0), Place(2, 4), Place(2, 5), Place(9, 0)]
    assert [matches.first_from(place) for place in places] == [0, 1, 1, 2, 2, 3, 0]
    assert [list(matches.numbers_in(block)) for block in (-1, 0, 1, 2)] == [[0], [1], [], [2, 3]]


def test_words_of_formulas_tables_and_references_are_found() -> None:
    search = search_document(PAPER)
    for query in ("pendulum", "sin θ", "Nagoya 名古屋", "oTA et al", "clock.tick", "swings += 1", "as ota"):
        matches = search.find(query)
        assert len(matches), query
        for match in matches:
            text = head_text(PAPER) if match.block == HEAD else block_text(PAPER.blocks[match.block])
            shown = re.sub(r"\s+", " ", fold_for_search(text[match.start : match.end]))
            assert shown == fold_for_search(query)


@given(
    st.lists(st.text(max_size=30), max_size=4),
    st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="=<>≤≥≠≈≡∼≃∈∉⊂⊆→←↦"),
        min_size=1,
        max_size=3,
    ),
)
@settings(max_examples=40)
def test_every_match_has_the_text_of_the_query(texts: list[str], query: str) -> None:
    texts = [text.replace("\0", "") for text in texts]
    wanted = fold_text(query.replace("\0", " ")).text.split()
    matches = list(TextSearch(texts).find(query))
    for match in matches:
        text = texts[match.block - HEAD]
        assert 0 <= match.start < match.end <= len(text)
        assert all(word in fold_text(text[match.start : match.end]).text for word in wanted)
    if len(wanted) == 1:
        expected = sum(fold_text(text).text.count(wanted[0]) for text in texts)
        assert len(matches) == expected


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Mn", "Mc", "Me", "Lo")), max_size=20))
def test_folding_is_that_of_every_other_search(text: str) -> None:
    folded = fold_text(text)
    plain = "".join(char for char in text if char.isalnum())
    assert "".join(fold_text(char).text for char in plain) == fold_for_search(plain)
    if folded.offsets is not None:
        assert len(folded.offsets) == len(folded.text) + 1
        assert list(folded.offsets) == sorted(folded.offsets)
