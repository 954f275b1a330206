"""The search index of one library, answering queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from paperreader.errors import PaperreaderError, StorageError
from paperreader.models import CatalogVersion, Completion, Mark, PaperTable, SearchHits, SortOrder
from paperreader.search.assist import more_like_this
from paperreader.search.assist.completion import QueryCompleter
from paperreader.search.assist.did_you_mean import MAX_MATCHES_TO_CORRECT
from paperreader.search.assist.highlighter import Span
from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.term_dictionary import IndexDamaged
from paperreader.search.metadata import lookup
from paperreader.search.query.matcher import Matcher, SearchCancelled, raise_if_cancelled
from paperreader.search.query.note_index import NoteIndex
from paperreader.search.query.paper_filters import MarkIndex, PaperColumns, PaperFilters
from paperreader.search.query.plan import QueryPlan, build_plan
from paperreader.search.query.ranking import (
    MIN_FULL_MATCHES,
    NO_RESULTS,
    RankedMatches,
    all_papers,
    list_positions,
)
from paperreader.search.session import SearchSession
from paperreader.search.update.store import IndexStore


class SearchEngine(IndexStore[PostingsReader]):
    """Full-text search over a catalog. One thread searches at a time; a cancelled search ends at the next word."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, PostingsReader)
        self._matcher: Matcher | None = None
        self._position_cache: tuple[CatalogVersion, NDArray[np.int32], PaperColumns] | None = None
        self._note_index = NoteIndex()
        self._mark_index = MarkIndex({})
        self._metadata = lookup.MetadataIndex(folder.parent)

    def search(
        self,
        query: str,
        table: PaperTable,
        marks: Mapping[int, Mark],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        first_new_row: int = 0,
        not_new: Collection[int] = (),
    ) -> SearchHits:
        """The papers of `table` that answer `query`, best first; `marks` are those of the table's rows.

        Papers with every word are the full matches. When they are fewer than ten, papers with some of the words fill
        up; what filters, `-without` and "phrases" ask for holds for both. The last word is completed. A query without
        any word is answered by every paper that passes its filters, newest first. The rows from `new_from` on are
        those that `is:new`, but for `again`. Never raises for what the query says. When `cancelled` turns true, the
        answer comes at once and is empty.

        Raises:
            StorageError: there is no sound index of this generation of the catalog.
        """
        began = time.perf_counter()
        asked = build_plan(query)
        if not (asked.scored or asked.filters or asked.sort):
            return _search_hits(asked, table, all_papers(table), began)
        try:
            with self._guarded():
                answer = self._open_session(table, marks, cancelled, (first_new_row, not_new))
                asked = answer.plan(query)
                ranking = answer.rank(asked)
                find = answer.highlighter(asked, include_parts=ranking.full_matches < MIN_FULL_MATCHES)
                suggestion = (
                    answer.suggestion(asked, ranking) if ranking.full_matches < MAX_MATCHES_TO_CORRECT else ""
                )
        except SearchCancelled:
            return _search_hits(asked, table, NO_RESULTS, began)
        return replace(_search_hits(asked, table, ranking, began), highlighter=find, suggestion=suggestion)

    def complete(
        self,
        text: str,
        cursor: int,
        table: PaperTable,
        marks: Mapping[int, Mark],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        first_new_row: int = 0,
        not_new: Collection[int] = (),
    ) -> list[Completion]:
        """What could stand before the cursor of a query, the likeliest first; nothing when `cancelled` turns true.

        Nothing is offered that would leave a query without papers which has some as it stands. `new_from` and `again`
        as for `search`.

        Raises:
            StorageError: there is no sound index of this generation of the catalog.
        """
        try:
            with self._guarded():
                return self._open_session(table, marks, cancelled, (first_new_row, not_new)).completions(
                    text, cursor
                )
        except SearchCancelled:
            return []

    def related(self, row: int, table: PaperTable, limit: int = 50) -> SearchHits:
        """The papers nearest to the one at `row`, nearest first, at most `limit`; the query of the hits is its title.

        Raises:
            StorageError: there is no sound index, or the paper's line is damaged.
        """
        began = time.perf_counter()
        paper = table.paper(row)
        with self._guarded():
            index = self._current_snapshot(table)
            ranking = more_like_this.more_like(
                paper, row, index, list_positions(table, index.row_count), limit
            )
        took = time.perf_counter() - began
        return SearchHits(
            paper.title,
            table.generation,
            ranking.ranking.rows,
            ranking.full_matches,
            ranking.ranking.scores,
            took,
            _no_spans,
        )

    # Inner workings

    def _open_session(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        cancelled: Callable[[], bool],
        new: tuple[int, Collection[int]],
    ) -> SearchSession:
        index = self._current_snapshot(table)
        self._note_index.refresh(marks)
        if self._mark_index.marks is not marks:
            self._mark_index = MarkIndex(marks)
        if self._matcher is None:
            self._matcher = Matcher(index, self._note_index)
        if self._position_cache is None or self._position_cache[0] != table.version:
            place = list_positions(table, index.row_count)
            self._position_cache = (table.version, place, PaperColumns(table, len(place)))
        _, place, facts = self._position_cache

        def named() -> lookup.MetadataIndex:
            self._metadata.refresh(table, lambda: raise_if_cancelled(cancelled))
            return self._metadata

        filters = PaperFilters(table, facts, self._mark_index, named, new)
        completing = QueryCompleter(self._matcher.vocabulary, len(table), self._mark_index, facts, named)
        return SearchSession(table, self._matcher, filters, facts, named, place, cancelled, completing)

    def _current_snapshot(self, table: PaperTable) -> PostingsReader:
        index = self._open()
        if index is None:
            raise StorageError("There is no search index; `paperreader reindex` builds it.")
        wanted, found = table.version, index.catalog_version
        if (found.uuid, found.generation) != (wanted.uuid, wanted.generation):
            raise StorageError(
                "The search index belongs to another state of the library; `paperreader reindex` renews it."
            )
        return index

    def _forget(self) -> None:
        """Drop what was made of the index that was open before."""
        self._matcher = self._position_cache = None

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Hold the index for the body; a failure in there is blamed on the files, if they are not what they were.

        Whoosh fails in a dozen ways when a file was damaged after it was opened.
        """
        with self._lock:
            try:
                yield
            except (PaperreaderError, SearchCancelled):
                raise
            except lookup.MetadataUnavailable as error:
                raise StorageError(
                    "There is no table of authors, ids and titles; `paperreader reindex` builds it."
                ) from error
            except Exception as error:
                if not isinstance(error, IndexDamaged) and not self._damaged_files():
                    raise
                raise self._discard_damaged() from error


def _search_hits(asked: QueryPlan, table: PaperTable, ranking: RankedMatches, began: float) -> SearchHits:
    took = time.perf_counter() - began
    usual: SortOrder = "relevance" if asked.scored else "date"
    order = usual if asked.sort in (None, "relevance") else asked.sort
    return SearchHits(
        asked.text,
        table.generation,
        ranking.ranking.rows,
        ranking.full_matches,
        ranking.ranking.scores,
        took,
        _no_spans,
        asked.hint,
        sorted_by=order,
    )


def _no_spans(text: str) -> list[Span]:
    return []
