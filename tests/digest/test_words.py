"""Words of a text for trends: `split_words`."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.digest.trends.words import find_spelling, split_words
from paperreader.text.sanitize import fold_for_search
from tests.examples import examples

TEXTS = {
    "World Models\nfor agents": "world models for agents",
    "models, agents": "models | agents",
    "(GPT-4)": "| gpt-4 |",
    "self- and pre-training": "self | and pre-training",
    "a 3d-based view of 2,000 tokens": "a | d-based view of | tokens",
    "and/or snake_case _x_": "and | or snake_case | x |",
    "naïve Poincaré maps": "naive poincare maps",
    "agents–models “World” α-divergence": "agents | models | world | α-divergence",
    "": "",
}


@pytest.mark.parametrize("text", TEXTS)
def test_split(text):
    words = [word for word, _ in groupby(split_words(text))]
    assert " ".join(words) == TEXTS[text]


@examples(50)
@given(st.text("abZé09_-,. \n", max_size=30))
def test_words_are_those_of_the_pattern(text):
    words = [word for word in split_words(text) if len(word) > 1]
    assert words == [fold_for_search(word) for word in re.findall(r"[^\W\d_][\w-]*[^\W_]", text)]


def test_spelling():
    assert find_spelling("llms", "Agents (LLMs) and llms") == "LLMs"
    assert find_spelling("agents", "Agents and LLMs") == "agents"
