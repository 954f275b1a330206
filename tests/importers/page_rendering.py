"""Render invented papers as Daily Papers pages that a browser saved as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias

from hypothesis import strategies as st

from paperreader.importers import Input, read_entries
from paperreader.models import ImportedEntry, Problem

Paper: TypeAlias = tuple[str, str]

HEAD_A = (
    "new",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "Daily Papers",
    "byAK and the research community",
)
HEAD_B = (
    "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"
)
TODAY = dt.date(2026, 1, 15)

_WORDS = (
    *(
        "lantern",
        "river",
        "sediment",
        "corridor",
        "model",
        "learning",
        "attention",
        "graph",
        "café",
        'na\\"{\\i}ve',
    ),
    *(
        "$x^2$",
        "sparse",
        "light",
        "4\\%",
        "clock",
        "token",
        "memory",
        "漢字",
        "policy",
        "search",
        "image",
        "of",
        "with",
    ),
    *("from", "under", "for"),
)
_SENTENCES = (
    "We ask how few lamps light a corridor of many doors.",
    "A greedy walk that moves every lamp at most once comes within a factor of two!",
    "Is that the best one can hope for?",
    "The code is at https://github.com/lanternlab/Sparse-Lanterns.",
    "Rivers lay down one layer a year, and most models forget all but the last (see e.g. the clocks of $n$ valleys).",
    'Players who never learnt an opening still find "good" ones, in 4\\% of all games.',
    "On average this takes 3.5 hours, i.e. half a day.",
)
titles = st.lists(st.sampled_from(_WORDS), min_size=2, max_size=16).map(
    lambda words: " ".join(words).capitalize()
)
abstracts = st.lists(st.sampled_from(_SENTENCES), min_size=4, max_size=14).map(" ".join)
papers = st.lists(st.tuples(titles, abstracts), min_size=1, max_size=12)


def layout_a(items: Sequence[Paper], day: str = "Mar 14", head: Sequence[str] = HEAD_A) -> str:
    """Return a page with blank lines between paragraphs, and a date."""
    texts = [text for item in items for text in item if text]
    return "\n\n".join([*head, *([day] if day else []), *texts]) + "\n"


def layout_b(items: Sequence[Paper], head: str = HEAD_B) -> str:
    """Return a page without blank lines and date, with the first title directly after the button."""
    return head + "\n".join(text for item in items for text in item if text)


def import_page(
    text: str | bytes,
    name: str = "page.txt",
    date: str | None = None,
    modified: dt.date | None = dt.date(2025, 6, 1),
) -> tuple[list[Paper], list[Problem], list[str | None]]:
    """Return titles and abstracts of a page, its problems, and the listing date of each paper."""
    data = text if isinstance(text, bytes) else text.encode()
    found = list(read_entries(Input(name, data, modified), date=date, today=TODAY))
    problems = [item for item in found if isinstance(item, Problem)]
    records = [item.records[0] for item in found if isinstance(item, ImportedEntry)]
    return (
        [(record.title, record.abstract) for record in records],
        problems,
        [record.source.date for record in records],
    )
