"""Completion of the word being typed."""

from __future__ import annotations

from paperreader.search.analysis.vocabulary import MOST_COMPLETIONS, Words


def test_completions_are_stems_the_most_frequent_first():
    words = Words([("model", 3), ("models", 2), ("modal", 4), ("mode", 1), ("net", 9)])
    assert words.completions("mod") == ("modal", "model", "mode")
    assert words.completions("models") == ("model",)
    assert words.completions("x") == ()
    assert words.completions("") == ()


def test_completions_are_capped():
    words = Words((f"m{number}", number) for number in range(1000))
    found = words.completions("m")
    assert len(found) == MOST_COMPLETIONS
    assert found[0] == "m999"


def test_words_come_and_go():
    words = Words()
    words.add("beta")
    words.add("beta")
    words.add("alpha")
    words.add("beta", -1)
    assert words.completions("b") == ("beta",)
    words.add("beta", -1)
    assert words.completions("b") == ()
    assert "beta" not in words
    assert len(words) == 1


def test_the_last_character_of_unicode_is_a_prefix_like_any_other():
    words = Words([("a\U0010ffff", 1), ("ab", 1)])
    assert words.completions("a\U0010ffff") == ("a\U0010ffff",)
