"""Count in how many papers each word, pair of neighboring words, and keyword occurs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from paperreader.models import Paper
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_ABSTRACT_CHARS = 5000
"""Characters of an abstract that are read; longer ones are usually not abstracts."""

_WORD = re.compile(r"([^\W\d_](?:[\w-]{0,38}[^\W_]))")
_INNER_CAPITAL = re.compile(r"\w[A-Z]")
"""Marks a name (GPT, iPhone), as opposed to the start of a sentence."""
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

    def __init__(self, only: frozenset[str] | None = None) -> None:
        """`only`: count no other terms."""
        self._only = only
        self._pair_starts = None if only is None else {term.split(" ")[0] for term in only if " " in term}
        """First words of the pairs in `only`; pairs with other first words need not be built."""
        self.papers = 0
        self.words: Counter[str] = Counter()
        """Words, and pairs of neighboring words separated by a space."""
        self.words_in_titles: Counter[str] = Counter()
        """The same terms: number of papers that have them in the title."""
        self.keywords: Counter[str] = Counter()
        self.display_forms: dict[str, str] = {}
        """The first spelling of each term."""
        self._folded = _FoldedWords(self.display_forms)

    def add(self, papers: Iterable[Paper]) -> None:
        """Count the terms of papers."""
        for paper in papers:
            self.papers += 1
            title = self._words(tex_to_unicode(paper.title))
            abstract = self._words(tex_to_unicode(paper.abstract[:MAX_ABSTRACT_CHARS]))
            words = title | abstract
            self.words_in_titles.update(title if self._only is None else title & self._only)
            self.words.update(words if self._only is None else words & self._only)
            self.keywords.update(self._keywords(paper.keywords))

    def display_form(self, term: str) -> str:
        """Return a term in its usual spelling."""
        return self.display_forms.get(term) or " ".join(
            self.display_forms.get(word, word) for word in term.split(" ")
        )

    def _words(self, text: str) -> set[str]:
        parts = _WORD.split(" ".join(text.split()))  # what is between words, and words, in turn
        words, between = [self._folded[spelling] for spelling in parts[1::2]], parts[2::2]
        starts = self._pair_starts
        terms = {
            f"{first} {second}"
            for first, gap, second in zip(words, between, words[1:], strict=False)
            if gap == " " and first and second and (starts is None or first in starts)
        }
        terms.update(words)
        terms.discard("")
        return terms

    def _keywords(self, keywords: Iterable[str]) -> set[str]:
        terms: set[str] = set()
        for keyword in keywords:
            spelling = single_line(tex_to_unicode(keyword[:200])).replace('"', "")
            if term := fold_for_search(spelling):
                terms.add(term)
                self.display_forms.setdefault(term, spelling)
        return terms


class _FoldedWords(dict[str, str]):
    """Words by their spelling in a text, folded; empty for a stop word. The first spelling of each is kept."""

    def __init__(self, display_forms: dict[str, str]) -> None:
        super().__init__()
        self._display_forms = display_forms

    def __missing__(self, spelling: str) -> str:
        word = fold_for_search(spelling)
        if word in _STOP_WORDS:
            word = ""
        else:
            form = spelling if _INNER_CAPITAL.search(spelling) else spelling.lower()
            self._display_forms.setdefault(word, form)
        self[spelling] = word
        return word
