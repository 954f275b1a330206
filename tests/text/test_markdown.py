"""Escaped text is shown literally by every Markdown renderer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from paperreader.text.markdown import escape_html_tags, escape_markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(st.text(alphabet=st.sampled_from("\\`*_[]<>#&~|$!^{}()+-=.:1 9a@/\thw\"'"), max_size=40))
def test_any_escaped_text_is_shown_literally(text):
    tokens = READER.parse(escape_markdown(text))
    inline = [token for token in tokens if token.type == "inline"]
    assert {token.type for token in tokens} <= {"paragraph_open", "paragraph_close", "inline"}
    shown = "".join(child.content for token in inline for child in token.children)
    assert shown == " ".join(text.split())
    assert {child.type for token in inline for child in token.children} <= {"text", "text_special"}


@pytest.mark.parametrize("text", ["A plain title: with a colon (2025)", "Self-Forcing++, 3.5x faster"])
def test_plain_text_is_unchanged(text):
    assert escape_markdown(text) == text


SCRAPS = st.sampled_from(
    [
        *("`", "``", "```", "~~~", "\n", "\n\n", "\n```\n", "<b>", "</b>", "<!-- ", "-->", "<http://a"),
        *("<https://a`>", "> ", "- ", "1. ", "# ", "\\", "  ", "    ", "\t", "x", "|", "[a](`", "](", "==="),
    ]
)


def html_in(tokens):
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            yield token.content
        yield from html_in(token.children or ())


@given(st.lists(SCRAPS, max_size=14).map("".join))
def test_no_note_inserts_html(note):
    quoted = "\n".join(f"> {line}" for line in escape_html_tags(note.strip("\n")).split("\n"))
    assert list(html_in(READER.parse(quoted))) == []


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("a <b>word</b>", "a \\<b>word\\</b>"),
        ("a \\<b>", "a \\<b>"),
        ("code `<b>` and <b>", "code `<b>` and \\<b>"),
        ("```html\n<b>\n```\n<b>", "```html\n<b>\n```\n\\<b>"),
        ("~~~\n```\n~~~\n<b>\n```", "~~~\n```\n~~~\n\\<b>\n```"),
        ("see <https://example.org>", "see <https://example.org>"),
        ("`<b>\n>`", "`\\<b>\n>`"),
        ("\\`<b>`", "\\`\\<b>`"),
    ],
)
def test_html_tags_in_a_note_are_escaped_except_in_code(note, shown):
    assert escape_html_tags(note) == shown
