"""The stems of a paper, as the index holds them."""

from __future__ import annotations

from collections import Counter

from paperreader.models import Paper
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.text.tex_display import tex_to_unicode

MAX_LENGTH = 50_000
"""Characters of an abstract that are counted; a whole text in its place would take seconds."""


def count_stems(paper: Paper) -> Counter[str]:
    """Return how often each stem occurs in title and abstract together."""
    texts = (paper.title[:MAX_LENGTH], paper.abstract[:MAX_LENGTH])
    return Counter(stem(word) for text in texts for word in split_words(tex_to_unicode(text)))
