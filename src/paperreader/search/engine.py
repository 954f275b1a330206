"""The search engine of one library: search, completion and related papers."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from msgspec.structs import replace

from paperreader.errors import PaperreaderError, StorageError
from paperreader.models import Completion, Mark, PaperTable, SearchHits, SortOrder
from paperreader.search.assist.highlighter import Span
from paperreader.search.assist.more_like_this import more_like
from paperreader.search.for_you.scoring import Scores
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.metadata.lookup import MetadataIndex, MetadataState, MetadataUnavailable
from paperreader.search.query.mark_index import IndexedMarks
from paperreader.search.query.matcher import SearchCancelled, raise_if_cancelled
from paperreader.search.query.open_index import OpenIndex
from paperreader.search.query.paper_filters import NOTHING_COMPUTED, ComputedRows
from paperreader.search.query.plan import QueryPlan, build_plan
from paperreader.search.query.ranking import (
    MIN_FULL_MATCHES,
    NO_POSITION,
    NO_RESULTS,
    RankedMatches,
    all_papers,
    can_be_near,
    list_positions,
)
from paperreader.search.query.references import hidden_hint
from paperreader.search.query.tag_names import quote_tags
from paperreader.search.session import SearchSession
from paperreader.search.texts import LazyTexts
from paperreader.search.update.store import IndexStore


class SearchEngine:
    """Full-text search over a catalog. One thread searches at a time; a cancelled search ends at the next word.

    Args:
        store: the index.
        stored_texts: returns the rows of the papers of a table whose full texts are stored.
        citations: returns the numbers of citations by the rows of a table.
    """

    def __init__(
        self,
        store: IndexStore,
        stored_texts: Callable[[PaperTable], Iterable[int]] = lambda _: (),
        citations: Callable[[PaperTable], Mapping[int, int]] = lambda _: {},
    ) -> None:
        self.store, self._stored_texts, self._citations = store, stored_texts, citations
        self._open_index: OpenIndex | None = None
        self._marks, self._no_marks = IndexedMarks(), IndexedMarks()
        """Those of the user, and none, for queries without marks: both alternate right after the start."""
        self._metadata = MetadataIndex(store.metadata_folder)
        self._texts = LazyTexts(store.metadata_folder)

    def search(
        self,
        query: str,
        table: PaperTable,
        marks: Mapping[int, Mark],
        *,
        is_typing: bool = True,
        corrects: bool = False,
        meaning: bool = False,
        cancelled: Callable[[], bool] = lambda: False,
        computed: ComputedRows = NOTHING_COMPUTED,
        personal: Scores | None = None,
    ) -> SearchHits:
        """Return the papers of `table` that match `query`, best first. No query is an error.

        A paper that the query names by id, DOI or URL comes first. Papers with every word are full matches. If there
        are fewer than ten, up to a hundred papers with some of the words are added; with `meaning`, papers near
        in meaning, up to fifty together. Filters, `-negations` and "phrases" apply to both. A query without words
        matches all papers that pass its filters, newest first. One that asks for meaning (`~`, `like:`) has no full
        matches.

        Args:
            query: the query as typed.
            table: the catalog.
            marks: the marks by row of `table`.
            is_typing: the last word is still being typed, so it is a prefix.
            meaning: complete the list by meaning.
            corrects: if nothing matches in full, but something does with corrected spelling, return that.
            cancelled: when it returns true, the search ends at once with no hits.
            computed: rows that match `is:new` unless they are marked otherwise, `is:watched` and `is:updated`.
            personal: scores of the rows for `sort:foryou`, see `for_you`; None sorts by votes instead.

        Raises:
            StorageError: there is no intact index of this generation of the catalog.
        """
        started = time.perf_counter()
        plan = self._plan(query, query, marks, is_typing=is_typing)
        if not (plan.scored or plan.filters or plan.sort or plan.query.likes):
            unlisted = self._indexed(marks).index(marks).unlisted
            return _search_hits(plan, table, all_papers(table, unlisted), started)
        try:
            with self._guarded():
                session = self._open_session(table, marks, cancelled, computed, personal)
                named = session.named_papers(query)
                if named is not None:
                    plan = self._plan(query, named.other_words, marks, is_typing=is_typing)
                near = session.near_papers(plan) if meaning or plan.asks_for_meaning else None
                plan = session.prepare(plan)
                matches = session.rank(plan, tuple(named.names) if named is not None else (), near)
                is_short = matches.full_matches < MIN_FULL_MATCHES
                highlighter = session.highlighter(plan, include_parts=is_short, is_near=matches.near > 0)
                is_short = is_short and can_be_near(plan.scored)
                suggestion = session.suggestion(plan, matches) if named is None else ""
                hidden = session.count_hidden(plan) if not (matches.full_matches or suggestion) else 0
                hint = plan.hint or session.texts_hint(plan) or (near.hint if near is not None else "")
                plan, texts = replace(plan, hint=hint), session.text_matches(plan)
                near_matches = near.matches(matches.near) if near is not None else None
        except SearchCancelled:
            return _search_hits(plan, table, NO_RESULTS, started)
        hits = _search_hits(plan, table, matches, started)
        hits = replace(hits, texts=texts, near=near_matches, can_be_completed=near is None and is_short)
        if corrects and suggestion and not matches.full_matches:
            again = partial(self.search, is_typing=is_typing, meaning=meaning, cancelled=cancelled)
            found = again(suggestion, table, marks, computed=computed, personal=personal)
            if found.full_matches:
                seconds = time.perf_counter() - started
                return replace(found, query=query, corrected=suggestion, suggestion="", seconds=seconds)
        if named is not None:
            hits = replace(hits, missing=named.missing, hint=plan.hint or named.hidden_hint(marks))
        elif hidden and not plan.hint:
            hits = replace(hits, hint=hidden_hint(hidden))
        return replace(hits, find_matches=highlighter, suggestion=suggestion)

    def matching_rows(self, query: str, table: PaperTable) -> frozenset[int]:
        """Return the rows of all full matches of a finished query, without any correction, as if no paper had marks.

        No query is an error.

        Raises:
            StorageError: there is no intact index of this generation of the catalog.
        """
        plan = self._plan(query, query, {}, is_typing=False)
        with self._guarded():
            session = self._open_session(table, {}, lambda: False, NOTHING_COMPUTED)
            matches = session.rank(session.prepare(plan))
        return frozenset(map(int, matches.ranking.rows[: matches.full_matches]))

    def complete(
        self,
        text: str,
        cursor: int,
        table: PaperTable,
        marks: Mapping[int, Mark],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        computed: ComputedRows = NOTHING_COMPUTED,
    ) -> list[Completion]:
        """Return completions of a query at the cursor, the most likely first; none when cancelled.

        A completion never turns a query with matches into one without. For the other arguments see `search`.

        Raises:
            StorageError: there is no intact index of this generation of the catalog.
        """
        try:
            with self._guarded():
                session = self._open_session(table, marks, cancelled, computed)
                return session.completions(text, cursor)
        except SearchCancelled:
            return []

    def related(
        self, row: int, table: PaperTable, limit: int = 50, *, without: Collection[int] = ()
    ) -> SearchHits:
        """Return the papers most similar to the one at `row`, at most `limit`. The query of the hits is its title.

        Args:
            row: which paper.
            table: the catalog.
            limit: maximum number of papers.
            without: rows that are left out.

        Raises:
            StorageError: there is no intact index, or the paper's line is damaged.
        """
        started = time.perf_counter()
        paper = table.paper(row)
        with self._guarded():
            index = self._current_index(table)
            positions = list_positions(table, index.postings.row_count)
            positions[[other for other in without if other < len(positions)]] = NO_POSITION
            matches = more_like(paper, row, index.postings, index.vectors, positions, limit)
        found, seconds = matches.ranking, time.perf_counter() - started
        return SearchHits(
            paper.title, table.generation, found.rows, len(found), found.scores, seconds, _no_spans
        )

    @contextmanager
    def open_index(self, table: PaperTable) -> Iterator[OpenIndex]:
        """Hold the index of `table` for this thread. Raises as `search`."""
        with self._guarded():
            yield self._current_index(table)

    def _open_session(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        cancelled: Callable[[], bool],
        computed: ComputedRows,
        personal: Scores | None = None,
    ) -> SearchSession:
        index = self._current_index(table)
        indexed = self._indexed(marks)
        index.matcher.use_texts(indexed.texts(marks))
        positions, columns = index.positions_and_columns(table)

        def metadata() -> MetadataState:
            self._metadata.refresh(table, lambda: raise_if_cancelled(cancelled))
            return self._metadata.state

        return SearchSession(
            table,
            index,
            positions,
            columns,
            indexed.index(marks),
            metadata,
            computed,
            partial(self._stored_texts, table),
            partial(self._citations, table),
            partial(self._texts.open, table),
            cancelled,
            personal,
        )

    def _plan(self, query: str, text: str, marks: Mapping[int, Mark], *, is_typing: bool) -> QueryPlan:
        """Return the plan of `text`, which is what remains of `query`."""
        quoted = quote_tags(text, self._indexed(marks).index(marks).rows_by_tag)
        return replace(build_plan(quoted, is_typing=is_typing), text=query)

    def _indexed(self, marks: Mapping[int, Mark]) -> IndexedMarks:
        return self._marks if marks else self._no_marks

    def _current_index(self, table: PaperTable) -> OpenIndex:
        snapshot = self.store.snapshot(preload=True)
        if self._open_index is None or self._open_index.snapshot is not snapshot:
            self._open_index = OpenIndex(snapshot) if snapshot is not None else None
        if self._open_index is None:
            raise StorageError("There is no search index. Run `paperreader reindex` to build it.")
        wanted, found = table.version, self._open_index.snapshot.catalog_version
        if (found.uuid, found.generation) != (wanted.uuid, wanted.generation):
            raise StorageError(
                "The search index belongs to another state of the library. Run `paperreader reindex` to update it."
            )
        return self._open_index

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Lock the index. If the body fails because of damaged files, discard the index.

        Damage after opening shows up as various exceptions, so after any of them the files are verified.
        """
        with self.store.lock:
            try:
                yield
            except (PaperreaderError, SearchCancelled):
                raise
            except MetadataUnavailable as error:
                raise StorageError(
                    "The tables of authors, ids and titles are missing. Run `paperreader reindex` to build them."
                ) from error
            except Exception as error:
                if not isinstance(error, IndexDamaged) and not self.store.damaged_files():
                    raise
                self._open_index = None
                raise self.store.discard_damaged() from error


def _search_hits(plan: QueryPlan, table: PaperTable, matches: RankedMatches, started: float) -> SearchHits:
    seconds = time.perf_counter() - started
    default_order: SortOrder = "relevance" if plan.scored or plan.asks_for_meaning else "date"
    order = default_order if plan.sort in (None, "relevance") else plan.sort
    return SearchHits(
        plan.text,
        table.generation,
        matches.ranking.rows,
        matches.full_matches,
        matches.ranking.scores,
        seconds,
        _no_spans,
        plan.hint,
        sorted_by=order,
        is_reversed=plan.is_reversed,
    )


def _no_spans(text: str) -> list[Span]:
    return []
