"""The words, pairs of words and keywords of papers, each counted once a paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from paperreader.models import Paper
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_ABSTRACT_CHARS = 5000
"""Of an abstract; longer ones are no abstracts."""

_WORD = re.compile(r"[^\W\d_](?:[\w-]{0,38}[^\W_])")
_INNER_CAPITAL = re.compile(r"\w[A-Z]")
"""Of a name (GPT, iPhone), not of the beginning of a sentence."""
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
"""Words that stand in any paper: they say nothing, alone or in a pair."""


class TermCounts:
    """In how many papers each term is. Terms are folded: without case and accents."""

    def __init__(self, only: frozenset[str] | None = None) -> None:
        """`wanted`: count these alone."""
        self._only = only
        self._pair_starts = None if only is None else {term.split(" ")[0] for term in only if " " in term}
        """Words with which wanted pairs begin: of others no pair need be made."""
        self.papers = 0
        self.words: Counter[str] = Counter()
        """Words, and pairs of neighbours with a blank between them."""
        self.words_in_titles: Counter[str] = Counter()
        """Of these, how many papers have them in their titles."""
        self.keywords: Counter[str] = Counter()
        self._folded: dict[str, str] = {}
        self.display_forms: dict[str, str] = {}
        """How a term was first written."""

    def add(self, papers: Iterable[Paper]) -> None:
        """Count the terms of papers."""
        for paper in papers:
            self.papers += 1
            title = self._words(single_line(tex_to_unicode(paper.title)))
            words = title | self._words(single_line(tex_to_unicode(paper.abstract[:MAX_ABSTRACT_CHARS])))
            self.words_in_titles.update(title if self._only is None else title & self._only)
            self.words.update(words if self._only is None else words & self._only)
            self.keywords.update(self._keywords(paper.keywords))

    def _words(self, text: str) -> set[str]:
        found: set[str] = set()
        firsts = self._pair_starts
        before, end = "", -1
        for match in _WORD.finditer(text):
            written = match[0]
            word = self._folded.get(written)
            if word is None:
                word = self._folded[written] = self._fold_new_word(written)
            if not word:
                before = ""
                continue
            found.add(word)
            if before and match.start() == end + 1 and text[end] == " ":
                found.add(f"{before} {word}")
            before = word if firsts is None or word in firsts else ""
            end = match.end()
        return found

    def _fold_new_word(self, written: str) -> str:
        """A word that was not met before, folded; empty for one that any paper has."""
        word = fold_for_search(written)
        if word in _STOP_WORDS:
            return ""
        self.display_forms.setdefault(word, written if _INNER_CAPITAL.search(written) else written.lower())
        return word

    def _keywords(self, keywords: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for keyword in keywords:
            written = single_line(tex_to_unicode(keyword[:200])).replace('"', "")
            if term := fold_for_search(written):
                found.add(term)
                self.display_forms.setdefault(term, written)
        return found

    def display_form(self, term: str) -> str:
        """A term as people write it."""
        return self.display_forms.get(term) or " ".join(
            self.display_forms.get(word, word) for word in term.split(" ")
        )
