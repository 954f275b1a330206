"""The tokenizer."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.search.analysis.tokenizer import MAX_WORD_LENGTH, split_words, tokenize


@given(st.text(st.sampled_from("abstdmrvelL019 '_-.\n")) | st.text())
@example("we'd've don't's it's o'clock 's ''t a'ts")
def test_split_words_equals_words_of_tokens(text):
    assert split_words(text) == [word for word, _, _ in tokenize(text)]


@pytest.mark.parametrize("text", ["a" * 200, "é" * 200, "a" * 200 + " it's"])
def test_long_word_is_truncated(text):
    assert len(split_words(text)[0]) == MAX_WORD_LENGTH
