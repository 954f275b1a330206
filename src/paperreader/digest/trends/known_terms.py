"""Count in how many papers known terms occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from paperreader.digest.trends.paper_text import PaperText, keyword_spellings, readable_parts
from paperreader.digest.trends.words import BREAK, split_words


class TermFinder:
    """Finds known words and pairs in texts, several times as fast as building all pairs of a text."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        self._pairs = {tuple(term.split(" ")): term for term in self._terms if " " in term}

    def find(self, words: Sequence[str]) -> set[str]:
        """Return the terms that are among the words of a text, or are two neighbors."""
        found = self._pairs.keys() & zip(words, words[1:], strict=False)  # noqa: RUF007 - half the time of pairwise
        return {*self._terms.intersection(words), *map(self._pairs.__getitem__, found)}


class KnownTermCounts(Struct):
    """Numbers of papers by term, folded."""

    papers: int
    words: Counter[str]
    keywords: Counter[str]


def count_known_terms(papers: Sequence[PaperText], terms: Iterable[str]) -> KnownTermCounts:
    """Count all keywords of papers, and those words and pairs that are in `terms`."""
    finder = TermFinder(terms)
    counts = KnownTermCounts(len(papers), Counter(), Counter())
    for paper in papers:
        title, abstract = readable_parts(paper)
        counts.words.update(finder.find(split_words(f"{title} {BREAK} {abstract}")))
        counts.keywords.update(keyword_spellings(paper).keys())
    return counts
