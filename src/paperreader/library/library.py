"""The one facade over catalog, notebook, sources, exports and search. It returns data and renders nothing.

Two threads use it in the reader. The user interface alone replaces `table` and `marks`, through `adopt`,
`preview` and `withdraw`. What touches a disk (`poll`, `save`, `search`, `view`, imports) may run in a worker,
takes the values it needs at its start, and returns new ones.

The class is built up in layers, each in a module of its own: `stores` (what is in force), `upkeep` (index and
repair), `traffic` (papers in and out), and here what a reader asks and says.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from paperreader import paths
from paperreader.errors import PaperreaderError, StorageError
from paperreader.library.lookup import resolve_row, short_ids
from paperreader.library.new_since import OPEN_VISIT_KEY, NewSince, visit_record
from paperreader.library.traffic import Traffic
from paperreader.library.types import Update, View, ViewCounts, query_of_view
from paperreader.library.views import count_query_view, count_views, rows_of_view, sort_newest_first
from paperreader.models import Completion, Mark, MarkChange, SearchHits


class Library(Traffic):
    """The papers of one folder and what the reader has said about them.

    Opening reads the row table and the notebook, and writes nothing into an empty folder.

    Raises:
        StorageError: the folder cannot be read.
    """

    @classmethod
    def open(cls, folder: Path | None = None, *, sample: bool = False) -> Library:
        """The library in `folder` (default: see `paths.library_folder`), or the sample library, filled on first use.

        Raises:
            StorageError: the folder cannot be read, or the sample pages cannot be stored.
        """
        if not sample:
            return cls(paths.library_folder(folder))
        library = cls(folder or paths.sample_library_folder(), is_sample=True)
        library._fill_with_samples()
        return library

    # Looking things up

    def resolve(self, text: str) -> int:
        """The row of an id, with version, with `arXiv:`, as a URL, an alias, or an unambiguous prefix.

        Raises:
            NotFound: no paper answers to it.
            Ambiguous: several papers do.
        """
        return resolve_row(self.table, text)

    def short_ids(self, ids: Iterable[str]) -> dict[str, str]:
        """For each id of a paper the beginning that stands for it in a table, which `resolve` takes."""
        return short_ids(self.table, ids)

    def view(self, view: View) -> Sequence[int]:
        """The rows of a view, newest first.

        Raises:
            StorageError: it is the view of a query, and there is no usable index.
        """
        if (query := query_of_view(view)) is not None:
            hits = self.search(query)
            return sort_newest_first(hits.rows[: hits.full_matches], self.table)
        return rows_of_view(view, self.table, self.marks, self._new_since())

    def view_counts(
        self, queries: Iterable[View] = (), *, marks: Mapping[int, Mark] | None = None
    ) -> ViewCounts:
        """The size of every view by `marks` (those in force unless given), and of those of `queries` as far as there
        is an index. For a worker.
        """
        table, marks = self.table, self.marks if marks is None else marks
        try:
            read = [row for row, mark in marks.items() if mark.is_read]
            found = {view: count_query_view(self.view(view), read, table.size) for view in queries}
        except StorageError:
            found = {}  # told where it is searched
        return count_views(table, marks, self._new_since(), found)

    def search(self, query: str, *, cancelled: Callable[[], bool] = lambda: False) -> SearchHits:
        """The papers that answer `query`, ranked; everything, newest first, when it is empty.

        Reads the index as it stands: papers that came in since are missing until `reindex` has caught up.

        Raises:
            StorageError: there is no usable index (see `index_ready`).
        """
        table, marks = self.table, self.marks
        if not query.strip() or not len(table):  # an empty library has no index
            began = time.perf_counter()
            rows = table.newest
            took = time.perf_counter() - began
            return SearchHits(
                query, table.generation, rows, len(rows), (), took, lambda text: [], sorted_by="date"
            )
        since = self._new_since()
        return self._search_index().search(
            query, table, marks, cancelled=cancelled, first_new_row=since.first_new_row, not_new=since.not_new
        )

    def related(self, row: int, limit: int = 50) -> SearchHits:
        """The papers nearest to the one at `row`, nearest first; the query of the hits is its title.

        Raises:
            StorageError: there is no usable index, or the paper's line is damaged.
        """
        return self._search_index().related(row, self.table, limit)

    def complete(
        self, text: str, cursor: int, *, cancelled: Callable[[], bool] = lambda: False
    ) -> list[Completion]:
        """What could stand before the cursor of a query, the likeliest first. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        table, marks = self.table, self.marks
        if not len(table):
            return []
        since = self._new_since()
        return self._search_index().complete(
            text,
            cursor,
            table,
            marks,
            cancelled=cancelled,
            first_new_row=since.first_new_row,
            not_new=since.not_new,
        )

    # Marks

    def preview(self, changes: Sequence[MarkChange]) -> tuple[MarkChange, ...]:
        """Show `changes` in `marks` at once, before they are saved, and give the changes that undo them."""
        return self._marks.preview(changes)

    def discard_preview(self, changes: Sequence[MarkChange]) -> None:
        """Take previewed changes back out of `marks`, because they could not be saved."""
        self._marks.adopt(None, self.table, changes)

    def save(self, changes: Sequence[MarkChange]) -> Update:
        """Write `changes` to the notebook; they are durable when this returns. Adopt what it gives.

        Raises:
            StorageError: nothing was saved.
        """
        with self._io_lock:
            saved = self._notebook.save(changes)
        return Update(notebook=saved.marks, saved_changes=tuple(changes), note_conflicts=saved.conflicts)

    def save_and_adopt(self, changes: Sequence[MarkChange]) -> Update:
        """`save` and `adopt` at once, for programs with one thread."""
        update = self.save(changes)
        self.adopt(update)
        return update

    def current_visit(self) -> dict[str, Any]:
        """What `note_visit` keeps of a visit that shows what is in the library now, and nothing that comes later."""
        return visit_record(self.table, datetime.datetime.now(datetime.UTC).date())

    def end_visit(self, visit: dict[str, Any] | None = None) -> None:
        """Remember that all of `visit` (None: of the library as it is) has been shown once: `new` counts from here."""
        self.state.set("visited", visit or self.current_visit())
        if self.has_open_visit:
            self.state.set(OPEN_VISIT_KEY, None)

    def save_open_visit(self, visit: dict[str, Any] | None = None) -> None:
        """Remember what a visit that goes on has shown so far; `new` counts from the one before until it ends."""
        self.state.set(OPEN_VISIT_KEY, visit or self.current_visit())

    @property
    def has_open_visit(self) -> bool:
        """Whether a visit was kept that has not ended: it is this one, another reader's, or one that was killed."""
        return self.state.get(OPEN_VISIT_KEY) is not None

    def close_open_visit(self) -> None:
        """End the visit that was kept last and has not ended, where there is one."""
        if self.has_open_visit:
            self.end_visit(self.state.get(OPEN_VISIT_KEY))

    # Inner workings

    def _new_since(self) -> NewSince:
        return self._new_papers.new_since(self.table, self.state.get("visited"))

    def _fill_with_samples(self) -> None:
        pages = paths.sample_pages_folder()
        files = sorted(pages.glob("*.txt"))
        wanted = [f"{page.name}:{page.stat().st_size}" for page in files]
        if len(self.table) and self.state.get("samples") == wanted:
            return
        report = self.import_paths([str(page) for page in files])
        if not report.read:
            raise PaperreaderError(f"The sample pages are missing from {pages}; install paperreader again.")
        self.state.set("samples", wanted)
