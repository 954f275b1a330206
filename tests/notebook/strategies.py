"""Hypothesis strategies for marks."""

from __future__ import annotations

from hypothesis import strategies as st

from paperreader.models import Highlight, Mark, Summary

moments = st.integers(1, 10) | st.integers(1_700_000_000_000, 1_700_000_000_009)
text = st.text(max_size=8) | st.sampled_from(
    ["a", "b", "\u2028\x7f\x9b", '"quoted" \\', "\ud800", "line\nline"]
)
names = st.sampled_from(["2403.01234", "cs/0501001", "a-slug-1f2e", ""]) | st.text(max_size=6)
unknown = st.dictionaries(
    st.sampled_from(["colour", "rating"]), st.integers() | st.lists(text, max_size=2) | text, max_size=2
)
flags = st.tuples(st.booleans(), moments) | st.just((False, 0))
positions = st.sampled_from([0.0, 1.0, 1.5, 1_700_000_000_000.25])
passages = st.builds(
    Highlight,
    quote=text.filter(bool),
    block=st.integers(0, 9),
    offset=st.integers(0, 9),
    before=text,
    after=text,
    comment=text,
    version=st.integers(0, 3),
    extra=unknown,
)
marks = st.builds(
    Mark,
    title=text,
    bookmark=st.tuples(st.booleans(), moments),
    read=flags,
    dismissed=flags,
    hidden=flags,
    disliked=flags,
    deleted=flags,
    queue=st.tuples(positions, moments) | st.just((0.0, 0)),
    seen_version=st.tuples(st.integers(0, 9), moments) | st.just((0, 0)),
    note=st.tuples(text, moments),
    tags=st.dictionaries(text, st.tuples(st.booleans(), moments), max_size=2),
    highlights=st.dictionaries(
        st.sampled_from(["00112233aabb", "x"]), st.tuples(st.none() | passages, moments), max_size=2
    ),
    summaries=st.dictionaries(
        st.sampled_from(["tldr", "german"]),
        st.tuples(
            st.none() | st.builds(Summary, text=text, day=st.sampled_from(["", "2026-11-29"]), extra=unknown),
            moments,
        ),
        max_size=2,
    ),
    extra=unknown,
    replaced_notes=st.dictionaries(st.sampled_from(["0a1b2c3d4e5f", "ffffffffffff"]), moments, max_size=2),
)
