"""The search index of one library: bringing it up to date, and answering queries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.errors import PaperreaderError, StorageError
from paperreader.models import CatalogStamp, Completion, Hits, Mark, PaperTable, Problem, Sort
from paperreader.search import manifest, names, names_keeping, related, writer
from paperreader.search.answer import Answering
from paperreader.search.building import Alone, Batch, Maker, workplace
from paperreader.search.complete import Completing
from paperreader.search.facts import Facts, Filters, Marked
from paperreader.search.highlight import Span
from paperreader.search.match import Cancelled, Matcher, check
from paperreader.search.notes import Notes
from paperreader.search.query import Plan, plan
from paperreader.search.rank import ENOUGH, NOTHING, Ranking, everything, places
from paperreader.search.reader import OpenIndex, load
from paperreader.search.segment import Damaged
from paperreader.search.suggest import FEW
from paperreader.storage import lock, make_folder, reason

_ATTEMPTS = 5
"""At opening an index that another process replaces again and again."""


class SearchIndex:
    """Full-text search over a catalog, for any number of threads and processes.

    Everything in the folder is derived: a missing, stale, damaged or foreign index is built anew by `update`, and never
    trusted before.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        """Held by the one thread that searches; a cancelled search lets go of it at the next word."""
        self._signature: tuple[int, int, int] | None = None
        self._index: OpenIndex | None = None
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
        with self._lock:
            index = self._open()
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
        with self._writing(), workplace(parent) as place:
            tell = progress or (lambda done, total: None)
            batches = self._update(table, maker or Alone(place), tell, from_scratch)
            names_keeping.keep(parent, table, batches, from_scratch=from_scratch)

    def optimise(self) -> None:
        """Make the index one piece without what is no longer in force, where that is worth it: when nobody waits.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written, or is damaged (`update` builds it anew).
        """
        with self._writing():
            known = self._sound_manifest()
            try:
                if known is not None:
                    writer.optimise(self._folder, known)
            except Damaged as error:
                raise self._given_up() from error
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
        with self._writing():
            broken, unnamed = bool(self._damaged_files()), bool(names_keeping.damaged(self._folder.parent))
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
        # One that is not there is not damaged: an update that was broken off left it to the next one.
        return [
            *self._damaged_files(),
            *(Problem(str(path), None, "is damaged") for path in unusable if path.exists()),
        ]

    # Inner workings

    def _damaged_files(self) -> list[Problem]:
        """What is wrong with the files of the index itself."""
        known = manifest.read(self._folder)
        if known is None:
            return [Problem(str(self._folder), None, "holds no search index that can be used")]
        return manifest.problems(self._folder, known)

    def _update(
        self, table: PaperTable, maker: Maker, tell: Callable[[int, int], None], from_scratch: bool
    ) -> Sequence[Batch]:
        known = None if from_scratch else self._sound_manifest()
        changed = table.changed_since(known.stamp) if known is not None else None
        if known is not None and changed is not None:
            try:
                if known.stamp == table.stamp:
                    return ()
                opened = self._index.segments if self._index is not None else {}
                return writer.catch_up(self._folder, known, opened, table, changed, maker, tell)
            except Damaged:
                pass  # Found while segments were made one; nothing of it is used any more.
        return writer.rebuild(self._folder, table, maker, tell)

    def _sound_manifest(self) -> manifest.Manifest | None:
        """The manifest, when every file is as it says."""
        with self._lock:
            checked = self._open() is not None and manifest.signature(self._folder) == self._signature
        return manifest.read(self._folder) if checked else None

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

        def named() -> names.Names:
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

    def _open(self) -> OpenIndex | None:
        """The index as it is on disk now; the one opened before, while another is being put in its place."""
        for _ in range(_ATTEMPTS):
            signature = manifest.signature(self._folder)
            if signature is None or signature == self._signature:
                return self._index
            index = load(self._folder)
            if index is None and manifest.signature(self._folder) != signature:
                continue  # Another process finished an update, and took away what we were about to read.
            if self._index is not None:
                self._index.close()
            self._signature, self._index = signature, index
            self._matcher = self._places = None
            return index
        return self._index

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the folder's lock for the body."""
        make_folder(self._folder.parent)
        try:
            with lock(self._folder.with_name(f"{self._folder.name}.lock")):
                yield
        except OSError as error:
            raise StorageError(f"Cannot write to {self._folder}: {reason(error)}.") from error

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
            except names.Unusable as error:
                raise StorageError(
                    "There is no table of authors, ids and titles; `paperreader reindex` builds it."
                ) from error
            except Exception as error:
                if not isinstance(error, Damaged) and not self._damaged_files():
                    raise
                raise self._given_up() from error

    def _given_up(self) -> StorageError:
        """Trust the index no longer: `update` builds another."""
        with self._lock, suppress(OSError):
            self._signature = self._index = self._matcher = None
            (self._folder / manifest.FILE_NAME).unlink(missing_ok=True)
        return StorageError("The search index is damaged; `paperreader reindex` builds it anew.")


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
