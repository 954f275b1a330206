"""The words of a query, looked up where they are searched: in the papers and notes, or in full texts."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import cached_property
from typing import Protocol

from paperreader.search.analysis.fuzzy import FuzzyMatcher
from paperreader.search.index.index_vocabulary import IndexVocabulary
from paperreader.search.query.match import Match
from paperreader.search.query.matcher import Matcher
from paperreader.search.query.plan import TermGroup, TermSlot
from paperreader.text.query.fields import FULL_TEXT


class FullTextWords(Protocol):
    """The words of full texts (see `texts.lookup`)."""

    @property
    def vocabulary(self) -> IndexVocabulary: ...

    @property
    def fuzzy(self) -> FuzzyMatcher:
        """Fuzzy matching over `vocabulary`."""
        ...

    @property
    def hint(self) -> str:
        """Why nothing can be found, as a hint of a query; empty if something can."""
        ...

    @property
    def rows(self) -> Container[int]:
        """The rows of the papers that have an indexed full text."""
        ...

    @property
    def is_indexed(self) -> bool:
        """Whether there is an intact index."""
        ...

    def match(self, group: TermGroup, cancelled: Callable[[], bool]) -> Match: ...

    def cost(self, group: TermGroup) -> int: ...

    def frequency(self, slot: TermSlot) -> int: ...

    def stems(self, slot: TermSlot) -> frozenset[str]: ...

    def blocks(self, row: int) -> Sequence[str] | None:
        """Return the text of each block of the full text of a paper; None if it is not there. Reads a file."""
        ...


class QueryWords:
    """Looks words up for one search.

    Args:
        matcher: the words of papers and notes.
        open_texts: opens the full texts. Called only if a word is searched there.
    """

    def __init__(self, matcher: Matcher, open_texts: Callable[[], FullTextWords]) -> None:
        self._matcher, self._open_texts = matcher, open_texts

    @cached_property
    def texts(self) -> FullTextWords:
        """The words of full texts."""
        return self._open_texts()

    def match(self, group: TermGroup, cancelled: Callable[[], bool]) -> Match:
        """Return the papers that contain a group in its field (see `Matcher.match`).

        Raises:
            SearchCancelled: `cancelled` returned true.
        """
        if group.field == FULL_TEXT:
            return self.texts.match(group, cancelled)
        return self._matcher.match(group, cancelled)

    @property
    def rarest_score(self) -> float:
        """See `Matcher.rarest_score`."""
        return self._matcher.rarest_score

    def cost(self, group: TermGroup) -> int:
        """Estimate the cost of matching a group, in postings (see `cost_limit`)."""
        return self.texts.cost(group) if group.field == FULL_TEXT else self._matcher.cost(group)

    def frequency_in(self, field: str) -> Callable[[TermSlot], int]:
        """Return the function that counts the papers with a word in a field (see `Matcher.frequency`)."""
        return self.texts.frequency if field == FULL_TEXT else self._matcher.frequency

    def stems(self, group: TermGroup, slot: TermSlot) -> frozenset[str]:
        """Return every stem that a word of a group matches."""
        return self.texts.stems(slot) if group.field == FULL_TEXT else self._matcher.stems(slot)

    def vocabulary(self, field: str) -> IndexVocabulary:
        """Return the words that occur in a field."""
        return self.texts.vocabulary if field == FULL_TEXT else self._matcher.vocabulary
