"""Which papers stand in the list, and in which order: the answer to a question of view, query and sort.

Plain functions over the facade, run in a worker; no widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from paperreader.models import NO_MARK, Hits, Mark, PaperTable, Sort

if TYPE_CHECKING:
    from paperreader.library import Library, View

ORDERS: dict[Sort, str] = {
    "date": "newest first",
    "votes": "most votes first",
    "title": "by title",
    "relevance": "best match first",
    "marked": "recently marked first",
}
"""The sorts as the status line calls them."""

_SORTS: tuple[Sort, ...] = ("date", "votes", "title", "marked")

Find = Callable[[str], list[tuple[int, int]]]


class Question(NamedTuple):
    """What the list is to show."""

    view: View = "all"
    query: str = ""
    """Searched within the view; empty: the whole view."""
    sort: Sort = "date"
    code_only: bool = False
    """Only papers with a link to code, in whatever view."""

    like: str = ""
    """The id of a paper whose nearest ones are shown, instead of what the query finds."""

    @property
    def is_search(self) -> bool:
        return bool(self.query.strip()) and not self.like


class Answer(NamedTuple):
    """The rows that answer a question over the table of one generation."""

    question: Question
    generation: int
    rows: Sequence[int]
    full: int
    """How many of the rows, from the first, hold every word of the query."""
    find: Find | None = None
    seconds: float | None = None
    hint: str = ""
    suggestion: str = ""
    elsewhere: int = 0
    """Full matches of the query that are not in the view."""
    order: Sort = "date"
    """How the full matches stand."""


def sorts(question: Question) -> tuple[Sort, ...]:
    """The sorts that make sense for a question, the usual one first."""
    ranked = question.is_search or question.like
    return ("relevance", *_SORTS) if ranked else _SORTS


def at_once(question: Question) -> bool:
    """Whether the answer costs nothing: the table keeps the papers in this order."""
    return question == Question()


def answer(library: Library, question: Question, cancelled: Callable[[], bool] = lambda: False) -> Answer:
    """Find the rows. May take a while; stops early, with whatever it has, once `cancelled()` is true.

    Raises:
        StorageError: the query cannot be answered, because the index is missing or damaged.
    """
    table = library.table
    if question.like:
        row = table.row_of(question.like)
        if row is None:
            return Answer(question, table.generation, (), 0)
        return _within(library, question, library.related(row), table, cancelled)
    if not question.is_search:
        rows = library.view(question.view)
        if question.code_only:
            coded = set(library.view("code"))
            rows = [row for row in rows if row in coded]
        if question.sort != "date":
            rows = _sorted(rows, question.sort, table, library.marks, cancelled)
        return Answer(question, table.generation, rows, len(rows), order=question.sort)
    hits = library.search(question.query, cancelled=cancelled)
    return _within(library, question, hits, table, cancelled)


def _within(
    library: Library, question: Question, hits: Hits, table: PaperTable, cancelled: Callable[[], bool]
) -> Answer:
    full, some = hits.rows[: hits.full], hits.rows[hits.full :]
    everywhere = len(full)
    for view in _narrowing(question):
        if cancelled():
            break
        allowed = set(library.view(view))
        full = [row for row in full if row in allowed]
        some = [row for row in some if row in allowed]
    full = _sorted(full, question.sort, table, library.marks, cancelled)
    return Answer(
        question,
        hits.generation,
        full if len(some) == 0 else [*full, *some],
        len(full),
        find=hits.find,
        seconds=hits.seconds,
        hint=hits.hint,
        suggestion=hits.suggestion,
        elsewhere=everywhere - len(full),
        order=hits.sorted_by if question.sort == "relevance" else question.sort,
    )


def _narrowing(question: Question) -> list[View]:
    views = [] if question.view == "all" else [question.view]
    return [*views, "code"] if question.code_only else views


def _sorted(
    rows: Sequence[int],
    sort: Sort,
    table: PaperTable,
    marks: Mapping[int, Mark],
    cancelled: Callable[[], bool],
) -> Sequence[int]:
    """The rows in another order; equal ones stay as they are."""
    if sort == "relevance":
        return rows
    if sort == "date":
        return sorted(rows, key=lambda row: (table.day(row), table.votes(row) or 0), reverse=True)
    if sort == "votes":
        # Papers without votes after those with none.
        return sorted(
            rows, key=lambda row: -1 if (votes := table.votes(row)) is None else votes, reverse=True
        )
    if sort == "marked":
        return sorted(rows, key=lambda row: marks.get(row, NO_MARK).latest, reverse=True)
    from paperreader.text.clean import fold, printable

    titles: dict[int, str] = {}
    for row in rows:
        if cancelled():
            return rows
        titles[row] = fold(printable(table.paper(row).title))
    return sorted(rows, key=titles.__getitem__)


def keep(answer: Answer, kept: Sequence[int], library: Library) -> Answer:
    """The answer with the rows that were on show before, so that nothing vanishes under the cursor."""
    table = library.table
    if not kept or answer.generation != table.generation:
        return answer
    have = set(answer.rows)
    missing = [row for row in kept if row not in have and table.is_live(row)]
    if not missing:
        return answer
    have.update(missing)
    rows: Sequence[int] = [row for row in table.newest if row in have]
    if answer.question.sort != "date":
        rows = _sorted(rows, answer.question.sort, table, library.marks, lambda: False)
    return answer._replace(rows=rows, full=len(rows))
