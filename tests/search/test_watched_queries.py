"""Entries of the watch list as queries: whatever they contain, they only find what they name."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.text.query import Or, TextTerm, parse_query
from paperreader.text.query.watched import WATCH_KINDS, parse_watched, watch_query

FIELDS = {
    "authors": ["author"],
    "categories": ["cat"],
    "repositories": ["repo"],
    "words": ["title", "abstract"],
}

TEXTS = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                "OR",
                "NOT",
                "AND",
                "-",
                "(",
                ")",
                '"',
                "“",
                "»",
                "″",
                "author:",
                "is:read",
                "*",
                "~",
                "a",
                "C++",
                "é",
            ]
        ),
        max_size=6,
    ).map(" ".join),
    st.lists(
        st.sampled_from(["a", "OR", "-", ":", '"', "*", "~", "(", "/", ".", "https://"]), max_size=6
    ).map("".join),
)


@pytest.mark.parametrize("kind", WATCH_KINDS)
@given(TEXTS)
def test_an_entry_is_a_query_in_its_fields_only(kind, text):
    with suppress(ValueError):
        entry = parse_watched(kind, text)
        assert parse_watched(kind, entry) == entry
        query = parse_query(watch_query(kind, entry), is_typing=False)
        (node,) = query.nodes
        terms = node.nodes if isinstance(node, Or) else (node,)
        assert all(isinstance(term, TextTerm) for term in terms)
        assert [term.field for term in terms] == FIELDS[kind]
        assert (query.hint, query.sort, query.likes) == ("", None, ())
