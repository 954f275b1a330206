"""Text in Markdown stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from paperreader.text.markdown import escaped

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(st.text(alphabet=st.sampled_from("\\`*_[]<>#&~|$!^{}()+-=.:1 9a@/\thw\"'"), max_size=40))
def test_whatever_the_text_it_is_shown_as_it_stands(text):
    tokens = READER.parse(escaped(text))
    inline = [token for token in tokens if token.type == "inline"]
    assert {token.type for token in tokens} <= {"paragraph_open", "paragraph_close", "inline"}
    shown = "".join(child.content for token in inline for child in token.children)
    assert shown == " ".join(text.split())
    assert {child.type for token in inline for child in token.children} <= {"text", "text_special"}


@pytest.mark.parametrize("text", ["A plain title: with a colon (2025)", "Self-Forcing++, 3.5x faster"])
def test_plain_text_is_left_alone(text):
    assert escaped(text) == text
