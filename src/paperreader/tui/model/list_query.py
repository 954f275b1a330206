"""The query behind the paper list: which papers it shows, and in which order.

Plain functions over the library that run in a thread; no widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from paperreader.library import tag_of_view
from paperreader.models import EMPTY_MARK, FindMatches, PaperTable, SearchHits, SortOrder
from paperreader.tui.model.list_sort import REVERSED_LABELS, SORT_LABELS, sort_rows
from paperreader.tui.model.relations import Relation, find_related

if TYPE_CHECKING:
    from paperreader.library import Library, View

_SORTS: tuple[SortOrder, ...] = (
    *("date", "votes", "stars", "comments", "citations"),
    *("title", "marked", "queue", "foryou"),
)


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


NO_HITS = SearchHits("", 0, (), 0, (), 0.0, lambda text: [])
"""Of a list without a search."""


class ListResult(NamedTuple):
    """The rows of a query, valid for one generation of the table."""

    query: ListQuery
    generation: int
    rows: Sequence[int]
    full_matches: int
    """How many rows, from the first, match every word of the query."""
    hits: SearchHits = NO_HITS
    """What was found, of which the rows are those in the view, with the filter and in the order of the list."""
    sort_hint: str = ""
    """Why the papers are not in the order that was asked for."""
    completed: str = ""
    """The query with a star after its last word, if the word is finished but only its completions match."""
    matches_outside_view: int = 0
    """Number of full matches that are not in the view; without a search, of papers that the code filter excludes."""
    sort: SortOrder = "date"
    """The sort of the full matches."""
    is_reversed: bool = False
    """Whether they are in the reversed order."""

    @property
    def find_matches(self) -> FindMatches | None:
        """As `SearchHits.find_matches`; None if nothing was searched."""
        return self.hits.find_matches if self.hits is not NO_HITS else None

    @property
    def hint(self) -> str:
        """What of the query was not understood, or why it cannot have its order."""
        return self.hits.hint or self.sort_hint

    @property
    def partial_label(self) -> str:
        """What is written above the papers after the full matches."""
        if self.hits.is_by_meaning:
            return "found by meaning"  # also those with the words of the query
        return "near in meaning" if self.hits.ends_with_near else "partial matches"

    @property
    def addable(self) -> tuple[str, ...]:
        """The papers that the query names, that are not in the library, and that can be fetched."""
        if not self.hits.missing:
            return ()
        from paperreader.fetch.paper_refs import addable  # few queries need it

        return addable(self.hits.missing)

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
        result = ListResult(query, table.generation, rows, len(rows), sort=sort, sort_hint=hint)
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
    if finished.full_matches or cancelled() or finished.hits.is_by_meaning:
        return finished
    unfinished = search(is_typing=True, corrects=corrects)
    if unfinished.hits.corrected:
        return unfinished
    if not unfinished.full_matches:
        return finished
    hits = replace(unfinished.hits, hint=finished.hits.hint or unfinished.hits.hint)
    return unfinished._replace(completed=f"{query.text.strip()}*", hits=hits)


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
    if hits.is_by_meaning:
        partial, _, _ = sort_rows(library, partial, query.sort, query.view, cancelled)
    full, sort, unsorted = sort_rows(library, full, query.sort, query.view, cancelled)
    return ListResult(
        query,
        hits.generation,
        full if len(partial) == 0 else [*full, *partial],
        len(full),
        hits,
        sort_hint=unsorted,
        matches_outside_view=total - len(full),
        sort=hits.sorted_by if query.sort == "relevance" else sort,
        is_reversed=hits.is_reversed and query.sort == "relevance",
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
