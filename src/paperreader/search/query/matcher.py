"""Match one term group of a query and score it: BM25 per field, summed, including notes and tags."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.fuzzy import FuzzyMatcher
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.vocabulary import Vocabulary
from paperreader.search.index.index_vocabulary import IndexVocabulary
from paperreader.search.index.postings import K1, Postings, Scores, TermPostings
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.metadata.authors import AuthorIndex
from paperreader.search.query.match import EXACT, EXACT_CAPITALS, Match
from paperreader.search.query.note_index import MarkTexts, NoteIndex
from paperreader.search.query.plan import TermGroup, TermSlot
from paperreader.search.query.term_costs import TermCosts

TITLE_BOOST = 2.0
"""Weight of title matches when every word is found. For partial matches a boost misleads: see `Match.unboosted`."""

NOTE_BOOST = 2.0
"""Weight of matches in the user's notes and tags."""

EXACT_FORM_BONUS = 1.5
"""Share of a raw word's idf that is added when a paper contains the exact form typed, not only another of its stem."""

AUTHOR_WEIGHT = 0.3
"""Weight of a word in the name of an author: papers about a topic come before those by an author of that name."""

MIN_NAME_PREFIX_LENGTH = 3
"""Letters of an unfinished word from which on it is completed to names of authors."""

MAX_NAME_WORDS = 5
"""Longer phrases are no names."""

CAPITALS_BONUS = 0.5
"""The same for the form with its capitals."""

MAX_CACHE_BYTES = 12 << 20
"""Capacity of the match cache, thanks to which a keystroke computes only the last word."""


Slots = tuple[TermSlot, ...]
_CacheKey = tuple[str, Slots, tuple[Slots, ...]]


class SearchCancelled(Exception):
    """The caller cancelled the search."""


class Matcher:
    """Matches term groups against one index snapshot, the notes and the summaries."""

    def __init__(self, reader: TermPostings) -> None:
        self._reader = reader
        self.use_texts(MarkTexts())
        self.vocabulary = reader.vocabulary
        """Words of the papers."""
        self.fuzzy = FuzzyMatcher(reader.vocabulary)
        """Fuzzy matching over `vocabulary`."""
        self._cache: OrderedDict[_CacheKey, Match] = OrderedDict()
        self._cached_bytes = 0
        self._costs = TermCosts(reader)
        self._authors: AuthorIndex | None = None

    def use_authors(self, authors: AuthorIndex | None) -> None:
        """Search names of these authors as well; None if they are not known."""
        if authors is not self._authors:
            self._authors = authors
            self._cache.clear()
            self._cached_bytes = 0

    def use_texts(self, texts: MarkTexts) -> None:
        """Search these notes and summaries as well. At first there are none."""
        self._notes, self._summaries = texts.notes, texts.summaries

    def idf(self, frequency: int) -> float:
        """Return the inverse document frequency of something that this many papers have."""
        return self._reader.idf(frequency)

    @property
    def rarest_score(self) -> float:
        """The score of a word of medium frequency in the abstract of a single paper, which has it as typed."""
        return (1 + EXACT_FORM_BONUS) * self._reader.idf(1)

    def match(self, group: TermGroup, cancelled: Callable[[], bool]) -> Match:
        """Return the papers that contain the group in its field, by default in title, abstract, authors, note or tag.

        Raises:
            SearchCancelled: `cancelled` returned true.
        """
        key = (group.field, group.slots, group.spellings)
        cached = self._cache.get(key)
        if cached is None:
            fields = tuple(field for field in TEXT_FIELDS if group.field in ("", field))
            cached = self._text_match(group, fields, cancelled)
            self._cache_match(key, cached)
        else:
            self._cache.move_to_end(key)
        if group.field not in ("", "note", "summary"):
            return cached
        note_rows = self._note_rows(group, self._summaries if group.field == "summary" else self._notes)
        return self._add_note_matches(cached, note_rows) if note_rows else cached

    def cost(self, group: TermGroup) -> int:
        """Estimate the cost of matching a group, in postings (see `cost_limit`)."""
        return self._costs.cost(group, lambda slot: self._stems(slot, self._reader.vocabulary))

    def frequency(self, slot: TermSlot) -> int:
        """Return the number of papers with a word, another of its stem, or its likeliest completion, and of notes."""
        return self._costs.frequency(slot) + self._notes.vocabulary.frequency(slot.word)

    def stems(self, slot: TermSlot) -> frozenset[str]:
        """Return every stem that a word of a query matches, in papers, notes or summaries."""
        words = (self._reader.vocabulary, self._notes.vocabulary, self._summaries.vocabulary)
        return frozenset(each for vocabulary in words for each in self._stems(slot, vocabulary))

    def _text_match(self, group: TermGroup, fields: tuple[str, ...], cancelled: Callable[[], bool]) -> Match:
        size = self._reader.row_count
        unboosted = np.zeros(size, np.float32)
        others: dict[str, list[Postings]] = {}
        field_scores = {}
        for field in fields:
            others[field] = [self._field_postings(field, slots, cancelled)[0] for slots in group.spellings]
            field_scores[field] = rows, scores = self._field_scores(
                field, group.slots, others[field], cancelled
            )
            unboosted[rows] += scores
        author_rows: NDArray[np.integer] = np.empty(0, np.int64)
        if len(fields) == len(TEXT_FIELDS):
            author_rows = self._author_rows(group.slots)
            if len(author_rows):
                author_rows = author_rows[author_rows < size].astype(np.intp)
        # By the frequency of the word anywhere: a surname that is also a common word says little.
        frequency = 0
        if len(author_rows):
            frequency = _count_distinct(author_rows, size) + int(np.count_nonzero(unboosted > 0))
        exactness = self._exactness(group, fields, unboosted)
        if len(author_rows):
            unboosted[author_rows] += np.float32(AUTHOR_WEIGHT * self._reader.idf(frequency))
        if exactness is not None:
            for postings in (each for lists in others.values() for each in lists):
                exactness[postings.rows] = EXACT_CAPITALS
            if not group.slots[-1].is_prefix:
                exactness[author_rows] = np.maximum(exactness[author_rows], np.uint8(EXACT))
        boosted = unboosted
        if "title" in field_scores:
            boosted = unboosted.copy()
            rows, scores = field_scores["title"]
            boosted[rows] += np.float32(TITLE_BOOST - 1) * scores
        is_match = unboosted > 0
        for slot in group.slots:
            if slot.is_exact:
                has_word = np.zeros(size, np.bool_)
                has_word[self._reader.postings("word", slot.word).rows] = True
                has_word[author_rows] = True
                is_match &= has_word
        matching = np.flatnonzero(is_match)
        return Match(
            matching.astype(np.int32),
            unboosted[matching],
            boosted[matching],
            None if exactness is None else exactness[matching],
        )

    def _exactness(
        self, group: TermGroup, fields: tuple[str, ...], scores: Scores
    ) -> NDArray[np.uint8] | None:
        """Return how each paper contains a single word, and add the bonus for it to the scores; None for phrases."""
        if len(group.slots) > 1 or not fields:
            return None
        (slot,) = group.slots
        exactness = np.zeros(len(scores), np.uint8)
        for level, form, bonus in (
            (EXACT, slot.word, EXACT_FORM_BONUS),
            (EXACT_CAPITALS, slot.capitals, CAPITALS_BONUS),
        ):
            if form:
                rows = self._reader.postings("word", form).rows
                exactness[rows] = level
                if len(fields) == len(TEXT_FIELDS):
                    scores[rows] += np.float32(bonus * self._reader.idf(len(rows)))
        return exactness

    def _field_scores(
        self, field: str, slots: Slots, others: Sequence[Postings], cancelled: Callable[[], bool]
    ) -> tuple[NDArray[np.intp] | slice, Scores]:
        """Score a group; return which rows, and their scores, which may be 0.

        Its other spellings, of which the postings are given, count as the same term.
        """
        reader = self._reader
        has_others = any(len(other.rows) for other in others)
        if len(slots) == 1 and len(stems := self._stems(slots[0], reader.vocabulary)) > 1:
            raise_if_cancelled(cancelled)
            frequencies = reader.any_of(field, stems)
        else:
            postings, idf = self._field_postings(field, slots, cancelled)
            if not has_others:
                return postings.rows, reader.bm25(field, idf, postings)
            frequencies = np.zeros(reader.row_count, np.float32)
            frequencies[postings.rows] = postings.weights
        for other in others:
            frequencies[other.rows] += other.weights
        idf = reader.idf(int(np.count_nonzero(frequencies > 0)))
        return slice(None), reader.bm25(field, idf, frequencies)

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

    def _field_postings(
        self, field: str, slots: Slots, cancelled: Callable[[], bool]
    ) -> tuple[Postings, float]:
        """Return the postings of a word or phrase, and its idf.

        If a word expands to several stems, they count as one term with all their occurrences. A phrase is one term
        that occurs where it starts; its idf is the sum over its words.
        """
        reader = self._reader
        stems = [self._stems(slot, reader.vocabulary) for slot in slots]
        raise_if_cancelled(cancelled)
        if len(stems) > 1:
            postings, frequencies = reader.phrase(field, stems)
            return postings, sum(map(reader.idf, frequencies))
        if len(stems[0]) > 1:
            weights = reader.any_of(field, stems[0])
            rows = np.flatnonzero(weights > 0)
            return Postings(rows, weights[rows]), reader.idf(len(rows))
        return reader.postings(field, stems[0][0]), reader.idf(reader.document_frequency(field, stems[0][0]))

    def _note_rows(self, group: TermGroup, notes: NoteIndex) -> Mapping[int, int]:
        """Return the rows whose texts in `notes` contain the group in any of its spellings, with the frequency."""
        if not len(notes.vocabulary):
            return {}
        found: Counter[int] = Counter()
        for slots in (group.slots, *group.spellings):
            stems = [frozenset(self._stems(slot, notes.vocabulary)) for slot in slots]
            if len(stems) == 1 and not group.field:
                found.update(notes.rows_with(stems[0]))
            else:
                found.update(notes.phrase_rows(stems, tags=not group.field))
        if exact := {slot.word for slot in group.slots if slot.is_exact}:
            return {row: count for row, count in found.items() if notes.has_words(row, exact)}
        return found

    def _add_note_matches(self, match: Match, note_rows: Mapping[int, int]) -> Match:
        """Add the papers whose note or tags contain the group, scored as a field without length normalization."""
        rows = np.fromiter(note_rows, np.int32, len(note_rows))
        weights = np.fromiter(note_rows.values(), np.float32, len(note_rows))
        idf = max(self._reader.idf(len(note_rows)), 1.0)
        scores = (idf * weights * (K1 + 1) / (weights + K1)).astype(np.float32)
        return match.with_rows(rows, scores, NOTE_BOOST)

    def _stems(self, slot: TermSlot, words: Vocabulary | IndexVocabulary) -> tuple[str, ...]:
        """Return the stem of a slot's word, with the stems of its completions and fuzzy matches if requested."""
        others = words.prefix_stems(slot.word) if slot.is_prefix else ()
        if slot.is_fuzzy:
            others += tuple(map(stem, self.fuzzy.matches(slot.word)))
        return tuple(dict.fromkeys((stem(slot.word), *others)))

    def _cache_match(self, key: _CacheKey, match: Match) -> None:
        self._cache[key] = match
        self._cached_bytes += match.nbytes
        while self._cached_bytes > MAX_CACHE_BYTES and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].nbytes


def _count_distinct(rows: NDArray[np.integer], size: int) -> int:
    """Return how many different rows there are. How often one repeats depends on how the index was built."""
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return int(np.count_nonzero(mask))


def raise_if_cancelled(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise SearchCancelled
