"""Match one term group of a query and score it: BM25 per field, summed, including notes and tags."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.analysis.fuzzy import FuzzyMatcher
from paperreader.search.analysis.tokenizer import stem
from paperreader.search.analysis.vocabulary import Vocabulary
from paperreader.search.index.index_vocabulary import IndexVocabulary
from paperreader.search.index.postings import K1, PostingsReader, Rows, Scores
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.metadata.authors import AuthorIndex
from paperreader.search.query.note_index import NoteIndex
from paperreader.search.query.plan import TermGroup, TermSlot

TITLE_BOOST = 2.0
"""Weight of title matches when every word is found. For partial matches a boost misleads: see `Match.unboosted`."""

NOTE_BOOST = 2.0
"""Weight of matches in the user's notes and tags."""

EXACT_FORM_BONUS = 0.5
"""Share of a raw word's idf that is added when a paper contains the exact form typed, not only another of its stem."""

AUTHOR_WEIGHT = 0.3
"""Weight of a word in the name of an author: papers about a topic come before those by an author of that name."""

MIN_NAME_PREFIX_LENGTH = 3
"""Letters of an unfinished word from which on it is completed to names of authors."""

MAX_NAME_WORDS = 5
"""Longer phrases are no names."""

PHRASE_COST = 2
"""Cost of a posting of a phrase, in plain postings: its positions are compared."""

TERM_COST = 2_000
"""Cost of finding, reading and checking the posting lists of a term, in postings."""

ROWS_PER_POSTING = 20
"""Clearing and scanning the scores of this many rows costs as much as one posting."""

MAX_CACHE_BYTES = 16 << 20
"""Capacity of the match cache, thanks to which a keystroke computes only the last word."""


class SearchCancelled(Exception):
    """The caller cancelled the search."""


class Match(Struct, frozen=True):
    """The papers that match a term group: three arrays of equal length."""

    rows: Rows
    """Unique, ascending."""
    unboosted: Scores
    """Scores with equal field weights; above 0."""
    boosted: Scores
    """Scores with `TITLE_BOOST` and `NOTE_BOOST`."""

    def with_rows(self, rows: NDArray[np.int64], score: np.float32) -> Match:
        """Return these matches and other rows, which get an additional score."""
        size = int(max(self.rows.max(initial=-1), rows.max(initial=-1))) + 1
        unboosted, boosted = np.zeros(size, np.float32), np.zeros(size, np.float32)
        unboosted[self.rows], boosted[self.rows] = self.unboosted, self.boosted
        unboosted[rows] += score
        boosted[rows] += score
        matching = np.flatnonzero(unboosted).astype(np.int32)
        return Match(matching, unboosted[matching], boosted[matching])

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + self.unboosted.nbytes + self.boosted.nbytes


class Matcher:
    """Matches term groups against one index snapshot and the notes."""

    def __init__(self, reader: PostingsReader, notes: NoteIndex) -> None:
        self._reader = reader
        self._notes = notes
        self.vocabulary = reader.vocabulary
        """Words of the papers."""
        self.fuzzy = FuzzyMatcher(reader.vocabulary)
        """Fuzzy matching over `vocabulary`."""
        self._cache: OrderedDict[tuple[str, tuple[TermSlot, ...]], Match] = OrderedDict()
        self._cached_bytes = 0
        self._authors: AuthorIndex | None = None

    def use_authors(self, authors: AuthorIndex | None) -> None:
        """Search names of these authors as well; None if they are not known."""
        if authors is not self._authors:
            self._authors = authors
            self._cache.clear()
            self._cached_bytes = 0

    def idf(self, frequency: int) -> float:
        """Return the inverse document frequency of something that this many papers have."""
        return self._reader.idf(frequency)

    def match(self, group: TermGroup, cancelled: Callable[[], bool]) -> Match:
        """Return the papers that contain the group in its field, by default in title, abstract, authors, note or tag.

        Raises:
            SearchCancelled: `cancelled` returned true.
        """
        key = (group.field, group.slots)
        cached = self._cache.get(key)
        if cached is None:
            fields = tuple(field for field in TEXT_FIELDS if group.field in ("", field))
            cached = self._text_match(group.slots, fields, cancelled)
            self._cache_match(key, cached)
        else:
            self._cache.move_to_end(key)
        if group.field not in ("", "note"):
            return cached
        note_rows = self._note_rows(group)
        return self._add_note_matches(cached, note_rows) if note_rows else cached

    def cost(self, group: TermGroup) -> int:
        """Estimate the cost of matching a group, in postings (see `cost_limit`)."""
        stems = [stem for slot in group.slots for stem in self._stems(slot, self._reader.vocabulary)]
        postings = sum(self._reader.document_frequency("abstract", stem) for stem in stems)
        if len(group.slots) > 1:
            postings *= PHRASE_COST
        return postings + TERM_COST * len(stems) + self._reader.row_count // ROWS_PER_POSTING

    def stems(self, slot: TermSlot) -> frozenset[str]:
        """Return every stem that a word of a query matches, in papers or notes."""
        return frozenset(
            (*self._stems(slot, self._reader.vocabulary), *self._stems(slot, self._notes.vocabulary))
        )

    def _text_match(
        self, slots: tuple[TermSlot, ...], fields: tuple[str, ...], cancelled: Callable[[], bool]
    ) -> Match:
        size = self._reader.row_count
        unboosted = np.zeros(size, np.float32)
        field_scores = {
            field: (
                self._field_word(field, slots[0], cancelled)
                if len(slots) == 1
                else self._field_phrase(field, slots, cancelled)
            )
            for field in fields
        }
        for rows, scores in field_scores.values():
            unboosted[rows] += scores
        if len(slots) == 1 and len(fields) == len(TEXT_FIELDS):
            exact_rows = self._reader.postings("word", slots[0].word).rows
            unboosted[exact_rows] += np.float32(EXACT_FORM_BONUS * self._reader.idf(len(exact_rows)))
        if len(fields) == len(TEXT_FIELDS):
            author_rows = self._author_rows(slots)
            if len(author_rows):
                author_rows = author_rows[author_rows < size]
                # By the frequency of the word anywhere: a surname that is also a common word says little.
                frequency = len(author_rows) + int(np.count_nonzero(unboosted))
                unboosted[author_rows] += np.float32(AUTHOR_WEIGHT * self._reader.idf(frequency))
        boosted = unboosted
        if "title" in field_scores:
            boosted = unboosted.copy()
            rows, scores = field_scores["title"]
            boosted[rows] += np.float32(TITLE_BOOST - 1) * scores
        matching = np.flatnonzero(unboosted > 0).astype(np.int32)
        return Match(matching, unboosted[matching], boosted[matching])

    def _field_word(self, field: str, slot: TermSlot, cancelled: Callable[[], bool]) -> tuple[Rows, Scores]:
        """Score a word. If it expands to several stems, they count as one term with all their occurrences."""
        reader = self._reader
        stems = self._stems(slot, reader.vocabulary)
        raise_if_cancelled(cancelled)
        if len(stems) == 1:
            postings = reader.postings(field, stems[0])
            frequency = reader.document_frequency(field, stems[0])
        else:
            postings = reader.any_of(field, stems)
            frequency = len(postings.rows)
        return postings.rows, reader.bm25(field, reader.idf(frequency), postings)

    def _field_phrase(
        self, field: str, slots: tuple[TermSlot, ...], cancelled: Callable[[], bool]
    ) -> tuple[Rows, Scores]:
        """Score a phrase as one term that occurs where the phrase starts; its idf is the sum over its words."""
        reader = self._reader
        raise_if_cancelled(cancelled)
        postings, frequencies = reader.phrase(field, [self._stems(slot, reader.vocabulary) for slot in slots])
        idf = sum(reader.idf(frequency) for frequency in frequencies)
        return postings.rows, reader.bm25(field, idf, postings)

    def _author_rows(self, slots: tuple[TermSlot, ...]) -> NDArray[np.integer]:
        """Return the rows, possibly repeated, of papers with an author whose name contains the words as a phrase."""
        last = slots[-1]
        is_short = last.is_prefix and len(last.word) < MIN_NAME_PREFIX_LENGTH and len(slots) == 1
        if self._authors is None or last.is_fuzzy or is_short:
            return np.empty(0, np.int64)
        words = tuple(slot.word for slot in slots)
        if len(words) == 1:
            return self._authors.rows_with_word(last.word, is_prefix=last.is_prefix)
        if len(words) > MAX_NAME_WORDS:
            return np.empty(0, np.int64)
        return self._authors.rows_of_person(words, is_prefix=last.is_prefix, is_ordered=True)

    def _note_rows(self, group: TermGroup) -> Mapping[int, int]:
        stems = [self._stems(slot, self._notes.vocabulary) for slot in group.slots]
        if len(stems) == 1 and not group.field:
            return self._notes.rows_with(stems[0])
        return self._notes.phrase_rows([frozenset(slot_stems) for slot_stems in stems], tags=not group.field)

    def _add_note_matches(self, match: Match, note_rows: Mapping[int, int]) -> Match:
        """Add the papers whose note or tags contain the group, scored as a field without length normalization."""
        rows = np.fromiter(note_rows, np.int32, len(note_rows))
        weights = np.fromiter(note_rows.values(), np.float32, len(note_rows))
        idf = max(self._reader.idf(len(note_rows)), 1.0)
        scores = (idf * weights * (K1 + 1) / (weights + K1)).astype(np.float32)
        size = max(self._reader.row_count, int(rows.max()) + 1)
        unboosted, boosted = np.zeros(size, np.float32), np.zeros(size, np.float32)
        unboosted[match.rows], boosted[match.rows] = match.unboosted, match.boosted
        unboosted[rows] += scores
        boosted[rows] += np.float32(NOTE_BOOST) * scores
        matching = np.flatnonzero(unboosted > 0).astype(np.int32)
        return Match(matching, unboosted[matching], boosted[matching])

    def _stems(self, slot: TermSlot, words: Vocabulary | IndexVocabulary) -> tuple[str, ...]:
        """Return the stem of a slot's word, with the stems of its completions and fuzzy matches if requested."""
        others = words.prefix_stems(slot.word) if slot.is_prefix else ()
        if slot.is_fuzzy:
            others += tuple(map(stem, self.fuzzy.matches(slot.word)))
        return tuple(dict.fromkeys((stem(slot.word), *others)))

    def _cache_match(self, key: tuple[str, tuple[TermSlot, ...]], match: Match) -> None:
        self._cache[key] = match
        self._cached_bytes += match.nbytes
        while self._cached_bytes > MAX_CACHE_BYTES and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].nbytes


def raise_if_cancelled(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise SearchCancelled
