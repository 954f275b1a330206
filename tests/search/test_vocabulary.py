"""Completion of the word being typed."""

from __future__ import annotations

from paperreader.search.analysis.vocabulary import MAX_COMPLETIONS, Vocabulary


def test_completions_are_stems_the_most_frequent_first():
    words = Vocabulary([("model", 3), ("models", 2), ("modal", 4), ("mode", 1), ("net", 9)])
    assert words.prefix_stems("mod") == ("modal", "model", "mode")
    assert words.prefix_stems("models") == ("model",)
    assert words.prefix_stems("x") == ()
    assert words.prefix_stems("") == ()


def test_completions_are_capped():
    words = Vocabulary((f"m{number}", number) for number in range(1000))
    found = words.prefix_stems("m")
    assert len(found) == MAX_COMPLETIONS
    assert found[0] == "m999"


def test_words_come_and_go():
    words = Vocabulary()
    words.add("beta")
    words.add("beta")
    words.add("alpha")
    words.add("beta", -1)
    assert words.prefix_stems("b") == ("beta",)
    words.add("beta", -1)
    assert words.prefix_stems("b") == ()
    assert "beta" not in words
    assert len(words) == 1


def test_the_last_character_of_unicode_is_a_prefix_like_any_other():
    words = Vocabulary([("a\U0010ffff", 1), ("ab", 1)])
    assert words.prefix_stems("a\U0010ffff") == ("a\U0010ffff",)
