"""The in-memory vocabulary and its prefix lookup."""

from __future__ import annotations

from paperreader.search.analysis.vocabulary import MAX_COMPLETIONS, Vocabulary


def test_prefix_stems_sorted_by_frequency():
    vocabulary = Vocabulary([("model", 3), ("models", 2), ("modal", 4), ("mode", 1), ("net", 9)])
    assert vocabulary.prefix_stems("mod") == ("modal", "model", "mode")
    assert vocabulary.prefix_stems("models") == ("model",)
    assert vocabulary.prefix_stems("x") == ()
    assert vocabulary.prefix_stems("") == ()


def test_prefix_stems_are_limited():
    vocabulary = Vocabulary((f"m{number}", number) for number in range(1000))
    stems = vocabulary.prefix_stems("m")
    assert len(stems) == MAX_COMPLETIONS
    assert stems[0] == "m999"


def test_words_are_added_and_removed():
    vocabulary = Vocabulary()
    vocabulary.add("beta")
    vocabulary.add("beta")
    vocabulary.add("alpha")
    vocabulary.add("beta", -1)
    assert vocabulary.prefix_stems("b") == ("beta",)
    vocabulary.add("beta", -1)
    assert vocabulary.prefix_stems("b") == ()
    assert "beta" not in vocabulary
    assert len(vocabulary) == 1


def test_last_unicode_character_as_prefix():
    vocabulary = Vocabulary([("a\U0010ffff", 1), ("ab", 1)])
    assert vocabulary.prefix_stems("a\U0010ffff") == ("a\U0010ffff",)
