"""The search index of one library: bringing it up to date, and answering queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogStamp, Completion, Hits, Mark, PaperTable, Problem, Sort
from paperreader.search import manifest, names, names_keeping, related, writer
from paperreader.search.answer import Answering
from paperreader.search.building import Alone, Batch, Maker, workplace
from paperreader.search.complete import Completing
from paperreader.search.facts import Facts, Filters, Marked
from paperreader.search.followed import Followed
from paperreader.search.highlight import Span
from paperreader.search.match import Cancelled, Matcher, check
from paperreader.search.notes import Notes
from paperreader.search.query import Plan, plan
from paperreader.search.rank import ENOUGH, NOTHING, Ranking, everything, places
from paperreader.search.segment import Damaged
from paperreader.search.suggest import FEW


class SearchIndex:
    """Full-text search over a catalog, for any number of threads and processes.

    Everything in the folder is derived: a missing, stale, damaged or foreign index is built anew by `update`, and never
    trusted before.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._disk = Followed(folder, self._forget)
        self._matcher: Matcher | None = None
        self._places: tuple[CatalogStamp, NDArray[np.int32], Facts] | None = None
        self._notes = Notes()
        self._marked = Marked({})
        self._names = names.Names(folder.parent)

    def is_begun(self) -> bool:
        """Whether an index was ever built here, sound or not."""
        return (self._folder / manifest.FILE_NAME).exists()

    def is_current(self, stamp: CatalogStamp) -> bool:
        """Whether there is a sound index of exactly that state of the catalog."""
        with self._disk.lock:
            index = self._disk.open()
            there = (
                index is not None and index.stamp == stamp and manifest.signature(self._folder) is not None
            )
            return there and names_keeping.is_current(self._folder.parent, stamp)

    def update(
        self,
        table: PaperTable,
        progress: Callable[[int, int], None] | None = None,
        *,
        from_scratch: bool = False,
        maker: Maker | None = None,
    ) -> None:
        """Bring the index up to date with `table`; `progress` is told (papers done, papers to do).

        Only what changed is read, where the table can tell; otherwise, or `from_scratch`, everything. `maker` makes
        papers ready; without one, this process does.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        parent = self._folder.parent
        with self._disk.writing(), workplace(parent) as place:
            tell = progress or (lambda done, total: None)
            batches = self._update(table, maker or Alone(place), tell, from_scratch)
            names_keeping.keep(parent, table, batches, from_scratch=from_scratch)

    def optimise(self) -> None:
        """Make the index one piece without what is no longer in force, where that is worth it: when nobody waits.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written, or is damaged (`update` builds it anew).
        """
        with self._disk.writing():
            known = self._disk.sound_manifest()
            try:
                if known is not None:
                    writer.optimise(self._folder, known)
            except Damaged as error:
                raise self._disk.given_up() from error
            try:
                names_keeping.settle(self._folder.parent)
            except Damaged:
                names_keeping.drop(self._folder.parent)

    def mend(self, table: PaperTable, progress: Callable[[int, int], None] | None = None) -> bool:
        """Read every file through, and build anew what is damaged. Gives whether anything was.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        with self._disk.writing():
            broken = bool(self._disk.damaged_files())
            unnamed = bool(names_keeping.damaged(self._folder.parent))
            if unnamed:
                names_keeping.drop(self._folder.parent)
        if broken or unnamed:
            self.update(table, progress, from_scratch=broken)
        return broken or unnamed

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
            with self._disk.reading():
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
    ) -> list[Completion]:
        """What could stand before the cursor of a query, the likeliest first; nothing when `cancelled` turns true.

        Raises:
            StorageError: there is no sound index of this generation of the catalog.
        """
        try:
            with self._disk.reading():
                return self._prepare(table, marks, cancelled).completing.complete(text, cursor)
        except Cancelled:
            return []

    def related(self, row: int, table: PaperTable, limit: int = 50) -> Hits:
        """The papers nearest to the one at `row`, nearest first, at most `limit`; the query of the hits is its title.

        Raises:
            StorageError: there is no sound index, or the paper's line is damaged.
        """
        began = time.perf_counter()
        paper = table.paper(row)
        with self._disk.reading():
            index = self._disk.usable(table)
            ranking = related.nearest(paper, row, index, places(table, index.size), limit)
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

    def verify(self) -> list[Problem]:
        """What is wrong with the index; reads all of it."""
        unusable = names_keeping.damaged(self._folder.parent)
        return [
            *self._disk.damaged_files(),
            *(Problem(str(path), None, "is missing or damaged") for path in unusable),
        ]

    # Inner workings

    def _update(
        self, table: PaperTable, maker: Maker, tell: Callable[[int, int], None], from_scratch: bool
    ) -> Sequence[Batch]:
        known = None if from_scratch else self._disk.sound_manifest()
        changed = table.changed_since(known.stamp) if known is not None else None
        if known is not None and changed is not None:
            try:
                if known.stamp == table.stamp:
                    return ()
                opened = self._disk.index.segments if self._disk.index is not None else {}
                return writer.catch_up(self._folder, known, opened, table, changed, maker, tell)
            except Damaged:
                pass  # Found while segments were made one; nothing of it is used any more.
        return writer.rebuild(self._folder, table, maker, tell)

    def _forget(self) -> None:
        self._matcher = self._places = None

    def _prepare(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        cancelled: Callable[[], bool],
        new: tuple[int, Collection[int]] = (0, ()),
    ) -> Answering:
        index = self._disk.usable(table)
        self._notes.follow(marks)
        if self._marked.marks is not marks:
            self._marked = Marked(marks)
        if self._matcher is None:
            self._matcher = Matcher(index, self._notes)
        if self._places is None or self._places[0] != table.stamp:
            place = places(table, index.size)
            self._places = (table.stamp, place, Facts(table, len(place)))
        _, place, facts = self._places

        def named() -> names.Names:
            self._names.follow(table, lambda: check(cancelled))
            return self._names

        filters = Filters(table, facts, self._marked, named, new)
        completing = Completing(self._matcher.words, len(table), self._marked, facts, named)
        return Answering(table, self._matcher, filters, facts, named, place, cancelled, completing)


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
