"""Tests of citations for the clipboard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paperreader.library import cite_bibtex, cite_markdown
from paperreader.models import Paper
from tests.tui.fakes import make_paper


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_bibtex_entry_has_balanced_braces(title, authors):
    entry = cite_bibtex(Paper("an-id", title, authors=tuple(authors), published="2025-01-01"))
    assert entry.count("{") == entry.count("}")
    assert entry.partition(",")[0].isascii()
    assert "\x1b" not in entry


def test_markdown_link_escapes_markup():
    assert cite_markdown(make_paper(1, title="[CLS] *and* more")) == (
        "[\\[CLS\\] \\*and\\* more](https://arxiv.org/abs/2510.00001)"
    )
