"""Words out of text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.search.analysis.tokenizer import LONGEST_WORD, tokens, words


@given(st.text(st.sampled_from("abstdmrvelL019 '_-.\n")) | st.text())
@example("we'd've don't's it's o'clock 's ''t a'ts")
def test_the_words_of_a_text_are_those_of_its_tokens(text):
    assert words(text) == [word for word, _, _ in tokens(text)]


@pytest.mark.parametrize("text", ["a" * 200, "é" * 200, "a" * 200 + " it's"])
def test_a_very_long_word_is_cut(text):
    assert len(words(text)[0]) == LONGEST_WORD
