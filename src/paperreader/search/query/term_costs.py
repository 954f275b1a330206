"""How frequent the words of a query are, and what matching them costs; cached, because every keystroke asks again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paperreader.search.analysis.stemming import stem
from paperreader.search.index.postings import TermPostings
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.query.plan import TermGroup, TermSlot

PHRASE_COST = 2
"""Cost of a posting of a phrase, in plain postings: its positions are compared."""

TERM_COST = 2_000
"""Cost of finding, reading and checking the posting lists of a term, in postings."""

ROWS_PER_POSTING = 20
"""Clearing and scanning the scores of this many rows costs as much as one posting."""

_MAX_CACHED = 4096

Stems = Callable[[TermSlot], Sequence[str]]


class TermCosts:
    """Frequencies and costs of words in one index snapshot."""

    def __init__(self, reader: TermPostings) -> None:
        self._reader = reader
        self._frequencies: dict[TermSlot, int] = {}
        self._postings: dict[TermSlot, tuple[int, int]] = {}

    def frequency(self, slot: TermSlot) -> int:
        """Return the number of papers with a word or another of its stem, or with its most frequent completion."""
        known = self._frequencies.get(slot)
        if known is None:
            if len(self._frequencies) >= _MAX_CACHED:
                self._frequencies.clear()
            words = self._reader.vocabulary
            is_begun = slot.is_prefix and words.has_prefix(slot.word)
            completions = words.prefix_stems(slot.word)[:1] if is_begun else ()
            known = self._frequencies[slot] = max(
                self._reader.document_frequency(field, each)
                for field in TEXT_FIELDS
                for each in (stem(slot.word), *completions)
            )
        return known

    def cost(self, group: TermGroup, stems: Stems) -> int:
        """Estimate the cost of matching a group, in postings (see `cost_limit`).

        `stems` returns what a slot matches.
        """
        total = 0
        for slots in (group.slots, *group.spellings):
            sizes = [self._postings_of(slot, stems) for slot in slots]
            postings = sum(count for count, _ in sizes) * (PHRASE_COST if len(slots) > 1 else 1)
            total += postings + TERM_COST * sum(terms for _, terms in sizes)
        return total + self._reader.row_count // ROWS_PER_POSTING

    def _postings_of(self, slot: TermSlot, stems: Stems) -> tuple[int, int]:
        """Return the postings and the terms that a slot reads."""
        known = self._postings.get(slot)
        if known is None:
            if len(self._postings) >= _MAX_CACHED:
                self._postings.clear()
            terms = stems(slot)
            count = sum(self._reader.document_frequency("abstract", term) for term in terms)
            known = self._postings[slot] = (count, len(terms))
        return known
