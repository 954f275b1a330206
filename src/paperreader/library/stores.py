"""The stores of one library and what is in force of them: the base on which the facade stands."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.catalog import Catalog, CatalogTable
from paperreader.library.live_marks import LiveMarks
from paperreader.library.new_since import NewPapersTracker
from paperreader.library.types import Update
from paperreader.local_state import LocalState
from paperreader.models import EMPTY_MARK, Mark, Paper
from paperreader.notebook import Notebook

if TYPE_CHECKING:
    from paperreader.search import SearchEngine
    from paperreader.search.update.store import IndexStore


MAX_INLINE_MERGE_BYTES = 2 << 20
"""Bytes of news in a conflict copy of the catalog up to which it is merged as soon as seen: some thousand papers."""


class Stores:
    """The catalog, the notebook, the index and the state of one folder, with the values in force.

    Opening reads the row table and the notebook, and writes nothing into an empty folder.

    Raises:
        StorageError: the folder cannot be read.
    """

    def __init__(self, folder: Path, *, is_sample: bool = False) -> None:
        self.folder = folder
        self.is_sample = is_sample
        self._catalog = Catalog(folder)
        self._notebook = Notebook(folder)
        self._io_lock = threading.RLock()
        """Held by whoever reads or writes the stores in this process."""
        self._warnings: list[str] = []
        self._new_papers = NewPapersTracker()
        self._index: SearchEngine | None = None
        self._kept: IndexStore[Any] | None = None
        self.table: CatalogTable = self._catalog.open()
        self._marks = LiveMarks(self._notebook.load(), self.table)
        self.state = self._open_state()
        self._collect_warnings()

    @property
    def uuid(self) -> str:
        """The library's identity; empty until the first paper is stored."""
        return self._catalog.uuid

    @property
    def read_only(self) -> bool:
        """Whether marks cannot be saved, because a newer version wrote the notebook."""
        return self._notebook.read_only

    def pop_warnings(self) -> tuple[str, ...]:
        """What the reader has to be told (a store was repaired, say), each once."""
        self._collect_warnings()
        if self.state.get("importing") is not None:  # of a thousand starts perhaps one
            from paperreader.library import import_journal

            if told := import_journal.interrupted_import_message(
                self.state, paths.cache_folder(self.uuid), self.table
            ):
                self._warnings.append(told)
        taken, self._warnings = tuple(self._warnings), []
        return taken

    def paper(self, row: int) -> Paper:
        """The paper at that row of the table in force."""
        return self.table.paper(row)

    @property
    def marks(self) -> Mapping[int, Mark]:
        """Marks by row, aliases resolved. Replaced, never changed in place."""
        return self._marks.by_row

    def mark(self, row: int) -> Mark:
        """What was said about the paper at that row."""
        return self.marks.get(row, EMPTY_MARK)

    # Following what other processes do

    def poll(self) -> Update | None:
        """What changed on disk since `table` and the marks in force were read; None when nothing did."""
        with self._io_lock:
            self._warnings += self._catalog.merge_conflict_copies(MAX_INLINE_MERGE_BYTES)
            table = self._catalog.poll(self.table)
            notebook = self._notebook.poll()
        notices = self.pop_warnings()
        if table is None and notebook is None and not notices:
            return None
        return Update(table=table, notebook=notebook, warnings=notices)

    def adopt(self, update: Update) -> None:
        """Put fresh values in force. Rows of another generation mean other papers from here on."""
        if update.table is not None:
            self.table = update.table
        if not self.state.folder:
            self.state = self._open_state()
        self._marks.adopt(update.notebook, self.table, update.saved_changes)

    def refresh(self) -> None:
        """`poll` and `adopt` at once, for programs with one thread."""
        if update := self.poll():
            self._warnings.extend(update.warnings)
            self.adopt(update)

    # Inner workings

    def _search_index(self) -> SearchEngine:
        if self._index is None:
            from paperreader.search import SearchEngine  # with NumPy, 0.1 s: never before the first paint

            self._after_engine_import()
            self._index = SearchEngine(self._index_folder())
        return self._index

    def _kept_index(self) -> IndexStore[Any]:
        """The index for those who only write it: without a third of what answering loads."""
        if self._index is not None:
            return self._index
        if self._kept is None:
            from paperreader.search.index.lean import Lean
            from paperreader.search.update.store import IndexStore

            self._after_engine_import()
            self._kept = IndexStore(self._index_folder(), Lean)
        return self._kept

    def _index_folder(self) -> Path:
        return paths.cache_folder(self.uuid) / "index"

    @staticmethod
    def _after_engine_import() -> None:
        """After the engine was loaded."""
        from paperreader.system.memory import release_large_arrays_early

        release_large_arrays_early()
        # What was loaded stays: looking through it again for garbage would hold up a key now and then.
        gc.freeze()

    def _open_state(self) -> LocalState:
        return LocalState(paths.state_folder(self.uuid) if self.uuid else None)

    def _collect_warnings(self) -> None:
        for store in (self._catalog, self._notebook):
            self._warnings.extend(store.warnings)
            store.warnings.clear()
