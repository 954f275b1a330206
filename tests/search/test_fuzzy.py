"""Fuzzy matching and corrected queries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark
from paperreader.search.analysis.fuzzy import MAX_MATCHES, FuzzyMatcher, WordSet, max_distance
from paperreader.search.analysis.vocabulary import Vocabulary


def distance(one, other):
    """Optimal string alignment distance by plain dynamic programming."""
    table = [
        [max(row, column) if not row * column else 0 for column in range(len(other) + 1)]
        for row in range(len(one) + 1)
    ]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            differs = one[row - 1] != other[column - 1]
            costs = [
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + differs,
            ]
            if (
                row > 1
                and column > 1
                and (one[row - 1], one[row - 2]) == (other[column - 2], other[column - 1])
            ):
                costs.append(table[row - 2][column - 2] + 1)
            table[row][column] = min(costs)
    return table[-1][-1]


WORD = st.text("abcé学\U0001f389", min_size=1, max_size=7)


@given(st.sets(WORD, max_size=30), WORD, st.integers(0, 2))
def test_matches_within_edit_distance(words, word, max_edits):
    found = WordSet.from_words(words).within_distance(word, max_edits)
    text, ends = "".join(words).encode(), np.cumsum([len(other.encode()) for other in words], dtype=np.int64)
    assert sorted(WordSet.from_utf8(text, ends).within_distance(word, max_edits)) == sorted(found)
    assert sorted(found) == sorted(
        (other, d) for other in words if 0 < (d := distance(word, other)) <= max_edits
    )


def test_max_distance_depends_on_word_length():
    assert [max_distance(word) for word in ("ab", "abc", "abcdefg", "abcdefgh")] == [0, 1, 1, 2]
    matcher = FuzzyMatcher(
        Vocabulary([("transformer", 9), ("transforms", 5), ("net", 7), ("bet", 8), ("no", 3)])
    )
    assert matcher.matches("tranformre") == ("transformer",)
    assert matcher.matches("jet") == ("bet", "net")
    assert matcher.matches("ne") == ()


def test_fuzzy_matches_sorted_by_distance_then_frequency():
    matcher = FuzzyMatcher(Vocabulary([("diffusion", 1), ("diffusions", 50), ("infusions", 3)]))
    assert matcher.matches("diffusino") == ("diffusion", "diffusions")
    large_matcher = FuzzyMatcher(Vocabulary((f"a{chr(letter)}c", letter) for letter in range(200, 300)))
    assert len(large_matcher.matches("abc")) == MAX_MATCHES


@pytest.fixture
def search(make_table, engine):
    common = ["Quantum dots | transformer networks for Bézier diffusion"] * 60
    table = make_table(*common, "Quantun | a misprint", "Robots | robotic arms", "A dot | alone")
    engine.store.update(table)
    return lambda query, marks=None: engine.search(query, table, marks or {})


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("quantm dots ", "quantum dots "),
        ("Quantm DOST", "Quantum DOTS"),
        ("tranformer ", "transformer "),
        ("trasnfromer ", "transformer "),
        ("bezeir ", "bezier "),
        ('"quantm dots" -robots ', '"quantum dots" -robots '),
        ("title:quantm -date:>2000 ", "title:quantum -date:>2000 "),
        ("(quantm OR zzzzz) is:unread sort:date ", "(quantum OR zzzzz) is:unread sort:date "),
        ("-quantm dost ", "-quantm dots "),
        ("quantun ", "quantum "),
        ("quantum ", ""),
        ("unquantum ", ""),
        ('"undots', ""),
        ("etransformr ", ""),
        ("dots:quantm ", "dots:quantum "),
        ("quantum zzzzzz ", ""),
        ("robots ", ""),
        ("rob", ""),
        ("quan", ""),
        ("quantm* ", ""),
        ("quantm~ ", ""),
        ("tag:quantm ", ""),
        ("gpt5 ", ""),
        ("学习 ", ""),
        ("has:code ", ""),
        ("quantm is:read ", ""),
    ],
)
def test_correction_is_suggested_when_it_has_more_matches(search, query, suggestion):
    assert search(query).suggestion == suggestion


def test_no_suggestion_with_enough_matches(search):
    marks = {row: Mark(note=("quantm", 1)) for row in range(3)}
    assert search("quantm ", marks).full_matches == 3
    assert search("quantm ", marks).suggestion == ""
    assert search("quantm ", {0: marks[0]}).suggestion == "quantum "


def test_corrected_spelling_is_searched_if_nothing_matches(make_table, engine):
    table = make_table(*["Quantum dots | transformer"] * 60, "Quantun | a misprint")
    engine.store.update(table)
    hits = engine.search("quantm dots", table, {}, corrects=True)
    assert (hits.query, hits.corrected, hits.suggestion) == ("quantm dots", "quantum dots", "")
    assert hits.full_matches == len(hits.rows) == 60
    assert hits.find_matches("Quantum") == [(0, 7)]
    as_typed = engine.search("quantm dots", table, {})
    assert (as_typed.full_matches, as_typed.corrected, as_typed.suggestion) == (0, "", "quantum dots")
    rare = engine.search("quantun", table, {}, corrects=True)
    assert (rare.full_matches, rare.corrected, rare.suggestion) == (1, "", "quantum")


def test_many_partial_matches_are_listed(make_table, engine):
    table = make_table(*["A robot arm"] * 150, "A robot and a zebra")
    engine.store.update(table)
    hits = engine.search("robot zebra ", table, {})
    assert (hits.full_matches, len(hits.rows)) == (1, 101)
