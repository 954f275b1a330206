"""Look words up in the full texts for the queries of an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.analysis.fuzzy import FuzzyMatcher
from paperreader.search.index.index_vocabulary import IndexVocabulary
from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.snapshot import IndexSnapshot
from paperreader.search.query.match import Match
from paperreader.search.query.matcher import Matcher, SearchCancelled
from paperreader.search.query.plan import TermGroup, TermSlot
from paperreader.search.texts.documents import IndexedText
from paperreader.search.texts.paper_postings import PaperPostings
from paperreader.search.texts.store import TextIndexStore

DAMAGED_HINT = "the index of the full texts was damaged; it is built again"
NO_TEXTS_HINT = (
    "no full texts are indexed yet; enter in the detail, or `paperreader fetch text`, fetches them"
)

_INDEXED_FIELD = "abstract"
"""The field of the index with the words of the texts."""

_NO_MATCH = Match(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))

_Result = TypeVar("_Result")


class TextTerms:
    """Matches the words of a query that are searched in full texts.

    Without an index, they match nothing, and `hint` says so. One that turns out to be damaged is discarded.
    """

    def __init__(
        self,
        store: TextIndexStore | None = None,
        reader: PaperPostings | None = None,
        texts: dict[int, IndexedText] | None = None,
        vocabulary: IndexVocabulary | None = None,
    ) -> None:
        self._store = store
        self._matcher = Matcher(reader) if reader is not None else None
        self.rows = texts or {}
        """The text of each row that has one."""
        self.vocabulary = vocabulary or IndexVocabulary(())
        self.fuzzy = self._matcher.fuzzy if self._matcher is not None else FuzzyMatcher(self.vocabulary)
        self.hint = "" if self.rows else NO_TEXTS_HINT
        """Why nothing can be found, as a hint of a query; empty if something can."""

    @property
    def is_indexed(self) -> bool:
        """Whether there is an intact index."""
        return self._matcher is not None

    def match(self, group: TermGroup, cancelled: Callable[[], bool]) -> Match:
        """Return the papers whose full text contains the group.

        Raises:
            SearchCancelled: `cancelled` returned true.
        """
        in_texts = replace(group, field=_INDEXED_FIELD)
        return self._use(lambda matcher: matcher.match(in_texts, cancelled), _NO_MATCH)

    def cost(self, group: TermGroup) -> int:
        """See `Matcher.cost`."""
        return self._use(lambda matcher: matcher.cost(group), 0)

    def frequency(self, slot: TermSlot) -> int:
        """See `Matcher.frequency`."""
        return self._use(lambda matcher: matcher.frequency(slot), 0)

    def stems(self, slot: TermSlot) -> frozenset[str]:
        """See `Matcher.stems`."""
        return self._use(lambda matcher: matcher.stems(slot), frozenset())

    def blocks(self, row: int) -> list[str] | None:
        """Return the text of each block of the full text of a paper; None if it is not there. Reads a file."""
        text = self.rows.get(row)
        return self._store.blocks(text) if text is not None and self._store is not None else None

    def _use(self, use: Callable[[Matcher], _Result], otherwise: _Result) -> _Result:
        if self._matcher is None or self._store is None:
            return otherwise
        try:
            return use(self._matcher)
        except SearchCancelled:
            raise
        except Exception:  # damage after opening shows up as various exceptions
            if not self._store.verify():
                raise
            self._store.discard()
            self._matcher, self.hint = None, DAMAGED_HINT
            return otherwise


class TextLookup:
    """Opens the index of full texts, and keeps what is derived from it while index and catalog are the same."""

    def __init__(self, store: TextIndexStore) -> None:
        self.store = store
        self._opened: tuple[IndexSnapshot, CatalogVersion, TextTerms] | None = None

    def open(self, table: PaperTable) -> TextTerms:
        """Return the words of the full texts of the papers of a table."""
        with self.store.lock:
            found = self.store.snapshot()
            if found is None:
                self._opened = None
                return TextTerms()
            snapshot, texts = found
            if self._opened is None or self._opened[0] is not snapshot or self._opened[1] != table.version:
                self._opened = (snapshot, table.version, _open_terms(self.store, snapshot, texts, table))
            return self._opened[2]


def _open_terms(
    store: TextIndexStore, snapshot: IndexSnapshot, texts: Sequence[IndexedText], table: PaperTable
) -> TextTerms:
    by_row: dict[int, IndexedText] = {}
    for text in texts:
        row = table.row_of(text.key.paper)
        # Papers that were merged may have several.
        if (
            row is not None
            and text.slots
            and (row not in by_row or by_row[row].key.version < text.key.version)
        ):
            by_row[row] = text
    reader = PostingsReader(snapshot)
    row_of_slot = np.full(reader.row_count, -1, np.intp)
    for row, text in by_row.items():
        row_of_slot[list(text.slots)] = row
    return TextTerms(store, PaperPostings(reader, row_of_slot), by_row, reader.vocabulary)
