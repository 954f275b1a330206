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
from paperreader.models import CatalogStamp, Completion, Hits, Mark, PaperTable, Sort
from paperreader.search.assist import more_like_this
from paperreader.search.assist.completion import Completing
from paperreader.search.assist.did_you_mean import FEW
from paperreader.search.assist.highlighter import Span
from paperreader.search.index.postings import OpenIndex
from paperreader.search.index.term_dictionary import Damaged
from paperreader.search.metadata import lookup
from paperreader.search.query.matcher import Cancelled, Matcher, check
from paperreader.search.query.note_index import Notes
from paperreader.search.query.paper_filters import Facts, Filters, Marked
from paperreader.search.query.plan import Plan, plan
from paperreader.search.query.ranking import ENOUGH, NOTHING, Ranking, everything, places
from paperreader.search.session import Answering
from paperreader.search.update.store import Kept


class SearchIndex(Kept[OpenIndex]):
    """Full-text search over a catalog. One thread searches at a time; a cancelled search ends at the next word."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, OpenIndex)
        self._matcher: Matcher | None = None
        self._places: tuple[CatalogStamp, NDArray[np.int32], Facts] | None = None
        self._notes = Notes()
        self._marked = Marked({})
        self._names = lookup.Names(folder.parent)

    def search(
        self,
        query: str,
        table: PaperTable,
        marks: Mapping[int, Mark],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        new_from: int = 0,
        again: Collection[int] = (),
    ) -> Hits:
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
        asked = plan(query)
        if not (asked.wanted or asked.filters or asked.sort):
            return _hits(asked, table, everything(table), began)
        try:
            with self._reading():
                answer = self._prepare(table, marks, cancelled, (new_from, again))
                asked = answer.plan(query)
                ranking = answer.rank(asked)
                find = answer.finder(asked, parts=ranking.full < ENOUGH)
                suggestion = answer.suggestion(asked, ranking) if ranking.full < FEW else ""
        except Cancelled:
            return _hits(asked, table, NOTHING, began)
        return replace(_hits(asked, table, ranking, began), find=find, suggestion=suggestion)

    def complete(
        self,
        text: str,
        cursor: int,
        table: PaperTable,
        marks: Mapping[int, Mark],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        new_from: int = 0,
        again: Collection[int] = (),
    ) -> list[Completion]:
        """What could stand before the cursor of a query, the likeliest first; nothing when `cancelled` turns true.

        Nothing is offered that would leave a query without papers which has some as it stands. `new_from` and `again`
        as for `search`.

        Raises:
            StorageError: there is no sound index of this generation of the catalog.
        """
        try:
            with self._reading():
                return self._prepare(table, marks, cancelled, (new_from, again)).completions(text, cursor)
        except Cancelled:
            return []

    def related(self, row: int, table: PaperTable, limit: int = 50) -> Hits:
        """The papers nearest to the one at `row`, nearest first, at most `limit`; the query of the hits is its title.

        Raises:
            StorageError: there is no sound index, or the paper's line is damaged.
        """
        began = time.perf_counter()
        paper = table.paper(row)
        with self._reading():
            index = self._usable(table)
            ranking = more_like_this.nearest(paper, row, index, places(table, index.size), limit)
        took = time.perf_counter() - began
        return Hits(
            paper.title,
            table.generation,
            ranking.order.rows,
            ranking.full,
            ranking.order.scores,
            took,
            _nothing,
        )

    # Inner workings

    def _prepare(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        cancelled: Callable[[], bool],
        new: tuple[int, Collection[int]],
    ) -> Answering:
        index = self._usable(table)
        self._notes.follow(marks)
        if self._marked.marks is not marks:
            self._marked = Marked(marks)
        if self._matcher is None:
            self._matcher = Matcher(index, self._notes)
        if self._places is None or self._places[0] != table.stamp:
            place = places(table, index.size)
            self._places = (table.stamp, place, Facts(table, len(place)))
        _, place, facts = self._places

        def named() -> lookup.Names:
            self._names.follow(table, lambda: check(cancelled))
            return self._names

        filters = Filters(table, facts, self._marked, named, new)
        completing = Completing(self._matcher.words, len(table), self._marked, facts, named)
        return Answering(table, self._matcher, filters, facts, named, place, cancelled, completing)

    def _usable(self, table: PaperTable) -> OpenIndex:
        index = self._open()
        if index is None:
            raise StorageError("There is no search index; `paperreader reindex` builds it.")
        wanted, found = table.stamp, index.stamp
        if (found.uuid, found.generation) != (wanted.uuid, wanted.generation):
            raise StorageError(
                "The search index belongs to another state of the library; `paperreader reindex` renews it."
            )
        return index

    def _forget(self) -> None:
        """Drop what was made of the index that was open before."""
        self._matcher = self._places = None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Hold the index for the body; a failure in there is blamed on the files, if they are not what they were.

        Whoosh fails in a dozen ways when a file was damaged after it was opened.
        """
        with self._lock:
            try:
                yield
            except (PaperreaderError, Cancelled):
                raise
            except lookup.Unusable as error:
                raise StorageError(
                    "There is no table of authors, ids and titles; `paperreader reindex` builds it."
                ) from error
            except Exception as error:
                if not isinstance(error, Damaged) and not self._damaged_files():
                    raise
                raise self._given_up() from error


def _hits(asked: Plan, table: PaperTable, ranking: Ranking, began: float) -> Hits:
    took = time.perf_counter() - began
    usual: Sort = "relevance" if asked.wanted else "date"
    order = usual if asked.sort in (None, "relevance") else asked.sort
    return Hits(
        asked.text,
        table.generation,
        ranking.order.rows,
        ranking.full,
        ranking.order.scores,
        took,
        _nothing,
        asked.hint,
        sorted_by=order,
    )


def _nothing(text: str) -> list[Span]:
    return []
