"""Words spelt nearly alike, and queries put right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark
from paperreader.search.analysis.fuzzy import MAX_MATCHES, FuzzyMatcher, WordSet, max_distance
from paperreader.search.analysis.vocabulary import Vocabulary


def distance(one, other):
    """Optimal string alignment, cell by cell."""
    table = [
        [max(row, column) if not row * column else 0 for column in range(len(other) + 1)]
        for row in range(len(one) + 1)
    ]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            differs = one[row - 1] != other[column - 1]
            ways = [
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + differs,
            ]
            if (
                row > 1
                and column > 1
                and (one[row - 1], one[row - 2]) == (other[column - 2], other[column - 1])
            ):
                ways.append(table[row - 2][column - 2] + 1)
            table[row][column] = min(ways)
    return table[-1][-1]


WORD = st.text("abcé学\U0001f389", min_size=1, max_size=7)


@given(st.sets(WORD, max_size=30), WORD, st.integers(0, 2))
def test_near_words_are_those_few_edits_away(known, word, most):
    found = WordSet.from_words(known).within_distance(word, most)
    text, ends = "".join(known).encode(), np.cumsum([len(each.encode()) for each in known], dtype=np.int64)
    assert sorted(WordSet.from_utf8(text, ends).within_distance(word, most)) == sorted(found)
    assert sorted(found) == sorted((each, d) for each in known if 0 < (d := distance(word, each)) <= most)


def test_long_words_may_have_two_mistakes_and_short_ones_none():
    assert [max_distance(word) for word in ("ab", "abc", "abcdefg", "abcdefgh")] == [0, 1, 1, 2]
    spelling = FuzzyMatcher(
        Vocabulary([("transformer", 9), ("transforms", 5), ("net", 7), ("bet", 8), ("no", 3)])
    )
    assert spelling.matches("tranformre") == ("transformer",)
    assert spelling.matches("jet") == ("bet", "net")
    assert spelling.matches("ne") == ()


def test_the_nearest_come_first_then_the_most_frequent():
    spelling = FuzzyMatcher(Vocabulary([("diffusion", 1), ("diffusions", 50), ("infusions", 3)]))
    assert spelling.matches("diffusino") == ("diffusion", "diffusions")
    many = FuzzyMatcher(Vocabulary((f"a{chr(letter)}c", letter) for letter in range(200, 300)))
    assert len(many.matches("abc")) == MAX_MATCHES


@pytest.fixture
def ask(make_table, index):
    common = ["Quantum dots | transformer networks for Bézier diffusion"] * 60
    table = make_table(*common, "Quantun | a misprint", "Robots | robotic arms", "A dot | alone")
    index.store.update(table)
    return lambda query, marks=None: index.search(query, table, marks or {})


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
def test_misspelt_words_are_put_right_where_more_is_found_so(ask, query, suggestion):
    assert ask(query).suggestion == suggestion


def test_nothing_is_suggested_when_enough_was_found(ask):
    marks = {row: Mark(note=("quantm", 1)) for row in range(3)}
    assert ask("quantm ", marks).full_matches == 3
    assert ask("quantm ", marks).suggestion == ""
    assert ask("quantm ", {0: marks[0]}).suggestion == "quantum "
