"""The facade of a library: catalog, notebook, search, importers and exporters of one folder. It renders nothing.

The reader uses it from two threads. Only the user interface replaces `table` and `marks`, through `apply_update`,
`preview` and `discard_preview`. The others may run in a worker thread; they take the current values when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog import CatalogTable
from paperreader.library import views
from paperreader.library.for_you.for_you import ForYou, explain_order
from paperreader.library.inbox.inbox import Inbox
from paperreader.library.lookup import resolve_row, short_ids
from paperreader.library.stores import Stores
from paperreader.library.types import Update, View, ViewCounts, query_of_view
from paperreader.library.watch.watch_list import WatchList, computed_rows, explain_watched
from paperreader.local_state import LocalState
from paperreader.models import EMPTY_MARK, Completion, Mark, MarkChange, Paper, SearchHits

if TYPE_CHECKING:
    from paperreader.library.citations.counts import CitationCounts
    from paperreader.library.exporting import ExportService
    from paperreader.library.full_texts.full_texts import FullTexts
    from paperreader.library.importing import ImportService
    from paperreader.library.maintenance import MaintenanceService
    from paperreader.library.removal import RemovalService


class Library:
    """The papers of one folder, and the user's marks on them. Opening writes nothing into an empty folder.

    Attributes:
        folder: where the library is stored.
        is_sample: whether it is the library of the sample pages.
        for_you: the personal order.
        inbox, watch_list: which papers have arrived, and which of all the settings hide or watch.

    Raises:
        StorageError: the folder cannot be read.
    """

    def __init__(
        self, folder: Path, *, is_sample: bool = False, hide_rules: Callable[[], Sequence[str]] = tuple
    ) -> None:
        self.folder = folder
        self.is_sample = is_sample
        self._stores = Stores(folder)
        self.inbox = Inbox(self._stores, hide_rules)
        self.for_you = ForYou(self._stores)
        self.watch_list = WatchList(self._stores)
        self.inbox.end_interrupted_import()

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        *,
        sample: bool = False,
        hide_rules: Callable[[], Sequence[str]] = tuple,
    ) -> Library:
        """Open the library in `folder` (default: `paths.library_folder`), or the sample library, filled on first use.

        `hide_rules` returns the queries of papers that are not to be new.

        Raises:
            StorageError: the folder cannot be read, or the sample pages cannot be stored.
        """
        if not sample:
            return cls(paths.library_folder(folder), hide_rules=hide_rules)
        library = cls(folder or paths.sample_library_folder(), is_sample=True)
        library.imports.import_samples()
        return library

    # Services. Each is imported on first use: not before the first paint.

    @cached_property
    def imports(self) -> ImportService:
        """Imports files and responses of services, and undoes an import."""
        from paperreader.library.importing import ImportService

        return ImportService(self._stores, self.maintenance, self.inbox.arrivals)

    @cached_property
    def removals(self) -> RemovalService:
        """Removes papers, and undoes a removal."""
        from paperreader.library.removal import RemovalService

        return RemovalService(self._stores, self.maintenance)

    @cached_property
    def exports(self) -> ExportService:
        """Selects papers and exports them."""
        from paperreader.library.exporting import ExportService

        return ExportService(self._stores, self.search)

    @cached_property
    def full_texts(self) -> FullTexts:
        """The stored full texts of papers."""
        from paperreader.library.full_texts.full_texts import FullTexts

        return FullTexts(self._stores)

    @property
    def citation_counts(self) -> CitationCounts:
        """How often the papers are cited, as services have counted."""
        return self._stores.citation_counts

    @cached_property
    def maintenance(self) -> MaintenanceService:
        """Updates the index, verifies, repairs, compacts, and restores backups."""
        from paperreader.library.maintenance import MaintenanceService

        return MaintenanceService(self._stores)

    # Current values

    @property
    def uuid(self) -> str:
        """UUID of the library; empty until the first paper is stored."""
        return self._stores.uuid

    @property
    def read_only(self) -> bool:
        """Whether marks cannot be saved, because a newer version wrote the notebook."""
        return self._stores.notebook.read_only

    @property
    def state(self) -> LocalState:
        """What this machine remembers of the library."""
        return self._stores.state

    @property
    def table(self) -> CatalogTable:
        """The papers. Replaced by `apply_update`, never changed in place."""
        return self._stores.table

    @property
    def marks(self) -> Mapping[int, Mark]:
        """Marks by row, aliases resolved. Replaced by `apply_update` and `preview`, never changed in place."""
        return self._stores.live_marks.by_row

    @property
    def unlisted(self) -> frozenset[int]:
        """Rows of hidden and deleted papers, which no view contains. Replaced with `marks`."""
        return self._stores.live_marks.unlisted

    @property
    def paper_count(self) -> int:
        """How many papers there are, without the hidden and deleted ones."""
        return len(self.table) - views.count_live(self.unlisted, self.table)

    def paper(self, row: int) -> Paper:
        """Return the paper at that row of `table`.

        Raises:
            StorageError: its line is damaged.
        """
        return self.table.paper(row)

    def mark(self, row: int) -> Mark:
        """Return the mark of the paper at that row."""
        return self.marks.get(row, EMPTY_MARK)

    def pop_warnings(self) -> tuple[str, ...]:
        """Return the warnings for the user, such as a repaired store, and clear them."""
        return self._stores.pop_warnings()

    def poll(self) -> Update | None:
        """Return what changed on disk since the current values were read; None if nothing did. For a worker."""
        return self._stores.poll()

    def apply_update(self, update: Update) -> None:
        """Replace the current values. After a change of generation, row numbers refer to other papers."""
        self._stores.apply_update(update)

    def refresh(self) -> None:
        """Do `poll` and `apply_update`, in programs with one thread."""
        self._stores.refresh()

    # Lookup and search

    def resolve(self, text: str) -> int:
        """Return the row of an id (with version, with `arXiv:`, or as a URL), an alias, or an unambiguous prefix.

        Raises:
            NotFound: it matches no paper.
            Ambiguous: it matches several.
        """
        return resolve_row(self.table, text)

    def short_ids(self, ids: Iterable[str]) -> dict[str, str]:
        """Return a short form of each id for a table, which `resolve` accepts."""
        return short_ids(self.table, ids)

    def view(self, view: View) -> Sequence[int]:
        """Return the rows of a view, newest first.

        Raises:
            StorageError: it is the view of a query, and there is no usable index.
        """
        if (query := query_of_view(view)) is not None:
            hits = self.search(query)
            return views.sort_newest_first(hits.rows[: hits.match_count], self.table)
        table, arrived = self.table, self.inbox.rows(self.table) if view == "new" else ()
        return views.rows_of_view(view, table, self.marks, self.unlisted, arrived)

    def view_counts(
        self, queries: Iterable[View] = (), *, marks: Mapping[int, Mark] | None = None
    ) -> ViewCounts:
        """Count the papers of every view. For a worker.

        Args:
            queries: views of queries to count as well; left out if there is no usable index.
            marks: the marks to count by; the current ones by default.
        """
        table, marks = self.table, self.marks if marks is None else marks
        found = views.count_query_views(self.view, queries, marks, table.size)
        return views.count_views(
            table, marks, self.inbox.rows(table), found, self.inbox.count_hidden_by_any_rule()
        )

    def search(
        self,
        query: str,
        *,
        is_typing: bool = False,
        corrects: bool = False,
        meaning: bool = False,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> SearchHits:
        """Return the papers that match `query`, ranked; for an empty query all papers, newest first.

        For `is_typing`, `corrects` and `meaning` see `SearchEngine.search`. Papers not yet indexed are missing.

        Raises:
            StorageError: there is no usable index.
        """
        table, marks = self.table, self.marks
        if not query.strip() or not len(table):  # an empty library has no index
            return views.hits_of_all(query, table, self.unlisted)
        personal = self.for_you.scores_for(query, table, marks)
        computed = computed_rows(query, table, self.inbox, self.watch_list)
        search = partial(self._stores.search_engine().search, is_typing=is_typing, corrects=corrects)
        search = partial(search, meaning=meaning, cancelled=cancelled, computed=computed, personal=personal)
        return explain_watched(explain_order(search(query, table, marks), personal), self.watch_list)

    def related(self, row: int, limit: int = 50) -> SearchHits:
        """Return the papers that are most similar to the one at `row`. The query of the hits is its title.

        Raises:
            StorageError: there is no usable index, or the line of the paper is damaged.
        """
        return self._stores.search_engine().related(row, self.table, limit, without=self.unlisted)

    def complete(
        self, text: str, cursor: int, *, cancelled: Callable[[], bool] = lambda: False
    ) -> list[Completion]:
        """Return completions of a query at the cursor, the most likely first. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        table, marks = self.table, self.marks
        if not len(table):
            return []
        complete = self._stores.search_engine().complete
        computed = computed_rows(text, table, self.inbox, self.watch_list)
        return complete(text, cursor, table, marks, cancelled=cancelled, computed=computed)

    # Marks

    def preview(self, changes: Sequence[MarkChange]) -> tuple[MarkChange, ...]:
        """Show `changes` in `marks` before they are saved, and return the changes that undo them."""
        return self._stores.live_marks.preview(changes)

    def discard_preview(self, changes: Sequence[MarkChange]) -> None:
        """Remove previewed changes from `marks`, because they could not be saved."""
        self._stores.live_marks.apply_update(None, self.table, changes)

    def save(self, changes: Sequence[MarkChange]) -> Update:
        """Write `changes` to the notebook. They are durable when this returns. Pass the result to `apply_update`.

        Raises:
            StorageError: nothing was saved.
        """
        with self._stores.io_lock:
            saved = self._stores.notebook.save(changes)
        return Update(notebook=saved.marks, saved_changes=tuple(changes), note_conflicts=saved.conflicts)

    def save_and_apply(self, changes: Sequence[MarkChange]) -> Update:
        """Do `save` and `apply_update`, in programs with one thread."""
        self.apply_update(update := self.save(changes))
        return update
