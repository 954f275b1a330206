"""The tokenizer."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.search.analysis.cased_words import capital_words, capitals_form, split_cased_words
from paperreader.search.analysis.tokenizer import MAX_WORD_LENGTH, split_words, tokenize, truncate_word

TEXTS = (
    st.text(st.sampled_from("abstdmrvelL019 '_-.\n"))
    | st.text(st.sampled_from("aStB1 '’+#*⁺∗_–²βΣéÉİ\u0301中ﬁ𝔽—\n"))
    | st.text()
)


@given(TEXTS)
@example("we'd've don't's it's o'clock 's ''t a'ts")
@example("π0 with β*, (σ²) – “Schrödinger’s” ΔVAR é+ and naïve’t")
def test_split_words_equals_words_of_tokens(text):
    assert split_words(text) == [word for word, _, _ in tokenize(text)]


@given(TEXTS)
@example("DON'T IoU's MoD R A I VARs x2Y ÉVAR VARÉ “BERT”–LoRA C++ I'd R'S O'CLOCK")
@example("A" * 70)
def test_cased_words_have_same_lower_case_and_capitals(text):
    words, capitals = split_cased_words(text)
    lower_case = [truncate_word(word.lower()) if word.isascii() else word for word in words]
    assert lower_case == [word for word, _, _ in tokenize(text)]
    assert {*filter(None, map(capitals_form, words)), *capitals} == capital_words(text)


@pytest.mark.parametrize("text", ["a" * 200, "é" * 200, "a" * 200 + " it's"])
def test_long_word_is_truncated(text):
    assert len(split_words(text)[0]) == MAX_WORD_LENGTH
