"""The query behind the paper list: which papers it shows, and in which order.

Plain functions over the library that run in a thread; no widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from paperreader.library import tag_of_view
from paperreader.models import (
    EMPTY_MARK,
    FindMatches,
    NearMatches,
    PaperTable,
    SearchHits,
    SortOrder,
    TextMatches,
)
from paperreader.tui.model.list_sort import REVERSED_LABELS, SORT_LABELS, sort_rows
from paperreader.tui.model.relations import Relation, find_related

if TYPE_CHECKING:
    from paperreader.library import Library, View

_SORTS: tuple[SortOrder, ...] = ("date", "votes", "stars", "comments", "title", "marked", "queue", "foryou")


class ListQuery(NamedTuple):
    """A query for the paper list: a view, with a search, sort and filter."""

    view: View = "all"
    text: str = ""
    """A search query within the view; "" for the whole view."""
    sort: SortOrder = "date"
    code_only: bool = False
    """Only papers with a link to code, in any view."""

    related_to: str = ""
    """The id of a paper whose related papers are shown instead of search results."""

    relation: Relation = "related"
    """Which papers are shown instead."""

    is_literal: bool = False
    """Search what was typed, even if only a corrected spelling finds something."""

    is_typing: bool = False
    """The last word of the text is still being typed, so it is a prefix."""

    @property
    def is_search(self) -> bool:
        return bool(self.text.strip()) and not self.related_to


class ListRequest(NamedTuple):
    """A query that is run in the background."""

    query: ListQuery
    meaning: bool
    """Whether papers that are near in meaning complete the list."""
    completes: bool = False
    """Whether the list shows what the query found by words already."""


class ListResult(NamedTuple):
    """The rows of a query, valid for one generation of the table."""

    query: ListQuery
    generation: int
    rows: Sequence[int]
    full_matches: int
    """How many rows, from the first, match every word of the query."""
    find_matches: FindMatches | None = None
    seconds: float | None = None
    hint: str = ""
    suggestion: str = ""
    corrected: str = ""
    """The query that was searched instead, see `SearchHits`."""
    completed: str = ""
    """The query with a star after its last word, if the word is finished but only its completions match."""
    matches_outside_view: int = 0
    """Number of full matches that are not in the view; without a search, of papers that the code filter excludes."""
    sort: SortOrder = "date"
    """The sort of the full matches."""
    is_reversed: bool = False
    """Whether they are in the reversed order."""
    texts: TextMatches | None = None
    """None if no word was searched in full texts."""
    missing: tuple[str, ...] = ()
    """arXiv ids, DOIs and URLs in the query whose papers are not in the library."""
    near: NearMatches | None = None
    """What of the rows after the full matches is near in meaning; None if they are partial matches."""
    can_be_completed: bool = False
    """Whether papers that are near in meaning would complete the rows, which were found by words only."""

    @property
    def ends_with_near(self) -> bool:
        """As `SearchHits.ends_with_near`."""
        return self.near is not None and self.near.count > 0

    @property
    def addable(self) -> tuple[str, ...]:
        """Those of `missing` that can be fetched."""
        from paperreader.fetch.paper_refs import addable  # few queries need it

        return addable(self.missing)

    @property
    def sort_label(self) -> str:
        """The order in words."""
        if self.query.relation == "references" and self.sort == "relevance":
            return "in the order of the text"
        return (REVERSED_LABELS if self.is_reversed else SORT_LABELS)[self.sort]


def available_sorts(query: ListQuery) -> tuple[SortOrder, ...]:
    """Return the sorts that a query offers, the default first."""
    if query.is_search or (query.related_to and query.relation != "cited-by"):
        return ("relevance", *_SORTS)
    if not is_for_user(query) or query.related_to:
        return _SORTS
    return ("foryou", *(sort for sort in _SORTS if sort != "foryou"))


def in_view(query: ListQuery, view: View) -> ListQuery:
    """Return the query in another view, whose own order applies where there is one."""
    changed = query._replace(view=view)
    own, before = available_sorts(changed)[0], available_sorts(query)[0]
    return changed if own == before else changed._replace(sort=own)


def is_for_user(query: ListQuery) -> bool:
    """Return whether a query shows unread papers for the user."""
    return tag_of_view(query.view) is not None


def is_instant(query: ListQuery) -> bool:
    """Return whether the result costs nothing, because the table stores the papers in this order."""
    return query == ListQuery()


def run_query(
    library: Library,
    query: ListQuery,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    meaning: bool = True,
) -> ListResult:
    """Return the rows of a query. May take long; returns an incomplete result once `cancelled()` is true.

    With `meaning`, a short list of results is completed by papers that are near in meaning.

    Raises:
        StorageError: the index is missing or damaged.
    """
    table = library.table
    if query.related_to:
        row = table.row_of(query.related_to)
        if row is None:
            return ListResult(query, table.generation, (), 0)
        hits = find_related(library, query.relation, row, cancelled)
        return _restrict_to_view(library, query, hits, table, cancelled)
    if not query.is_search:
        rows = library.view(query.view)
        without_code = 0
        if query.code_only:
            coded, total = set(library.view("code")), len(rows)
            rows = [row for row in rows if row in coded]
            without_code = total - len(rows)
        sort, hint = query.sort, ""
        if sort != "date":
            rows, sort, hint = sort_rows(library, rows, sort, query.view, cancelled)
        result = ListResult(query, table.generation, rows, len(rows), sort=sort, hint=hint)
        return result._replace(matches_outside_view=without_code)
    return _run_search(library, query, table, cancelled, meaning)


def _run_search(
    library: Library, query: ListQuery, table: PaperTable, cancelled: Callable[[], bool], meaning: bool
) -> ListResult:
    """Return the papers that match a search. Of a finished query without any, what was shown while it was typed."""

    def search(*, is_typing: bool, corrects: bool) -> ListResult:
        settings = {"is_typing": is_typing, "corrects": corrects, "meaning": meaning}
        hits = library.search(query.text, **settings, cancelled=cancelled)
        return _restrict_to_view(library, query, hits, table, cancelled)

    corrects = not query.is_literal
    if query.is_typing:
        return search(is_typing=True, corrects=corrects)
    finished = search(is_typing=False, corrects=False)
    if finished.full_matches or cancelled() or (finished.near is not None and finished.near.is_requested):
        return finished
    unfinished = search(is_typing=True, corrects=corrects)
    if unfinished.corrected:
        return unfinished
    if not unfinished.full_matches:
        return finished
    hint = finished.hint or unfinished.hint
    return unfinished._replace(completed=f"{query.text.strip()}*", hint=hint)


def _restrict_to_view(
    library: Library, query: ListQuery, hits: SearchHits, table: PaperTable, cancelled: Callable[[], bool]
) -> ListResult:
    full, partial = hits.rows[: hits.full_matches], hits.rows[hits.full_matches :]
    total = len(full)
    for view in _view_filters(query):
        if cancelled():
            break
        # Hidden papers are in no view, and are only found by queries that ask for them.
        allowed = set(library.view(view)) | library.unlisted
        full = [row for row in full if row in allowed]
        partial = [row for row in partial if row in allowed]
    if hits.near is not None and hits.near.is_requested:
        partial, _, _ = sort_rows(library, partial, query.sort, query.view, cancelled)
    full, sort, unsorted = sort_rows(library, full, query.sort, query.view, cancelled)
    return ListResult(
        query,
        hits.generation,
        full if len(partial) == 0 else [*full, *partial],
        len(full),
        find_matches=hits.find_matches,
        seconds=hits.seconds,
        hint=hits.hint or unsorted,
        suggestion=hits.suggestion,
        corrected=hits.corrected,
        matches_outside_view=total - len(full),
        sort=hits.sorted_by if query.sort == "relevance" else sort,
        is_reversed=hits.is_reversed and query.sort == "relevance",
        texts=hits.texts,
        missing=hits.missing,
        near=hits.near,
        can_be_completed=hits.can_be_completed,
    )


def _view_filters(query: ListQuery) -> list[View]:
    views = [] if query.view == "all" else [query.view]
    return [*views, "code"] if query.code_only else views


def with_sticky_rows(result: ListResult, sticky_rows: Sequence[int], library: Library) -> ListResult:
    """Return the result with rows added that were visible before, so that nothing disappears under the cursor.

    Papers that were removed from the view on purpose are not added: hidden and deleted ones, in New also those that
    were dismissed or that a rule hides.
    """
    table, marks = library.table, library.marks
    if not sticky_rows or result.generation != table.generation:
        return result
    present, removed = set(result.rows), library.unlisted
    if result.query.view == "new":
        dismissed = {row for row in sticky_rows if marks.get(row, EMPTY_MARK).is_dismissed}
        removed = removed | dismissed | library.inbox.rules.rows(table)
    missing = [row for row in sticky_rows if row not in present and table.is_live(row) and row not in removed]
    if not missing:
        return result
    present.update(missing)
    rows: Sequence[int] = [row for row in table.newest if row in present]
    if result.query.sort != "date":
        rows, _, _ = sort_rows(library, rows, result.query.sort, result.query.view)
    return result._replace(rows=rows, full_matches=len(rows))


def without_rows(result: ListResult, gone: Set[int]) -> ListResult:
    """Return the result without some of its rows."""
    if not gone:
        return result
    full, partial = result.rows[: result.full_matches], result.rows[result.full_matches :]
    full, partial = ([row for row in rows if row not in gone] for rows in (full, partial))
    return result._replace(rows=[*full, *partial], full_matches=len(full))
