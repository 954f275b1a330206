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
from paperreader.library.lookup import row_of, short_ids
from paperreader.library.new_since import UNENDED, Since, ended
from paperreader.library.traffic import Traffic
from paperreader.library.types import Counts, Update, View, query_of
from paperreader.library.views import counts, found_by, newest_first, rows_of
from paperreader.models import Change, Completion, Hits, Mark


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
        return row_of(self.table, text)

    def short_ids(self, ids: Iterable[str]) -> dict[str, str]:
        """For each id of a paper the beginning that stands for it in a table, which `resolve` takes."""
        return short_ids(self.table, ids)

    def view(self, view: View) -> Sequence[int]:
        """The rows of a view, newest first.

        Raises:
            StorageError: it is the view of a query, and there is no usable index.
        """
        if (query := query_of(view)) is not None:
            hits = self.search(query)
            return newest_first(hits.rows[: hits.full], self.table)
        return rows_of(view, self.table, self.marks, self._since())

    def counts(self, queries: Iterable[View] = (), *, marks: Mapping[int, Mark] | None = None) -> Counts:
        """The size of every view by `marks` (those in force unless given), and of those of `queries` as far as there
        is an index. For a worker.
        """
        table, marks = self.table, self.marks if marks is None else marks
        try:
            read = [row for row, mark in marks.items() if mark.is_read]
            found = {view: found_by(self.view(view), read, table.size) for view in queries}
        except StorageError:
            found = {}  # told where it is searched
        return counts(table, marks, self._since(), found)

    def search(self, query: str, *, cancelled: Callable[[], bool] = lambda: False) -> Hits:
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
            return Hits(query, table.generation, rows, len(rows), (), took, lambda text: [], sorted_by="date")
        since = self._since()
        return self._search_index().search(
            query, table, marks, cancelled=cancelled, new_from=since.start, again=since.again
        )

    def related(self, row: int, limit: int = 50) -> Hits:
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
        since = self._since()
        return self._search_index().complete(
            text, cursor, table, marks, cancelled=cancelled, new_from=since.start, again=since.again
        )

    # Marks

    def preview(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Show `changes` in `marks` at once, before they are saved, and give the changes that undo them."""
        return self._marks.preview(changes)

    def withdraw(self, changes: Sequence[Change]) -> None:
        """Take previewed changes back out of `marks`, because they could not be saved."""
        self._marks.adopt(None, self.table, changes)

    def save(self, changes: Sequence[Change]) -> Update:
        """Write `changes` to the notebook; they are durable when this returns. Adopt what it gives.

        Raises:
            StorageError: nothing was saved.
        """
        with self._disk:
            saved = self._book.save(changes)
        return Update(notebook=saved.marks, settled=tuple(changes), conflicts=saved.conflicts)

    def change(self, changes: Sequence[Change]) -> Update:
        """`save` and `adopt` at once, for programs with one thread."""
        update = self.save(changes)
        self.adopt(update)
        return update

    def visit(self) -> dict[str, Any]:
        """What `note_visit` keeps of a visit that shows what is in the library now, and nothing that comes later."""
        return ended(self.table, datetime.datetime.now(datetime.UTC).date())

    def note_visit(self, visit: dict[str, Any] | None = None) -> None:
        """Remember that all of `visit` (None: of the library as it is) has been shown once: `new` counts from here."""
        self.state.set("visited", visit or self.visit())
        if self.last_visit_goes_on:
            self.state.set(UNENDED, None)

    def keep_visit(self, visit: dict[str, Any] | None = None) -> None:
        """Remember what a visit that goes on has shown so far; `new` counts from the one before until it ends."""
        self.state.set(UNENDED, visit or self.visit())

    @property
    def last_visit_goes_on(self) -> bool:
        """Whether a visit was kept that has not ended: it is this one, another reader's, or one that was killed."""
        return self.state.get(UNENDED) is not None

    def end_last_visit(self) -> None:
        """End the visit that was kept last and has not ended, where there is one."""
        if self.last_visit_goes_on:
            self.note_visit(self.state.get(UNENDED))

    # Inner workings

    def _since(self) -> Since:
        return self._visits.since(self.table, self.state.get("visited"))

    def _fill_with_samples(self) -> None:
        pages = paths.sample_pages()
        files = sorted(pages.glob("*.txt"))
        wanted = [f"{page.name}:{page.stat().st_size}" for page in files]
        if len(self.table) and self.state.get("samples") == wanted:
            return
        report = self.import_paths([str(page) for page in files])
        if not report.read:
            raise PaperreaderError(f"The sample pages are missing from {pages}; install paperreader again.")
        self.state.set("samples", wanted)
