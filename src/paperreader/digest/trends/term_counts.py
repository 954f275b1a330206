"""Count in how many papers each word, pair of neighboring words, and keyword occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from paperreader.digest.trends.known_terms import TermFinder
from paperreader.digest.trends.paper_text import PaperText, keyword_spellings, readable_parts
from paperreader.digest.trends.words import BREAK, find_spelling, split_words

_STOP_WORD_TEXT = """
a about above across after all almost along already also although among an and any are around as at be because been
before being better between beyond both but by can cannot com could did do does due during each either end especially
etc even every few for four from further github had has have here how however html http https if in into io is it its
itself just less may might more moreover most much must near not of often on only or org other others our out over own
per rather same several so some still such than that the their them then there these they this those three through thus
to together toward towards two under unlike until up upon us very via vs was we well were what when where whether which
while who whose why will with within without would www yet you your
achieve achieved achieves achieving address addresses based demonstrate demonstrates existing introduce introduces
outperforming outperforms propose proposed proposes show showing shown shows
"""
_STOP_WORDS = frozenset(_STOP_WORD_TEXT.split())
"""Words that occur in papers of every topic. They count neither alone nor in a pair."""


class TermCounts:
    """Numbers of papers by term. Terms are folded: lower case, without accents."""

    def __init__(self, papers: Iterable[PaperText]) -> None:
        """Count the keywords of papers, and the words and pairs that are in a title."""
        self._texts = list(map(_read, papers))
        self.papers = len(self._texts)
        finder = TermFinder(_terms_in(text.title for text in self._texts))
        self._found = [finder.find(text.words) for text in self._texts]
        """The words and pairs that were counted in each of the texts."""
        self.words = Counter(chain.from_iterable(self._found))
        """Words, and pairs of neighboring words separated by a space."""
        self.words_in_titles = Counter(chain.from_iterable(finder.find(text.title) for text in self._texts))
        """The same terms: number of papers that have them in the title."""
        self.keywords = Counter(chain.from_iterable(text.keywords for text in self._texts))

    def display_form(self, term: str) -> str:
        """Return a term in its usual spelling: the first one in the papers."""
        return self._first_spelling(term) or " ".join(
            self._first_spelling(word) or word for word in term.split(" ")
        )

    def _first_spelling(self, term: str) -> str:
        # Only of keywords it may be unknown in which texts they are words.
        texts_with_words = self._found if term in self.words else self._vocabularies
        for text, words in zip(self._texts, texts_with_words, strict=True):
            if " " not in term and term in words:
                return find_spelling(term, text.source)
            if term in text.keywords:
                return text.keywords[term]
        return ""

    @cached_property
    def _vocabularies(self) -> list[set[str]]:
        return [set(text.words) for text in self._texts]


class _Text(NamedTuple):
    """What is counted in a paper."""

    source: str
    """Title and abstract."""
    title: list[str]
    """See `split_words`."""
    words: list[str]
    """Those of title and abstract."""
    keywords: dict[str, str]
    """Their spellings."""


def _read(paper: PaperText) -> _Text:
    title, abstract = readable_parts(paper)
    words = split_words(title)
    return _Text(
        f"{title}\n{abstract}", words, [*words, BREAK, *split_words(abstract)], keyword_spellings(paper)
    )


def _terms_in(texts: Iterable[Sequence[str]]) -> set[str]:
    """Return the words and pairs of texts, which are split into words."""
    terms: set[str] = set()
    for text in texts:
        words = ["" if len(word) < 2 or word in _STOP_WORDS else word for word in text]
        terms.update(words)
        terms.update(f"{first} {second}" for first, second in pairwise(words) if first and second)
    return terms - {""}
