"""In-memory indexes of the user's notes and tags, and of generated summaries, updated with each change of the marks.

They are separate from the text index, so that a note is found as soon as it is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from paperreader.models import Mark
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.analysis.vocabulary import Vocabulary

WordLists = tuple[tuple[str, ...], ...]
"""The words of a note, then those of each tag. Phrases do not match across them."""


class _NoteEntry(Struct, frozen=True):
    note: str
    tags: tuple[str, ...]
    words: WordLists
    stems: WordLists


def _own_texts(mark: Mark) -> tuple[str, tuple[str, ...]]:
    return mark.written_text, mark.tag_names


def _generated_texts(mark: Mark) -> tuple[str, tuple[str, ...]]:
    return mark.generated_text, ()


class NoteIndex:
    """Inverted index of tags, and of notes and highlighted passages, which count as notes.

    Args:
        texts: returns what is indexed of a mark: a text, and names.
    """

    def __init__(self, texts: Callable[[Mark], tuple[str, tuple[str, ...]]] = _own_texts) -> None:
        self._texts = texts
        self._marks: Mapping[int, Mark] | None = None
        self._entries: dict[int, _NoteEntry] = {}
        self._rows: defaultdict[str, dict[int, int]] = defaultdict(dict)
        """Frequency by stem and row."""
        self.vocabulary = Vocabulary()
        """Raw words, for prefix matching."""

    def refresh(self, marks: Mapping[int, Mark]) -> None:
        """Update to `marks` (by row). An unchanged mark (the same object) costs one comparison.

        The mapping must not change afterwards; pass another one after a change.
        """
        if marks is self._marks:
            return
        before: Mapping[int, Mark] = self._marks or {}
        for row in [row for row in self._entries if row not in marks]:
            self._remove(row)
        for row, mark in marks.items():
            if mark is before.get(row):
                continue
            known = self._entries.get(row)
            note, tags = self._texts(mark)
            if (known.note, known.tags) == (note, tags) if known else not (note or tags):
                continue
            self._remove(row)
            if note or tags:
                self._add(row, note, tags)
        self._marks = marks

    def rows_with(self, stems: Iterable[str]) -> Mapping[int, int]:
        """Return the rows that contain any of `stems`, with their total frequency."""
        result: Counter[int] = Counter()
        for term in stems:
            result.update(self._rows.get(term, {}))
        return result

    def has_words(self, row: int, words: Iterable[str]) -> bool:
        """Whether the note or the tags of a row contain all those words, not only others of their stems."""
        entry = self._entries.get(row)
        return entry is not None and all(any(word in text for text in entry.words) for word in words)

    def phrase_rows(self, slots: Sequence[frozenset[str]], *, tags: bool = True) -> Mapping[int, int]:
        """Return the rows that contain one stem of each slot at consecutive positions, with the frequency.

        With `tags=False`, search only notes.
        """
        candidates = set.intersection(*(set(self.rows_with(stems)) for stems in slots)) if slots else set()
        texts = None if tags else 1
        result = {row: self._count_phrase(self._entries[row].stems[:texts], slots) for row in candidates}
        return {row: count for row, count in result.items() if count}

    @staticmethod
    def _count_phrase(texts: WordLists, slots: Sequence[frozenset[str]]) -> int:
        return sum(
            all(text[start + offset] in stems for offset, stems in enumerate(slots))
            for text in texts
            for start in range(len(text) - len(slots) + 1)
        )

    def _add(self, row: int, note: str, tags: tuple[str, ...]) -> None:
        raw = tuple(tuple(split_words(text)) for text in (note, *tags))
        stems = tuple(tuple(map(stem, text)) for text in raw)
        self._entries[row] = _NoteEntry(note, tags, raw, stems)
        for term, count in Counter(term for text in stems for term in text).items():
            self._rows[term][row] = count
        for word in {word for text in raw for word in text}:
            self.vocabulary.add(word)

    def _remove(self, row: int) -> None:
        entry = self._entries.pop(row, None)
        if entry is None:
            return
        for term in {term for text in entry.stems for term in text}:
            del self._rows[term][row]
            if not self._rows[term]:
                del self._rows[term]
        for word in {word for text in entry.words for word in text}:
            self.vocabulary.add(word, -1)


class MarkTexts:
    """What is searched of the marks: the user's own words, and generated summaries, which only `summary:` searches."""

    def __init__(self) -> None:
        self.notes = NoteIndex()
        self.summaries = NoteIndex(_generated_texts)

    def refresh(self, marks: Mapping[int, Mark]) -> None:
        """Update both to `marks`, as `NoteIndex.refresh`."""
        self.notes.refresh(marks)
        self.summaries.refresh(marks)
