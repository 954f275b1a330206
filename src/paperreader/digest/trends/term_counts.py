"""Count in how many papers each word, pair of neighboring words, and keyword occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from paperreader.digest.trends.paper_text import PaperText
from paperreader.digest.trends.words import BREAK, find_spelling, split_words
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_ABSTRACT_CHARS = 5000
"""Characters of an abstract that are read; longer ones are usually not abstracts."""

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

    def __init__(self, papers: Iterable[PaperText], only: Iterable[str] | None = None) -> None:
        """Count the terms of papers: all keywords, and the words and pairs in `only`, or those that are in a title.

        To find known terms in a text is several times as fast as to build all of its pairs. With `only`, texts are
        not kept: spellings are not known, and titles not counted.
        """
        self.papers = 0
        self.words: Counter[str] = Counter()
        """Words, and pairs of neighboring words separated by a space."""
        self.words_in_titles: Counter[str] = Counter()
        """The same terms: number of papers that have them in the title."""
        self.keywords: Counter[str] = Counter()
        self._texts: list[_Text] = []
        self._found: list[set[str]] = []
        """The words and pairs that were counted in each of the texts."""
        texts: Iterable[_Text] = self._texts
        if only is not None:
            texts = map(_read_words, papers)
        else:
            self._texts += map(_read, papers)
            only = _terms_in(text.title for text in texts)
        terms = frozenset(only)
        pairs = {tuple(term.split(" ")): term for term in terms if " " in term}

        def find(words: Sequence[str]) -> set[str]:
            found = pairs.keys() & zip(words, words[1:], strict=False)  # noqa: RUF007 - half the time of pairwise
            return {*terms.intersection(words), *map(pairs.__getitem__, found)}

        def find_in_texts() -> Iterator[set[str]]:
            for text in texts:
                self.papers += 1
                self.keywords.update(text.keywords.keys())
                yield find(text.words)

        if self._texts:
            self._found += find_in_texts()
        self.words.update(chain.from_iterable(self._found or find_in_texts()))
        for text in self._texts:
            self.words_in_titles.update(find(text.title))

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
    title, abstract = map(tex_to_unicode, (paper.title, paper.abstract[:MAX_ABSTRACT_CHARS]))
    words = split_words(title)
    return _Text(f"{title}\n{abstract}", words, [*words, BREAK, *split_words(abstract)], _keywords(paper))


def _read_words(paper: PaperText) -> _Text:
    """As `_read`, without the words of the title alone, in less time."""
    title, abstract = map(tex_to_unicode, (paper.title, paper.abstract[:MAX_ABSTRACT_CHARS]))
    text = f"{title} {BREAK} {abstract}"
    return _Text(text, [], split_words(text), _keywords(paper))


def _keywords(paper: PaperText) -> dict[str, str]:
    keywords: dict[str, str] = {}
    for keyword in paper.keywords:
        spelling = single_line(tex_to_unicode(keyword[:200])).replace('"', "")
        if term := fold_for_search(spelling):
            keywords.setdefault(term, spelling)
    return keywords


def _terms_in(texts: Iterable[Sequence[str]]) -> set[str]:
    """Return the words and pairs of texts, which are split into words."""
    terms: set[str] = set()
    for text in texts:
        words = ["" if len(word) < 2 or word in _STOP_WORDS else word for word in text]
        terms.update(words)
        terms.update(f"{first} {second}" for first, second in pairwise(words) if first and second)
    return terms - {""}
